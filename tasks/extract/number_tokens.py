"""Numbers at a place of a sentence. What is no plain count becomes an AMOUNT: no number is better than a wrong one."""

import re
from collections.abc import Sequence

from tasks.extract.lexicon import Piece, entry_at, single_entry
from tasks.extract.numbers import (
    begins_number,
    exactly,
    from_digits,
    is_scale,
    longest_number,
    ordinal_in_words,
    roughly,
)
from tasks.extract.rulebook import Language, NumberWords
from tasks.extract.tagged import Token

_LONGEST_NUMBER_WORDS = 14
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_LARGEST_COUNT = 1_000_000
_DOTTED_GROUPS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
"""Digits grouped as outlets on the continent do. Before a noun for people it cannot be a fraction."""
_YEARS = range(1950, 2100)
_CALENDAR_TAGS = ("MONTH", "WEEKDAY", "DAY")
_HYPHEN = "-"
_LISTED = ("/", ",")
_CURRENCIES = ("$", "€", "£", "₴", "₽")


def digits_at(pieces: Sequence[Piece], place: int, language: Language) -> tuple[Token, int]:
    """Read a number in digits; give its token and how many pieces it takes.

    It is an ordinal when an ending is glued to it, and an amount when it counts nothing.
    """
    written, start, end = pieces[place]
    value, taken = _grouped(pieces, place, language)
    if value is None and _DOTTED_GROUPS.fullmatch(written) and _is_people(pieces, place + 1, language):
        value = int(written.replace(".", ""))
    ending, ends = _ending_behind(pieces, place + taken)
    if ending in language.numbers.ordinal_endings:
        last = pieces[place + taken + ends - 1][2]
        if taken == 1 and value in _YEARS and language.numbers.has_loose_ordinals:
            return Token(start, last, "YEAR", value), taken + ends
        return Token(start, last, "AMOUNT" if value is None else "ORDINAL", value), taken + ends
    if ending in language.numbers.cardinal_endings:
        return _finished(pieces, place, taken + ends, value, language)
    following = _word(pieces, place + taken)
    if taken == 1 and value in _YEARS and written.isdecimal() and not _counts_people(pieces, place, language):
        return Token(start, end, "YEAR", value), 1
    if following == "%" or _is_noise(pieces, place, language):
        taken += following in language.numbers.scales or following in language.numbers.rough_scales
        return Token(start, pieces[place + taken - 1][2], "AMOUNT"), taken
    return _finished(pieces, place, taken, value, language)


def _ending_behind(pieces: Sequence[Piece], place: int) -> tuple[str, int]:
    """Give the letters glued to the digits before a place, a hyphen between them or none, and how many pieces."""
    last = pieces[place - 1][2]
    for ends in (1, 2):
        glued = place + ends <= len(pieces) and pieces[place + ends - 1][1] == last
        if not glued:
            break
        written = _word(pieces, place + ends - 1)
        if written != _HYPHEN:
            return written, ends
        last = pieces[place + ends - 1][2]
    return "", 0


def may_begin_number(word: str, known: NumberWords) -> bool:
    """Whether a word, in lower case, may begin a number in words, or a fraction, whatever stands behind it."""
    *front, last = parts = word.split(_HYPHEN)
    is_number = all(part in known.words or is_scale(part, known) for part in parts)
    return is_number or last in known.fractions or (bool(front) and last in known.rough_endings)


def scales_behind(word: str, known: NumberWords) -> frozenset[str]:
    """Give the words before which alone a word, in lower case, is a number: "a hundred"."""
    return frozenset({*known.scales, *known.rough_scales} if word in known.one else ())


def words_at(pieces: Sequence[Piece], place: int, language: Language) -> tuple[Token, int] | None:
    """Read a number in words, or a fraction of a number; None when there is none."""
    known = language.numbers
    first = pieces[place][0].lower()
    if _is_fraction(first, language):
        end = _end_of_fraction(pieces, place + 1, language)
        return (Token(pieces[place][1], pieces[end - 1][2], "AMOUNT"), end - place) if end > place + 1 else None
    bare = next(
        (first.removesuffix(f"-{ending}") for ending in known.rough_endings if first.endswith(f"-{ending}")), ""
    )
    if bare and (rough := longest_number([bare], known)):
        return Token(pieces[place][1], pieces[place][2], "NUMBER", roughly(rough[0])), 1
    if not begins_number(first, known) and not (first in known.scales and _is_hedged(pieces, place, language)):
        return None
    if first in known.one and _word(pieces, place + 1) in known.rough_scales:
        return _finished(pieces, place, 1, 1, language)
    words = [piece[0].lower() for piece in pieces[place : place + _LONGEST_NUMBER_WORDS]]
    number = longest_number(words, known)
    return _finished_in_words(pieces, place, *number, language) if number else None


