"""Rule files and the conflict's names, made into what the engine works with: one Language."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tasks.errors import SettingsError
from tasks.extract.entries import PARTY_TAGS, Start, by_first_word, entries_of
from tasks.extract.forms import Spelling, expanded, spelling_of
from tasks.extract.patterns import Alphabet
from tasks.settings import Conflict

RULES_FOLDER = Path(__file__).with_name("rules")
FAMILIES_FOLDER = RULES_FOLDER / "families"
_ENGINE_TAGS = (
    "NUMBER",
    "VAGUE",
    "ORDINAL",
    "YEAR",
    "MONTH",
    "WEEKDAY",
    "DAY",
    "FEAST",
    "DATE",
    "PERIOD",
    "OLD_DATE",
    "HEDGE",
    "MEDIATOR",
    "AMOUNT",
    "BOTH_PARTIES",
    "QUOTE",
    "OPENING",
    "CLOSING",
    "PUNCTUATION",
    *PARTY_TAGS.values(),
)
_ENDING = re.compile(r"[{*]")
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which question it answers, with what, and the sentences that show it.

    at_least: the rule holds only for numbers from here up. is_shared: it is of a family of languages, one of which has
    examples of it.
    """

    name: str
    ask: str
    gives: str
    scope: str
    at_least: int
    pattern: re.Pattern[str]
    meaning: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How a language writes numbers.

    rough_scales, rough_endings: scales and endings of numbers that are not exact ("two dozen", "100-odd").
    loose_separators: what may part groups of three digits, and may be something else. before_years: words after
    which four digits are a year, whatever follows. pair_words: what hyphens tie between two numbers ("five-for-five").
    vague: words of many, no number alone. cardinal_endings: endings tied to digits that make no ordinal of them.
    has_loose_ordinals: only the last word of an ordinal is one, and no hyphen ties it to the rest.
    """

    words: dict[str, int]
    scales: dict[str, int]
    joiners: frozenset[str]
    one: frozenset[str]
    ordinals: dict[str, int]
    ordinal_endings: frozenset[str]
    group_separators: str
    loose_separators: str
    rough_scales: dict[str, int]
    rough_endings: tuple[str, ...]
    fractions: frozenset[str]
    fraction_joiners: frozenset[str]
    before_years: frozenset[str]
    pair_words: frozenset[str]
    vague: frozenset[str]
    cardinal_endings: frozenset[str]
    has_loose_ordinals: bool


@dataclass(frozen=True, slots=True)
class Question:
    """The rules that answer a question, in their order.

    clause, sentence: for the rules of either scope one pattern that is found wherever one of them is.
    """

    rules: tuple[Rule, ...]
    clause: re.Pattern[str] | None
    sentence: re.Pattern[str] | None

    def may_answer(self, tags: str, whole: str | None = None) -> bool:
        """Whether any rule is found in a clause, or in its whole sentence: one search for them all."""
        if self.clause is not None and self.clause.search(tags):
            return True
        return self.sentence is not None and self.sentence.search(tags if whole is None else whole) is not None


@dataclass(frozen=True, eq=False)
class Language:
    """A language as the engine needs it: lexicon, numbers, rules by question.

    examples: the conflict whose names the rules' examples use. entries: the lexicon by the first word of its entries,
    in lower case. stems: those among the words of entries. people, old, calendar: find a noun for people, a time
    before the news, and what dates are made of, among tags. small_names: how the parties' names begin that the
    settings have with and without a capital letter. rules: by question. questions: the same, to be asked at
    once.
    """

    code: str
    examples: str
    alphabet: Alphabet
    entries: dict[str, Start]
    stems: frozenset[str]
    spelling: Spelling
    numbers: NumberWords
    possessive: tuple[str, ...]
    abbreviations: frozenset[str]
    small_names: tuple[str, ...]
    people: re.Pattern[str]
    old: re.Pattern[str]
    calendar: re.Pattern[str]
    rules: dict[str, tuple[Rule, ...]]
    questions: dict[str, Question]

    def may_answer(self, question: str, tags: str, whole: str | None = None) -> bool:
        """Whether any rule of a question is found in a clause, or in its whole sentence."""
        asked = self.questions.get(question)
        return asked is not None and asked.may_answer(tags, whole)

    def rules_for(self, question: str) -> tuple[Rule, ...]:
        """Give the rules that answer a question, in their order."""
        return self.rules.get(question, ())


def first_group(found: re.Match[str], prefix: str = "") -> int:
    """Give the place of the named group that took part in a match: alternatives of a rule name theirs apart."""
    return next(found.start(name) for name, part in found.groupdict().items() if part and name.startswith(prefix))


@cache
def languages_read() -> tuple[str, ...]:
    """List the languages that have a rule file, looked for once per process."""
    return tuple(sorted(file.stem for file in RULES_FOLDER.glob("*.toml")))


_made: dict[tuple[str, str], Language] = {}


def language(code: str, conflict: Conflict) -> Language:
    """Make the language of a rule file and the names that the conflict's settings give it, once per process."""
    key = (code, conflict.name)
    if key not in _made:
        _made[key] = make_language(_rule_file(code), conflict)
    return _made[key]


@cache
def _rule_file(code: str) -> dict[str, Any]:
    return read_rules(RULES_FOLDER / f"{code}.toml")


