"""A page's markup to the parts of an article: our reading of its structure, and a second opinion where there is doubt."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup

from tasks.clean.choice import Reading, choose, is_sure, read_structure
from tasks.clean.draft import Draft, finished
from tasks.clean.embeds import posts_of
from tasks.clean.metadata import read_metadata
from tasks.clean.outline import outline_of
from tasks.clean.second_opinion import second_opinion
from tasks.clean.text import headline_of
from tasks.records import DroppedBlock

_DEEP = 20_000
"""Elements. A page of more is no article's, and is not worth a second opinion."""


def article_text(html: str) -> str:
    """Give the body of a page's article without its headline, a line a paragraph: what ingest runs."""
    return "\n".join(finished(read_html(html, ZoneInfo("UTC"))).paragraphs)


def read_html(markup: str, zone: ZoneInfo, url: str | None = None) -> Draft:
    """Take a page apart: what it says of itself, posts, furniture, and the article's paragraphs.

    url: where the page was found, for pages that do not say it themselves.
    """
    with _collector_paused():
        return _draft(markup, zone, url)


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


def _draft(markup: str, zone: ZoneInfo, url: str | None) -> Draft:
    outline = outline_of(BeautifulSoup(markup, "lxml"))
    metadata = read_metadata(outline, zone, url)
    title = headline_of(metadata.title)
    reading = read_structure(outline)
    asks = not is_sure(reading) and len(outline.elements) <= _DEEP
    kept, basis = choose(reading, second_opinion(markup) if asks else None)
    headlines = {place for place in range(len(outline.blocks)) if _is_headline(reading, place, title)}
    unread = [DroppedBlock("no_text", text) for text in outline.unread]
    return Draft(
        metadata,
        title,
        [outline.blocks[place].text for place in kept if place not in headlines],
        posts_of(outline.frames, zone),
        [*unread, *_dropped(reading, headlines.union(kept))],
        basis,
    )


def _is_headline(reading: Reading, place: int, title: str | None) -> bool:
    """Whether a block is the page's headline, which has a place of its own."""
    block = reading.outline.blocks[place]
    return reading.outline.name_of(block) == "h1" and headline_of(block.text) in (title, None)


def _dropped(reading: Reading, kept: set[int]) -> list[DroppedBlock]:
    """Give what is left out of the text, neighbours of one reason together."""
    left = [place for place in range(len(reading.outline.blocks)) if place not in kept]
    return [
        DroppedBlock(reason, " ".join(reading.outline.blocks[place].text for place in places))
        for reason, places in groupby(left, key=lambda place: reading.reasons[place] or "outside")
    ]
