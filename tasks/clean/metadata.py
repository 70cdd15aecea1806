"""What a page says of itself: address, headline, times with their basis, whom it credits."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tasks.addresses import parts_of
from tasks.clean.outline import Outline, first_in_the_article
from tasks.clean.statements import Statements, statements_of
from tasks.clean.text import encodable, headline_of
from tasks.clean.times import published, updated
from tasks.records import Stamp

_FEW = 100
"""A page with more headings of the first rank has the article's among these."""
_META_AUTHORS = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "parsely-author",
    "sailthru.author",
)
_ENDS_OF_TITLE = re.compile(r"\s+(?:[|–:·»«/-]+|::)\s+")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; None for what it does not say.

    body: the article's text as JSON-LD states it. window: the text of the title element, which often names the site
    too. outlet: the names that the page gives its site. credited: whom it names as the article's authors.
    """

    url: str | None
    title: str | None
    published: Stamp | None = None
    updated: Stamp | None = None
    body: str | None = None
    window: str | None = None
    outlet: tuple[str, ...] = ()
    credited: tuple[str, ...] = ()


def read_metadata(outline: Outline, zone: ZoneInfo, found_at: str | None = None) -> Metadata:
    """Read a page's own statements. found_at: its address if it states none."""
    page = statements_of(outline)
    url = _address(page) or found_at
    titles = (tag.get_text(" ", strip=True) for tag in outline.stating if tag.name == "title")
    window = next(map(headline_of, titles), None)
    return Metadata(
        url,
        _headline(page, window),
        published(page, url, zone),
        updated(page, zone),
        body=max(page.of_stories("articleBody"), key=len, default=None),
        window=window,
        outlet=(*page.of_meta(["og:site_name"]), *page.names_under("publisher")),
        credited=(
            *page.names_under("author", "creator", "sourceOrganization"),
            *page.of_meta(_META_AUTHORS),
            *page.of_microdata("author"),
        ),
    )


def _address(page: Statements) -> str | None:
    """Give the page's address as it states it; a broken one is none."""
    for given in page.addresses:
        parts = parts_of(given)
        if parts and parts.scheme in ("http", "https"):
            return encodable(given)
    return None


def _headline(page: Statements, window: str | None) -> str | None:
    """Give the headline: the heading of the first rank that the page's statements say too, or else the first one.

    A heading that is the site's name is none. What stands behind the stated headline in the heading ("updated") is
    left out.
    """
    titles = [*page.of_stories("headline"), *page.of_meta(["og:title", "twitter:title"])]
    stated = [line for text in titles if (line := headline_of(text))]
    elements = page.outline.elements
    headings = [place for place, element in enumerate(elements) if element.name == "h1"][:_FEW]
    first = first_in_the_article(page.outline, headings)
    in_order = [place for place in (first, *headings) if place is not None]
    shown = [line for place in in_order if (line := headline_of(elements[place].tag.get_text(" ", strip=True)))]
    for line in shown:
        said = next((other for other in stated if other in line or line in other), None)
        if said is not None:
            return min(line, said, key=len)
    sites = {
        name for name in (headline_of(page.meta.get("og:site_name")), *_ENDS_OF_TITLE.split(window or "")[1:]) if name
    }
    own = [line for line in shown if not any(line.startswith(site) for site in sites)]
    return next(iter([*own, *stated]), None)
