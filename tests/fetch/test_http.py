"""The door to the web: every fault of a server ends soon, as a named error; nobody but public addresses is asked."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.web.client import Chain, Web, web_of_settings
from tasks.web.connections import Limits, is_public
from tasks.web.faults import FetchError
from tasks.web.unpacking import unpacked
from tests.fetch.faulty import FaultyServer, faulty_server

SOON_S = 6.0
_NAMES_OF_THE_OPENED = ("http://127.1:", "http://0.0.0.0:")
WEB = Web("SwapLedger/test", Limits(connect_s=2, total_s=2, most_bytes=5_000_000), opens_loopback=True)
PATIENT = Web("SwapLedger/test", Limits(connect_s=20, total_s=20), opens_loopback=True)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    with faulty_server(pace_s=0.2) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "check", "may_pass"),
    [
        ("/reset", "connection", True),
        ("/close", "connection", True),
        ("/short", "connection", True),
        ("/drip", "deadline", True),
        ("/drip-headers", "deadline", True),
        ("/silent", "deadline", True),
        ("/gzip-bomb", "size_cap", False),
        ("/deflate-bomb", "size_cap", False),
        ("/huge", "size_cap", False),
        ("/broken-gzip", "cut_short", True),
        ("/lying-gzip", "content_encoding", True),
    ],
)
def test_a_fault_is_named_and_ends_soon(server: FaultyServer, path: str, check: str, *, may_pass: bool) -> None:
    began = time.monotonic()
    with WEB.chain() as chain, pytest.raises(FetchError) as wrong:
        chain.get(server.url(path))
    assert (wrong.value.check, wrong.value.may_pass) == (check, may_pass)
    assert time.monotonic() - began < SOON_S


def test_an_answer_is_kept_as_it_came(server: FaultyServer) -> None:
    packed = gzip.compress(b"<p>95 each</p>")
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html", "X-Odd": "1"}
    server.serve("/packed", packed, headers=headers)
    with WEB.chain() as chain:
        answer = chain.get(server.url("/packed"))
    assert (answer.status, answer.body, answer.content) == (200, packed, b"<p>95 each</p>")
    assert (answer.header("x-odd"), answer.peer) == ("1", "127.0.0.1")
    assert ("User-Agent", "SwapLedger/test") in answer.request_headers


def test_a_redirect_is_an_answer(server: FaultyServer) -> None:
    with WEB.chain() as chain:
        answer = chain.get(server.url("/redirect/1"))
    assert (answer.status, answer.header("Location")) == (302, "/article/2")


def test_what_is_longer_than_it_says_ends_where_it_says(server: FaultyServer) -> None:
    with WEB.chain() as chain:
        assert len(chain.get(server.url("/long")).body) == 2000


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:{port}/",
        "http://169.254.169.254/latest/",
        "http://[::1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://127.1:{port}/x",
    ],
)
def test_private_addresses_are_not_asked(server: FaultyServer, url: str) -> None:
    """With the setting for tests only 127.0.0.1 is open; without it not even that."""
    asked_before = len(server.requests)
    port = server.base.rpartition(":")[2]
    closed = Web("SwapLedger/test", Limits(2, 2))
    for web in (WEB, closed) if not url.startswith(_NAMES_OF_THE_OPENED) else (closed,):
        with web.chain() as chain, pytest.raises(FetchError) as wrong:
            chain.get(url.format(port=port))
        assert wrong.value.check in ("private_address", "connection")
    assert len(server.requests) == asked_before


def test_loopback_is_closed_unless_it_is_opened(server: FaultyServer) -> None:
    asked_before = len(server.requests)
    with Web("SwapLedger/test").chain() as chain, pytest.raises(FetchError) as wrong:
        chain.get(server.url("/article/2"))
    assert wrong.value.check == "private_address"
    assert len(server.requests) == asked_before


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://x.example/", "http://a:b@x.example/", "http://", "//x.example/", "http://[bad/", "x"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with WEB.chain() as chain, pytest.raises(FetchError) as wrong:
        chain.get(url)
    assert wrong.value.check == "address"


def test_nothing_is_taken_from_the_environment(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with WEB.chain() as chain:
        assert chain.get(server.url("/article/2")).status == 200


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("ff02::1", False),
        ("64:ff9b:1::1", False),
        ("::127.0.0.1", False),
        ("fec0::1", False),
        ("3fff::1", False),
    ],
)
def test_public_addresses(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "raw", "", "gzip, gzip", "br"]))
def test_what_is_packed_comes_back(body: bytes, how: str) -> None:
    packing = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw": packing.compress(body) + packing.flush(),
        "": body,
        "gzip, gzip": gzip.compress(gzip.compress(body)),
        "br": brotli.compress(body),
    }[how]
    assert unpacked(packed, "deflate" if how == "raw" else how, 10_000) == body


def test_members_that_follow_each_other() -> None:
    assert unpacked(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", 100) == b"one two"


def test_a_packing_that_was_not_asked_for() -> None:
    with pytest.raises(FetchError) as wrong:
        unpacked(b"x", "zstd", 100)
    assert wrong.value.check == "content_encoding"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_little_that_unpacks_to_much(encoding: str) -> None:
    bomb = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding](b"0" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(FetchError) as wrong:
        unpacked(bomb, encoding, 1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert wrong.value.check == "size_cap"
    assert peak < 10_000_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_what_is_packed_and_cut_is_never_given(encoding: str) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding](b"exchanged 95" * 9)
    for length in range(1, len(packed)):
        with pytest.raises(FetchError):
            unpacked(packed[:length], encoding, 1000)


def test_the_user_agent_tells_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPS_CONTACT", "desk@ledger.example")
    assert web_of_settings("1.0").user_agent == "SwapLedger/1.0 (+desk@ledger.example)"
    monkeypatch.delenv("SWAPS_CONTACT")
    assert web_of_settings("1.0").user_agent == "SwapLedger/1.0"


def test_a_redirects_body_is_read_within_the_limits_and_kept(server: FaultyServer) -> None:
    small = gzip.compress(b"moved")
    server.serve("/moved", small, status=301, headers={"Location": "/article/2", "Content-Encoding": "gzip"})
    bomb = gzip.compress(b"0" * 50_000_000)
    server.serve("/bomb", bomb, status=302, headers={"Location": "/article/2", "Content-Encoding": "gzip"})
    with WEB.chain() as chain:
        assert chain.get(server.url("/moved")).content == b"moved"
        with pytest.raises(FetchError) as wrong:
            chain.get(server.url("/bomb"))
    assert wrong.value.check == "size_cap"


def test_the_deadline_holds_over_tls(tmp_path: Path) -> None:
    """A server that drips inside TLS; its certificate is made here, and trusted by this test alone."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *made, *named], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            with suppress(OSError), context.wrap_socket(listening.accept()[0], server_side=True) as opened:
                opened.recv(4000)
                opened.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                for _ in range(30):
                    opened.sendall(b"x")
                    time.sleep(0.3)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with WEB.chain() as chain, pytest.raises(FetchError) as wrong:
            chain.trust(certificate)
            chain.get(f"https://127.0.0.1:{listening.getsockname()[1]}/")
    assert wrong.value.check == "deadline"
    assert time.monotonic() - began < SOON_S


