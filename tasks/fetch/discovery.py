"""What a source lists: its feeds, sitemaps, archive pages, channels, and captures, as articles to ask for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

from tasks.addresses import canonical, identity
from tasks.errors import ItemError
from tasks.fetch.captures import captures, replay_address
from tasks.fetch.feeds import entries
from tasks.fetch.listings import links, messages, older
from tasks.fetch.sitemaps import sitemap, sitemaps_for
from tasks.fetch.visits import Validators
from tasks.fetch.walls import list_fault
from tasks.records import Answer, Listed, Rejection, Visit, short_hash
from tasks.sources import Archive, Feed, Sitemap, Source, Telegram, Way, Wayback

LARGEST_LIST_BYTES = 50_000_000
"""Unpacked: the most that the sitemap protocol allows."""
_MOST_SITEMAPS = 400
_MOST_CHANNEL_PAGES = 400
_LONGEST_GAP = timedelta(days=31)
"""How far back a scheduled run reaches by itself."""
_CAPTURED_LATER = timedelta(days=14)
"""How long after its publication an article is first captured, mostly."""

Ask = Callable[[str, Validators | None, int | None], Answer]
"""Asks for an address: with validators, and up to so many bytes. Raises FetchError."""


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list as the last run met it. entries: its articles, by short_hash of their addresses."""

    validators: Validators
    entries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Window:
    """Days of publication, both inclusive."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Give its days in order."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def may_hold(self, published: datetime | None) -> bool:
        """Whether an article may belong to it; clocks may differ a day, and what is undated may."""
        near = timedelta(days=1)
        return published is None or self.first - near <= published.date() <= self.last + near


@dataclass(slots=True)
class Heard:
    """What a source's lists gave.

    fresh: articles that a list did not name at the last run. entries: of each list that was read, its articles by
    short_hash. asked, failed: lists.
    """

    listed: list[Listed] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    entries: dict[str, frozenset[str]] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    fresh: int = 0
    asked: int = 0
    failed: int = 0


def discover(source: Source, ask: Ask, known: Mapping[str, KnownList], window: Window | None, today: date) -> Heard:
    """Ask a source's lists: those of a scheduled run, or with a window those that reach back to it.

    A list that cannot be had or read is a rejection; the other lists are asked all the same.
    """
    heard = Heard()
    for way in source.discover:
        if way.runs if window is None else way.reaches_back:
            lists = _Lists(source.key, ask, known if window is None else {}, heard)
            _ask_way(way, lists, window or Window(today - timedelta(days=1), today))
    unique: dict[str, Listed] = {}
    for listed in heard.listed:
        url = canonical(_encodable(listed.url))
        if url is not None:
            unique.setdefault(page_key(url), replace(listed, url=url))
    heard.listed = [one for one in unique.values() if window is None or window.may_hold(one.published)]
    if window is not None:  # what a backfill hears must not hide what is new from the next scheduled run
        heard.visits, heard.entries = [], {}
    return heard


def catch_up(heard: Heard, source: Source, ask: Ask, first: date, today: date) -> bool:
    """Add what a source's own lists name of the days from `first` on; say whether something of it is still missing.

    A web archive is not asked: it has copies of what the source's own lists name. What is longer ago than a month is
    for a backfill, and a rejection says so.
    """
    reached = max(first, today - _LONGEST_GAP)
    ways = tuple(way for way in source.discover if way.reaches_back and not isinstance(way, Wayback))
    behind = discover(source.model_copy(update={"discover": ways}), ask, {}, Window(reached, today), today)
    named = {page_key(one.url) for one in heard.listed}
    heard.listed += [one for one in behind.listed if page_key(one.url) not in named]
    heard.rejections += behind.rejections
    heard.asked += behind.asked
    heard.failed += behind.failed
    if reached > first:
        told = (
            f"was not heard from {first} on; run `swaps backfill --from {first} --to {reached} --source {source.key}`"
        )
        heard.rejections.append(Rejection("fetch", source.key, "gap", told))
    return behind.failed > 0 and reached == first


def page_key(url: str) -> str:
    """Give what is the same of all addresses of a page, or the address itself if it is none of the web."""
    return identity(url) or url


def _encodable(url: str) -> str:
    """Replace what no encoding can write: a list may name half a surrogate pair."""
    return url.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class _Lists:
    """The way to a source's lists, and what was heard there."""

    source: str
    ask: Ask
    known: Mapping[str, KnownList]
    heard: Heard

    def read(
        self, url: str, read: Callable[[bytes], list[Listed]], most_bytes: int | None = None, part_of: str | None = None
    ) -> Answer | None:
        """Ask for a list and read it; None if it is not there, cannot be read, or did not change.

        part_of: the list of which it is a further page, and with which it is remembered.
        """
        self.heard.asked += 1
        whole = part_of or url
        known = self.known.get(whole) if part_of is None else None
        asked_at = datetime.now(UTC)
        try:
            answer = self.ask(url, known.validators if known else None, most_bytes)
            asked_at = answer.asked_at
            if answer.status == 304:
                self._visited(url, asked_at, "unchanged", answer)
                return None
            fault = list_fault(answer)
            if fault is not None:
                raise fault
            listed = _read(read, answer.content)
        except ItemError as wrong:
            self.heard.failed += 1
            told = str(wrong).removeprefix(url).strip()
            self.heard.rejections.append(Rejection("fetch", url, wrong.check, f"(a list of {self.source}) {told}"))
            if part_of is None:
                self._visited(url, asked_at, wrong.check, None)
            return None
        entries_now = frozenset(short_hash(one.url) for one in listed)
        before = self.heard.entries.get(whole, frozenset())
        named = self.known[whole].entries if whole in self.known else frozenset()
        self.heard.fresh += len(entries_now - before - named)
        self.heard.entries[whole] = before | entries_now
        self.heard.listed += listed
        if part_of is None:
            self._visited(url, asked_at, "used", answer)
        return answer

    def forget(self, url: str) -> None:
        """Let the next run read a list anew, because a further page of it is missing."""
        self.heard.entries.pop(url, None)
        self.heard.visits[:] = [visit for visit in self.heard.visits if visit.url != url]

    def too_many(self, url: str, told: str) -> None:
        """Say that not all of a list was read."""
        told = f"(a list of {self.source}) was not read to its end: {told}; choose a shorter window"
        self.heard.rejections.append(Rejection("fetch", url, "too_many_lists", told))

    def _visited(self, url: str, asked_at: datetime, outcome: str, answer: Answer | None) -> None:
        self.heard.visits.append(
            Visit(
                url,
                self.source,
                "list",
                outcome,
                asked_at,
                answer.status if answer else None,
                answer.header("ETag") if answer else None,
                answer.header("Last-Modified") if answer else None,
            )
        )


