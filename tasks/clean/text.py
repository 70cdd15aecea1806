"""Plain text: one form of every character, paragraphs, and what is furniture among them."""

import re
import unicodedata
from collections.abc import Iterable

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

    The first line is a headline when a blank line follows it, and it is short and ends like one.
    """
    lines = text.strip("\n").split("\n")
    headline = lines[0]
    has_headline = (
        len(lines) > 2 and not lines[1] and len(headline) <= _LONGEST_HEADLINE and not headline.endswith((".", '."'))
    )
    body = lines[1:] if has_headline else lines
    return (headline if has_headline else None), [line for line in body if line]


def drop_furniture(paragraphs: Iterable[str], title: str | None) -> tuple[list[str], list[DroppedBlock]]:
    """Sort paragraphs into those of the article and those of the page, each of these with the reason.

    The headline once more, and a paragraph once more, are doubled; short lines may say the same on purpose.
    """
    kept: list[str] = []
    dropped: list[DroppedBlock] = []
    seen: set[str] = {title} if title else set()
    for paragraph in paragraphs:
        reason = "doubled" if paragraph in seen else furniture(paragraph)
        if reason is None:
            kept.append(paragraph)
            if len(paragraph) >= _A_PARAGRAPH:
                seen.add(paragraph)
        else:
            dropped.append(DroppedBlock(reason, paragraph))
    return kept, dropped


def furniture(paragraph: str) -> str | None:
    """Say what piece of page furniture a paragraph is; None when it is none."""
    if len(paragraph) > _LONGEST_FURNITURE:
        return None
    known = words()
    if known.breadcrumb.match(paragraph):
        return "breadcrumb"
    return next((reason for reason, pattern in known.paragraphs.items() if pattern.match(paragraph)), None)
