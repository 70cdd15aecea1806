"""A batch of raw pages to articles; a page that is none becomes a rejection."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tasks.addresses import host, parts_of
from tasks.clean.page import clean_page
from tasks.errors import ItemError
from tasks.records import Article, Cleaned, RawPage, Rejection, unforeseen

if TYPE_CHECKING:
    from tasks.sources import Layout, Source


def clean_pages(pages: Iterable[RawPage], zone: ZoneInfo, sources: "Sequence[Source]" = ()) -> Cleaned:
    """Clean pages one by one; zone is the conflict's clock. sources: the declared ones, whose names articles bear."""
    by_key = {source.key: source for source in sources}
    articles: list[Article] = []
    rejections: list[Rejection] = []
    for page in pages:
        try:
            source = by_key.get(page.source or "") or source_at(page.url, sources)
            article = clean_page(page, zone, _layout(source, page) if source else None)
            articles.append(_named(article, sources))
        except ItemError as wrong:
            rejections.append(Rejection("clean", page.item, wrong.check, str(wrong)))
        except Exception as wrong:  # noqa: BLE001 - kept as a rejection, which fails the run after all others are loaded
            rejections.append(unforeseen("clean", page.item, wrong))
    return Cleaned(tuple(articles), tuple(rejections))


def _layout(source: "Source", page: RawPage) -> "Layout | None":
    """Choose the layout that held when the page was fetched: the first that had not ended."""
    day = page.fetched_at.date()
    return next((one for one in source.layouts if one.until is None or day <= one.until), None)


def _named(article: Article, sources: "Sequence[Source]") -> Article:
    """Name an article after the declared source whose site it is from, so that one outlet has one name.

    A name that was given, with a record or by a source that fetched it, stays.
    """
    known = source_at(article.url, sources)
    return replace(article, source=known.key) if known and article.source == host(article.url) else article


def source_at(url: str | None, sources: "Sequence[Source]") -> "Source | None":
    """Find the declared source that an address belongs to: the one with the longest of its sites that fits."""
    parts = parts_of(url)
    if parts is None:
        return None
    place = f"{host(url)}{parts.path}/"
    fitting = [
        (len(site), source) for source in sources for site in source.sites if place.startswith(f"{site.rstrip('/')}/")
    ]
    return max(fitting, key=lambda one: one[0])[1] if fitting else None
