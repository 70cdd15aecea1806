"""Answers of servers in WARC files: kept as they came, given back, and checked against a manifest.

FILE.warc.gz is WARC/1.1 with one gzip member a record, as every reader of WARCs expects: for each answer a `request`
and a `response`, or a `revisit` where the same bytes were kept before or the server said 304. Beside it stands
FILE.warc.gz.jsonl, the manifest, with a line for each record; it is written when the record is safe on the disk. A
truncated WARC is read without an error by every reader, so that only the manifest tells.
"""

import fcntl
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from tasks.errors import DamagedError, StoreError
from tasks.records import Answer
from tasks.settings import LARGEST_PAGE_BYTES
from tasks.web.unpacking import unpacked

_SAME_BYTES = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_UNCHANGED = 304
_FRAMING = ("transfer-encoding", "content-length")
"""Fields that are no longer true of a body without its chunks: they are kept under another name, as archives do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands. length: bytes of its record."""

    file: Path
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """A record that holds the same bytes. digest: as digest_of gives it."""

    url: str
    asked_at: datetime
    digest: str


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """The head of a request or an answer, in the bytes in which it came: warcio would rewrite what is not ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:  # noqa: ANN401 - as warcio declares it
        """Write it down; the HTTP library reads heads as Latin-1, which gives every byte back."""
        written: str = self.to_str(filter_func)
        return f"{written}\r\n".encode("latin-1", "replace")


def digest_of(body: bytes) -> str:
    """Name a body by its content: SHA-1, because that is what readers of WARCs check."""
    digester = Digester("sha1")
    digester.update(body)
    return str(digester)


def manifest_of(file: Path) -> Path:
    """Give the manifest of a WARC file."""
    return file.with_name(f"{file.name}.jsonl")


def append(file: Path, answer: Answer, earlier: Earlier | None = None) -> Place:
    """Keep an answer at the end of a WARC file, which is made if it is not there.

    What a killed run left behind the last line of the manifest was never acknowledged, and is cut off. Raises
    StoreError when the file is shorter than its manifest says.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with manifest_of(file).open("a+b") as manifest, file.open("ab") as opened:
        fcntl.flock(manifest, fcntl.LOCK_EX)
        end = _end(manifest, file)
        opened.truncate(end)
        lines: list[dict[str, Any]] = []
        for record in _records(answer, earlier):
            packed = _packed(record)
            opened.write(packed)
            lines.append(_line(record, end, len(packed)))
            end += len(packed)
        opened.flush()
        os.fsync(opened.fileno())
        manifest.write("".join(f"{json.dumps(line)}\n" for line in lines).encode())
        manifest.flush()
        os.fsync(manifest.fileno())
    return Place(file, lines[-1]["offset"], lines[-1]["length"])


def _end(manifest: Any, file: Path) -> int:  # noqa: ANN401 - an open file
    """Give the end of the last record that the manifest names; half a line of a killed run is cut off."""
    manifest.seek(0)
    told = manifest.read()
    whole = told.rfind(b"\n") + 1
    manifest.truncate(whole)
    lines = told[:whole].splitlines()
    last = json.loads(lines[-1]) if lines else {"offset": 0, "length": 0}
    end = int(last["offset"] + last["length"])
    if file.stat().st_size < end:
        raise DamagedError(f"{file} is truncated: its manifest says {end} bytes; restore it from a backup")
    return end


