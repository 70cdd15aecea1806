"""What Content-Type and Content-Encoding say: the encoding of a text, and how a body is unpacked within a limit."""

import re
import zlib

import brotli

from tasks.web.faults import FetchError, too_large

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_UNPACKED_AT_ONCE = 1 << 20


def charset_in(content_type: str) -> str | None:
    """Give the encoding that a field Content-Type tells."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def unpacked(body: bytes, encoding: str, most_bytes: int) -> bytes:
    """Unpack a body, never beyond a limit. encoding: the field Content-Encoding. Raises FetchError."""
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        if name in ("gzip", "x-gzip"):
            body = _inflated(body, 16 + zlib.MAX_WBITS, most_bytes) if body else body
        elif name == "deflate":
            is_wrapped = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            body = _inflated(body, zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS, most_bytes) if body else body
        elif name == "br":
            body = _unbrotlied(body, most_bytes) if body else body
        elif name != "identity":
            raise FetchError("content_encoding", f"is packed as {name!r}, which is not known here; get it unpacked")
    return body


def _inflated(body: bytes, window: int, most_bytes: int) -> bytes:
    """Inflate one or several members that follow each other."""
    parts: list[bytes] = []
    length = 0
    while body:
        member = zlib.decompressobj(window)
        while body and not member.eof:
            try:
                part = member.decompress(body, _UNPACKED_AT_ONCE)
            except zlib.error as wrong:
                raise FetchError(
                    "content_encoding", f"cannot be unpacked ({wrong}); it is asked again", may_pass=True
                ) from wrong
            parts.append(part)
            length += len(part)
            if length > most_bytes:
                raise too_large(most_bytes)
            body = member.unconsumed_tail
        if not member.eof:
            raise FetchError("cut_short", "ends before its packed content does; it is asked again", may_pass=True)
        body = member.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _unbrotlied(body: bytes, most_bytes: int) -> bytes:
    """Unpack brotli, which is never asked for, but which archives of browsers hold."""
    unpacking = brotli.Decompressor()
    parts: list[bytes] = []
    length = 0
    try:
        part = unpacking.process(body, output_buffer_limit=_UNPACKED_AT_ONCE)
        while part or not unpacking.can_accept_more_data():
            parts.append(part)
            length += len(part)
            if length > most_bytes:
                raise too_large(most_bytes)
            part = unpacking.process(b"", output_buffer_limit=_UNPACKED_AT_ONCE)
    except brotli.error as wrong:
        raise FetchError("content_encoding", f"cannot be unpacked ({wrong}); get it again", may_pass=True) from wrong
    if not unpacking.is_finished():
        raise FetchError("cut_short", "ends before its packed content does; get it again", may_pass=True)
    return b"".join(parts)
