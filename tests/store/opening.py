"""Open a store in tests."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from tasks.load.upsert import load, load_rejections
from tasks.paths import Store
from tasks.publish.release import publish
from tasks.reconcile.ledger import reconcile
from tasks.records import Article, Loaded, Published, Reading
from tasks.settings import Conflict
from tasks.validate.split import validate
from tasks.warehouse import Warehouse, writer

NOW = datetime(2024, 8, 1, tzinfo=UTC)


def opened(store: Store, conflict: Conflict, timeout_s: float = 5.0) -> AbstractContextManager[Warehouse]:
    return writer(store, conflict.parties, "a test", timeout_s, lambda _told: None)


def keep(
    store: Store, conflict: Conflict, *read: tuple[Article, Reading], now: datetime | None = None
) -> tuple[Loaded, Published]:
    """Take readings through validate, load, reconcile and publish. now: the clock's time, if another than it is."""
    validated = validate([article for article, _ in read], [reading for _, reading in read], conflict)
    with opened(store, conflict) as warehouse:
        loaded = load(warehouse, validated.frames)
        load_rejections(warehouse, validated.rejections, "run", NOW, conflict.parties)
        reconcile(warehouse, conflict.parties)
        published = publish(warehouse, store, conflict.parties, now or datetime.now(UTC))
    assert published is not None
    return loaded, published
