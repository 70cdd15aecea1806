"""A page in one walk: its elements, the blocks of text in them, embedded posts, and what the page says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement

from tasks.clean.embeds import platform_of
from tasks.clean.furniture import Hit, hit_of
from tasks.clean.text import one_form

_BORDERS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html",
    "legend", "li", "main", "menu", "nav", "noscript", "ol", "option", "p", "pre", "section", "summary", "table",
    "tbody", "tfoot", "thead", "tr", "ul",
))  # fmt: skip
"""Elements at whose borders a paragraph ends."""
_LINE_ENDS = ("br", "hr")
_CELLS = ("td", "th")
_IN_LAYOUTS = ("p", "div", "br", "table", "ul")
"""A cell that holds one of these is part of a page's layout, and no cell of a table."""
_BETWEEN_CELLS = " | "
_INLINE = ("a", "b", "strong", "em")
_BORDER = "\ue000"
"""Stands where an inline element begins or ends, until it is known whether the page leaves the spaces there out."""
_GLUED = re.compile(rf"(?<=[\w.,;:!?]){_BORDER}(?=\w)")
_SPACED = re.compile(rf"\s{_BORDER}|{_BORDER}\s")
_UNREAD = frozenset((
    "script", "style", "template", "svg", "select", "button", "object", "video", "audio", "iframe", "canvas", "math",
    "map", "textarea",
))  # fmt: skip
"""What is no text of an article. Of what can be read in it the ledger keeps a block, unless it is code."""
_CODE = ("script", "style", "template")
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,200}\?>")
_INDENT = re.compile(
    r"(?<=>)\s+(?=</?(?:div|p|ul|ol|li|section|article|aside|nav|header|footer|main|figure|form|meta|link|h[1-6]|t[rdh])\b)"
)
"""Space before an element that ends a paragraph: nobody sees it, and a parser makes an object of it."""
_CODE_BEGINS = re.compile(r"<(script|style|svg)\b[^<>]{0,2000}>|<!--", re.IGNORECASE)
_CODE_ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("script", "style", "svg")}
_COMMENT_ENDS = re.compile("-->")
_STATING_CODE = re.compile(r"ld\+json|data-telegram-post", re.IGNORECASE)
_STATES = frozenset(("meta", "link", "time", "script", "title"))
_UNSEEN = re.compile(r"sr-only|visually-?hidden|screen-?reader|a11y-hidden|assistive-text", re.IGNORECASE)
"""Classes of words that only screen readers speak: "opens in a new tab"."""
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAMES_REMEMBERED = 50_000
_FEW = 100
"""A page with more headings of the first rank, or more times, has the article's among these."""
_DEEPEST = 300
"""How many ancestors are looked at: no article is nested deeper, and the time stays in proportion."""
_A_SENTENCE = 40
"""Characters from which on a run of text may be running text outside a paragraph's element."""


@dataclass(slots=True)
class Element:
    """An element. parent: its place among the elements, -1 for none. hit: why it looks like furniture.

    prose: characters of running text in it, links counted against it. whole: of all text.
    """

    tag: Tag
    name: str
    parent: int
    hit: Hit | None
    prose: int = 0
    whole: int = 0


@dataclass(slots=True)
class Block:
    """A run of text between the borders of block elements: a paragraph, a heading, an item, a cell.

    element: the place of the block element that it stands in. linked: characters of it inside links. prose: characters
    of running text.
    """

    text: str
    element: int
    linked: int
    prose: int = 0


