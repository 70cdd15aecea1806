"""Whose story it is, where an outlet prints one of a news agency."""

from collections.abc import Iterable

from tasks.addresses import host
from tasks.clean.words import words

_LONGEST_CREDIT = 120
_OPENING = 120
"""Characters of an article's first paragraph in which a dateline names the agency: "KYIV, July 17 (Reuters) –"."""


def agency_of(credited: Iterable[str], opening: str, outlet: Iterable[str], url: str | None) -> str | None:
    """Name the agency that a page credits its story to; None when it credits none, several, or its own.

    credited: the authors that it states and the lines near its headline. opening: the first paragraph. outlet: the
    names of the site. "With reporting by Reuters" does not make a story Reuters's.
    """
    known = words()
    lines = [line for line in credited if len(line) <= _LONGEST_CREDIT and not known.used_by.search(line)]
    names = {agency.name for agency in known.agencies if any(agency.credited.search(line) for line in lines)}
    names |= {agency.name for agency in known.agencies if agency.in_dateline.search(opening[:_OPENING])}
    site = f".{host(url) or ''}"
    for agency in known.agencies:
        if agency.name in names and (site.endswith(agency.hosts) or any(map(agency.named.search, outlet))):
            return None
    return names.pop() if len(names) == 1 else None
