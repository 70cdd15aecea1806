"""The time of the last change, and how precisely each time is known."""

from datetime import UTC, datetime

import pytest

from tasks.records import Stamp
from tests.clean.cleaning import FETCHED, MORE, STORY, clean_html, clean_record, clean_text, page

PUBLISHED = '<meta property="article:published_time" content="2024-07-17T10:00:00+03:00">'
EVENING = datetime(2024, 7, 17, 18, 30, tzinfo=UTC)


def ld(**stated: str) -> str:
    members = ", ".join(f'"{key}": "{value}"' for key, value in {"@type": "NewsArticle", **stated}.items())
    return f'<script type="application/ld+json">{{{members}}}</script>'


@pytest.mark.parametrize(
    ("markup", "basis"),
    [
        (ld(dateModified="2024-07-17T21:30:00+03:00"), "json_ld"),
        ('<meta property="article:modified_time" content="2024-07-17T18:30:00Z">', "meta"),
        ('<meta property="og:updated_time" content="2024-07-17T21:30:00+03:00">', "meta"),
        ('<meta name="last-modified" content="Wed, 17 Jul 2024 18:30:00 GMT">', "meta"),
        ('<meta itemprop="dateModified" content="2024-07-17T18:30:00Z">', "microdata"),
    ],
)
def test_the_last_change_as_pages_state_it(markup: str, basis: str) -> None:
    assert clean_html(page("", PUBLISHED + markup)).updated == Stamp(EVENING, "time", basis)


def test_the_first_basis_of_a_change_that_can_be_read() -> None:
    meta = '<meta property="article:modified_time" content="2024-07-17T18:30:00Z">'
    assert clean_html(page("", meta + ld(dateModified="yesterday"))).updated == Stamp(EVENING, "time", "meta")


@pytest.mark.parametrize(
    "line",
    [
        "Updated: July 17, 2024, 21:30",
        "Published 17 July 2024, 09:00 | Last updated 17 July 2024, 21:30",
        "17.07.2024, 09:00. Оновлено: 17.07.2024 21:30",
        "Опубликовано: 17 июля 2024, 09:00 / Обновлено: 17 июля 2024, 21:30",
    ],
)
def test_the_last_change_as_pages_show_it(line: str) -> None:
    shown = f"<html><body><article><h1>A headline</h1><div>{line}</div><p>{STORY}</p><p>{MORE}</p></article></body>"
    article = clean_html(shown)
    assert article.updated == Stamp(EVENING, "time", "dateline")
    morning = Stamp(datetime(2024, 7, 17, 6, tzinfo=UTC), "time", "dateline")
    assert article.published == (None if line.startswith("Updated") else morning)


def test_the_last_change_in_a_plain_text() -> None:
    text = f"A headline\n\nPublished: July 16, 2024 Updated: July 17, 2024, 21:30\n\n{STORY}\n\n{MORE}"
    article = clean_text(text)
    assert article.updated == Stamp(EVENING, "time", "dateline")
    assert article.published == Stamp(datetime(2024, 7, 16, tzinfo=UTC), "day", "dateline")


def test_no_change_is_told() -> None:
    assert clean_html(page("", PUBLISHED)).updated is None


@pytest.mark.parametrize("changed", ["2024-07-16T23:00:00Z", "2027-01-01T00:00:00Z"])
def test_a_change_before_the_publication_or_after_the_fetch_is_none(changed: str) -> None:
    assert datetime(2026, 12, 31, tzinfo=UTC) > FETCHED
    article = clean_html(page("", PUBLISHED + ld(dateModified=changed)))
    assert (article.updated, article.published_basis) == (None, "meta")


@pytest.mark.parametrize(
    ("head", "precision"),
    [
        (PUBLISHED, "time"),
        ('<meta name="date" content="2024-07-17">', "day"),
        ('<link rel="canonical" href="https://wire.example/2024/07/17/exchange">', "day"),
    ],
)
def test_how_precisely_the_publication_is_known(head: str, precision: str) -> None:
    article = clean_html(page("", head))
    assert article.published is not None
    assert article.published.precision == precision


def test_a_post_tells_a_day_and_a_message_a_time() -> None:
    tweet = '<blockquote class="twitter-tweet"><p>95 of ours are home.</p>&mdash; Jane (@jane) {}</blockquote>'
    assert clean_html(page(tweet.format("July 17, 2024"))).published == Stamp(
        datetime(2024, 7, 17, tzinfo=UTC), "day", "post"
    )


def test_a_record_gives_a_day() -> None:
    article = clean_record(url="https://wire.example/x", text=STORY, published_at="2024-07-17")
    assert article.published == Stamp(datetime(2024, 7, 17, tzinfo=UTC), "day", "given")
