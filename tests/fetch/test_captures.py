"""Answers of CDX servers: which captures count, and where they are replayed."""

import json
from datetime import UTC, datetime

import pytest

from tasks.errors import InputError, ItemError
from tasks.fetch.captures import captures, replay_address
from tasks.records import Listed

HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
PAGE = "https://wire.example/a"
TEMPLATE = "https://web.archive.org/web/{timestamp}id_/{url}"


def row(
    at: str = "20240717093000", url: str = PAGE, mime: str = "text/html", status: str = "200", digest: str = "AA"
) -> list[str]:
    return ["example,wire)/a", at, url, mime, status, digest, "123"]


def table(*rows: list[str]) -> bytes:
    return json.dumps([HEADER, *rows]).encode()


def found(content: bytes, *, all_versions: bool = False) -> list[tuple[str, str]]:
    listed = captures(content, all_versions=all_versions)
    return [(one.url, f"{one.captured_at:%Y%m%d%H%M%S}") for one in listed]


@pytest.mark.parametrize(
    "content",
    [
        table(row()),
        json.dumps(
            [["timestamp", "original", "statuscode", "mimetype"], ["20240717093000", PAGE, "200", "text/html"]]
        ).encode(),
        json.dumps(
            {
                "urlkey": "k",
                "timestamp": "20240717093000",
                "url": PAGE,
                "mime": "text/html",
                "status": "200",
                "digest": "A",
            }
        ).encode(),
        b'example,wire)/a 20240717093000 {"url": "https://wire.example/a", "mime": "text/html", "status": "200"}\n',
        " ".join(row()).encode(),
        b" CDX N b a m s k r M S V g\nk 20240717093000 https://wire.example/a text/html 200 AA - - 1 2 x.warc.gz\n",
        b"k 20240717093000 https://wire.example/a text/html 200 AA - 2 x.arc.gz\n\n",
    ],
)
def test_every_form_is_read(content: bytes) -> None:
    (one,) = captures(content)
    assert one == Listed(PAGE, captured_at=datetime(2024, 7, 17, 9, 30, tzinfo=UTC))


def test_only_pages_that_were_there_count() -> None:
    rows = [
        row(url="https://wire.example/1", status="301"),
        row(url="https://wire.example/2", mime="image/png"),
        row(url="https://wire.example/3", mime="warc/revisit", status="-"),
        row(url="https://wire.example/4", status="-"),
        row(url="https://wire.example/5", mime="application/xhtml+xml"),
        row(url="https://wire.example/6", mime="text/html; charset=utf-8"),
        row(url="dns:wire.example"),
        row(url="https://wire.example/7", at="20249917"),
    ]
    assert [url for url, _ in found(table(*rows))] == [f"https://wire.example/{number}" for number in (4, 5, 6)]


def test_a_status_that_pywb_leaves_out_is_unknown() -> None:
    assert len(captures(b'{"timestamp": "20240717093000", "url": "https://wire.example/a", "mime": "text/html"}')) == 1


def test_of_one_address_the_first_capture_counts() -> None:
    rows = [
        row("20240718000000", "http://www.wire.example:80/a/"),
        row("20240717093000", "https://wire.example/a?utm_source=x&fbclid=1"),
        row("20240719000000", "https://wire.example:443/a?gclid=1#top"),
        row("20240720000000", "https://wire.example/a?page=2"),
        row("20240721000000", "https://wire.example:8443/a"),
    ]
    assert found(table(*rows)) == [
        ("https://wire.example/a?utm_source=x&fbclid=1", "20240717093000"),
        ("https://wire.example/a?page=2", "20240720000000"),
        ("https://wire.example:8443/a", "20240721000000"),
    ]


def test_all_versions_are_given_when_asked_for_each_content_once() -> None:
    rows = [
        row("20240719000000", digest="B"),
        row("20240718000000"),
        row("20240717093000"),
        row("20240720000000", digest="-"),
    ]
    assert [at for _, at in found(table(*rows), all_versions=True)] == [
        "20240719000000",
        "20240717093000",
        "20240720000000",
    ]
    assert [at for _, at in found(table(*rows))] == ["20240717093000"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2024", "20240101000000"),
        ("202407", "20240701000000"),
        ("2024071709", "20240717090000"),
        ("20240717093000123", "20240717093000"),
    ],
)
def test_short_timestamps_are_filled_up(written: str, read_as: str) -> None:
    assert found(table(row(written))) == [(PAGE, read_as)]


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"[]", b"[[]]", table(), b'{"message": "No Captures found for: wire.example/*"}']
)
def test_an_empty_answer_is_no_capture(content: bytes) -> None:
    assert captures(content) == []


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>503 Service Unavailable</body></html>",
        b"org.archive.util.io.RuntimeIOException: too many requests",
        b'{"message": "Internal error"}',
        b'[["timestamp", "original"], ["20240717093000", "https://wire.example/a"]]',
        b'[["timestamp", "original", "mimetype", "statuscode"], ["20240717093000"]]',
        b"[1, 2]",
        table(row())[:-20],
        b"k 20240717093000 https://wire.example/a text/html 200 AA 1\nk 2024",
        b'{"timestamp": "20240717093000", "url"',
        b"[" * 100_000,
        b"\x1f\x8b\x00",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ItemError, match="no CDX") as refused:
        captures(content)
    assert refused.value.check == "not_a_cdx"


def test_a_capture_is_replayed_where_the_template_says() -> None:
    (capture,) = captures(table(row(url="http://wire.example:80/a?b={timestamp}")))
    assert replay_address(TEMPLATE, capture) == (
        "https://web.archive.org/web/20240717093000id_/http://wire.example/a?b={timestamp}"
    )


@pytest.mark.parametrize("template", ["https://archive.example/{url}", "https://archive.example/{timestamp}", ""])
def test_a_template_must_name_both(template: str) -> None:
    with pytest.raises(InputError, match="lacks"):
        replay_address(template, Listed(PAGE, captured_at=datetime(2024, 7, 17, tzinfo=UTC)))


def test_what_is_no_capture_is_not_replayed() -> None:
    with pytest.raises(InputError, match="no time of capture"):
        replay_address(TEMPLATE, Listed(PAGE))
