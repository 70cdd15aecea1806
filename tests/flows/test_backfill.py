"""Backfills: a record of each, only what is missing or stale, going on after an interruption, and what they changed."""

import re
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.errors import InputError, StoreBusyError, StoreError, UnforeseenError
from tasks.load.backfills import alone
from tasks.paths import PROJECT, Store
from tasks.records import Article, BackfillOrder, Reading
from tasks.settings import Conflict
from tests.flows.test_sources import Outlet, backfill, ingest, outlet, rows

__all__ = ["outlet"]
pytestmark = pytest.mark.usefixtures("prefect_server")
TEXT = "Ukraine and Russia have exchanged {} prisoners of war each, officials in both countries said on Wednesday."
RECORD = '{{"url": "https://wire.example/{0}", "text": "{1}", "published_at": "2024-0{0}-17T12:00:00Z"}}'


@pytest.fixture
def ledger(store: Store, tmp_path: Path) -> Store:
    """Give a ledger of two exchanges, of June and July 2024."""
    from flows.ingest import ingest as flow

    file = tmp_path / "two.jsonl"
    file.write_text("\n".join(RECORD.format(month, TEXT.format(count)) for month, count in ((6, 90), (7, 95))))
    flow(paths=[file], database=store.database)
    return store


def records(store: Store, *columns: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(store.warehouse), read_only=True) as warehouse:
        return warehouse.execute(f"SELECT {', '.join(columns)} FROM backfills ORDER BY started_at").fetchall()


def spoil(store: Store, *statements: str) -> None:
    """Change the warehouse, as if an older program had read its pages, and publish it."""
    from flows.ingest import ingest as flow

    with duckdb.connect(str(store.warehouse)) as warehouse:
        for statement in (
            *statements,
            "UPDATE readings SET reader_version = 'older'",
            "UPDATE ledger_state SET loaded = loaded + 1",
        ):
            warehouse.execute(statement)
    flow(paths=[], database=store.database)


def test_a_backfill_is_a_record(ledger: Store) -> None:
    tally = backfill(ledger, "2024-06-01", "2024-07-31", reprocess=True, reason="a test", requested_by="ada")
    assert records(ledger, "window_start", "window_end", "mode", "reason", "requested_by", "status", "shards") == [
        (date(2024, 6, 1), date(2024, 7, 31), "reprocess", "a test", "ada", "completed", 2)
    ]
    assert records(ledger, "run_id", "swaps_new", "swaps_changed", "swaps_withdrawn", "figures_new") == [
        (tally.run_id, 0, 0, 0, 0)
    ]
    assert (tally.loaded.unchanged, tally.published.is_new) == (2, False)
    assert records(ledger, "release_before") == rows(ledger, "SELECT release_id FROM releases")


def test_only_what_is_stale_is_read_again(ledger: Store) -> None:
    assert backfill(ledger, "2024-06-01", "2024-07-31").articles == 0
    with duckdb.connect(str(ledger.warehouse)) as warehouse:
        (content,) = warehouse.execute("SELECT content_sha256 FROM articles WHERE url LIKE '%/7'").fetchone()
        warehouse.execute("UPDATE readings SET reader_version = 'older' WHERE content_sha256 = ?", [content])
    assert backfill(ledger, "2024-06-01", "2024-06-30").articles == 0
    assert backfill(ledger, "2024-06-01", "2024-07-31").articles == 1
    assert backfill(ledger, "2024-06-01", "2024-07-31").articles == 0