@contextmanager
def slow_names(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    """Let every name be resolved only after a while, at the end of the block at the latest."""
    resolved, is_over = socket.getaddrinfo, threading.Event()

    def resolve(*arguments: Any, **options: Any) -> Any:
        is_over.wait(seconds)
        return resolved(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolve)
        try:
            yield
        finally:
            is_over.set()


@contextmanager
def full_server() -> Iterator[str]:
    """Run a server that has no room: whoever connects to it waits."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, suppress(TimeoutError):
        port = listening.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), socket.socket() as another:
            another.setblocking(False)
            another.connect_ex(("127.0.0.1", port))
            yield f"http://127.0.0.1:{port}/"


def fault_of_cut(chain: Chain, url: str) -> tuple[str, bool, bool, str]:
    """Ask, cut the chain from another thread meanwhile, and give the fault, which must come soon."""
    began = time.monotonic()
    threading.Timer(0.3, chain.cut).start()
    with pytest.raises(FetchError) as wrong:
        chain.get(url)
    assert 0.2 < time.monotonic() - began < 3.0
    return wrong.value.check, wrong.value.was_asked, wrong.value.may_pass, str(wrong.value)


STOPPED = ("stopped", False, False, "is not asked, because the run was stopped")


def test_a_name_that_is_not_resolved_in_time(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_before = len(server.requests)
    web = Web("SwapLedger/test", Limits(connect_s=0.5, total_s=20), opens_loopback=True)
    began = time.monotonic()
    with slow_names(monkeypatch, 20), web.chain() as chain, pytest.raises(FetchError) as wrong:
        chain.get(server.url("/article/2"))
    assert 0.4 < time.monotonic() - began < 2.0
    assert (wrong.value.check, wrong.value.may_pass, wrong.value.was_asked) == ("deadline", True, True)
    assert "was not resolved within 0.5 s" in str(wrong.value)
    time.sleep(0.3)  # it is resolved by now, too late
    assert len(server.requests) == asked_before


def test_the_deadline_of_the_whole_holds_while_a_name_is_resolved(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = Web("SwapLedger/test", Limits(connect_s=20, total_s=0.5), opens_loopback=True)
    with slow_names(monkeypatch, 20), web.chain() as chain, pytest.raises(FetchError) as wrong:
        chain.get(server.url("/article/2"))
    assert (wrong.value.check, str(wrong.value)) == (
        "deadline",
        "did not answer whole within 0.5 s; it is asked again",
    )


def test_a_name_that_is_resolved_just_in_time(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with slow_names(monkeypatch, 1.5), WEB.chain() as chain:
        assert chain.get(server.url("/redirect/1")).status == 302


def test_resolving_and_connecting_share_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3 seconds resolving takes 2.8; half a second is left to connect in any case."""
    web = Web("SwapLedger/test", Limits(connect_s=3, total_s=20), opens_loopback=True)
    with full_server() as url, slow_names(monkeypatch, 2.8), web.chain() as chain:
        began = time.monotonic()
        with pytest.raises(FetchError) as wrong:
            chain.get(url)
        took_s = time.monotonic() - began
    assert wrong.value.check == "connection"
    assert 3.2 < took_s < 4.5


@pytest.mark.parametrize("name", ["nowhere.invalid", "a" * 70 + ".example"])
def test_a_name_that_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(asked: str, *_: Any, **__: Any) -> Any:
        asked.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    began = time.monotonic()
    with PATIENT.chain() as chain, pytest.raises(FetchError) as wrong:
        chain.get(f"http://{name}/")
    assert wrong.value.check == ("connection" if name == "nowhere.invalid" else "address")
    assert time.monotonic() - began < 3.0


@pytest.mark.parametrize("path", ["/silent", "/drip", "/drip-headers"])
def test_what_is_being_asked_is_cut(server: FaultyServer, path: str) -> None:
    with PATIENT.chain() as chain:
        assert fault_of_cut(chain, server.url(path)) == STOPPED


def test_a_body_that_ends_where_it_is_cut_is_not_taken_for_whole() -> None:
    """Its end is where the connection ends: nothing in it tells that more would have come."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def begin() -> None:
            with suppress(OSError), listening.accept()[0] as opened:
                opened.recv(4000)
                opened.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf")
                opened.recv(4000)

        threading.Thread(target=begin, daemon=True).start()
        with PATIENT.chain() as chain:
            assert fault_of_cut(chain, f"http://127.0.0.1:{listening.getsockname()[1]}/") == STOPPED


def test_what_is_being_connected_is_cut() -> None:
    with full_server() as url, PATIENT.chain() as chain:
        assert fault_of_cut(chain, url) == STOPPED


def test_what_waits_for_a_handshake_is_cut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, PATIENT.chain() as chain:
        assert fault_of_cut(chain, f"https://127.0.0.1:{listening.getsockname()[1]}/") == STOPPED


def test_what_is_being_resolved_is_cut_and_never_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with slow_names(monkeypatch, 20), PATIENT.chain() as chain:
            assert fault_of_cut(chain, f"http://127.0.0.1:{listening.getsockname()[1]}/") == STOPPED
        listening.settimeout(0.5)  # the name is resolved by now
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_chain_that_was_cut_asks_nothing(server: FaultyServer) -> None:
    with PATIENT.chain() as chain:
        assert chain.get(server.url("/article/2")).status == 200
        asked_before = len(server.requests)
        for _ in range(2):
            chain.cut()
            with pytest.raises(FetchError) as wrong:
                chain.get(server.url("/article/4"))
            assert wrong.value.check == "stopped"
    chain.cut()  # nor does it harm one that is closed
    assert len(server.requests) == asked_before


def test_a_deadline_ends_one_request_and_not_the_next(server: FaultyServer) -> None:
    web = Web("SwapLedger/test", Limits(connect_s=2, total_s=0.5), opens_loopback=True)
    with web.chain() as chain:
        with pytest.raises(FetchError) as wrong:
            chain.get(server.url("/silent"))
        assert wrong.value.check == "deadline"
        assert chain.get(server.url("/article/2")).status == 200
