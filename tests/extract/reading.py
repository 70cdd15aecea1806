"""A text read as one article, for tests."""

from datetime import UTC, datetime

from tasks.extract.reader import read_article
from tasks.records import Article, Reading, Report, Stamp
from tasks.settings import Conflict

PUBLISHED = datetime(2024, 7, 17, 12, tzinfo=UTC)


def article_of(
    text: str, title: str | None = None, published: datetime | None = PUBLISHED, language: str = "en"
) -> Article:
    """Make an article of a headline and a text."""
    return Article(
        article_id="a",
        page_id="p",
        url=None,
        source="test",
        file_name=None,
        language=language,
        title=title,
        published=Stamp(published, "time", "given") if published else None,
        fetched_at=PUBLISHED,
        content_sha256="0" * 64,
        text=f"{title}\n{text}" if title else text,
        text_basis="plain",
    )


def read(text: str, conflict: Conflict, title: str | None = None, published: datetime | None = PUBLISHED) -> Reading:
    """Read a text."""
    return read_article(article_of(text, title, published), conflict)


def report_of(text: str, conflict: Conflict, title: str | None = None) -> Report:
    """Read a text that has one report, and give it."""
    reading = read(text, conflict, title)
    assert len(reading.reports) == 1, reading.no_report_because
    return reading.reports[0]
