"""Words of a sentence looked up in a language's lexicon."""

from collections.abc import Sequence
from functools import lru_cache

from tasks.extract.rulebook import Entry, Language, Start

_WORDS_REMEMBERED = 1 << 16
"""Most words of a text are nothing to the lexicon; to remember that of each is what makes reading fast."""

Piece = tuple[str, int, int]
"""A word, a run of digits or a sign, and where it starts and ends in the text."""


def entry_at(pieces: Sequence[Piece], place: int, language: Language) -> tuple[Entry | None, int]:
    """Find the longest entry at a place, and how many pieces it takes; its last word may be possessive."""
    for form, start in begun_by(pieces[place][0], language):
        if start.longer and place + 1 < len(pieces):
            for second in _bare_forms(pieces[place + 1][0].lower(), language.possessive):
                for entry in start.longer.get(second, ()):
                    if _stands_at(entry, form, pieces, place, language.possessive):
                        return entry, len(entry.words)
        for entry in start.single:
            if _same(entry.words[0], form):
                return entry, 1
    return None, 1


@lru_cache(maxsize=_WORDS_REMEMBERED)
def begun_by(written: str, language: Language) -> tuple[tuple[str, Start], ...]:
    """Give the forms of a word that entries begin with, each with those entries; mostly none."""
    known = ((form, language.entries.get(form.lower())) for form in _bare_forms(written, language.possessive))
    return tuple((form, start) for form, start in known if start is not None)


def _stands_at(entry: Entry, form: str, pieces: Sequence[Piece], place: int, possessive: tuple[str, ...]) -> bool:
    """Whether an entry of several words stands at a place, whose first word has this form."""
    last = len(entry.words) - 1
    if place + last >= len(pieces) or not _same(entry.words[0], form):
        return False
    for step in range(1, last):
        if not _same(entry.words[step], pieces[place + step][0]):
            return False
    return any(_same(entry.words[last], bare) for bare in _bare_forms(pieces[place + last][0], possessive))


def _bare_forms(written: str, possessive: tuple[str, ...]) -> tuple[str, ...]:
    if not written.endswith(possessive):
        return (written,)
    bare = (written[: -len(ending)] for ending in possessive if written.endswith(ending) and len(written) > len(ending))
    return (written, *bare)


def _same(word: str, written: str) -> bool:
    """Compare in any case, but a capital letter in an entry must be in the text, unless that is all capitals."""
    return written.lower() == word if word.islower() else written in (word, word.upper())
