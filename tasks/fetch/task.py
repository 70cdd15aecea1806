"""The fetch stage as Prefect tasks."""

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from tasks.fetch import archive
from tasks.fetch.readers import list_files, read_files
from tasks.fetch.window import known_pages, pages_in_window
from tasks.paths import Store
from tasks.records import Found
from tasks.settings import Conflict, lock_timeout_s
from tasks.task import stage_task
from tasks.warehouse import guarded, writer

_log = logging.getLogger("swaps.fetch")


@stage_task("find files")
def find_files(paths: Sequence[Path], *, may_be_empty: bool) -> list[Path]:
    """List the files that the paths stand for."""
    return list_files(paths, may_be_empty=may_be_empty)


@stage_task("fetch", retried=True)
def fetch_files(files: Sequence[Path], store: Store) -> Found:
    """Read a batch of files into raw pages, and archive them."""
    found = read_files(files, sys.stdin.buffer, datetime.now(UTC))
    with guarded(store):
        archive.keep(store.archive, found.pages)
    return found


@stage_task("find archived", retried=True)
def find_archived(
    store: Store, conflict: Conflict, first: date, last: date, sources: list[str] | None, run_id: str
) -> list[str]:
    """List the archived pages of a window, by the hash of their content."""
    with writer(store, conflict.parties, f"run {run_id}", lock_timeout_s(), _log.warning) as warehouse:
        known = known_pages(warehouse)
    return pages_in_window(archive.index(store.archive), known, first, last, sources, conflict.timezone)


@stage_task("replay", retried=True)
def replay_pages(content_hashes: Sequence[str], store: Store) -> Found:
    """Give a batch of archived pages back as they came."""
    return Found(tuple(archive.replay(store.archive, content) for content in content_hashes), ())
