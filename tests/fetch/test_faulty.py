"""The server of faults makes the faults that it is asked for: what tests of the fetcher rely on."""

import gzip
import http.client
import re
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from tests.fetch.faulty import HUGE_BYTES, FaultyServer, faulty_server, published_at


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    with faulty_server() as running:
        yield running


@pytest.fixture
def fresh() -> Iterator[FaultyServer]:
    """Give a server that has seen no request, with quick drips."""
    with faulty_server(pace_s=0.0005) as running:
        yield running


def connect(server: FaultyServer, timeout: float = 5) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(server.base.removeprefix("http://"), timeout=timeout)


def get(server: FaultyServer, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = connect(server)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


def follow(server: FaultyServer, path: str) -> list[str]:
    """Give the paths that redirects lead through, ten at most."""
    went = [path]
    while len(went) < 10 and (target := get(server, went[-1]).headers.get("location")):
        went.append(target)
    return went


def raw(server: FaultyServer, path: str) -> socket.socket:
    host, port = server.base.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=5)
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return connection


def strict(document: bytes, name: str) -> list[str]:
    """Give the texts of the elements of a name, as a reader of XML that forgives nothing."""
    return [found.text or "" for found in ElementTree.fromstring(document).findall(f".//{{*}}{name}")]


def lenient(document: bytes, name: str) -> list[str]:
    """Give the same as a reader that forgives."""
    return [found.get_text() for found in BeautifulSoup(document, "lxml-xml").find_all(name)]


# Ordinary pages


def test_articles_are_about_an_exchange_or_football_and_state_their_time(server: FaultyServer) -> None:
    for number, words in ((4, "prisoners of war"), (5, "top of the table")):
        page = get(server, f"/article/{number}").body.decode()
        assert words in page
        stated = re.search(r'"datePublished": "([^"]+)"', page)
        assert stated is not None
        assert datetime.fromisoformat(stated[1]) == published_at(number)
        text = re.sub(r"<[^>]+>", " ", page.partition("<article>")[2])
        assert 120 <= len(text.split()) <= 180


def test_feeds_have_as_many_items_as_asked_for_newest_first(server: FaultyServer) -> None:
    feed = get(server, "/feed?n=10000").body
    assert strict(feed, "link")[1:3] == [server.url("/article/10000"), server.url("/article/9999")]
    assert len(strict(feed, "item")) == 10000
    assert parsedate_to_datetime(strict(feed, "pubDate")[0]) == published_at(10000)
    assert len(strict(get(server, "/atom?n=12").body, "entry")) == 12
    assert strict(get(server, "/empty-feed").body, "item") == []


def test_a_malformed_feed_is_no_xml_but_five_items_can_be_read(server: FaultyServer) -> None:
    feed = get(server, "/malformed-feed").body
    with pytest.raises(ElementTree.ParseError):
        strict(feed, "item")
    assert lenient(feed, "link")[1:] == [server.url(f"/article/{number}") for number in (5, 4, 3, 2, 1)]


def test_sitemaps_lead_to_articles_and_one_to_itself(server: FaultyServer) -> None:
    parts = strict(get(server, "/sitemap-index").body, "loc")
    assert parts == [server.url(f"/sitemap?part={part}") for part in (1, 2, 3)]
    assert strict(get(server, "/sitemap?part=3").body, "loc")[0] == server.url("/article/21")
    assert server.url("/sitemap-loop") in strict(get(server, "/sitemap-loop").body, "loc")
    broken = get(server, "/malformed-sitemap").body
    with pytest.raises(ElementTree.ParseError):
        strict(broken, "loc")
    assert len(lenient(broken, "loc")) >= 10


def test_the_bombs_of_xml_have_their_entities(server: FaultyServer) -> None:
    assert get(server, "/xml-bomb").body.count(b"<!ENTITY") == 10
    assert b'SYSTEM "file:///etc/passwd"' in get(server, "/xml-external").body


