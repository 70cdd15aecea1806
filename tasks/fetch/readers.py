"""Turn files into raw pages: html, txt, json, jsonl, warc, a folder of them, standard input."""

import codecs
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from tasks.errors import InputError, ItemError
from tasks.fetch.relevance import may_be_page
from tasks.fetch.warc_pages import pages_of
from tasks.records import Found, RawPage, Rejection
from tasks.settings import LARGEST_PAGE_BYTES

MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".txt": "text/plain",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".ndjson": "application/x-ndjson",
    ".warc": "application/warc",
}
"""File endings that are read, and what they hold."""
STANDARD_INPUT = Path("-")
_SNIFFED_BYTES = 4096
_PART_BYTES = 64_000_000
_DESCRIBES = re.compile(r"\..*|README\.md$|.*\.warc\.gz\.jsonl$", re.DOTALL)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f\b\x1b\x1a")


def list_files(paths: Iterable[Path], *, may_be_empty: bool = False) -> list[Path]:
    """List the files to read: each path itself, or the files of a folder and its subfolders, in order of name.

    Hidden files, a README.md and the manifests of WARC files are passed over in folders: they describe what is there.
    Raises InputError for a path that is not there and, unless may_be_empty, for a folder without a single file.
    """
    files: list[Path] = []
    for path in paths:
        if path == STANDARD_INPUT or path.is_file():
            files.append(path)
        elif path.is_dir():
            files.extend(_files_of(path, may_be_empty=may_be_empty))
        elif path.exists():
            raise InputError(f"{path} is neither a file nor a folder; name a file, a folder, or - for standard input")
        else:
            raise InputError(f"{path} is not there; check the path (relative paths start at {Path.cwd()})")
    return list(dict.fromkeys(files))


def _files_of(folder: Path, *, may_be_empty: bool) -> list[Path]:
    """List what lies in a folder and its subfolders, linked ones too; a subfolder that cannot be listed is an item."""
    found: list[Path] = []
    entered: set[Path] = set()
    unlisted: list[OSError] = []
    for place, folders, names in os.walk(folder, followlinks=True, onerror=unlisted.append):
        entered.add(Path(place).resolve())
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(place, name).resolve() not in entered
        ]
        found.extend(Path(place, name) for name in names if _DESCRIBES.match(name) is None)
    found.extend(Path(fault.filename) for fault in unlisted)
    if not found and not may_be_empty:
        raise InputError(f"the folder {folder} holds no files; put html, txt, json or jsonl files into it")
    return sorted(found)


def read_files(files: Iterable[Path], standard_input: BinaryIO, now: datetime, most_pages: int = 50) -> Iterator[Found]:
    """Read files into raw pages, part by part: at most `most_pages` pages, and not many more than 64 MB.

    A file or line that cannot be used becomes a rejection. The pages of WARC files pass the gate of relevance first;
    what is given page by page was chosen by somebody.
    """
    part = _Part()
    for file in files:
        items = _Items(_printable(file.name) if file != STANDARD_INPUT else "standard input", now)
        try:
            for found in items.pages(file, standard_input):
                part.add(found, is_gated=is_warc(file))
                if len(part.pages) >= most_pages or part.size >= _PART_BYTES:
                    yield part.found()
                    part = _Part()
        except ItemError as wrong:
            part.rejections.append(Rejection("fetch", items.name, wrong.check, str(wrong)))
        except OSError as wrong:
            told = f"cannot be read: {wrong.strerror}; check the file and its permissions"
            part.rejections.append(Rejection("fetch", items.name, "readable", told))
        part.finished += 1
    yield part.found()


@dataclass(slots=True)
class _Part:
    """What was read since the last part was given. size: bytes of its pages."""

    pages: list[RawPage] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    off_topic: int = 0
    finished: int = 0
    size: int = 0

    def add(self, found: RawPage | Rejection, *, is_gated: bool) -> None:
        if isinstance(found, Rejection):
            self.rejections.append(found)
        elif is_gated and not may_be_page(found.content):
            self.off_topic += 1
        else:
            try:
                _check_content(found)
            except ItemError as wrong:
                self.rejections.append(Rejection("fetch", found.item, wrong.check, str(wrong)))
            else:
                self.pages.append(found)
                self.size += len(found.content)

    def found(self) -> Found:
        return Found(tuple(self.pages), tuple(self.rejections), off_topic=self.off_topic, finished=self.finished)


