"""The archive: every raw page as it came, named by its content, so that all later stages can be run again.

`archive/ab/abcd….page` holds the bytes and `archive/ab/abcd….json` what was known when they came. Both are
written beside their place and moved into it, so that a killed run leaves whole files or none; the bytes go
first, so that whatever the index names is there.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tasks.errors import StoreError
from tasks.records import RawPage


def keep(archive: Path, pages: Iterable[RawPage]) -> int:
    """Add pages to the archive; give how many were not there yet. What is there stays as it is."""
    return sum(_keep_one(archive, page) for page in pages)


def _keep_one(archive: Path, page: RawPage) -> bool:
    index = _index_file(archive, page.content_sha256)
    if index.exists():
        return False
    index.parent.mkdir(parents=True, exist_ok=True)
    known = {
        "item": page.item,
        "media_type": page.media_type,
        "file_name": page.file_name,
        "fetched_at": page.fetched_at.isoformat(),
    }
    _place(index.with_suffix(".page"), page.content)
    _place(index, json.dumps(known, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return True


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


def index(archive: Path) -> Iterator[tuple[str, datetime]]:
    """List what the archive holds: the hash of each page's content and when it was fetched."""
    for file in sorted(archive.glob("??/*.json")):
        yield file.stem, datetime.fromisoformat(_known(file)["fetched_at"])


def replay(archive: Path, content_sha256: str) -> RawPage:
    """Give a page back as it came. Raises StoreError when it is missing or no longer what it was."""
    file = _index_file(archive, content_sha256)
    known = _known(file)
    try:
        content = file.with_suffix(".page").read_bytes()
    except OSError as wrong:
        raise StoreError(f"the archive has lost {file.stem}: {wrong.strerror}; restore it from a backup") from wrong
    page = RawPage(
        known["item"], content, known["media_type"], datetime.fromisoformat(known["fetched_at"]), known["file_name"]
    )
    if page.content_sha256 != content_sha256:
        raise StoreError(f"the archived page {file.stem} is no longer what was read; restore it from a backup")
    return page


def _known(file: Path) -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(file.read_bytes())
    except (OSError, ValueError) as wrong:
        raise StoreError(
            f"the archive's entry {file.name} cannot be read: {wrong}; restore it from a backup"
        ) from wrong
    return known
