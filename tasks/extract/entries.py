"""The lexicon of a language: what a rule file and the conflict's settings list, as entries by their first word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tasks.errors import SettingsError
from tasks.extract.forms import Endings, all_expanded, expanded
from tasks.settings import Conflict

PARTY_TAGS = {
    "names": "PARTY",
    "inflected": "PARTY_INFLECTED",
    "agents": "PARTY_BY",
    "destinations": "TO_PARTY",
    "adjectives": "PARTY_OF",
    "people": "PARTY_PEOPLE",
    "own_people": "OWN_PEOPLE",
    "authorities": "AUTHORITY",
}
_LEAP_YEAR = 2024
"""A year that has every day."""
_WORD_FORM = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\*?|\d+|\S")


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase of the lexicon. Capital letters in it must be there in the text too.

    A word that ends in an asterisk is a stem: it stands for every word that begins with it.
    """

    words: tuple[str, ...]
    tag: str
    value: object


@dataclass(frozen=True, slots=True)
class Start:
    """The entries that begin with one word: those of that word alone, and the longer ones by their second word."""

    single: tuple[Entry, ...]
    longer: dict[str, tuple[Entry, ...]]


def word_forms(text: str) -> list[str]:
    """Cut a phrase into the same words that a sentence is cut into."""
    return _WORD_FORM.findall(text)


def entries_of(listed: dict[str, Any], conflict: Conflict) -> list[Entry]:
    """Give the entries of a rule file, and of the names that the conflict's settings give its language."""
    endings = listed.get("endings", {})
    return [*_conflict_entries(conflict, listed["language"], endings), *_file_entries(listed, endings)]


def _conflict_entries(conflict: Conflict, code: str, endings: Endings) -> list[Entry]:
    """Give the names of parties and mediators; they go first, for a name is never another word."""
    entries = []
    for party, by_language in conflict.words.items():
        known = by_language.get(code)
        for listed, tag in PARTY_TAGS.items() if known else ():
            entries += [_entry(name, tag, party) for name in all_expanded(getattr(known, listed), endings)]
    entries += _pairs(conflict, code)
    named = conflict.mediators.get(code, {})
    return entries + [
        _entry(form, "MEDIATOR", name) for word, name in named.items() for form in expanded(word, endings)
    ]


def _entry(written: str, tag: str, value: object) -> Entry:
    return Entry(tuple(word_forms(written)), tag, value)


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


def _file_entries(listed: dict[str, Any], endings: Endings) -> list[Entry]:
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
    return [
        _entry(form, tag, value)
        for tag, words in tables
        for word, value in words.items()
        for form in expanded(word, endings)
    ]


def _month_and_day(name: str, written: str) -> tuple[int, int]:
    """Read the day of a feast, "12-31". Raises SettingsError for anything that is no day of a year."""
    try:
        day = date.fromisoformat(f"{_LEAP_YEAR}-{written}")
    except ValueError as wrong:
        raise SettingsError(f"the feast {name!r} has the day {written!r}: write month and day as in 12-31") from wrong
    return day.month, day.day


def by_first_word(entries: Iterable[Entry]) -> dict[str, Start]:
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
