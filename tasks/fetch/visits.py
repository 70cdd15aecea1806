"""Asking for addresses politely: robots.txt, one request at a time to a site, pauses, patience with passing faults.

A site is a host with and without www., by http and by https: it has one turn, one pause and one peace. What robots.txt
says holds for an origin alone (RFC 9309). Whoever reads a robots.txt holds its origin, and takes the turn of a site for
each single request; whoever has a turn waits for nothing that another holds. So nobody waits in a circle.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

from protego import Protego

from tasks.addresses import site as site_of
from tasks.fetch.walls import status_fault
from tasks.records import Answer
from tasks.web.client import Chain, Web
from tasks.web.faults import FetchError, stop_fault

ROBOTS_KEPT = timedelta(hours=24)
"""How long a robots.txt holds, as RFC 9309 asks."""
_ROBOTS_BYTES = 2_000_000
_TOKEN = "SwapLedger"  # noqa: S105 - the name by which robots.txt files know us
_UNTOLD_WAIT_S = 3600.0
"""How long a host is left in peace that gives no robots.txt, or asks for peace without saying how long."""
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_ATTEMPTS = 3
_FIRST_WAIT_S = 2.0
_LONGEST_WAIT_S = 60.0
_LONGEST_CRAWL_DELAY_S = 60.0

Keep = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt as it was read. text: empty if the host has none."""

    asked_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to be asked again with."""

    etag: str | None = None
    last_modified: str | None = None

    def fields(self) -> dict[str, str]:
        """Give them as header fields."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(slots=True)
class _Site:
    """A site: who asks it now, and when it may be asked next.

    asked_at: when it was asked last. free_at: until when it wants to be left in peace. closed: the fault for which it
    is left in peace until then.
    """

    turn: threading.Lock = field(default_factory=threading.Lock)
    asked_at: float = -_LONGEST_WAIT_S
    free_at: float = 0.0
    closed: FetchError | None = None


@dataclass(slots=True)
class _Origin:
    """An origin: who reads its robots.txt now, and what that says."""

    reading: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego | None = None


