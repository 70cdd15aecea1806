"""The extract stage as a Prefect task."""

from collections.abc import Sequence

from tasks.extract.reader import read_article
from tasks.records import Article, Reading
from tasks.settings import Conflict
from tasks.task import stage_task


@stage_task("extract")
def extract_batch(articles: Sequence[Article], conflict: Conflict) -> tuple[Reading, ...]:
    """Read a batch of articles."""
    return tuple(read_article(article, conflict) for article in articles)
