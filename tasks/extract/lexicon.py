"""Words of a sentence looked up in a language's lexicon."""

from collections.abc import Sequence
from functools import lru_cache

from tasks.extract.entries import Entry, Start
from tasks.extract.rulebook import Language

WORDS_REMEMBERED = 1 << 16
"""Most words of a text were met before; to remember what each is to the lexicon is what makes reading fast."""

Piece = tuple[str, int, int]
"""A word, a run of digits or a sign, and where it starts and ends in the text."""


def entry_at(pieces: Sequence[Piece], place: int, language: Language) -> tuple[Entry | None, int]:
    """Find the longest entry at a place, and how many pieces it takes; its last word may be possessive."""
    begun = begun_by(pieces[place][0], language)
    found = [_phrase_at(form, start, pieces, place, language) for form, start in begun if start.longer]
    longest = max((entry for entry in found if entry is not None), key=lambda entry: len(entry.words), default=None)
    if longest is not None:
        return longest, len(longest.words)
    return next((entry for form, start in begun if (entry := _single(form, start)) is not None), None), 1


def _phrase_at(form: str, start: Start, pieces: Sequence[Piece], place: int, language: Language) -> Entry | None:
    """Find the longest of the phrases with this start that stands at a place."""
    if place + 1 == len(pieces):
        return None
    standing = (
        entry
        for second in forms_behind(pieces[place + 1][0], language)
        for entry in start.longer.get(second, ())
        if _stands_at(entry, form, pieces, place, language)
    )
    return next(standing, None)


def single_entry(written: str, language: Language) -> Entry | None:
    """Find the entry that a word is by itself."""
    found = (_single(form, start) for form, start in begun_by(written, language))
    return next((entry for entry in found if entry is not None), None)


def _single(form: str, start: Start) -> Entry | None:
    return next((entry for entry in start.single if _same(entry.words[0], form)), None)


@lru_cache(maxsize=WORDS_REMEMBERED)
def begun_by(written: str, language: Language) -> tuple[tuple[str, Start], ...]:
    """Give the forms of a word that entries begin with, each with those entries; mostly none."""
    forms = [*((form, form.lower()) for form in _bare_forms(written, language.possessive))]
    forms += ((written, stem) for stem in _stems(written.lower(), language.stems))
    known = ((form, language.entries.get(key)) for form, key in forms)
    return tuple((form, start) for form, start in known if start is not None)


@lru_cache(maxsize=WORDS_REMEMBERED)
def forms_behind(written: str, language: Language) -> tuple[str, ...]:
    """Give the forms in which the second word of an entry may be written: in lower case, possessive or not."""
    lowered = written.lower()
    return (*_bare_forms(lowered, language.possessive), *_stems(lowered, language.stems))


def _stems(lowered: str, known: frozenset[str]) -> list[str]:
    """Give the stems of the lexicon that a word begins with, the longest first."""
    if not known:
        return []
    return [stem for end in range(len(lowered), 0, -1) if (stem := f"{lowered[:end]}*") in known]


def _stands_at(entry: Entry, form: str, pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether an entry of several words stands at a place, whose first word has this form."""
    words = entry.words
    last = len(words) - 1
    if place + last >= len(pieces):
        return False
    for step in range(1, last):
        if not _same(words[step], pieces[place + step][0]):
            return False
    ending = pieces[place + last][0]
    return _same(words[0], form) and (
        _same(words[last], ending)
        or any(_same(words[last], bare) for bare in _bare_forms(ending, language.possessive)[1:])
    )


def _bare_forms(written: str, possessive: tuple[str, ...]) -> tuple[str, ...]:
    if not written.endswith(possessive):
        return (written,)
    bare = (written[: -len(ending)] for ending in possessive if written.endswith(ending) and len(written) > len(ending))
    return (written, *bare)


def _same(word: str, written: str) -> bool:
    """Compare in any case, but a capital letter in an entry must be in the text, unless that is all capitals."""
    if word.endswith("*"):
        written, word = written[: len(word) - 1], word[:-1]
    return written.lower() == word if word.islower() else written in (word, word.upper())
