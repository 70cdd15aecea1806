"""The scheduled flow: ask the sources, read what has come, and publish the ledger."""

from pathlib import Path
from uuid import uuid4

from prefect import flow
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.fetching import SOURCES_AT_ONCE, in_turn, of_files, of_sources, surveying
from flows.pipeline import run_stages
from flows.tally import Tally
from tasks.errors import InputError
from tasks.fetch.task import find_files
from tasks.paths import INBOX, Store
from tasks.settings import conflict, database_path
from tasks.sources import chosen_sources, declared_sources


@flow(
    name="ingest",
    persist_result=False,
    validate_parameters=True,
    task_runner=ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE),  # type: ignore[arg-type]
)
def ingest(paths: list[Path] | None = None, sources: list[str] | None = None, database: Path | None = None) -> Tally:
    """Ask the declared sources, or read articles from files, into the ledger, and publish it if anything changed.

    Args:
        paths: html, txt, json, jsonl or warc files, folders of them, or - for standard input. Without any: the
            declared sources, and data/inbox.
        sources: only these sources; without any: all that are on.
        database: the public database file; everything private lies beside it. Without it: data/published.

    """
    store, settings = Store.at(database or database_path()), conflict()
    store.refuse_foreign()
    store.refuse_lost()
    if paths is not None and sources is not None:
        raise InputError("sources are chosen among the declared ones, and a path is none; give paths or sources")
    tally = Tally(run_id=str(flow_run.id or uuid4()), flow="ingest")
    declared = declared_sources()
    if paths is not None:
        files = find_files(paths, may_be_empty=False)
        work = in_turn(of_files(files, store), surveying(declared, store, settings, tally))
        return run_stages(work, len(files), store, settings, tally)
    asked = chosen_sources(declared, sources)
    files = find_files([INBOX], may_be_empty=True) if sources is None else []
    work = in_turn(
        of_files(files, store),
        of_sources(asked, store, settings, tally.run_id),
        surveying(declared, store, settings, tally),
    )
    return run_stages(work, len(files) + len(asked), store, settings, tally)
