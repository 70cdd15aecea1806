"""The seven stages, once, in order. A scheduled run, a backfill and `swaps ingest FILE` all go through here."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version

from flows.artifacts import summarise
from flows.progress import progress
from flows.tally import Tally
from tasks.clean.task import clean_batch
from tasks.errors import NothingUsableError, StoreBusyError, UnforeseenError
from tasks.extract.task import extract_batch
from tasks.extract.version import extractor_version
from tasks.load.task import load_batch, load_rejected, record_run
from tasks.paths import Store
from tasks.publish.task import publish_release
from tasks.reconcile.task import reconcile_reports
from tasks.records import UNFORESEEN, Cleaned, Found, RawPage, Rejection
from tasks.settings import Conflict
from tasks.validate.task import validate_batch
from tasks.version import reader_version

_PUBLISH_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """The unit of work: how it is fetched. done: told what was found, when it is loaded."""

    fetch: Callable[[], Found]
    done: Callable[[Found], None] | None = None


def run_stages(
    work: Generator[Batch],
    items: int,
    store: Store,
    conflict: Conflict,
    tally: Tally,
    reconciled: Callable[[], None] = lambda: None,
    *,
    publishes: bool = True,
) -> Tally:
    """Take items through all stages, batch by batch; reconcile and publish once, at the end.

    reconciled: told when the swaps are made, before they are published. publishes: False for a trial.

    Raises NothingUsableError when there were items and none could be used, and UnforeseenError when the program
    itself failed on some; in both cases what was refused is kept and published, and so is all that was good.
    """
    # Closed here, because a run that is told to end waits for its tasks before it lets go of what it was doing.
    with closing(work), progress(tally.flow, items) as advance:
        for batch in work:
            advance(_fetch_and_load(batch, store, conflict, tally))
    _reconcile_and_publish(store, conflict, tally, reconciled, publishes=publishes)
    summarise(tally)
    if tally.is_barren:
        raise NothingUsableError(f"nothing could be used: {_first(tally.rejections)}")
    if tally.unforeseen:
        raise UnforeseenError(f"the program failed on {len(tally.unforeseen)} of the items: {_first(tally.unforeseen)}")
    return tally


def _first(rejections: Sequence[Rejection]) -> str:
    more = f" (and {len(rejections) - 1} more; see the table rejected)" if len(rejections) > 1 else ""
    return f"{rejections[0].item} {rejections[0].message}{more}"


def _fetch_and_load(batch: Batch, store: Store, conflict: Conflict, tally: Tally) -> int:
    """Fetch a batch and load what it gives; give how many items of the run end with it."""
    with tally.working("fetch", 0) as count:
        found = batch.fetch()
        count.items_in += 0 if found.listings else found.finished
        count.items_out += len(found.pages)
        tally.refuse(count, found.rejections)
        tally.hear(count, found.listings)
        count.items_off_topic += found.off_topic
    if found.rejections:
        load_rejected(store, conflict, found.rejections, tally.run_id)
    if found.pages:
        _run_batch(found, store, conflict, tally)
    if batch.done is not None:
        batch.done(found)
    return found.finished


def _run_batch(found: Found, store: Store, conflict: Conflict, tally: Tally) -> None:
    pages = found.pages
    already_refused = len(tally.rejections)
    with tally.working("clean", len(pages)) as count:
        cleaned = clean_batch(pages, conflict.timezone)
        count.items_out += len(cleaned.articles)
        tally.refuse(count, cleaned.rejections)
    with tally.working("extract", len(cleaned.articles)) as count:
        extracted = extract_batch(cleaned.articles, conflict)
        count.items_out += len(extracted.readings)
        tally.refuse(count, extracted.rejections)
    with tally.working("validate", len(extracted.readings)) as count:
        validated = validate_batch(extracted.articles, extracted.readings, conflict)
        count.items_out += validated.article_count
        tally.refuse(count, validated.rejections)
    with tally.working("load", validated.article_count) as count:
        refused = tally.rejections[already_refused:]
        accepted = set(validated.frames["articles"]["article_id"])
        read = [article.content_sha256 for article in extracted.articles if article.article_id in accepted]
        replayed = _settled(pages, cleaned, read, refused) if found.is_replay else []
        loaded = load_batch(store, conflict, validated.frames, refused, read, replayed, reader_version(), tally.run_id)
        count.items_out += loaded.new + loaded.changed
        tally.loaded += loaded


def _settled(
    pages: Sequence[RawPage], cleaned: Cleaned, read: Sequence[str], refused: Sequence[Rejection]
) -> list[str]:
    """Give the contents of which every page was read, or is no article; not those on which the program failed."""
    failed = {one.item for one in refused if one.check_name == UNFORESEEN}
    unsettled = {page.content_sha256 for page in pages if page.item in failed}
    unsettled |= {article.content_sha256 for article in cleaned.articles} - set(read)
    return sorted({page.content_sha256 for page in pages} - unsettled)


def _reconcile_and_publish(
    store: Store, conflict: Conflict, tally: Tally, reconciled: Callable[[], None], *, publishes: bool
) -> None:
    """Make the swaps and publish them; again, if another run has loaded in between."""
    versions = (extractor_version(), version("swap-ledger"))
    for _ in range(_PUBLISH_ATTEMPTS):
        with tally.working("reconcile", 0) as count:
            tally.reports, tally.swaps = reconcile_reports(store, conflict, tally.run_id)
            count.items_in, count.items_out = tally.reports, tally.swaps
        reconciled()
        if not publishes:
            return
        record_run(store, conflict, tally.run_rows(*versions), tally.run_id)
        with tally.working("publish", 0) as count:
            tally.published = publish_release(store, conflict, tally.run_id)
            count.items_in = tally.swaps
            count.items_out = tally.swaps if tally.published and tally.published.is_new else 0
        if tally.published is not None:
            record_run(store, conflict, tally.run_rows(*versions), tally.run_id)
            return
    raise StoreBusyError(
        f"other runs kept loading into {store.warehouse} while this one wanted to publish; what it read is safe, "
        "and the next run publishes it"
    )
