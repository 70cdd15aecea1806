"""Which archived pages belong to a window of days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tasks.fetch.archive import Archived
from tasks.fetch.discovery import Window
from tasks.warehouse import Warehouse

_MOST_PARTS = 12
"""Of a window: every source is asked once in each, as a task run of its own, and many of those slow the server down."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the warehouse knows of archived pages of one content that became articles."""

    published_at: datetime | None
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class ArchivedPages:
    """What the archive has of a window and of the sources that were named, if any were.

    pages: the hash of each content, and the day by which it counts. stale: of these, those that are to be read again.
    outside: how many contents are left out. unknown: the sources, of those named, of which there is nothing at all.
    """

    pages: list[tuple[str, date]]
    stale: set[str]
    outside: int
    unknown: frozenset[str]


def known_pages(warehouse: Warehouse) -> dict[str, KnownPage]:
    """Give the pages that became articles, by the hash of their content."""
    rows = warehouse.rows("SELECT content_sha256, min(published_at), list(source) FROM articles GROUP BY ALL")
    return {content: KnownPage(published_at, frozenset(sources)) for content, published_at, sources in rows}


def stale_among(warehouse: Warehouse, contents: Iterable[str], version: str) -> set[str]:
    """Give the contents that this version of the program has not read to articles."""
    read = warehouse.rows("SELECT content_sha256 FROM readings WHERE reader_version = ?", [version])
    return set(contents) - {content for (content,) in read}


def months(first: date, last: date) -> list[Window]:
    """Cut a window into parts of calendar months, in order: of one month each, or of as many as make twelve parts."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    each = -(-count // _MOST_PARTS)
    begins = [_month(first, number) for number in range(0, count, each)]
    ends = [begin - timedelta(days=1) for begin in begins[1:]]
    return [Window(max(first, begin), min(last, end)) for begin, end in zip(begins, [*ends, last], strict=True)]


def _month(day: date, later: int) -> date:
    """Give the first day of a month, so many months later."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def pages_in_window(
    archived: Iterable[Archived],
    known: Mapping[str, KnownPage],
    first: date,
    last: date,
    sources: list[str] | None,
    zone: ZoneInfo,
) -> list[tuple[str, date]]:
    """Choose the archived pages of a window, both days inclusive, on the clock of `zone`.

    They come in the order in which they were fetched, so that a replay meets them as the first readings did.
    A page counts by its publication; without one, or when it never became an article, by when it was fetched. With
    `sources`, a page whose source is not known is left out. Given are the hash of the content and the day by which it
    counts.
    """
    chosen = []
    for one in sorted(archived, key=lambda one: (one.fetched_at, one.content_sha256)):
        page = known.get(one.content_sha256)
        moment = page.published_at if page and page.published_at else one.fetched_at
        day = moment.astimezone(zone).date()
        if first <= day <= last and (sources is None or not _sources_of(one, page).isdisjoint(sources)):
            chosen.append((one.content_sha256, day))
    return chosen


def sources_of(archived: Iterable[Archived], known: Mapping[str, KnownPage]) -> set[str]:
    """Give all sources of archived pages."""
    return {source for one in archived for source in _sources_of(one, known.get(one.content_sha256))}


def _sources_of(archived: Archived, known: KnownPage | None) -> frozenset[str]:
    """Give the sources of a page: those that gave it, and those that its articles name."""
    return archived.sources | (known.sources if known else frozenset())
