"""Feeds to listed articles: RSS, RDF and Atom of every version, malformed ones as far as they can be read."""

import io
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax import SAXException

import feedparser
from lxml import etree, html

from tasks.errors import ItemError
from tasks.records import Listed

_BLOCK = re.compile(
    r"<(?=/?(?:p|br|div|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|figure|figcaption|hr)\b)", re.IGNORECASE
)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#\w]+;")
_UNREAD = ("script", "style")
_PLAIN = "text/plain"
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_COMMENT_OR_INSTRUCTION = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^<>]{0,100}encoding\s*=\s*["']([\w.-]{1,40})["']""")
_EBCDIC = b"\x4c\x6f\xa7\x94"
"""The beginning of an XML declaration in EBCDIC, in which nothing below could be seen."""


def entries(content: bytes, url: str) -> list[Listed]:
    """Give the entries of a feed that was found at `url`, in its order, each address once.

    An entry without an http(s) address is passed over. A time without an offset is taken for UTC; one that cannot be
    read is none. Raises ItemError: `xml_entities` for a feed that declares entities, `not_a_feed` for what is no feed,
    and for a feed none of whose entries has an address.
    """
    refuse_entities(content)
    parsed = feedparser.parse(
        io.BytesIO(content),  # bytes alone would be tried as the name of a file
        response_headers={"content-location": url},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if (not parsed.entries and not parsed.get("version")) or _beginning(content.replace(b"\0", b""))[1] == b"html":
        raise ItemError("not_a_feed", f"{url} is no RSS or Atom feed; look for the feed's new address on the site")
    if not parsed.entries and isinstance(parsed.get("bozo_exception"), SAXException):
        raise ItemError("not_a_feed", f"{url} is broken before its first entry; ask again, or look for another feed")
    listed = [one for entry in parsed.entries if (one := _listed(entry, url))]
    if parsed.entries and not listed:
        raise ItemError("not_a_feed", f"{url} lists {len(parsed.entries)} entries without an address; use another list")
    return _each_once(listed)


def refuse_entities(content: bytes) -> None:
    """Raise ItemError (`xml_entities`) for XML that declares entities: no list needs them, and bombs are made of them.

    Looked at is the document as it came, without NUL bytes (UTF-16), and in the encoding that it declares.
    """
    readings = [content.replace(b"\0", b"")]
    declared = _DECLARED.match(readings[0].lstrip(b"\xef\xbb\xbf \t\r\n"))
    if declared:
        with suppress(LookupError, UnicodeError):  # an encoding that is unknown here is unknown to the parsers too
            readings.append(content.decode(declared[1].decode(), "ignore").encode("utf-8", "ignore"))
    if content.startswith(_EBCDIC) or any(_declares_entities(reading) for reading in readings):
        raise ItemError("xml_entities", "declares XML entities, which no list needs; it is not read, tell the site")


def _declares_entities(document: bytes) -> bool:
    """Whether `<!ENTITY` stands behind a DOCTYPE that comes before the first element."""
    doctype, _ = _beginning(document)
    return doctype is not None and _ENTITY.search(document, doctype) is not None


def _beginning(document: bytes) -> tuple[int | None, bytes]:
    """Give the place of the DOCTYPE, if there is one, and the name of the first element, lower-case.

    Comments and instructions are passed over; one that is not closed goes to the end, as for the parsers.
    """
    doctype: int | None = None
    place = 0
    while (begin := document.find(b"<", place)) >= 0:
        if root := _ROOT.match(document, begin):
            return doctype, root[1].lower()
        if doctype is None and _DOCTYPE.match(document, begin):
            doctype = begin
        passed = _COMMENT_OR_INSTRUCTION.match(document, begin)
        place = passed.end() if passed else begin + 1
    return doctype, b""


def _listed(entry: Any, url: str) -> Listed | None:  # noqa: ANN401 - feedparser's entries have no type
    address = absolute(entry.get("link") or "", url) or absolute_if_http(entry.get("id") or "")
    if address is None:
        return None
    contents = entry.get("content") or []
    return Listed(
        url=address,
        title=_text(entry.get("title_detail")),
        description=_text(entry.get("summary_detail")) or next(filter(None, map(_text, contents)), None),
        published=_moment(entry.get("published_parsed")) or _moment(dict.get(entry, "updated_parsed")),
    )


def absolute(address: str, url: str) -> str | None:
    """Make an address that stands at `url` absolute; None for what is no address of the web."""
    try:
        return absolute_if_http(urljoin(url, address.strip())) if address.strip() else None
    except ValueError:
        return None


def absolute_if_http(address: str) -> str | None:
    """Give an http(s) address as it is; None for anything else, and for a broken one."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return address.strip() if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def _text(detail: Any) -> str | None:  # noqa: ANN401 - feedparser's details have no type
    """Give a title or a description as one line of text without markup; None if nothing is left."""
    value = (detail or {}).get("value") or ""
    if detail and detail.get("type") != _PLAIN and _MARKUP.search(value):
        value = _without_markup(value)
    return " ".join(value.split()) or None


def _without_markup(value: str) -> str:
    try:
        root = html.fromstring(f"<div>{_BLOCK.sub(' <', value)}</div>".replace("\0", ""))
    except (etree.ParserError, ValueError):  # nothing but comments, or characters that XML forbids
        return re.sub(r"<[^<>]*>", " ", value)
    etree.strip_elements(root, etree.Comment, *_UNREAD, with_tail=False)
    return str(root.text_content())


def _moment(parsed: struct_time | None) -> datetime | None:
    """Make a moment of feedparser's time, which is in UTC; None for one that no calendar has."""
    if parsed is None:
        return None
    try:
        return datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None


def _each_once(listed: Iterable[Listed]) -> list[Listed]:
    """Keep the first entry of each address."""
    first: dict[str, Listed] = {}
    for one in listed:
        first.setdefault(one.url, one)
    return list(first.values())
