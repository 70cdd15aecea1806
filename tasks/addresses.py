"""Addresses of pages: what is one, and its one form."""

from urllib.parse import SplitResult, urlsplit, urlunsplit

_TRACKING = ("utm_", "fbclid", "gclid")


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
    query = "&".join(part for part in parts.query.split("&") if not part.lower().startswith(_TRACKING))
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, query, ""))


def host(url: str | None) -> str | None:
    """Give the site's name in an address."""
    parts = parts_of(url)
    return parts.netloc.removeprefix("www.") or None if parts else None


def path(url: str | None) -> str:
    """Give the path of an address, empty if there is none."""
    parts = parts_of(url)
    return parts.path if parts else ""
