"""Which blocks of a page are the article: our reading of its structure, beside a second opinion."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from tasks.clean.furniture import Hit, is_hidden
from tasks.clean.language import language_of
from tasks.clean.moments import has_day
from tasks.clean.outline import HEADINGS, Block, Element, Outline
from tasks.clean.text import furniture, is_label
from tasks.clean.words import words

_WORDS = re.compile(r"\W+")
_LARGEST_DROPPED_SHARE = 0.4
"""What holds more of the page's running text than this is the article, whatever its class is called."""
_RUNNING_TEXT = 80
"""Characters of running text outside all furniture from which on the article cannot be inside of it."""
_A_PARAGRAPH = 60
_LONG_PARAGRAPH = 70
"""Characters of running text: of a paragraph, and of one that is the article's although one opinion lacks it."""
_SHORT_FORM = 200
_BOX = Hit("form", is_weak=True)
_HIDDEN = Hit("hidden", is_weak=False)
_LONGEST_CAPTION = 300
_PICTURES = ("img", "picture", "amp-img")
_DIVIDED = ("div", "section")
_DIVISIONS = frozenset(("div", "section", "td", "article", "body", "main", "form"))
_AN_ARTICLE = 300
"""Characters of running text, from which on the article that holds the headline is the page's."""
_BELOW = 12
"""Blocks from the headline to the first paragraph, among which its standfirst stands."""
_LONGEST_STANDFIRST = 400
_BYLINES = ("byline", "caption", "share", "tags", "breadcrumb", "advert", "navigation")
_HEADING_CLASS = re.compile(r"heading|subhead|subtitle")
_HOUR = re.compile(r"[0-2]?\d[:.][0-5]\d")
_A_LABEL = 60
"""Characters: "Support independent journalism" is no longer than this."""
_BOXES = ("support", "newsletter")
_SPLIT, _CLIMB = 1.4, 4
"""How much more text an element around the densest one holds, and how far outside it is, if the article is split."""
_SURE_PARAGRAPHS, _SURE_SHARE, _SURE_LENGTH = 0.8, 0.8, 600
"""Our reading needs no second opinion if this share of it are paragraphs, which are this share of all paragraphs of
the page, and it is so many characters long (measured by `make cleaning`)."""
_LEAST = 40
"""Characters of running text: an article has more."""
_FEW_HEADINGS, _TEASERS = 3, 1.5
"""A list of stories has so many headings that are links, and so few paragraphs for each."""
_TINY = 200
_AGREED = 0.8
"""A share of the second opinion that our reading has too: then what only one of them has is looked at closely."""
_RUN = 5
_RUNS_FOUND = 0.7
"""A block is in the second opinion if this share of its runs of five words is."""
_SHORT = 25
_ENDS = (".", "!", "?", '"', "…", ":")
_LINKED = 0.8
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
    hits = _in_other_languages(outline, _furniture_of(outline))
    in_lists = [
        one or other for one, other in zip(_under_labels(outline, hits), _in_other_articles(outline), strict=True)
    ]
    reasons: list[str | None] = []
    is_barred: list[bool] = []
    for block, hit, is_listed in zip(outline.blocks, hits, in_lists, strict=True):
        if hit and not hit.is_weak:
            reasons.append(hit.reason)
            is_barred.append(True)
            continue
        by_words = furniture(block.text) or ("read_also" if _is_a_link(outline, block) else None)
        by_words = by_words or ("caption" if _is_beside_a_picture(outline, block) else None)
        reasons.append(hit.reason if hit else by_words or ("related" if is_listed else None))
        is_barred.append(by_words is not None or is_listed)
    inside = outline.inside(_main_element(outline, hits))
    is_own = [
        block.element >= 0 and inside[block.element] and reason is None
        for block, reason in zip(outline.blocks, reasons, strict=True)
    ]
    return Reading(outline, is_own, reasons, is_barred)


def _is_beside_a_picture(outline: Outline, block: Block) -> bool:
    """Whether a short text is all that stands beside a picture in the element around them."""
    place = outline.elements[block.element].parent if block.element >= 0 else -1
    if place < 0 or len(block.text) > _LONGEST_CAPTION or outline.elements[place].whole != len(block.text):
        return False
    return any(getattr(part, "name", None) in _PICTURES for part in outline.elements[place].tag.contents)


