"""How items are cut into batches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.batches import MOST_BATCHES, SMALLEST_BATCH, batches


@given(st.lists(st.integers(), max_size=400))
def test_batches_joined_are_the_items(items: list[int]) -> None:
    assert [item for batch in batches(items) for item in batch] == items


@pytest.mark.parametrize(("count", "cut"), [(0, []), (1, [1]), (50, [50]), (51, [50, 1]), (5001, [51] * 98 + [3])])
def test_batches_are_at_least_fifty_and_at_most_a_hundred(count: int, cut: list[int]) -> None:
    sizes = [len(batch) for batch in batches(range(count))]
    assert sizes == cut
    assert len(sizes) <= MOST_BATCHES
    assert all(size >= SMALLEST_BATCH for size in sizes[:-1])
