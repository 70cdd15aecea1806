"""A page's markup to the parts of an article: beautifulsoup4 does the structural work."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, pairwise, repeat
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement, PreformattedString

from tasks.clean.embeds import take_posts
from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.outline import BLOCKS, Outline, outline_of, paragraphs_in
from tasks.clean.text import headline_of, one_form
from tasks.clean.words import words
from tasks.records import DroppedBlock, Post

_NEVER_TEXT = [
    "script",
    "style",
    "template",
    "noscript",
    "svg",
    "iframe",
    "select",
    "button",
    "object",
    "video",
    "audio",
]
_NEVER_TOLD = ("script", "style", "template")
"""What is no text at all. Of everything else that is left out the ledger keeps a block."""
_FURNITURE_TAGS = {
    "nav": "navigation",
    "footer": "footer",
    "aside": "related",
    "figcaption": "caption",
    "dialog": "cookie",
    "menu": "navigation",
}
_FURNITURE_ROLES = {
    "navigation": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "dialog": "cookie",
    "complementary": "related",
    "search": "navigation",
}
_STRONG_REASONS = ("comments", "cookie", "related", "newsletter", "read_also")
_SHORT_FORM = 200
"""A form with no more text than this, and hardly any of it running text, is a box to fill in."""
_RUNNING_TEXT = 80
"""Characters of running text outside all furniture from which on the article cannot be inside of it."""
_HEADER_PARTS = 1000
"""A page's header with its headline has it among its first parts."""
_BREAK = "\x1e"
_NAME_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_LARGEST_DROPPED_SHARE = 0.4
"""What holds more of the page's running text than this is the article, whatever its class is called."""
_DEEPEST = 300
"""How many ancestors are looked at: no article is nested deeper, and the time stays in proportion."""


@dataclass(slots=True)
class Draft:
    """The parts of an article, before its text is put together."""

    metadata: Metadata
    title: str | None
    paragraphs: list[str]
    posts: list[Post] = field(default_factory=list)
    dropped: list[DroppedBlock] = field(default_factory=list)


def read_html(markup: str, zone: ZoneInfo, url: str | None = None) -> Draft:
    """Take a page apart: what it says of itself, posts, furniture, and the article's paragraphs.

    url: where the page was found, for pages that do not say it themselves.
    """
    soup = BeautifulSoup(markup, "lxml")
    metadata = read_metadata(soup, zone, url)
    posts = take_posts(soup, zone)
    dropped = _drop_furniture(soup)
    body = _main_element(soup)
    title = headline_of(metadata.title)
    for heading in body.find_all("h1"):
        if headline_of(heading.get_text(" ", strip=True)) in (title, None):
            heading.decompose()
    return Draft(metadata, title, _paragraphs(body), posts, dropped)


@dataclass(frozen=True, slots=True)
class _Hit:
    """An element that looks like furniture. is_weak: only its name says so, and names may mislead."""

    tag: Tag
    reason: str
    is_weak: bool


def _drop_furniture(soup: BeautifulSoup) -> list[DroppedBlock]:
    dropped = [block for block in map(_taken_out, soup.find_all(_NEVER_TEXT), repeat("no_text")) if block]
    outline = outline_of(soup)
    most = _LARGEST_DROPPED_SHARE * outline.prose[id(soup)]
    hits = [hit for tag in soup.find_all(True) if (hit := _hit(tag, outline))]
    large = {id(hit.tag) for hit in hits if outline.prose[id(hit.tag)] > most > 0}
    rescued = {id(hit.tag) for hit in hits if hit.is_weak and id(hit.tag) in large}
    sure = _outermost(hit for hit in hits if id(hit.tag) not in rescued)
    outside = outline.prose[id(soup)] - sum(outline.prose[id(hit.tag)] for hit in sure)
    if outside < _RUNNING_TEXT:
        sure = _outermost(hit for hit in hits if id(hit.tag) not in large)
    return dropped + [block for hit in sure if (block := _taken_out(hit.tag, hit.reason))]


