"""Sitemaps to listed articles and further sitemaps, and which of these may hold pages of a window of days."""

import calendar
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import unquote, urlsplit

from lxml import etree

from tasks.errors import ItemError
from tasks.fetch.feeds import absolute, refuse_entities
from tasks.records import Listed

LARGEST_SITEMAP_BYTES = 100_000_000
"""Larger ones are refused, packed or not: the protocol allows 50 MB."""
_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^<>]*\?>")
_BARE_AMPERSAND = re.compile(
    rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))|&(?!(?:amp|lt|gt|quot|apos|#\d+|#[xX][0-9a-fA-F]+);)", re.DOTALL
)
_ROOTS = ("urlset", "sitemapindex")
_ENTRIES = ("url", "sitemap")
_OF_ENTRY = ("loc", "lastmod")
_OF_NEWS = ("publication_date", "title")

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ONE_DAY = timedelta(days=1)
"""Sites name their sitemaps by their own clocks, and a window is one of days in UTC."""
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_PERIODS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}[-_./]?w(?:eek)?[-_./]?(?P<week>\d\d?)(?!\d)",
        rf"(?<!\d){_YEAR}(?P<by>[-_./]?){_MONTH}(?P=by)(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        rf"(?<!\d){_YEAR}/(?P<month>1[0-2]|0?[1-9])/(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)",
        rf"(?<!\d){_YEAR}[-_./]?{_MONTH}(?!\d)",
        rf"(?<!\d){_YEAR}/(?P<month>[1-9])(?!\d)",
    )
)
"""Periods in addresses, the most exact first. A month of one digit behind a hyphen may as well be a part's number."""
_NAMED = {
    name: re.compile(rf"(?<![a-z])(?:{words})[=/_-]?(\d{{1,4}})(?!\d)", re.IGNORECASE)
    for name, words in {"year": "year|yyyy|y", "month": "month|mm|m", "week": "week|w", "day": "day|dd|d"}.items()
}
"""The parts of "year=2024&month=7&day=17"."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap holds. further: an index's sitemaps, with the time of their last change as far as it is stated."""

    pages: list[Listed] = field(default_factory=list)
    further: list[tuple[str, datetime | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Entry:
    """An entry while it is read. is_index: a further sitemap, and no page."""

    is_index: bool
    words: dict[str, str] = field(default_factory=dict)


def sitemap(content: bytes, url: str) -> Sitemap:
    """Read a sitemap or an index that was found at `url`: XML, packed XML or plain text; each address once.

    A page's time is that of publication for news, else of the last change. A day alone stands for its midnight UTC, a
    time without an offset is one in UTC, a month or a year alone is no time. Raises ItemError: `not_a_sitemap` for
    anything else, `xml_entities` for one that declares entities, `size_cap` for one over 100 MB.
    """
    content = _unpacked(content, url)
    if content.startswith(_UTF16):
        text = _XML_DECLARATION.sub("", content.decode("utf-16", "replace"))
        content = text.encode("utf-8", "replace")
    beginning = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not beginning.startswith(b"<"):
        return _lines(beginning, url)
    refuse_entities(beginning)
    return _made(_entries(beginning, url), url)


def _unpacked(content: bytes, url: str) -> bytes:
    """Unpack a gzip body, of a broken one what can be unpacked."""
    if content.startswith(_GZIP):
        unpacked: list[bytes] = []
        left = LARGEST_SITEMAP_BYTES + 1
        while content.startswith(_GZIP) and left > 0:
            part, content = _member(content, left)
            unpacked.append(part)
            left -= len(part)
        content = b"".join(unpacked)
    if len(content) > LARGEST_SITEMAP_BYTES:
        raise ItemError("size_cap", f"{url} is larger than {LARGEST_SITEMAP_BYTES // 1_000_000} MB; use another list")
    return content


def _member(content: bytes, limit: int) -> tuple[bytes, bytes]:
    """Unpack one member of a gzip body, `limit` bytes at most; give it and what follows."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    parts: list[bytes] = []
    try:
        while content and limit > 0 and not unpacking.eof:
            part = unpacking.decompress(content[:65_536], limit)
            content = unpacking.unconsumed_tail + content[65_536:]
            parts.append(part)
            limit -= len(part)
    except zlib.error:  # what came before the broken place can be read, or is refused as no sitemap
        return b"".join(parts), b""
    return b"".join(parts), unpacking.unused_data + content if unpacking.eof else b""


def _lines(content: bytes, url: str) -> Sitemap:
    """Read a sitemap of plain text, one address a line."""
    lines = [line.strip() for line in content.decode("utf-8", "replace").splitlines() if line.strip()]
    if not lines or not all(re.fullmatch(r"https?://\S+", line, re.IGNORECASE) for line in lines):
        raise _no_sitemap(url)
    return Sitemap(pages=[Listed(line) for line in dict.fromkeys(lines)])


def _no_sitemap(url: str) -> ItemError:
    return ItemError("not_a_sitemap", f"{url} is no sitemap; look for its new address in the site's robots.txt")


def _entries(content: bytes, url: str) -> Iterator[_Entry]:
    """Walk through the XML, malformed or not, and give its entries as they end.

    What breaks off in the middle of a tag or of an address is left out: half an address is another address.
    """
    content = _BARE_AMPERSAND.sub(lambda found: found[1] or b"&amp;", content[: content.rfind(b">") + 1])
    walk = etree.iterparse(
        io.BytesIO(content),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    above: list[str] = []
    entry: _Entry | None = None
    is_empty = True
    try:
        for event, element in walk:
            name = _name(element)
            if event == "start":
                if not above and name not in _ROOTS:
                    raise _no_sitemap(url)
                above.append(name)
                if name in _ENTRIES:
                    is_empty = False
                    if entry:
                        yield entry
                    entry = _Entry(is_index=name == "sitemap")
                continue
            above.pop()
            parent = above[-1] if above else ""
            if entry and ((name in _OF_ENTRY and parent in _ENTRIES) or (name in _OF_NEWS and parent == "news")):
                entry.words.setdefault(name, (element.text or "").strip())
            if name in _ENTRIES:
                if entry:
                    yield entry
                entry = None
                _forget(element)
    except etree.XMLSyntaxError as wrong:
        if walk.root is None:
            raise _no_sitemap(url) from wrong
    if entry:
        yield entry
    if is_empty and len(walk.error_log):
        raise _no_sitemap(url)


def _name(element: etree._Element) -> str:
    """Give an element's name without its namespace or prefix, lower-case; empty for comments and the like."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Free the memory of an entry that has been read, and of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _made(entries: Iterable[_Entry], url: str) -> Sitemap:
    pages: dict[str, Listed] = {}
    further: dict[str, datetime | None] = {}
    for entry in entries:
        words = entry.words
        address = absolute(words.get("loc", ""), url)
        if address is None:
            continue
        changed = _moment(words.get("lastmod", ""))
        if entry.is_index:
            further.setdefault(address, changed)
        else:
            title = " ".join(unescape(words.get("title", "")).split()) or None
            published = _moment(words.get("publication_date", "")) or changed
            pages.setdefault(address, Listed(address, title=title, published=published))
    return Sitemap(list(pages.values()), list(further.items()))


def _moment(written: str) -> datetime | None:
    """Read a time of ISO 8601 or RFC 2822 that is at least as exact as a day; None for anything else."""
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written) if _DAY.match(written) else parsedate_to_datetime(written)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def sitemaps_for(further: Iterable[tuple[str, datetime | None]], first: date, last: date) -> list[str]:
    """Choose those of an index's sitemaps that may hold pages of the days from `first` to `last`.

    A sitemap whose address names a day, a week or a month is chosen by it, another one by its last change; a day's
    grace on either side is for sites' clocks. What says neither is chosen.
    """
    return [address for address, changed in further if _may_hold(address, changed, first, last)]


def _may_hold(address: str, changed: datetime | None, first: date, last: date) -> bool:
    period = _period(address)
    if period:
        begins, ends = period
        return begins - _ONE_DAY <= last and ends + _ONE_DAY >= first
    return changed is None or changed.date() + _ONE_DAY >= first


def _period(address: str) -> tuple[date, date] | None:
    """Give the first and the last day of the period that an address names; None if it names none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    text = unquote(f"{parts.path}?{parts.query}")
    named = {name: int(found[1]) for name, pattern in _NAMED.items() if (found := pattern.search(text))}
    if period := _days(named):
        return period
    for pattern in _PERIODS:
        for found in pattern.finditer(text):
            numbers = {name: int(number) for name, number in found.groupdict().items() if name != "by" and number}
            if period := _days(numbers):
                return period
    return None


def _days(numbers: dict[str, int]) -> tuple[date, date] | None:
    """Give the first and the last day of a day, a week or a month of a year; None for a year alone."""
    year, month, week, day = (numbers.get(name) for name in ("year", "month", "week", "day"))
    try:
        if year is None or not 1990 <= year <= 2100:
            return None
        if month is not None:
            begins = date(year, month, day or 1)
            return begins, begins if day else date(year, month, calendar.monthrange(year, month)[1])
        return (date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)) if week else None
    except ValueError:
        return None
