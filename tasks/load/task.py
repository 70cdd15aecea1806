"""The load stage as Prefect tasks."""

import logging
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl

from tasks.load.backfills import Begun, alone, begin, end, note_readings, note_shard
from tasks.load.upsert import load, load_rejections, load_runs
from tasks.paths import Store
from tasks.records import BackfillOrder, Difference, Loaded, Rejection
from tasks.settings import Conflict
from tasks.task import stage_task
from tasks.writing import writing

__all__ = [
    "alone",
    "begin_backfill",
    "compact_warehouse",
    "copy_warehouse",
    "end_backfill",
    "load_batch",
    "load_rejected",
    "record_run",
    "shard_done",
]

_log = logging.getLogger("swaps.load")
_LEFT_S = 86_400.0
"""A trial that began so long ago was killed."""


@stage_task("load", retried=True)
def load_batch(
    store: Store,
    conflict: Conflict,
    frames: dict[str, pl.DataFrame],
    rejections: Sequence[Rejection],
    read: Sequence[str],
    replayed: Sequence[str],
    version: str,
    run_id: str,
) -> Loaded:
    """Load a batch's accepted rows and its rejections, and note by which version which contents were read.

    replayed: as for tasks.load.upsert.load.
    """
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        loaded = load(warehouse, frames, replayed)
        load_rejections(warehouse, rejections, run_id, datetime.now(UTC), conflict.parties)
        note_readings(warehouse, read, version, conflict.parties)
    return loaded


@stage_task("load rejected", retried=True)
def load_rejected(store: Store, conflict: Conflict, rejections: Sequence[Rejection], run_id: str) -> None:
    """Keep what was refused before it became a page."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        load_rejections(warehouse, rejections, run_id, datetime.now(UTC), conflict.parties)


@stage_task("record run", retried=True)
def record_run(store: Store, conflict: Conflict, rows: list[dict[str, object]], run_id: str) -> None:
    """Keep the record of a run's stages."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        load_runs(warehouse, rows, conflict.parties)


@stage_task("copy warehouse", retried=True)
def copy_warehouse(store: Store, conflict: Conflict, run_id: str, copy: Store) -> None:
    """Copy the warehouse to another place, for a trial."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        warehouse.run("CHECKPOINT")
        copy.warehouse.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store.warehouse, copy.warehouse)


@stage_task("compact warehouse", retried=True)
def compact_warehouse(store: Store, conflict: Conflict, run_id: str) -> int:
    """Write the warehouse anew if most of its file is empty; remove trials of killed runs. Give the bytes freed."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        for trial in store.warehouse.parent.glob(".trial-*"):
            if time.time() - trial.stat().st_mtime > _LEFT_S:
                shutil.rmtree(trial)
        return warehouse.compact(store.warehouse)


@stage_task("begin backfill", retried=True)
def begin_backfill(
    store: Store, conflict: Conflict, order: BackfillOrder, shards: int, release: str | None, run_id: str
) -> Begun:
    """Begin a backfill, or go on with one of the same order. release: the one that is public."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        return begin(warehouse, order, shards, run_id, datetime.now(UTC), release)


@stage_task("note shard", retried=True)
def shard_done(store: Store, conflict: Conflict, name: str, first: date, run_id: str) -> None:
    """Note that a part of a backfill is done."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        note_shard(warehouse, name, first, datetime.now(UTC))


@stage_task("end backfill", retried=True)
def end_backfill(
    store: Store,
    conflict: Conflict,
    name: str,
    status: str,
    run_id: str,
    loaded: tuple[int, int, int],
    difference: Difference,
) -> None:
    """Keep how a backfill ended, and what it changed."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        end(warehouse, name, status, datetime.now(UTC), loaded, difference)
