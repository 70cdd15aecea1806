"""The scheduled flow: read what has come, and publish the ledger."""

from pathlib import Path
from uuid import uuid4

from prefect import flow
from prefect.runtime import flow_run

from flows.pipeline import run_stages
from flows.tally import Tally
from tasks.fetch.task import fetch_files, find_files
from tasks.paths import INBOX, Store
from tasks.settings import conflict, database_path


@flow(name="ingest", persist_result=False, validate_parameters=True)
def ingest(paths: list[Path] | None = None, database: Path | None = None) -> Tally:
    """Read articles from files into the ledger, and publish it if anything changed.

    Args:
        paths: html, txt, json or jsonl files, folders of them, or - for standard input. Without any: data/inbox.
        database: the public database file; everything private lies beside it. Without it: data/published.

    """
    store = Store.at(database or database_path())
    store.refuse_foreign()
    files = find_files(paths if paths is not None else [INBOX], may_be_empty=paths is None)
    tally = Tally(run_id=str(flow_run.id or uuid4()), flow="ingest")
    return run_stages(files, fetch_files, store, conflict(), tally)
