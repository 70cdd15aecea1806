"""Records for tests: a right article and a right reading of it, to be varied."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tasks.records import Article, Evidence, Figure, Reading, Report, Span, Stamp, short_hash

PUBLISHED = datetime(2024, 7, 17, 12, tzinfo=UTC)
TEXT = "Kyiv and Moscow trade captives\nUkraine and Russia exchanged 95 prisoners of war each on Wednesday."


def an_article(**changes: Any) -> Article:
    text = changes.get("text", TEXT)
    url = changes.get("url", "https://wire.example/2024/07/17/exchange")
    made = Article(
        article_id=short_hash(url, text),
        page_id=short_hash(url),
        url=url,
        source="wire.example",
        file_name="a.html",
        language="en",
        title=text.split("\n")[0],
        published=Stamp(PUBLISHED, "time", "meta"),
        fetched_at=PUBLISHED,
        content_sha256="0" * 64,
        text=text,
        text_basis="own",
    )
    return replace(made, **changes)


def span_of(article: Article, words: str) -> Span:
    start = article.text.index(words)
    return Span(None, start, start + len(words), words)


def a_reading(
    article: Article,
    count: int = 95,
    day: date | None = date(2024, 7, 17),
    words: str = "95 prisoners of war each",
    ordinal: int | None = None,
) -> Reading:
    """Read `count` each from `words`, as the reader would."""
    span = span_of(article, words)
    figure = Figure(
        short_hash(article.article_id, span.start),
        1,
        "each_side",
        "BOTH",
        "all",
        count,
        count,
        count,
        "exact",
        None,
        span,
        "by_hand",
        None,
    )
    evidence = [
        Evidence(measure, party, figure.figure_id, span, "by_hand")
        for measure in ("returned_to", "hedge")
        for party in ("UKR", "RUS")
    ]
    evidence += [Evidence(measure, None, None, span, "by_hand") for measure in ("swap_date", "date_basis") if day]
    evidence += [Evidence("ordinal", None, None, span, "by_hand")] if ordinal else []
    report = Report(
        1,
        day,
        "weekday" if day else None,
        {"UKR": count, "RUS": count},
        {},
        {},
        {"UKR": "exact", "RUS": "exact"},
        {},
        None,
        None,
        ordinal,
        (),
        {},
        (),
        tuple(evidence),
    )
    return Reading(article.article_id, "reader-1", (figure,), (report,))
