"""Answers of CDX servers, the indexes of web archives, to listed articles with the time of their captures."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tasks.addresses import identity
from tasks.errors import InputError, ItemError
from tasks.records import Listed

_NAMES = {"original": "url", "mimetype": "mime", "statuscode": "status"}
"""How the Internet Archive calls its fields, and pywb."""
_NEEDED = ("timestamp", "url", "mime", "status")
_PLAIN = ("urlkey", "timestamp", "url", "mime", "status", "digest")
"""The fields with which lines begin; 1, 3 or 5 more follow, none of which is needed."""
_PLAIN_LENGTHS = (7, 9, 11)
_HEADER = " CDX "
_HTML = ("text/html", "application/xhtml+xml")
_FOUND = ("200", "-")
"""A status that the archive does not know is a dash."""
_FIRST_MOMENT = "00000101000000"
"""What a shorter timestamp is filled up with: the first month, the first day, midnight."""
_NOTHING_FOUND = "No Captures found"
_DEFAULT_PORTS = {"http": 80, "https": 443}

_Row = dict[str, str]


def captures(content: bytes, *, all_versions: bool = False) -> list[Listed]:
    """Give the pages that a CDX server lists, of each address the first capture, which is nearest to the news.

    Read are the Internet Archive's JSON, JSON lines (pywb), CDXJ and plain CDX of 7, 9 or 11 fields. Only captures of
    HTML pages with status 200 count; one whose timestamp is none is passed over. Addresses that differ in scheme,
    www., default port, trailing slash, fragment or tracking parameters are one. all_versions: the first capture of
    each different content of an address. Raises ItemError (`not_a_cdx`) for anything else; an empty answer is no
    capture.
    """
    first: dict[tuple[str, str], Listed] = {}
    for row in _rows(content):
        at = _moment(row["timestamp"])
        if row["status"] not in _FOUND or row["mime"].partition(";")[0].strip().lower() not in _HTML or at is None:
            continue
        url = _with_scheme(row["url"])
        page = identity(url)
        if page is None:
            continue
        digest = row.get("digest", "-")
        version = (digest if digest not in ("", "-") else row["timestamp"]) if all_versions else ""
        capture = Listed(_without_default_port(url), captured_at=at)
        known = first.get((page, version))
        if known is None or known.captured_at is None or at < known.captured_at:
            first[page, version] = capture
    return list(first.values())


def replay_address(template: str, capture: Listed) -> str:
    """Give the address at which an archive replays a capture.

    template: the archive's, such as "https://web.archive.org/web/{timestamp}id_/{url}". Raises InputError for a
    template without {timestamp} or {url}, and for what is no capture.
    """
    if "{timestamp}" not in template or "{url}" not in template:
        raise InputError(f"the replay template {template!r} lacks {{timestamp}} or {{url}}; put both into it")
    if capture.captured_at is None:
        raise InputError(f"{capture.url} has no time of capture; list it with captures() first")
    timestamp = f"{capture.captured_at.astimezone(UTC):%Y%m%d%H%M%S}"
    return template.replace("{timestamp}", timestamp).replace("{url}", capture.url)


def _rows(content: bytes) -> Iterator[_Row]:
    """Read an answer's rows, in the names of pywb."""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    if text.lstrip().startswith("["):
        yield from _table(_json(text))
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or (number == 1 and line.startswith(_HEADER)):
            continue
        yield from _line(line.strip(), number)


def _line(line: str, number: int) -> Iterator[_Row]:
    """Read a line: an object of JSON, CDXJ (a key, a timestamp and an object), or fields."""
    if line.startswith("{"):
        record = _json(line)
        if str(record.get("message", "")).startswith(_NOTHING_FOUND):
            return
        yield _named(record, f"line {number}")
        return
    fields = line.split(" ", 2)
    if len(fields) == 3 and fields[2].startswith("{"):
        yield _named({**_json(fields[2]), "timestamp": fields[1]}, f"line {number}")
        return
    fields = line.split()
    if len(fields) not in _PLAIN_LENGTHS or not fields[1].isdigit():
        raise _no_cdx(f"line {number} is none of a CDX: {line[:80]!r}")
    yield _named(dict(zip(_PLAIN, fields, strict=False)), f"line {number}")


def _json(text: str) -> Any:  # noqa: ANN401 - whatever the answer holds
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise _no_cdx(f"it is broken JSON ({wrong})") from wrong


def _table(rows: Any) -> Iterator[_Row]:  # noqa: ANN401 - whatever the answer holds
    """Read an array of arrays, of which the first names the fields."""
    if not all(isinstance(row, list) for row in rows):
        raise _no_cdx("it is no array of arrays")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]):
            raise _no_cdx(f"row {number} has not as many fields as the header")
        yield _named(dict(zip(map(str, rows[0]), row, strict=True)), f"row {number}")


def _named(record: dict[str, Any], where: str) -> _Row:
    row = {_NAMES.get(name, name): "-" if value is None else str(value) for name, value in record.items()}
    row = {"status": "-", **row}  # pywb leaves out the status of captures that have none
    missing = [name for name in _NEEDED if name not in row]
    if missing:
        raise _no_cdx(f"{where} lacks {', '.join(missing)}")
    return row


def _no_cdx(reason: str) -> ItemError:
    return ItemError(
        "not_a_cdx", f"the archive's answer is no CDX: {reason}; ask again, for fewer days if it broke off"
    )


def _moment(timestamp: str) -> datetime | None:
    """Read a timestamp of 14 digits or of fewer, in UTC; None for one that no calendar has."""
    digits = timestamp[:14]
    if not digits.isdigit() or len(digits) < 4:
        return None
    try:
        return datetime.strptime(digits + _FIRST_MOMENT[len(digits) :], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _with_scheme(url: str) -> str:
    """Give an address a scheme: some indexes leave it out."""
    return url if "://" in url else f"http://{url}"


def _without_default_port(url: str) -> str:
    """Give an address without the port that its scheme has anyway, and without a fragment."""
    parts = urlsplit(url)
    port = _DEFAULT_PORTS.get(parts.scheme.lower())
    return urlunsplit((parts.scheme, parts.netloc.removesuffix(f":{port}"), parts.path, parts.query, ""))