def _records(answer: Answer, earlier: Earlier | None) -> Iterator[ArcWarcRecord]:
    writer = WARCWriter(io.BytesIO(), gzip=True, warc_version="1.1")
    date = f"{answer.asked_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    named = {"WARC-Date": date} | ({"WARC-IP-Address": answer.peer} if answer.peer else {})
    head = _Head(f"{answer.status} {answer.reason}".strip(), _archived(answer), protocol="HTTP/1.1")
    if answer.status == _UNCHANGED:
        response = writer.create_revisit_record(
            answer.url, digest_of(b""), answer.url, date, http_headers=head, warc_headers_dict=dict(named)
        )
        response.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
    elif earlier is not None:
        response = writer.create_revisit_record(
            answer.url,
            earlier.digest,
            earlier.url,
            f"{earlier.asked_at:%Y-%m-%dT%H:%M:%S.%fZ}",
            http_headers=head,
            warc_headers_dict=dict(named),
        )
        response.rec_headers.replace_header("WARC-Profile", _SAME_BYTES)
    else:
        response = writer.create_warc_record(
            answer.url,
            "response",
            payload=io.BytesIO(answer.body),
            length=len(answer.body),
            http_headers=head,
            warc_headers_dict=dict(named),
        )
    path = answer.url.partition("://")[2].partition("/")[2]
    asked = _Head(f"GET /{path} HTTP/1.1", list(answer.request_headers), is_http_request=True)
    yield writer.create_warc_record(
        answer.url,
        "request",
        http_headers=asked,
        warc_headers_dict={
            "WARC-Date": date,
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    yield response


def _archived(answer: Answer) -> list[tuple[str, str]]:
    fields = [(f"X-Archive-Orig-{name}" if name.lower() in _FRAMING else name, value) for name, value in answer.headers]
    return [*fields, ("Content-Length", str(len(answer.body)))]


def _packed(record: ArcWarcRecord) -> bytes:
    packed = io.BytesIO()
    WARCWriter(packed, gzip=True, warc_version="1.1").write_record(record)
    return packed.getvalue()


def _line(record: ArcWarcRecord, offset: int, length: int) -> dict[str, Any]:
    field = record.rec_headers.get_header
    status = record.http_headers.get_statuscode() if record.rec_type != "request" else None
    return {
        "offset": offset,
        "length": length,
        "type": record.rec_type,
        "url": field("WARC-Target-URI"),
        "date": field("WARC-Date"),
        "status": int(status) if status else None,
        "digest": field("WARC-Payload-Digest") or field("WARC-Block-Digest"),
    }


def read_at(place: Place, most_bytes: int = LARGEST_PAGE_BYTES) -> bytes:
    """Give the content of an answer back, unpacked. Raises StoreError when it is gone, cut, or not what was kept."""
    where = f"the record at byte {place.offset} of {place.file}"
    try:
        with place.file.open("rb") as opened:
            opened.seek(place.offset)
            packed = opened.read(place.length)
    except OSError as wrong:
        raise StoreError(f"{where} cannot be read: {wrong.strerror}; restore it from a backup") from wrong
    fault, record, body = _read(packed, place.length)
    if fault or record is None:
        raise StoreError(f"{where} {fault}; restore it from a backup")
    return unpacked(body, record.http_headers.get_header("Content-Encoding") or "", most_bytes)


def _read(packed: bytes, length: int) -> tuple[str | None, ArcWarcRecord | None, bytes]:
    """Read one record: what is wrong with it, if anything, the record, and its body."""
    if len(packed) < length:
        return "is cut off", None, b""
    try:
        # Python's gzip checks its sum, which warcio does not.
        record = next(ArchiveIterator(io.BytesIO(gzip.decompress(packed)), check_digests=True))
        body: bytes = record.raw_stream.read()
    except (ArchiveLoadFailed, StopIteration, EOFError, OSError, zlib.error, ValueError) as wrong:
        return f"cannot be read ({wrong or 'no record'})", None, b""
    if record.digest_checker.passed is False:
        return "is no longer what was kept", None, b""
    return None, record, body


def mend(file: Path) -> None:
    """Cut off what a killed run left behind the last record that the manifest of a WARC file names."""
    if not manifest_of(file).exists():
        return
    with manifest_of(file).open("a+b") as manifest, file.open("ab") as opened:
        fcntl.flock(manifest, fcntl.LOCK_EX)
        try:
            opened.truncate(_end(manifest, file))
        except DamagedError:
            return  # it is shorter than that, which faults() tells


def faults(file: Path) -> list[str]:
    """Say what is wrong with a WARC file, held against its manifest; nothing when it is whole."""
    if not manifest_of(file).exists():
        return [f"{file.name} has no manifest"]
    found: list[str] = []
    end = 0
    with manifest_of(file).open("rb") as manifest, file.open("rb") as opened:
        fcntl.flock(manifest, fcntl.LOCK_SH)  # a run may be writing it
        size = file.stat().st_size
        for number, line in enumerate(manifest.read().splitlines(), start=1):
            told = json.loads(line)
            if told["offset"] != end:
                found.append(f"record {number} does not begin where the one before it ends")
            end = told["offset"] + told["length"]
            opened.seek(told["offset"])
            fault, record, _ = _read(opened.read(told["length"]), told["length"])
            digest = record and (
                record.rec_headers.get_header("WARC-Payload-Digest")
                or record.rec_headers.get_header("WARC-Block-Digest")
            )
            if fault is None and digest != told["digest"]:
                fault = "is another than the manifest names"
            if fault:
                found.append(f"record {number} ({told['url']}) {fault}")
    if size != end:
        found.append(f"the file has {size} bytes, its manifest says {end}")
    return found