def read_rules(file: Path) -> dict[str, Any]:
    """Read a language's rule file, and behind its own rules those of its family, which several languages share."""
    listed = _read(file)
    family = _read(FAMILIES_FOLDER / f"{listed['family']}.toml") if "family" in listed else {}
    return listed | {
        "groups": {**family.get("groups", {}), **listed.get("groups", {})},
        "rule": [*listed.get("rule", ()), *(_in_language(rule, file.stem) for rule in family.get("rule", ()))],
    }


def _in_language(rule: dict[str, Any], code: str) -> dict[str, Any]:
    """Give a rule of a family with its examples in one language: one language at least has some."""
    shown = {name: rule[name] for name in ("examples", "counterexamples")}
    own = {name: by_language.get(code, ()) for name, by_language in shown.items()}
    return rule | own | {"is_shared": all(any(by_language.values()) for by_language in shown.values())}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise SettingsError(f"the rule file {file.name} cannot be read: {wrong}") from wrong


def _small_names(codes: list[str], conflict: Conflict) -> tuple[str, ...]:
    """Give how names of the parties begin that are written with and without a capital letter."""
    words = (by_language[code] for by_language in conflict.words.values() for code in codes if code in by_language)
    heads = {_ENDING.split(name)[0] for names in words for name in (*names.names, *names.people)}
    return tuple(sorted(head for head in heads if head[:1].islower() and head[0].upper() + head[1:] in heads))


def make_language(listed: dict[str, Any], conflict: Conflict) -> Language:
    """Make a Language of a rule file's content. Raises SettingsError when something is missing in it."""
    try:
        files = [listed, *(_rule_file(code) for code in listed.get("quotes", ()))]
        entries = [entry for file in files for entry in entries_of(file, conflict)]
        alphabet = Alphabet([*_ENGINE_TAGS, *listed["words"], *(entry.tag for entry in entries)], listed["groups"])
        rules: dict[str, list[Rule]] = {}
        for rule in listed["rule"]:
            rules.setdefault(rule["ask"], []).append(_rule(rule, alphabet))
        return Language(
            listed["language"],
            listed["examples"],
            alphabet,
            by_first_word(entries),
            frozenset(word.lower() for entry in entries for word in entry.words if word.endswith("*")),
            spelling_of(listed["tokens"]),
            _numbers(files),
            tuple(listed["tokens"]["possessive"]),
            frozenset(listed["tokens"]["abbreviations"]),
            _small_names([file["language"] for file in files], conflict),
            alphabet.compile("PEOPLE"),
            alphabet.compile("(?<!AFTER) (?<!AFTER WORD) OLD|OLD_DATE COMMA AS"),
            alphabet.compile("MONTH|WEEKDAY|DAY|FEAST|SPAN"),
            {ask: tuple(asked) for ask, asked in rules.items()},
            {ask: _question(asked) for ask, asked in rules.items()},
        )
    except KeyError as missing:
        raise SettingsError(f"the rule file {listed.get('language', '?')}.toml lacks {missing}") from missing


def _question(rules: list[Rule]) -> Question:
    clause = [rule for rule in rules if rule.scope != "sentence"]
    sentence = [rule for rule in rules if rule.scope == "sentence"]
    return Question(tuple(rules), _any_of(clause), _any_of(sentence))


def _any_of(rules: list[Rule]) -> re.Pattern[str] | None:
    """Make one pattern of several rules; names of groups, which may be used only once, are left out."""
    patterns = [_GROUP_NAME.sub("(?:", rule.pattern.pattern) for rule in rules]
    return re.compile("|".join(patterns), re.DOTALL) if patterns else None


def _rule(rule: dict[str, Any], alphabet: Alphabet) -> Rule:
    return Rule(
        rule["name"],
        rule["ask"],
        rule.get("gives", ""),
        rule.get("scope", "clause"),
        rule.get("at_least", 0),
        alphabet.compile(rule["pattern"]),
        rule["meaning"],
        tuple(rule["examples"]),
        tuple(rule["counterexamples"]),
        rule.get("is_shared", False),
    )


def _numbers(files: list[dict[str, Any]]) -> NumberWords:
    """Give the numbers of a language, with the words for them of the languages that its texts quote."""
    numbers, tokens = files[0]["numbers"], files[0]["tokens"]
    words, scales, ordinals, rough_scales, vague = (
        {
            form: value
            for file in reversed(files)
            for word, value in file["numbers"][table].items()
            for form in expanded(word, file.get("endings", {}))
        }
        for table in ("words", "scales", "ordinals", "rough_scales", "vague")
    )
    return NumberWords(
        words=words,
        scales=scales,
        joiners=frozenset(numbers["joiners"]),
        one=frozenset(numbers["one"]),
        ordinals=ordinals,
        ordinal_endings=frozenset(tokens["ordinal_endings"]),
        group_separators=tokens["group_separators"],
        loose_separators=tokens["loose_group_separators"],
        rough_scales=rough_scales,
        rough_endings=tuple(numbers["rough_endings"]),
        fractions=frozenset(numbers["fractions"]),
        fraction_joiners=frozenset(numbers["fraction_joiners"]),
        before_years=frozenset(numbers["before_years"]),
        pair_words=frozenset(numbers["pair_words"]),
        vague=frozenset(vague),
        cardinal_endings=frozenset(tokens.get("cardinal_endings", ())),
        has_loose_ordinals=numbers.get("loose_ordinals", False),
    )
