"""The two articles that the project began with, as READING.md reads them by hand."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tasks.clean.page import clean_page
from tasks.extract.reader import read_article
from tasks.records import Article, RawPage, Reading
from tasks.settings import Conflict

pytestmark = pytest.mark.corpora


def read_seed(corpora: Path, name: str, conflict: Conflict) -> tuple[Article, Reading]:
    content = (corpora / "seeds" / name).read_bytes()
    article = clean_page(RawPage(name, content, "text/plain", datetime(2026, 1, 1, tzinfo=UTC)), conflict.timezone)
    return article, read_article(article, conflict)


def test_nearly_500(corpora: Path, russia_ukraine: Conflict) -> None:
    article, reading = read_seed(corpora, "000_12feb57d9368b4c1.txt", russia_ukraine)
    assert article.title == "Nearly 500 prisoners of war exchanged between Russia and Ukraine"
    assert (article.published_at, "Home / News" in article.text) == (None, False)
    (report,) = reading.reports
    assert report.returned_to == {"RUS": 248, "UKR": 230}
    assert (report.both_total, report.both_total_hedge) == (500, "nearly")
    assert (report.ordinal, report.mediators, report.swap_date) == (49, ("United Arab Emirates",), None)


def test_ninety_five_each(corpora: Path, russia_ukraine: Conflict) -> None:
    article, reading = read_seed(corpora, "003_c724bd3e9ed9e3ca.txt", russia_ukraine)
    assert (article.title, "Advertisement" in article.text) == (None, False)
    (post,) = article.posts
    assert post.text.startswith("We continue to bring our people home")
    assert post.handle == "ZelenskyyUa"
    (report,) = reading.reports
    assert report.returned_to == {"RUS": 95, "UKR": 95}
    assert (report.swap_date, report.date_basis) == (date(2024, 7, 17), "post")
    assert (report.ordinal, report.mediators, report.both_total) == (54, ("United Arab Emirates",), None)
    by_words = {figure.span.words: figure for figure in reading.figures}
    cumulative = by_words["just over 3,400 people"]
    assert (cumulative.kind, cumulative.value, cumulative.hedge, cumulative.returned_to) == (
        "cumulative",
        3400,
        "more_than",
        "UKR",
    )
    background = by_words["hundreds of prisoners of war"]
    assert (background.kind, background.value, background.refused_because) == ("previous_swap", None, "previous")
