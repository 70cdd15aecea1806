"""The publish stage as a Prefect task."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from tasks.paths import Store
from tasks.publish.difference import difference
from tasks.publish.release import current_release, publish, release_file, release_id
from tasks.records import Difference, Published
from tasks.settings import Conflict
from tasks.task import stage_task
from tasks.writing import writing

__all__ = ["compare", "current_release", "publish_release", "release_file", "release_id"]

_log = logging.getLogger("swaps.publish")


@stage_task("publish", retried=True)
def publish_release(store: Store, conflict: Conflict, run_id: str) -> Published | None:
    """Publish the warehouse if it differs from what is public; None when its swaps must be made again first."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        return publish(warehouse, store, conflict.parties, datetime.now(UTC), run_id)


@stage_task("compare", retried=True)
def compare(store: Store, conflict: Conflict, release: Path | None, run_id: str) -> Difference:
    """Say what is new, changed and withdrawn in the warehouse since a release; if it is gone, since the public one.

    release: None if nothing was public then, so that all is new.
    """
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        base = release if release is None or release.exists() else current_release(store)
        return difference(warehouse, base, conflict.parties)
