"""The manual flow: a window of days again. What is archived is read anew, and what is missing is fetched."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from prefect import flow
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.artifacts import show_plans
from flows.fetching import folders_of, in_turn, of_archive, of_files, of_sources, plans, surveying
from flows.ingest import SOURCES_AT_ONCE
from flows.pipeline import run_stages
from flows.tally import Tally
from tasks.errors import InputError
from tasks.fetch.task import Window, find_archived, find_files
from tasks.paths import Store
from tasks.settings import conflict, database_path
from tasks.sources import declared_sources


@flow(
    name="backfill",
    persist_result=False,
    validate_parameters=True,
    task_runner=ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE),  # type: ignore[arg-type]
)
def backfill(
    start_date: date,
    end_date: date,
    sources: list[str] | None = None,
    database: Path | None = None,
    *,
    offline: bool = False,
    dry_run: bool = False,
) -> Tally:
    """Read the archived pages of a window with today's reader, and fetch what the sources list of it and is missing.

    Args:
        start_date: first day of publication (pages without one: of fetching), on the conflict's clock.
        end_date: last day, inclusive.
        sources: only these sources; without any: all, and of the declared ones those that are on.
        database: the public database file; without it: data/published.
        offline: ask no source; read only what is archived.
        dry_run: say what would be read and fetched, and change nothing in the ledger.

    """
    if start_date > end_date:
        raise InputError(f"the window ends on {end_date}, before it begins on {start_date}; exchange the two days")
    store, settings = Store.at(database or database_path()), conflict()
    store.refuse_foreign()
    asked = [
        source
        for source in ([] if offline else declared_sources())
        if (source.key in sources if sources is not None else source.on)
    ]
    if not store.archive.is_dir() and not asked:
        raise InputError(f"there is no archive beside {store.database}; check the path, or run `swaps ingest` first")
    tally = Tally(str(flow_run.id or uuid4()), "backfill", start_date, end_date)
    window = Window(start_date, end_date)
    pages = find_archived(store, settings, start_date, end_date, sources, tally.run_id)
    if sources is not None and not pages and not asked and not offline:
        raise InputError(
            f"there is no source {', '.join(map(repr, sources))}, and nothing of it in the archive; `swaps sources` "
            "lists the declared ones"
        )
    if dry_run:
        tally.archived = len(pages)
        tally.plans = plans(asked, store, settings, tally.run_id, window) if asked else {}
        show_plans(tally)
        return tally
    files = find_files(folders, may_be_empty=True) if (folders := folders_of(asked)) else []
    work = in_turn(
        of_archive(pages, store),
        of_files(files, store),
        of_sources(asked, store, settings, tally.run_id, window),
        surveying(declared_sources(), store, settings, tally),
    )
    return run_stages(work, len(pages) + len(files) + len(asked), store, settings, tally)
