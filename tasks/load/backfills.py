"""The record of backfills: what was asked for, how far it is, what it changed."""

import fcntl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from schemas.ledger import private_tables
from schemas.parties import Party
from schemas.vocabulary import CHANGES
from tasks.ddl import polars_schema
from tasks.errors import StoreBusyError
from tasks.paths import Store
from tasks.records import BackfillOrder, Difference, short_hash
from tasks.warehouse import Warehouse

_COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Begun:
    """A backfill that a run works on.

    done: when each part that is done was, by its first day. loaded: articles that earlier runs of it loaded, and read
    differently than before.
    """

    name: str
    release_before: str | None
    done: dict[date, datetime] = field(default_factory=dict)
    loaded: tuple[int, int] = (0, 0)


@contextmanager
def alone(store: Store, order: BackfillOrder) -> Iterator[None]:
    """Let one run at a time work on a backfill; a killed one lets go. Raises StoreBusyError when another one does."""
    named = short_hash(str(order.first), str(order.last), order.mode, *sorted(order.sources))
    store.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with (store.warehouse.parent / f"backfill-{named}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as wrong:
            raise StoreBusyError(
                "another run works on the same backfill; wait until it has ended, or end it, then ask for it again"
            ) from wrong
        yield


def begin(
    warehouse: Warehouse, order: BackfillOrder, shards: int, run_id: str, now: datetime, release: str | None
) -> Begun:
    """Begin a backfill, or go on with one of the same order that did not end.

    release: the one that is public. Who goes on with one is kept as who asked for it last; reasons are kept one after
    the other.
    """
    asked = [order.first, order.last, sorted(order.sources), order.mode]
    open_ones = warehouse.rows(
        """SELECT backfill_id, release_before, articles_new, articles_changed FROM backfills WHERE window_start = ?
        AND window_end = ? AND sources = ? AND mode = ? AND status != 'completed' ORDER BY started_at DESC LIMIT 1""",
        asked,
    )
    if open_ones:
        name, before, new, changed = open_ones[0]
        warehouse.run(
            """UPDATE backfills SET run_id = ?, status = 'running', ended_at = NULL, requested_by = ?,
                reason = CASE WHEN contains(reason, ?) THEN reason ELSE concat_ws('; ', reason, ?) END
            WHERE backfill_id = ?""",
            [run_id, order.requested_by, order.reason, order.reason, name],
        )
        done = warehouse.rows("SELECT first_day, done_at FROM shards WHERE backfill_id = ?", [name])
        return Begun(name, before, dict(done), (new, changed))
    warehouse.run(
        """INSERT INTO backfills BY NAME SELECT ? AS backfill_id, ? AS run_id, CAST(? AS DATE) AS window_start,
            CAST(? AS DATE) AS window_end, CAST(? AS VARCHAR[]) AS sources, ? AS mode, ? AS reason, ? AS requested_by,
            'running' AS status, CAST(? AS TIMESTAMPTZ) AS started_at, CAST(? AS VARCHAR) AS release_before,
            CAST(? AS INTEGER) AS shards, 0 AS shards_done, 0 AS articles_new, 0 AS articles_changed, 0 AS rejected""",
        [run_id, run_id, *asked, order.reason, order.requested_by, now, release, shards],
    )
    return Begun(run_id, release)


def note_shard(warehouse: Warehouse, name: str, first: date, now: datetime) -> None:
    """Note that a part of a backfill is done."""
    with warehouse.transaction():
        warehouse.run(
            "DELETE FROM shards WHERE backfill_id = ? AND first_day = ?",
            [name, first],
        )
        warehouse.run("INSERT INTO shards SELECT ?, CAST(? AS DATE), CAST(? AS TIMESTAMPTZ)", [name, first, now])
        warehouse.run(
            """UPDATE backfills SET shards_done = (SELECT count(*) FROM shards WHERE backfill_id = ?)
            WHERE backfill_id = ?""",
            [name, name],
        )


def end(
    warehouse: Warehouse, name: str, status: str, now: datetime, loaded: tuple[int, int, int], difference: Difference
) -> None:
    """End a run of a backfill; ended again, it is ended as told last.

    loaded: new articles and articles read differently, of all its runs, and items that the last one refused.
    """
    changed = [counts[how] for counts in (difference.swaps, difference.figures) for how in CHANGES]
    warehouse.run(
        """UPDATE backfills SET status = ?, ended_at = ?, articles_new = ?, articles_changed = ?, rejected = ?,
            swaps_new = ?, swaps_changed = ?, swaps_withdrawn = ?,
            figures_new = ?, figures_changed = ?, figures_withdrawn = ? WHERE backfill_id = ?""",
        [status, now, *loaded, *changed, name],
    )
    if status == _COMPLETED:
        warehouse.run("DELETE FROM shards WHERE backfill_id = ?", [name])


def note_readings(warehouse: Warehouse, contents: Iterable[str], version: str, parties: tuple[Party, ...]) -> None:
    """Note by which version of the program contents were read to articles."""
    rows = [{"content_sha256": content, "reader_version": version} for content in sorted(set(contents))]
    frame = pl.DataFrame(rows, schema=polars_schema(private_tables(parties)["readings"]))
    with warehouse.frames(read=frame), warehouse.transaction():
        warehouse.run("DELETE FROM readings WHERE content_sha256 IN (SELECT content_sha256 FROM read)")
        warehouse.run("INSERT INTO readings BY NAME SELECT * FROM read")
