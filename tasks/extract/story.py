"""A story: the sentences of an article that tell of one exchange as news."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Story:
    """The sentences that tell of one exchange, by their numbers.

    day: what the heading above them names. is_item: it is an item of an article about something else.
    """

    sentences: frozenset[int]
    day: date | None = None
    is_item: bool = False
