"""Bytes to text: the encoding is found out, never believed and never guessed away."""

import codecs
import re

from charset_normalizer import from_bytes

from tasks.errors import ItemError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{3,20})""", re.IGNORECASE)
_HEAD_BYTES = 8192
_NEVER_TOLD = ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "utf-8", "utf8")
_BEYOND_ASCII = re.compile(r"[^\W\d_\x00-\x7f]+")
_A_FEW_LETTERS = 20
_REPLACEMENT = "\ufffd"
_CHARACTERS_A_BROKEN_BYTE = 100


def decode(content: bytes, told: str | None = None) -> str:
    """Decode a page: byte-order mark, UTF-8, the charset that the server told, the declared one, detection, in order.

    told: Latin-1 counts for nothing there: it is what servers tell that were never told.
    UTF-8 goes before the declaration, because pages lie and other encodings almost never pass for it; a byte that is
    broken in a long UTF-8 page becomes U+FFFD. NUL characters are stripped (databases and parsers end at them).
    Raises ItemError when nothing fits.
    """
    return _decode(content, told).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes, told: str | None) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = _strictly(content[len(mark) :], encoding)
            return text if text is not None else _refuse()
    text = _strictly(content, "utf-8")
    if text is None:
        text = _mostly_utf8(content)
    if text is None and told and told.lower() not in _NEVER_TOLD:
        text = _believed(content, told)
    if text is None:
        text = _declared(content)
    return text if text is not None else _detected(content)


def _mostly_utf8(content: bytes) -> str | None:
    """Decode UTF-8 with a few broken bytes: at most one for a hundred characters outside ASCII."""
    text = content.decode("utf-8", "replace")
    broken = text.count(_REPLACEMENT)
    beyond_ascii = sum(character > "\x7f" for character in text)
    return text if broken * _CHARACTERS_A_BROKEN_BYTE <= beyond_ascii else None


def _declared(content: bytes) -> str | None:
    declared = _DECLARED.search(content[:_HEAD_BYTES])
    return _believed(content, declared[1].decode("ascii")) if declared else None


def _believed(content: bytes, encoding: str) -> str | None:
    """Decode as a page or its server says, unless the letters speak against it; then None.

    Cyrillic taken for Latin is letters beyond ASCII side by side, which Western languages hardly have; one Cyrillic
    encoding taken for another inverts the case.
    """
    text = _strictly(content, encoding)
    if text is None:
        return None
    beyond = _BEYOND_ASCII.findall(text)
    letters = "".join(beyond)
    is_latin = sum("\u00c0" <= letter <= "\u024f" for letter in letters) * 2 > len(letters)
    in_rows = sum(len(row) for row in beyond if len(row) > 2)
    if is_latin and len(letters) >= _A_FEW_LETTERS and in_rows * 2 > len(letters):
        return None
    is_inverted = sum(map(str.isupper, letters)) > sum(map(str.islower, letters))
    return None if is_inverted and len(letters) >= _A_FEW_LETTERS else text


def _detected(content: bytes) -> str:
    """Detect the encoding by how its letters follow each other; refuse what reads like no language at all."""
    best = from_bytes(content, cp_isolation=["cp1251", "koi8_r", "cp1252", "iso8859_5"]).best()
    return str(best) if best is not None and best.percent_coherence > 0 else _refuse()


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _refuse() -> str:
    raise ItemError("decodable", "is in no encoding that is known here; save it again as UTF-8")
