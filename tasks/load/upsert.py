"""Accepted rows into the warehouse: keyed by article, all or nothing, and the same again changes nothing."""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from schemas.ledger import VERSIONED, ledger_tables
from schemas.parties import Party
from tasks.ddl import polars_schema
from tasks.records import Loaded, Rejection
from tasks.warehouse import Warehouse

TOLD_ON_ARRIVAL = ("fetched_at", "last_seen_at", "file_name")
"""Columns of articles that tell of its readings, not of the article: the same version read again does not differ."""
_IS_SAME = "held.content_sha256 = brought.content_sha256 AND held.url IS NOT DISTINCT FROM brought.url"
_IS_EARLIER = """row(brought.fetched_at, brought.content_sha256, coalesce(brought.url, ''))
    < row(held.fetched_at, held.content_sha256, coalesce(held.url, ''))"""
_TAKEN = f"""CREATE TEMP TABLE taken AS
    SELECT brought.article_id, held.article_id IS NOT NULL AS is_held
    FROM incoming_articles brought LEFT JOIN articles held USING (article_id)
    WHERE held.article_id IS NULL OR ({_IS_SAME}) OR ({_IS_EARLIER})"""
_SEEN_AGAIN = """UPDATE articles SET fetched_at = least(articles.fetched_at, brought.fetched_at),
    last_seen_at = greatest(articles.last_seen_at, brought.last_seen_at)
    FROM incoming_articles brought WHERE brought.article_id = articles.article_id"""
_SUPERSEDED = """CREATE TEMP TABLE superseded AS
    SELECT article_id FROM articles
    WHERE article_id NOT IN (SELECT article_id FROM incoming_articles) AND (
        (page_id, content_sha256) IN (SELECT (page_id, content_sha256) FROM incoming_articles)
        OR content_sha256 IN (SELECT unnest(CAST(? AS VARCHAR[]))))"""
_CURRENT = """SELECT article_id FROM current_articles WHERE page_id IN (
    SELECT page_id FROM incoming_articles UNION SELECT page_id FROM articles SEMI JOIN superseded USING (article_id))"""


def load(warehouse: Warehouse, frames: dict[str, pl.DataFrame], replayed: Iterable[str] = ()) -> Loaded:
    """Load accepted rows in one transaction. An article's rows are replaced as a whole, and only if they differ.

    What a page's bytes were read to before is withdrawn when they are read to something else now. replayed: the
    contents all of whose pages were read again: whatever else they were read to before is withdrawn, too.

    The same version of a page may come in other bytes (a script in it changed) or from another of its addresses: the
    earliest reading stands for it, so that it does not matter how often and in which order they come.
    """
    incoming = {f"incoming_{name}": frame for name, frame in frames.items()}
    with warehouse.frames(**incoming), warehouse.transaction():
        warehouse.run(_SUPERSEDED, [list(replayed)])
        before = set(warehouse.rows(_CURRENT))
        warehouse.run(_TAKEN)
        warehouse.run(
            f"CREATE TEMP TABLE differing AS {' UNION '.join(_differing(frames, name) for name in VERSIONED)}"
        )
        for name in VERSIONED:
            _replace(warehouse, name, frames[name].columns)
            warehouse.run(f"DELETE FROM {name} WHERE article_id IN (SELECT article_id FROM superseded)")
        warehouse.run(_SEEN_AGAIN)
        ((new, changed),) = warehouse.rows(
            "SELECT count(*) FILTER (NOT is_held), count(*) FILTER (is_held) "
            "FROM taken SEMI JOIN differing USING (article_id)"
        )
        ((withdrawn,),) = warehouse.rows("SELECT count(*) FROM superseded")
        if new or changed or withdrawn or set(warehouse.rows(_CURRENT)) != before:
            warehouse.run("UPDATE ledger_state SET loaded = loaded + 1")
        for made in ("taken", "differing", "superseded"):
            warehouse.run(f"DROP TABLE {made}")
    return Loaded(new, changed, frames["articles"].height - new - changed, withdrawn)


def _differing(frames: dict[str, pl.DataFrame], name: str) -> str:
    """Give the query for the articles whose rows of one table are not what the warehouse holds."""
    compared = ", ".join(column for column in frames[name].columns if column not in TOLD_ON_ARRIVAL)
    held = f"SELECT {compared} FROM {name} SEMI JOIN taken USING (article_id)"
    brought = f"SELECT {compared} FROM incoming_{name} SEMI JOIN taken USING (article_id)"
    return f"SELECT article_id FROM ((({brought}) EXCEPT ALL ({held})) UNION ALL (({held}) EXCEPT ALL ({brought})))"


def _replace(warehouse: Warehouse, name: str, columns: list[str]) -> None:
    kept = TOLD_ON_ARRIVAL if name == "articles" else ()
    values = ", ".join(
        f"CASE WHEN held.article_id IS NULL THEN brought.{column} ELSE held.{column} END AS {column}"
        if column in kept
        else f"brought.{column}"
        for column in columns
    )
    joined = f"LEFT JOIN {name} held USING (article_id)" if kept else ""
    warehouse.run(
        f"CREATE TEMP TABLE replacing AS SELECT {values} FROM incoming_{name} brought {joined} "
        "WHERE brought.article_id IN (SELECT article_id FROM differing)"
    )
    warehouse.run(f"DELETE FROM {name} WHERE article_id IN (SELECT article_id FROM differing)")
    warehouse.run(f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM replacing")
    warehouse.run("DROP TABLE replacing")


def load_rejections(
    warehouse: Warehouse, rejections: Iterable[Rejection], run_id: str, now: datetime, parties: tuple[Party, ...]
) -> None:
    """Keep what was refused. The same refusal again is the same row."""
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
        warehouse.run("INSERT INTO rejected BY NAME SELECT * FROM refused ANTI JOIN rejected USING (rejected_id)")


def load_runs(warehouse: Warehouse, rows: list[dict[str, object]], parties: tuple[Party, ...]) -> None:
    """Keep the record of a run's stages; a stage recorded again is replaced."""
    schema = ledger_tables(parties)["runs"]
    schema.validate(frame := pl.DataFrame(rows, schema=polars_schema(schema)))
    with warehouse.frames(ran=frame), warehouse.transaction():
        warehouse.run("DELETE FROM runs WHERE (run_id, stage) IN (SELECT (run_id, stage) FROM ran)")
        warehouse.run("INSERT INTO runs BY NAME SELECT * FROM ran")
