"""The validate stage: records in, accepted rows and rejections out. No value is repaired.

A reading is accepted or refused as a whole. If one of its figures fails a check, the reader has misread the article,
and a report that rests on its other figures is no safer: the article stays, its figures and reports do not.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandera.errors
import polars as pl

from schemas.ledger import loaded_tables
from tasks.ddl import polars_schema
from tasks.records import Article, Reading, Rejection
from tasks.settings import Conflict
from tasks.validate.expectations import Frames, broken_references, expected_tables, with_context
from tasks.validate.rows import table_rows

READING_TABLES = ("swap_figures", "swap_reports", "report_evidence", "ordinal_claims")
ARTICLE_TABLES = ("articles", "embedded_posts")
REFUSED_READING = "reading_rejected"
Failure = tuple[str, int | None, str, str]
"""Table, row in it (None: the whole table), name of the check, what is wrong."""


@dataclass(frozen=True, slots=True)
class Validated:
    """Accepted rows by table, and what was refused."""

    frames: Frames
    rejections: tuple[Rejection, ...]

    @property
    def article_count(self) -> int:
        """How many articles were accepted."""
        return self.frames["articles"].height


def validate(articles: Iterable[Article], readings: Iterable[Reading], conflict: Conflict) -> Validated:
    """Check the records of a batch. An article that stands twice in it counts once, as it was read first."""
    once: dict[str, tuple[Article, Reading]] = {}
    for article, reading in zip(articles, readings, strict=True):
        known = once.get(article.article_id, (article, reading))
        first = min(known, (article, reading), key=_arrival)
        seen = [one.last_seen_at for one in (known[0], article) if one.last_seen_at]
        once[article.article_id] = (replace(first[0], last_seen_at=max(seen, default=None)), first[1])
    rows = table_rows([article for article, _ in once.values()], [reading for _, reading in once.values()], conflict)
    tables = loaded_tables(conflict.parties)
    return validate_frames(
        {name: pl.DataFrame(rows[name], schema=polars_schema(tables[name])) for name in rows}, conflict
    )


def _arrival(one: tuple[Article, Reading]) -> tuple[datetime, str, str]:
    article, _ = one
    return article.fetched_at, article.content_sha256, article.url or ""


def validate_frames(frames: Frames, conflict: Conflict) -> Validated:
    """Check the rows of a batch: pandera for each table, then what they say of each other."""
    failures = [
        failure
        for name, schema in expected_tables(conflict.parties).items()
        for failure in _table_failures(name, schema, with_context(name, frames))
    ]
    failures += broken_references(frames)
    rejections = [_rejection(frames, *failure) for failure in failures]
    return Validated(_accepted(frames, failures), tuple(rejections))


def _table_failures(name: str, schema: Any, frame: pl.DataFrame) -> list[Failure]:  # noqa: ANN401 - pandera's
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as wrong:
        cases = wrong.failure_cases.select("index", "check", "column", "failure_case").unique(maintain_order=True)
        return [
            (name, row, *_told(str(check), str(column), str(case))) for row, check, column, case in cases.iter_rows()
        ]
    return []


def _told(check: str, column: str, case: str) -> tuple[str, str]:
    """Give a check's name, and what is wrong, from pandera's wording of it."""
    short, _, meaning = check.partition(": ")
    shown = "" if case.startswith("{") else f" ({case[:80]})"
    return short.split("(")[0], f"{column}: {meaning or check}{shown}"


def _rejection(frames: Frames, name: str, row: int | None, check: str, message: str) -> Rejection:
    if row is None:
        return Rejection("validate", name, check, f"the whole batch: {message}")
    record = frames[name].row(row, named=True)
    item = f"{name}:{record['article_id']}"
    return Rejection(
        "validate",
        item,
        check,
        f"{message}; please report this article, the reader is wrong about it",
        json.dumps(record, ensure_ascii=False, default=_plain, sort_keys=True),
    )


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _accepted(frames: Frames, failures: list[Failure]) -> Frames:
    if any(row is None for _, row, _, _ in failures):
        return {name: frame.clear() for name, frame in frames.items()}
    bad_articles = _articles_of(frames, failures, ARTICLE_TABLES)
    bad_readings = _articles_of(frames, failures, READING_TABLES)
    accepted = {}
    for name, frame in frames.items():
        refused = bad_articles | bad_readings if name in READING_TABLES else bad_articles
        accepted[name] = frame.filter(~pl.col("article_id").is_in(list(refused)))
    accepted["articles"] = accepted["articles"].with_columns(
        pl.when(pl.col("article_id").is_in(list(bad_readings)))
        .then(pl.lit(REFUSED_READING))
        .otherwise(pl.col("no_report_because"))
        .alias("no_report_because")
    )
    return accepted


def _articles_of(frames: Frames, failures: list[Failure], tables: tuple[str, ...]) -> set[str]:
    return {frames[name]["article_id"][row] for name, row, _, _ in failures if name in tables and row is not None}
