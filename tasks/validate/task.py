"""The validate stage as a Prefect task."""

from collections.abc import Sequence

from tasks.records import Article, Reading
from tasks.settings import Conflict
from tasks.task import stage_task
from tasks.validate.split import Validated, validate


@stage_task("validate")
def validate_batch(articles: Sequence[Article], readings: Sequence[Reading], conflict: Conflict) -> Validated:
    """Check a batch of articles and their readings."""
    return validate(articles, readings, conflict)
