"""Where sentences begin and end."""

import re
from collections.abc import Iterator

_END = re.compile(r"""[.!?…]+["')\]]*(?:\[\d{1,3}\])*(?=\s|$)""")
"""A full stop may have a footnote's mark behind it: "mediated.[2]"."""
_LAST_WORD = re.compile(r"([\w.]+)\.[\"')\]]*$")
_LONGEST = 1500
"""Characters. A longer run without an end is cut between words, so that the time to read it stays in proportion."""
_NAME = 30
"""Characters: no name is longer."""
_SPACE = re.compile(r"\s|$")


def sentence_spans(
    text: str, abbreviations: frozenset[str], small_names: tuple[str, ...] = ()
) -> Iterator[tuple[int, int]]:
    """Give the (start, end) of each sentence; a line is a paragraph, and no sentence crosses it.

    small_names: how names begin that some texts write without a capital letter, even where a sentence begins.
    """
    start = 0
    for line in text.split("\n"):
        yield from _in_line(line, start, abbreviations, small_names)
        start += len(line) + 1


def _in_line(
    line: str, offset: int, abbreviations: frozenset[str], small_names: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*_ends(line, abbreviations, small_names), len(line)]:
        for first, last in _cut(line, start, end):
            yield offset + first, offset + last
        start = max(start, end)


def _cut(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a run at the last space before the limit; what has no space up to the limit is no text, and is skipped."""
    while True:
        while start < end and line[start].isspace():
            start += 1
        if start >= end:
            return
        cut = end
        if end - start > _LONGEST:
            cut = next((place for place in range(start + _LONGEST, start, -1) if line[place].isspace()), start)
        if cut > start:
            yield start, cut
        start = cut if cut > start else _next_space(line, start + _LONGEST)


def _next_space(line: str, start: int) -> int:
    found = _SPACE.search(line, start)
    return found.start() if found else len(line)


def _ends(line: str, abbreviations: frozenset[str], small_names: tuple[str, ...]) -> Iterator[int]:
    for found in _END.finditer(line):
        following = line[found.end() : found.end() + _NAME].lstrip().lstrip("\"'(–[")
        if found[0].startswith(".") and _is_abbreviation(line[: found.end()][-20:], abbreviations):
            continue
        if following[:1].islower() and not following.startswith(small_names):
            continue
        yield found.end()


def _is_abbreviation(before: str, abbreviations: frozenset[str]) -> bool:
    """Recognise a known abbreviation, or a single initial as in 'V. Putin'."""
    word = _LAST_WORD.search(before)
    return word is not None and (word[1].lower() in abbreviations or (len(word[1]) == 1 and word[1].isupper()))
