"""Which elements of a page look like furniture: by their tag, their role, what kind of form they are, or their name."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bs4 import Tag

from tasks.clean.words import words

_BY_TAG = {
    "nav": "navigation",
    "footer": "footer",
    "aside": "related",
    "figcaption": "caption",
    "dialog": "cookie",
    "menu": "navigation",
}
_BY_ROLE = {
    "navigation": "navigation",
    "banner": "header",
    "contentinfo": "footer",
    "dialog": "cookie",
    "complementary": "related",
    "search": "navigation",
}
_STRONG = ("comments", "cookie", "related", "newsletter", "read_also", "player")
"""Reasons that a name gives for sure; the names of other kinds also stand for layouts that hold the article."""
_NAME_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_NAMES_REMEMBERED = 50_000
_FORM_NAMES = ("class", "id", "name", "action")


@dataclass(frozen=True, slots=True)
class Hit:
    """Why an element looks like furniture. is_weak: only a name says so that may mislead, or what kind of box it is."""

    reason: str
    is_weak: bool


_SURE_BY_TAG = {name: Hit(reason, is_weak=False) for name, reason in _BY_TAG.items()}
_SURE_BY_ROLE = {name: Hit(reason, is_weak=False) for name, reason in _BY_ROLE.items()}
_UNSCRIPTED = Hit("no_text", is_weak=True)


def hit_of(tag: Tag) -> Hit | None:
    """Say why an element looks like furniture; None if it does not."""
    name = tag.name
    if name in ("html", "body"):
        return None
    if name == "noscript":
        return _UNSCRIPTED
    role = tag.attrs.get("role")
    sure = _SURE_BY_TAG.get(name) or (_SURE_BY_ROLE.get(role) if isinstance(role, str) else None)
    if sure:
        return sure
    names = _FORM_NAMES if name == "form" else ("class", "id")
    for attribute in names:
        for value in tag.get_attribute_list(attribute) if attribute in tag.attrs else ():
            hit = _by_name(str(value), name == "form")
            if hit:
                return hit
    return None


def is_hidden(tag: Tag) -> bool:
    """Whether an element is not shown when the page opens."""
    attributes = tag.attrs
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and _NOT_SHOWN.search(str(attributes["style"])) is not None)
    )


@lru_cache(maxsize=_NAMES_REMEMBERED)
def _by_name(value: str, of_a_form: bool) -> Hit | None:
    """Judge by the words of a class name or id: 'c-related-stories' is furniture, 'correlated' is not."""
    known = words().elements | (words().forms if of_a_form else {})
    parts = [part.lower() for part in _NAME_WORDS.findall(value)]
    pairs = [f"{first} {second}" for first, second in pairwise(parts)]
    reason = next((known[part] for part in [*pairs, *parts, "".join(parts)] if part in known), None)
    return Hit(reason, is_weak=reason not in _STRONG) if reason else None
