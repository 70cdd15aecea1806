"""What a page states for programs: its meta elements, its JSON-LD, its microdata."""

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import Tag

from tasks.clean.outline import Outline

_ARTICLE_TYPES = ("article", "blogposting", "socialmediaposting", "report")
_OF_OTHERS = frozenset((
    "itemlistelement", "comment", "liveblogupdate", "relatedlink", "citation", "isbasedon", "mentions", "review",
))  # fmt: skip
"""Keys of schema.org under which an article, or a list beside it, names others."""
_ASIDE = ("aside", "nav")


@dataclass(frozen=True, slots=True)
class Statements:
    """A page's statements. stories: the JSON-LD objects that describe an article. meta: name in lower case -> content.

    A meta element's property goes before its name, and the first of one name wins. marked: itemprop -> its elements.
    addresses: the page's own as it states them, the canonical one first.
    """

    outline: Outline
    stories: tuple[dict[str, Any], ...]
    meta: dict[str, str]
    marked: dict[str, list[Tag]]
    addresses: tuple[str, ...]

    def of_stories(self, key: str) -> list[str]:
        """Give the texts that JSON-LD states of the article under a key of schema.org."""
        return [story[key] for story in self.stories if isinstance(story.get(key), str)]

    def of_meta(self, names: Iterable[str]) -> list[str]:
        """Give what the meta elements of these names state, in the order of the names."""
        return [self.meta[name] for name in names if name in self.meta]

    def of_microdata(self, name: str) -> list[str]:
        """Give the values of an itemprop, as it is written for programs, or else as it is shown."""
        return [value for tag in self.marked.get(name, ()) if (value := _written(tag))]

    def names_under(self, *keys: str) -> list[str]:
        """Give the names of whom JSON-LD states of the article under these keys: texts, or objects with a name."""
        stated = [story.get(key) for story in self.stories for key in keys]
        single = [one for value in stated for one in (value if isinstance(value, list) else [value])]
        names = [one.get("name") if isinstance(one, dict) else one for one in single]
        return [name for name in names if isinstance(name, str)]


def statements_of(outline: Outline) -> Statements:
    """Collect a page's statements; a script that is not JSON says nothing."""
    marked: dict[str, list[Tag]] = {}
    for tag in outline.stating:
        if "itemprop" in tag.attrs and not _is_aside(tag):
            for name in (attribute(tag, "itemprop") or "").split():
                marked.setdefault(name, []).append(tag)
    meta = _meta_elements(outline)
    links = (tag for tag in outline.stating if tag.name == "link" and "canonical" in tag.get_attribute_list("rel"))
    stated = (attribute(next(links, None), "href"), meta.get("og:url"))
    addresses = tuple(address for address in stated if address)
    own = set(addresses)
    stories = sorted(_stories(outline), key=lambda story: not own & _addresses(story))  # the page's own goes first
    return Statements(outline, tuple(stories), meta, marked, addresses)


def _is_aside(tag: Tag) -> bool:
    """Whether an element stands beside the article: an aside inside of it may well hold its own facts."""
    aside = tag.find_parent(_ASIDE)
    return aside is not None and aside.find_parent(("article", "main")) is None


def _addresses(story: dict[str, Any]) -> set[str]:
    """Give the addresses that JSON-LD states of an article."""
    page = story.get("mainEntityOfPage")
    stated = (story.get("url"), story.get("@id"), page.get("@id") if isinstance(page, dict) else page)
    return {one for one in stated if isinstance(one, str)}


def attribute(tag: object, name: str) -> str | None:
    """Give an attribute of an element; None when it has none, or a blank one."""
    value = tag.get(name) if isinstance(tag, Tag) else None
    return value.strip() or None if isinstance(value, str) else None


def _written(tag: Tag) -> str:
    return attribute(tag, "content") or attribute(tag, "datetime") or tag.get_text(" ", strip=True)


def _meta_elements(outline: Outline) -> dict[str, str]:
    stated: dict[str, dict[str, str]] = {"property": {}, "name": {}}
    for tag in outline.stating:
        content = attribute(tag, "content") if tag.name == "meta" else None
        for key, known in stated.items():
            name = attribute(tag, key) if content else None
            if name and content:
                known.setdefault(name.lower(), content)
    return stated["name"] | stated["property"]


def _stories(outline: Outline) -> Iterator[dict[str, Any]]:
    for script in outline.stating:
        if script.name != "script" or attribute(script, "type") != "application/ld+json":
            continue
        try:
            stated = json.loads(script.get_text(), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from (found for found in _objects(stated) if _is_story(found))


def _objects(stated: object) -> Iterator[dict[str, Any]]:
    waiting = deque([stated])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(part for key, part in value.items() if key.lower() not in _OF_OTHERS)
        elif isinstance(value, list):
            waiting.extend(value)


def _is_story(found: dict[str, Any]) -> bool:
    types = found.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.lower().endswith(_ARTICLE_TYPES) for name in named)
