"""Numbers in digits and words."""

from dataclasses import dataclass

from tasks.extract.rulebook import NumberWords

_LARGEST_DIGITS = 7
"""A longer run of digits is a telephone number or noise, never a count of people."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many: value is None for a range. high is None when the words set no limit. hedge: what the words imply."""

    value: int | None
    low: int
    high: int | None
    hedge: str = "exact"


def exactly(value: int) -> Quantity:
    """Give the quantity of a plain number."""
    return Quantity(value, value, value)


def roughly(value: int) -> Quantity:
    """Give the quantity of a number whose words say that it is not exact: "two dozen", "100-odd"."""
    return Quantity(value, value, value, "about")


def from_digits(digits: str, separators: str) -> int | None:
    """Read digits with or without group separators; None when they are no plain whole number."""
    plain = digits.translate(dict.fromkeys(map(ord, separators)))
    return int(plain) if plain.isdecimal() and len(plain) <= _LARGEST_DIGITS else None


def begins_number(word: str, known: NumberWords) -> bool:
    """Whether a number in words may begin with this word, in lower case."""
    return word in known.words or is_scale(word, known) or word in known.one or "-" in word


def is_scale(word: str, known: NumberWords) -> bool:
    """Whether a number may begin with a word that is a scale: not with one of many, "тисячі", which leaves it open."""
    return word in known.scales and word not in known.vague


def longest_number(words: list[str], known: NumberWords) -> tuple[int, int] | None:
    """Read the longest number that `words` begin with: (its value, how many words it takes); None if none.

    Hyphens join like spaces ("twenty-five", "one-hundred"). A unit follows tens, tens follow hundreds, a scale
    multiplies what stands before it: "two three" is 2, "one hundred and thirty-one" is 131. A second scale that is no
    smaller begins another number: "one hundred and two hundred" is 100.
    """
    reader = _WordReader(known)
    taken = 0
    complete = (0, 0)
    for place, word in enumerate(words):
        if word in known.joiners and reader.expects_more(words[place + 1 : place + 2]):
            continue
        if not reader.take(word, first=place == 0, following=words[place + 1 : place + 2]):
            if reader.has_other_scale:
                return complete if complete[1] else None
            break
        taken = place + 1
        if reader.ends_in_scale:
            complete = (reader.value, taken)
    return (reader.value, taken) if reader.has_number and taken else None


def ordinal_in_words(word: str, known: NumberWords) -> int | None:
    """Read "forty-ninth" or "third"; None when the word is no ordinal."""
    *front, last = word.split("-")
    if last not in known.ordinals or not all(part in known.words for part in front):
        return None
    return sum(known.words[part] for part in front) + known.ordinals[last]


class _WordReader:
    """Adds up number words from left to right."""

    def __init__(self, known: NumberWords) -> None:
        self._known = known
        self._total = 0
        self._current = 0
        self._room = 1000
        self._largest = 0
        self.has_number = False
        self.has_other_scale = False

    @property
    def ends_in_scale(self) -> bool:
        """Say whether the number read so far ends in a scale."""
        return self._room in (100, 1000)

    @property
    def value(self) -> int:
        return self._total + self._current

    def expects_more(self, following: list[str]) -> bool:
        """Say whether a joiner belongs to the number: it does between a scale and a smaller number."""
        smaller = [self._known.words.get(part) for word in following for part in word.split("-")]
        return (
            self.has_number
            and self._room in (100, 1000)
            and self.value >= 100
            and bool(smaller)
            and smaller[0] is not None
        )

    def take(self, word: str, *, first: bool, following: list[str]) -> bool:
        if first and word in self._known.one and following and following[0] in self._known.scales:
            self._current, self._room, self.has_number = 1, 1, True
            return True
        parts = word.split("-")
        if not all(part in self._known.words or part in self._known.scales for part in parts):
            return False
        return all(self._add(part) for part in parts)

    def _add(self, part: str) -> bool:
        scale = self._known.scales.get(part)
        if scale is not None:
            return self._multiply(scale)
        number = self._known.words[part]
        if number >= self._room:
            return False
        self._current += number
        self._room = 100 if number >= 100 else 10 if number >= 20 else 1
        self.has_number = True
        return True

    def _multiply(self, scale: int) -> bool:
        self.has_other_scale = self._current >= 100 if scale < 1000 else 0 < self._largest <= scale
        if self.has_other_scale:
            return False
        if scale >= 1000:
            self._largest = scale
            self._total += max(1, self._current) * scale
            self._current, self._room = 0, 1000
        else:
            self._current = max(1, self._current) * scale
            self._room = 100
        self.has_number = True
        return True
