"""The extract stage as a Prefect task."""

from collections.abc import Sequence

from tasks.extract.batch import read_articles
from tasks.records import Article, Extracted
from tasks.settings import Conflict
from tasks.task import stage_task


@stage_task("extract")
def extract_batch(articles: Sequence[Article], conflict: Conflict) -> Extracted:
    """Read a batch of articles."""
    return read_articles(articles, conflict)
