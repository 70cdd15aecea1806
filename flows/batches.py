"""How a run's items are cut into batches, the unit of work."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
SMALLEST_BATCH = 50
MOST_BATCHES = 100
"""A task run costs some 10 ms of orchestration, and thousands in one flow run slow the server down."""


def batch_size(items: int) -> int:
    """Give how many of so many items make a batch."""
    return max(SMALLEST_BATCH, -(-items // MOST_BATCHES))


def batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut items into batches of at least 50, and into at most 100 batches, in their order."""
    size = batch_size(len(items))
    for start in range(0, len(items), size):
        yield items[start : start + size]