def _in_other_languages(outline: Outline, hits: list[Hit | None]) -> list[Hit | None]:
    """Take for furniture what the page hides in another language than that of what it shows."""
    hidden: list[bool] = []
    for element in outline.elements:
        hidden.append(is_hidden(element.tag) or (element.parent >= 0 and hidden[element.parent]))
    if not any(hidden):
        return hits
    running = [block for block, hit in zip(outline.blocks, hits, strict=True) if block.prose and hit is None]
    said = {
        is_out_of_sight: language_of(
            " ".join(block.text for block in running if hidden[block.element] == is_out_of_sight)
        )
        for is_out_of_sight in (False, True)
    }
    if said[True] == said[False] or "other" in said.values():
        return hits
    return [
        hit or (_HIDDEN if block.element >= 0 and hidden[block.element] else None)
        for block, hit in zip(outline.blocks, hits, strict=True)
    ]


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
        is_doubtful = hit and hit.reason != "player" and (hit.is_weak or not trusts_tags)
        is_article = is_doubtful and element.prose > most > 0
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


def _in_other_articles(outline: Outline) -> list[bool]:
    """Say of each block whether it stands in another article than the headline's, as endless pages have them."""
    headline = next((place for place, element in enumerate(outline.elements) if element.name == "h1"), -1)
    ours = [place for place in outline.above(headline) if outline.elements[place].name == "article"]
    if not ours or outline.elements[ours[0]].prose < _AN_ARTICLE:
        return [False] * len(outline.blocks)
    inside = outline.inside(ours[0])
    others: list[bool] = []
    for place, element in enumerate(outline.elements):
        is_other = element.name == "article" and place not in ours and not inside[place]
        others.append(is_other or (element.parent >= 0 and others[element.parent]))
    return [block.element >= 0 and others[block.element] for block in outline.blocks]


def _is_label(outline: Outline, block: Block) -> bool:
    """Whether a short line opens a list of other stories, or a box that asks for support or an address."""
    if outline.name_of(block) in ("li", "td", "tr"):
        return False
    return is_label(block.text) or (len(block.text) <= _A_LABEL and furniture(block.text) in _BOXES)


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
    return _densest(outline, hits, free)


_MARKS: tuple[Callable[[Element], bool], ...] = (
    lambda element: "articleBody" in element.tag.get_attribute_list("itemprop"),
    lambda element: element.name == "article",
    lambda element: element.name == "main",
)


def _densest(outline: Outline, hits: list[Hit | None], free: list[int]) -> int:
    scores: dict[int, float] = {}
    for block, hit in zip(outline.blocks, hits, strict=True):
        if hit is not None or block.prose <= 0 or block.element < 0:
            continue
        element = outline.elements[block.element]
        place = block.element if element.name in _DIVISIONS else element.parent
        for above, share in zip(outline.above(place), (1.0, 0.5), strict=False):
            scores[above] = scores.get(above, 0.0) + share * block.prose
    best = max(scores, key=lambda place: scores[place], default=0)
    return _climbed(outline, best, free)


def _climbed(outline: Outline, place: int, free: list[int]) -> int:
    """Climb from an element to one around it that holds far more running text: the article is split over siblings."""
    for above in islice(outline.above(outline.elements[place].parent), _CLIMB):
        if outline.elements[above].name not in _DIVIDED:
            return place
        if free[above] > _SPLIT * free[place]:
            return above
    return place


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


@dataclass(frozen=True, slots=True)
class Choice:
    """The blocks of the article: its paragraphs, its standfirst if that stands apart; and whose reading it is."""

    kept: list[int]
    standfirst: int | None
    basis: str


NO_ARTICLE = Choice([], None, "posts")


def is_article(reading: Reading, choice: Choice, title: str | None) -> bool:
    """Whether what was chosen is an article: running text, not the headline of a wall, no list of other stories.

    Beside embedded posts a few short lines are no article: the posts are.
    """
    blocks = reading.outline.blocks
    if title and words().no_article.match(title):
        return False
    least = _A_PARAGRAPH if reading.outline.frames else 1
    if sum(blocks[place].prose for place in choice.kept if blocks[place].prose >= least) < _LEAST:
        return False
    among = [place for place in reading.own if choice.kept[0] <= place <= choice.kept[-1]]
    headings = [place for place in among if reading.outline.name_of(blocks[place]) in HEADINGS]
    linked = sum(blocks[place].linked >= _LINKED * len(blocks[place].text) for place in headings)
    paragraphs = sum(blocks[place].prose >= _A_PARAGRAPH for place in among)
    return linked < _FEW_HEADINGS or paragraphs > _TEASERS * linked


def heading_above(reading: Reading, choice: Choice, window: str | None) -> int | None:
    """Find the headline of a page that marks none: the first heading above the text, or a line that the window has."""
    outline = reading.outline
    if not choice.kept:
        return None
    above = [
        place
        for place in range(max(0, choice.kept[0] - _BELOW), choice.kept[0] + 1)
        if not outline.blocks[place].linked and reading.reasons[place] is None
    ]
    headings = [place for place in above if outline.name_of(outline.blocks[place]) in HEADINGS]
    named = [
        place
        for place in above
        if len(outline.blocks[place].text) >= _SHORT and outline.blocks[place].text in (window or "")
    ]
    if headings or named:
        return (headings or named)[0]
    place = choice.kept[0] - 1
    line = outline.blocks[place].text if place in above else "."
    return None if line.endswith(_ENDS) or has_day(line) else place


