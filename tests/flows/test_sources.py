"""Declared sources through the whole pipeline: from a feed on loopback to the public database."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.addresses import path
from tasks.fetch import archive
from tasks.fetch.answers import append, faults
from tasks.paths import PROJECT, Store
from tasks.publish.release import content_hash
from tasks.settings import Conflict
from tests.fetch.faulty import FaultyServer, faulty_server
from tests.fetch.test_answers import ANSWER
from tests.store.opening import opened

pytestmark = pytest.mark.usefixtures("prefect_server")
DECLARED = """
name = "{name}"
country = "UKR"
language = "en"
kind = "agency"
sites = ["127.0.0.1:{port}"]
on = true
pause_s = 0.0
[expected]
days = 7
least = 1
most = 500
"""
PAGE = """<html><head><title>{title}</title><script type="application/ld+json">{ld}</script></head><body><article>
<h1>{title}</h1><p>Ukraine and Russia exchanged {count} prisoners of war each on Wednesday, officials in both states
said.</p><p>The men were taken to hospitals near the border, where doctors and families waited.</p></article></body>
</html>"""
ITEM = "<item><title>{title}</title><link>{url}</link></item>"


class Outlet:
    """A small outlet on loopback with a feed, and the declared sources that ask it."""

    def __init__(self, server: FaultyServer, folder: Path) -> None:
        self.server = server
        self._folder = folder
        self._items: list[str] = []

    def declare(self, key: str, *ways: str) -> None:
        declared = DECLARED.format(name=key, port=self.server.base.rpartition(":")[2])
        (self._folder / f"{key}.toml").write_text(declared + "\n".join(f"[[discover]]\n{way}\n" for way in ways))

    def publish(self, path: str, count: int, day: str = "2024-07-17") -> None:
        ld = json.dumps({"@type": "NewsArticle", "datePublished": f"{day}T12:00:00Z"})
        title = f"Kyiv and Moscow swap {count} prisoners each"
        self.server.serve(path, PAGE.format(title=title, ld=ld, count=count))
        self._items.append(ITEM.format(title=title, url=self.server.url(path)))
        feed = f'<rss version="2.0"><channel><title>Wire</title>{"".join(self._items)}</channel></rss>'
        self.server.serve("/feed", feed, headers={"Content-Type": "application/rss+xml"})

    def feed(self, path: str = "/feed") -> str:
        return f'how = "feed"\nurl = "{self.server.url(path)}"'

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.server.requests]


@pytest.fixture
def outlet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outlet]:
    folder = tmp_path / "sources"
    folder.mkdir()
    monkeypatch.setenv("SWAPS_SOURCES", str(folder))
    monkeypatch.setenv("SWAPS_OPEN_LOOPBACK", "1")
    with faulty_server(pace_s=0.2) as server:
        yield Outlet(server, folder)


@pytest.fixture
def hanging(outlet: Outlet, tmp_path: Path) -> Iterator[Outlet]:
    """Give a second outlet, whose only page never ends; it is a site of its own, so that the first need not wait."""
    with faulty_server(pace_s=0.2) as server:
        item = ITEM.format(title="Kyiv and Moscow swap prisoners", url=server.url("/drip"))
        server.serve("/feed", f'<rss version="2.0"><channel><title>W</title>{item}</channel></rss>')
        yield Outlet(server, tmp_path / "sources")


def ingest(store: Store) -> Any:
    from flows.ingest import ingest as flow
    from tasks.sources import read_sources

    read_sources.cache_clear()
    return flow(database=store.database)


def backfill(store: Store, first: str, last: str, **options: object) -> Any:
    from flows.backfill import backfill as flow
    from tasks.sources import read_sources

    read_sources.cache_clear()
    return flow(
        start_date=date.fromisoformat(first), end_date=date.fromisoformat(last), database=store.database, **options
    )


def rows(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(store.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_from_a_feed_to_the_public_database(store: Store, outlet: Outlet) -> None:
    outlet.declare("wire", outlet.feed())
    outlet.publish("/one", 95)
    first = ingest(store)
    assert (first.loaded.new, first.rejections, first.published.is_new) == (1, [], True)
    assert rows(store, "SELECT source, returned_to_ukraine FROM articles JOIN swap_reports USING (article_id)") == [
        ("wire", 95)
    ]
    assert rows(store, "SELECT source, status, last_article_at IS NOT NULL FROM sources") == [("wire", "working", True)]
    (counts,) = rows(
        store, "SELECT items_in, items_out, items_known, items_passed_over FROM runs WHERE stage = 'fetch'"
    )
    assert counts == (1, 1, 0, 0)


def test_twice_is_once_and_a_new_article_is_one_more(store: Store, outlet: Outlet) -> None:
    outlet.declare("wire", outlet.feed())
    outlet.publish("/one", 95)
    ingest(store)
    release, asked = store.database.readlink(), len(outlet.paths)
    again = ingest(store)
    assert (again.articles, again.published.is_new, store.database.readlink()) == (0, False, release)
    assert outlet.paths[asked:] == ["/feed"]
    outlet.publish("/two", 75, "2024-07-24")
    third = ingest(store)
    assert (third.loaded.new, outlet.paths[asked:]) == (1, ["/feed", "/feed", "/two"])


def test_a_dead_source_stops_no_other_and_is_visible(store: Store, outlet: Outlet) -> None:
    outlet.declare("dead", outlet.feed("/500"))
    outlet.declare("silent", outlet.feed("/close"))
    outlet.declare("wire", outlet.feed())
    outlet.publish("/one", 95)
    tally = ingest(store)
    assert tally.loaded.new == 1
    told = dict(rows(store, "SELECT source, status FROM sources"))
    assert told == {"dead": "failing", "silent": "failing", "wire": "working"}
    assert sorted(rows(store, "SELECT check_name FROM rejected")) == [("connection",), ("server_error",)]


def test_a_page_that_changed_is_a_new_version(store: Store, outlet: Outlet) -> None:
    outlet.declare("wire", outlet.feed(), f'how = "sitemap"\nurl = "{outlet.server.url("/map")}"')
    outlet.publish("/one", 95)
    ingest(store)
    outlet.publish("/one", 96)
    now = datetime.now(UTC)
    changed = f"<url><loc>{outlet.server.url('/one')}</loc><lastmod>{now - timedelta(hours=1):%FT%TZ}</lastmod></url>"
    outlet.server.serve("/map", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{changed}</urlset>')
    with duckdb.connect(str(store.warehouse)) as warehouse:  # as if it had been fetched yesterday
        warehouse.execute("UPDATE visits SET asked_at = asked_at - INTERVAL 1 DAY")
    backfill(store, f"{now - timedelta(days=1):%F}", f"{now:%F}")
    versions = "SELECT version_no, returned_to_ukraine FROM {0}.articles JOIN {0}.swap_reports USING (article_id)"
    assert rows(store, versions.format("main")) == [(2, 96)]
    assert rows(store, versions.format("history")) == [(1, 95)]


def test_what_was_fetched_can_be_read_again_offline(store: Store, outlet: Outlet) -> None:
    outlet.declare("wire", outlet.feed())
    outlet.publish("/one", 95)
    ingest(store)
    before = rows(store, "SELECT * FROM swap_reports")
    store.warehouse.unlink()
    store.database.unlink()
    asked = len(outlet.paths)
    backfill(store, "2000-01-01", "2100-01-01", reprocess=True)
    assert rows(store, "SELECT * EXCLUDE (swap_id) FROM swap_reports") == [
        tuple(cell for cell, name in zip(row, columns(store), strict=True) if name != "swap_id") for row in before
    ]
    assert rows(store, "SELECT source, url FROM articles") == [("wire", outlet.server.url("/one"))]
    assert len(outlet.paths) == asked


def columns(store: Store) -> list[str]:
    return [name for (name,) in rows(store, "SELECT column_name FROM (DESCRIBE swap_reports)")]


def test_the_archive_holds_every_answer_and_is_whole(store: Store, outlet: Outlet) -> None:
    outlet.declare("wire", outlet.feed(), outlet.feed("/500"))
    outlet.publish("/one", 95)
    ingest(store)
    (warc,) = store.archive.glob("warc/*/*/*/wire.warc.gz")
    assert faults(warc) == []
    told = [json.loads(line) for line in warc.with_name(f"{warc.name}.jsonl").read_text().splitlines()]
    answered = [(line["url"].removeprefix(outlet.server.base), line["status"]) for line in told if line["status"]]
    assert sorted(set(answered)) == [("/500", 500), ("/feed", 200), ("/one", 200), ("/robots.txt", 200)]
    assert len(list(archive.index(store.archive))) == 1


def test_a_dry_run_lists_and_changes_nothing(store: Store, outlet: Outlet) -> None:
    outlet.declare("wire", outlet.feed(), f'how = "sitemap"\nurl = "{outlet.server.url("/sitemap")}"')
    tally = backfill(store, "2024-01-01", "2024-01-02", dry_run=True)
    wanted = [one.url for one in tally.plans["wire"].wanted]
    assert wanted
    assert not [path for path in outlet.paths if path.startswith("/article")]
    assert not store.database.exists()
    done = backfill(store, "2024-01-01", "2024-01-02")
    fetched = [path for path in outlet.paths if path.startswith("/article")]
    assert sorted(fetched) == sorted(url.removeprefix(outlet.server.base) for url in wanted)
    assert done.loaded.new > 0
    again = backfill(store, "2024-01-01", "2024-01-02")
    assert (again.loaded.new, [path for path in outlet.paths if path.startswith("/article")]) == (0, fetched)


def test_a_run_of_dead_sources_alone_fails(store: Store, outlet: Outlet) -> None:
    from tasks.errors import NothingUsableError

    outlet.declare("dead", outlet.feed("/close"))
    with pytest.raises(NothingUsableError, match="broke off"):
        ingest(store)
    assert rows(store, "SELECT status FROM sources") == [("failing",)]


def test_a_folder_of_warc_files_as_a_source(store: Store, outlet: Outlet, tmp_path: Path) -> None:
    """A backfill reads the folder that a source declares; the archive keeps its pages, with their addresses."""
    folder = tmp_path / "warcs"
    title = "Kyiv and Moscow swap 95 prisoners each"
    ld = json.dumps({"@type": "NewsArticle", "datePublished": "2024-07-17T12:00:00Z"})
    body = PAGE.format(title=title, ld=ld, count=95).encode()
    answer = replace(ANSWER, url="https://crawl.example/1", headers=(("Content-Type", "text/html"),), body=body)
    append(folder / "crawl.warc.gz", answer)
    outlet.declare("crawl", f'how = "files"\nruns = true\npath = "{folder}"')
    for options in ({}, {"reprocess": True}):
        backfill(store, "2024-07-01", "2024-07-31", **options)
        read = "SELECT articles.url, returned_to_ukraine FROM articles JOIN swap_reports USING (article_id)"
        assert rows(store, read) == [("https://crawl.example/1", 95)]
        assert rows(store, "SELECT * FROM rejected") == []


def test_more_articles_than_one_run_fetches(store: Store, outlet: Outlet) -> None:
    """The feed does not change, and yet the second run fetches what the first one left."""
    outlet.declare("wire", outlet.feed("/feed?n=420"))
    first = ingest(store)
    assert (first.loaded.new, first.listings[0].postponed) == (200, 10)
    second = ingest(store)
    assert (second.loaded.new, second.listings[0].postponed, second.rejections) == (10, 0, [])
    assert len(rows(store, "SELECT DISTINCT url FROM articles")) == 210


def content(store: Store, conflict: Conflict) -> str:
    with opened(store, conflict) as warehouse:
        return content_hash(warehouse, conflict.parties)


def test_a_page_that_goes_back_to_what_it_said(store: Store, outlet: Outlet, russia_ukraine: Conflict) -> None:
    """95, then 96, then 95 again: 95 is what it says, here and in a ledger rebuilt from the archive."""
    outlet.declare("wire", outlet.feed())
    versions = "SELECT version_no, returned_to_ukraine FROM {0}.articles JOIN {0}.swap_reports USING (article_id)"
    for count, released in ((95, [(1, 95)]), (96, [(2, 96)]), (95, [(2, 95)])):
        outlet.publish("/one", count)
        if store.warehouse.exists():
            with duckdb.connect(str(store.warehouse)) as warehouse:  # as if nothing had been asked yet
                warehouse.execute("DELETE FROM visits")
        assert ingest(store).published.is_new
        assert rows(store, versions.format("main")) == released
    assert rows(store, versions.format("history")) == [(1, 96)]
    before = content(store, russia_ukraine)
    store.warehouse.unlink()
    backfill(store, "2000-01-01", "2100-01-01", reprocess=True)
    assert content(store, russia_ukraine) == before


@pytest.mark.parametrize("order", [("/one", "/one/"), ("/one/", "/one")])
def test_one_page_under_two_addresses(
    store: Store, outlet: Outlet, russia_ukraine: Conflict, order: tuple[str, str]
) -> None:
    """Two sources name it in two ways, and each asks for its own; what it says later is its next version."""
    for number, at in enumerate(order):
        item = ITEM.format(title="Kyiv and Moscow swap prisoners", url=outlet.server.url(at))
        outlet.server.serve(f"/feed-{number}", f'<rss version="2.0"><channel><title>W</title>{item}</channel></rss>')
        outlet.declare(f"wire-{number}", outlet.feed(f"/feed-{number}"))
    for number, (at, count) in enumerate(zip(order, (95, 96), strict=True)):
        outlet.publish(at, count)
        ingest_only(store, f"wire-{number}")
    assert rows(store, "SELECT version_no, returned_to_ukraine FROM articles JOIN swap_reports USING (article_id)") == [
        (2, 96)
    ]
    assert rows(store, "SELECT count(*) FROM swaps") == [(1,)]
    before = content(store, russia_ukraine)
    store.warehouse.unlink()
    backfill(store, "2000-01-01", "2100-01-01", reprocess=True)
    assert content(store, russia_ukraine) == before


def ingest_only(store: Store, source: str) -> Any:
    from flows.ingest import ingest as flow
    from tasks.sources import read_sources

    read_sources.cache_clear()
    return flow(sources=[source], database=store.database)


def test_after_three_days_off_the_next_run_covers_the_gap(store: Store, outlet: Outlet) -> None:
    """The feed has forgotten what was published meanwhile; the sitemap has not. A run later, nothing is asked twice."""
    outlet.declare("wire", outlet.feed(), f'how = "sitemap"\nurl = "{outlet.server.url("/map")}"')
    outlet.publish("/one", 95)
    ingest(store)
    assert "/map" not in outlet.paths
    with duckdb.connect(str(store.warehouse)) as warehouse:  # as if that had been three days ago
        for table in ("visits", "listings"):
            warehouse.execute(f"UPDATE {table} SET asked_at = asked_at - INTERVAL 3 DAY")
    outlet.publish("/missed", 75, "2024-07-24")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    missed = f"<url><loc>{outlet.server.url('/missed')}</loc><lastmod>{yesterday:%FT%TZ}</lastmod></url>"
    outlet.server.serve("/map", f"<urlset>{missed}</urlset>")
    outlet.server.serve("/feed", '<rss version="2.0"><channel><title>Wire</title></channel></rss>')
    assert ingest(store).loaded.new == 1
    assert sorted(rows(store, "SELECT returned_to_ukraine FROM swaps")) == [(75,), (95,)]
    asked = len(outlet.paths)
    ingest(store)
    assert outlet.paths[asked:] == ["/feed"]


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_while_a_page_hangs(
    store: Store, outlet: Outlet, hanging: Outlet, told: signal.Signals
) -> None:
    """What other sources gave is loaded by then, the run ends at once, and the next one does not ask for it again."""
    hanging.declare("slow", hanging.feed())
    outlet.declare("wire", outlet.feed())
    outlet.publish("/one", 95)
    command = [sys.executable, "-m", "flows", "ingest", "--database", str(store.database)]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as running:
        end = time.monotonic() + 60
        while not ("/drip" in hanging.paths and loaded_pages(store)) and time.monotonic() < end:
            time.sleep(0.1)
        assert loaded_pages(store) == ["/one"]
        running.send_signal(told)
        begun = time.monotonic()
        _, said = running.communicate(timeout=60)
    assert time.monotonic() - begun < 15
    assert running.returncode not in (0, None)
    assert "stopped" in said
    ingest_only(store, "wire")
    assert outlet.paths.count("/one") == 1
    assert rows(store, "SELECT returned_to_ukraine FROM swaps") == [(95,)]


def loaded_pages(store: Store) -> list[str]:
    """Give the paths that a running program has loaded and remembered; none while it holds the warehouse."""
    try:
        with duckdb.connect(str(store.warehouse), read_only=True) as warehouse:
            found = warehouse.execute(
                "SELECT url FROM visits JOIN articles USING (url) WHERE purpose = 'page'"
            ).fetchall()
    except duckdb.Error:
        return []
    return [path(url) for (url,) in found]
