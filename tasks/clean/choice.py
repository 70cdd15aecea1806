"""Which blocks of a page are the article: our reading of its structure, beside a second opinion."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tasks.clean.furniture import Hit
from tasks.clean.outline import HEADINGS, Block, Element, Outline
from tasks.clean.text import furniture
from tasks.clean.words import words

_WORDS = re.compile(r"\W+")
_LARGEST_DROPPED_SHARE = 0.4
"""What holds more of the page's running text than this is the article, whatever its class is called."""
_RUNNING_TEXT = 80
"""Characters of running text outside all furniture from which on the article cannot be inside of it."""
_A_PARAGRAPH = 60
_LONG_PARAGRAPH = 80
"""Characters of running text: of a paragraph, and of one that is the article's although one opinion lacks it."""
_SHORT_FORM = 200
_BOX = Hit("form", is_weak=True)
_DIVISIONS = frozenset(("div", "section", "td", "article", "body", "main", "form"))
_A_LABEL = 60
"""Characters: "More from the region" is no longer than this."""
_SURE_PARAGRAPHS, _SURE_SHARE, _SURE_LENGTH = 0.8, 0.8, 800
"""Our reading needs no second opinion if this share of it are paragraphs, which are this share of all paragraphs of
the page, and it is so many characters long (measured by `make cleaning`)."""
_TINY = 200
_AGREED = 0.8
"""A share of the second opinion that our reading has too: then what only one of them has is looked at closely."""
_RUN = 5
_RUNS_FOUND = 0.7
"""A block is in the second opinion if this share of its runs of five words is."""
_SHORT = 25
_ENDS = (".", "!", "?", '"', "…", ":")
_LINKED = 0.9
_REPEATED = 40
"""Characters from which on words that stand in another block too are a repetition: a pulled quotation."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Our reading of a page's structure. By block: is it the article's; why not; and is that beyond doubt."""

    outline: Outline
    is_own: list[bool]
    reasons: list[str | None]
    is_barred: list[bool]

    def characters(self, places: Iterable[int]) -> int:
        """Count the characters of some blocks."""
        return sum(len(self.outline.blocks[place].text) for place in places)

    def paragraphs(self, places: Iterable[int]) -> int:
        """Count the running text of those among some blocks that are as long as paragraphs."""
        lengths = (self.outline.blocks[place].prose for place in places)
        return sum(length for length in lengths if length >= _A_PARAGRAPH)

    @property
    def own(self) -> list[int]:
        """The places of the blocks that are the article's."""
        return [place for place, is_own in enumerate(self.is_own) if is_own]


def read_structure(outline: Outline) -> Reading:
    """Read the page by its elements: what is furniture, and which element holds the article."""
    hits = _furniture_of(outline)
    in_lists = _under_labels(outline, hits)
    reasons: list[str | None] = []
    is_barred: list[bool] = []
    for block, hit, is_listed in zip(outline.blocks, hits, in_lists, strict=True):
        by_words = furniture(block.text) or ("read_also" if _is_a_link(outline, block) else None)
        reasons.append(hit.reason if hit else by_words or ("related" if is_listed else None))
        is_barred.append(by_words is not None or is_listed or (hit is not None and not hit.is_weak))
    inside = outline.inside(_main_element(outline, hits))
    is_own = [
        block.element >= 0 and inside[block.element] and reason is None
        for block, reason in zip(outline.blocks, reasons, strict=True)
    ]
    return Reading(outline, is_own, reasons, is_barred)


def _is_a_link(outline: Outline, block: Block) -> bool:
    """Whether a paragraph is nothing but a link, as the headline of another story is, and no sentence."""
    is_link = block.linked >= _LINKED * len(block.text) and not block.text.endswith(_ENDS)
    return is_link and len(block.text) >= _SHORT and outline.name_of(block) not in HEADINGS


def _furniture_of(outline: Outline) -> list[Hit | None]:
    """Say of each block in which furniture it stands: the outermost element that looks like it.

    An element that holds much of the page's running text is no furniture for its name alone; nor for its tag, if
    hardly any running text is left outside of all furniture.
    """
    most = _LARGEST_DROPPED_SHARE * sum(block.prose for block in outline.blocks)
    hits = _hits(outline, most, trusts_tags=True)
    if sum(block.prose for block in outline.blocks if _at(hits, block) is None) < _RUNNING_TEXT:
        hits = _hits(outline, most, trusts_tags=False)
    return [_at(hits, block) for block in outline.blocks]


