"""Where sentences begin and end."""

import re
from collections.abc import Iterator

_END = re.compile(r"""[.!?…]+["')\]]*(?=\s|$)""")
_LAST_WORD = re.compile(r"([\w.]+)\.[\"')\]]*$")
_LONGEST = 1500
"""Characters. A longer run without an end is cut, so that the time to read it stays in proportion."""


def sentence_spans(text: str, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Give the (start, end) of each sentence; a line is a paragraph, and no sentence crosses it."""
    start = 0
    for line in text.split("\n"):
        yield from _in_line(line, start, abbreviations)
        start += len(line) + 1


def _in_line(line: str, offset: int, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*_ends(line, abbreviations), len(line)]:
        while start < end and line[start].isspace():
            start += 1
        for cut in range(start, end, _LONGEST):
            yield offset + cut, offset + min(end, cut + _LONGEST)
        start = max(start, end)


def _ends(line: str, abbreviations: frozenset[str]) -> Iterator[int]:
    for found in _END.finditer(line):
        following = line[found.end() : found.end() + 3].lstrip().lstrip("\"'(–[")[:1]
        if found[0].startswith(".") and _is_abbreviation(line[: found.end()][-20:], abbreviations):
            continue
        if following and following.islower():
            continue
        yield found.end()


def _is_abbreviation(before: str, abbreviations: frozenset[str]) -> bool:
    """Recognise a known abbreviation, or a single initial as in 'V. Putin'."""
    word = _LAST_WORD.search(before)
    return word is not None and (word[1].lower() in abbreviations or (len(word[1]) == 1 and word[1].isupper()))
