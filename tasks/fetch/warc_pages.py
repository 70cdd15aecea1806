"""The pages in WARC files from elsewhere: Common Crawl's news, wget's, crawlers' of browsers."""

import gzip
import io
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeadersParserException

from tasks.errors import ItemError
from tasks.records import RawPage, Rejection
from tasks.settings import LARGEST_PAGE_BYTES
from tasks.web.unpacking import charset_in, unpacked

_GZIP = b"\x1f\x8b"
_MEDIA_TYPES = {"text/html": "text/html", "application/xhtml+xml": "text/html", "text/plain": "text/plain"}
_BROKEN = (EOFError, ArchiveLoadFailed, StatusAndHeadersParserException, ValueError)


def pages_of(opened: BinaryIO, name: str, now: datetime) -> Iterator[RawPage | Rejection]:
    """Give the web pages of a WARC file, gzipped or not, each with its address and the time of its capture.

    Records that hold no page (requests, revisits, pictures, errors) are passed over. What is whole in a truncated file
    is given, and at its end a rejection says what is missing. now: for records without a date.
    """
    magic = opened.read(len(_GZIP))
    opened.seek(0)
    stream = _Unpacked(opened) if magic == _GZIP else opened
    loader = _Loader()
    records = ArchiveIterator(stream, check_digests=True)
    records.loader = loader
    number, last = 0, "its beginning"
    try:
        for record in records:
            number += 1
            last = _address(record) or f"record {number}"
            found = _page(record, name, now)
            is_whole = _drain(record)
            if found is not None and is_whole:
                yield _checked(record, found)
            if not is_whole:
                yield _truncated(name, last)
                return
    except _BROKEN as wrong:
        if number == 0 and not getattr(stream, "is_cut", False):
            told = str(wrong).partition(", first line")[0]  # which would be shown as it is, pictures and all
            yield Rejection("fetch", name, "warc", f"is no WARC file ({told}); check where it comes from")
            return
        loader.is_cut = True
    if loader.is_cut or getattr(stream, "is_cut", False):
        yield _truncated(name, last)
    elif number == 0:
        yield Rejection("fetch", name, "warc", "holds no record; check where it comes from")


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]
    """Reads the heads of records. is_cut: whether one breaks off, which warcio takes for the end of the file."""

    is_cut = False

    def load_http_headers(self, rec_type: str, uri: str | None, stream: BinaryIO, length: int) -> Any:  # noqa: ANN401
        """Read the head of an answer."""
        try:
            return super().load_http_headers(rec_type, uri, stream, length) if uri else None
        except EOFError:
            self.is_cut = True
            raise


class _Unpacked:
    """A gzip stream of one member or many. is_cut: whether it ended before its last member did.

    warcio takes a stream that breaks off for one that ends, so that it must be noted here; what was unpacked before
    that is given, which a buffered read would lose.
    """

    def __init__(self, opened: BinaryIO) -> None:
        self._members = gzip.GzipFile(fileobj=opened)
        self.is_cut = False

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, at most `size`."""
        if self.is_cut:
            return b""
        try:
            return self._members.read1(size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            self.is_cut = True
            return b""


def _truncated(name: str, last: str) -> Rejection:
    return Rejection(
        "fetch", name, "truncated", f"breaks off in or after {last}; what is whole was used, get the file again"
    )


def _drain(record: ArcWarcRecord) -> bool:
    """Read a record to its end, so that its digests are known; False if the file ends before it does."""
    while record.raw_stream.read(1 << 16):
        pass
    return record.rec_headers.get_header("Content-Length") is not None and not getattr(record.raw_stream, "limit", 0)


def _checked(record: ArcWarcRecord, found: RawPage | Rejection) -> RawPage | Rejection:
    if isinstance(found, RawPage) and record.digest_checker.passed is False:
        return Rejection("fetch", found.item, "digest", "is not what its digest names; get the file again")
    return found


def _address(record: ArcWarcRecord) -> str:
    """Give the address of a record; wget puts it into brackets."""
    return (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")


def _page(record: ArcWarcRecord, name: str, now: datetime) -> RawPage | Rejection | None:
    url = _address(record)
    if record.rec_type not in ("response", "resource") or not url.startswith(("http://", "https://")):
        return None  # archivers keep their logs and settings as resources, too
    head = record.http_headers
    if record.rec_type == "response" and (head is None or head.get_statuscode() != "200"):
        return None
    field = head.get_header if head is not None else record.rec_headers.get_header
    told = field("Content-Type") or ""
    media_type = _MEDIA_TYPES.get(told.partition(";")[0].strip().lower())
    if media_type is None:
        return None
    item = f"{name}:{url}"
    try:
        content = _content(record, field("Transfer-Encoding") or "", field("Content-Encoding") or "")
    except ItemError as wrong:
        return Rejection("fetch", item, wrong.check, str(wrong))
    captured_at = _captured_at(record)
    return RawPage(item, content, media_type, captured_at or now, name, url, charset_in(told), last_seen_at=captured_at)


def _content(record: ArcWarcRecord, transfer: str, encoding: str) -> bytes:
    """Give a body without its chunks and unpacked, and never more of it than a page may have.

    Some archives unpack a body and leave the field that says that it is packed.
    """
    packed: bytes = record.raw_stream.read(LARGEST_PAGE_BYTES + 1)
    if record.rec_headers.get_header("WARC-Truncated"):
        raise ItemError("cut_short", "was cut when it was captured; get it from elsewhere")
    if transfer.strip().lower() == "chunked":
        packed = ChunkedDataReader(io.BytesIO(packed)).read(LARGEST_PAGE_BYTES + 1)
    if len(packed) > LARGEST_PAGE_BYTES:
        raise ItemError("size_cap", f"is larger than {LARGEST_PAGE_BYTES / 1e6:g} MB, which no article needs")
    is_unpacked = encoding.strip().lower() in ("gzip", "x-gzip") and not packed.startswith(_GZIP)
    return packed if is_unpacked else unpacked(packed, encoding, LARGEST_PAGE_BYTES)


def _captured_at(record: ArcWarcRecord) -> datetime | None:
    """Give when a record was captured; a time without a zone is UTC, as the standard has it."""
    try:
        told = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
