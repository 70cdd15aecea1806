"""The daily upkeep, through Prefect."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tasks.errors import DamagedError
from tasks.fetch import archive
from tasks.paths import Store
from tasks.publish.release import content_hash
from tasks.settings import Conflict
from tests.fetch.test_answers import ANSWER
from tests.flows.test_flows import ingest
from tests.store.opening import opened

pytestmark = pytest.mark.usefixtures("prefect_server")


def maintain(store: Store) -> object:
    from flows.maintain import maintain as flow

    return flow(database=store.database)


def test_a_ledger_that_is_whole_stays_as_it_is(store: Store, samples: Path, russia_ukraine: Conflict) -> None:
    """Also when most of the warehouse's file is empty: then it is written anew, and holds the same."""
    ingest(samples, store=store)
    with duckdb.connect(str(store.warehouse)) as warehouse:
        warehouse.execute("CREATE TABLE waste AS SELECT random() AS a FROM range(3000000)")
        warehouse.execute("CHECKPOINT")
        warehouse.execute("DROP TABLE waste")
        warehouse.execute("CHECKPOINT")
    with opened(store, russia_ukraine) as warehouse:
        before = content_hash(warehouse, russia_ukraine.parties)
    size, release = store.warehouse.stat().st_size, store.database.readlink()
    done = maintain(store)
    assert done.faults == ()
    assert done.bytes_freed == size - store.warehouse.stat().st_size > 0
    with opened(store, russia_ukraine) as warehouse:
        assert content_hash(warehouse, russia_ukraine.parties) == before
    assert ingest(samples, store=store).loaded.unchanged > 20
    assert store.database.readlink() == release
    assert maintain(store).bytes_freed == 0


def test_damage_fails_the_run_and_names_what_is_lost(store: Store, samples: Path) -> None:
    ingest(samples, store=store)
    archive.Keeper(store.archive, "wire").keep(replace(ANSWER, asked_at=datetime.now(UTC)))
    (file,) = store.archive.rglob("*.warc.gz")
    os.truncate(file, file.stat().st_size - 20)
    with pytest.raises(DamagedError, match=r"wire\.warc\.gz: .*is cut off"):
        maintain(store)


def test_a_ledger_that_is_not_there_is_no_fault(store: Store) -> None:
    done = maintain(store)
    assert (done.faults, done.leftovers, done.bytes_freed) == ((), 0, 0)
    assert not os.path.lexists(store.database)
