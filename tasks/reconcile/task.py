"""The reconcile stage as a Prefect task."""

import logging

from tasks.paths import Store
from tasks.reconcile.ledger import reconcile
from tasks.settings import Conflict
from tasks.task import stage_task
from tasks.writing import writing

_log = logging.getLogger("swaps.reconcile")


@stage_task("reconcile", retried=True)
def reconcile_reports(store: Store, conflict: Conflict, run_id: str) -> tuple[int, int]:
    """Make the swaps of all current reports; give how many reports and how many swaps."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        return reconcile(warehouse, conflict.parties)
