"""How what sources give is taken: together, so that a run waits for fewer turns to write."""

from concurrent.futures import Future
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest

from flows.batches import SMALLEST_BATCH
from flows.fetching import SOURCES_AT_ONCE, Arrivals
from tasks.errors import StoreError
from tasks.records import Found, RawPage


class Ended(Future[None]):
    """A task run that has ended; the futures of Prefect have the same two methods."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.set_exception(fault) if fault else self.set_result(None)


def a_page(text: str) -> RawPage:
    return RawPage("wire-en", text.encode(), "text/html", datetime(2024, 7, 17, tzinfo=UTC))


def arrivals(*tasks: Any) -> Arrivals:
    made = Arrivals()
    for task in tasks:
        made.watch(task)
    return made


def test_what_has_come_is_taken_at_once() -> None:
    coming = arrivals()
    for number in range(3):
        coming.give(Found((a_page(str(number)),), finished=1))
    for task in (Ended(), Ended(), Ended()):
        coming.watch(task)
    taken = coming.next()
    assert [page.content for page in taken.pages] == [b"0", b"1", b"2"]
    assert (taken.finished, coming.awaited) == (3, 0)


def test_no_more_is_taken_than_a_batch_and_a_part() -> None:
    coming = arrivals()
    part = Found((a_page(""),) * (SMALLEST_BATCH - 1))
    for _ in range(4):
        coming.give(part)
    assert [len(coming.next().pages) for _ in range(2)] == [2 * (SMALLEST_BATCH - 1)] * 2


def test_a_task_that_failed_raises_what_it_failed_with() -> None:
    coming = arrivals(Ended(), Ended(StoreError("the disk is full")))
    with pytest.raises(StoreError, match="the disk is full"):
        coming.next()
    assert coming.awaited == 0


def test_who_gives_more_than_may_wait_waits() -> None:
    coming = arrivals()
    given: list[int] = []

    def give() -> None:
        for number in range(SOURCES_AT_ONCE + 1):
            coming.give(Found((a_page(str(number)),) * SMALLEST_BATCH))
            given.append(number)

    giving = Thread(target=give)
    giving.start()
    giving.join(0.5)
    assert (given, giving.is_alive()) == (list(range(SOURCES_AT_ONCE)), True)
    assert coming.next().pages[0].content == b"0"
    giving.join(10)
    assert given == list(range(SOURCES_AT_ONCE + 1))


def test_when_closed_nobody_waits() -> None:
    coming = arrivals()
    giving = Thread(target=lambda: [coming.give(Found()) for _ in range(2 * SOURCES_AT_ONCE)])
    giving.start()
    giving.join(0.2)
    assert giving.is_alive()
    coming.close()
    giving.join(10)
    assert not giving.is_alive()
