"""The clean stage: a raw page in, an article out."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tasks.addresses import canonical, host, identity, own_address, parts_of
from tasks.clean.agency import agency_of
from tasks.clean.draft import Draft, finished
from tasks.clean.encoding import decode
from tasks.clean.html import read_html
from tasks.clean.language import language_of
from tasks.clean.metadata import Metadata
from tasks.clean.moments import Moment, moment
from tasks.clean.plain import read_text
from tasks.clean.text import encodable, headline_of
from tasks.errors import ItemError
from tasks.records import Article, RawPage, Stamp, short_hash

if TYPE_CHECKING:
    from tasks.sources import Layout

_CLOCKS_DIFFER = timedelta(days=1)
_RECORD_KEYS = {
    "url": str,
    "text": str,
    "html": str,
    "title": str,
    "published_at": str,
    "fetched_at": str,
    "source": str,
    "language": str,
}
_NONE_IF_BLANK = ("url", "title", "source")
_LANGUAGE = re.compile(r"[a-z]{2}|other")


def clean_page(page: RawPage, zone: ZoneInfo, layout: "Layout | None" = None) -> Article:
    """Clean one page. Raises ItemError, with the check that failed, when it is no article.

    layout: where the article stands, for sites that need to be told.
    """
    markup = decode(page.content, page.charset)
    if page.media_type == "application/json":
        return _clean_record(page, _record(markup), zone)
    is_html = page.media_type == "text/html"
    draft = read_html(markup, zone, page.url, layout) if is_html else read_text(markup, zone, url=page.url)
    return _article(page, finished(draft), {"url": page.url} if page.url else {})


def _record(line: str) -> dict[str, str]:
    """Read a JSON record and check its keys and their types."""
    try:
        record = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError) as wrong:
        raise ItemError("json", f"is not JSON: {wrong}; mend the record") from wrong
    if not isinstance(record, dict):
        raise ItemError(
            "record_form", f"is a JSON {type(record).__name__}; a record is an object with url and text or html"
        )
    record = {key: value for key, value in record.items() if value is not None}
    wrong_keys = [key for key in record if not isinstance(record[key], _RECORD_KEYS.get(key, ()))]
    if wrong_keys:
        raise ItemError(
            "record_form",
            f"has {', '.join(map(repr, wrong_keys))}, which is unknown or no text; a record "
            f"has the texts {', '.join(_RECORD_KEYS)}",
        )
    if ("text" in record) == ("html" in record):
        raise ItemError("record_form", "must have either text or html")
    return _checked({key: encodable(value) for key, value in record.items()})


def _checked(record: dict[str, str]) -> dict[str, str]:
    """Check a record's address and language; a blank address, headline or source counts as none."""
    record = {key: value for key, value in record.items() if key not in _NONE_IF_BLANK or headline_of(value)}
    if "url" in record and parts_of(record["url"]) is None:
        raise ItemError("address", f"has the url {record['url']!r}, which is no address; mend it or leave it out")
    if "language" in record:
        record["language"] = record["language"].strip().lower()
        if not _LANGUAGE.fullmatch(record["language"]):
            raise ItemError(
                "record_form", f"has language {record['language']!r}; write two letters as in 'en', or 'other'"
            )
    return record


def _clean_record(page: RawPage, record: dict[str, str], zone: ZoneInfo) -> Article:
    url = record.get("url")
    draft = (
        read_html(record["html"], zone, url)
        if "html" in record
        else read_text(record["text"], zone, record.get("title"), url)
    )
    published, fetched = (_given_moment(record, key, zone) for key in ("published_at", "fetched_at"))
    if "title" in record:
        draft.title = headline_of(record["title"])
    ready = finished(draft)
    fetched_at = fetched.at if fetched else page.fetched_at
    if published:
        if _is_ahead(published.on("given"), fetched_at):
            raise ItemError(
                "record_form", f"has published_at {record['published_at']!r}, after it was fetched; mend it"
            )
        ready = replace(ready, metadata=replace(ready.metadata, published=published.on("given")))
    seen_at = fetched.at if fetched else page.last_seen_at
    return _article(replace(page, fetched_at=fetched_at, last_seen_at=seen_at), ready, record)


def _given_moment(record: dict[str, str], key: str, zone: ZoneInfo) -> Moment | None:
    if key not in record:
        return None
    known = moment(record[key], zone)
    if known is None:
        raise ItemError(
            "record_form",
            f"has {key} {record[key]!r}, which is no time of 1990 to 2100; write it like 2024-07-17T09:00:00Z",
        )
    return known


def _is_ahead(stamp: Stamp | None, fetched_at: datetime) -> bool:
    """Whether a time cannot be right, because the page was fetched before it; clocks may differ a day."""
    return stamp is not None and stamp.at > fetched_at + _CLOCKS_DIFFER


def _last_change(known: Metadata, fetched_at: datetime) -> Stamp | None:
    """Take the time of the last change, unless it cannot be right: on a day before the publication, or ahead."""
    is_before = False
    if known.published and known.updated:
        is_day = "day" in (known.published.precision, known.updated.precision)
        is_before = known.updated.at < known.published.at - (_CLOCKS_DIFFER if is_day else timedelta(0))
    return None if is_before or _is_ahead(known.updated, fetched_at) else known.updated


def _article(page: RawPage, draft: Draft, given: dict[str, Any]) -> Article:
    text = "\n".join(line for line in (draft.title, draft.standfirst, *draft.paragraphs) if line)
    if not text and draft.posts:
        text = draft.posts[0].text
    is_empty_page = draft.basis is not None and not draft.paragraphs and not draft.standfirst and not draft.posts
    if headline_of(text) is None or is_empty_page:
        raise ItemError(
            "has_article", "has no article in it (a list, a video, a paywall?); save the article's own page"
        )
    known = draft.metadata
    if _is_ahead(known.published, page.fetched_at):
        known = replace(known, published=None)
    url = canonical(own_address(given.get("url"), known.url))
    address = identity(url) or url or f"{page.media_type}:{page.content_sha256}"
    return Article(
        article_id=short_hash(address, text, *(post.text for post in draft.posts)),
        page_id=short_hash(address),
        url=url,
        source=given.get("source") or page.source or host(url) or "file",
        file_name=encodable(page.file_name) if page.file_name else None,
        language=given.get("language") or language_of(text),
        title=draft.title,
        published=known.published,
        fetched_at=page.fetched_at.astimezone(UTC),
        content_sha256=page.content_sha256,
        text=text,
        text_basis=draft.basis or "plain",
        updated=_last_change(known, page.fetched_at),
        agency=agency_of(known.credited, next(iter(draft.paragraphs), ""), known.outlet, url),
        last_seen_at=page.last_seen_at.astimezone(UTC) if page.last_seen_at else None,
        posts=tuple(draft.posts),
        dropped=tuple(draft.dropped),
    )