def test_what_a_reader_has_already_is_not_sent_again(server: FaultyServer) -> None:
    for path in ("/article/4", "/feed?n=3", "/atom?n=3"):
        first = get(server, path)
        assert get(server, path, If_None_Match=first.headers["etag"])[::2] == (304, b"")
        assert get(server, path, If_None_Match=f'"other", W/{first.headers["etag"]}').status == 304
        assert get(server, path, If_None_Match='"other"').status == 200
        assert get(server, path, If_Modified_Since=first.headers["last-modified"]).status == 304
        assert get(server, path, If_Modified_Since="Wed, 17 Jul 2024 12:00:00 GMT").status == 200
    assert get(server, "/feed?n=3").headers["etag"] != get(server, "/feed?n=4").headers["etag"]


def test_robots_are_as_set(fresh: FaultyServer) -> None:
    assert get(fresh, "/robots.txt").body == b"User-agent: *\nAllow: /\n"
    fresh.robots = "User-agent: *\nDisallow: /article/\n"
    assert get(fresh, "/robots.txt").body == b"User-agent: *\nDisallow: /article/\n"
    fresh.robots = 503
    assert get(fresh, "/robots.txt").status == 503


def test_pages_are_added_at_run_time(fresh: FaultyServer) -> None:
    assert get(fresh, "/new").status == 404
    fresh.serve("/new", "<p>95</p>", headers={"X-Kind": "new"})
    assert get(fresh, "/new")[::2] == (200, b"<p>95</p>")
    assert get(fresh, "/new?page=2").headers["x-kind"] == "new"
    fresh.serve("/new?page=2", b"\xff", status=206)
    assert get(fresh, "/new?page=2")[::2] == (206, b"\xff")
    fresh.serve("/asked", lambda headers, earlier: (200, {}, f"{headers['x-name']} {earlier}"))
    assert [get(fresh, "/asked", X_Name="ann").body for _ in range(2)] == [b"ann 0", b"ann 1"]
    assert get(fresh, "/new", method="HEAD")[::2] == (200, b"")


def test_requests_are_kept_in_order(fresh: FaultyServer) -> None:
    before = time.monotonic()
    get(fresh, "/article/1?from=feed", User_Agent="reader/1")
    get(fresh, "/500", method="HEAD")
    assert [(one.method, one.path) for one in fresh.requests] == [("GET", "/article/1?from=feed"), ("HEAD", "/500")]
    assert fresh.requests[0].headers["user-agent"] == "reader/1"
    assert before <= fresh.requests[0].at <= fresh.requests[1].at <= time.monotonic()


