"""Forms of words: what a rule file writes once for all forms of an inflected word, and spellings that are the same."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

Endings = Mapping[str, list[str]]
"""Lists of endings by their name."""

_CHOICE = re.compile(r"\{([^{}]*)\}")


def expanded(written: str, endings: Endings) -> list[str]:
    """Write out the forms of an entry: "бран{ець,ці}" is two, and "перш{adjective}" one for each ending of that name.

    A choice may have an empty part: "обмін{,у}".
    """
    parts = _CHOICE.split(written)
    choices = [[part] if place % 2 == 0 else endings.get(part, part.split(",")) for place, part in enumerate(parts)]
    return ["".join(form) for form in product(*choices)]


def all_expanded(listed: Iterable[str], endings: Endings) -> Iterator[str]:
    """Write out the forms of several entries."""
    for written in listed:
        yield from expanded(written, endings)


@dataclass(frozen=True, slots=True)
class Spelling:
    """Letters that stand for others. always: for spellings of the same word. among: only among other letters.

    Letters of another alphabet that look the same, typed by mistake or to deceive, stand among those of the right one.
    """

    always: dict[int, str]
    among: dict[int, str]

    def usual(self, word: str) -> str:
        """Give a word in its usual spelling, letter by letter, so that no offset changes."""
        word = word.translate(self.always)
        if word.isascii() or not self.among:
            return word
        return word.translate(self.among)


def spelling_of(tokens: Mapping[str, Mapping[str, str]]) -> Spelling:
    """Read the tables of a rule file's [tokens]: `spelling` and `look_alikes`, a letter for a letter."""
    return Spelling(str.maketrans(dict(tokens.get("spelling", {}))), str.maketrans(dict(tokens.get("look_alikes", {}))))
