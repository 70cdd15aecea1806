"""The ordinary news that the bench times is what it says: without any exchange, and the same in every run."""

from tasks.extract.reader import read_article
from tasks.settings import Conflict
from tests.bench.ordinary import ordinary_articles


def test_ordinary_news_tells_of_no_exchange(russia_ukraine: Conflict) -> None:
    articles = ordinary_articles(30)
    assert {read_article(article, russia_ukraine).no_report_because for article in articles} == {"irrelevant"}


def test_ordinary_news_is_the_same_in_every_run() -> None:
    assert ordinary_articles(3) == ordinary_articles(3)
    assert len({article.text for article in ordinary_articles(30)}) == 30
