"""Addresses of pages: what is one, its one form, and which addresses are one page's."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

_TRACKING = ("utm_", "fbclid", "gclid", "yclid", "_openstat", "at_medium", "at_campaign")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAMES_AN_ARTICLE = re.compile(r"\d{3}|[-_][^/]*[-_]")
"""What a path has that leads to an article: a number, or a name of several words."""


def parts_of(url: str | None) -> SplitResult | None:
    """Take an address apart; None when there is none, or when it is broken ("http://[bad/x")."""
    if not url or not url.strip():
        return None
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None


def canonical(url: str | None) -> str | None:
    """Give an address its one form: lower-case host, no fragment, no tracking parameters."""
    parts = parts_of(url)
    if parts is None:
        return None
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "&".join(_parameters(parts)), ""))


def site(url: str | None) -> str | None:
    """Give the site of an address: its host without www. and without the port that its scheme has anyway.

    None for what is no address of the web.
    """
    parts = parts_of(url)
    try:
        if parts is None or parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
            return None
        port = parts.port
    except ValueError:
        return None
    name = parts.hostname.removeprefix("www.").rstrip(".")
    return name if port in (None, _DEFAULT_PORTS[parts.scheme.lower()]) else f"{name}:{port}"


def identity(url: str | None) -> str | None:
    """Give what is the same of all addresses of one page; None for what is no address of the web.

    They may differ in scheme, www., the usual port, a slash at the end, fragment and tracking parameters.
    """
    parts, name = parts_of(url), site(url)
    if parts is None or name is None:
        return None
    return f"{name}{parts.path.rstrip('/')}?{'&'.join(_parameters(parts))}"


def own_address(found_at: str | None, stated: str | None) -> str | None:
    """Give a page's address: where it was found, without the parameters that it leaves out of the one that it states.

    Any other address that a page states is not believed against the one where it was found: some sites state one for
    all their pages, and then every article would pass for a version of one.
    """
    found, told = parts_of(found_at), parts_of(stated)
    if found is None or told is None:
        return found_at or stated
    is_here = site(found_at) == site(stated) is not None and found.path.rstrip("/") == told.path.rstrip("/")
    is_less = set(_parameters(told)) < set(_parameters(found))
    names_it = bool(told.query or _NAMES_AN_ARTICLE.search(told.path))
    return stated if is_here and is_less and names_it else found_at


def host(url: str | None) -> str | None:
    """Give the site's name in an address."""
    parts = parts_of(url)
    return parts.netloc.removeprefix("www.") or None if parts else None


def path(url: str | None) -> str:
    """Give the path of an address, empty if there is none."""
    parts = parts_of(url)
    return parts.path if parts else ""


def _parameters(parts: SplitResult) -> list[str]:
    """Give the parameters of an address that may choose a page."""
    return [one for one in parts.query.split("&") if one and not one.lower().startswith(_TRACKING)]
