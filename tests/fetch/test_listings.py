"""Links of a page, and messages of a Telegram channel's public pages."""

import time
from datetime import UTC, datetime

import pytest

from tasks.errors import ItemError, SettingsError
from tasks.fetch.listings import links, messages, older
from tasks.records import Listed

URL = "https://wire.example/news/"
PAGE = """<html><body><nav><a href="/about">About</a></nav><div class="list">
<a class="card" href="/news/1#comments"><img src="x.jpg"></a>
<a class="card" href="/news/1">Bridge  opens
<b>again</b></a>
<a class="card" href="2?page=1">Пором</a>
<a class="card" href="//other.example/3">Elsewhere</a>
<a class="card" href="mailto:desk@wire.example">Write</a><a class="card" href="javascript:void(0)">More</a>
<a class="card">No address</a><a class="card" href="http://[bad/x">Broken</a><a class="card" href="#top">Top</a>
</div></body></html>"""


def test_links_are_absolute_and_given_once_with_their_longest_text() -> None:
    assert [(one.url, one.title) for one in links(PAGE.encode(), URL, "a.card")] == [
        ("https://wire.example/news/1", "Bridge opens again"),
        ("https://wire.example/news/2?page=1", "Пором"),
        ("https://other.example/3", "Elsewhere"),
        ("https://wire.example/news/", "Top"),
    ]


def test_a_selector_may_name_what_the_links_stand_in() -> None:
    assert links(PAGE.encode(), URL, "div.list") == links(PAGE.encode(), URL, "a.card")


def test_a_link_without_text_has_no_title() -> None:
    (one,) = links(b'<a href="/1"><img src="x.jpg"></a>', URL, "a")
    assert one.title is None


def test_the_page_may_name_its_base() -> None:
    (one,) = links(b'<head><base href="/archive/"></head><a href="1">x</a>', URL, "a")
    assert one.url == "https://wire.example/archive/1"


@pytest.mark.parametrize("declared", ["windows-1251", "utf-8"])
def test_other_encodings_are_read_as_declared_and_utf_8_anyway(declared: str) -> None:
    page = '<meta charset="windows-1251"><a href="/1">Пором знову ходить</a>'.encode(declared)
    assert links(page, URL, "a")[0].title == "Пором знову ходить"


@pytest.mark.parametrize("content", [PAGE.encode(), b"", b"{}", b"\x89PNG\0\0"])
def test_a_selector_that_finds_nothing_says_that_the_layout_changed(content: bytes) -> None:
    with pytest.raises(ItemError, match="layout has changed") as refused:
        links(content, URL, "a.headline")
    assert refused.value.check == "layout_changed"


def test_what_is_no_selector_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="no CSS selector"):
        links(PAGE.encode(), URL, "a[[")


def test_a_deep_page_is_read_in_seconds() -> None:
    began = time.perf_counter()
    assert links(b'<a href="/1">x</a>' + b"<div>" * 50_000 + b"</div>" * 50_000, URL, "a")[0].title == "x"
    assert time.perf_counter() - began < 10


def message(number: int, text: str, extra: str = "", sent: str = "2024-07-17T12:00:00+03:00") -> str:
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message" '
        f'data-post="ferry_news/{number}">{extra}'
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>'
        f'<time class="message_video_duration">0:12</time>'
        f'<a class="tgme_widget_message_date" href="https://t.me/ferry_news/{number}">'
        f'<time datetime="{sent}">12:00</time></a>'
        "</div></div>"
    )


def test_a_message_has_its_text_its_first_line_and_its_time() -> None:
    reply = '<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">Older words</div></a>'
    (one,) = messages(message(12, "<b>Пором</b> ходить<br/><br>Щодня, <i>двічі</i>.", reply).encode(), URL)
    assert (one.url, one.title, one.description) == (
        "https://t.me/ferry_news/12",
        "Пором ходить",
        "Пором ходить\nЩодня, двічі.",
    )
    assert one.published == datetime(2024, 7, 17, 9, tzinfo=UTC)


def test_messages_without_text_are_passed_over_and_others_given_once() -> None:
    page = message(1, "") + message(2, "Two") + message(2, "Two") + message(3, "Three", sent="now")
    listed = messages(page.encode(), URL)
    assert [(one.title, one.published is None) for one in listed] == [("Two", False), ("Three", True)]
    assert messages(message(1, "").encode(), URL) == []


@pytest.mark.parametrize("content", [b"", b"<html><body>If you have Telegram, you can view it.</body></html>"])
def test_a_page_without_messages_is_refused(content: bytes) -> None:
    with pytest.raises(ItemError, match="closed or renamed") as refused:
        messages(content, URL)
    assert refused.value.check == "no_messages"


def test_older_messages_are_where_the_page_says() -> None:
    page = '<link rel="prev" href="/s/ferry_news?before=41">' + message(61, "x")
    assert older(page.encode()) == "https://t.me/s/ferry_news?before=41"
    page = message(61, "x") + '<a class="tme_messages_more" data-before="60" href="/s/ferry_news?before=60"></a>'
    assert older(page.encode()) == "https://t.me/s/ferry_news?before=60"


def test_older_messages_are_else_before_the_smallest_number() -> None:
    assert older((message(62, "x") + message(9, "y")).encode()) == "https://t.me/s/ferry_news?before=9"
    assert older(message(1, "x").encode()) is None
    assert older(b"<p>nothing</p>") is None


def test_elements_inside_others_are_searched_once() -> None:
    """Unclosed elements nest, as deep as a page is long."""
    nested = b'<article><a href="/x">short</a>' * 1500 + b'<a href="/x">a longer text</a>'
    assert links(nested, "https://wire.example/", "article") == [
        Listed("https://wire.example/x", title="a longer text")
    ]
    message = '<div class="tgme_widget_message" data-post="wire/{}"><div class="tgme_widget_message_text">text'
    (listed,) = messages("".join(message.format(number) for number in range(1, 1000)).encode(), "https://t.me/s/wire")
    assert listed.url == "https://t.me/wire/1"
