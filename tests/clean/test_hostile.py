"""Broken and hostile pages: read as far as they go, or refused as an item; never anything else."""

import json
import time
from datetime import UTC, datetime

import pytest

from tasks.clean.moments import moment
from tasks.clean.page import clean_page
from tasks.errors import ItemError
from tasks.records import RawPage
from tests.clean.cleaning import FETCHED, STORY, ZONE, clean_html, clean_record, page

BROKEN = "http://[bad/x"


@pytest.mark.parametrize(
    "head",
    [f'<link rel="canonical" href="{BROKEN}">', f'<meta property="og:url" content="{BROKEN}">'],
)
def test_a_broken_address_of_a_page_is_none(head: str) -> None:
    article = clean_html(page("", head))
    assert (article.url, article.source) == (None, "file")


def test_a_broken_canonical_address_leaves_the_other() -> None:
    head = f'<link rel="canonical" href="{BROKEN}"><meta property="og:url" content="https://wire.example/a">'
    assert clean_html(page("", head)).url == "https://wire.example/a"


@pytest.mark.parametrize("form", [{"text": STORY}, {"html": page("")}])
def test_a_broken_address_of_a_record_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(ItemError) as refused:
        clean_record(url="http://[1/x", **form)
    assert refused.value.check == "address"


@pytest.mark.parametrize("form", [{"text": STORY}, {"html": page("")}])
def test_a_blank_address_is_none(form: dict[str, str]) -> None:
    article = clean_record(url=" ", **form)
    assert (article.url, article.source) == (None, "file")


@pytest.mark.parametrize("form", [{"text": f"{STORY} \ud83d"}, {"html": page("<p>\ud83d</p>")}])
def test_half_a_surrogate_pair_is_replaced(form: dict[str, str]) -> None:
    article = clean_record(url="https://wire.example/\ud83d", title="A \ud83d", source="\ud83d", **form)
    assert "\ufffd" in article.text
    assert (article.url, article.title, article.source) == ("https://wire.example/\ufffd", "A \ufffd", "\ufffd")
    repr(article).encode()
    article.text.encode()


def test_half_a_surrogate_pair_in_a_post_is_replaced() -> None:
    post = (
        '<blockquote class="twitter-tweet"><p>Home \ud83d</p>– Jo \ud83d (@jo) <a '
        'href="https://twitter.com/jo\ud83d/status/1">July 17, 2024</a></blockquote>'
    )
    (told,) = clean_record(html=page(post)).posts
    for said in (told.text, told.author, told.handle, told.url):
        (said or "").encode()


@pytest.mark.parametrize(("given", "known"), [("EN", "en"), ("uk", "uk"), ("Other", "other")])
def test_a_records_language(given: str, known: str) -> None:
    assert clean_record(text=STORY, language=given).language == known


@pytest.mark.parametrize("given", ["english", "e", "../en", "", "en-GB", "e1"])
def test_a_language_of_no_form_is_refused(given: str) -> None:
    with pytest.raises(ItemError) as refused:
        clean_record(text=STORY, language=given)
    assert refused.value.check == "record_form"


@pytest.mark.parametrize("nothing", ["\\u200b", "\\u200e\\u2062", " \\ufe0f "])
def test_a_headline_of_nothing_to_see_is_none(nothing: str) -> None:
    stated = f'<script type="application/ld+json">{{"@type": "Article", "headline": "{nothing}"}}</script>'
    assert clean_html(f"<head>{stated}</head><body><p>{STORY}</p></body>").title is None
    assert clean_record(text=STORY, title=json.loads(f'"{nothing}"')).title is None


def test_a_headline_of_nothing_to_see_leaves_the_other() -> None:
    head = '<meta property="og:title" content="A headline">'
    assert clean_html(f"<head>{head}</head><body><h1>\u200b</h1><p>{STORY}</p></body>").title == "A headline"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31T23:59:59Z", "1989-12-31T12:00:00Z", "2101-01-01T12:00:00Z"])
def test_a_time_out_of_all_bounds_is_none(day: str) -> None:
    head = f'<meta property="article:published_time" content="{day}">'
    assert clean_html(page("", head)).published_at is None
    for key in ("published_at", "fetched_at"):
        with pytest.raises(ItemError) as refused:
            clean_record(text=STORY, **{key: day})
        assert refused.value.check == "record_form"


@pytest.mark.parametrize(
    ("written", "hour"), [("Wed, 17 Jul 2024 09:00:00 -0000", 9), ("Wed, 17 Jul 2024 09:00:00 +0300", 6)]
)
def test_mail_times(written: str, hour: int) -> None:
    known = moment(written, ZONE)
    assert known is not None
    assert (known.at.day, known.at.hour) == (17, hour)


def test_a_record_with_a_byte_order_mark() -> None:
    content = ("\ufeff\ufeff" + json.dumps({"text": STORY})).encode()
    assert clean_page(RawPage("feed.jsonl:1", content, "application/json", FETCHED), ZONE).text == STORY


@pytest.mark.parametrize(
    "markup",
    [
        "<div><span>" * 4000 + STORY,
        "<header><div>" * 4000 + STORY,
        f"<p>{STORY}</p>" + "<form><object>x" * 4000,
        f"<p>{STORY}</p>" + "<meta name='a' content='b'>" * 20_000,
        f"<p>{STORY}</p>" + "<h1>x</h1>" * 20_000,
    ],
)
def test_a_hostile_page_takes_little_time(markup: str) -> None:
    began = time.monotonic()
    clean_html(markup)
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "markup",
    [
        '<meta property="article:published_time" content="2026-06-01"><p>{}</p>',
        '<p><time datetime="2026-06-01"></time>{}</p>',
    ],
)
def test_a_page_published_after_it_was_fetched_is_not_believed(markup: str) -> None:
    raw = RawPage("a.html", markup.format("word " * 40).encode(), "text/html", datetime(2026, 1, 1, tzinfo=UTC))
    article = clean_page(raw, ZONE)
    assert (article.published_at, article.published_basis) == (None, None)


def test_a_record_published_after_it_was_fetched_is_refused() -> None:
    record = b'{"text": "some words of an article", "published_at": "2026-06-01", "fetched_at": "2026-01-01"}'
    raw = RawPage("a.jsonl:1", record, "application/json", datetime(2026, 12, 1, tzinfo=UTC))
    with pytest.raises(ItemError, match="after it was fetched"):
        clean_page(raw, ZONE)