def choose(reading: Reading, opinion: str | None, headline: int | None) -> Choice:
    """Choose the blocks of the article, and say whose reading it is: "own", "both" or "second".

    Ours alone, if it was sure enough not to ask, or if the second opinion has far less running text. Where the two
    agree by and large, what both have, and of what one has alone: paragraphs, tables, lists and headings among the
    others of ours, and what stands between them of theirs, if it is no furniture. Else theirs, less furniture. The
    sentence below the headline belongs to it, wherever it stands. headline: the place of the headline's block.
    """
    kept, basis = _agreed(reading, opinion)
    kept = _without_labels(reading, kept)
    return Choice(_without_repetitions(reading, kept), _standfirst(reading, headline, kept), basis)


def _agreed(reading: Reading, opinion: str | None) -> tuple[list[int], str]:
    own = reading.own
    alone = _trimmed(reading)
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
    core = both if agree else _from_first_to_last_paragraph(reading, theirs)
    kept = {
        place
        for place in range(core[-1] + 1)
        if place in core
        or (agree and seconded[place] and core[0] < place and reading.reasons[place] is None)
        or (reading.is_own[place] and _belongs(reading.outline, blocks[place], is_inside=place > core[0]))
    }
    return [*sorted(kept), *_tail(reading, core[-1])], "both" if agree else "second"


def _from_first_to_last_paragraph(reading: Reading, places: list[int]) -> list[int]:
    """Leave out the short lines above the first paragraph and below the last, unless our reading has them too.

    A short sentence is a paragraph where longer ones stand in the same element.
    """
    outline = reading.outline

    def around(place: int) -> int:
        return outline.elements[outline.blocks[place].element].parent if outline.blocks[place].element >= 0 else -1

    long = [place for place in places if reading.is_own[place] or outline.blocks[place].prose >= _A_PARAGRAPH]
    containers = {around(place) for place in long}
    core = [
        place
        for place in places
        if place in long or (outline.blocks[place].prose >= _LEAST and around(place) in containers)
    ]
    return [place for place in places if core[0] <= place <= core[-1]] if core else places


def _tail(reading: Reading, last: int) -> list[int]:
    """Give what only our reading has behind the last block that both have, up to what is not the article's.

    These are paragraphs without links, and the headings and items between them.
    """
    blocks = reading.outline.blocks
    tail: list[int] = []
    for place in range(last + 1, len(blocks)):
        block = blocks[place]
        if not reading.is_own[place] or block.linked:
            break
        tail.append(place)
    while tail and blocks[tail[-1]].prose < _A_PARAGRAPH:
        tail.pop()
    return tail


def _without_labels(reading: Reading, kept: list[int]) -> list[int]:
    """Leave out the short lines above the first paragraph: kickers, names, dates; its heading may stay."""
    blocks = reading.outline.blocks
    first = next((at for at, place in enumerate(kept) if blocks[place].prose >= _SHORT), 0)
    return [place for place in kept[:first] if _is_heading_or_said(reading, place)] + kept[first:]


def _is_heading_or_said(reading: Reading, place: int) -> bool:
    block = reading.outline.blocks[place]
    if has_day(block.text):
        return False
    name = reading.outline.name_of(block)
    is_said = name in (*HEADINGS, "li", "tr") or (name == "p" and block.text.endswith(_ENDS))
    return is_said or _HOUR.fullmatch(block.text) is not None


def _standfirst(reading: Reading, headline: int | None, kept: list[int]) -> int | None:
    """Find the sentence below the headline that stands apart from the paragraphs; None if there is none."""
    if headline is None or not kept or not headline < kept[0] <= headline + _BELOW:
        return None
    for place in range(headline + 1, kept[0]):
        block = reading.outline.blocks[place]
        is_long = _A_LABEL // 2 < len(block.text) <= _LONGEST_STANDFIRST
        is_dated = has_day(block.text)
        is_said = not block.linked and not is_dated and furniture(block.text) is None
        if is_long and is_said and reading.reasons[place] not in _BYLINES:
            return place
    return None


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
    if name in HEADINGS or _HEADING_CLASS.search(
        " ".join(outline.elements[block.element].tag.get_attribute_list("class"))
    ):
        return block.linked == 0
    if name == "li":
        return 2 * block.linked < len(block.text)
    if _HOUR.fullmatch(block.text):
        return True
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
