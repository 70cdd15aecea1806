"""The clean stage as a Prefect task."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tasks.clean.batch import clean_pages
from tasks.records import Cleaned, RawPage
from tasks.sources import declared_sources
from tasks.task import stage_task


@stage_task("clean")
def clean_batch(pages: Sequence[RawPage], zone: ZoneInfo) -> Cleaned:
    """Clean a batch of raw pages."""
    return clean_pages(pages, zone, declared_sources())
