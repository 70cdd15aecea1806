"""What a page says of itself: address, headline, publication time with its basis."""

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import Tag

from tasks.clean.addresses import parts_of, path
from tasks.clean.moments import day_in_address, moment
from tasks.clean.outline import Outline
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
_FEW = 100
"""A page with more headings of the first rank, or more times, has the article's among these."""
_DEEPEST = 300
"""How many ancestors are looked at: no article is nested deeper, and the time stays in proportion."""
_ENDS_OF_TITLE = re.compile(r"\s+(?:[|–:·»«/-]+|::)\s+")
_ARTICLE_TYPES = ("article", "posting", "report")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None for what it does not say.

    body: the article's text as JSON-LD states it. window: the text of the title element, which often names the site
    too.
    """

    url: str | None
    title: str | None
    published_at: datetime | None
    published_basis: str | None
    body: str | None = None
    window: str | None = None


def read_metadata(outline: Outline, zone: ZoneInfo, found_at: str | None = None) -> Metadata:
    """Read a page's own statements. found_at: its address if it states none."""
    stories = list(_stories(outline))
    meta = _meta_elements(outline)
    url = _address(outline, meta) or found_at
    published_at, basis = _published(outline, stories, meta, url, zone)
    bodies = (story["articleBody"] for story in stories if isinstance(story.get("articleBody"), str))
    window = next((headline_of(tag.get_text(" ", strip=True)) for tag in outline.stating if tag.name == "title"), None)
    title = _headline(outline, stories, meta, window)
    return Metadata(url, title, published_at, basis, max(bodies, key=len, default=None), window)


def _address(outline: Outline, meta: dict[str, str]) -> str | None:
    """Give the page's address as it states it; a broken one is none."""
    links = (tag for tag in outline.stating if tag.name == "link" and "canonical" in tag.get_attribute_list("rel"))
    for given in (_attribute(next(links, None), "href"), meta.get("og:url")):
        parts = parts_of(given)
        if given and parts and parts.scheme in ("http", "https"):
            return encodable(given)
    return None


def _headline(outline: Outline, stories: list[dict[str, Any]], meta: dict[str, str], window: str | None) -> str | None:
    """Give the headline: the heading of the first rank that the page's statements say too, or else the first one.

    A heading that is the site's name is none. What stands behind the stated headline in the heading ("updated") is
    left out.
    """
    stated: list[str] = [story["headline"] for story in stories if isinstance(story.get("headline"), str)]
    stated = [
        line for text in (*stated, meta.get("og:title"), meta.get("twitter:title")) if (line := headline_of(text))
    ]
    headings = [place for place, element in enumerate(outline.elements) if element.name == "h1"][:_FEW]
    first = _in_the_article(outline, headings)
    in_order = [place for place in (first, *headings) if place is not None]
    shown = [line for place in in_order if (line := headline_of(outline.elements[place].tag.get_text(" ", strip=True)))]
    for line in shown:
        said = next((other for other in stated if other in line or line in other), None)
        if said is not None:
            return min(line, said, key=len)
    sites = {name for name in (headline_of(meta.get("og:site_name")), *_ENDS_OF_TITLE.split(window or "")[1:]) if name}
    own = [line for line in shown if not any(line.startswith(site) for site in sites)]
    return next(iter([*own, *stated]), None)


def _in_the_article(outline: Outline, places: list[int]) -> int | None:
    """Give the first of some elements in the page's article, or else in its main part, or else of all."""
    for part in ("article", "main"):
        for place in places[:_FEW]:
            if any(outline.elements[above].name == part for above in islice(outline.above(place), _DEEPEST)):
                return place
    return places[0] if places else None


def _published(
    outline: Outline, stories: list[dict[str, Any]], meta: dict[str, str], url: str | None, zone: ZoneInfo
) -> tuple[datetime | None, str | None]:
    """Take the first basis that gives a time, in the order of the contract."""
    dated = (tag for tag in outline.stating if "datePublished" in tag.get_attribute_list("itemprop"))
    written = {
        "json_ld": [story["datePublished"] for story in stories if isinstance(story.get("datePublished"), str)],
        "meta": [meta[name] for name in _META_DATES if name in meta],
        "microdata": [date for tag in dated if (date := _stated_time(tag))],
    }
    for basis, dates in written.items():
        known = next((parsed for date in dates if (parsed := moment(date, zone))), None)
        if known:
            return known, basis
    if known := day_in_address(path(url)):
        return known, "url"
    shown = [
        place
        for place, element in enumerate(outline.elements)
        if element.name == "time" and "datetime" in element.tag.attrs
    ]
    headline = _in_the_article(outline, [place for place, one in enumerate(outline.elements) if one.name == "h1"])
    below = [place for place in shown if headline is not None and place > headline]
    first = _in_the_article(outline, below or shown)
    known = moment(_attribute(outline.elements[first].tag, "datetime") or "", zone) if first is not None else None
    return (known, "time_element") if known else (None, None)


def _stated_time(tag: Tag) -> str:
    return _attribute(tag, "content") or _attribute(tag, "datetime") or tag.get_text(strip=True)


def _meta_elements(outline: Outline) -> dict[str, str]:
    """Collect what the meta elements state, by name in lower case: a property goes before a name, the first wins."""
    stated: dict[str, dict[str, str]] = {"property": {}, "name": {}}
    for tag in outline.stating:
        content = _attribute(tag, "content") if tag.name == "meta" else None
        for attribute, known in stated.items():
            name = _attribute(tag, attribute) if content else None
            if name and content:
                known.setdefault(name.lower(), content)
    return stated["name"] | stated["property"]


def _attribute(tag: object, name: str) -> str | None:
    value = tag.get(name) if isinstance(tag, Tag) else None
    return value.strip() or None if isinstance(value, str) else None


def _stories(outline: Outline) -> Iterator[dict[str, Any]]:
    """Give the JSON-LD objects that describe an article; a script that is not JSON says nothing."""
    for script in outline.stating:
        if script.name != "script" or _attribute(script, "type") != "application/ld+json":
            continue
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
