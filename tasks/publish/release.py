"""The publish stage: a new public file, made aside and swapped in at once.

The public path is a symlink to a release file that never changes (mode 0444). A release is named by what it holds, so
whether there is anything to publish is seen from the name, without opening a file that a reader may have open.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandera.polars as pa

from schemas.ledger import CONTENT, NOT_CONTENT, VERSIONED, ledger_tables
from schemas.parties import Party
from tasks.ddl import create_table
from tasks.errors import StoreError
from tasks.paths import Store
from tasks.publish.hold import hold_of
from tasks.records import Published
from tasks.warehouse import Warehouse

KEPT_RELEASES = 5
_NAME = "swaps-{stamp}-{fingerprint}.duckdb"
_STAMP = "%Y%m%dT%H%M%S%fZ"
_LATER = timedelta(microseconds=1)
"""The names of releases are their order, also when the clock is set back."""
_REPORTS = "SELECT r.*, m.swap_id FROM swap_reports r LEFT JOIN swap_members m USING (article_id, report_no)"


def publish(
    warehouse: Warehouse, store: Store, parties: tuple[Party, ...], now: datetime, run_id: str | None = None
) -> Published | None:
    """Publish what the warehouse holds if it differs from what is public, unless an earlier release is held.

    None: another run has loaded since the swaps were made, so that they must be made again first.
    """
    store.refuse_foreign()
    if warehouse.rows("SELECT 1 FROM ledger_state WHERE loaded != reconciled"):
        return None
    current = restored_release(store)
    if current is not None and hold_of(store) is not None:
        return Published(store.database, current, is_new=False, is_held=True)
    _forget_unpublished(warehouse, store, current)
    content = content_hash(warehouse, parties)
    fingerprint = _fingerprint(warehouse, parties, content)
    if current is not None and current.stem.endswith(f"-{fingerprint}"):
        return Published(store.database, current, is_new=False)
    store.releases.mkdir(parents=True, exist_ok=True)
    stamp = max(now, _made_at(current) + _LATER) if current is not None else now
    release = store.releases / _NAME.format(stamp=stamp.strftime(_STAMP), fingerprint=fingerprint)
    _record(warehouse, release, content, now, run_id)
    _build(warehouse, release, parties)
    point(store, release)
    _prune(store, release)
    return Published(store.database, release, is_new=True)


def release_id(release: Path) -> str:
    """Give the name of a release, by its file."""
    return release.stem.removeprefix("swaps-")


def release_file(store: Store, name: str) -> Path:
    """Give where the file of a release lies, by its name."""
    return store.releases / f"swaps-{name}.duckdb"


def kept_releases(store: Store) -> list[Path]:
    """List the releases that are there, oldest first."""
    return sorted(store.releases.glob("swaps-*.duckdb"))


def _made_at(release: Path) -> datetime:
    return datetime.strptime(release_id(release).partition("-")[0], _STAMP).replace(tzinfo=UTC)


def current_release(store: Store) -> Path | None:
    """Give the release file that the public path names; None when there is none."""
    release = store.releases / store.database.readlink().name if store.database.is_symlink() else None
    return release if release is not None and release.exists() else None


def restored_release(store: Store) -> Path | None:
    """Give the release that is public, after mending a public path that names another or none; None without releases.

    It names the release that is held, or else, if it was lost, the newest one that is kept. Raises StoreError when the
    release that is held is gone: what somebody took back must not come back by itself.
    """
    current, held, kept = current_release(store), hold_of(store), kept_releases(store)
    wanted = current or (kept[-1] if kept else None)
    if held is not None:
        wanted = next((one for one in kept if release_id(one) == held.release_id), None)
        if wanted is None:
            raise StoreError(
                f"the release {held.release_id} is held, but it is not in {store.releases} any more; hold another one "
                "with `swaps rollback RELEASE`, or let runs publish again with `swaps rollback --end`"
            )
    if wanted is not None and wanted != current:
        point(store, wanted)
    return wanted


def content_hash(warehouse: Warehouse, parties: tuple[Party, ...]) -> str:
    """Hash what makes two ledgers the same: every current row, without times of fetching and names given on arrival.

    An exchange stands for its sorted reports, so that its name does not matter.
    """
    tables = ledger_tables(parties)
    hashes = [_table_hash(warehouse, _current_rows(name), tables[name]) for name in CONTENT if name != "swaps"]
    swaps = """SELECT s.*, (SELECT list_sort(list(m.article_id || '/' || m.report_no)) FROM swap_members m
        JOIN current_articles USING (article_id) JOIN swap_reports USING (article_id, report_no)
        WHERE m.swap_id = s.swap_id) AS members FROM swaps s"""
    return _digest([*hashes, _table_hash(warehouse, swaps, tables["swaps"], "members")])


def _fingerprint(warehouse: Warehouse, parties: tuple[Party, ...], content: str) -> str:
    """Name a release by everything a reader could find changed in it: content, history, refusals, declarations."""
    tables = ledger_tables(parties)
    history = [_table_hash(warehouse, _superseded_rows(name), tables[name]) for name in VERSIONED]
    refused = _table_hash(warehouse, "SELECT rejected_id FROM rejected", None, "rejected_id")
    declared = [statement for schema in tables.values() for statement in create_table(schema, schema.name)]
    return _digest([content, *history, refused, *declared])[:16]


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _table_hash(warehouse: Warehouse, query: str, schema: pa.DataFrameSchema | None, *more: str) -> str:
    columns = [*(name for name in schema.columns if name not in NOT_CONTENT)] if schema is not None else []
    packed = ", ".join(f"{name} := {name}" for name in [*columns, *more])
    rows = f"SELECT sha256(CAST(to_json(struct_pack({packed})) AS VARCHAR)) AS hash FROM ({query})"
    (found,) = warehouse.rows(f"SELECT sha256(coalesce(string_agg(hash, '' ORDER BY hash), '')) FROM ({rows})")
    return str(found[0])


def _all_rows(name: str) -> str:
    return {"articles": "SELECT * FROM article_versions", "swap_reports": _REPORTS}.get(name, f"SELECT * FROM {name}")


def _current_rows(name: str) -> str:
    if name not in VERSIONED:
        return _all_rows(name)
    return f"SELECT * FROM ({_all_rows(name)}) WHERE article_id IN (SELECT article_id FROM current_articles)"


def _superseded_rows(name: str) -> str:
    return f"SELECT * FROM ({_all_rows(name)}) WHERE article_id NOT IN (SELECT article_id FROM current_articles)"


def _forget_unpublished(warehouse: Warehouse, store: Store, current: Path | None) -> None:
    """Remove what a killed run made and did not publish: releases behind the public one, and their rows."""
    name = release_id(current) if current is not None else ""
    for release in kept_releases(store):
        if release_id(release) > name:
            release.unlink()
    warehouse.run("DELETE FROM releases WHERE release_id > ?", [name])


def _record(warehouse: Warehouse, release: Path, content: str, now: datetime, run_id: str | None) -> None:
    """Note a release before it is built, so that it knows itself."""
    warehouse.run(
        """INSERT INTO releases BY NAME SELECT ? AS release_id, CAST(? AS TIMESTAMPTZ) AS published_at,
            ? AS content_hash, ? AS run_id, (SELECT count(*) FROM current_articles) AS articles,
            (SELECT count(*) FROM swaps) AS swaps""",
        [release_id(release), now, content, run_id],
    )


def _build(warehouse: Warehouse, release: Path, parties: tuple[Party, ...]) -> None:
    building = release.with_name(f".{release.name}.part")
    try:
        with warehouse.attached(building, "release"):
            for statement in _statements(parties):
                warehouse.run(statement)
        building.chmod(0o444)
        _sync(building)
        building.rename(release)
    finally:
        building.unlink(missing_ok=True)
        building.with_name(f"{building.name}.wal").unlink(missing_ok=True)


def _statements(parties: tuple[Party, ...]) -> Iterator[str]:
    yield "CREATE SCHEMA release.history"
    for name, schema in ledger_tables(parties).items():
        columns = ", ".join(schema.columns)
        yield from create_table(schema, f"release.main.{name}")
        yield f"INSERT INTO release.main.{name} SELECT {columns} FROM ({_current_rows(name)}) ORDER BY ALL"
        if name in VERSIONED:
            yield from create_table(schema, f"release.history.{name}", constrained=False)
            yield f"INSERT INTO release.history.{name} SELECT {columns} FROM ({_superseded_rows(name)}) ORDER BY ALL"


def point(store: Store, release: Path) -> None:
    """Swap the public path to a release: one rename, so that no reader finds nothing or half."""
    store.database.parent.mkdir(parents=True, exist_ok=True)
    aside = store.database.with_name(f".{store.database.name}.next")
    aside.unlink(missing_ok=True)
    aside.symlink_to(os.path.relpath(release, store.database.parent))
    _sync(release.parent)
    aside.replace(store.database)
    _sync(store.database.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(store: Store, current: Path) -> None:
    """Remove releases beyond the last few, and what a killed run left; a reader that has one open keeps it."""
    for left in store.releases.glob(".swaps-*.part*"):
        left.unlink()
    for old in kept_releases(store)[:-KEPT_RELEASES]:
        if old != current:
            old.unlink()
            old.with_name(f"{old.name}.wal").unlink(missing_ok=True)
