"""Which rules the labelled articles and the samples need: a rule that no text needs is listed, with the reason.

And the other way round: every rule that evidence names is one that `swaps explain` can tell the meaning of.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tasks.extract import reader
from tasks.extract.cells import CELL_RULES
from tasks.extract.rulebook import FAMILIES_FOLDER, RULES_FOLDER, Language, Rule, language, languages_read
from tasks.records import Reading
from tasks.settings import Conflict
from tests.gate.__main__ import sets
from tests.gate.labelled import ARTICLES, labelled_articles
from tests.golden.test_samples import GOLDENS

LISTED: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("unused_rules.toml").read_text(encoding="utf-8")
)


class Watched:
    """A rule's pattern that notes the rule's name whenever it is found: the rule then answers its question.

    Rules of one question are tried in their order until one is found, so that a rule behind it is never asked.
    """

    def __init__(self, rule: Rule, used: set[str]) -> None:
        self._rule, self._used = rule, used

    def search(self, tags: str) -> re.Match[str] | None:
        found = self._rule.pattern.search(tags)
        if found is not None:
            self._used.add(self._rule.name)
        return found

    def finditer(self, tags: str) -> Iterator[re.Match[str]]:
        for found in self._rule.pattern.finditer(tags):
            self._used.add(self._rule.name)
            yield found


def watched(known: Language, used: set[str]) -> Language:
    """Give the language with patterns that note in `used` which rules were found."""
    rules = {
        ask: tuple(replace(rule, pattern=_as_pattern(Watched(rule, used))) for rule in asked)
        for ask, asked in known.rules.items()
    }
    questions = {ask: replace(question, rules=rules[ask]) for ask, question in known.questions.items()}
    return replace(known, rules=rules, questions=questions, examples="no conflict: examples are not to count as use")


def _as_pattern(pattern: Any) -> re.Pattern[str]:
    """Pass what only behaves like a compiled pattern."""
    return pattern  # type: ignore[no-any-return]


def names_of(code: str, conflict: Conflict) -> set[str]:
    return {rule.name for rules in language(code, conflict).rules.values() for rule in rules}


def family_rules() -> dict[str, tuple[str, set[str]]]:
    """Give the family of each language that has one, and the names of the rules that it shares."""
    found = {}
    for code in languages_read():
        family = tomllib.loads((RULES_FOLDER / f"{code}.toml").read_text(encoding="utf-8")).get("family")
        if family is not None:
            shared = tomllib.loads((FAMILIES_FOLDER / f"{family}.toml").read_text(encoding="utf-8"))["rule"]
            found[code] = (family, {rule["name"] for rule in shared})
    return found


def named_by(reading: Reading) -> set[str]:
    """Give the rules that a reading's evidence names."""
    of_figures = {name for figure in reading.figures for name in figure.rule.split("+")}
    return of_figures | {
        name for report in reading.reports for item in report.evidence for name in item.rule.split("+")
    }


@pytest.fixture(scope="module")
def use(russia_ukraine: Conflict) -> tuple[dict[str, set[str]], set[str]]:
    """Read all labelled articles and samples; give the rules they used, by language, and those evidence names."""
    found: dict[str, set[str]] = {code: set() for code in languages_read()}
    named: set[str] = set()
    known = {code: watched(language(code, russia_ukraine), found[code]) for code in found}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "language", lambda code, _: known[code])
        for folder in sets():
            for labelled in labelled_articles(folder):
                named |= named_by(labelled.read(russia_ukraine)[1])
        for golden in GOLDENS:
            named |= named_by(golden.read(russia_ukraine)[1])
    return found, named


@pytest.fixture(scope="module")
def used(use: tuple[dict[str, set[str]], set[str]]) -> dict[str, set[str]]:
    """Give the rules that the articles used, by language; one that a family shares, if any of its languages used it."""
    found = {code: set(names) for code, names in use[0].items()}
    families = family_rules()
    for code, (family, shared) in families.items():
        for other, (its_family, _) in families.items():
            if its_family == family:
                found[code] |= use[0][other] & shared
    return found


def test_every_rule_that_evidence_names_is_known(
    use: tuple[dict[str, set[str]], set[str]], russia_ukraine: Conflict
) -> None:
    known = CELL_RULES.keys() | {name for code in languages_read() for name in names_of(code, russia_ukraine)}
    assert sorted(use[1] - known) == []
    assert sorted(CELL_RULES.keys() - use[1]) == [], "no article needs these ways of filling a cell"


@pytest.mark.parametrize("code", languages_read())
def test_a_rule_that_no_article_uses_is_listed(code: str, used: dict[str, set[str]], russia_ukraine: Conflict) -> None:
    unused = names_of(code, russia_ukraine) - used[code]
    assert sorted(unused - LISTED.get(code, {}).keys()) == [], (
        "only their own examples use these rules: label an article that needs them, take them out, "
        "or say in tests/extract/unused_rules.toml why they stay"
    )


@pytest.mark.parametrize("code", languages_read())
def test_no_listed_rule_is_used(code: str, used: dict[str, set[str]]) -> None:
    assert sorted(LISTED.get(code, {}).keys() & used[code]) == [], "take them out of tests/extract/unused_rules.toml"


@pytest.mark.parametrize("code", languages_read())
def test_a_listed_rule_is_there_and_has_its_reason(code: str, russia_ukraine: Conflict) -> None:
    listed = LISTED.get(code, {})
    assert sorted(listed.keys() - names_of(code, russia_ukraine)) == []
    assert [name for name, reason in listed.items() if not reason] == []


def test_only_languages_that_are_read_are_listed() -> None:
    assert set(LISTED) <= set(languages_read())


def test_every_language_has_labelled_articles() -> None:
    assert {folder.relative_to(ARTICLES).parts[0] for folder in sets()} == set(languages_read())
