"""The declared sources: who publishes, how its articles are found, how gently it is asked (data/sources/*.toml)."""

import os
import re
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import soupsieve
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from tasks.errors import InputError, SettingsError
from tasks.paths import SOURCES

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_DATED = "{date:"
_FAULTS_TOLD = 3
_PLAINLY = {
    "extra_forbidden": "is a key that is not known",
    "missing": "is missing",
    "union_tag_not_found": "lacks the key 'how'",
    "string_type": "must be a text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
}
_SITE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/\S*)?")


def _selector(written: str) -> str:
    try:
        soupsieve.compile(written)
    except soupsieve.SelectorSyntaxError as wrong:
        raise ValueError(f"is no CSS selector: {str(wrong).splitlines()[0]}") from wrong
    return written


def _address(written: str) -> str:
    if not written.startswith(("http://", "https://")):
        raise ValueError("is no http(s) address")
    return written


def _site(written: str) -> str:
    if not _SITE.fullmatch(written) or written.startswith("www."):
        raise ValueError(f"{written!r} is no host without www., as in wire.example or wire.example/en")
    return written


def _template(written: str) -> str:
    """Check an address that may hold a day, as in /{date:%Y/%m/%d}/."""
    try:
        written.format(date=date(2024, 7, 17))
    except (KeyError, IndexError, ValueError) as wrong:
        raise ValueError(f"has a field other than {{date:FORMAT}}: {wrong}") from wrong
    return _address(written)


Site = Annotated[str, AfterValidator(_site)]
Selector = Annotated[str, AfterValidator(_selector)]
Address = Annotated[str, AfterValidator(_address)]
Template = Annotated[str, AfterValidator(_template)]


class _Declared(BaseModel):
    """What all declarations have in common: nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Way(_Declared):
    """A way to find a source's articles. runs: whether scheduled runs ask it. reaches_back: whether backfills do."""

    runs: bool = False

    @property
    def reaches_back(self) -> bool:
        """Whether it lists the articles of a window of days."""
        return True


class Feed(_Way):
    """An RSS or Atom feed: the newest articles."""

    how: Literal["feed"]
    url: Address
    runs: bool = True

    @property
    def reaches_back(self) -> bool:
        """A feed forgets what is older than its last items."""
        return False


class Sitemap(_Way):
    """A sitemap, or an index of sitemaps; url may hold a day."""

    how: Literal["sitemap"]
    url: Template


class Archive(_Way):
    """Pages that list articles; url may hold a day. links: selects the links to articles."""

    how: Literal["archive"]
    url: Template
    links: Selector

    @property
    def reaches_back(self) -> bool:
        """Without a day it is a page of the newest articles."""
        return _DATED in self.url


class Telegram(_Way):
    """A channel's public preview, which can be paged back."""

    how: Literal["telegram"]
    channel: Annotated[str, Field(pattern=r"^\w{4,64}$")]
    url: Address = "https://t.me/s/"
    runs: bool = True


class Wayback(_Way):
    """The index of a web archive. prefix: of the article addresses, without scheme. replay: where a capture is."""

    how: Literal["wayback"]
    url: Address
    prefix: Annotated[str, Field(min_length=4)]
    replay: Address = "https://web.archive.org/web/{timestamp}id_/{url}"


class Files(_Way):
    """A folder of files, WARCs among them; a relative path begins at the project."""

    how: Literal["files"]
    path: Annotated[str, Field(min_length=1)]


Way = Annotated[Feed | Sitemap | Archive | Telegram | Wayback | Files, Field(discriminator="how")]


class Expected(_Declared):
    """How many articles, on all subjects, a source lists in so many days: fewer is a fault, more is told."""

    days: Annotated[int, Field(ge=1, le=366)]
    least: Annotated[int, Field(ge=0)]
    most: Annotated[int, Field(ge=1)]


class Layout(_Declared):
    """Where a site's article stands, for sites that need to be told. until: the last day of this layout."""

    article: Selector
    drop: Annotated[tuple[Selector, ...], Field(strict=False)] = ()
    until: date | None = None


class Source(_Declared):
    """A declared source. key: the name of its file, and its name in every table.

    sites: hosts of its articles without www., with the beginning of the path where a host has several sources.
    pause_s: seconds between two requests to one host.
    """

    key: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    kind: Literal["official", "agency", "outlet"]
    sites: Annotated[tuple[Site, ...], Field(min_length=1, strict=False)]
    on: bool
    pause_s: Annotated[float, Field(ge=0, le=3600, strict=False)]
    expected: Expected
    discover: Annotated[tuple[Way, ...], Field(min_length=1, strict=False)]
    layouts: Annotated[tuple[Layout, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> "Source":
        if self.expected.least > self.expected.most:
            raise ValueError("expects at least more than at most")
        if self.on and not any(way.runs for way in self.discover):
            raise ValueError("is on, but no way to discover its articles has runs = true")
        return self


def sources_folder() -> Path:
    """Give the folder of declared sources: SWAPS_SOURCES, else data/sources."""
    given = os.environ.get("SWAPS_SOURCES")
    return Path(given) if given else SOURCES


def declared_sources() -> tuple[Source, ...]:
    """Give the declared sources of this process, read once."""
    return read_sources(sources_folder())


@cache
def read_sources(folder: Path) -> tuple[Source, ...]:
    """Read and check the sources of a folder, in the order of their keys. Raises SettingsError for what is wrong."""
    if not folder.is_dir():
        raise SettingsError(f"there is no folder of sources at {folder}; check SWAPS_SOURCES")
    return tuple(_source(file) for file in sorted(folder.glob("*.toml")))


def _source(file: Path) -> Source:
    try:
        declared = tomllib.loads(file.read_text(encoding="utf-8"))
        return Source.model_validate({**declared, "key": file.stem})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise SettingsError(f"the source {file} cannot be read: {wrong}") from wrong
    except ValidationError as wrong:
        found = sorted(wrong.errors(), key=lambda fault: fault["type"] != "extra_forbidden")  # a slip of the pen first
        told = "; ".join(_told(fault) for fault in found[:_FAULTS_TOLD])
        raise SettingsError(
            f"the source {file} is not well declared: {told}; see CONTRIBUTING.md, add a source"
        ) from wrong


def _told(fault: "ErrorDetails") -> str:
    """Say where a declaration is wrong, and what is wrong there, in the words of a TOML file."""
    place = ".".join(map(str, fault["loc"])) or "the source"
    return f"{place} {_PLAINLY.get(fault['type']) or fault['msg'].removeprefix('Value error, ')}"


def chosen_sources(declared: Iterable[Source], keys: Iterable[str] | None) -> tuple[Source, ...]:
    """Give the sources that are named, or else those that are on. Raises InputError for a name that none has."""
    known = {source.key: source for source in declared}
    if keys is None:
        return tuple(source for source in known.values() if source.on)
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise InputError(f"there is no source {unknown[0]!r}; `swaps sources` lists them")
    return tuple(known[key] for key in keys)
