"""The settings: the conflict that the ledger keeps, and how patient a run is."""

import math
import os
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from getpass import getuser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.parties import Party
from tasks.errors import SettingsError
from tasks.paths import CONFLICT_FILE

LARGEST_PAGE_BYTES = 5_000_000
"""Larger pages are refused: parsing takes time and memory in proportion, and no article needs it."""


@dataclass(frozen=True, slots=True)
class PartyWords:
    """How one language names one party. The lists are described in data/conflict.toml."""

    names: tuple[str, ...] = ()
    inflected: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    own_people: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    is_own_language: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict between two parties, and how texts speak of it.

    words: party code -> language -> names. mediators: language -> word -> common English name.
    """

    name: str
    timezone: ZoneInfo
    began: date
    ordinal_party: str
    parties: tuple[Party, Party]
    words: dict[str, dict[str, PartyWords]] = field(default_factory=dict)
    mediators: dict[str, dict[str, str]] = field(default_factory=dict)

    def other(self, code: str) -> str:
        """Give the code of the party that is not `code`."""
        first, second = (party.code for party in self.parties)
        return second if code == first else first

    def is_own_language(self, code: str, language: str) -> bool:
        """Whether texts in a language speak for a party."""
        words = self.words.get(code, {}).get(language)
        return words is not None and words.is_own_language

    def codes(self) -> tuple[str, str]:
        """Give both parties' codes."""
        return (self.parties[0].code, self.parties[1].code)


def database_path() -> Path | None:
    """Give the public database file that SWAPS_DATABASE names; None stands for the project's own."""
    given = os.environ.get("SWAPS_DATABASE")
    return Path(given) if given else None


def requested_by() -> str:
    """Say who asks for a run: SWAPS_USER, else the name of the account."""
    given = os.environ.get("SWAPS_USER", "").strip()
    if given:
        return given
    try:
        return getuser()
    except (KeyError, OSError):  # an account without a name, as containers have
        return f"user {os.getuid()}"


def lock_timeout_s() -> float:
    """Say how long a run waits for the warehouse, in seconds: SWAPS_LOCK_TIMEOUT, else 120."""
    given = os.environ.get("SWAPS_LOCK_TIMEOUT", "120")
    try:
        seconds = float(given)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < math.inf:
        raise SettingsError(f"SWAPS_LOCK_TIMEOUT is {given!r}; give it a number of seconds")
    return seconds


@cache
def conflict(file: Path = CONFLICT_FILE) -> Conflict:
    """Read the conflict's settings, once per process."""
    try:
        return parse_conflict(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise SettingsError(f"the settings file {file} cannot be read: {wrong}") from wrong
    except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError) as wrong:
        raise SettingsError(f"the settings file {file} lacks or has wrong: {wrong}; see the comments in it") from wrong


def parse_conflict(settings: dict[str, Any]) -> Conflict:
    """Make a Conflict of the settings file's content."""
    first, second = (
        Party(code=party["code"], column=party["column"], name=party["name"]) for party in settings["party"]
    )
    words = {
        party["code"]: {language: _party_words(listed) for language, listed in party["words"].items()}
        for party in settings["party"]
    }
    mediators: dict[str, dict[str, str]] = {}
    for mediator in settings.get("mediator", []):
        for language, spellings in mediator["words"].items():
            mediators.setdefault(language, {}).update(dict.fromkeys(spellings, mediator["name"]))
    if not isinstance(settings["began"], date):
        raise ValueError(f"began {settings['began']!r} is no date")
    if first.column == second.column or first.code == second.code:
        raise ValueError("the two parties have the same code or column")
    if settings["ordinal_party"] not in words:
        raise ValueError(f"ordinal_party {settings['ordinal_party']!r} is no party's code")
    return Conflict(
        settings["name"],
        ZoneInfo(settings["timezone"]),
        settings["began"],
        settings["ordinal_party"],
        (first, second),
        words,
        mediators,
    )


def _party_words(listed: dict[str, Any]) -> PartyWords:
    """Make the names of a party in one language; every list of the settings is one of names."""
    own = bool(listed.get("is_own_language", False))
    return PartyWords(
        is_own_language=own, **{name: tuple(said) for name, said in listed.items() if isinstance(said, list)}
    )
