"""Answers that are no article although they look like one: walls, challenges, pages that are not there."""

import re

from tasks.records import Answer
from tasks.web.faults import FetchError
from tasks.web.unpacking import charset_in

_HEAD_BYTES = 60_000
"""A wall says what it is early."""
_CHALLENGES = (
    b"/cdn-cgi/challenge-platform/",
    b"cf-challenge",
    b"_cf_chl_opt",
    b"ddos-guard",
    b"captcha-delivery.com",
    b"_incapsula_resource",
    b"/_sec/verify",
    b"smartcaptcha",
)
_CHALLENGE_TITLES = re.compile(
    r"just a moment|attention required|checking your browser|access denied|are you (a )?(human|robot)|"
    r"проверка браузера|перевірка браузера|вы не робот|ви не робот|доступ (ограничен|обмежено|запрещ[её]н|заборонено)",
    re.IGNORECASE,
)
_CONSENT_TITLES = re.compile(
    r"^(before you (go on|continue|proceed)|(cookie|privacy) (consent|choices|settings|preferences)|"
    r"we (value|care about) your privacy|перш ніж продовжити|прежде чем продолжить|zustimmung)",
    re.IGNORECASE,
)
_CONSENT_PARTS = (b"privacy-mgmt.com", b"consent.google", b"consent.yahoo", b"guce.", b"cmp.")
_MISSING_TITLES = re.compile(
    r"\b404\b|(page|article|document) (was |is )?(not|cannot be) found|no such page|"
    r"(сторінк[уа]|матеріал|новину) не (знайдено|існує)|(страниц[аы]|материал|новость) не (найден[аоы]?|существует)",
    re.IGNORECASE,
)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,500})</title>", re.IGNORECASE)
_HEADING = re.compile(rb"<h1[^>]{0,500}>([^<]{0,500})</h1>", re.IGNORECASE)
_PARAGRAPH = re.compile(rb"<p[\s>]", re.IGNORECASE)
_AN_ARTICLE = 4
"""Paragraphs from which on a page is no wall: walls are short, and some articles are about robots or cookies."""
_HTML = ("text/html", "application/xhtml+xml", "text/plain", "")
_ASK_LATER = (408, 425, 429, 500, 502, 503, 504)


def status_fault(answer: Answer, wait_s: float | None) -> FetchError | None:
    """Say what is wrong with an answer by its status; None for what can be used."""
    if answer.status in (200, 203, 304):
        return None
    if is_challenge(answer):
        return _challenged()
    told = f"{answer.status} {answer.reason}".strip()
    if answer.status == 429:
        return FetchError(
            "too_many_requests", f"answers {told}; it is left in peace for now", may_pass=True, wait_s=wait_s
        )
    if answer.status in _ASK_LATER:
        return FetchError("server_error", f"answers {told}; it is asked again", may_pass=True, wait_s=wait_s)
    if answer.status in (404, 410):
        return FetchError("not_there", f"answers {told}; correct the address if it is a declared one")
    return FetchError("refused", f"answers {told}; look at the page in a browser")


def list_fault(answer: Answer) -> FetchError | None:
    """Say why an answer cannot be a list of articles; None for what may be one."""
    if not answer.content.strip():
        return FetchError("empty_body", "answers with nothing at all; look at the address in a browser", may_pass=True)
    return _challenged() if is_challenge(answer) else None


def page_fault(answer: Answer) -> FetchError | None:
    """Say why an answer cannot be an article; None for what may be one."""
    fault = list_fault(answer)
    if fault is not None:
        return fault
    media_type = media_type_of(answer)
    if media_type not in _HTML:
        return FetchError("not_html", f"is {media_type}, no web page; it is left out")
    if _is_long(answer.content):
        return None
    names = [_text_of(found[1], answer) for found in _names(answer.content)]
    if any(map(_CONSENT_TITLES.search, names)) or any(part in answer.url.encode() for part in _CONSENT_PARTS):
        return FetchError("consent_wall", "asks for consent instead of showing the article; look at it in a browser")
    if any(map(_MISSING_TITLES.search, names)):
        return FetchError("soft_404", "says that there is no such page, although with status 200; it is left out")
    return None


def is_challenge(answer: Answer) -> bool:
    """Whether an answer keeps programs out instead of answering."""
    if answer.header("cf-mitigated") == "challenge":
        return True
    head = answer.content[:_HEAD_BYTES]
    if _is_long(head):
        return False
    names = (_text_of(found[1], answer) for found in _names(head))
    return any(part in head.lower() for part in _CHALLENGES) or any(map(_CHALLENGE_TITLES.search, names))


def media_type_of(answer: Answer) -> str:
    """Give the media type that the server told, in lower case; empty if it told none."""
    return (answer.header("Content-Type") or "").partition(";")[0].strip().lower()


def charset_of(answer: Answer) -> str | None:
    """Give the encoding that the server told."""
    return charset_in(answer.header("Content-Type") or "")


def _text_of(part: bytes, answer: Answer) -> str:
    """Read a few words of an answer, in the encoding that the server told, or else as UTF-8 or cp1251."""
    for encoding in (charset_of(answer), "utf-8"):
        try:
            return part.decode(encoding or "utf-8").strip()
        except (LookupError, UnicodeError):
            continue
    return part.decode("cp1251", "replace").strip()


def _is_long(content: bytes) -> bool:
    return len(_PARAGRAPH.findall(content)) >= _AN_ARTICLE


def _names(content: bytes) -> list[re.Match[bytes]]:
    found = (pattern.search(content[:_HEAD_BYTES]) for pattern in (_TITLE, _HEADING))
    return [match for match in found if match]


def _challenged() -> FetchError:
    return FetchError("challenge", "keeps programs out with a challenge; ask the site for access, or switch it off")
