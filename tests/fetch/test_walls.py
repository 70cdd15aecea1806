"""What is no article although it looks like one, and what is one although it does not."""

from datetime import UTC, datetime

import pytest

from tasks.fetch.walls import charset_of, page_fault, status_fault
from tasks.records import Answer

STORY = "<p>Ukraine and Russia exchanged 95 prisoners of war each.</p>"


def answer(content: str, status: int = 200, **headers: str) -> Answer:
    fields = {"Content-Type": "text/html; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}
    body = content.encode()
    at = datetime(2024, 7, 17, tzinfo=UTC)
    return Answer("https://wire.example/1", at, (), status, "", tuple(fields.items()), body, body)


@pytest.mark.parametrize(
    ("content", "check"),
    [
        ("<title>Just a moment...</title><p>Checking</p>", "challenge"),
        ("<title>Доступ ограничен</title>", "challenge"),
        ("<title>x</title><script src='/cdn-cgi/challenge-platform/x.js'></script>", "challenge"),
        ("<title>Before you continue to the news</title><p>cookies</p>", "consent_wall"),
        ("<h1>We value your privacy</h1>", "consent_wall"),
        ("<title>404 - wire</title>", "soft_404"),
        ("<title>wire</title><h1>Сторінку не знайдено</h1>", "soft_404"),
        ("<title>Страница не найдена | Вести</title>", "soft_404"),
        ("   \n", "empty_body"),
        (f"<title>95 home</title>{STORY}", None),
        (f"<title>Soldiers not found for a year are home</title>{STORY}", None),
        (f"<title>Page not found: a poet's notebook from captivity</title>{STORY * 4}", None),
        (f"<title>Just a moment of silence for the fallen</title>{STORY * 4}", None),
    ],
)
def test_pages(content: str, check: str | None) -> None:
    fault = page_fault(answer(content))
    assert (fault.check if fault else None) == check


def test_what_is_no_web_page() -> None:
    fault = page_fault(answer("%PDF-1.4", Content_Type="application/pdf"))
    assert fault is not None
    assert fault.check == "not_html"


@pytest.mark.parametrize(
    ("status", "check", "may_pass"),
    [
        (200, None, False),
        (304, None, False),
        (404, "not_there", False),
        (410, "not_there", False),
        (403, "refused", False),
        (429, "too_many_requests", True),
        (500, "server_error", True),
        (503, "server_error", True),
        (204, "refused", False),
    ],
)
def test_statuses(status: int, check: str | None, *, may_pass: bool) -> None:
    fault = status_fault(answer(STORY, status), None)
    assert (fault.check if fault else None, bool(fault and fault.may_pass)) == (check, may_pass)


def test_a_challenge_is_told_from_a_refusal() -> None:
    fault = status_fault(answer("<title>Just a moment...</title>", 403), None)
    assert fault is not None
    assert fault.check == "challenge"


def test_the_charset_that_a_server_tells() -> None:
    assert charset_of(answer("", Content_Type='text/html; Charset="windows-1251"')) == "windows-1251"
    assert charset_of(answer("", Content_Type="text/html")) is None
