"""What the flows fetch, as batches: files, archived pages, and the declared sources, each beside the others."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from prefect.futures import as_completed

from flows.batches import batches
from flows.pipeline import Batch
from flows.tally import Tally
from tasks.fetch.task import (
    Plan,
    Visitor,
    Window,
    fetch_files,
    fetch_source,
    plan_source,
    read_memory,
    remember_source,
    replay_pages,
    survey_sources,
    visitor,
)
from tasks.paths import PROJECT, Store
from tasks.records import Found
from tasks.settings import Conflict
from tasks.sources import Files, Source


def of_files(files: Sequence[Path], store: Store) -> Iterator[Batch]:
    """Fetch files, batch by batch."""
    for batch in batches(files):
        yield Batch(len(batch), partial(fetch_files, batch, store))


def of_archive(pages: Sequence[str], store: Store) -> Iterator[Batch]:
    """Give archived pages back, batch by batch."""
    for batch in batches(pages):
        yield Batch(len(batch), partial(replay_pages, batch, store))


def of_sources(
    sources: Sequence[Source], store: Store, conflict: Conflict, run_id: str, window: Window | None = None
) -> Iterator[Batch]:
    """Ask all sources at once, and give them as they come: one task each, so that a dead one stops no other.

    What was asked is remembered when its pages are loaded: a run that is killed before asks again.
    """
    if not sources:
        return
    known, robots = read_memory(store, conflict, sources, run_id)
    asking = visitor(robots)
    futures = [
        fetch_source.with_options(task_run_name=f"fetch {source.key}").submit(
            source, known[source.key], asking, store, window, datetime.now(UTC)
        )
        for source in sources
    ]
    done: Callable[[Found], None] = partial(_remember, asking=asking, store=store, conflict=conflict, run_id=run_id)
    for future in as_completed(futures):
        yield Batch(1, future.result, done)


def plans(sources: Sequence[Source], store: Store, conflict: Conflict, run_id: str, window: Window) -> dict[str, Plan]:
    """Say what a backfill would fetch of each source."""
    known, robots = read_memory(store, conflict, sources, run_id)
    asking = visitor(robots)
    futures = {
        source.key: plan_source.with_options(task_run_name=f"plan {source.key}").submit(
            source, known[source.key], asking, store, window, datetime.now(UTC)
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
        return Found((), ())

    yield Batch(0, survey)


def _remember(found: Found, *, asking: Visitor, store: Store, conflict: Conflict, run_id: str) -> None:
    remember_source(found, asking, store, conflict, run_id)
