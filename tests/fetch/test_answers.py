"""Answers in WARC files: they come back as they came, two other readers find them whole, and damage is told."""

import gzip
import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import StoreError
from tasks.fetch.answers import Earlier, append, digest_of, faults, manifest_of, read_at
from tasks.records import Answer

AT = datetime(2024, 7, 17, 9, 30, 0, 123456, tzinfo=UTC)
PAGE = "<html><p>Обмін: 95 на 95</p></html>".encode()
ANSWER = Answer(
    url="https://wire.example/news?id=7",
    asked_at=AT,
    request_headers=(("Host", "wire.example"), ("User-Agent", "SwapLedger/test")),
    status=200,
    reason="OK",
    headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")),
    body=gzip.compress(PAGE),
    content=PAGE,
    peer="93.184.216.34",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "2024" / "wire.warc.gz"


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in manifest_of(file).read_text().splitlines()]


def test_an_answer_comes_back(file: Path) -> None:
    first = append(file, ANSWER)
    second = append(file, replace(ANSWER, url="https://wire.example/2", content=b"x", body=gzip.compress(b"x")))
    assert (read_at(first), read_at(second)) == (PAGE, b"x")
    assert faults(file) == []
    assert [(line["type"], line["status"], line["url"]) for line in lines(file)] == [
        ("request", None, ANSWER.url),
        ("response", 200, ANSWER.url),
        ("request", None, "https://wire.example/2"),
        ("response", 200, "https://wire.example/2"),
    ]


@given(body=st.binary(max_size=3000), value=st.text("abc: ;=é", max_size=30))
def test_any_body_comes_back(tmp_path_factory: pytest.TempPathFactory, body: bytes, value: str) -> None:
    file = tmp_path_factory.mktemp("warc") / "a.warc.gz"
    answer = replace(ANSWER, headers=(("X-Odd", value.strip()),), body=body, content=body)
    assert read_at(append(file, answer)) == body
    assert faults(file) == []


def test_the_same_bytes_are_kept_once(file: Path) -> None:
    body = b"".join(digest_of(bytes([number])).encode() for number in range(256))
    answer = replace(ANSWER, headers=(), body=body, content=body)
    append(file, answer)
    size = file.stat().st_size
    append(file, replace(answer, url="https://wire.example/again"), Earlier(ANSWER.url, AT, digest_of(body)))
    assert file.stat().st_size - size < 1500 < size
    assert lines(file)[-1]["type"] == "revisit"
    (revisit,) = [record for record in records(file) if record.headers["WARC-Type"] == "revisit"]
    assert revisit.headers["WARC-Refers-To-Target-URI"] == ANSWER.url
    assert revisit.headers["WARC-Refers-To-Date"] == "2024-07-17T09:30:00.123456Z"


def test_not_modified_is_a_revisit(file: Path) -> None:
    append(file, replace(ANSWER, status=304, reason="Not Modified", headers=(("ETag", '"7"'),), body=b"", content=b""))
    (revisit,) = [record for record in records(file) if record.headers["WARC-Type"] == "revisit"]
    assert revisit.headers["WARC-Profile"].endswith("server-not-modified")
    assert faults(file) == []


def records(file: Path) -> list[object]:
    with file.open("rb") as opened:
        return list(ArchiveIterator(opened, parse_http=False))


def test_other_readers_find_it_whole(file: Path) -> None:
    append(file, ANSWER)
    append(file, replace(ANSWER, status=404, reason="Not Found", headers=(), body=b"", content=b""))
    with file.open("rb") as opened:
        checked = [record.verify_block_digest() for record in ArchiveIterator(opened, parse_http=False)]
    with file.open("rb") as opened:
        checked += [record.verify_payload_digest() for record in ArchiveIterator(opened, parse_http=True)]
    assert checked == [True] * 8
    for checker in ("warcio", "fastwarc"):
        done = subprocess.run(
            [str(Path(sys.executable).with_name(checker)), "check", str(file)], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_fields_that_are_not_true_any_more_are_kept_under_another_name(file: Path) -> None:
    append(file, ANSWER)
    with file.open("rb") as opened:
        (response,) = [one for one in ArchiveIterator(opened) if one.headers["WARC-Type"] == "response"]
        fields = dict(response.http_headers)
    assert fields["X-Archive-Orig-Transfer-Encoding"] == "chunked"
    assert fields["Content-Length"] == str(len(ANSWER.body))


@pytest.mark.parametrize("rest", [b"\x1f\x8b\x08half a record", b"x"])
def test_what_a_killed_run_left_is_cut_off(file: Path, rest: bytes) -> None:
    first = append(file, ANSWER)
    with file.open("ab") as opened:
        opened.write(rest)
    with manifest_of(file).open("ab") as opened:
        opened.write(b'{"offset": 12')
    second = append(file, ANSWER)
    assert (read_at(first), read_at(second), faults(file)) == (PAGE, PAGE, [])


def test_a_truncated_file_is_told_and_not_written_on(file: Path) -> None:
    place = append(file, ANSWER)
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert faults(file), length
    with pytest.raises(StoreError, match="truncated"):
        append(file, ANSWER)
    with pytest.raises(StoreError, match="cut off"):
        read_at(place)


def test_a_changed_record_is_told(file: Path) -> None:
    place = append(file, replace(ANSWER, headers=(), body=b"95 each" * 50, content=b"95 each" * 50))
    whole = file.read_bytes()
    for at in range(place.offset, len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            assert read_at(place) == b"95 each" * 50  # a byte of a gzip head means nothing
        except StoreError:
            assert faults(file)


def test_a_lost_file_is_told(file: Path) -> None:
    place = append(file, ANSWER)
    file.unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        read_at(place)


def test_concatenated_files_are_a_file(file: Path, tmp_path: Path) -> None:
    append(file, ANSWER)
    other = tmp_path / "other.warc.gz"
    append(other, replace(ANSWER, url="https://wire.example/2"))
    both = io.BytesIO(file.read_bytes() + other.read_bytes())
    assert [one.headers["WARC-Target-URI"] for one in ArchiveIterator(both)] == [
        *[ANSWER.url] * 2,
        *["https://wire.example/2"] * 2,
    ]
