"""Pages on which cleaning fails easily, each with what a careful person takes from it (traps/NAME.toml).

The expectations were written with the pages, before the program had read them. Where a page and the brief left a
choice, the choice is noted in DECISIONS.md ("Traps").
"""

import json
import tomllib
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tasks.clean.encoding import decode
from tasks.clean.html import article_text
from tasks.clean.page import clean_page
from tasks.errors import ItemError
from tasks.records import Article, RawPage
from tests.clean.cleaning import FETCHED, ZONE

FOLDER = Path(__file__).with_name("traps")
TRAPS = sorted(file.stem for file in FOLDER.glob("*.toml"))
PAGES = {file.stem: file for file in FOLDER.iterdir() if file.suffix != ".toml"}
WANTED: dict[str, dict[str, Any]] = {
    name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in TRAPS
}
REFUSED = [name for name in TRAPS if "error" in WANTED[name]]
READ = [name for name in TRAPS if "error" not in WANTED[name]]


@cache
def cleaned(name: str) -> Article:
    """Clean a trap as it would come: with the address at which it was found, if the trap has one."""
    page, url = PAGES[name], WANTED[name].get("url")
    if url and page.suffix == ".html":
        record = json.dumps({"url": url, "html": decode(page.read_bytes())}).encode()
        return clean_page(RawPage(page.name, record, "application/json", FETCHED), ZONE)
    media_type = "text/html" if page.suffix == ".html" else "text/plain"
    return clean_page(RawPage(page.name, page.read_bytes(), media_type, FETCHED), ZONE)


def body(article: Article) -> str:
    """Give the text below the headline; a page of posts alone has none of its own."""
    if article.text_basis == "posts":
        return ""
    return article.text.removeprefix(article.title or "").removeprefix("\n")


def instant(day: date | datetime | None) -> datetime | None:
    """Give a label's day as its midnight UTC, a time without a zone as one on the clock of the conflict."""
    if day is None or isinstance(day, datetime):
        return day.replace(tzinfo=day.tzinfo or ZONE) if day else None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_there_are_sixty() -> None:
    assert len(TRAPS) >= 60
    assert sorted(PAGES) == TRAPS


@pytest.mark.parametrize("name", READ)
def test_the_text_is_the_article(name: str) -> None:
    assert body(cleaned(name)).split("\n") == WANTED[name].get("text", "").strip("\n").split("\n")


@pytest.mark.parametrize("name", READ)
def test_nothing_of_the_page_leaks(name: str) -> None:
    article = cleaned(name)
    assert [piece for piece in WANTED[name].get("absent", []) if piece in article.text] == []


@pytest.mark.parametrize("name", READ)
def test_what_is_left_out_is_told(name: str) -> None:
    told = " ".join(block.text for block in cleaned(name).dropped)
    assert [piece for piece in WANTED[name].get("dropped", []) if piece not in told] == []


@pytest.mark.parametrize("name", READ)
def test_headline_language_and_time(name: str) -> None:
    article, wanted = cleaned(name), WANTED[name]
    assert article.title == wanted.get("title")
    assert article.language == wanted["language"]
    assert article.published_at == instant(wanted.get("published_at"))
    assert article.published_basis == wanted.get("published_basis")


@pytest.mark.parametrize("name", READ)
def test_posts_are_data(name: str) -> None:
    posts = [(post.platform, post.author, post.handle, post.posted_at, post.text) for post in cleaned(name).posts]
    assert posts == [
        (
            post["platform"],
            post.get("author"),
            post.get("handle"),
            instant(post.get("posted_at")),
            post.get("text", "").strip(),
        )
        for post in WANTED[name].get("posts", [])
    ]


@pytest.mark.parametrize("name", REFUSED)
def test_a_page_without_an_article_is_refused(name: str) -> None:
    with pytest.raises(ItemError) as refused:
        cleaned(name)
    assert refused.value.check == WANTED[name]["error"]


@pytest.mark.parametrize("name", [name for name in READ if PAGES[name].suffix == ".html"])
def test_the_benchmarks_text_is_what_ingest_stores(name: str) -> None:
    article = cleaned(name)
    if article.text_basis == "posts":
        return
    text = article_text(decode(PAGES[name].read_bytes()))
    assert article.text.endswith(text)
    above = article.text.removesuffix(text).strip("\n").split("\n")
    assert above[0] == (article.title or above[0])
    assert len(above) <= 2, "only the headline and its standfirst stand above the body"