class Intake:
    """Parts that come one after the other. The one that came stays until it is taken, so that it can be tried again."""

    def __init__(self, parts: Iterator[Found]) -> None:
        self._parts = parts
        self._part: Found | None = None
        self.is_done = False

    def part(self) -> Found:
        """Give the next part; an empty one when there is none any more."""
        if self._part is None:
            self._part = next(self._parts, None)
            self.is_done = self._part is None
        return self._part or Found()

    def take(self) -> None:
        """Say that the part is safe."""
        self._part = None


def is_warc(file: Path) -> bool:
    """Whether a file is named as a WARC file: it holds many pages, few of which are of the ledger's subject."""
    return _ending(file) == ".warc"


def _ending(file: Path) -> str:
    """Give a file's ending in lower case, without that of gzip, which only WARC files may have."""
    ending = file.suffix.lower()
    before = Path(file.stem).suffix.lower()
    return before if ending == ".gz" and before == ".warc" else ending


def _printable(name: str) -> str:
    """Give a file name as one line of Unicode; bytes that are none, and control characters, become U+FFFD."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def _check_content(page: RawPage) -> None:
    if len(page.content) > LARGEST_PAGE_BYTES:
        raise ItemError(
            "size_cap",
            f"is larger than {LARGEST_PAGE_BYTES / 1e6:.0f} MB, which no article needs; save the article alone",
        )
    if not page.content.strip():
        raise ItemError("not_empty", "is empty; save the page again")
    if looks_binary(page.content):
        raise ItemError("is_text", "is not text (a picture, archive or document?); save the page as html or txt")


def looks_binary(content: bytes) -> bool:
    """Tell a picture, archive or program from text in any encoding.

    UTF-16 text is half NUL bytes but says so by its byte-order mark; any other NUL, or more than a few control
    characters near the beginning, is no text.
    """
    head = content[:_SNIFFED_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = sum(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in head)
    return head.startswith((b"%PDF-", b"\x1f\x8b", b"PK\x03\x04")) or controls > len(head) / 100


class _Items:
    """The pages of one file."""

    def __init__(self, name: str, now: datetime) -> None:
        self.name = name
        self._now = now

    def pages(self, file: Path, standard_input: BinaryIO) -> Iterator[RawPage | Rejection]:
        if file == STANDARD_INPUT:
            content = standard_input.read()
            yield from self._split(_sniff(content), io.BytesIO(content))
            return
        if file.exists() and not file.is_file():
            raise ItemError("readable", "is no file, or a folder that cannot be listed; check its permissions")
        media_type = MEDIA_TYPES.get(_ending(file))
        if media_type is None:
            known = " ".join(sorted(MEDIA_TYPES))
            raise ItemError("known_ending", f"has an ending that is not read; endings read are {known}")
        with file.open("rb") as opened:
            yield from self._split(media_type, opened)

    def _split(self, media_type: str, opened: BinaryIO) -> Iterator[RawPage | Rejection]:
        if media_type == MEDIA_TYPES[".warc"]:
            yield from pages_of(opened, self.name, self._now)
        elif media_type == "application/x-ndjson":
            yield from self._lines(opened)
        elif media_type == "application/json":
            yield from self._records(opened)
        else:
            yield self._page(self.name, opened.read(LARGEST_PAGE_BYTES + 1), media_type)

    def _lines(self, opened: BinaryIO) -> Iterator[RawPage]:
        empty = True
        for line_no, line in enumerate(opened, start=1):
            if line.strip():
                empty = False
                yield self._page(f"{self.name}:{line_no}", line.strip(), "application/json")
        if empty:
            raise ItemError("not_empty", "is empty; it should hold one JSON record a line")

    def _records(self, opened: BinaryIO) -> Iterator[RawPage]:
        """One object is one record and stays as it came; the objects of an array become one page each."""
        content = opened.read()
        try:
            records = json.loads(content) if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"[") else None
        except (ValueError, RecursionError) as wrong:
            raise ItemError("json", f"is not JSON: {wrong}; mend the file") from wrong
        if records is None:
            yield self._page(self.name, content, "application/json")
            return
        for record_no, record in enumerate(records, start=1):
            line = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass")
            yield self._page(f"{self.name}:{record_no}", line, "application/json")

    def _page(self, item: str, content: bytes, media_type: str) -> RawPage:
        return RawPage(item, content, media_type, self._now, file_name=self.name)


def _sniff(content: bytes) -> str:
    """Tell what standard input holds, since it has no ending."""
    head = content.lstrip()[:_SNIFFED_BYTES].lower()
    if head.startswith(b"<"):
        return "text/html"
    if head.startswith(b"["):
        return "application/json"
    return "application/x-ndjson" if head.startswith(b"{") else "text/plain"
