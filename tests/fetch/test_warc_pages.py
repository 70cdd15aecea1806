"""WARC files from elsewhere: their pages, and what is missing of them."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest

from tasks.fetch.answers import append
from tasks.fetch.warc_pages import pages_of
from tasks.records import RawPage, Rejection
from tests.fetch.test_answers import ANSWER, AT, PAGE

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def read(content: bytes) -> list[RawPage | Rejection]:
    return list(pages_of(io.BytesIO(content), "news.warc.gz", NOW))


def record(kind: str, block: bytes, url: str = "https://wire.example/1", **fields: str) -> bytes:
    """Write a record by hand, as the standard describes it."""
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000001>",
        "WARC-Date": "2024-07-17T09:30:00Z",
        "WARC-Target-URI": url,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def answer(body: bytes, status: str = "200 OK", **fields: str) -> bytes:
    named = {"Content-Type": "text/html; charset=windows-1251", **{k.replace("_", "-"): v for k, v in fields.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def test_a_page() -> None:
    (page,) = read(record("response", answer(b"<p>95</p>"), url="<https://wire.example/1>"))
    assert page == RawPage(
        "news.warc.gz:https://wire.example/1",
        b"<p>95</p>",
        "text/html",
        datetime(2024, 7, 17, 9, 30, tzinfo=UTC),
        "news.warc.gz",
        "https://wire.example/1",
        "windows-1251",
        last_seen_at=datetime(2024, 7, 17, 9, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (gzip.compress(PAGE, mtime=0), {"Content_Encoding": "gzip"}),
        (zlib.compress(PAGE), {"Content_Encoding": "deflate"}),
        (brotli.compress(PAGE), {"Content_Encoding": "br"}),
        (
            b"5\r\n" + PAGE[:5] + b"\r\n%x\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\n\r\n",
            {"Transfer_Encoding": "chunked"},
        ),
        (PAGE, {"Content_Encoding": "gzip"}),  # some archives unpack bodies and leave the field
    ],
)
def test_packed_bodies(body: bytes, fields: dict[str, str]) -> None:
    (page,) = read(record("response", answer(body, **fields)))
    assert isinstance(page, RawPage)
    assert page.content == PAGE


@pytest.mark.parametrize(
    "other",
    [
        record("warcinfo", b"software: x\r\n", Content_Type="application/warc-fields"),
        record("request", b"GET / HTTP/1.1\r\nHost: wire.example\r\n\r\n"),
        record("response", answer(b"gone", "404 Not Found")),
        record("response", answer(b"", "301 Moved", Location="/")),
        record("response", answer(b"\x89PNG", Content_Type="image/png")),
        record("revisit", answer(b"")),
        record("metadata", b"via: x\r\n", Content_Type="application/warc-fields"),
    ],
)
def test_what_is_no_page_is_passed_over(other: bytes) -> None:
    page = record("response", answer(PAGE))
    assert [type(one) for one in read(other + page + other)] == [RawPage]


def test_a_resource_is_a_page() -> None:
    (page,) = read(record("resource", PAGE, Content_Type="text/html"))
    assert isinstance(page, RawPage)
    assert page.content == PAGE


@pytest.mark.parametrize(
    ("content", "check"),
    [
        (record("response", answer(b"x" * 5_000_001)), "size_cap"),
        (record("response", answer(gzip.compress(b"x" * 90_000_000, mtime=0), Content_Encoding="gzip")), "size_cap"),
        (record("response", answer(b"x", Content_Encoding="zstd")), "content_encoding"),
        (record("response", answer(gzip.compress(PAGE, mtime=0)[:-9], Content_Encoding="gzip")), "cut_short"),
        (record("response", answer(PAGE), WARC_Truncated="length"), "cut_short"),
        (record("response", answer(PAGE), WARC_Payload_Digest="sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "digest"),
    ],
)
def test_a_record_that_cannot_be_used_is_named_and_stops_no_other(content: bytes, check: str) -> None:
    rejection, page = read(content + record("response", answer(PAGE)))
    assert isinstance(rejection, Rejection)
    assert (rejection.check_name, type(page)) == (check, RawPage)


@pytest.mark.parametrize(
    "content", [b"", b"<html>no warc</html>", b"\x00" * 100, gzip.compress(b"hello there, this", mtime=0)]
)
def test_what_is_no_warc(content: bytes) -> None:
    (rejection,) = read(content)
    assert isinstance(rejection, Rejection)
    assert rejection.check_name == "warc"
    assert rejection.message.isprintable()


def packings(folder: Path) -> Iterator[tuple[str, bytes, set[int]]]:
    """Give a file of two pages in three packings, with the places where a cut cannot be told: between records."""
    file = folder / "a.warc.gz"
    borders = [0]
    for number in (1, 2):
        append(file, replace(ANSWER, url=f"https://wire.example/{number}"))
        borders.append(file.stat().st_size)
    packed = file.read_bytes()
    plain = gzip.decompress(packed)
    yield "a member a record", packed, set()
    yield "plain", plain, set()
    yield "one member", gzip.compress(plain, mtime=0), set()


def test_wherever_a_file_breaks_off_what_is_whole_is_given_and_what_is_missing_is_said(tmp_path: Path) -> None:
    for name, content, _ in packings(tmp_path):
        silent = 0
        for length in range(1, len(content)):
            found = read(content[:length])
            pages = [one for one in found if isinstance(one, RawPage)]
            assert all(page.content == PAGE and page.fetched_at == AT for page in pages), (name, length)
            faults = [one.check_name for one in found if isinstance(one, Rejection)]
            assert faults in ([], ["truncated"], ["warc"]), (name, length)
            silent += not faults
        # Between records a file may end, and in plain files within the line ends behind one.
        assert silent <= {"a member a record": 12, "plain": 40, "one member": 0}[name], (name, silent)
        assert [type(one) for one in read(content)] == [RawPage, RawPage], name


@pytest.mark.parametrize("written", ["2024-07-17T09:30:00", "2024-07-17T12:30:00+03:00"])
def test_a_time_without_a_zone_is_utc(written: str) -> None:
    (page,) = read(record("response", answer(b"<p>95</p>"), WARC_Date=written))
    assert isinstance(page, RawPage)
    assert page.fetched_at == page.last_seen_at == datetime(2024, 7, 17, 9, 30, tzinfo=UTC)