def test_one_connection_serves_several_requests_and_many_are_served_at_once(fresh: FaultyServer) -> None:
    connection = connect(fresh)
    for _ in range(3):
        connection.request("GET", "/article/2")
        kept = connection.sock
        assert connection.getresponse().read()
        assert connection.sock is kept
    threads = [threading.Thread(target=get, args=(fresh, "/flaky/20")) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    assert get(fresh, "/flaky/20").status == 200
    assert len(fresh.requests) == 24


# Statuses and redirects


def test_failures_end_when_they_should(fresh: FaultyServer) -> None:
    assert [get(fresh, "/flaky/2").status for _ in range(4)] == [500, 500, 200, 200]
    assert [get(fresh, "/500").status for _ in range(3)] == [500, 500, 500]
    first = get(fresh, "/429")
    assert (first.status, first.headers["retry-after"], get(fresh, "/429").status) == (429, "1", 200)
    dated = parsedate_to_datetime(get(fresh, "/429-date").headers["retry-after"])
    assert 0 < (dated - datetime.now(UTC)).total_seconds() <= 2
    assert get(fresh, "/429-date").status == 200
    assert [get(fresh, "/429-long").headers["retry-after"] for _ in range(2)] == ["86400", "86400"]


def test_redirects_lead_where_they_say(server: FaultyServer) -> None:
    assert follow(server, "/redirect/3") == ["/redirect/3", "/redirect/2", "/redirect/1", "/article/2"]
    assert get(server, "/redirect/0").status == 200
    assert len(set(follow(server, "/redirect-loop"))) == 2
    for address in ("file:///etc/passwd", "http://169.254.169.254/latest", "http://127.0.0.2/"):
        assert get(server, f"/redirect-to?u={address}").headers["location"] == address
    nowhere = get(server, "/redirect-nowhere")
    assert nowhere.status == 302
    assert "location" not in nowhere.headers


def test_a_cookie_opens_the_page(server: FaultyServer) -> None:
    first = get(server, "/cookie")
    assert (first.status, first.headers["location"]) == (302, "/cookie")
    assert get(server, "/cookie", Cookie=first.headers["set-cookie"].partition(";")[0]).status == 200


def test_pages_that_are_no_article(server: FaultyServer) -> None:
    refused, shown = get(server, "/challenge"), get(server, "/challenge-200")
    assert (refused.status, shown.status) == (403, 200)
    assert refused.body == shown.body
    assert b"<title>Just a moment...</title>" in shown.body
    assert b"cookies" in get(server, "/consent").body
    assert get(server, "/empty")[::2] == (200, b"")
    assert get(server, "/not-a-feed").headers["content-type"].startswith("text/html")
    for language, words in (("en", "Page not found"), ("uk", "Сторінку не знайдено"), ("ru", "Страница не найдена")):
        assert words in get(server, f"/soft-404?lang={language}").body.decode()


# Bodies and connections


def test_bombs_are_small_until_unpacked(server: FaultyServer) -> None:
    for path, bits in (("/gzip-bomb", 31), ("/deflate-bomb", 15)):
        packed = get(server, path).body
        assert len(packed) < 150_000
        unpacker, unpacked = zlib.decompressobj(bits), 0
        while block := unpacker.decompress(packed, 1_000_000):
            unpacked, packed = unpacked + len(block), unpacker.unconsumed_tail
        assert unpacked > 100_000_000


def test_encodings_are_broken_or_a_lie(server: FaultyServer) -> None:
    broken = get(server, "/broken-gzip")
    assert broken.headers["content-encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(broken.body)
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(get(server, "/lying-gzip").body)
    lying = get(server, "/lying-charset")
    assert "utf-8" in lying.headers["content-type"]
    assert "обмене пленными" in lying.body.decode("cp1251")
    with pytest.raises(UnicodeDecodeError):
        lying.body.decode()


def test_connections_break_as_said(server: FaultyServer) -> None:
    with pytest.raises(ConnectionResetError):
        get(server, "/reset")
    with pytest.raises(http.client.RemoteDisconnected):
        get(server, "/close")
    with pytest.raises(http.client.IncompleteRead) as short:
        get(server, "/short")
    assert (len(short.value.partial), short.value.expected) == (2000, 2000)
    with raw(server, "/long") as connection, connection.makefile("rb") as answer:
        head, _, body = answer.read().partition(b"\r\n\r\n")
    assert b"Content-Length: 2000" in head
    assert len(body) == 4000


def test_silence_and_drips_are_slower_than_any_patience(server: FaultyServer) -> None:
    for path in ("/silent", "/drip-headers"):
        with pytest.raises(TimeoutError), raw(server, path) as connection:
            connection.settimeout(0.3)
            while connection.recv(1000).count(b"\n") == 0:
                pass
    with raw(server, "/drip") as connection:
        start, received = time.monotonic(), b""
        while time.monotonic() < start + 1.5:
            received += connection.recv(1000)
    assert len(received.partition(b"\r\n\r\n")[2]) in {2, 3}


def test_drips_have_an_end_when_quick(fresh: FaultyServer) -> None:
    assert "x-drop-0" in get(fresh, "/drip-headers").headers


def test_the_huge_body_is_bounded(server: FaultyServer) -> None:
    answer = get(server, "/huge")
    assert "content-length" not in answer.headers
    assert 0.9 * HUGE_BYTES < len(answer.body) <= HUGE_BYTES


def test_the_server_ends_at_once_though_connections_are_open() -> None:
    others = set(threading.enumerate())
    with faulty_server() as ended:
        waiting = [raw(ended, path) for path in ("/silent", "/drip", "/drip-headers", "/huge", "/article/2")]
        time.sleep(0.2)
        start = time.monotonic()
    assert time.monotonic() - start < 2
    for connection in waiting:
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        get(ended, "/article/2")
    for thread in set(threading.enumerate()) - others:
        thread.join(1)
        assert not thread.is_alive()
