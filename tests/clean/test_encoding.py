"""Bytes become the text they are, whatever they say of themselves."""

import codecs
import random

import pytest

from tasks.clean.encoding import decode
from tasks.errors import ItemError

RUSSIAN = (
    "Россия и Украина обменялись пленными по формуле «90 на 90». Российская сторона вернула из плена 90 военных, "
    "Киеву передано такое же число украинских военнослужащих. Об этом говорится в сообщении министерства обороны. "
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_and_utf_8(encoding: str) -> None:
    assert decode(RUSSIAN.encode(encoding)) == RUSSIAN


def test_cp1251_without_a_declaration() -> None:
    assert decode((RUSSIAN * 5).encode("cp1251")) == RUSSIAN * 5


def test_a_declared_charset() -> None:
    markup = f'<meta charset="windows-1251"><p>{RUSSIAN}</p>'
    assert decode(markup.encode("cp1251")) == markup


def test_a_lying_charset() -> None:
    markup = f'<meta charset="windows-1251"><p>{RUSSIAN}</p>'
    assert decode(markup.encode()) == markup


def test_an_unknown_charset_is_no_reason_to_fail() -> None:
    markup = f'<meta charset="no-such-thing"><p>{RUSSIAN}</p>'
    assert decode(markup.encode()) == markup


def test_line_ends_and_nul() -> None:
    assert decode(b"one\r\ntwo\rth\x00ree") == "one\ntwo\nthree"


def test_a_broken_text_with_a_mark_is_refused() -> None:
    with pytest.raises(ItemError, match="no encoding"):
        decode(codecs.BOM_UTF8 + b"\xff\xfe\xff")


def test_one_broken_byte_does_not_make_a_page_another_encoding() -> None:
    broken = RUSSIAN.encode() + b"\xff" + (RUSSIAN * 4).encode()
    assert decode(broken).replace("\ufffd", "") == RUSSIAN * 5


@pytest.mark.parametrize("declared", ["", "undefined", "base64", "punycode"])
def test_bytes_that_are_text_in_no_encoding_are_refused(declared: str) -> None:
    noise = bytes(random.Random(7).randrange(128, 256) for _ in range(500))
    with pytest.raises(ItemError, match="no encoding") as refused:
        decode(f'<meta charset="{declared}">'.encode() + noise if declared else noise)
    assert refused.value.check == "decodable"


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "windows-1250", "koi8-r"])
def test_cyrillic_that_declares_another_encoding(declared: str) -> None:
    text = "Росія та Україна обміняли по 95 полонених, повідомили у середу в обох столицях. " * 8
    page = f'<html><head><meta charset="{declared}"></head><body><p>{text}</p></body></html>'
    assert text.strip() in decode(page.encode("cp1251"))


def test_western_text_that_declares_its_encoding() -> None:
    text = "Les prisonniers ont été échangés mercredi à la frontière, a précisé le président élu. " * 8
    page = f'<html><head><meta charset="iso-8859-1"></head><body><p>{text}</p></body></html>'
    assert text.strip() in decode(page.encode("cp1252"))
