"""Words of a sentence looked up in a language's lexicon."""

from collections.abc import Iterator, Sequence

from tasks.extract.rulebook import Entry, Language

Piece = tuple[str, int, int]
"""A word, a run of digits or a sign, and where it starts and ends in the text."""


def entry_at(pieces: Sequence[Piece], place: int, language: Language) -> tuple[Entry | None, int]:
    """Find the longest entry at a place, and how many pieces it takes; its last word may be possessive."""
    for first in _bare_forms(pieces[place][0], language.possessive):
        for length in language.lengths.get(first.lower(), ()):
            written = [first, *(piece[0] for piece in pieces[place + 1 : place + length])]
            if len(written) < length:
                continue
            for last in _bare_forms(written[-1], language.possessive):
                written[-1] = last
                for entry in language.entries.get(tuple([word.lower() for word in written]), ()):
                    if all(map(_same, entry.words, written)):
                        return entry, length
    return None, 1


def _bare_forms(written: str, possessive: tuple[str, ...]) -> Iterator[str]:
    yield written
    for ending in possessive:
        if written.endswith(ending) and len(written) > len(ending):
            yield written[: -len(ending)]


def _same(word: str, written: str) -> bool:
    """Compare in any case, but a capital letter in an entry must be in the text, unless that is all capitals."""
    return written.lower() == word if word.islower() else written in (word, word.upper())
