"""The only module that touches DuckDB: opens the warehouse for one writer, and reads public files.

The warehouse is private and held by one writer at a time. A lock file beside it names the holder, so that a waiting
run can say whom it waits for; DuckDB's own lock stays the guard against programs that do not know the lock file.
"""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import duckdb
import polars as pl

from schemas.ledger import ledger_tables, loaded_tables, private_tables
from schemas.parties import Party
from tasks.ddl import create_table
from tasks.errors import InputError, StoreBusyError, StoreError, StoreFaultError
from tasks.paths import Store
from tasks.records import short_hash

_POLL_S = 0.2
_MEMBERS = "CREATE TABLE IF NOT EXISTS swap_members (article_id VARCHAR, report_no INTEGER, swap_id VARCHAR)"
_STATE = "CREATE TABLE ledger_state (loaded BIGINT, reconciled BIGINT)"
"""How many loads changed something, and how many of them the swaps are made of."""
_VERSIONS = """CREATE OR REPLACE VIEW article_versions AS
    SELECT *, CAST(row_number() OVER (PARTITION BY page_id
        ORDER BY coalesce(last_seen_at, fetched_at), fetched_at, article_id) AS INTEGER) AS version_no
    FROM articles"""
"""A page's versions in the order in which they were last seen: a page may go back to what it said before."""
_CURRENT = """CREATE OR REPLACE VIEW current_articles AS
    SELECT * EXCLUDE version_no FROM article_versions
    QUALIFY row_number() OVER (PARTITION BY page_id ORDER BY version_no DESC) = 1"""


class Warehouse:
    """An open warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.run("SET TimeZone = 'UTC'")

    def run(self, statement: str, parameters: list[object] | None = None) -> None:
        """Run a statement for its effect."""
        self._connection.execute(statement, parameters or [])

    def rows(self, query: str, parameters: list[object] | None = None) -> list[tuple[Any, ...]]:
        """Give the rows of a query."""
        return self._connection.execute(query, parameters or []).fetchall()

    def result(self, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Give the column names and rows of a person's query. Raises InputError when DuckDB refuses it."""
        try:
            done = self._connection.sql(query)
            return (list(done.columns), done.fetchall()) if done is not None else ([], [])
        except duckdb.Error as wrong:
            raise InputError(f"the query cannot be run: {str(wrong).splitlines()[0]}") from wrong

    def frame(self, query: str) -> pl.DataFrame:
        """Give a query's result as a frame."""
        return self._connection.sql(query).pl()

    @contextmanager
    def frames(self, **frames: pl.DataFrame) -> Iterator[None]:
        """Let queries name these frames as tables."""
        for name, frame in frames.items():
            self._connection.register(name, frame.to_arrow())
        try:
            yield
        finally:
            for name in frames:
                self._connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run statements all or none."""
        self.run("BEGIN TRANSACTION")
        try:
            yield
        except BaseException as wrong:
            # A full disk may have ended the transaction and the connection already; the first fault is the one to tell.
            try:
                self.run("ROLLBACK")
            except duckdb.Error as gone:
                wrong.add_note(f"ROLLBACK: {gone}")
            raise
        self.run("COMMIT")

    @contextmanager
    def attached(self, file: Path, name: str, *, read_only: bool = False) -> Iterator[None]:
        """Attach another database file; leaving writes it out whole, unless it is read only."""
        self.run(f"ATTACH '{_escaped(file)}' AS {name}{' (READ_ONLY)' if read_only else ''}")
        try:
            yield
        finally:
            self.run(f"DETACH {name}")

    def compact(self, file: Path) -> int:
        """Write the database's file anew if more than half of it is empty; give the bytes freed.

        Nothing may be written through this connection afterwards: it still has the old file.
        """
        self.run("CHECKPOINT")
        ((used, empty),) = self.rows("SELECT used_blocks, free_blocks FROM pragma_database_size()")
        if empty <= used:
            return 0
        before = file.stat().st_size
        compacted = file.with_name(f".{file.name}.part")
        compacted.unlink(missing_ok=True)
        with self.attached(compacted, "compacted"):
            self.run(f"COPY FROM DATABASE {file.stem} TO compacted")
        compacted.replace(file)
        return before - file.stat().st_size


@contextmanager
def writer(
    store: Store, parties: tuple[Party, ...], holder: str, timeout_s: float, waiting: Callable[[str], None]
) -> Iterator[Warehouse]:
    """Open the warehouse as its only writer; make it when it is not there.

    holder: how a waiting run names this one. waiting: told once whom this run waits for. Raises StoreBusyError
    after timeout_s seconds, StoreError for a file that is not ours, cannot be used, or is lost, or a disk that is full.
    """
    if store.is_lost and not store.rebuilding.exists():
        store.refuse_lost()
    with (
        guarded(store),
        _locked(store, holder, timeout_s, waiting),
        _connected(store, timeout_s, waiting) as connection,
    ):
        warehouse = Warehouse(connection)
        _prepare(warehouse, store, parties)
        yield warehouse


@contextmanager
def _locked(store: Store, holder: str, timeout_s: float, waiting: Callable[[str], None]) -> Iterator[None]:
    store.lock.parent.mkdir(parents=True, exist_ok=True)
    with store.lock.open("a+", encoding="utf-8") as lock:
        _retry(lambda: _try_lock(lock), timeout_s, waiting, store)
        lock.seek(0)
        lock.truncate()
        lock.write(f"{holder}, process {os.getpid()}")
        lock.flush()
        yield


def _try_lock(lock: IO[str]) -> str | None:
    """Take the lock and give None, or give the name of who holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        return lock.read() or "another run"
    return None


