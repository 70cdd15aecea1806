"""The manual flow: a window of days again. What is missing is fetched, and stale archived pages are read anew."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated
from uuid import uuid4

from prefect import flow
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from flows.artifacts import show_difference, show_plans
from flows.fetching import SOURCES_AT_ONCE, folders_of, in_turn, of_archive, of_files, of_sources, plans, surveying
from flows.pipeline import Batch, run_stages
from flows.tally import Tally
from tasks.errors import InputError, NothingUsableError, UnforeseenError
from tasks.fetch.task import ArchivedPages, Window, find_archived, find_files, months
from tasks.load.task import alone, begin_backfill, copy_warehouse, end_backfill, shard_done
from tasks.paths import Store
from tasks.publish.task import compare, current_release, release_file, release_id
from tasks.records import BackfillOrder, Found, Listing
from tasks.settings import Conflict, conflict, database_path
from tasks.settings import requested_by as account
from tasks.sources import Source, declared_sources
from tasks.version import reader_version

Day = Annotated[date, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
"""With the pattern the server refuses what is no day; the format `date` it does not check."""


@flow(
    name="backfill",
    persist_result=False,
    validate_parameters=True,
    task_runner=ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE),  # type: ignore[arg-type]
)
def backfill(
    start_date: Day,
    end_date: Day,
    sources: list[str] | None = None,
    database: Path | None = None,
    *,
    reprocess: bool = False,
    dry_run: bool = False,
    reason: str | None = None,
    requested_by: str | None = None,
) -> Tally:
    """Read what is missing of a window of days: fetch it, and read archived pages again that are stale.

    A page is stale if it was not read to an article by today's program. One that was interrupted goes on where it was
    when it is asked for again.

    Args:
        start_date: first day of publication (pages without one: of fetching), on the conflict's clock.
        end_date: last day, inclusive.
        sources: only these sources; without any: all, and of the declared ones those that are on.
        database: the public database file; without it: data/published.
        reprocess: read all archived pages of the window again with today's reader, and ask no source.
        dry_run: say what would be fetched, and what reading archived pages again would change; change nothing.
        reason: why it is asked for; kept in the table backfills.
        requested_by: who asks for it; without it: the account that runs it.

    """
    store, settings = Store.at(database or database_path()), conflict()
    _check_window(start_date, end_date, datetime.now(settings.timezone).date())
    store.refuse_foreign()
    if not reprocess or sources is not None or dry_run:
        store.refuse_lost()
    elif store.is_lost:
        store.begin_rebuilding()
    asked = [] if reprocess else _asked(sources)
    if not store.archive.is_dir() and not asked:
        raise InputError(f"there is no archive beside {store.database}; check the path, or run `swaps ingest` first")
    tally = Tally(str(flow_run.id or uuid4()), "backfill", start_date, end_date, may_be_barren=not asked)
    window = Window(start_date, end_date)
    archived = find_archived(store, settings, window, sources, reader_version(), tally.run_id)
    _check_sources(sources, archived)
    if archived.outside and store.rebuilding.exists():
        raise InputError(
            f"the warehouse is rebuilt from the whole archive, and {archived.outside} of its pages are not of this "
            "window; give --from 2014-01-01 and --to today"
        )
    mode = "reprocess" if reprocess else "missing"
    order = BackfillOrder(start_date, end_date, tuple(sources or ()), mode, requested_by or account(), reason)
    job = _Job(order, window, archived, asked, store, settings, tally)
    if dry_run:
        return _try(job)
    with alone(store, order):
        return _run(job)


def _check_window(first: date, last: date, today: date) -> None:
    if first > last:
        raise InputError(f"the window ends on {last}, before it begins on {first}; exchange the two days")
    if first > today:
        raise InputError(f"the window begins on {first}, which is still to come; nothing can be published then")


def _check_sources(sources: Sequence[str] | None, archived: ArchivedPages) -> None:
    """Refuse sources that are neither declared nor in the archive."""
    unknown = sorted(archived.unknown - {one.key for one in declared_sources()})
    if unknown or sources == []:
        named = f"no source {', '.join(map(repr, unknown))}" if unknown else "no source named"
        raise InputError(f"there is {named}; `swaps sources` lists the declared ones, and without any, all are meant")


@dataclass(frozen=True, slots=True)
class _Job:
    """What a backfill has to do: what the archive has of its window, and the sources to ask."""

    order: BackfillOrder
    window: Window
    archived: ArchivedPages
    asked: Sequence[Source]
    store: Store
    settings: Conflict
    tally: Tally

    def contents(self, part: Window, *, only_stale: bool) -> list[str]:
        """Give the archived contents of a part of the window that are to be read again."""
        here = (content for content, day in self.archived.pages if part.first <= day <= part.last)
        return [content for content in here if not only_stale or content in self.archived.stale]


def _asked(sources: Sequence[str] | None) -> list[Source]:
    return [one for one in declared_sources() if (one.key in sources if sources is not None else one.on)]


def _run(job: _Job) -> Tally:
    """Do a backfill part by part, and keep how it ended."""
    store, settings, tally = job.store, job.settings, job.tally
    parts = months(job.window.first, job.window.last)
    public = current_release(store)
    begun = begin_backfill(store, settings, job.order, len(parts), release_id(public) if public else None, tally.run_id)
    before = release_file(store, begun.release_before) if begun.release_before else None
    folders = folders_of(job.asked)
    files = find_files(folders, may_be_empty=True) if folders else []
    is_missing = job.order.mode == "missing"
    # A part that was done before it was over is not done.
    done = {first for first, at in begun.done.items() if _last_of(parts, first) < at.date()}
    # Of a part that is done, what the program failed on is read again: it is still stale.
    contents = {part.first: job.contents(part, only_stale=is_missing or part.first in done) for part in parts}
    left = [part for part in parts if part.first not in done]
    tally.parts_left = len(left)
    work = in_turn(
        *(_of_part(job, begun.name, part, contents[part.first], asks=part in left) for part in parts),
        of_files(files, store),
        surveying(declared_sources(), store, settings, tally),
    )
    items = sum(map(len, contents.values())) + len(files) + len(job.asked) * len(left)

    def end(status: str) -> None:
        tally.difference = compare(store, settings, before, tally.run_id)
        new, changed = begun.loaded  # of earlier runs; a run may end more than once, when another one loads in between
        loaded = (new + tally.loaded.new, changed + tally.loaded.changed, len(tally.rejections))
        end_backfill(store, settings, begun.name, status, tally.run_id, loaded, tally.difference)

    def finish() -> None:
        end(_status(tally))
        if job.order.mode == "reprocess":
            store.rebuilding.unlink(missing_ok=True)

    try:
        run_stages(work, items, store, settings, tally, finish)
    except (NothingUsableError, UnforeseenError):
        raise  # kept and published as failed
    except Exception:
        end("failed")
        raise
    show_difference(tally)
    return tally


def _last_of(parts: Sequence[Window], first: date) -> date:
    """Give the last day of the part that begins on a day; parts are cut anew in the same way."""
    return next(part.last for part in parts if part.first == first)


def _has_more(told: Listing | None, before: Listing | None) -> bool:
    """Whether asking a source again brings more: a run asks for so much at a time, and each time less is left."""
    return told is not None and told.goes_on and (before is None or told.wanted < before.wanted)


def _status(tally: Tally) -> str:
    if tally.is_barren or tally.unforeseen:
        return "failed"
    return "incomplete" if tally.parts_left else "completed"


def _of_part(job: _Job, name: str, part: Window, contents: Sequence[str], *, asks: bool) -> Iterator[Batch]:
    """Read a part of a backfill's window: what is archived, and what its sources list, until they list no more.

    It is done when all of them were heard, and all that they list was asked for.
    """
    store, settings, tally = job.store, job.settings, job.tally
    yield from of_archive(contents, store)
    if not asks:
        return
    asked: Sequence[Source] = job.asked
    last: dict[str, Listing] = {}
    while asked:
        heard = len(tally.listings)
        yield from of_sources(asked, store, settings, tally.run_id, part)
        told = {one.source: one for one in tally.listings[heard:]}
        asked = [source for source in asked if _has_more(told.get(source.key), last.get(source.key))]
        last |= told
    if any(one.fault or one.partial_fault or one.postponed for one in last.values()):
        return

    def note() -> Found:
        shard_done(store, settings, name, part.first, tally.run_id)
        tally.parts_left -= 1
        return Found()

    yield Batch(note)


def _try(job: _Job) -> Tally:
    """Say what a backfill would do: its sources are asked what they list, its archived pages are read into a copy."""
    store, settings, tally = job.store, job.settings, job.tally
    public = current_release(store)
    contents = job.contents(job.window, only_stale=job.order.mode == "missing")
    tally.may_be_barren = True
    with _copy(store, settings, tally.run_id) as trial:

        def find_difference() -> None:
            tally.difference = compare(trial, settings, public, tally.run_id)

        work = in_turn(of_archive(contents, trial))
        run_stages(work, len(contents), trial, settings, tally, find_difference, publishes=False)
    tally.plans = plans(job.asked, store, settings, tally.run_id, job.window) if job.asked else {}
    show_plans(tally)
    show_difference(tally)
    return tally


@contextmanager
def _copy(store: Store, settings: Conflict, run_id: str) -> Iterator[Store]:
    """Copy the warehouse for a trial, beside itself; it goes away with the block."""
    store.warehouse.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=".trial-", dir=store.warehouse.parent))
    trial = replace(
        store, database=folder / "trial.duckdb", releases=folder / "releases", warehouse=folder / store.warehouse.name
    )
    try:
        copy_warehouse(store, settings, run_id, trial)
        yield trial
    finally:
        shutil.rmtree(folder)
