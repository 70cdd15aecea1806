"""Plain text: one form of every character, paragraphs, and what is furniture among them."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from tasks.clean.words import words
from tasks.records import DroppedBlock

_FORMS = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ‛′`´", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑", "-"),
        **dict.fromkeys("‒–—―−", "–"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_INVISIBLE = ("C", "Z", "M")
"""Kinds of characters that show nothing by themselves: controls and formats, spaces, marks."""
_SPACES = re.compile(r"[^\S\n]+")
_LONGEST_HEADLINE = 250
_A_PARAGRAPH = 40
_LONGEST_FURNITURE = 300
_LONGEST_LABEL = 60
_PARAGRAPHS_REMEMBERED = 5_000
"""A block is asked about several times, and the furniture of one site is the same on every page."""


def encodable(text: str) -> str:
    """Replace what no encoding can write: half a surrogate pair becomes U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def headline_of(text: str | None) -> str | None:
    """Give a text as one line in one form; None when there is nothing in it to see."""
    line = one_form(text or "").replace("\n", " ").strip()
    return None if all(unicodedata.category(character)[0] in _INVISIBLE for character in line) else line


def one_form(text: str) -> str:
    """Give apostrophes, quotes, dashes, hyphens and spaces one form each; drop invisible characters.

    Lines stay lines. Every text goes through here before anything is counted in it.
    """
    if not text.isascii() or "`" in text:
        text = unicodedata.normalize("NFC", encodable(text)).translate(_FORMS)
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))


def split_headline(text: str) -> tuple[str | None, list[str]]:
    """Part a plain text into its headline, if it has one, and its paragraphs.

    The first line that is no furniture is a headline when a blank line or furniture follows it, and it is short and
    ends like one.
    """
    lines = text.strip("\n").split("\n")
    place = next((at for at, line in enumerate(lines) if line and furniture(line) is None), 0)
    headline, following = lines[place], lines[place + 1 : place + 2]
    is_apart = bool(following) and (not following[0] or furniture(following[0]) is not None)
    has_headline = is_apart and len(headline) <= _LONGEST_HEADLINE and not headline.endswith((".", '."'))
    if has_headline and any(lines[place + 1 :]):
        return headline, [line for at, line in enumerate(lines) if line and at != place]
    return None, [line for line in lines if line]


def drop_furniture(paragraphs: Iterable[str], title: str | None) -> tuple[list[str], list[DroppedBlock]]:
    """Sort paragraphs into those of the article and those of the page, each of these with the reason.

    The headline once more, and a paragraph once more, are doubled; short lines may say the same on purpose. A headline
    behind the label of a list of other stories is one of these.
    """
    kept: list[str] = []
    dropped: list[DroppedBlock] = []
    seen: set[str] = {title} if title else set()
    follows_label = False
    for paragraph in paragraphs:
        is_listed = follows_label and len(paragraph) <= _LONGEST_FURNITURE and not paragraph.endswith((".", '."'))
        reason = "doubled" if paragraph in seen else furniture(paragraph) or ("related" if is_listed else None)
        follows_label = is_label(paragraph)
        if reason is None:
            kept.append(paragraph)
            if len(paragraph) >= _A_PARAGRAPH:
                seen.add(paragraph)
        else:
            dropped.append(DroppedBlock(reason, paragraph))
    return kept, dropped


def is_label(line: str) -> bool:
    """Whether a line is the label of a list of other stories ("Read also"), and not one of them."""
    is_sentence = line.endswith((".", "!", "?")) or ": " in line
    return not is_sentence and len(line) <= _LONGEST_LABEL and words().label.match(line) is not None


@lru_cache(maxsize=_PARAGRAPHS_REMEMBERED)
def furniture(paragraph: str) -> str | None:
    """Say what piece of page furniture a paragraph is; None when it is none."""
    if len(paragraph) > _LONGEST_FURNITURE:
        return None
    known = words()
    if known.breadcrumb.match(paragraph):
        return "breadcrumb"
    if known.any_paragraph.match(paragraph) is None:
        return None
    return next((reason for reason, pattern in known.paragraphs.items() if pattern.match(paragraph)), None)