def test_what_changed_is_told_and_kept(ledger: Store) -> None:
    """As if an older program had read 94, and had missed the other exchange: its article was no report."""
    spoil(
        ledger,
        "UPDATE swap_reports SET returned_to_ukraine = 94, military_to_ukraine = 94 WHERE url LIKE '%/7'",
        *(
            f"DELETE FROM {name} WHERE article_id = (SELECT article_id FROM articles WHERE url LIKE '%/6')"
            for name in ("swap_reports", "report_evidence", "swap_figures")
        ),
    )
    before = rows(ledger, "SELECT returned_to_ukraine FROM swaps ORDER BY 1")
    assert before == [(94,)]
    trial = backfill(ledger, "2024-01-01", "2024-12-31", dry_run=True)
    assert rows(ledger, "SELECT returned_to_ukraine FROM swaps") == before
    assert records(ledger, "status") == []
    assert not list(ledger.warehouse.parent.glob(".trial-*"))
    tally = backfill(ledger, "2024-01-01", "2024-12-31")
    for told in (trial.difference, tally.difference):
        assert (told.swaps, told.figures) == (
            {"new": 1, "changed": 1, "withdrawn": 0},
            {"new": 1, "changed": 0, "withdrawn": 0},
        )
        assert [(one.how, one.told) for one in told.changes] == [
            ("new", ()),
            ("changed", ("returned_to_ukraine: 94 -> 95", "military_to_ukraine: 94 -> 95")),
        ]
    assert rows(ledger, "SELECT swaps_new, swaps_changed, status FROM backfills") == [(1, 1, "completed")]


def test_a_backfill_that_is_killed_goes_on_where_it_was(store: Store, outlet: Outlet) -> None:
    """June is done when July hangs; asked for again, the same backfill does not ask for June's lists again."""
    way = f'how = "sitemap"\nurl = "{outlet.server.url("/map-{date:%Y-%m}")}"'
    outlet.declare("wire", outlet.feed("/empty-feed"), way)
    outlet.publish("/june", 90, "2024-06-17")
    for month, path in (("06", "/june"), ("07", "/drip")):
        loc = f"<url><loc>{outlet.server.url(path)}</loc><lastmod>2024-{month}-17</lastmod></url>"
        outlet.server.serve(f"/map-2024-{month}", f"<urlset>{loc}</urlset>")
    days = ["--from", "2024-06-01", "--to", "2024-07-31", "--reason", "the gap of June"]
    command = [sys.executable, "-m", "flows", "backfill", *days, "--database", str(store.database)]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL) as running:
        end = time.monotonic() + 90
        while "/drip" not in outlet.paths and time.monotonic() < end:
            time.sleep(0.1)
        running.send_signal(signal.SIGKILL)
    ((name, status, done),) = records(store, "backfill_id", "status", "shards_done")
    assert (status, done) == ("running", 1)
    asked = len(outlet.paths)
    outlet.publish("/july", 95, "2024-07-17")
    loc = f"<url><loc>{outlet.server.url('/july')}</loc><lastmod>2024-07-17</lastmod></url>"
    outlet.server.serve("/map-2024-07", f"<urlset>{loc}</urlset>")
    backfill(store, "2024-06-01", "2024-07-31")
    assert sorted(set(outlet.paths[asked:])) == ["/july", "/map-2024-07"]
    columns = ("backfill_id", "status", "shards_done", "reason", "swaps_new")
    assert records(store, *columns) == [(name, "completed", 2, "the gap of June", 2)]
    assert rows(store, "SELECT returned_to_ukraine FROM swaps ORDER BY 1") == [(90,), (95,)]


@pytest.mark.parametrize("first", ["scheduled", "backfill"])
def test_a_backfill_and_a_scheduled_run_in_any_order(store: Store, outlet: Outlet, first: str) -> None:
    outlet.declare("wire", outlet.feed(), f'how = "sitemap"\nurl = "{outlet.server.url("/map")}"')
    outlet.publish("/one", 90, "2024-06-17")
    outlet.publish("/two", 95)
    locs = "".join(
        f"<url><loc>{outlet.server.url(path)}</loc><lastmod>{day}</lastmod></url>"
        for path, day in (("/one/", "2024-06-17"), ("/three", "2024-07-24"))
    )
    outlet.publish("/three", 75, "2024-07-24")
    outlet.publish("/one/", 90, "2024-06-17")
    outlet.server.serve("/map", f"<urlset>{locs}</urlset>")
    for what in ("scheduled", "backfill") if first == "scheduled" else ("backfill", "scheduled", "backfill"):
        ingest(store) if what == "scheduled" else backfill(store, "2024-06-01", "2024-07-31")
    found = rows(store, "SELECT returned_to_ukraine, reports FROM swaps ORDER BY swap_date")
    assert found == [(90, 1), (95, 1), (75, 1)]


