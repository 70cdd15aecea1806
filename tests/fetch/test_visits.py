"""Politeness: robots.txt, pauses, patience with passing faults, and none with others."""

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest

from tasks.fetch.visits import Robots, Validators, Visitor
from tasks.records import Answer
from tasks.web.client import Web
from tasks.web.connections import Limits
from tasks.web.faults import FetchError
from tests.fetch.faulty import Answer as Served
from tests.fetch.faulty import FaultyServer, Headers, faulty_server

WEB = Web("SwapLedger/test", Limits(2, 2), opens_loopback=True)
PATIENT = Web("SwapLedger/test", Limits(20, 20), opens_loopback=True)
OPEN = "User-agent: *\nAllow: /\n"


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Busy:
    """A page that takes its time, and knows how often it was asked for at once."""

    def __init__(self, seconds: float, status: int = 200, **headers: str) -> None:
        self.seconds = seconds
        self.status = status
        self.headers = {"Content-Type": "text/plain"} | {name.replace("_", "-"): told for name, told in headers.items()}
        self.most = self._now = 0
        self._counting = threading.Lock()

    def __call__(self, _: Headers, __: int) -> Served:
        with self._counting:
            self._now += 1
            self.most = max(self.most, self._now)
        sleep(self.seconds)
        with self._counting:
            self._now -= 1
        return self.status, self.headers, OPEN


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server(pace_s=0.2) as running:
        yield running


@pytest.fixture
def other() -> Iterator[FaultyServer]:
    with faulty_server(pace_s=0.2) as running:
        yield running