@contextmanager
def _connected(store: Store, timeout_s: float, waiting: Callable[[str], None]) -> Iterator[duckdb.DuckDBPyConnection]:
    opened: list[duckdb.DuckDBPyConnection] = []

    def attempt() -> str | None:
        try:
            opened.append(duckdb.connect(str(store.warehouse)))
        except duckdb.IOException as wrong:
            if "Could not set lock" in str(wrong):
                return str(wrong).partition("Conflicting lock is held in ")[2].partition(". ")[0] or "another program"
            raise
        return None

    _retry(attempt, timeout_s, waiting, store)
    try:
        yield opened[0]
    finally:
        opened[0].close()


def _retry(attempt: Callable[[], str | None], timeout_s: float, waiting: Callable[[str], None], store: Store) -> None:
    """Attempt until it works; `attempt` gives None, or who is in the way."""
    end = time.monotonic() + timeout_s
    told = False
    while (blocker := attempt()) is not None:
        if not told:
            waiting(f"waiting for the warehouse, which is held by {blocker}")
            told = True
        if time.monotonic() >= end:
            raise StoreBusyError(
                f"the warehouse {store.warehouse} is held by {blocker}, for longer than {timeout_s:g} s; "
                "let it finish or end it, then run this again (SWAPS_LOCK_TIMEOUT sets the patience in seconds)"
            )
        time.sleep(_POLL_S)


@contextmanager
def guarded(store: Store) -> Iterator[None]:
    """Turn the faults of disk and database file into errors that say what to do; other faults are the program's."""
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.SerializationException,
        duckdb.TransactionException,
        OSError,
    ) as wrong:
        raise _store_error(store, wrong) from wrong


def _store_error(store: Store, wrong: Exception) -> StoreError:
    told = str(wrong)
    if (
        getattr(wrong, "errno", None) == errno.ENOSPC
        or "No space left" in told
        or "not enough disk space" in told.lower()
    ):
        return StoreError(
            f"the disk that holds {store.warehouse.parent} is full; free some room and run this again "
            "(nothing published was touched)"
        )
    if "not a valid DuckDB database" in told or "Serialization Error" in told:
        return StoreError(f"{store.warehouse} is no warehouse of this program; move it away and run this again")
    if getattr(wrong, "errno", None) == errno.EROFS or "Read-only file system" in told:
        return StoreError(
            f"the disk that holds {store.warehouse.parent} is mounted read-only; mount it for writing, or name another "
            "database (nothing published was touched)"
        )
    if isinstance(wrong, PermissionError) or "Permission denied" in told:
        return StoreError(f"{store.warehouse.parent} cannot be written: {told.splitlines()[0]}; check its permissions")
    return StoreFaultError(f"the warehouse {store.warehouse} cannot be used: {told.splitlines()[0]}")


def _prepare(warehouse: Warehouse, store: Store, parties: tuple[Party, ...]) -> None:
    """Make the tables of a new warehouse; refuse a file that is another program's or another format's."""
    tables = ledger_tables(parties)
    whole = [tables[name] for name in ("swaps", "rejected", "runs", "sources", "releases", "backfills")]
    schemas = [*loaded_tables(parties).values(), *whole, *private_tables(parties).values()]
    statements = [statement for schema in schemas for statement in create_table(schema, schema.name)]
    declared = short_hash(*(statement for statement in statements if not statement.startswith("COMMENT")))
    names = {str(name) for (name,) in warehouse.rows("SELECT table_name FROM duckdb_tables()")}
    if names and "ledger_format" not in names:
        raise StoreError(
            f"{store.warehouse} is a database, but no warehouse of this program; move it away and run this again"
        )
    if names:
        if warehouse.rows("SELECT declared FROM ledger_format") != [(declared,)]:
            raise StoreError(
                f"{store.warehouse} was made for other tables or parties than this program's; move it away and "
                "rebuild it from the archive with `swaps backfill`, or give another --database"
            )
        return
    with warehouse.transaction():
        for statement in statements:
            warehouse.run(statement)
        warehouse.run(_MEMBERS)
        warehouse.run(_VERSIONS)
        warehouse.run(_CURRENT)
        warehouse.run(_STATE)
        warehouse.run("INSERT INTO ledger_state VALUES (0, 0)")
        warehouse.run("CREATE TABLE ledger_format (declared VARCHAR)")
        warehouse.run("INSERT INTO ledger_format VALUES (?)", [declared])


def _escaped(file: Path) -> str:
    return str(file).replace("'", "''")


@contextmanager
def reader(database: Path) -> Iterator[Warehouse]:
    """Open a public database file for reading. Raises StoreError when it is not there or no database."""
    if not database.exists():
        raise StoreError(f"there is no database at {database}; run `swaps ingest` first")
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as wrong:
        raise StoreError(f"{database} cannot be opened as a database: {str(wrong).splitlines()[0]}") from wrong
    try:
        yield Warehouse(connection)
    finally:
        connection.close()
