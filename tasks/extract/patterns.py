"""Patterns over tags: each tag becomes one character, so that a rule is a regular expression over a sentence.

A sentence of thirty tokens is a string of thirty characters; matching is done by `re`, fast and well known.
"""

import re
from collections.abc import Iterable

from tasks.errors import SettingsError

_FIRST_CHARACTER = 0xE000
_TAG = re.compile(r"(?<![<A-Za-z_])[A-Z][A-Z_]+")

WORD, STOP, QUESTION, FIGURE = "WORD", "STOP", "QUESTION", "FIGURE"
"""Tags that every language has: any other word, the ends of sentences, and the number in question."""


class Alphabet:
    """The tags of one language, a character each (by_tag), and its named groups of tags."""

    def __init__(self, tags: Iterable[str], groups: dict[str, list[str]]) -> None:
        listed = sorted({*tags, WORD, STOP, QUESTION, FIGURE})
        self.by_tag = {tag: chr(_FIRST_CHARACTER + place) for place, tag in enumerate(listed)}
        self._groups = groups
        self._members: dict[str, frozenset[str]] = {}

    def character(self, tag: str) -> str:
        """Give the character of a tag."""
        return self.by_tag[tag]

    def characters(self, name: str) -> str:
        """Give the characters of a tag, or of all tags of a group.

        A group may list groups, and the tag that it is named after. Raises KeyError when there is none of the name.
        """
        listed = self._groups.get(name, [name])
        return "".join(self.by_tag[tag] if tag == name else self.characters(tag) for tag in listed)

    def members(self, name: str) -> frozenset[str]:
        """Give the same characters as a set, made once."""
        if name not in self._members:
            self._members[name] = frozenset(self.characters(name))
        return self._members[name]

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Compile a pattern. Raises SettingsError for an unknown tag or a broken expression."""
        try:
            return re.compile(_TAG.sub(lambda found: self._class(found[0]), pattern).replace(" ", ""), re.DOTALL)
        except (re.error, KeyError) as wrong:
            raise SettingsError(f"the pattern {pattern!r} cannot be used: {wrong}") from wrong

    def _class(self, name: str) -> str:
        return f"[{self.characters(name)}]"