def _is_hedged(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether a hedge stands before a word of many, which is a number then: "понад сотні", more than a hundred."""
    entry = single_entry(pieces[place - 1][0], language) if place else None
    return entry is not None and entry.tag == "HEDGE"


def _finished_in_words(
    pieces: Sequence[Piece], place: int, value: int, taken: int, language: Language
) -> tuple[Token, int]:
    """Give the token of a number in words, or of the ordinal that it begins."""
    value, taken = _with_the_rest(pieces, place, value, taken, language)
    ordinal = _ordinal_behind(pieces, place + taken, value, language)
    if ordinal is not None:
        return Token(
            pieces[place][1], pieces[place + taken + ordinal[1] - 1][2], "ORDINAL", ordinal[0]
        ), taken + ordinal[1]
    return _finished(pieces, place, taken, value, language)


def _with_the_rest(pieces: Sequence[Piece], place: int, value: int, taken: int, language: Language) -> tuple[int, int]:
    """Add what stands behind a comma: "one thousand, one hundred soldiers", and not "one thousand, ten of them"."""
    behind = place + taken
    if value % _THOUSAND or not value or _word(pieces, behind) != ",":
        return value, taken
    words = [piece[0].lower() for piece in pieces[behind + 1 : behind + 1 + _LONGEST_NUMBER_WORDS]]
    rest = longest_number(words, language.numbers)
    if rest is None or rest[0] >= _THOUSAND:
        return value, taken
    end = behind + 1 + rest[1]
    return (value + rest[0], end - place) if _is_people(pieces, end, language) else (value, taken)


def _ordinal_behind(pieces: Sequence[Piece], place: int, value: int, language: Language) -> tuple[int, int] | None:
    """Read the end of "one hundred and second": the whole ordinal, and how many pieces that end takes."""
    joined = int(_word(pieces, place) in language.numbers.joiners)
    ordinal = ordinal_in_words(_word(pieces, place + joined), language.numbers)
    if ordinal is None:
        return None
    if language.numbers.has_loose_ordinals:
        follows = value > 0 and value % (_HUNDRED if ordinal > _TEN else _TEN) == 0 and ordinal < _HUNDRED
        return (value + ordinal, 1) if follows else None
    if ordinal == _HUNDRED:
        return (value * _HUNDRED, 1) if value < _HUNDRED and not joined else None
    return (value + ordinal, 1 + joined) if value >= _HUNDRED and value % _HUNDRED == 0 else None


def _grouped(pieces: Sequence[Piece], place: int, language: Language) -> tuple[int | None, int]:
    """Read the digits at a place, with groups of three that a space sets apart unless a date stands before."""
    digits, _, end = pieces[place]
    separators = language.numbers.loose_separators
    taken = 1
    while len(pieces[place][0]) <= 3 and not _is_after_month(pieces, place, language):
        step = 2 if _word(pieces, place + taken) in separators and _word(pieces, place + taken) else 1
        group = pieces[place + taken + step - 1 : place + taken + step]
        if not group or len(group[0][0]) != 3 or not group[0][0].isdecimal() or group[0][1] != end + 1:
            break
        digits, end, taken = digits + group[0][0], group[0][2], taken + step
    return from_digits(digits, language.numbers.group_separators), taken


def _is_after_month(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    before = [piece for piece in pieces[max(0, place - 2) : place] if piece[0] != "."][-1:]
    entry = entry_at(before, 0, language)[0] if before else None
    return entry is not None and entry.tag in _CALENDAR_TAGS


def _counts_people(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether a number that looks like a year stands before a noun for people, and not where years stand."""
    if place + 1 >= len(pieces) or _is_after_month(pieces, place, language):
        return False
    return _is_people(pieces, place + 1, language) and (
        place == 0 or _word(pieces, place - 1) not in language.numbers.before_years
    )


def _is_people(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether a noun for people stands at a place."""
    entry = entry_at(pieces, place, language)[0] if place < len(pieces) else None
    return entry is not None and language.people.match(language.alphabet.character(entry.tag)) is not None


def _is_noise(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether digits belong to a list ("95/96"), a name ("COVID-19"), a price, or follow a day of a month."""
    if _is_listed(pieces, place, place + 1, place + 2):
        return True
    if place == 0:
        return False
    written, start, _ = pieces[place]
    before, _, before_end = pieces[place - 1]
    if before_end == start and before[0].isalpha():
        return True
    follows_day = before.isdecimal() and len(before) <= 3 and len(written) == 3 and before_end == start - 1
    return (
        follows_day
        or before in _CURRENCIES
        or _is_listed(pieces, place - 2, place - 1, place)
        or _is_in_name(pieces, place, language)
    )


def _is_listed(pieces: Sequence[Piece], first: int, sign: int, last: int) -> bool:
    """Whether two numbers are glued to a slash or comma between them."""
    if first < 0 or last >= len(pieces) or pieces[sign][0] not in _LISTED:
        return False
    glued = pieces[first][2] == pieces[sign][1] and pieces[sign][2] == pieces[last][1]
    return glued and pieces[first][0][0].isdigit() and pieces[last][0][0].isdigit()


def _is_in_name(pieces: Sequence[Piece], place: int, language: Language) -> bool:
    """Whether a hyphen glues digits to a word that means nothing here: "Il-76", and not "150-for-150"."""
    if place < 2 or pieces[place - 1][0] != _HYPHEN:
        return False
    glued = pieces[place - 2][2] == pieces[place - 1][1] and pieces[place - 1][2] == pieces[place][1]
    return glued and pieces[place - 2][0][0].isalpha() and entry_at(pieces, place - 2, language)[0] is None


def _finished(
    pieces: Sequence[Piece], place: int, taken: int, value: int | None, language: Language
) -> tuple[Token, int]:
    """Give the token of a number that takes `taken` pieces so far: what stands behind it may change it."""
    known = language.numbers
    start, is_rough = pieces[place][1], False
    fraction_end = _end_of_tail(pieces, place + taken, language)
    if fraction_end:
        return Token(start, pieces[fraction_end - 1][2], "AMOUNT"), fraction_end - place
    following = _word(pieces, place + taken)
    scale = known.scales.get(following) if pieces[place][0][0].isdigit() else None
    rough_scale = known.rough_scales.get(following)
    if scale or rough_scale:
        value, taken, is_rough = value and value * (scale or rough_scale or 1), taken + 1, bool(rough_scale)
        taken += following in language.abbreviations and _word(pieces, place + taken) == "."
    ending = taken + (_word(pieces, place + taken) == _HYPHEN)
    if _word(pieces, place + ending) in known.rough_endings:
        taken, is_rough = ending + 1, True
    end = pieces[place + taken - 1][2]
    if value is None or value > _LARGEST_COUNT:
        return Token(start, end, "AMOUNT"), taken
    return Token(start, end, "NUMBER", roughly(value) if is_rough else exactly(value)), taken


def _end_of_tail(pieces: Sequence[Piece], place: int, language: Language) -> int:
    """Find the end of a fraction behind a number ("and a half thousand", "quarters of the 95"); 0 if there is none."""
    known = language.numbers
    if _is_fraction(_word(pieces, place), language):
        return _end_of_fraction(pieces, place + 1, language)
    if _word(pieces, place) not in known.joiners or _word(pieces, place + 1) not in known.one:
        return 0
    is_tail = _is_fraction(_word(pieces, place + 2), language)
    return _end_of_fraction(pieces, place + 3, language) if is_tail else 0


def _end_of_fraction(pieces: Sequence[Piece], place: int, language: Language) -> int:
    """Find the end of the number or scale that a fraction is of; `place`, if there is none."""
    known = language.numbers
    behind = place
    while _word(pieces, behind) in known.fraction_joiners:
        behind += 1
    word = _word(pieces, behind)
    if word in known.scales or word in known.rough_scales:
        return behind + 1
    if word[:1].isdigit():
        end = behind + _grouped(pieces, behind, language)[1]
    else:
        number = longest_number([piece[0].lower() for piece in pieces[behind : behind + _LONGEST_NUMBER_WORDS]], known)
        if number is None:
            return place
        end = behind + number[1]
    following = _word(pieces, end)
    return end + (following in known.scales or following in known.rough_scales)


def _is_fraction(word: str, language: Language) -> bool:
    return word.rsplit(_HYPHEN, maxsplit=1)[-1] in language.numbers.fractions


def _word(pieces: Sequence[Piece], place: int) -> str:
    """Give the word at a place in lower case; nothing beyond the end."""
    return pieces[place][0].lower() if place < len(pieces) else ""
