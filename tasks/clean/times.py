"""When a page was published and when it was last changed: the first basis that gives a time, and what it was."""

import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from bs4 import Tag

from tasks.addresses import path
from tasks.clean.moments import Moment, day_in_address, moment, moment_shown, without_days
from tasks.clean.outline import first_in_the_article
from tasks.clean.statements import Statements, attribute
from tasks.clean.words import words
from tasks.records import Stamp

_A_LABEL = 40
_LITTLE = 15
"""Letters: "року", "Wednesday", "at", the name of a clock."""
_UPDATE_NAMES = re.compile(r"updat|modif", re.IGNORECASE)
_META_PUBLISHED = (
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
_META_UPDATED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "article:modified",
    "datemodified",
    "lastmod",
    "last-modified",
    "dc.date.modified",
    "dcterms.modified",
)


def published(page: Statements, url: str | None, zone: ZoneInfo) -> Stamp | None:
    """Take the first basis that gives a time of publication, in the order of the contract; None when none does."""
    written = _written(page, "datePublished", _META_PUBLISHED, zone)
    if written is None and (day := day_in_address(path(url))):
        written = day.on("url")
    return written or _time_element(page, zone)


def updated(page: Statements, zone: ZoneInfo) -> Stamp | None:
    """Take the first basis that gives a time of the last change; None when none does."""
    written = _written(page, "dateModified", _META_UPDATED, zone)
    if written is not None:
        return written
    known = next((time for _, time, is_update in _timed(page, zone) if is_update), None)
    return known.on("time_element") if known else None


def _written(page: Statements, key: str, meta: tuple[str, ...], zone: ZoneInfo) -> Stamp | None:
    """Take the first time that is written for programs."""
    bases = {"json_ld": page.of_stories(key), "meta": page.of_meta(meta), "microdata": page.of_microdata(key)}
    for basis, times in bases.items():
        known = next((parsed for written in times if (parsed := moment(written, zone))), None)
        if known:
            return known.on(basis)
    return None


def _time_element(page: Statements, zone: ZoneInfo) -> Stamp | None:
    """Take the first time element below the headline, or else of the page, that does not tell of a change."""
    elements = page.outline.elements
    times = {place: time for place, time, is_update in _timed(page, zone) if not is_update}
    headline = first_in_the_article(page.outline, [at for at, one in enumerate(elements) if one.name == "h1"])
    below = [at for at in times if headline is not None and at > headline]
    first = first_in_the_article(page.outline, below or list(times))
    return times[first].on("time_element") if first is not None else None


def _timed(page: Statements, zone: ZoneInfo) -> Iterator[tuple[int, Moment, bool]]:
    """Give the places of time elements that hold a time, and no duration: with it, and whether it is of a change."""
    for place, element in enumerate(page.outline.elements):
        written = attribute(element.tag, "datetime") if element.name == "time" else None
        time = moment(written, zone) if written else None
        if time is not None:
            yield place, time, _is_of_an_update(element.tag)


def _is_of_an_update(tag: Tag) -> bool:
    """Whether a time element tells of a change: by its names, or by the label before it."""
    names = " ".join([*tag.get_attribute_list("class"), *tag.get_attribute_list("itemprop")])
    before = tag.find_previous(string=True)
    labels = list(words().time_label.finditer(str(before or "")[-_A_LABEL:]))
    return _UPDATE_NAMES.search(names) is not None or (bool(labels) and labels[-1].lastgroup == "updated")


def times_shown(lines: Iterable[str], zone: ZoneInfo) -> tuple[Stamp | None, Stamp | None]:
    """Take the times of publication and of the last change from the lines that a page shows near its article.

    "Published: 17.07.2024, 16:05 / Updated: 18.07.2024": a time belongs to the label before it, and one without a
    label is of publication.
    """
    told: dict[bool, Moment | None] = {False: None, True: None}
    for line in lines:
        for is_update, part in _parts(line):
            told[is_update] = told[is_update] or moment_shown(part, zone)
    first, last = (known.on("dateline") if known else None for known in told.values())
    return first, last


def is_little_else(line: str) -> bool:
    """Whether a line is little else than times and their labels: a page's line, and no sentence of an article."""
    rest = without_days(words().time_label.sub(" ", line))
    return sum(map(str.isalpha, rest)) <= _LITTLE


def _parts(line: str) -> Iterable[tuple[bool, str]]:
    """Cut a line before each label; True for what stands behind one of an update."""
    start, is_update = 0, False
    for label in words().time_label.finditer(line):
        yield is_update, line[start : label.start()]
        start, is_update = label.end(), label.lastgroup == "updated"
    yield is_update, line[start:]