@pytest.fixture
def monthly(outlet: Outlet) -> Outlet:
    """Give an outlet that has a sitemap for each month; that of June 2024 is broken."""
    outlet.declare(
        "wire", outlet.feed("/empty-feed"), f'how = "sitemap"\nurl = "{outlet.server.url("/map-{date:%Y-%m}")}"'
    )
    for month, path, count in (("06", "/june", 90), ("07", "/july", 95)):
        outlet.publish(path, count, f"2024-{month}-17")
        list_pages(outlet, f"2024-{month}", path)
    outlet.server.serve("/map-2024-06", "", status=500)
    return outlet


def list_pages(outlet: Outlet, month: str, *paths: str) -> None:
    locs = "".join(f"<url><loc>{outlet.server.url(path)}</loc><lastmod>{month}-17</lastmod></url>" for path in paths)
    outlet.server.serve(f"/map-{month}", f"<urlset>{locs}</urlset>")


def test_a_part_whose_source_failed_is_asked_again(store: Store, monthly: Outlet) -> None:
    columns = ("status", "shards_done", "reason", "requested_by", "articles_new", "swaps_new")
    tally = backfill(store, "2024-06-01", "2024-07-31", reason="first", requested_by="ada")
    assert (tally.parts_left, records(store, *columns)) == (1, [("incomplete", 1, "first", "ada", 1, 1)])
    assert rows(store, "SELECT status FROM backfills") == [("incomplete",)]
    list_pages(monthly, "2024-06", "/june")
    asked = len(monthly.paths)
    backfill(store, "2024-06-01", "2024-07-31", reason="second", requested_by="bob")
    assert sorted(set(monthly.paths[asked:])) == ["/june", "/map-2024-06"]
    assert records(store, *columns) == [("completed", 2, "first; second", "bob", 2, 2)]