def _ask_way(way: Way, lists: _Lists, window: Window) -> None:
    """Ask one way for a window; a folder of files is no list, and is read as files are."""
    if isinstance(way, Feed):
        lists.read(way.url, partial(entries, url=way.url))
    elif isinstance(way, Telegram):
        _ask_channel(way, lists, window)
    elif isinstance(way, Archive):
        for url in _dated(way.url, window):
            lists.read(url, partial(links, url=url, selector=way.links))
    elif isinstance(way, Sitemap):
        for url in _dated(way.url, window):
            _ask_sitemaps(url, lists, window)
    elif isinstance(way, Wayback):
        _ask_captures(way, lists, window)


def _dated(template: str, window: Window) -> list[str]:
    """Give the addresses of a window's days, each once: an address may stand for a month."""
    return list(dict.fromkeys(template.format(date=day) for day in window.days()))


def _read(read: Callable[[bytes], list[Listed]], content: bytes) -> list[Listed]:
    """Read a list. Whatever a foreign document makes a parser do, it is the document that cannot be read."""
    try:
        return read(content)
    except ItemError:
        raise
    except Exception as wrong:
        told = " ".join(f"{type(wrong).__name__}: {wrong}".split())[:200]
        raise ItemError("unreadable", f"cannot be read as a list ({told}); look at it in a browser") from wrong


def _ask_channel(way: Telegram, lists: _Lists, window: Window) -> None:
    """Ask for a channel's newest messages, and page back until the window begins or a page has nothing new.

    Its messages bear UTC and the window is of the conflict's days, so that it begins a day earlier.
    """
    newest = f"{way.url}{way.channel}"
    url: str | None = newest
    for _ in range(_MOST_CHANNEL_PAGES):
        if url is None:
            return
        before, fresh, failed = len(lists.heard.listed), lists.heard.fresh, lists.heard.failed
        answer = lists.read(url, partial(messages, url=url), part_of=None if url == newest else newest)
        if lists.heard.failed > failed and url != newest:
            lists.forget(newest)
        days = [one.published.date() for one in lists.heard.listed[before:] if one.published]
        has_begun = not days or min(days) < window.first - timedelta(days=1)
        if answer is None or lists.heard.fresh == fresh or has_begun:
            return
        before_it = older(answer.content)
        url = f"{newest}?{urlsplit(before_it).query}" if before_it else None
    if url is not None:
        lists.too_many(newest, f"the channel goes back more than {_MOST_CHANNEL_PAGES} pages")


def _ask_sitemaps(url: str, lists: _Lists, window: Window) -> None:
    """Ask for a sitemap, and for those of an index that may hold pages of the window."""
    waiting, asked = [url], set[str]()
    while waiting and len(asked) < _MOST_SITEMAPS:
        at = waiting.pop(0)
        if at in asked:
            continue
        asked.add(at)
        further: list[tuple[str, datetime | None]] = []

        def pages(content: bytes, at: str = at, further: list[tuple[str, datetime | None]] = further) -> list[Listed]:
            read = sitemap(content, at)
            further += read.further
            return list(read.pages)

        lists.read(at, pages, LARGEST_LIST_BYTES)
        waiting += sitemaps_for(further, window.first, window.last)
    if any(at not in asked for at in waiting):
        lists.too_many(url, f"the index leads to more than {_MOST_SITEMAPS} sitemaps")


def _ask_captures(way: Wayback, lists: _Lists, window: Window) -> None:
    """Ask a web archive's index (CDX) for the captures of a window."""
    asked = {
        "url": way.prefix,
        "matchType": "prefix",
        "from": f"{window.first:%Y%m%d}",
        "to": f"{window.last + _CAPTURED_LATER:%Y%m%d}",
        "output": "json",
    }

    def read(content: bytes) -> list[Listed]:
        return [replayed(one, way.replay) for one in captures(content)]

    filters = "&filter=statuscode:200&filter=mimetype:text/html&collapse=urlkey" if "archive.org" in way.url else ""
    lists.read(f"{way.url}?{urlencode(asked)}{filters}", read, LARGEST_LIST_BYTES)


def replayed(capture: Listed, template: str) -> Listed:
    """Say of a capture where its page is asked for."""
    return replace(capture, from_address=replay_address(template, capture))
