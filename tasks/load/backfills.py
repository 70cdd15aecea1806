"""The record of backfills: what was asked for, how far it is, what it changed."""

from collections.abc import Iterable
from datetime import date, datetime

import polars as pl

from schemas.ledger import private_tables
from schemas.parties import Party
from schemas.vocabulary import CHANGES
from tasks.ddl import polars_schema
from tasks.records import BackfillOrder, Difference
from tasks.warehouse import Warehouse

_COMPLETED = "completed"


def begin(
    warehouse: Warehouse, order: BackfillOrder, shards: int, run_id: str, now: datetime
) -> tuple[str, frozenset[date]]:
    """Begin a backfill, or go on with one of the same order that did not end; give its name and the parts done."""
    asked = [order.first, order.last, sorted(order.sources), order.mode]
    open_ones = warehouse.rows(
        """SELECT backfill_id FROM backfills WHERE window_start = ? AND window_end = ? AND sources = ? AND mode = ?
        AND status != 'completed' ORDER BY started_at DESC LIMIT 1""",
        asked,
    )
    if open_ones:
        name = str(open_ones[0][0])
        warehouse.run(
            "UPDATE backfills SET run_id = ?, status = 'running', ended_at = NULL WHERE backfill_id = ?", [run_id, name]
        )
        done = warehouse.rows("SELECT first_day FROM shards WHERE backfill_id = ?", [name])
        return name, frozenset(first for (first,) in done)
    warehouse.run(
        """INSERT INTO backfills BY NAME SELECT ? AS backfill_id, ? AS run_id, CAST(? AS DATE) AS window_start,
            CAST(? AS DATE) AS window_end, CAST(? AS VARCHAR[]) AS sources, ? AS mode, ? AS reason, ? AS requested_by,
            'running' AS status, CAST(? AS TIMESTAMPTZ) AS started_at, CAST(? AS INTEGER) AS shards, 0 AS shards_done,
            0 AS articles_new, 0 AS articles_changed, 0 AS rejected""",
        [run_id, run_id, *asked, order.reason, order.requested_by, now, shards],
    )
    return run_id, frozenset()


def note_shard(warehouse: Warehouse, name: str, first: date, now: datetime) -> None:
    """Note that a part of a backfill is done."""
    with warehouse.transaction():
        warehouse.run(
            """INSERT INTO shards SELECT ?, CAST(? AS DATE), CAST(? AS TIMESTAMPTZ)
            WHERE NOT EXISTS (FROM shards WHERE backfill_id = ? AND first_day = ?)""",
            [name, first, now, name, first],
        )
        warehouse.run(
            """UPDATE backfills SET shards_done = (SELECT count(*) FROM shards WHERE backfill_id = ?)
            WHERE backfill_id = ?""",
            [name, name],
        )


def end(
    warehouse: Warehouse, name: str, status: str, now: datetime, loaded: tuple[int, int, int], difference: Difference
) -> None:
    """End a backfill. loaded: new articles, articles read differently, and items refused."""
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
