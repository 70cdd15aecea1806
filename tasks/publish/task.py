"""The publish stage as a Prefect task."""

import logging
from datetime import UTC, datetime

from tasks.paths import Store
from tasks.publish.release import publish
from tasks.records import Published
from tasks.settings import Conflict, lock_timeout_s
from tasks.task import stage_task
from tasks.warehouse import writer

_log = logging.getLogger("swaps.publish")


@stage_task("publish", retried=True)
def publish_release(store: Store, conflict: Conflict, run_id: str) -> Published | None:
    """Publish the warehouse if it differs from what is public; None when its swaps must be made again first."""
    with writer(store, conflict.parties, f"run {run_id}", lock_timeout_s(), _log.warning) as warehouse:
        return publish(warehouse, store, conflict.parties, datetime.now(UTC), run_id)
