"""Whether a listed article or a fetched page may tell of an exchange of prisoners.

The gates save requests and work. What they refuse is never read, so both keep whatever they cannot tell.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tasks.records import Listed

_FILE = Path(__file__).with_name("relevance.toml")
_TELLING_TITLE = 4
"""Words from which on a title tells its topic: "Вдома" and "Waiting for them" do not."""
_TELLING_MESSAGE = 30
"""The same for a message without a title: its first line is often a greeting."""
_TELLING_ADDRESS = 4
"""The same for the words of an address, where nothing else is known."""
_APOSTROPHES = re.compile("[’ʼ`´‘]")
_UNSEEN = re.compile("[\u00ad\u200b\u0301]")
"""Soft hyphens, spaces of no width and stress marks, which stand inside words."""
_MIXED = re.compile(r"\w*(?:[а-яіїєґ][aceiopxy]|[aceiopxy][а-яіїєґ])\w*")
_LOOK_ALIKES = str.maketrans("aceiopxy", "асеіорху")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_ADDRESS_ENDS = re.compile(r"\.\w{2,5}$")
_ADDRESS_WORD = re.compile(r"[^\W\d_]{2,}")

_ENCODING = "cp1251"
"""Every reading of a page is brought into this encoding, lower-case: bytes are searched faster than text."""
_COMMON_WORDS = 3
"""Common words from which on a reading is the right one."""
_MANY_HIGH_BYTES = 100
"""Bytes outside ASCII, other than signs, from which on a page may hold an article in them."""
_MANY_PERCENT_LETTERS = 300
"""The same for percent-encoded Cyrillic letters: a page has some hundred in the links that share it."""
_SIGNS = (b"\xe2\x80", b"\xe2\x82", b"\xe2\x84", b"\xc2")
"""How dashes, quotation marks and other signs begin in UTF-8, which English pages have too."""
_ASCII = bytes(range(0x80))
_MARKUP = bytes(byte for byte in _ASCII if not chr(byte).isspace())
_ESCAPED_LETTER = re.compile(rb"\\u04|&#[xX]0?4")
_DECIMAL_LETTER = b"&#1"
_PERCENT_LETTER = re.compile(rb"%[dD][01]%[89abAB]")


def _lower_table(encoding: str) -> bytes:
    """Map the bytes of an encoding to those of lower-case letters in `_ENCODING`."""
    letters = (bytes([byte]).decode(encoding, "replace").lower() for byte in range(0x100))
    return bytes((letter.encode(_ENCODING, "ignore") or b" ")[0] for letter in letters)


_LOWER = _lower_table(_ENCODING)
_LOWER_KOI8 = _lower_table("koi8_u")
_DECIMAL_LETTERS = {b"%03d" % (code - 1000): chr(code).encode(_ENCODING, "ignore") for code in range(1024, 1200)}
"""Cyrillic letters by what stands behind `_DECIMAL_LETTER` in their character references."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Stems of pages, one of which a page must have. Cyrillic ones stand in `_ENCODING`, letters only."""

    latin: re.Pattern[bytes]
    cyrillic: re.Pattern[bytes]


@dataclass(frozen=True, slots=True)
class _Stems:
    """What relevance.toml lists, ready to use.

    anywhere, described: patterns over titles and descriptions. addresses: over the words of addresses, `anywhere` and
    transliterations, without roundups and stories. common: the commonest Cyrillic words, over a reading of a page.
    """

    anywhere: re.Pattern[str]
    described: re.Pattern[str]
    addresses: re.Pattern[str]
    page: tuple[_Group, ...]
    common: re.Pattern[bytes]