class Visitor:
    """Asks for addresses, for all sources of a run at once: sites are shared, and so are their pauses.

    known_robots: by origin, as in https://wire.example. sleep: how to wait; the usual way ends when this is stopped, as
    it is at the end of its block.
    """

    def __init__(
        self,
        web: Web,
        known_robots: Mapping[str, Robots] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._web = web
        self._known_robots = dict(known_robots or {})
        self._new_robots: dict[str, Robots] = {}
        self._clock = clock
        self._stopping = threading.Event()
        self._sleep = sleep or self._stopping.wait
        self._sites: dict[str, _Site] = {}
        self._origins: dict[str, _Origin] = {}
        self._chains: set[Chain] = set()
        self._changing = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ask nothing more: end every wait and cut every open request. It may be called from any thread."""
        self._stopping.set()
        with self._changing:
            chains = tuple(self._chains)
        for chain in chains:
            chain.cut()

    def take_robots(self) -> dict[str, Robots]:
        """Give every robots.txt that was read since this was asked last."""
        with self._changing:
            taken, self._new_robots = self._new_robots, {}
        return taken

    def ask(
        self,
        url: str,
        pause_s: float,
        keep: Keep,
        validators: Validators | None = None,
        most_bytes: int | None = None,
    ) -> Answer:
        """Ask for an address, follow its redirects, and try again what may pass. Raises FetchError.

        keep: is given every answer as it came. validators: with them, the answer may be 304, without content. Once this
        is stopped, nothing is asked: the fault is `stopped`.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._follow(url, pause_s, keep, validators or Validators(), most_bytes)
            except FetchError as wrong:
                wait_s = _peace_s(wrong) or (_backed_off(attempt) if wrong.wait_s is None else wrong.wait_s)
                if not wrong.may_pass or attempt == _ATTEMPTS or wait_s > _LONGEST_WAIT_S:
                    raise
                self._sleep(wait_s)
        raise AssertionError  # the last attempt returns or raises

    def _follow(self, url: str, pause_s: float, keep: Keep, validators: Validators, most_bytes: int | None) -> Answer:
        with self._chain(most_bytes) as chain:
            for _ in range(_MOST_REDIRECTS + 1):
                answer = self._ask_once(chain, url, pause_s, keep, validators)
                if answer.status not in _REDIRECTS:
                    fault = status_fault(answer, _asked_to_wait(answer))
                    if fault is not None:
                        raise fault
                    return answer
                target = answer.header("Location")
                if not target:
                    raise FetchError(
                        "redirect", f"redirects with {answer.status}, but says not whereto; it is left out"
                    )
                url = _joined(url, target)
        raise FetchError("redirect", f"redirects more than {_MOST_REDIRECTS} times; look at it in a browser")

    @contextmanager
    def _chain(self, most_bytes: int | None) -> Iterator[Chain]:
        """Begin requests that belong together, and that stopping cuts."""
        with self._web.chain(most_bytes) as chain:
            with self._changing:
                self._chains.add(chain)
            try:
                yield chain
            finally:
                with self._changing:
                    self._chains.discard(chain)

    def _ask_once(self, chain: Chain, url: str, pause_s: float, keep: Keep, validators: Validators) -> Answer:
        self._check(self._site(url))
        rules = self._rules(url, pause_s, keep)
        if not rules.can_fetch(url, _TOKEN):
            raise FetchError("robots", "may not be asked by programs (robots.txt); it is left out")
        delay = min(float(rules.crawl_delay(_TOKEN) or 0), _LONGEST_CRAWL_DELAY_S)
        answer = self._get(chain, url, max(pause_s, delay), validators.fields())
        keep(answer)
        return answer

    def _get(self, chain: Chain, url: str, pause_s: float, headers: dict[str, str]) -> Answer:
        """Ask for an address once, in the turn of its site and after its pause."""
        site = self._site(url)
        with site.turn:
            self._check(site)
            wait_s = max(site.free_at, site.asked_at + pause_s) - self._clock()
            if wait_s > 0:
                self._sleep(wait_s)
                self._check(site)
            site.asked_at = self._clock()
            answer = chain.get(url, headers)
            self._leave_in_peace(site, status_fault(answer, _asked_to_wait(answer)))
        return answer

    def _check(self, site: _Site) -> None:
        """Refuse to ask once this is stopped, or while a site is left in peace."""
        if self._stopping.is_set():
            raise stop_fault()
        closed = site.closed
        if closed is not None and site.free_at > self._clock():
            raise FetchError(closed.check, f"is left in peace, because its host {closed}", was_asked=False)

    def _leave_in_peace(self, site: _Site, fault: FetchError | None) -> None:
        """Note that a site wants to be left alone, for all who would ask it: as long as it says, or for this run."""
        wait_s = _peace_s(fault) if fault is not None and fault.was_asked else None
        if wait_s is None:
            return
        free_at = self._clock() + wait_s
        with self._changing:
            if free_at >= site.free_at:  # who reads a robots.txt elsewhere has no turn here, and may come late
                site.free_at = free_at
                site.closed = fault if wait_s > _LONGEST_WAIT_S else None

    def _site(self, url: str) -> _Site:
        with self._changing:
            return self._sites.setdefault(site_of(url) or url, _Site())

    def _rules(self, url: str, pause_s: float, keep: Keep) -> Protego:
        name = _origin_name(url)
        with self._changing:
            origin = self._origins.setdefault(name, _Origin())
        with origin.reading:
            if origin.rules is None:
                known = self._known_robots.get(name)
                if known is None or known.asked_at < datetime.now(UTC) - ROBOTS_KEPT:
                    try:
                        known = self._read_robots(name, pause_s, keep)
                    except FetchError as wrong:
                        self._leave_in_peace(self._site(url), wrong)
                        raise
                    with self._changing:
                        self._new_robots[name] = known
                origin.rules = Protego.parse(known.text)
            return origin.rules

    def _read_robots(self, origin: str, pause_s: float, keep: Keep) -> Robots:
        """Read a robots.txt: none (4xx) allows all; one that cannot be read forbids all for now (RFC 9309, 2.3.1)."""
        url = f"{origin}/robots.txt"
        with self._chain(_ROBOTS_BYTES) as chain:
            for _ in range(_MOST_REDIRECTS + 1):
                try:
                    answer = self._get(chain, url, pause_s, {})
                except FetchError as wrong:
                    is_known = not wrong.was_asked and self._site(url) is self._site(origin)
                    if is_known or wrong.check in ("private_address", "address", "stopped"):
                        raise
                    raise FetchError(
                        "robots_unread",
                        f"has a robots.txt that cannot be read (it {wrong}); the host is left in peace",
                        may_pass=wrong.may_pass,
                    ) from wrong
                keep(answer)
                target = answer.header("Location")
                if answer.status not in _REDIRECTS or not target:
                    break
                url = _joined(url, target)
        if answer.status >= 500 or answer.status == 429:
            raise FetchError(
                "robots_unread",
                f"has a robots.txt that cannot be read ({answer.status}); the host is left in peace",
                may_pass=True,
                wait_s=_asked_to_wait(answer),
            )
        text = answer.content.decode("utf-8", "replace") if answer.status == 200 else ""
        return Robots(answer.asked_at, text)


def _joined(url: str, target: str) -> str:
    """Give the address that a field Location means, in ASCII: some servers send the names of pages as they are."""
    try:
        return urljoin(url, quote(target, safe="%/:=&?~#+!$,;'@()*[]", encoding="latin-1", errors="replace"))
    except ValueError as wrong:
        raise FetchError("redirect", f"redirects to {target[:200]!r}, which is no address; it is left out") from wrong


def _origin_name(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}".lower()


def _peace_s(fault: FetchError) -> float | None:
    """Give the seconds for which a fault asks to leave the whole host in peace; None if it does not."""
    if fault.check not in ("too_many_requests", "robots_unread"):
        return None
    return fault.wait_s if fault.wait_s is not None else _UNTOLD_WAIT_S


def _backed_off(attempt: int) -> float:
    """Give the wait before the next attempt: doubled each time, and spread so that many do not come at once."""
    return _FIRST_WAIT_S * float(2 ** (attempt - 1)) * random.uniform(0.5, 1.5)  # noqa: S311 - no secret


def _asked_to_wait(answer: Answer) -> float | None:
    """Give the seconds that a server asks to wait (Retry-After, in seconds or as a date); None if it does not."""
    written = (answer.header("Retry-After") or "").strip()
    if written.isdecimal():
        return float(written)
    try:
        until = parsedate_to_datetime(written) if written else None
    except (ValueError, OverflowError):
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds()) if until and until.tzinfo else None
