"""Layouts that a source declares: the page is reduced to them, and a site that changed is told."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tasks.clean.batch import clean_pages
from tasks.clean.page import clean_page
from tasks.errors import ItemError
from tasks.records import RawPage
from tasks.sources import Layout
from tests.clean.cleaning import MORE, STORY, ZONE
from tests.fetch.asking import a_source, feed

PAGE = f"""<html><head><title>x</title><meta property="article:published_time" content="2024-07-17T10:00:00Z"></head>
<body><div class="top"><p>Swap 60 captives each, said a reader who was asked about it by the paper.</p></div>
<h1>A headline</h1><div class="story"><p>{STORY}</p><div class="odd"><p>Another 75 captives were freed, and this is a
sentence of a box that looks like the story itself.</p></div><p>{MORE}</p></div></body></html>"""
RAW = RawPage("x", PAGE.encode(), "text/html", datetime(2024, 7, 18, tzinfo=UTC), url="https://wire.example/1")


def test_a_page_is_what_its_layout_says() -> None:
    article = clean_page(RAW, ZONE, Layout(article="div.story", drop=("div.odd",)))
    assert article.text == f"A headline\n{STORY}\n{MORE}"
    assert article.published_basis == "meta"


def test_a_site_that_changed_is_told() -> None:
    with pytest.raises(ItemError) as wrong:
        clean_page(RAW, ZONE, Layout(article="div.article-body"))
    assert wrong.value.check == "layout_changed"


def test_the_layout_of_the_day_of_fetching_holds() -> None:
    old = {"article": "div.gone", "until": date(2024, 7, 17)}
    source = a_source(feed("https://wire.example/feed"), layouts=[old, {"article": "div.story"}])
    page = replace(RAW, source="wire-en")
    assert [one.check_name for one in clean_pages([page], ZONE, [source]).rejections] == []
    earlier = replace(page, fetched_at=datetime(2024, 7, 17, tzinfo=UTC))
    assert [one.check_name for one in clean_pages([earlier], ZONE, [source]).rejections] == ["layout_changed"]


def test_an_article_from_a_file_bears_the_name_of_its_source() -> None:
    source = a_source(feed("https://wire.example/feed"))
    (article,) = clean_pages([RAW], ZONE, [source]).articles
    assert article.source == "wire-en"
    (other,) = clean_pages([replace(RAW, url="https://other.example/1")], ZONE, [source]).articles
    assert other.source == "other.example"


def test_what_a_page_states_outside_its_layout_counts() -> None:
    stated = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-07-16"}</script>'
    moved = PAGE.replace("<head>", "<head><x>").replace('<meta property="article:published_time"', "<meta name='x'")
    raw = replace(RAW, content=moved.replace("</body>", f"{stated}</body>").encode())
    article = clean_page(raw, ZONE, Layout(article="div.story"))
    assert (article.published_basis, article.title) == ("json_ld", "A headline")


def test_a_layout_that_drops_its_article_is_told() -> None:
    with pytest.raises(ItemError) as wrong:
        clean_page(RAW, ZONE, Layout(article="div.story", drop=("div",)))
    assert wrong.value.check == "layout_changed"


def test_the_headline_nearest_above_the_article() -> None:
    logo = RAW.content.replace(b"<body>", b"<body><h1>The Wire</h1>")
    assert clean_page(replace(RAW, content=logo), ZONE, Layout(article="div.story")).title == "A headline"
