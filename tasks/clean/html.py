"""A page's markup to the parts of an article: our reading of its structure, and a second opinion in doubt."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup

from tasks.addresses import host
from tasks.clean.choice import NO_ARTICLE, Reading, choose, heading_above, is_article, is_sure, read_structure
from tasks.clean.draft import Draft, finished
from tasks.clean.embeds import PLATFORMS, posts_of
from tasks.clean.layout import lay_out
from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.outline import Outline, outline_of, without_code
from tasks.clean.second_opinion import day_found, second_opinion
from tasks.clean.text import furniture, headline_of, one_form
from tasks.clean.times import is_little_else, times_shown
from tasks.records import DroppedBlock

if TYPE_CHECKING:
    from tasks.sources import Layout

_CLOSING_TAG = re.compile(r"</(?:p|div|li|h[1-6]|figure)>")
_MARKS_OF_ESCAPING = 2
_A_TEXT = 400
"""Characters: a text that a page states for programs is the article if it is so long, and twice what the page shows."""
_NEAR = 10
"""Blocks before and behind the headline among which the day of publication stands."""
_A_DATE_LINE = 90
_DEEP = 20_000
"""Elements. A page of more is no article's, and is not worth a second opinion."""


def article_text(html: str) -> str:
    """Give the body of a page's article, a line a paragraph, without its headline and standfirst: what ingest runs."""
    return "\n".join(finished(read_html(html, ZoneInfo("UTC"))).paragraphs)


def read_html(markup: str, zone: ZoneInfo, url: str | None = None, layout: "Layout | None" = None) -> Draft:
    """Take a page apart: what it says of itself, posts, furniture, and the article's paragraphs.

    url: where the page was found, for pages that do not say it themselves. layout: where the article stands, for sites
    that need to be told.
    """
    with _collector_paused():
        return _draft(markup, zone, url, layout)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Let Python look for garbage later: a page's tree is built and left as a whole, and looking costs a sixth more."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _draft(markup: str, zone: ZoneInfo, url: str | None, layout: "Layout | None") -> Draft:
    soup = BeautifulSoup(without_code(markup), "lxml")
    outline = outline_of(soup)
    if _is_escaped(outline) and (unescaped := unescape(markup)) != markup:
        return _draft(unescaped, zone, url, layout)
    metadata = read_metadata(outline, zone, url)  # what a page states of itself stands anywhere in it
    if layout is not None:
        lay_out(soup, layout)
        outline = outline_of(soup)
        metadata = replace(metadata, title=read_metadata(outline, zone, url).title or metadata.title)
    draft = _read(outline, metadata, markup, zone, is_laid_out=layout is not None)
    soup.decompose()  # a tree's parts hold each other; taken apart, they need no collector
    return draft


def _read(outline: Outline, metadata: Metadata, markup: str, zone: ZoneInfo, *, is_laid_out: bool) -> Draft:
    title = headline_of(metadata.title)
    reading = read_structure(outline)
    asks = not is_laid_out and not is_sure(reading) and len(outline.elements) <= _DEEP
    headlines = {place for place in range(len(outline.blocks)) if _is_headline(reading, place, title)}
    choice = choose(reading, second_opinion(markup) if asks else None, min(headlines, default=None))
    if not is_article(reading, choice, title):
        choice = NO_ARTICLE
    posts = posts_of(outline.frames, zone)
    if not choice.kept and posts and host(metadata.url) in PLATFORMS:
        title = None
    if title is None and (place := heading_above(reading, choice, metadata.window)) is not None:
        title = outline.blocks[place].text
        headlines.add(place)
    paragraphs = [outline.blocks[place].text for place in choice.kept if place not in headlines]
    stated = _stated_body(metadata, paragraphs)
    unread = [DroppedBlock("no_text", text) for text in outline.unread]
    return Draft(
        metadata
        if posts and not paragraphs
        else _with_lines_shown(metadata, reading, {*choice.kept}, headlines, markup, zone),
        title,
        stated or paragraphs,
        posts,
        [*unread, *_dropped(reading, {*headlines, *choice.kept, choice.standfirst})],
        "stated" if stated else choice.basis,
        outline.blocks[choice.standfirst].text if choice.standfirst is not None else None,
    )


def _is_escaped(outline: Outline) -> bool:
    """Whether markup is shown as text: it was escaped once too often on its way."""
    return sum(len(_CLOSING_TAG.findall(block.text)) for block in outline.blocks) >= _MARKS_OF_ESCAPING


def _stated_body(metadata: Metadata, paragraphs: list[str]) -> list[str] | None:
    """Give the text that the page states for programs, if what it shows is only a stub of it."""
    lines = [line for line in one_form(metadata.body or "").split("\n") if line]
    length = sum(map(len, lines))
    return lines if length >= _A_TEXT and length >= 2 * sum(map(len, paragraphs)) else None


def _with_lines_shown(
    metadata: Metadata, reading: Reading, kept: set[int], headlines: set[int], markup: str, zone: ZoneInfo
) -> Metadata:
    """Add what the page shows near its article: bylines, and times that it does not state, or that htmldate finds."""
    blocks = reading.outline.blocks
    first = min([*headlines, *reading.own], default=0)
    near = [*range(first, min(len(blocks), first + _NEAR)), *reversed(range(max(0, first - _NEAR), first))]
    # A sentence of the article, a caption or another story names other days than the page's own.
    own = [place for place in near if place not in kept and reading.reasons[place] in (None, "byline")]
    own += [place for place in near if place in kept and is_little_else(blocks[place].text)]
    short = [place for place in sorted(own, key=near.index) if len(blocks[place].text) <= _A_DATE_LINE]
    published, updated = times_shown((blocks[place].text for place in short), zone)
    if metadata.published is None and published is None and (found := day_found(markup)):
        is_the_update = updated is not None and updated.at.date() == found.at.date()
        published = None if is_the_update else found.on("dateline")
    bylines = (text for place in short if "byline" in (reading.reasons[place], furniture(text := blocks[place].text)))
    return replace(
        metadata,
        published=metadata.published or published,
        updated=metadata.updated or updated,
        credited=(*metadata.credited, *bylines),
    )


def _is_headline(reading: Reading, place: int, title: str | None) -> bool:
    """Whether a block is the page's headline, which has a place of its own."""
    block = reading.outline.blocks[place]
    return reading.outline.name_of(block) == "h1" and headline_of(block.text) in (title, None)


def _dropped(reading: Reading, kept: set[int | None]) -> list[DroppedBlock]:
    """Give what is left out of the text, neighbours of one reason together."""
    left = [place for place in range(len(reading.outline.blocks)) if place not in kept]
    return [
        DroppedBlock(reason, " ".join(reading.outline.blocks[place].text for place in places))
        for reason, places in groupby(left, key=lambda place: reading.reasons[place] or "outside")
    ]
