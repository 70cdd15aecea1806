"""The load stage as Prefect tasks."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl

from tasks.load.upsert import load, load_rejections, load_runs
from tasks.paths import Store
from tasks.records import Loaded, Rejection
from tasks.settings import Conflict, lock_timeout_s
from tasks.task import stage_task
from tasks.warehouse import writer

_log = logging.getLogger("swaps.load")


@stage_task("load", retried=True)
def load_batch(
    store: Store, conflict: Conflict, frames: dict[str, pl.DataFrame], rejections: Sequence[Rejection], run_id: str
) -> Loaded:
    """Load a batch's accepted rows and its rejections."""
    with writer(store, conflict.parties, f"run {run_id}", lock_timeout_s(), _log.warning) as warehouse:
        loaded = load(warehouse, frames)
        load_rejections(warehouse, rejections, run_id, datetime.now(UTC), conflict.parties)
    return loaded


@stage_task("load rejected", retried=True)
def load_rejected(store: Store, conflict: Conflict, rejections: Sequence[Rejection], run_id: str) -> None:
    """Keep what was refused before it became a page."""
    with writer(store, conflict.parties, f"run {run_id}", lock_timeout_s(), _log.warning) as warehouse:
        load_rejections(warehouse, rejections, run_id, datetime.now(UTC), conflict.parties)


@stage_task("record run", retried=True)
def record_run(store: Store, conflict: Conflict, rows: list[dict[str, object]], run_id: str) -> None:
    """Keep the record of a run's stages."""
    with writer(store, conflict.parties, f"run {run_id}", lock_timeout_s(), _log.warning) as warehouse:
        load_runs(warehouse, rows, conflict.parties)
