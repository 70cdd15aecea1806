"""Bytes cleaned as one page, for tests."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tasks.clean.page import clean_page
from tasks.records import Article, RawPage

ZONE = ZoneInfo("Europe/Kyiv")
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
STORY = "Ukraine and Russia exchanged 95 prisoners of war each on Wednesday, officials in both countries said."
MORE = "The men were taken to hospitals near the border, where doctors and their families had been waiting for them."


def clean_html(markup: str | bytes) -> Article:
    """Clean a page of markup."""
    content = markup if isinstance(markup, bytes) else markup.encode()
    return clean_page(RawPage("page.html", content, "text/html", FETCHED), ZONE)


def clean_text(text: str | bytes) -> Article:
    """Clean a plain text."""
    content = text if isinstance(text, bytes) else text.encode()
    return clean_page(RawPage("page.txt", content, "text/plain", FETCHED), ZONE)


def clean_record(**record: object) -> Article:
    """Clean a record of the jsonl form."""
    return clean_page(RawPage("feed.jsonl:1", json.dumps(record).encode(), "application/json", FETCHED), ZONE)


def page(body: str, head: str = "") -> str:
    """Make a page with a headline and two paragraphs around `body`."""
    return (
        f"<html><head><title>Site</title>{head}</head><body><article><h1>A headline</h1><p>{STORY}</p>{body}"
        f"<p>{MORE}</p></article></body></html>"
    )