@pytest.fixture
def names(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name that ends in .example, at any port, lead to the server."""
    resolved, port = socket.getaddrinfo, int(server.base.rpartition(":")[2])

    def resolve(name: str, asked: int, *arguments: Any, **options: Any) -> Any:
        if name.rstrip(".").endswith(".example"):
            return resolved("127.0.0.1", port, *arguments, **options)
        return resolved(name, asked, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def visitor(time: Time) -> Visitor:
    return Visitor(WEB, clock=time.clock, sleep=time.sleep)


def ask(visitor: Visitor, url: str, pause_s: float = 0.0, validators: Validators | None = None) -> Answer:
    return visitor.ask(url, pause_s, lambda _: None, validators)


class Asking:
    """Addresses that are asked for at once, each on a thread of its own."""

    def __init__(self, visitor: Visitor, *urls: str, pause_s: float = 0.0) -> None:
        self.statuses: list[int] = []
        self.faults: list[FetchError] = []
        self._visitor = visitor
        self._pause_s = pause_s
        self._threads = [threading.Thread(target=self._ask, args=[url], daemon=True) for url in urls]
        for thread in self._threads:
            thread.start()

    def is_over(self, within_s: float) -> bool:
        """Wait for all of them, but no longer than this."""
        until = monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _ask(self, url: str) -> None:
        try:
            self.statuses.append(ask(self._visitor, url, self._pause_s).status)
        except FetchError as wrong:
            self.faults.append(wrong)


def paths(server: FaultyServer) -> list[str]:
    return [request.path for request in server.requests]


def test_robots_are_read_first_and_once(server: FaultyServer, visitor: Visitor) -> None:
    for _ in range(2):
        assert ask(visitor, server.url("/article/2")).status == 200
    assert paths(server) == ["/robots.txt", "/article/2", "/article/2"]
    assert list(visitor.take_robots()) == [server.base]
    assert visitor.take_robots() == {}


def test_robots_of_today_are_not_read_again_and_old_ones_are(server: FaultyServer, time: Time) -> None:
    for age, read in ((timedelta(hours=23), 0), (timedelta(hours=25), 1)):
        known = {server.base: Robots(datetime.now(UTC) - age, "")}
        before = paths(server).count("/robots.txt")
        ask(Visitor(WEB, known, clock=time.clock, sleep=time.sleep), server.url("/article/2"))
        assert paths(server).count("/robots.txt") - before == read


def test_what_robots_forbid_is_not_asked(server: FaultyServer, visitor: Visitor) -> None:
    server.robots = "User-agent: *\nDisallow: /article\nAllow: /article/4$\n"
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/2"))
    assert wrong.value.check == "robots"
    assert ask(visitor, server.url("/article/4")).status == 200
    assert paths(server) == ["/robots.txt", "/article/4"]


def test_robots_that_speak_to_us_alone(server: FaultyServer, visitor: Visitor) -> None:
    server.robots = "User-agent: SwapLedger\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/2"))
    assert wrong.value.check == "robots"


@pytest.mark.parametrize(("status", "is_open"), [(404, True), (403, True), (500, False), (503, False)])
def test_robots_that_cannot_be_had(server: FaultyServer, visitor: Visitor, status: int, *, is_open: bool) -> None:
    """No robots.txt allows all; one that a server fails to give forbids all (RFC 9309)."""
    server.robots = status
    if is_open:
        assert ask(visitor, server.url("/article/2")).status == 200
        return
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/2"))
    assert wrong.value.check == "robots_unread"
    assert "/article/2" not in paths(server)


def test_pauses_between_requests_to_one_host(server: FaultyServer, visitor: Visitor, time: Time) -> None:
    for number in (2, 4, 6):
        ask(visitor, server.url(f"/article/{number}"), pause_s=3.0)
    assert time.slept == [3.0, 3.0, 3.0]  # robots.txt is a request, too


def test_a_crawl_delay_lengthens_the_pause(server: FaultyServer, visitor: Visitor, time: Time) -> None:
    server.robots = "User-agent: *\nCrawl-delay: 7\n"
    for number in (2, 4):
        ask(visitor, server.url(f"/article/{number}"), pause_s=1.0)
    assert time.slept == [7.0, 7.0]


def test_passing_faults_are_tried_again_with_growing_waits(server: FaultyServer, visitor: Visitor, time: Time) -> None:
    assert ask(visitor, server.url("/flaky/2")).status == 200
    first, second = time.slept
    assert 1.0 <= first <= 3.0
    assert 2.0 <= second <= 6.0
    assert paths(server).count("/flaky/2") == 3


@pytest.mark.parametrize(
    ("path", "check", "asked"),
    [
        ("/500", "server_error", 3),
        ("/reset", "connection", 3),
        ("/429-long", "too_many_requests", 1),
        ("/gzip-bomb", "size_cap", 1),
        ("/nowhere", "not_there", 1),
        ("/challenge", "challenge", 1),
        ("/redirect-loop", "redirect", None),
        ("/redirect-nowhere", "redirect", 1),
        ("/redirect-to?u=file:///etc/passwd", "address", 1),
        ("/redirect-to?u=http://127.0.0.2:1/", "robots_unread", 1),
        ("/redirect-to?u=http://169.254.169.254/", "private_address", 1),
        ("/redirect-to?u=http://[bad/", "redirect", None),
    ],
)
def test_faults_that_end_a_visit(
    server: FaultyServer, visitor: Visitor, path: str, check: str, asked: int | None
) -> None:
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url(path))
    assert wrong.value.check == check
    if asked is not None:
        assert paths(server).count(path) == asked


@pytest.mark.parametrize("path", ["/429", "/429-date"])
def test_what_the_server_asks_to_wait_is_waited(server: FaultyServer, visitor: Visitor, time: Time, path: str) -> None:
    assert ask(visitor, server.url(path)).status == 200
    assert 0.0 <= sum(time.slept) <= 2.0
    assert paths(server).count(path) == 2


def test_redirects_are_followed_and_every_answer_is_kept(server: FaultyServer, visitor: Visitor) -> None:
    kept: list[Answer] = []
    answer = visitor.ask(server.url("/redirect/3"), 0.0, kept.append)
    assert (answer.status, answer.url) == (200, server.url("/article/2"))
    assert [one.status for one in kept] == [200, 302, 302, 302, 200]


def test_a_cookie_lives_as_long_as_its_chain(server: FaultyServer, visitor: Visitor) -> None:
    assert ask(visitor, server.url("/cookie")).status == 200
    ask(visitor, server.url("/article/2"))
    assert "cookie" not in server.requests[-1].headers


def test_conditional_requests(server: FaultyServer, visitor: Visitor) -> None:
    first = ask(visitor, server.url("/feed?n=3"))
    validators = Validators(first.header("ETag"), first.header("Last-Modified"))
    assert validators.etag
    assert validators.last_modified
    again = ask(visitor, server.url("/feed?n=3"), validators=validators)
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "robots", "check", "asked"),
    [("/429-long", 200, "too_many_requests", 1), ("/article/2", 503, "robots_unread", 0)],
)
def test_a_host_that_wants_peace_gets_it_from_all(
    server: FaultyServer, visitor: Visitor, path: str, robots: int, check: str, asked: int
) -> None:
    """It is not asked again in this run, for whatever page and by whichever source."""
    if robots != 200:
        server.robots = robots
    with pytest.raises(FetchError):
        ask(visitor, server.url(path))
    before = len(server.requests)
    for number in (4, 6, 8):
        with pytest.raises(FetchError) as wrong:
            ask(visitor, server.url(f"/article/{number}"))
        assert (wrong.value.check, wrong.value.was_asked) == (check, False)
    assert len(server.requests) == before
    assert paths(server).count(path) == asked


def test_names_for_robots_and_for_people(server: FaultyServer, time: Time) -> None:
    """A contact in the user agent is no name in robots.txt."""
    server.robots = "User-agent: github\nDisallow: /\n"
    web = Web("SwapLedger/1 (+https://github.example/ledger)", Limits(2, 2), opens_loopback=True)
    assert ask(Visitor(web, clock=time.clock, sleep=time.sleep), server.url("/article/2")).status == 200


@pytest.mark.parametrize("told", ["Mon, 01 Jan 2024 00:00:00 +99999999999999", "soon", "-5", "1e9"])
def test_odd_waits(server: FaultyServer, visitor: Visitor, told: str) -> None:
    server.serve("/odd", "busy", status=503, headers={"Retry-After": told})
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/odd"))
    assert wrong.value.check == "server_error"


def test_a_redirect_to_a_name_that_is_not_ascii(server: FaultyServer, visitor: Visitor) -> None:
    server.serve("/old", "", status=301, headers={"Location": "/\xee\xe1\xec"})
    server.serve("/%EE%E1%EC", "found")
    assert ask(visitor, server.url("/old")).content == b"found"


# Sites


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("http://www.wire.example/article/2", True),
        ("https://wire.example/article/2", True),
        ("https://WWW.Wire.example./article/2", True),
        ("http://wire.example:80/article/2", True),
        ("https://www.wire.example:443/article/2", True),
        ("http://wire.example:8080/article/2", False),
        ("http://wire.example:443/article/2", False),
        ("http://news.wire.example/article/2", False),
        ("http://wwwire.example/article/2", False),
        ("http://www.www.wire.example/article/2", False),
    ],
)
@pytest.mark.usefixtures("names")
def test_what_is_one_site(server: FaultyServer, visitor: Visitor, url: str, *, is_one: bool) -> None:
    """A site that is left in peace is so under all its names; another site is not."""
    with pytest.raises(FetchError):
        ask(visitor, "http://wire.example/429-long")
    before = len(server.requests)
    if not is_one:
        assert ask(visitor, url).status == 200
        return
    with pytest.raises(FetchError) as wrong:
        ask(visitor, url)
    assert (wrong.value.check, wrong.value.was_asked) == ("too_many_requests", False)
    assert len(server.requests) == before


@pytest.mark.usefixtures("names")
def test_a_site_is_paused_under_all_its_names(server: FaultyServer, visitor: Visitor, time: Time) -> None:
    """Each origin has its robots.txt, and what that forbids the one is open to the other."""

    def robots(headers: Headers, _: int) -> Served:
        forbids = "Disallow: /article/4" if headers["host"].startswith("www.") else "Disallow: /article/6"
        return 200, {"Content-Type": "text/plain"}, f"User-agent: *\n{forbids}\n"

    server.serve("/robots.txt", robots)
    for url in ("http://wire.example/article/4", "http://www.wire.example/article/6"):
        assert ask(visitor, url, pause_s=3.0).status == 200
    for url in ("http://wire.example/article/6", "http://www.wire.example/article/4"):
        with pytest.raises(FetchError) as wrong:
            ask(visitor, url, pause_s=3.0)
        assert wrong.value.check == "robots"
    assert [(request.headers["host"], request.path) for request in server.requests] == [
        ("wire.example", "/robots.txt"),
        ("wire.example", "/article/4"),
        ("www.wire.example", "/robots.txt"),
        ("www.wire.example", "/article/6"),
    ]
    assert time.slept == [3.0, 3.0, 3.0]
    assert list(visitor.take_robots()) == ["http://wire.example", "http://www.wire.example"]


@pytest.mark.usefixtures("names")
def test_a_site_is_asked_for_one_thing_at_a_time(server: FaultyServer) -> None:
    busy = Busy(0.3)
    server.serve("/busy", busy)
    asking = Asking(Visitor(WEB), "http://wire.example/busy", "http://www.wire.example/busy")
    assert asking.is_over(within_s=5.0)
    assert (asking.statuses, busy.most) == ([200, 200], 1)


# A robots.txt that is somewhere else


def redirect_robots(server: FaultyServer, target: str) -> None:
    server.serve("/robots.txt", "", status=302, headers={"Location": target})


def test_robots_elsewhere_have_the_pause_of_that_host(
    server: FaultyServer, other: FaultyServer, visitor: Visitor, time: Time
) -> None:
    """Waited is before the other's article, and before its robots.txt is asked again; by then this host has waited."""
    redirect_robots(server, other.url("/robots.txt"))
    for url in (other.url("/article/2"), server.url("/article/2")):
        assert ask(visitor, url, pause_s=3.0).status == 200
    assert paths(other) == ["/robots.txt", "/article/2", "/robots.txt"]
    assert paths(server) == ["/robots.txt", "/article/2"]
    assert time.slept == [3.0, 3.0]


def test_robots_elsewhere_wait_for_the_turn_of_that_host(server: FaultyServer, other: FaultyServer) -> None:
    busy = Busy(0.3)
    for path in ("/busy", "/all.txt"):
        other.serve(path, busy)
    redirect_robots(server, other.url("/all.txt"))
    visitor = Visitor(WEB, {other.base: Robots(datetime.now(UTC), "")})
    asking = Asking(visitor, other.url("/busy"), server.url("/article/2"))
    assert asking.is_over(within_s=5.0)
    assert (asking.statuses, busy.most) == ([200, 200], 1)


@pytest.mark.usefixtures("names")
def test_robots_elsewhere_keep_no_turn_here(server: FaultyServer, other: FaultyServer) -> None:
    other.serve("/all.txt", Busy(1.5))
    redirect_robots(server, other.url("/all.txt"))
    visitor = Visitor(WEB, {"http://www.wire.example": Robots(datetime.now(UTC), "")})
    asking = Asking(visitor, "http://wire.example/article/2")
    sleep(0.3)
    assert ask(visitor, "http://www.wire.example/article/4").status == 200
    assert asking.statuses == []
    assert asking.is_over(within_s=5.0)
    assert asking.statuses == [200]


def test_robots_of_two_hosts_at_each_other(server: FaultyServer, other: FaultyServer) -> None:
    """Both are being asked when they name each other."""
    both = threading.Barrier(2)

    def naming(host: FaultyServer) -> None:
        def robots(_: Headers, __: int) -> Served:
            both.wait(2.0)
            return 302, {"Location": host.url("/all.txt")}, ""

        (server if host is other else other).serve("/robots.txt", robots)
        host.serve("/all.txt", OPEN)

    for host in (server, other):
        naming(host)
    asking = Asking(Visitor(WEB), server.url("/article/2"), other.url("/article/2"))
    assert asking.is_over(within_s=5.0)
    assert asking.statuses == [200, 200]


def test_robots_at_a_host_in_peace_are_not_asked(server: FaultyServer, other: FaultyServer, visitor: Visitor) -> None:
    with pytest.raises(FetchError):
        ask(visitor, other.url("/429-long"))
    redirect_robots(server, other.url("/all.txt"))
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/2"))
    assert (wrong.value.check, wrong.value.was_asked) == ("robots_unread", True)
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/4"))
    assert (wrong.value.check, wrong.value.was_asked) == ("robots_unread", False)
    assert (paths(server), paths(other)) == (["/robots.txt"], ["/robots.txt", "/429-long"])


def test_a_host_that_wants_peace_when_asked_for_the_robots_of_another(
    server: FaultyServer, other: FaultyServer, visitor: Visitor
) -> None:
    redirect_robots(server, other.url("/429-long"))
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/2"))
    assert wrong.value.check == "robots_unread"
    with pytest.raises(FetchError) as wrong:
        ask(visitor, other.url("/article/2"))
    assert (wrong.value.check, wrong.value.was_asked) == ("too_many_requests", False)
    assert paths(other) == ["/429-long"]


def test_those_who_wait_for_a_robots_txt_that_cannot_be_had(server: FaultyServer) -> None:
    """One asks for it; the others, and those who come later, are told in the same words."""
    server.serve("/robots.txt", Busy(0.5, status=503))
    visitor = Visitor(WEB)
    asking = Asking(visitor, *[server.url(f"/article/{number}") for number in range(3)])
    assert asking.is_over(within_s=5.0)
    with pytest.raises(FetchError) as wrong:
        ask(visitor, server.url("/article/4"))
    unread = "has a robots.txt that cannot be read (503); the host is left in peace"
    told = f"is left in peace, because its host {unread}"
    # in whatever order the threads come to say so
    found = sorted((one.was_asked, str(one)) for one in asking.faults)
    assert found == [(False, told), (False, told), (True, unread)]
    assert str(wrong.value) == told
    assert paths(server) == ["/robots.txt"]


@pytest.mark.usefixtures("names")
def test_a_site_that_wants_peace_during_a_pause(server: FaultyServer, other: FaultyServer) -> None:
    """Its robots.txt, which is elsewhere, cannot be had; who was waiting to ask it under another name does not."""
    other.serve("/all.txt", Busy(0.6, status=503))
    redirect_robots(server, other.url("/all.txt"))
    visitor = Visitor(WEB, {"http://www.wire.example": Robots(datetime.now(UTC), "")})
    asking = Asking(visitor, "http://wire.example/article/2")
    sleep(0.2)
    with pytest.raises(FetchError) as wrong:
        ask(visitor, "http://www.wire.example/article/4", pause_s=1.5)
    assert (wrong.value.check, wrong.value.was_asked) == ("robots_unread", False)
    assert asking.is_over(within_s=5.0)
    assert paths(server) == ["/robots.txt"]


@pytest.mark.usefixtures("names")
def test_a_short_peace_does_not_end_a_long_one(server: FaultyServer, other: FaultyServer) -> None:
    """While its robots.txt is asked for elsewhere, a site asks for a day of peace under another name."""
    other.serve("/all.txt", Busy(0.8, status=503, Retry_After="0"))
    redirect_robots(server, other.url("/all.txt"))
    visitor = Visitor(WEB, {"http://www.wire.example": Robots(datetime.now(UTC), "")})
    asking = Asking(visitor, "http://wire.example/article/2")
    sleep(0.2)
    for was_asked in (True, False):
        with pytest.raises(FetchError) as wrong:
            ask(visitor, "http://www.wire.example/429-long")
        assert (wrong.value.check, wrong.value.was_asked) == ("too_many_requests", was_asked)
        assert asking.is_over(within_s=5.0)
    assert [(one.check, one.was_asked) for one in asking.faults] == [("too_many_requests", False)]
    assert paths(server) == ["/robots.txt", "/429-long"]


# Stopping


def are_stopped(faults: list[FetchError], count: int) -> bool:
    """Whether there are so many faults, and all are those of a run that was stopped."""
    told = ("stopped", False, False, "is not asked, because the run was stopped")
    return [(one.check, one.was_asked, one.may_pass, str(one)) for one in faults] == [told] * count


def test_a_request_that_is_open_is_cut(server: FaultyServer) -> None:
    visitor = Visitor(PATIENT)
    asking = Asking(visitor, server.url("/silent"))
    sleep(0.3)
    visitor.stop()
    assert asking.is_over(within_s=3.0)
    assert are_stopped(asking.faults, 1)
    assert paths(server) == ["/robots.txt", "/silent"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_the_server_asked_for_ends(server: FaultyServer, status: int) -> None:
    server.serve("/busy", "", status=status, headers={"Retry-After": "30"})
    visitor = Visitor(PATIENT)
    asking = Asking(visitor, server.url("/busy"))
    sleep(0.3)
    visitor.stop()
    assert asking.is_over(within_s=3.0)
    assert are_stopped(asking.faults, 1)
    assert paths(server) == ["/robots.txt", "/busy"]


def test_a_pause_ends(server: FaultyServer) -> None:
    visitor = Visitor(PATIENT)
    asking = Asking(visitor, server.url("/article/2"), pause_s=30.0)
    sleep(0.3)
    visitor.stop()
    assert asking.is_over(within_s=3.0)
    assert are_stopped(asking.faults, 1)
    assert paths(server) == ["/robots.txt"]


def test_those_who_wait_for_a_turn_are_stopped(server: FaultyServer) -> None:
    visitor = Visitor(PATIENT)
    asking = Asking(visitor, *[server.url("/silent")] * 5)
    sleep(0.3)
    visitor.stop()
    assert asking.is_over(within_s=3.0)
    assert are_stopped(asking.faults, 5)
    assert paths(server) == ["/robots.txt", "/silent"]


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_those_who_wait_for_a_robots_txt_are_stopped(
    server: FaultyServer, other: FaultyServer, *, is_elsewhere: bool
) -> None:
    """A robots.txt that was cut says nothing about its host."""
    silent = other if is_elsewhere else server
    redirect_robots(server, silent.url("/silent"))
    visitor = Visitor(PATIENT)
    asking = Asking(visitor, *[server.url(f"/article/{number}") for number in range(5)])
    sleep(0.3)
    visitor.stop()
    assert asking.is_over(within_s=3.0)
    assert are_stopped(asking.faults, 5)
    assert paths(server)[0] == "/robots.txt"
    assert [*paths(server)[1:], *paths(other)] == ["/silent"]


def test_those_who_ask_several_hosts_are_stopped(server: FaultyServer, other: FaultyServer) -> None:
    visitor = Visitor(PATIENT)
    asking = Asking(visitor, server.url("/drip"), other.url("/silent"))
    sleep(0.3)
    visitor.stop()
    assert asking.is_over(within_s=3.0)
    assert are_stopped(asking.faults, 2)


def test_nothing_is_asked_after_the_end_of_the_block(server: FaultyServer) -> None:
    server.robots = "User-agent: *\nDisallow: /article/4\n"
    with Visitor(WEB) as visitor:
        assert ask(visitor, server.url("/article/2")).status == 200
    before = len(server.requests)
    faults = []
    for url in (server.url("/article/2"), server.url("/article/4"), "http://127.0.0.2:1/", "file:///etc/passwd"):
        with pytest.raises(FetchError) as wrong:
            ask(visitor, url)
        faults.append(wrong.value)
    assert are_stopped(faults, 4)
    assert len(server.requests) == before
    assert list(visitor.take_robots()) == [server.base]


def test_a_visitor_that_is_stopped_while_it_waits_in_another_way(server: FaultyServer) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        asking.stop()

    asking = Visitor(WEB, sleep=wait)
    with pytest.raises(FetchError) as wrong:
        ask(asking, server.url("/500"))
    assert are_stopped([wrong.value], 1)
    assert len(waited) == 1
    assert paths(server) == ["/robots.txt", "/500"]
