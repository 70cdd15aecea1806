"""The archive: everything as it came, named by its content, so that all later stages can be run again.

`archive/ab/abcd….json` says what is known of a content: the pages that had it, one for each address. The bytes of a
file stand beside it, in `archive/ab/abcd….page`; those of an answer in a WARC file of its source and day,
`archive/warc/2026/11/23/SOURCE.warc.gz`, with its request (tasks.fetch.answers). The files are written aside and moved
into their place, so that a killed run leaves whole ones or none; the bytes go first, so that whatever the index names
is there.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.addresses import identity
from tasks.errors import StoreError
from tasks.fetch.answers import Earlier, Place, append, digest_of, read_at
from tasks.records import Answer, RawPage

_USED = 200


def keep(archive: Path, pages: Iterable[RawPage]) -> list[RawPage]:
    """Add pages to the archive; give them as they stand there.

    A page that was there stays as it first came, but for when it was seen last, so that reading it again, today or
    from the archive, reads the same.
    """
    return [_keep_one(archive, page) for page in pages]


def _keep_one(archive: Path, page: RawPage) -> RawPage:
    index = _index_file(archive, page.content_sha256)
    with _held(index):
        if not index.exists():
            _place(index.with_suffix(".page"), page.content)
            _place(index, _written({"pages": []}))
        return _add_page(index, page)


@contextmanager
def _held(index: Path) -> Iterator[None]:
    """Let nobody else change what is known of a content: threads of one run, and other runs, may meet the same one."""
    index.parent.mkdir(parents=True, exist_ok=True)
    with (index.parent / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _index_file(archive: Path, content_sha256: str) -> Path:
    return archive / content_sha256[:2] / f"{content_sha256}.json"


def _place(file: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class Keeper:
    """Keeps the answers that one source gives in one run."""

    def __init__(self, archive: Path, source: str) -> None:
        self._archive = archive
        self._source = source

    def keep(self, answer: Answer) -> None:
        """Keep an answer as it came, at once; the same bytes again are kept as a reference to the first."""
        index = _index_file(self._archive, hashlib.sha256(answer.content).hexdigest())
        file = self._archive / "warc" / f"{answer.asked_at:%Y/%m/%d}" / f"{self._source}.warc.gz"
        file.parent.mkdir(parents=True, exist_ok=True)
        with _held(index):
            is_known = index.exists()
            earlier = _earlier(_known(index)) if is_known and answer.content else None
            if earlier is not None and earlier.digest != digest_of(answer.body):
                earlier = None  # the same content, packed in another way
            place = append(file, answer, earlier)
            if not is_known and answer.content and answer.status == _USED:
                _place(index, _written(self._described(file, place, answer)))

    def _described(self, file: Path, place: Place, answer: Answer) -> dict[str, Any]:
        return {
            "pages": [],
            "warc": str(file.relative_to(self._archive)),
            "offset": place.offset,
            "length": place.length,
            "digest": digest_of(answer.body),
            "asked_url": answer.url,
            "asked_at": answer.asked_at.isoformat(),
        }

    def index(self, pages: Iterable[RawPage]) -> list[RawPage]:
        """Say of answers that they are pages, and how they are to be read; give them as they stand in the archive."""
        return [self._index_one(page) for page in pages]

    def _index_one(self, page: RawPage) -> RawPage:
        index = _index_file(self._archive, page.content_sha256)
        with _held(index):
            return _add_page(index, page)


def _add_page(index: Path, page: RawPage) -> RawPage:
    """Add a page to those that had a content; give it as it stands, under the name that it has now."""
    told = _known(index)
    others = [one for one in told["pages"] if not _is_same(one, page)]
    same: list[dict[str, Any]] = [*(one for one in told["pages"] if _is_same(one, page)), _described(page)]
    seen = max((one["last_seen_at"] for one in same if one["last_seen_at"]), key=datetime.fromisoformat, default=None)
    first = min(same, key=_arrival)
    standing = {**first, "last_seen_at": seen}
    pages = sorted([*others, standing], key=_arrival)
    if pages != told["pages"]:
        _place(index, _written({**told, "pages": pages}))
    return replace(_page(standing, page.content), item=page.item)


def _arrival(told: dict[str, Any]) -> tuple[datetime, str, str]:
    return datetime.fromisoformat(told["fetched_at"]), told["url"] or "", told["source"] or ""


def _is_same(told: dict[str, Any], page: RawPage) -> bool:
    """Whether two pages of one content are one: they have one address, or both none, and are read in one way."""
    is_here = (identity(told["url"]) or told["url"]) == (identity(page.url) or page.url)
    return is_here and (told["media_type"], told["charset"]) == (page.media_type, page.charset)


def _described(page: RawPage) -> dict[str, Any]:
    """Say what is known of a page beside its bytes."""
    return {
        "item": page.item,
        "media_type": page.media_type,
        "file_name": page.file_name,
        "fetched_at": page.fetched_at.isoformat(),
        "url": page.url,
        "charset": page.charset,
        "source": page.source,
        "last_seen_at": page.last_seen_at.isoformat() if page.last_seen_at else None,
    }


def _earlier(told: dict[str, Any]) -> Earlier | None:
    """Give the record that holds a content; None when a file holds it."""
    if "warc" not in told:
        return None
    return Earlier(told["asked_url"], datetime.fromisoformat(told["asked_at"]), told["digest"])


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Archived:
    """A content that was a page: its hash, when it was first fetched, and the declared sources that gave it."""

    content_sha256: str
    fetched_at: datetime
    sources: frozenset[str] = frozenset()


def index(archive: Path) -> Iterator[Archived]:
    """List what the archive holds."""
    for file in sorted(archive.glob("??/*.json")):
        pages = _known(file)["pages"]
        if pages:
            sources = frozenset(page["source"] for page in pages if page["source"])
            yield Archived(file.stem, datetime.fromisoformat(pages[0]["fetched_at"]), sources)


def replay(archive: Path, content_sha256: str) -> list[RawPage]:
    """Give the pages of a content back as they came. Raises StoreError when it is missing or no longer what it was."""
    file = _index_file(archive, content_sha256)
    known = _known(file)
    content = _content(archive, file, known)
    if hashlib.sha256(content).hexdigest() != content_sha256:
        raise StoreError(f"the archived page {file.stem} is no longer what was read; restore it from a backup")
    return [_page(one, content) for one in known["pages"]]


def _page(told: dict[str, Any], content: bytes) -> RawPage:
    return RawPage(
        told["item"],
        content,
        told["media_type"],
        datetime.fromisoformat(told["fetched_at"]),
        told["file_name"],
        told["url"],
        told["charset"],
        told["source"],
        datetime.fromisoformat(told["last_seen_at"]) if told["last_seen_at"] else None,
    )


def _content(archive: Path, file: Path, known: dict[str, Any]) -> bytes:
    if "warc" in known:
        return read_at(Place(archive / known["warc"], known["offset"], known["length"]))
    try:
        return file.with_suffix(".page").read_bytes()
    except OSError as wrong:
        raise StoreError(f"the archive has lost {file.stem}: {wrong.strerror}; restore it from a backup") from wrong


def _known(file: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(file.read_bytes())
    except (OSError, ValueError) as wrong:
        raise StoreError(
            f"the archive's entry {file.name} cannot be read: {wrong}; restore it from a backup"
        ) from wrong
    return known
