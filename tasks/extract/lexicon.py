"""Words of a sentence looked up in a language's lexicon."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from tasks.extract.rulebook import Entry, Language

_WORDS_REMEMBERED = 1 << 16
"""Most words of a text are nothing to the lexicon; to remember that of each is what makes reading fast."""

Piece = tuple[str, int, int]
"""A word, a run of digits or a sign, and where it starts and ends in the text."""


def entry_at(pieces: Sequence[Piece], place: int, language: Language) -> tuple[Entry | None, int]:
    """Find the longest entry at a place, and how many pieces it takes; its last word may be possessive."""
    for first, lengths in begun_by(pieces[place][0], language):
        for length in lengths:
            written = [first, *(piece[0] for piece in pieces[place + 1 : place + length])]
            if len(written) < length:
                continue
            for last in _bare_forms(written[-1], language.possessive):
                written[-1] = last
                for entry in language.entries.get(tuple([word.lower() for word in written]), ()):
                    if all(map(_same, entry.words, written)):
                        return entry, length
    return None, 1


@lru_cache(maxsize=_WORDS_REMEMBERED)
def begun_by(written: str, language: Language) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Give the forms of a word that entries begin with, each with the lengths of those entries; mostly none."""
    known = ((form, language.lengths.get(form.lower())) for form in _bare_forms(written, language.possessive))
    return tuple((form, lengths) for form, lengths in known if lengths)


def _bare_forms(written: str, possessive: tuple[str, ...]) -> Iterator[str]:
    yield written
    for ending in possessive:
        if written.endswith(ending) and len(written) > len(ending):
            yield written[: -len(ending)]


def _same(word: str, written: str) -> bool:
    """Compare in any case, but a capital letter in an entry must be in the text, unless that is all capitals."""
    return written.lower() == word if word.islower() else written in (word, word.upper())
