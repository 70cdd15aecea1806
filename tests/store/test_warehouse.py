"""One writer, named to those who wait; files that are not ours stay untouched."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from tasks.errors import StoreBusyError, StoreError
from tasks.paths import Store
from tasks.settings import Conflict
from tasks.warehouse import reader, writer
from tests.store.opening import opened

HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_a_busy_warehouse_names_its_holder_and_then_gives_up(store: Store, russia_ukraine: Conflict) -> None:
    told: list[str] = []
    with (
        opened(store, russia_ukraine),
        pytest.raises(StoreBusyError, match="held by a test, process"),
        writer(store, russia_ukraine.parties, "another", 0.5, told.append),
    ):
        pass
    assert len(told) == 1
    assert "a test, process" in told[0]


def test_a_waiting_run_goes_on_when_the_holder_is_done(store: Store, russia_ukraine: Conflict) -> None:
    waits, lets_go = threading.Event(), threading.Event()
    done: list[str] = []

    def second() -> None:
        with writer(store, russia_ukraine.parties, "second", 30, lambda _told: waits.set()):
            done.append("second" if lets_go.is_set() else "too early")

    with opened(store, russia_ukraine):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(10)
        lets_go.set()
    thread.join(30)
    assert done == ["second"]


def test_a_program_that_does_not_know_the_lock_file_is_named_too(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine):
        pass
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusyError, match=f"PID {other.pid}"), opened(store, russia_ukraine, 0.5):
            pass
        other.communicate()
    with opened(store, russia_ukraine) as warehouse:
        assert warehouse.rows("SELECT count(*) FROM articles") == [(0,)]


def test_a_file_that_is_no_database_is_left_alone(store: Store, russia_ukraine: Conflict) -> None:
    store.warehouse.parent.mkdir(parents=True)
    store.warehouse.write_text("my notes" * 1000)
    with pytest.raises(StoreError, match="is no warehouse of this program"), opened(store, russia_ukraine):
        pass
    assert store.warehouse.read_text() == "my notes" * 1000


def test_another_programs_database_is_left_alone(store: Store, russia_ukraine: Conflict) -> None:
    store.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(store.warehouse)) as theirs:
        theirs.execute("CREATE TABLE sales (amount INTEGER)")
    with pytest.raises(StoreError, match="no warehouse of this program"), opened(store, russia_ukraine):
        pass


def test_a_warehouse_of_another_conflict_is_refused(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        warehouse.run("ALTER TABLE swaps RENAME returned_to_ukraine TO returned_to_armenia")
        warehouse.run("UPDATE ledger_format SET declared = 'other'")
    with pytest.raises(StoreError, match="made for other tables or parties"), opened(store, russia_ukraine):
        pass


def test_a_failed_transaction_leaves_nothing(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        with pytest.raises(RuntimeError, match="mid-load"), warehouse.transaction():
            warehouse.run("INSERT INTO swap_members VALUES ('a', 1, 's')")
            raise RuntimeError("mid-load")
        assert warehouse.rows("SELECT count(*) FROM swap_members") == [(0,)]


def test_reading_a_database_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"there is no database at .*; run `swaps ingest` first"),
        reader(tmp_path / "no.duckdb"),
    ):
        pass
