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


ARTICLE = f"<p>{STORY}</p><p>{MORE}</p>"
JULY = datetime(2024, 7, 17, tzinfo=UTC)


def bare(inside: str, head: str = "") -> str:
    """Make a page that states no time but what is inside."""
    return f"<html><head>{head}</head><body><article><h1>A headline</h1>{inside}</article></body></html>"


@pytest.mark.parametrize(
    "other",
    [
        "<p>It was the biggest exchange since 21 September 2022.</p>",
        "<figure><img src='a.jpg'><figcaption>Freed soldiers, 31 January 2022</figcaption></figure>",
        "<div class='related'>Another swap, 12 May 2023</div>",
    ],
)
def test_a_day_near_the_headline_that_is_not_the_pages(other: str) -> None:
    assert clean_html(bare(other + ARTICLE)).published is None
    shown = clean_html(bare(f"{other}<div>17 July 2024</div>{ARTICLE}")).published
    assert shown == Stamp(JULY, "day", "dateline")


@pytest.mark.parametrize(
    "other",
    [
        '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2022-09-22"}]}',
        '{"@type": "DiscussionForumPosting", "datePublished": "2022-09-22"}',
        '{"@type": "LiveBlogPosting", "liveBlogUpdate": [{"@type": "BlogPosting", "datePublished": "2022-09-22"}]}',
        '{"@type": "NewsArticle", "url": "https://wire.example/other", "datePublished": "2022-09-22"}',
    ],
)
def test_what_a_page_states_of_other_articles(other: str) -> None:
    own = '{"@type": "NewsArticle", "url": "https://wire.example/own", "datePublished": "2024-07-17"}'
    scripts = "".join(f'<script type="application/ld+json">{one}</script>' for one in (other, own))
    canonical = '<link rel="canonical" href="https://wire.example/own">'
    assert clean_html(bare(ARTICLE, canonical + scripts)).published == Stamp(JULY, "day", "json_ld")


def test_microdata_aside() -> None:
    aside = '<aside><meta itemprop="datePublished" content="2022-09-22"></aside>'
    own = '<meta itemprop="datePublished" content="2024-07-17">'
    shown = bare(own + ARTICLE).replace("<body>", f"<body>{aside}")
    assert clean_html(shown).published == Stamp(JULY, "day", "microdata")


@pytest.mark.parametrize(
    ("shown", "hour", "precision"),
    [
        ("July 17, 2024 4:05 PM", 13, "time"),
        ("July 17, 2024 4:05 p.m.", 13, "time"),
        ("July 17, 2024, 12:05 am", None, "time"),
        ("July 17, 2024 10:30 AM EDT", 14, "time"),
        ("17 July 2024, 16:05 GMT", 16, "time"),
        ("17 июля 2024, 15:00 МСК", 12, "time"),
        ("17 July 2024, 16:05", 13, "time"),
        ("17 July 2024, 16:05 NZST", 0, "day"),
        ("17 July 2024, 16:05:30", 13, "time"),
    ],
)
def test_clocks(shown: str, hour: int | None, precision: str) -> None:
    published = clean_html(bare(f"<div>{shown}</div>{ARTICLE}")).published
    assert published is not None
    assert published.precision == precision
    if hour is not None:
        assert (published.at.day, published.at.hour) == (17, hour)
    else:
        assert (published.at.day, published.at.hour) == (16, 21)


@pytest.mark.parametrize(
    ("shown", "month"),
    [("Sept. 14, 2024", 9), ("14 лип 2024", 7), ("14 июл. 2024", 7), ("14 нояб. 2024", 11), ("Jul 14, 2024", 7)],
)
def test_short_names_of_months(shown: str, month: int) -> None:
    published = clean_html(bare(f"<div>{shown}</div>{ARTICLE}")).published
    assert published == Stamp(datetime(2024, month, 14, tzinfo=UTC), "day", "dateline")


@pytest.mark.parametrize(("shown", "day"), [("17/07/2024", 17), ("03.07.2024", 3), ("03/07/2024", None)])
def test_days_in_numbers(shown: str, day: int | None) -> None:
    published = clean_text(f"A headline\n\n{shown}\n\n{STORY}\n\n{MORE}").published
    assert (published.at.day if published else None) == day


@pytest.mark.parametrize(
    "times",
    [
        '<p>Updated <time datetime="2024-07-18T10:00:00Z"></time></p>'
        '<p>Published <time datetime="2024-07-17T10:00:00Z"></time></p>',
        '<time class="updated" datetime="2024-07-18T10:00:00Z"></time><time datetime="2024-07-17T10:00:00Z"></time>',
        '<time datetime="PT3M"></time><time datetime="2024-07-17T10:00:00Z"></time>'
        '<time itemprop="dateModified" datetime="2024-07-18T10:00:00Z"></time>',
    ],
)
def test_time_elements_of_updates(times: str) -> None:
    article = clean_html(bare(times + ARTICLE))
    assert article.published == Stamp(datetime(2024, 7, 17, 10, tzinfo=UTC), "time", "time_element")
    assert article.updated is not None
    assert article.updated.at == datetime(2024, 7, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "label", ["Last update:", "Дата оновлення:", "Останнє оновлення", "Обновлена", "Отредактировано:", "Amended on"]
)
def test_labels_of_updates(label: str) -> None:
    article = clean_html(bare(f"<div>{label} 17 July 2024</div>{ARTICLE}"))
    assert (article.published, article.updated) == (None, Stamp(JULY, "day", "dateline"))


def test_an_update_early_on_the_same_day() -> None:
    head = '<meta name="date" content="2024-07-17">' + ld(dateModified="2024-07-17T01:40:00+03:00")
    assert clean_html(page("", head)).updated == Stamp(datetime(2024, 7, 16, 22, 40, tzinfo=UTC), "time", "json_ld")
    head = PUBLISHED.replace("10:00", "16:05") + ld(dateModified="2024-07-17T09:00:00+03:00")
    assert clean_html(page("", head)).updated is None