@cache
def _stems() -> _Stems:
    """Read relevance.toml, once per process."""
    listed = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    anywhere, page = listed["anywhere"], listed["page"]
    enough = [word for group in ("captivity", "exchange", "return", "fallen") for word in anywhere[group]]
    common = [word.encode(_ENCODING) for word in page["common"]]
    return _Stems(
        anywhere=_pattern(word for words in anywhere.values() for word in words),
        described=_pattern(listed["described"]["context"]),
        addresses=_pattern([*enough, *listed["addresses"]["words"]]),
        page=tuple(_group(page[name]) for name in ("held", "moved")),
        common=re.compile(rb"\s(?:" + b"|".join(common) + rb")(?=\s)"),
    )


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Make a pattern of words, in which a star stands for letters and # for a number."""
    forms = (re.escape(word).replace(r"\*", r"\w*").replace(r"\#", r"\d+").replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")


def _group(stems: Iterable[str]) -> _Group:
    latin = [stem.encode() for stem in stems if stem.isascii()]
    cyrillic = [stem.encode(_ENCODING).translate(None, _MARKUP) for stem in stems if not stem.isascii()]
    return _Group(re.compile(_any_of(latin)), re.compile(_any_of(cyrillic)))


def _any_of(stems: Iterable[bytes]) -> bytes:
    """Make a pattern that branches letter by letter: several times faster than one stem after another."""
    rests: dict[bytes, list[bytes]] = {}
    for stem in stems:
        if not stem:
            return b""
        rests.setdefault(stem[:1], []).append(stem[1:])
    branches = [re.escape(letter) + _any_of(behind) for letter, behind in sorted(rests.items())]
    return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"


def may_be_listed(listed: Listed) -> bool:
    """Whether an article may tell of an exchange, by its title, its description and its address.

    Kept is also what says too little: a title of three words, a short message without a title, and an address without
    words where nothing else is known.
    """
    title, description = _plain(listed.title), _plain(listed.description)
    address = _address_words(listed.url)
    stems = _stems()
    if not title and not description:
        return len(address) < _TELLING_ADDRESS or _tells(" ".join(address), stems.addresses, stems.anywhere)
    if _says_little(title, description):
        return True
    return (
        _tells(f"{title}\n{description}", stems.anywhere)
        or (bool(description) and _tells(f"{title}\n{description}", stems.described))
        or _tells(" ".join(address), stems.addresses)
    )


def _tells(text: str, *patterns: re.Pattern[str]) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _says_little(title: str, description: str) -> bool:
    if title:
        return len(_WORD.findall(title)) < _TELLING_TITLE
    return len(_WORD.findall(description)) < _TELLING_MESSAGE


def _plain(text: str | None) -> str:
    """Give text in the form that the patterns know: lower-case, one apostrophe, no letters of the other alphabet."""
    plain = _UNSEEN.sub("", _APOSTROPHES.sub("'", (text or "").lower()))
    return _MIXED.sub(lambda word: word[0].translate(_LOOK_ALIKES), plain).strip()


def _address_words(url: str) -> list[str]:
    """Give the words of an address' path, lower-case; none of an address that is broken."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return []
    segments = unquote(path).lower().split("/")
    return [word for segment in segments for word in _ADDRESS_WORD.findall(_ADDRESS_ENDS.sub("", segment))]


def may_be_page(content: bytes) -> bool:
    """Whether a page may tell of an exchange, by its raw bytes, markup and all.

    Read are UTF-8, UTF-16, windows-1251 and KOI8, and Cyrillic letters that are written as character references or as
    escapes of JSON. A page that may hold Cyrillic text in another form is kept.
    """
    latin = content.replace(b"\0", b"").lower()
    readings: list[bytes] = []
    for group in _stems().page:
        if group.latin.search(latin):
            continue
        readings = readings or list(_readings(content))
        if not any(group.cyrillic.search(reading) for reading in readings):
            is_read = any(_has_words(reading, _stems().common) for reading in readings)
            return not is_read and _may_be_otherwise_encoded(content)
    return True


def _readings(content: bytes) -> Iterator[bytes]:
    """Give what the bytes may say in Cyrillic letters, lower-case in `_ENCODING`, the likeliest reading first.

    Left out is all of ASCII but space: markup is most of a page, and may stand inside a word.
    """
    if b"\0" in content:
        yield _lower(content.decode("utf-16-le", "ignore"))
        yield _lower(content.decode("utf-16-be", "ignore"))
    if not content.isascii():
        letters = content.translate(None, _MARKUP)
        text = letters.decode("utf-8", "replace")
        yield _lower(text)
        if "\ufffd" in text:
            yield letters.translate(_LOWER, b"\xad")
            yield letters.translate(_LOWER_KOI8)
    if _ESCAPED_LETTER.search(content):
        yield _lower(_unescaped(content))
    if _DECIMAL_LETTER in content:
        yield _without_references(content)


def _lower(text: str) -> bytes:
    return text.encode(_ENCODING, "ignore").translate(_LOWER, _MARKUP + b"\xad")


def _unescaped(content: bytes) -> str:
    r"""Read \u043f, \\u043f and &#x43f; as letters."""
    escapes = content.replace(b"\\\\u", b"\\u").replace(b"&#X", b"&#x").replace(b"&#x0", b"&#x")
    return escapes.replace(b"&#x4", b"\\u04").decode("raw_unicode_escape", "ignore")


def _without_references(content: bytes) -> bytes:
    """Read &#1087; as a letter."""
    first, *parts = content.split(_DECIMAL_LETTER)
    letters = _DECIMAL_LETTERS
    return b"".join([first, *[letters.get(part[:3], b" ") + part[3:] for part in parts]]).translate(_LOWER, _MARKUP)


def _has_words(reading: bytes, common: re.Pattern[bytes]) -> bool:
    return sum(1 for _ in islice(common.finditer(reading), _COMMON_WORDS)) == _COMMON_WORDS


def _may_be_otherwise_encoded(content: bytes) -> bool:
    """Whether there is much that no reading has made words of."""
    high = content.translate(None, _ASCII)
    signs = sum((len(sign) + 1) * high.count(sign) for sign in _SIGNS)
    return len(high) - signs >= _MANY_HIGH_BYTES or len(_PERCENT_LETTER.findall(content)) >= _MANY_PERCENT_LETTERS
