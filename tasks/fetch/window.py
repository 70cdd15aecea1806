"""Which archived pages belong to a window of days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tasks.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What the warehouse knows of archived pages of one content that became articles."""

    published_at: datetime | None
    sources: frozenset[str]


def known_pages(warehouse: Warehouse) -> dict[str, KnownPage]:
    """Give the pages that became articles, by the hash of their content."""
    rows = warehouse.rows("SELECT content_sha256, min(published_at), list(source) FROM articles GROUP BY ALL")
    return {content: KnownPage(published_at, frozenset(sources)) for content, published_at, sources in rows}


def pages_in_window(
    archived: Iterable[tuple[str, datetime]],
    known: Mapping[str, KnownPage],
    first: date,
    last: date,
    sources: list[str] | None,
    zone: ZoneInfo,
) -> list[str]:
    """Choose the archived pages of a window, both days inclusive, on the clock of `zone`.

    They come in the order in which they were fetched, so that a replay meets them as the first readings did.
    A page counts by its publication; without one, or when it never became an article, by when it was fetched. With
    `sources`, a page whose source is not known is left out. archived: (hash of the content, when it was fetched).
    """
    chosen = []
    for content, fetched_at in sorted(archived, key=lambda page: (page[1], page[0])):
        page = known.get(content)
        moment = page.published_at if page and page.published_at else fetched_at
        wanted = sources is None or (page is not None and not page.sources.isdisjoint(sources))
        if wanted and first <= moment.astimezone(zone).date() <= last:
            chosen.append(content)
    return chosen