def _hits(outline: Outline, most: float, *, trusts_tags: bool) -> list[Hit | None]:
    """Give for each element the furniture that it is, or stands in."""
    hits: list[Hit | None] = []
    for element in outline.elements:
        above = hits[element.parent] if element.parent >= 0 else None
        hit = element.hit or (_BOX if _is_box(element) else None)
        is_article = hit and element.prose > most > 0 and (hit.is_weak or not trusts_tags)
        hits.append(above or (None if is_article else hit))
    return hits


def _is_box(element: Element) -> bool:
    """Whether an element is a box to fill in: a form with little text, and hardly any of it running text."""
    return element.name == "form" and element.prose < _RUNNING_TEXT and element.whole <= _SHORT_FORM


def _at(hits: list[Hit | None], block: Block) -> Hit | None:
    return hits[block.element] if block.element >= 0 else None


def _under_labels(outline: Outline, hits: list[Hit | None]) -> list[bool]:
    """Say of each block whether a label such as "More from the region" opens the list that it stands in.

    What follows the label inside the element around it is the list; or, if that holds paragraphs before the label
    too, what follows up to the next paragraph. What would be much of the page's running text is no list.
    """
    opened: dict[int, bool] = {}
    with_paragraphs: set[int] = set()
    listed: list[bool] = []
    for block, hit in zip(outline.blocks, hits, strict=True):
        is_label = hit is None and block.element >= 0 and _is_label(outline, block)
        if is_label:
            around = outline.elements[block.element].parent
            opened[around] = around in with_paragraphs
        elif block.prose >= _LONG_PARAGRAPH and outline.name_of(block) == "p":
            for place in outline.above(block.element):
                if opened.get(place):
                    del opened[place]
                if place in with_paragraphs:
                    break
                with_paragraphs.add(place)
        listed.append(is_label or (bool(opened) and any(place in opened for place in outline.above(block.element))))
    prose = [block.prose for block, hit in zip(outline.blocks, hits, strict=True) if hit is None]
    of_lists = sum(block.prose for block, is_listed in zip(outline.blocks, listed, strict=True) if is_listed)
    return listed if of_lists <= _LARGEST_DROPPED_SHARE * sum(prose) else [False] * len(listed)


def _is_label(outline: Outline, block: Block) -> bool:
    """Whether a short line is the label of a list of other stories, and not one of them: "Related: Sixty freed"."""
    is_sentence = block.text.endswith((".", "!", "?")) or ": " in block.text
    if is_sentence or len(block.text) > _A_LABEL or outline.name_of(block) in ("li", "td", "tr"):
        return False
    return words().label.match(block.text) is not None


def _main_element(outline: Outline, hits: list[Hit | None]) -> int:
    """Find the element that holds the article.

    What the page marks as its article is believed if it holds a fair part of the running text outside furniture; else
    the element whose text, its own and half of its children's, is longest.
    """
    free = [0] * len(outline.elements)
    for block, hit in zip(outline.blocks, hits, strict=True):
        if block.element >= 0 and hit is None:
            free[block.element] += block.prose
    for place in range(len(free) - 1, 0, -1):
        if outline.elements[place].parent >= 0:
            free[outline.elements[place].parent] += free[place]
    for is_marked in _MARKS:
        places = [place for place, element in enumerate(outline.elements) if is_marked(element)]
        longest = max(places, key=lambda place: free[place], default=None)
        if longest is not None and free[longest] > _LARGEST_DROPPED_SHARE * free[0] > 0:
            return longest
    return _densest(outline, hits)


_MARKS: tuple[Callable[[Element], bool], ...] = (
    lambda element: "articleBody" in element.tag.get_attribute_list("itemprop"),
    lambda element: element.name == "article",
    lambda element: element.name == "main",
)


def _densest(outline: Outline, hits: list[Hit | None]) -> int:
    scores: dict[int, float] = {}
    for block, hit in zip(outline.blocks, hits, strict=True):
        if hit is not None or block.prose <= 0 or block.element < 0:
            continue
        element = outline.elements[block.element]
        place = block.element if element.name in _DIVISIONS else element.parent
        for above, share in zip(outline.above(place), (1.0, 0.5), strict=False):
            scores[above] = scores.get(above, 0.0) + share * block.prose
    return max(scores, key=lambda place: scores[place], default=0)


