"""What a page says of itself: address, headline, publication time with its basis."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from tasks.clean.addresses import parts_of, path
from tasks.clean.moments import day_in_address, moment
from tasks.clean.text import encodable, headline_of

_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dc.date",
    "dcterms.created",
    "date",
)
_ARTICLE_TYPES = ("article", "posting", "report")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None for what it does not say."""

    url: str | None
    title: str | None
    published_at: datetime | None
    published_basis: str | None


def read_metadata(soup: BeautifulSoup, zone: ZoneInfo, found_at: str | None = None) -> Metadata:
    """Read a page's own statements, before anything is taken out of it. found_at: its address if it states none."""
    stories = list(_stories(soup))
    meta = _meta_elements(soup)
    url = _address(soup, meta) or found_at
    published_at, basis = _published(soup, stories, meta, url, zone)
    return Metadata(url, _headline(soup, stories, meta), published_at, basis)


def _address(soup: BeautifulSoup, meta: dict[str, str]) -> str | None:
    """Give the page's address as it states it; a broken one is none."""
    for given in (_attribute(soup.find("link", rel="canonical"), "href"), meta.get("og:url")):
        parts = parts_of(given)
        if given and parts and parts.scheme in ("http", "https"):
            return encodable(given)
    return None


def _headline(soup: BeautifulSoup, stories: list[dict[str, Any]], meta: dict[str, str]) -> str | None:
    in_article = soup.select_one("article h1") or soup.select_one("main h1") or soup.find("h1")
    shown = in_article.get_text(" ", strip=True) if in_article else ""
    stated = (story["headline"] for story in stories if isinstance(story.get("headline"), str))
    return next((line for text in (shown, *stated, meta.get("og:title")) if (line := headline_of(text))), None)


def _published(
    soup: BeautifulSoup, stories: list[dict[str, Any]], meta: dict[str, str], url: str | None, zone: ZoneInfo
) -> tuple[datetime | None, str | None]:
    """Take the first basis that gives a time, in the order of the contract."""
    written = {
        "json_ld": [story["datePublished"] for story in stories if isinstance(story.get("datePublished"), str)],
        "meta": [meta[name] for name in _META_DATES if name in meta],
        "microdata": [date for tag in soup.find_all(itemprop="datePublished") if (date := _stated_time(tag))],
    }
    for basis, dates in written.items():
        known = next((parsed for date in dates if (parsed := moment(date, zone))), None)
        if known:
            return known, basis
    if known := day_in_address(path(url)):
        return known, "url"
    shown = soup.select_one("article time[datetime]") or soup.select_one("time[datetime]")
    known = moment(_attribute(shown, "datetime") or "", zone)
    return (known, "time_element") if known else (None, None)


def _stated_time(tag: Tag) -> str:
    return _attribute(tag, "content") or _attribute(tag, "datetime") or tag.get_text(strip=True)


def _meta_elements(soup: BeautifulSoup) -> dict[str, str]:
    """Collect what the meta elements state, by name in lower case: a property goes before a name, the first wins."""
    stated: dict[str, dict[str, str]] = {"property": {}, "name": {}}
    for tag in soup.find_all("meta"):
        content = _attribute(tag, "content")
        for attribute, known in stated.items():
            name = _attribute(tag, attribute)
            if name and content:
                known.setdefault(name.lower(), content)
    return stated["name"] | stated["property"]


def _attribute(tag: object, name: str) -> str | None:
    value = tag.get(name) if isinstance(tag, Tag) else None
    return value.strip() or None if isinstance(value, str) else None


def _stories(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """Give the JSON-LD objects that describe an article; a script that is not JSON says nothing."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            stated = json.loads(script.get_text(), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (found for found in _objects(stated) if _is_story(found))


def _objects(stated: object) -> Iterator[dict[str, Any]]:
    waiting = deque([stated])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_story(found: dict[str, Any]) -> bool:
    types = found.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.lower().endswith(_ARTICLE_TYPES) for name in named)
