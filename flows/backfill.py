"""The manual flow: read again what was read before, for a window of days."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from prefect import flow
from prefect.runtime import flow_run

from flows.pipeline import run_stages
from flows.tally import Tally
from tasks.errors import InputError
from tasks.fetch.task import find_archived, replay_pages
from tasks.paths import Store
from tasks.settings import conflict, database_path


@flow(name="backfill", persist_result=False, validate_parameters=True)
def backfill(start_date: date, end_date: date, sources: list[str] | None = None, database: Path | None = None) -> Tally:
    """Replay the archived pages of a window through today's reader, without fetching anything.

    Args:
        start_date: first day of publication (pages without one: of fetching), on the conflict's clock.
        end_date: last day, inclusive.
        sources: only these sources; without any: all.
        database: the public database file; without it: data/published.

    """
    if start_date > end_date:
        raise InputError(f"the window ends on {end_date}, before it begins on {start_date}; exchange the two days")
    store, settings = Store.at(database or database_path()), conflict()
    store.refuse_foreign()
    if not store.archive.is_dir():
        raise InputError(f"there is no archive beside {store.database}; check the path, or run `swaps ingest` first")
    tally = Tally(str(flow_run.id or uuid4()), "backfill", start_date, end_date)
    pages = find_archived(store, settings, start_date, end_date, sources, tally.run_id)
    return run_stages(pages, replay_pages, store, settings, tally)