def is_sure(reading: Reading) -> bool:
    """Whether our reading needs no second opinion: hardly anything but paragraphs, and most of the page's."""
    own = reading.own
    every = range(len(reading.outline.blocks))
    characters, paragraphs = reading.characters(own), reading.paragraphs(own)
    return (
        characters >= _SURE_LENGTH
        and paragraphs >= _SURE_PARAGRAPHS * characters
        and paragraphs >= _SURE_SHARE * reading.paragraphs(every)
    )


def choose(reading: Reading, opinion: str | None) -> tuple[list[int], str]:
    """Choose the blocks of the article, and say whose reading it is: "own", "both" or "second".

    Ours alone, if it was sure enough not to ask, or if the second opinion has far less running text. Where the two
    agree by and large, what both have, and of what one has alone: paragraphs, tables, lists and headings among the
    others of ours, and what stands between them of theirs, if it is no furniture. Else theirs, less furniture.
    """
    own = reading.own
    alone = _without_repetitions(reading, _trimmed(reading))
    if opinion is None:
        return alone, "own"
    blocks = reading.outline.blocks
    seconded = _seconded(blocks, opinion)
    theirs = [place for place in range(len(blocks)) if seconded[place] and not reading.is_barred[place]]
    both = [place for place in own if seconded[place]]
    ours = reading.paragraphs(own)
    if (len(opinion) < _TINY and ours > 2 * len(opinion)) or max(
        reading.paragraphs(both), reading.paragraphs(theirs)
    ) < ours / 2:
        return alone, "own"
    if not theirs:
        return alone, "own"
    agree = reading.characters(both) >= _AGREED * reading.characters(theirs)
    core = both if agree else theirs
    kept = {
        place
        for place in range(core[-1] + 1)
        if place in core
        or (agree and seconded[place] and core[0] < place and reading.reasons[place] is None)
        or (reading.is_own[place] and _belongs(reading.outline, blocks[place], is_inside=place > core[0]))
    }
    return _without_repetitions(reading, sorted(kept)), "both" if agree else "second"


def _trimmed(reading: Reading) -> list[int]:
    """Give the blocks of our reading from its first paragraph to its last, and of the short ones what belongs there."""
    blocks = reading.outline.blocks
    core = [place for place in reading.own if blocks[place].prose >= _A_PARAGRAPH]
    if not core:
        return reading.own
    return [
        place
        for place in reading.own
        if core[0] <= place <= core[-1]
        and (blocks[place].prose >= _A_PARAGRAPH or _is_said(reading.outline, blocks[place]))
    ]


def _is_said(outline: Outline, block: Block) -> bool:
    """Whether a short block among paragraphs is the article's: a short paragraph, a heading, an item, a cell."""
    return outline.name_of(block) == "p" or block.text.endswith(_ENDS) or _belongs(outline, block, is_inside=True)


def _belongs(outline: Outline, block: Block, *, is_inside: bool) -> bool:
    """Whether a block that only our reading has is the article's. is_inside: both have some of it before."""
    name = outline.name_of(block)
    if name == "p" and block.prose >= _LONG_PARAGRAPH:
        return True
    if not is_inside:
        return False
    if name in HEADINGS:
        return block.linked == 0
    if name == "li":
        return 2 * block.linked < len(block.text)
    return name in ("td", "th", "tr")


def _seconded(blocks: list[Block], opinion: str) -> list[bool]:
    """Say of each block whether the second opinion has it: its words, or most of its runs of words."""
    lines = {_plain(line) for line in opinion.split("\n")}
    whole = f" {_plain(opinion)} "
    return [_is_in(_plain(block.text), whole, lines) for block in blocks]


def _is_in(plain: str, whole: str, lines: set[str]) -> bool:
    if not plain:
        return False
    if len(plain) < _SHORT // 2:
        return plain in lines
    if f" {plain} " in whole:
        return True
    said = plain.split()
    runs = [" ".join(said[place : place + _RUN]) for place in range(0, max(1, len(said) - _RUN + 1), _RUN - 1)]
    return len(plain) >= _SHORT and sum(f" {run} " in whole for run in runs) >= _RUNS_FOUND * len(runs)


def _plain(text: str) -> str:
    return _WORDS.sub(" ", text.lower()).strip()


def _without_repetitions(reading: Reading, places: list[int]) -> list[int]:
    """Leave out what another block says word for word beside other words: a quotation that is pulled out of it."""
    plain = {place: _plain(reading.outline.blocks[place].text) for place in places}
    whole = "\n".join(plain.values())
    return [
        place
        for place, said in plain.items()
        if len(said) < _REPEATED
        or whole.count(said) == 1
        or all(said == other or said not in other for other in plain.values())
    ]
