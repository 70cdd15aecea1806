"""What a page says of itself: address, headline, publication time with its basis."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from tasks.clean.moments import day_in_address, moment

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
    url = _address(soup) or found_at
    published_at, basis = _published(soup, stories, url, zone)
    return Metadata(url, _headline(soup, stories), published_at, basis)


def _address(soup: BeautifulSoup) -> str | None:
    canonical = soup.find("link", rel="canonical")
    given = _attribute(canonical, "href") or _meta(soup, "og:url")
    return given if given and urlsplit(given).scheme in ("http", "https") else None


def _headline(soup: BeautifulSoup, stories: list[dict[str, Any]]) -> str | None:
    in_article = soup.select_one("article h1") or soup.select_one("main h1") or soup.find("h1")
    shown = in_article.get_text(" ", strip=True) if in_article else ""
    stated = next((story["headline"] for story in stories if isinstance(story.get("headline"), str)), None)
    return shown or stated or _meta(soup, "og:title")


def _published(
    soup: BeautifulSoup, stories: list[dict[str, Any]], url: str | None, zone: ZoneInfo
) -> tuple[datetime | None, str | None]:
    """Take the first basis that gives a time, in the order of the contract."""
    written = {
        "json_ld": [story["datePublished"] for story in stories if isinstance(story.get("datePublished"), str)],
        "meta": [date for name in _META_DATES if (date := _meta(soup, name))],
        "microdata": [date for tag in soup.find_all(itemprop="datePublished") if (date := _stated_time(tag))],
    }
    for basis, dates in written.items():
        known = next((parsed for date in dates if (parsed := moment(date, zone))), None)
        if known:
            return known, basis
    if url and (known := day_in_address(urlsplit(url).path)):
        return known, "url"
    shown = soup.select_one("article time[datetime]") or soup.select_one("time[datetime]")
    known = moment(_attribute(shown, "datetime") or "", zone)
    return (known, "time_element") if known else (None, None)


def _stated_time(tag: Tag) -> str:
    return _attribute(tag, "content") or _attribute(tag, "datetime") or tag.get_text(strip=True)


def _meta(soup: BeautifulSoup, name: str) -> str | None:
    for attribute in ("property", "name"):
        tag = soup.find("meta", attrs={attribute: re.compile(rf"^{re.escape(name)}$", re.IGNORECASE)})
        if content := _attribute(tag, "content"):
            return content
    return None


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
    waiting = [stated]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_story(found: dict[str, Any]) -> bool:
    types = found.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.lower().endswith(_ARTICLE_TYPES) for name in named)
