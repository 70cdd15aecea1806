"""The seven stages, once, in order. A scheduled run, a backfill and `swaps ingest FILE` all go through here."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from flows.artifacts import summarise
from flows.batches import batches
from flows.progress import progress
from flows.tally import Tally
from tasks.clean.task import clean_batch
from tasks.errors import NothingUsableError
from tasks.extract.task import extract_batch
from tasks.extract.version import extractor_version
from tasks.load.task import load_batch, record_run
from tasks.paths import Store
from tasks.publish.task import publish_release
from tasks.reconcile.task import reconcile_reports
from tasks.records import Found
from tasks.settings import Conflict
from tasks.validate.task import validate_batch

Item = TypeVar("Item", Path, str)
Fetch = Callable[[Sequence[Item], Store], Found]


def run_stages(items: Sequence[Item], fetch: Fetch[Item], store: Store, conflict: Conflict, tally: Tally) -> Tally:
    """Take items through all stages, batch by batch; reconcile and publish once, at the end.

    Raises NothingUsableError when there were items and none could be used; what was refused is kept and published.
    """
    with progress(tally.flow, len(items)) as advance:
        for batch in batches(items):
            _run_batch(batch, fetch, store, conflict, tally)
            advance(len(batch))
    _run_ledger(store, conflict, tally)
    summarise(tally)
    if tally.rejections and not tally.articles:
        first = tally.rejections[0]
        more = f" (and {len(tally.rejections) - 1} more; see the table rejected)" if len(tally.rejections) > 1 else ""
        raise NothingUsableError(f"nothing could be used: {first.item} {first.message}{more}")
    return tally


def _run_batch(batch: Sequence[Item], fetch: Fetch[Item], store: Store, conflict: Conflict, tally: Tally) -> None:
    already_refused = len(tally.rejections)
    with tally.working("fetch", len(batch)) as count:
        found = fetch(batch, store)
        count.items_out += len(found.pages)
        tally.refuse(count, found.rejections)
    with tally.working("clean", len(found.pages)) as count:
        cleaned = clean_batch(found.pages, conflict.timezone)
        count.items_out += len(cleaned.articles)
        tally.refuse(count, cleaned.rejections)
    with tally.working("extract", len(cleaned.articles)) as count:
        readings = extract_batch(cleaned.articles, conflict)
        count.items_out += len(readings)
    with tally.working("validate", len(readings)) as count:
        validated = validate_batch(cleaned.articles, readings, conflict)
        count.items_out += validated.article_count
        tally.refuse(count, validated.rejections)
    with tally.working("load", validated.article_count) as count:
        loaded = load_batch(store, conflict, validated.frames, tally.rejections[already_refused:], tally.run_id)
        count.items_out += loaded.new + loaded.changed
        tally.loaded += loaded


def _run_ledger(store: Store, conflict: Conflict, tally: Tally) -> None:
    with tally.working("reconcile", 0) as count:
        tally.reports, tally.swaps = reconcile_reports(store, conflict, tally.run_id)
        count.items_in, count.items_out = tally.reports, tally.swaps
    versions = (extractor_version(), version("swap-ledger"))
    record_run(store, conflict, tally.run_rows(*versions), tally.run_id)
    with tally.working("publish", tally.swaps) as count:
        tally.published = publish_release(store, conflict, tally.run_id)
        count.items_out = tally.swaps if tally.published.is_new else 0
    record_run(store, conflict, tally.run_rows(*versions), tally.run_id)
