"""What the flows fetch, as batches: files, archived pages, and the declared sources, each beside the others."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Condition

from prefect.futures import PrefectFuture

from flows.batches import SMALLEST_BATCH, batch_size, batches
from flows.pipeline import Batch
from flows.tally import Tally
from tasks.fetch.task import (
    Plan,
    Visitor,
    Window,
    fetch_part,
    fetch_source,
    intake,
    plan_source,
    read_memory,
    remember_sources,
    replay_pages,
    survey_sources,
    visitor,
)
from tasks.paths import PROJECT, Store
from tasks.records import Found
from tasks.settings import Conflict
from tasks.sources import Files, Source

SOURCES_AT_ONCE = 16
"""Sources that are asked at the same time; each waits for its hosts most of the time."""


def in_turn(*works: Iterator[Batch]) -> Generator[Batch]:
    """Give the batches of several works, one work after the other; closing it closes the one that goes on."""
    for work in works:
        yield from work


def of_files(files: Sequence[Path], store: Store) -> Iterator[Batch]:
    """Fetch files, part by part: a file may hold many pages."""
    coming = intake(files, batch_size(len(files)))
    while files and not coming.is_done:
        yield Batch(partial(fetch_part, coming, store))


def of_archive(contents: Sequence[str], store: Store) -> Iterator[Batch]:
    """Give archived pages back, batch by batch."""
    for batch in batches(contents):
        yield Batch(partial(replay_pages, batch, store))


def of_sources(
    sources: Sequence[Source], store: Store, conflict: Conflict, run_id: str, window: Window | None = None
) -> Iterator[Batch]:
    """Ask all sources at once, and give their pages as they come: one task each, so that a dead one stops no other.

    What was asked is remembered when its pages are loaded: a run that is killed before asks again. One that is stopped
    stops asking, whatever it waits for.
    """
    if not sources:
        return
    known, robots = read_memory(store, conflict, sources, run_id)
    with visitor(robots) as asking, closing(Arrivals()) as arrivals:
        done: Callable[[Found], None] = partial(_remember, asking=asking, store=store, conflict=conflict, run_id=run_id)
        for source in sources:
            task = fetch_source.with_options(task_run_name=f"fetch {source.key}")
            arguments = (source, known[source.key], asking, store, window, datetime.now(UTC), arrivals.give)
            arrivals.watch(task.submit(*arguments))
        while arrivals.awaited:
            yield Batch(arrivals.next, done)


class Arrivals:
    """What tasks give while they run, in the order in which it comes. awaited: tasks that have not ended.

    A task that gives more waits while as many parts as sources are asked at once have not been taken: a warehouse that
    somebody else holds for long would fill the memory.
    """

    def __init__(self) -> None:
        self._come: deque[Found | PrefectFuture[None]] = deque()
        self._changed = Condition()
        self._parts = 0
        self._is_closed = False
        self.awaited = 0

    def give(self, found: Found) -> None:
        """Put in what a task has found."""
        with self._changed:
            self._changed.wait_for(lambda: self._parts < SOURCES_AT_ONCE or self._is_closed)
            self._parts += 1
            self._put(found)

    def watch(self, task: PrefectFuture[None]) -> None:
        """Wait for this task as well."""
        self.awaited += 1
        task.add_done_callback(self._put)

    def close(self) -> None:
        """Take nothing any more; who waits to give goes on."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def next(self) -> Found:
        """Wait for what comes next, and take what else has come, up to some fifty pages: each turn to write costs time.

        A task that has ended gives nothing more, or raises what it ended with; what was taken with it is not loaded
        then, and the next run asks for it again.
        """
        found = self._taken()
        while len(found.pages) < SMALLEST_BATCH and self._come:
            found += self._taken()
        return found

    def _put(self, come: Found | PrefectFuture[None]) -> None:
        with self._changed:
            self._come.append(come)
            self._changed.notify_all()

    def _taken(self) -> Found:
        with self._changed:
            self._changed.wait_for(lambda: self._come)
            come = self._come.popleft()
            if isinstance(come, Found):
                self._parts -= 1
                self._changed.notify_all()
                return come
        self.awaited -= 1
        come.result()
        return Found()


def plans(sources: Sequence[Source], store: Store, conflict: Conflict, run_id: str, window: Window) -> dict[str, Plan]:
    """Say what a backfill would fetch of each source."""
    known, robots = read_memory(store, conflict, sources, run_id)
    asking = visitor(robots)
    futures = {
        source.key: plan_source.with_options(task_run_name=f"plan {source.key}").submit(
            source, known[source.key], asking, window, datetime.now(UTC)
        )
        for source in sources
    }
    return {key: future.result() for key, future in futures.items()}


def folders_of(sources: Sequence[Source]) -> list[Path]:
    """Give the folders that sources declare."""
    return [PROJECT / way.path for source in sources for way in source.discover if isinstance(way, Files)]


def surveying(declared: Sequence[Source], store: Store, conflict: Conflict, tally: Tally) -> Iterator[Batch]:
    """Say at the end of the fetching how the sources fare, so that it is published with what they gave."""

    def survey() -> Found:
        tally.sources = survey_sources(declared, store, conflict, tally.run_id)
        return Found()

    yield Batch(survey)


def _remember(found: Found, *, asking: Visitor, store: Store, conflict: Conflict, run_id: str) -> None:
    robots = asking.take_robots()
    if robots or found != Found():
        remember_sources(found, robots, store, conflict, run_id)
