"""Accepted rows into the warehouse: keyed by article, all or nothing, and the same again changes nothing."""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from schemas.ledger import VERSIONED, ledger_tables
from schemas.parties import Party
from tasks.ddl import polars_schema
from tasks.records import Loaded, Rejection
from tasks.warehouse import Warehouse

KEPT_FROM_FIRST = ("fetched_at", "file_name")
"""Columns of articles that tell of the first reading: a later one of the same version does not change them."""


def load(warehouse: Warehouse, frames: dict[str, pl.DataFrame]) -> Loaded:
    """Load accepted rows in one transaction. An article's rows are replaced as a whole, and only if they differ."""
    given = set(frames["articles"]["article_id"])
    incoming = {f"incoming_{name}": frame for name, frame in frames.items()}
    with warehouse.frames(**incoming), warehouse.transaction():
        known = {
            article
            for (article,) in warehouse.rows(
                "SELECT article_id FROM articles SEMI JOIN incoming_articles USING (article_id)"
            )
        }
        differing = {article for name in VERSIONED for article in _differing(warehouse, name, frames[name].columns)}
        for name in VERSIONED:
            _replace(warehouse, name, frames[name].columns, sorted(differing))
    new = given - known
    changed = (differing - new) & given
    return Loaded(len(new), len(changed), len(given) - len(new) - len(changed))


def _differing(warehouse: Warehouse, name: str, columns: list[str]) -> list[str]:
    """Find the incoming articles whose rows of one table are not what the warehouse holds."""
    compared = ", ".join(column for column in columns if column not in KEPT_FROM_FIRST)
    held = f"SELECT {compared} FROM {name} WHERE article_id IN (SELECT article_id FROM incoming_articles)"
    brought = f"SELECT {compared} FROM incoming_{name}"
    rows = warehouse.rows(
        f"SELECT DISTINCT article_id FROM (({brought} EXCEPT ALL {held}) UNION ALL ({held} EXCEPT ALL {brought}))"
    )
    return [article for (article,) in rows]


def _replace(warehouse: Warehouse, name: str, columns: list[str], articles: list[str]) -> None:
    if not articles:
        return
    kept = KEPT_FROM_FIRST if name == "articles" else ()
    values = ", ".join(
        f"CASE WHEN held.article_id IS NULL THEN brought.{column} ELSE held.{column} END AS {column}"
        if column in kept
        else f"brought.{column}"
        for column in columns
    )
    joined = f"LEFT JOIN {name} held USING (article_id)" if kept else ""
    warehouse.run(
        f"CREATE TEMP TABLE replacing AS SELECT {values} FROM incoming_{name} brought {joined} "
        "WHERE brought.article_id IN (SELECT unnest(?))",
        [articles],
    )
    warehouse.run(f"DELETE FROM {name} WHERE article_id IN (SELECT unnest(?))", [articles])
    warehouse.run(f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM replacing")
    warehouse.run("DROP TABLE replacing")


def load_rejections(
    warehouse: Warehouse, rejections: Iterable[Rejection], run_id: str, now: datetime, parties: tuple[Party, ...]
) -> int:
    """Keep what was refused; give how many are new. The same refusal again is the same row."""
    rows = {
        one.rejected_id: {
            "rejected_id": one.rejected_id,
            "run_id": run_id,
            "stage": one.stage,
            "item": one.item,
            "check_name": one.check_name,
            "message": one.message,
            "record": one.record,
            "rejected_at": now,
        }
        for one in rejections
    }
    schema = ledger_tables(parties)["rejected"]
    frame = pl.DataFrame(list(rows.values()), schema=polars_schema(schema))
    with warehouse.frames(refused=frame), warehouse.transaction():
        missing = "FROM refused WHERE rejected_id NOT IN (SELECT rejected_id FROM rejected)"
        (new,) = warehouse.rows(f"SELECT count(*) {missing}")[0]
        warehouse.run(f"INSERT INTO rejected BY NAME SELECT * {missing}")
    return int(new)


def load_runs(warehouse: Warehouse, rows: list[dict[str, object]], parties: tuple[Party, ...]) -> None:
    """Keep the record of a run's stages; a stage recorded again is replaced."""
    schema = ledger_tables(parties)["runs"]
    schema.validate(frame := pl.DataFrame(rows, schema=polars_schema(schema)))
    with warehouse.frames(ran=frame), warehouse.transaction():
        warehouse.run("DELETE FROM runs WHERE (run_id, stage) IN (SELECT (run_id, stage) FROM ran)")
        warehouse.run("INSERT INTO runs BY NAME SELECT * FROM ran")
