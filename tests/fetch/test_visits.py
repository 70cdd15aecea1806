"""Politeness: robots.txt, pauses, patience with passing faults, and none with others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tasks.fetch.visits import Robots, Validators, Visitor
from tasks.http import FetchError, Limits, Web
from tasks.records import Answer
from tests.fetch.faulty import FaultyServer, faulty_server

WEB = Web("SwapLedger/test", Limits(2, 2), opens_loopback=True)


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


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server(pace_s=0.2) as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def visitor(time: Time) -> Visitor:
    return Visitor(WEB, clock=time.clock, sleep=time.sleep)


def ask(visitor: Visitor, url: str, pause_s: float = 0.0, validators: Validators | None = None) -> Answer:
    return visitor.ask(url, pause_s, lambda _: None, validators)


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
