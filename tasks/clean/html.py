"""A page's markup to the parts of an article: beautifulsoup4 does the structural work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement, PreformattedString

from tasks.clean.embeds import take_posts
from tasks.clean.metadata import Metadata, read_metadata
from tasks.clean.text import one_form
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
    "form",
    "object",
    "video",
    "audio",
]
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
_BLOCKS = [
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "tr",
    "ul",
]
_CONTAINERS = frozenset(_BLOCKS) - {"br", "hr"}
_BREAK = "\x1e"
_NAME_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_LARGEST_DROPPED_SHARE = 0.4
"""What holds more of the page's running text than this is the article, whatever its class is called."""
_DEEPEST = 300
"""Elements nested deeper are not looked at one by one: no article is, and the time stays in proportion."""


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
    for heading in body.find_all("h1"):
        heading.decompose()
    title = one_form(metadata.title).replace("\n", " ") if metadata.title else None
    return Draft(metadata, title, _paragraphs(body), posts, dropped)


def _drop_furniture(soup: BeautifulSoup) -> list[DroppedBlock]:
    for tag in soup.find_all(_NEVER_TEXT):
        tag.decompose()
    lengths = _prose_lengths(soup)
    most = _LARGEST_DROPPED_SHARE * lengths.get(id(soup), 0)
    dropped = []
    gone: set[int] = set()
    for tag in soup.find_all(True):
        if id(tag) in gone or tag.name in ("html", "body", "head"):
            continue
        reason = _furniture_reason(tag)
        if reason and (most == 0 or lengths.get(id(tag), 0) <= most):
            text = one_form(tag.get_text(" ", strip=True)).replace("\n", " ")
            if text:
                dropped.append(DroppedBlock(reason, text))
            gone.update(id(inner) for inner in tag.find_all(True))
            tag.extract()
    return dropped


def _prose(soup: Tag) -> Iterator[tuple[Tag, int]]:
    """Give the elements that hold running text, and its length: paragraphs, and divisions used as paragraphs."""
    for tag in soup.find_all(["p", "div"]):
        if tag.name == "p" or not any(isinstance(part, Tag) and part.name in _CONTAINERS for part in tag.children):
            linked = sum(len(link.get_text()) for link in tag.find_all("a"))
            length = len(tag.get_text(strip=True)) - 2 * linked
            if length > 0:
                yield tag, length


def _prose_lengths(soup: BeautifulSoup) -> dict[int, int]:
    """Sum up for each element, by its id(), how many characters of running text it holds."""
    lengths: dict[int, int] = {}
    for tag, length in _prose(soup):
        for element in (tag, *islice(tag.parents, _DEEPEST)):
            lengths[id(element)] = lengths.get(id(element), 0) + length
    return lengths | {id(soup): sum(length for _, length in _prose(soup))}


def _furniture_reason(tag: Tag) -> str | None:
    if tag.name == "header" and tag.find_parent(["article", "main"]) is None and tag.find("h1") is None:
        return "header"
    role = tag.get("role")
    by_tag = _FURNITURE_TAGS.get(tag.name) or (_FURNITURE_ROLES.get(role) if isinstance(role, str) else None)
    return by_tag or _reason_by_name(tag)


def _reason_by_name(tag: Tag) -> str | None:
    """Judge by the words of class names and id: 'c-related-stories' is furniture, 'correlated' is not."""
    known = words().elements
    for name in [*tag.get_attribute_list("class"), *tag.get_attribute_list("id")]:
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
    lengths = _prose_lengths(soup)
    for selector in ("[itemprop~=articleBody]", "article", "main"):
        longest = max(soup.select(selector), key=lambda tag: lengths.get(id(tag), 0), default=None)
        if longest is not None and lengths.get(id(longest), 0) > _LARGEST_DROPPED_SHARE * lengths[id(soup)]:
            return longest
    return _densest_element(soup.body or soup)


def _densest_element(body: Tag) -> Tag:
    scores: dict[int, float] = {}
    elements: dict[int, Tag] = {}
    for tag, length in _prose(body):
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
            border = [_BREAK] if part.name in _BLOCKS else []
            waiting += [*border, *reversed(part.contents), *border]
        elif not isinstance(part, PreformattedString):
            pieces.append(str(part).replace("\n", " "))
    paragraphs = (one_form(piece) for piece in "".join(pieces).split(_BREAK))
    return [paragraph for paragraph in paragraphs if paragraph]
