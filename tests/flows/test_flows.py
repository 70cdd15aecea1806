"""The flows against a real Prefect server: samples in, a queryable ledger out; twice is once; backfills replay."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.errors import InputError, NothingUsableError, StoreError
from tasks.paths import Store
from tests.test_docs import QUERIES

pytestmark = pytest.mark.usefixtures("prefect_server")
TABLES = (
    "articles",
    "embedded_posts",
    "swap_figures",
    "swap_reports",
    "report_evidence",
    "ordinal_claims",
    "swaps",
    "rejected",
)


def ingest(*paths: Path, store: Store) -> Any:
    from flows.ingest import ingest as flow

    return flow(paths=list(paths), database=store.database)


def backfill(first: date, last: date, store: Store, sources: list[str] | None = None) -> Any:
    from flows.backfill import backfill as flow

    return flow(start_date=first, end_date=last, sources=sources, database=store.database, reprocess=True)


def table_rows(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with duckdb.connect(str(store.database), read_only=True) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in TABLES}


def query(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(store.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_samples_become_a_ledger_and_twice_is_once(store: Store, samples: Path) -> None:
    first = ingest(samples, store=store)
    assert first.articles == first.loaded.new == len(table_rows(store)["articles"]) >= 20
    assert first.rejections == []
    assert len(query(store, "SELECT DISTINCT swap_date FROM swaps WHERE swap_date IS NOT NULL")) >= 8
    before, release = table_rows(store), store.database.readlink()
    second = ingest(samples, store=store)
    assert (second.loaded.new, second.loaded.changed, second.loaded.unchanged) == (0, 0, first.articles)
    assert not second.published.is_new
    assert store.database.readlink() == release
    assert table_rows(store) == before


def test_the_queries_of_the_readme_answer_from_the_samples(store: Store, samples: Path) -> None:
    ingest(samples, store=store)
    exchanges, months, words, disputed, unused = (query(store, sql) for sql in QUERIES)
    assert (date(2024, 1, 31), 207, 195, 50, ["United Arab Emirates"], 2, "disputed") in exchanges
    assert (datetime(2024, 1, 1), 437, 443) in months  # noqa: DTZ001 - DuckDB gives a TIMESTAMP
    assert any(row[2] == "115 prisoners of war each" for row in words)
    assert {row[2] for row in disputed} == {207, 195}
    assert ("cumulative", "cumulative", 3210, "3,210 Ukrainians", "northern-wire.example") in unused


def test_every_stage_of_a_run_is_recorded_with_its_counts(store: Store, samples: Path) -> None:
    tally = ingest(samples, store=store)
    recorded = dict(query(store, "SELECT stage, items_out FROM runs"))
    assert sorted(recorded) == ["clean", "extract", "fetch", "load", "reconcile", "validate"]
    assert recorded["clean"] == recorded["extract"] == recorded["validate"] == recorded["load"] == tally.articles
    ((run, flow, reader, code),) = query(
        store, "SELECT DISTINCT run_id, flow, extractor_version, code_version FROM runs"
    )
    assert (run, flow, code) == (tally.run_id, "ingest", "0.1.0")
    assert {reader} == {version for (version,) in query(store, "SELECT DISTINCT extractor_version FROM swap_figures")}


def test_good_items_are_loaded_beside_bad_ones(store: Store, tmp_path: Path, samples: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    good = sorted(samples.glob("*.txt"))[0]
    (inbox / good.name).write_bytes(good.read_bytes())
    (inbox / "empty.html").write_bytes(b"")
    (inbox / "mixed.jsonl").write_text(
        '{"url": "https://a.example/1", "text": "It rained in the city and in the hills."}\n' * 6
        + '{"url": "https://a.example/2", "text": "bro\n'
    )
    tally = ingest(inbox, store=store)
    assert tally.articles == 2
    assert query(store, "SELECT stage, item, check_name FROM rejected ORDER BY item") == [
        ("fetch", "empty.html", "not_empty"),
        ("clean", "mixed.jsonl:7", "json"),
    ]


def test_a_run_without_anything_usable_fails_and_keeps_why(store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    with pytest.raises(NothingUsableError, match=r"empty.html is empty"):
        ingest(tmp_path / "empty.html", store=store)
    assert query(store, "SELECT item, check_name FROM rejected") == [("empty.html", "not_empty")]


def test_a_folder_that_is_not_there_makes_no_database(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not there"):
        ingest(tmp_path / "nowhere", store=store)
    assert not store.database.exists()


def test_a_public_file_that_is_not_ours_stops_the_run_before_it_reads(store: Store, samples: Path) -> None:
    store.database.write_text("mine")
    with pytest.raises(StoreError, match="was not published by this program"):
        ingest(samples, store=store)
    assert not store.warehouse.exists()


def test_a_backfill_reads_the_window_again_and_changes_nothing(store: Store, samples: Path) -> None:
    ingest(samples, store=store)
    before = table_rows(store)
    expected = query(
        store,
        "SELECT count(*) FROM articles WHERE (published_at AT TIME ZONE 'Europe/Kyiv')::DATE "
        "BETWEEN '2024-08-01' AND '2024-09-30'",
    )[0][0]
    tally = backfill(date(2024, 8, 1), date(2024, 9, 30), store)
    assert tally.articles == tally.loaded.unchanged == expected > 0
    assert table_rows(store) == before


def test_a_backfill_brings_back_what_the_warehouse_lost(store: Store, samples: Path) -> None:
    ingest(samples, store=store)
    before = {name: rows for name, rows in table_rows(store).items() if name not in ("swaps", "swap_reports")}
    store.warehouse.unlink()
    today = date.today()  # noqa: DTZ011 - the archive's own pages were fetched today; a day on either side covers all clocks
    tally = backfill(today - timedelta(days=1), today + timedelta(days=1), store)
    assert tally.loaded.new == len(before["articles"])
    assert {name: rows for name, rows in table_rows(store).items() if name in before} == before


def test_a_backfill_can_be_narrowed_to_a_source(store: Store, samples: Path) -> None:
    ingest(samples, store=store)
    ((source, count),) = query(
        store,
        "SELECT source, count(*) FROM articles WHERE published_at IS NOT NULL GROUP BY source ORDER BY source LIMIT 1",
    )
    assert backfill(date(2020, 1, 1), date(2024, 12, 31), store, [source]).articles == count


def test_a_window_that_ends_before_it_begins_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="ends on 2024-01-01, before it begins on 2024-02-01"):
        backfill(date(2024, 2, 1), date(2024, 1, 1), store)


def test_a_run_leaves_its_summary_as_artifacts(store: Store, tmp_path: Path, samples: Path) -> None:
    from prefect.client.orchestration import get_client

    (tmp_path / "empty.html").write_bytes(b"")
    tally = ingest(samples, tmp_path / "empty.html", store=store)
    with get_client(sync_client=True) as client:
        artifacts = {
            artifact.key: artifact for artifact in client.read_artifacts() if str(artifact.flow_run_id) == tally.run_id
        }
    assert set(artifacts) == {"ingest-stages", "ingest-rejected", "ingest-progress"}
    assert artifacts["ingest-progress"].data == 100.0
    assert '"stage": "clean"' in str(artifacts["ingest-stages"].data)
    assert "empty.html" in str(artifacts["ingest-rejected"].data)
