"""How much text the elements of a page hold, worked out in one walk from the innermost to the outermost."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

BLOCKS = (
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figure",
    "form",
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
)
"""Elements at whose borders a paragraph ends."""
_CONTAINERS = frozenset(BLOCKS) - {"br", "hr"}


@dataclass(slots=True)
class Outline:
    """Characters of text by the id() of an element.

    whole: all its text. own: running text of its own, in a paragraph, or in a division used as one. prose: running
    text of its own and of all elements in it.
    """

    whole: dict[int, int] = field(default_factory=dict)
    own: dict[int, int] = field(default_factory=dict)
    prose: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Sums:
    whole: int = 0
    loose: int = 0
    linked: int = 0
    prose: int = 0
    has_container: bool = False

    def add_text(self, text: str) -> None:
        self.whole += len(text)
        self.loose += len(text.strip())

    def add(self, child: Tag, sums: "_Sums") -> None:
        self.whole += sums.whole
        self.prose += sums.prose
        if child.name in _CONTAINERS:
            self.has_container = True
        else:
            self.loose += sums.loose
            self.linked += sums.whole if child.name == "a" else sums.linked


def outline_of(soup: BeautifulSoup) -> Outline:
    """Sum up the text of every element, each once; links count against running text."""
    outline = Outline()
    known: dict[int, _Sums] = {}
    for tag in reversed([soup, *soup.find_all(True)]):
        sums = _Sums()
        for part in tag.children:
            if isinstance(part, Tag):
                sums.add(part, known.pop(id(part)))
            elif type(part) in (NavigableString, CData):
                sums.add_text(str(part))
        own = max(0, sums.loose - 2 * sums.linked) if _is_paragraph(tag, sums) else 0
        sums.prose += own
        known[id(tag)] = sums
        outline.whole[id(tag)], outline.own[id(tag)], outline.prose[id(tag)] = sums.whole, own, sums.prose
    return outline


def _is_paragraph(tag: Tag, sums: _Sums) -> bool:
    return tag.name == "p" or (tag.name == "div" and not sums.has_container)


def paragraphs_in(body: Tag, outline: Outline) -> Iterator[tuple[Tag, int]]:
    """Give the elements in `body` that hold running text of their own, and how much."""
    for tag in body.find_all(["p", "div"]):
        if outline.own.get(id(tag), 0) > 0:
            yield tag, outline.own[id(tag)]
