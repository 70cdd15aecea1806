"""Every rule matches its examples and none of its counterexamples, and a rule file that lies is found out."""

import tomllib
from dataclasses import replace

import pytest

from tasks.errors import SettingsError
from tasks.extract.patterns import Alphabet
from tasks.extract.rulebook import RULES_FOLDER, language, languages_read, make_language
from tasks.extract.selfcheck import checked, failed_examples, matches
from tasks.settings import Conflict


@pytest.mark.parametrize("code", languages_read())
def test_rules_do_what_their_examples_say(code: str, russia_ukraine: Conflict) -> None:
    assert failed_examples(language(code, russia_ukraine)) == []


@pytest.mark.parametrize("code", languages_read())
def test_rule_names_are_unique(code: str, russia_ukraine: Conflict) -> None:
    names = [rule.name for rules in language(code, russia_ukraine).rules.values() for rule in rules]
    assert sorted(names) == sorted(set(names))


def test_a_wrong_example_is_reported(russia_ukraine: Conflict) -> None:
    known = language("en", russia_ukraine)
    rule = known.rules["form"][0]
    lying = replace(rule, examples=("Nothing is counted here.",), counterexamples=("The exchange was 75 for 75.",))
    failures = failed_examples(replace(known, rules={"form": (lying,)}))
    assert [failure.split(": ")[1].split(" '")[0] for failure in failures] == [
        "does not match its example",
        "matches its counterexample",
    ]


def test_a_lying_rule_file_is_refused(russia_ukraine: Conflict) -> None:
    known = language("en", russia_ukraine)
    lying = replace(known.rules["form"][0], examples=("Nothing is counted here.",))
    with pytest.raises(SettingsError, match=r"fails its own examples: .*Nothing is counted here"):
        checked(replace(known, rules={"form": (lying,)}), russia_ukraine)
    assert checked(known, russia_ukraine) is known


def test_a_rule_without_examples_is_reported(russia_ukraine: Conflict) -> None:
    known = language("en", russia_ukraine)
    bare = replace(known.rules["form"][0], examples=(), counterexamples=())
    assert failed_examples(replace(known, rules={"form": (bare,)})) == [
        "n_for_n: has no example",
        "n_for_n: has no counterexample",
    ]


def test_figure_is_tried_at_every_number(russia_ukraine: Conflict) -> None:
    known = language("en", russia_ukraine)
    each = next(rule for rule in known.rules["form"] if rule.name == "n_each")
    assert matches(each, "In 12 buses came 95 prisoners each.", known)


@pytest.mark.parametrize("pattern", ["NO_SUCH_TAG", "(WORD", "(?P<1>WORD)"])
def test_a_broken_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used"):
        Alphabet([], {}).compile(pattern)


def test_a_feast_without_a_day_is_refused(russia_ukraine: Conflict) -> None:
    listed = tomllib.loads((RULES_FOLDER / "en.toml").read_text(encoding="utf-8"))
    listed["calendar"]["feasts"] = {"New Year's Eve": "31 December"}
    with pytest.raises(SettingsError, match=r"New Year's Eve.*12-31"):
        make_language(listed, russia_ukraine)
