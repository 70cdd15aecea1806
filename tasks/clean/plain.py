"""A plain text to the parts of an article: as it comes from copy and paste, from feeds, and from letters."""

import re
from zoneinfo import ZoneInfo

from tasks.addresses import path
from tasks.clean.draft import Draft
from tasks.clean.metadata import Metadata
from tasks.clean.moments import day_in_address
from tasks.clean.text import furniture, one_form, split_headline
from tasks.clean.times import times_shown
from tasks.clean.words import words
from tasks.records import DroppedBlock

_LINK = re.compile(r" ?<https?://[^<>\\s]+>")
"""How letters write the address of a link behind its words."""
_RULE = re.compile(r"[_=*-]{8,}")
_LEAST_HEADERS = 3
_BETWEEN_CRUMBS = " | "
_TOP = 8
"""Lines at the top among which a text has its date."""


def read_text(text: str, zone: ZoneInfo, title: str | None = None, url: str | None = None) -> Draft:
    """Take a plain text apart. title: its headline, if that is known; url: where it was found."""
    lines = _LINK.sub("", one_form(text)).strip("\n").split("\n")
    headers, lines = _headers_of_a_letter(lines)
    dropped = [DroppedBlock("header", header) for header in headers.values()]
    if headers:
        lines, below = _cut_at_a_rule(lines)
        dropped += [DroppedBlock("footer", line) for line in below]
    crumbs = [line for line in lines[:_TOP] if line.count(_BETWEEN_CRUMBS) > 1]
    dropped += [DroppedBlock("breadcrumb", line) for line in crumbs]
    lines = [line for line in lines if line not in crumbs]
    headline = None
    paragraphs = [line for line in lines if line]
    if title is None and paragraphs:
        headline, paragraphs = split_headline("\n".join(lines))
    subject = headers.get("subject")
    top = [line for line in [headers.get("date", ""), *lines[:_TOP]] if line]
    bylines = [line for line in top if line == headers.get("date") or furniture(line) == "byline"]
    published, updated = times_shown(bylines, zone)
    if day := day_in_address(path(url)):
        published = day.on("url")
    known = Metadata(url, None, published, updated, credited=tuple(bylines))
    return Draft(known, subject or headline, paragraphs, dropped=dropped)


def _headers_of_a_letter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Part the lines at the top of a letter that name its sender, day and subject from the rest."""
    named = words().letter
    headers: dict[str, str] = {}
    for place, line in enumerate(lines):
        name, _, value = line.partition(":")
        if name.strip().lower() not in named:
            return (headers, lines[place:]) if len(headers) >= _LEAST_HEADERS else ({}, lines)
        headers[named[name.strip().lower()]] = value.strip()
    return {}, lines


def _cut_at_a_rule(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part a letter from what stands below a rule: who sent it, and how to be sent no more."""
    rule = next((place for place, line in enumerate(lines) if _RULE.fullmatch(line)), len(lines))
    return lines[:rule], [line for line in lines[rule + 1 :] if line]
