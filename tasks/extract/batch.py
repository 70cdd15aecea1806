"""A batch of articles to readings; an article on which the reader fails becomes a rejection."""

from collections.abc import Iterable

from tasks.errors import SettingsError
from tasks.extract.reader import read_article
from tasks.records import Article, Extracted, Reading, Rejection, unforeseen
from tasks.settings import Conflict


def read_articles(articles: Iterable[Article], conflict: Conflict) -> Extracted:
    """Read articles one by one. Raises SettingsError when the rules cannot be used: that costs all, not one."""
    read: list[Article] = []
    readings: list[Reading] = []
    rejections: list[Rejection] = []
    for article in articles:
        try:
            readings.append(read_article(article, conflict))
            read.append(article)
        except SettingsError:
            raise
        except Exception as wrong:  # noqa: BLE001 - kept as a rejection, which fails the run after all others are loaded
            rejections.append(unforeseen("extract", article.url or article.file_name or article.article_id, wrong))
    return Extracted(tuple(read), tuple(readings), tuple(rejections))
