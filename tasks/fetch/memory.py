"""What the fetch stage remembers from run to run: visits, what lists named, robots.txt, and how the sources fare."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from schemas.ledger import ledger_tables, private_tables
from schemas.parties import Party
from tasks.ddl import polars_schema
from tasks.fetch.collect import Known, KnownPage, known_pages, silence
from tasks.fetch.discovery import KnownList
from tasks.fetch.visits import Robots, Validators
from tasks.records import Found, Gap
from tasks.sources import Source
from tasks.warehouse import Warehouse

_GAVE_SOMETHING = ("used", "unchanged", "off_topic")
_FEWEST_PAGES, _LAST_PAGES = 3, 10
"""Pages of a source by which it is judged whether they can still be read."""


def known_of(warehouse: Warehouse, source: str) -> Known:
    """Give what earlier runs asked of a source."""
    rows = warehouse.rows(
        "SELECT url, purpose, outcome, asked_at, etag, last_modified, attempts, entries FROM visits WHERE source = ?",
        [source],
    )
    lists = {
        url: KnownList(Validators(etag, last_modified), frozenset(entries))
        for url, purpose, _, _, etag, last_modified, _, entries in rows
        if purpose == "list"
    }
    pages = (
        KnownPage(url, asked_at, outcome, attempts)
        for url, purpose, outcome, asked_at, _, _, attempts, _ in rows
        if purpose == "page"
    )
    ((heard_at,),) = warehouse.rows("SELECT max(asked_at) FROM listings WHERE source = ? AND fault IS NULL", [source])
    gaps = warehouse.rows(
        "SELECT gap_first, gap_tried_at FROM listings WHERE source = ? ORDER BY asked_at DESC LIMIT 1", [source]
    )
    gap = next((Gap(first, tried_at) for first, tried_at in gaps if first is not None), None)
    return Known(lists, known_pages(pages), heard_at, gap)


def known_robots(warehouse: Warehouse) -> dict[str, Robots]:
    """Give the robots.txt of every host that was asked before."""
    rows = warehouse.rows("SELECT origin, asked_at, body FROM robots")
    return {origin: Robots(asked_at, body or "") for origin, asked_at, body in rows}


def remember(
    warehouse: Warehouse, found: Found, read: Mapping[str, Robots], run_id: str, parties: tuple[Party, ...]
) -> None:
    """Keep what a run asked of sources, in one transaction, after their pages are loaded.

    What gave nothing keeps the validators and entries of the time before; so does a list that did not change.
    """
    visited = [
        {
            "url": visit.url,
            "source": visit.source,
            "purpose": visit.purpose,
            "outcome": visit.outcome,
            "asked_at": visit.asked_at,
            "status": visit.status,
            "etag": visit.etag,
            "last_modified": visit.last_modified,
            "attempts": 0 if visit.outcome in _GAVE_SOMETHING else 1,
            "entries": sorted(found.entries.get(visit.url, ())),
        }
        for visit in {(visit.url, visit.source): visit for visit in found.visits}.values()
    ]
    heard = [
        {
            "run_id": run_id,
            "source": one.source,
            "asked_at": one.asked_at,
            "listed": one.listed,
            "fresh": one.fresh,
            "known": one.known,
            "passed_over": one.passed_over,
            "off_topic": one.off_topic,
            "postponed": one.postponed,
            "fault": one.fault,
            "partial_fault": one.partial_fault,
            "gap_first": one.gap.first if one.gap else None,
            "gap_tried_at": one.gap.tried_at if one.gap else None,
        }
        for one in {one.source: one for one in found.listings}.values()
        if not one.is_backfill
    ]
    rules = [
        {"origin": origin, "asked_at": robots.asked_at, "body": robots.text or None} for origin, robots in read.items()
    ]
    tables = private_tables(parties)
    frames = {
        name: _checked(tables[name], rows)
        for name, rows in (("visits", visited), ("listings", heard), ("robots", rules))
    }
    with warehouse.frames(**{f"new_{name}": frame for name, frame in frames.items()}), warehouse.transaction():
        warehouse.run("""CREATE TEMP TABLE visited AS SELECT n.* REPLACE (
            CASE WHEN n.outcome = 'used' THEN n.etag ELSE o.etag END AS etag,
            CASE WHEN n.outcome = 'used' THEN n.last_modified ELSE o.last_modified END AS last_modified,
            CASE WHEN n.outcome = 'used' THEN n.entries ELSE coalesce(o.entries, n.entries) END AS entries,
            CASE WHEN n.outcome = 'postponed' THEN coalesce(o.attempts, 0)
                 WHEN n.attempts = 0 THEN 0 ELSE coalesce(o.attempts, 0) + 1 END AS attempts)
            FROM new_visits n LEFT JOIN visits o USING (url, source)""")
        warehouse.run("DELETE FROM visits WHERE (url, source) IN (SELECT (url, source) FROM visited)")
        warehouse.run("INSERT INTO visits BY NAME SELECT * FROM visited")
        warehouse.run("DROP TABLE visited")
        warehouse.run("DELETE FROM listings WHERE (run_id, source) IN (SELECT (run_id, source) FROM new_listings)")
        warehouse.run("INSERT INTO listings BY NAME SELECT * FROM new_listings")
        warehouse.run("DELETE FROM robots WHERE origin IN (SELECT origin FROM new_robots)")
        warehouse.run("INSERT INTO robots BY NAME SELECT * FROM new_robots")


def survey(
    warehouse: Warehouse, declared: Iterable[Source], now: datetime, parties: tuple[Party, ...]
) -> list[dict[str, Any]]:
    """Say how every declared source fares, and keep it as the table `sources`."""
    rows = [_state(warehouse, source, now) for source in declared]
    frame = _checked(ledger_tables(parties)["sources"], rows)
    with warehouse.frames(surveyed=frame), warehouse.transaction():
        warehouse.run("DELETE FROM sources")
        warehouse.run("INSERT INTO sources BY NAME SELECT * FROM surveyed")
    return rows


def _state(warehouse: Warehouse, source: Source, now: datetime) -> dict[str, Any]:
    ((asked, success, new),) = warehouse.rows(
        """SELECT max(asked_at), max(asked_at) FILTER (fault IS NULL), max(asked_at) FILTER (fresh > 0)
        FROM listings WHERE source = ?""",
        [source.key],
    )
    ((article,),) = warehouse.rows("SELECT max(fetched_at) FROM articles WHERE source = ?", [source.key])
    days: list[tuple[date, int]] = warehouse.rows(
        "SELECT CAST(asked_at AS DATE) AS day, sum(fresh)::INTEGER FROM listings WHERE source = ? GROUP BY day",
        [source.key],
    )
    faults = warehouse.rows(
        "SELECT fault, partial_fault FROM listings WHERE source = ? ORDER BY asked_at DESC LIMIT 1", [source.key]
    )
    fault, partial_fault = faults[0] if faults else (None, None)
    status, told = ("failing" if fault else "working"), fault or partial_fault
    if fault is None and (refused := _refusal(warehouse, source)):
        status, told = "unread", refused
    elif fault is None and (out_of_range := silence(source, dict(days), now.astimezone(UTC).date())):
        status, told = ("silent" if out_of_range.startswith("too few") else "loud"), out_of_range
    if asked is None:
        status = "not_asked"
    if not source.on:
        status, told = "off", None
    return {
        "source": source.key,
        "name": source.name,
        "country": source.country,
        "language": source.language,
        "kind": source.kind,
        "status": status,
        "told": told,
        "last_asked_at": asked,
        "last_success_at": success,
        "last_new_at": new,
        "last_article_at": article,
    }


def _refusal(warehouse: Warehouse, source: Source) -> str | None:
    """Say why none of a source's last pages became an article: its site may look different now. None if one did."""
    rows = warehouse.rows(
        """SELECT r.check_name, r.message, a.url IS NOT NULL FROM (
            SELECT url, asked_at FROM visits WHERE source = ? AND purpose = 'page' AND outcome = 'used'
            ORDER BY asked_at DESC, url LIMIT ?) v
        LEFT JOIN (SELECT item, min(check_name) AS check_name, min(message) AS message FROM rejected
            WHERE stage = 'clean' GROUP BY item) r ON r.item = v.url
        LEFT JOIN (SELECT DISTINCT url FROM articles) a ON a.url = v.url
        ORDER BY v.asked_at DESC, v.url""",
        [source.key, _LAST_PAGES],
    )
    if len(rows) < _FEWEST_PAGES or any(check is None or is_article for check, _, is_article in rows):
        return None
    check, message, _ = rows[0]
    return f"none of the last {len(rows)} pages is an article; the newest {message} ({check})"


def _checked(schema: Any, rows: list[dict[str, Any]]) -> pl.DataFrame:  # noqa: ANN401 - a pandera schema
    frame = pl.DataFrame(rows, schema=polars_schema(schema))
    schema.validate(frame)
    return frame