def test_all_that_a_part_lists_is_fetched(store: Store, monthly: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.fetch.collect.MOST_PAGES", 2)
    for number in range(5):
        monthly.publish(f"/july-{number}", 95, "2024-07-17")
    list_pages(monthly, "2024-07", *(f"/july-{number}" for number in range(5)))
    backfill(store, "2024-07-01", "2024-07-31")
    assert records(store, "status", "articles_new") == [("completed", 5)]


def test_pages_that_never_answer_end_a_backfill_all_the_same(
    store: Store, monthly: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.fetch.collect.MOST_PAGES", 2)
    list_pages(monthly, "2024-07", "/july", "/status/404", "/status/410", "/gone")
    backfill(store, "2024-07-01", "2024-07-31")
    assert records(store, "status", "articles_new") == [("incomplete", 1)]


def test_one_run_at_a_time_works_on_a_backfill(ledger: Store) -> None:
    order = BackfillOrder(date(2024, 6, 1), date(2024, 7, 31), (), "missing", "ada", None)
    with alone(ledger, order):
        with pytest.raises(StoreBusyError, match="another run works on the same backfill"):
            backfill(ledger, "2024-06-01", "2024-07-31")
        backfill(ledger, "2024-06-01", "2024-07-30")
    assert records(ledger, "window_end") == [(date(2024, 7, 30),)]


def test_pages_that_are_refused_again_fail_no_backfill(ledger: Store, tmp_path: Path) -> None:
    from flows.ingest import ingest as flow

    file = tmp_path / "more.jsonl"
    file.write_text(RECORD.format(8, TEXT.format(75)) + '\n{"text": "x", "published_at": "2024-08-01T12:00:00Z"}')
    flow(paths=[file], database=ledger.database)
    trial = backfill(ledger, "2022-02-24", "2026-01-01", dry_run=True)
    assert trial.difference.swaps == {"new": 0, "changed": 0, "withdrawn": 0}
    tally = backfill(ledger, "2022-02-24", str(datetime.now(UTC).date()))
    assert (len(tally.rejections), records(ledger, "status", "rejected")) == (1, [("completed", 1)])


@pytest.mark.parametrize("sources", [["wire", "typo"], ["typo"], []])
@pytest.mark.parametrize("reprocess", [True, False])
def test_sources_that_nobody_knows_are_refused(
    ledger: Store, monthly: Outlet, sources: list[str], *, reprocess: bool
) -> None:
    with pytest.raises(InputError, match=r"no source ('typo'|named); `swaps sources` lists the declared ones"):
        backfill(ledger, "2024-06-01", "2024-07-31", sources=sources, reprocess=reprocess)
    assert (records(ledger, "status"), monthly.paths) == ([], [])


def test_a_window_that_is_still_to_come_is_refused(ledger: Store) -> None:
    with pytest.raises(InputError, match="the window begins on 2999-01-01, which is still to come"):
        backfill(ledger, "2999-01-01", "2999-02-01")


def test_a_lost_warehouse_is_rebuilt_before_anything_is_published(ledger: Store, tmp_path: Path) -> None:
    """What is public stays as it is until the whole archive is read again, also when the rebuilding is killed."""
    from flows.ingest import ingest as flow

    before = rows(ledger, "SELECT returned_to_ukraine FROM swaps ORDER BY 1")
    ledger.warehouse.unlink()
    more = tmp_path / "more.jsonl"
    more.write_text(RECORD.format(8, TEXT.format(75)))
    told = "rebuild it from the archive with `swaps backfill --from 2014-01-01 --to TODAY --reprocess`"
    for what in (
        lambda: flow(paths=[more], database=ledger.database),
        lambda: backfill(ledger, "2014-01-01", "2100-01-01"),
        lambda: backfill(ledger, "2014-01-01", "2100-01-01", reprocess=True, dry_run=True),
        lambda: backfill(ledger, "2014-01-01", "2100-01-01", reprocess=True, sources=["wire.example"]),
    ):
        with pytest.raises(StoreError, match=f"is gone, though .+; {re.escape(told)}"):
            what()
        assert not ledger.warehouse.exists()
    with pytest.raises(
        InputError, match="2 of its pages are not of this window; give --from 2014-01-01 and --to today"
    ):
        backfill(ledger, "2014-01-01", "2014-12-31", reprocess=True)
    with pytest.raises(StoreError, match=f"is not rebuilt to the end, and .+; {re.escape(told)}"):
        flow(paths=[more], database=ledger.database)
    assert rows(ledger, "SELECT returned_to_ukraine FROM swaps ORDER BY 1") == before
    tally = backfill(ledger, "2014-01-01", "2100-01-01", reprocess=True)
    assert (tally.published.is_new, tally.difference.swaps["withdrawn"]) == (False, 0)
    flow(paths=[more], database=ledger.database)
    assert rows(ledger, "SELECT returned_to_ukraine FROM swaps ORDER BY 1") == [(75,), *before]


def test_a_page_on_which_the_program_fails_ends_a_rebuilding_all_the_same(
    ledger: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tasks.extract import batch

    right = batch.read_article

    def wrong(article: Article, conflict: Conflict) -> Reading:
        if article.url == "https://wire.example/6":
            raise ZeroDivisionError
        return right(article, conflict)

    ledger.warehouse.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(batch, "read_article", wrong)
        with pytest.raises(UnforeseenError):
            backfill(ledger, "2014-01-01", "2100-01-01", reprocess=True)
    assert rows(ledger, "SELECT status FROM backfills") == [("failed",)]
    assert rows(ledger, "SELECT returned_to_ukraine FROM swaps") == [(95,)]
    backfill(ledger, "2014-01-01", "2100-01-01")
    assert rows(ledger, "SELECT returned_to_ukraine FROM swaps ORDER BY 1") == [(90,), (95,)]


def test_a_run_that_publishes_at_its_second_attempt_counts_its_articles_once(
    ledger: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt finds that another run has loaded since the swaps were made."""
    from flows import pipeline

    right, attempts = pipeline.publish_release, []

    def second(*given: Any) -> Any:
        attempts.append(given)
        return right(*given) if len(attempts) == 2 else None

    spoil(ledger, "DELETE FROM swap_reports", "DELETE FROM report_evidence", "DELETE FROM swap_figures")
    monkeypatch.setattr(pipeline, "publish_release", second)
    tally = backfill(ledger, "2024-06-01", "2024-07-31")
    assert (len(attempts), tally.loaded.changed) == (2, 2)
    assert records(ledger, "status", "articles_new", "articles_changed") == [("completed", 0, 2)]