def _outermost(hits: Iterable[_Hit]) -> list[_Hit]:
    """Leave out the hits inside other hits; they come in the order of the page."""
    inside: set[int] = set()
    outermost = []
    for hit in hits:
        if id(hit.tag) not in inside:
            outermost.append(hit)
            inside.update(id(inner) for inner in hit.tag.find_all(True))
    return outermost


def _taken_out(tag: Tag, reason: str) -> DroppedBlock | None:
    """Take an element out of the page; give what stood in it, if it was text."""
    if tag.decomposed:
        return None
    text = None if tag.name in _NEVER_TOLD else headline_of(tag.get_text(" ", strip=True))
    tag.decompose()
    return DroppedBlock(reason, text) if text else None


def _hit(tag: Tag, outline: Outline) -> _Hit | None:
    """Say whether an element is furniture: by its tag or role, what kind of form it is, or its name."""
    if tag.name in ("html", "body", "head"):
        return None
    role = tag.get("role")
    by_tag = _FURNITURE_TAGS.get(tag.name) or (_FURNITURE_ROLES.get(role) if isinstance(role, str) else None)
    if by_tag:
        return _Hit(tag, by_tag, is_weak=False)
    if _is_page_header(tag):
        return _Hit(tag, "header", is_weak=True)
    if reason := _reason_by_name(tag):
        return _Hit(tag, reason, is_weak=reason not in _STRONG_REASONS)
    is_box = outline.prose[id(tag)] < _RUNNING_TEXT and outline.whole[id(tag)] <= _SHORT_FORM
    return _Hit(tag, "form", is_weak=True) if tag.name == "form" and is_box else None


def _is_page_header(tag: Tag) -> bool:
    if tag.name != "header" or any(parent.name in ("article", "main") for parent in islice(tag.parents, _DEEPEST)):
        return False
    return not any(getattr(inner, "name", None) == "h1" for inner in islice(tag.descendants, _HEADER_PARTS))


def _reason_by_name(tag: Tag) -> str | None:
    """Judge by the words of class names and id: 'c-related-stories' is furniture, 'correlated' is not."""
    known = words().elements | (words().forms if tag.name == "form" else {})
    names = ("class", "id", "name", "action") if tag.name == "form" else ("class", "id")
    for name in (value for attribute in names for value in tag.get_attribute_list(attribute)):
        parts = [part.lower() for part in _NAME_WORDS.findall(str(name or ""))]
        pairs = [f"{first} {second}" for first, second in pairwise(parts)]
        reason = next((known[part] for part in [*pairs, *parts, "".join(parts)] if part in known), None)
        if reason:
            return reason
    return None


def _main_element(soup: BeautifulSoup) -> Tag:
    """Find the element that holds the article.

    What the page marks as its article is believed if it holds a fair part of the running text; else the element
    whose text, its own and half of its children's, is longest.
    """
    outline = outline_of(soup)
    for selector in ("[itemprop~=articleBody]", "article", "main"):
        longest = max(soup.select(selector), key=lambda tag: outline.prose[id(tag)], default=None)
        if longest is not None and outline.prose[id(longest)] > _LARGEST_DROPPED_SHARE * outline.prose[id(soup)]:
            return longest
    return _densest_element(soup.body or soup, outline)


def _densest_element(body: Tag, outline: Outline) -> Tag:
    scores: dict[int, float] = {}
    elements: dict[int, Tag] = {}
    for tag, length in paragraphs_in(body, outline):
        for ancestor, share in zip(tag.parents, (1.0, 0.5), strict=False):
            elements[id(ancestor)] = ancestor
            scores[id(ancestor)] = scores.get(id(ancestor), 0.0) + share * length
    best = max(scores, key=lambda element: scores[element], default=None)
    return elements[best] if best is not None else body


def _paragraphs(body: Tag) -> list[str]:
    """Give the texts between the borders of block elements."""
    pieces: list[str] = []
    waiting: list[PageElement | str] = [body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tag):
            border = [_BREAK] if part.name in BLOCKS else []
            waiting += [*border, *reversed(part.contents), *border]
        elif not isinstance(part, PreformattedString):
            pieces.append(str(part).replace("\n", " "))
    paragraphs = (one_form(piece) for piece in "".join(pieces).split(_BREAK))
    return [paragraph for paragraph in paragraphs if paragraph]