@dataclass(slots=True)
class Outline:
    """A page, in its order. frames: embedded posts, with their platforms. unread: text of what is no text.

    stating: the elements in which pages say something of themselves: meta, link, time, script, microdata.
    """

    elements: list[Element] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    frames: list[tuple[Tag, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    stating: list[Tag] = field(default_factory=list)

    def above(self, place: int) -> Iterator[int]:
        """Give the place of an element and those of its ancestors, from the inside out."""
        while place >= 0:
            yield place
            place = self.elements[place].parent

    def inside(self, root: int) -> list[bool]:
        """Say of each element whether it is `root` or inside of it."""
        known: list[bool] = []
        for place, element in enumerate(self.elements):
            known.append(place == root or (element.parent >= 0 and known[element.parent]))
        return known

    def name_of(self, block: Block) -> str:
        """Give the name of the element that a block stands in."""
        return self.elements[block.element].name if block.element >= 0 else ""


@dataclass(slots=True)
class _Level:
    """Where the walk is: what is left of an element's parts, and the block element that its text goes to."""

    parts: Iterator[PageElement]
    element: int
    block: int
    is_border: bool
    in_link: bool


def without_code(markup: str) -> str:
    """Leave out what is no text and states nothing (scripts, styles, drawings, comments): parsing it is lost time."""
    kept: list[str] = []
    declaration = _DECLARATION.match(markup)
    place = declaration.end() if declaration else 0
    while begin := _CODE_BEGINS.search(markup, place):
        ends = _CODE_ENDS[begin[1].lower()] if begin[1] else _COMMENT_ENDS
        end = ends.search(markup, begin.end())
        if end is None:
            break
        kept.append(markup[place : end.end() if _STATING_CODE.search(begin[0]) else begin.start()])
        place = end.end()
    return _INDENT.sub("", "".join([*kept, markup[place:]]))


def outline_of(soup: BeautifulSoup) -> Outline:
    """Walk through a page once. The time is in proportion to the page, however deep it is nested."""
    outline = Outline()
    run: list[str] = []
    linked = 0

    def end_block(element: int) -> None:
        nonlocal linked
        if run:
            outline.blocks.append(Block("".join(run), element, linked))
            run.clear()
            linked = 0

    levels = [_Level(iter(soup.contents), -1, -1, is_border=True, in_link=False)]
    elements = outline.elements
    while levels:
        level = levels[-1]
        for part in level.parts:
            kind = type(part)
            if kind is NavigableString or kind is CData:
                run.append(str(part))
                linked += len(str(part).strip()) if level.in_link else 0
            elif not isinstance(part, Tag) or _is_passed_over(part, outline):
                continue
            elif (name := part.name) in _LINE_ENDS:
                end_block(level.block)
            else:
                place = len(elements)
                is_border = name in _BORDERS or (name in _CELLS and part.find(_IN_LAYOUTS) is not None)
                elements.append(Element(part, name, level.element, hit_of(part)))
                if is_border:
                    end_block(level.block)
                elif name in _INLINE:
                    run.append(_BORDER)
                block = place if is_border else level.block
                levels.append(_Level(iter(part.contents), place, block, is_border, level.in_link or name == "a"))
                break
        else:
            levels.pop()
            if level.is_border:
                end_block(level.block)
            elif outline.elements[level.element].name in _CELLS:
                run.append(_BETWEEN_CELLS)
            elif outline.elements[level.element].name in _INLINE:
                run.append(_BORDER)
    _put_in_form(outline)
    _sum_up(outline)
    return outline


def _put_in_form(outline: Outline) -> None:
    """Give the texts their one form, and drop empty ones.

    Where inline elements mostly stand without a space between letters, the page's program has lost the spaces.
    """
    marked = [block for block in outline.blocks if _BORDER in block.text]
    glued = sum(len(_GLUED.findall(block.text)) for block in marked)
    if glued and glued > sum(len(_SPACED.findall(block.text)) for block in marked):
        for block in marked:
            block.text = _GLUED.sub(" ", block.text)
    for block in outline.blocks:
        text = block.text.replace(_BORDER, "").replace("\n", " ")
        block.text = one_form(text).removesuffix(_BETWEEN_CELLS.rstrip()).rstrip() if text.strip() else ""
    outline.blocks = [block for block in outline.blocks if block.text]


def _is_passed_over(tag: Tag, outline: Outline) -> bool:
    """Note what an element states, or that it is a post; say whether nothing in it is text of the article."""
    name, attributes = tag.name, tag.attrs
    if name in _STATES or "itemprop" in attributes:
        outline.stating.append(tag)
    platform = platform_of(tag)
    if platform:
        outline.frames.append((tag, platform))
        return True
    if name in _UNREAD:
        text = "" if name in _CODE else one_form(tag.get_text(" ", strip=True).replace("\n", " "))
        if text:
            outline.unread.append(text)
        return True
    if name == "head":
        outline.stating += tag.find_all(["meta", "link", "script", "title"])
        return True
    return "class" in attributes and any(_is_unseen(one) for one in attributes["class"])


@lru_cache(maxsize=_NAMES_REMEMBERED)
def _is_unseen(class_name: str) -> bool:
    return _UNSEEN.search(class_name) is not None


def _sum_up(outline: Outline) -> None:
    """Count running text: in a paragraph's element, or in a run that is as long as a sentence; headings are none."""
    elements = outline.elements
    for block in outline.blocks:
        name = outline.name_of(block)
        prose = max(0, len(block.text) - 2 * block.linked)
        block.prose = prose if name not in HEADINGS and (name == "p" or prose >= _A_SENTENCE) else 0
        if block.element >= 0:
            elements[block.element].prose += block.prose
            elements[block.element].whole += len(block.text)
    for element in reversed(elements):
        if element.parent >= 0:
            elements[element.parent].prose += element.prose
            elements[element.parent].whole += element.whole


def first_in_the_article(outline: Outline, places: list[int]) -> int | None:
    """Give the first of some elements in the page's article, or else in its main part, or else of all."""
    for part in ("article", "main"):
        for place in places[:_FEW]:
            if any(outline.elements[above].name == part for above in islice(outline.above(place), _DEEPEST)):
                return place
    return places[0] if places else None
