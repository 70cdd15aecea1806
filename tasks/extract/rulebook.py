"""Rule files and the conflict's names, made into what the engine works with: one Language."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tasks.errors import SettingsError
from tasks.extract.patterns import Alphabet
from tasks.settings import Conflict

RULES_FOLDER = Path(__file__).with_name("rules")
_PARTY_TAGS = {
    "names": "PARTY",
    "adjectives": "PARTY_OF",
    "people": "PARTY_PEOPLE",
    "own_people": "OWN_PEOPLE",
    "authorities": "AUTHORITY",
}
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
    *_PARTY_TAGS.values(),
)
_LEAP_YEAR = 2024
"""A year that has every day."""
_GROUP_NAME = re.compile(r"\(\?P<\w+>")
_WORD_FORM = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+|\S")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase of the lexicon. Capital letters in it must be there in the text too."""

    words: tuple[str, ...]
    tag: str
    value: object


@dataclass(frozen=True, slots=True)
class Start:
    """The entries that begin with one word: those of that word alone, and the longer ones by their second word."""

    single: tuple[Entry, ...]
    longer: dict[str, tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which question it answers, with what, and the sentences that show it.

    at_least: the rule holds only for numbers from here up.
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


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How a language writes numbers.

    rough_scales, rough_endings: scales and endings of numbers that are not exact ("two dozen", "100-odd").
    loose_separators: what may part groups of three digits, and may be something else. before_years: words after
    which four digits are a year, whatever follows. pair_words: what hyphens tie between two numbers ("five-for-five").
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
    in lower case. people, old, calendar: find a noun for people, a time before the news, and what dates are made of,
    among tags. rules: by question. questions: the same, to be asked at once.
    """

    code: str
    examples: str
    alphabet: Alphabet
    entries: dict[str, Start]
    numbers: NumberWords
    possessive: tuple[str, ...]
    abbreviations: frozenset[str]
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


def word_forms(text: str) -> list[str]:
    """Cut a phrase into the same words that a sentence is cut into."""
    return _WORD_FORM.findall(text)


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
    file = RULES_FOLDER / f"{code}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise SettingsError(f"the rule file {file.name} cannot be read: {wrong}") from wrong


def make_language(listed: dict[str, Any], conflict: Conflict) -> Language:
    """Make a Language of a rule file's content. Raises SettingsError when something is missing in it."""
    try:
        entries = [*_conflict_entries(conflict, listed["language"]), *_file_entries(listed)]
        alphabet = Alphabet([*_ENGINE_TAGS, *(entry.tag for entry in entries)], listed["groups"])
        rules: dict[str, list[Rule]] = {}
        for rule in listed["rule"]:
            rules.setdefault(rule["ask"], []).append(_rule(rule, alphabet))
        return Language(
            listed["language"],
            listed["examples"],
            alphabet,
            _by_first_word(entries),
            _numbers(listed),
            tuple(listed["tokens"]["possessive"]),
            frozenset(listed["tokens"]["abbreviations"]),
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
    )


def _conflict_entries(conflict: Conflict, code: str) -> list[Entry]:
    """Give the names of parties and mediators; they go first, for a name is never another word."""
    entries = []
    for party, by_language in conflict.words.items():
        known = by_language.get(code)
        for listed, tag in _PARTY_TAGS.items() if known else ():
            entries += [Entry(tuple(word_forms(name)), tag, party) for name in getattr(known, listed)]
    entries += _pairs(conflict, code)
    named = conflict.mediators.get(code, {})
    return entries + [Entry(tuple(word_forms(word)), "MEDIATOR", name) for word, name in named.items()]


def _pairs(conflict: Conflict, code: str) -> list[Entry]:
    """Give the compounds of both parties' names: "Russia-Ukraine", "Ukrainian-Russian"."""
    first, second = (conflict.words[party].get(code) for party in conflict.codes())
    if first is None or second is None:
        return []
    return [
        Entry(tuple(word_forms(f"{one}-{other}")), "BOTH_PARTIES", None)
        for listed in ("names", "adjectives")
        for ones, others in ((first, second), (second, first))
        for one in getattr(ones, listed)
        for other in getattr(others, listed)
        if one.isalpha() and other.isalpha()
    ]


def _file_entries(listed: dict[str, Any]) -> list[Entry]:
    calendar = listed["calendar"]
    tables: list[tuple[str, dict[str, object]]] = [
        ("MONTH", calendar["months"]),
        ("WEEKDAY", calendar["weekdays"]),
        ("DAY", calendar["days"]),
        ("SPAN", calendar["spans"]),
        ("FEAST", {name: _month_and_day(name, written) for name, written in calendar["feasts"].items()}),
        ("VAGUE", listed["numbers"]["vague"]),
        *(("HEDGE", dict.fromkeys(words, hedge)) for hedge, words in listed["hedges"].items()),
        *(
            (f"PEOPLE_{noun.upper()}", dict.fromkeys(words, listed["people_categories"].get(noun, noun)))
            for noun, words in listed["people"].items()
        ),
        *((tag, dict.fromkeys(words)) for tag, words in listed["words"].items()),
    ]
    return [Entry(tuple(word_forms(word)), tag, value) for tag, words in tables for word, value in words.items()]


def _month_and_day(name: str, written: str) -> tuple[int, int]:
    """Read the day of a feast, "12-31". Raises SettingsError for anything that is no day of a year."""
    try:
        day = date.fromisoformat(f"{_LEAP_YEAR}-{written}")
    except ValueError as wrong:
        raise SettingsError(f"the feast {name!r} has the day {written!r}: write month and day as in 12-31") from wrong
    return day.month, day.day


def _by_first_word(entries: Iterable[Entry]) -> dict[str, Start]:
    """Index the entries, longer ones first; among equals the one listed first wins."""
    grouped: dict[str, list[Entry]] = {}
    for entry in entries:
        grouped.setdefault(entry.words[0].lower(), []).append(entry)
    return {first: _start(listed) for first, listed in grouped.items()}


def _start(listed: list[Entry]) -> Start:
    longer: dict[str, list[Entry]] = {}
    for entry in sorted(listed, key=lambda entry: -len(entry.words)):
        if len(entry.words) > 1:
            longer.setdefault(entry.words[1].lower(), []).append(entry)
    return Start(
        tuple(entry for entry in listed if len(entry.words) == 1),
        {second: tuple(found) for second, found in longer.items()},
    )


def _numbers(listed: dict[str, Any]) -> NumberWords:
    numbers, tokens = listed["numbers"], listed["tokens"]
    return NumberWords(
        words=numbers["words"],
        scales=numbers["scales"],
        joiners=frozenset(numbers["joiners"]),
        one=frozenset(numbers["one"]),
        ordinals=numbers["ordinals"],
        ordinal_endings=frozenset(tokens["ordinal_endings"]),
        group_separators=tokens["group_separators"],
        loose_separators=tokens["loose_group_separators"],
        rough_scales=numbers["rough_scales"],
        rough_endings=tuple(numbers["rough_endings"]),
        fractions=frozenset(numbers["fractions"]),
        fraction_joiners=frozenset(numbers["fraction_joiners"]),
        before_years=frozenset(numbers["before_years"]),
        pair_words=frozenset(numbers["pair_words"]),
    )
