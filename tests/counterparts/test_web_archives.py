"""Real counterparts on loopback, none of them ours: wget's WARC files, pywb as a web archive, nginx as a site."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from tasks.fetch.answers import append
from tasks.fetch.collect import Known, KnownPage, known_pages
from tasks.fetch.discovery import KnownList, Window
from tasks.fetch.readers import read_files
from tasks.fetch.visits import Validators
from tasks.fetch.warc_pages import pages_of
from tasks.records import RawPage
from tests.counterparts.sites import requests_of, static_site, wget_warc
from tests.counterparts.wayback import COLLECTION, wayback
from tests.fetch.asking import a_source, asking, checks, feed, fetched
from tests.fetch.test_answers import ANSWER

pytestmark = pytest.mark.counterparts
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORY = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>{1}</article></body></html>"
SWAP = STORY.format("Prisoners of war exchanged", "<p>Ukraine and Russia exchanged 95 prisoners of war each.</p>" * 4)
FOOTBALL = STORY.format("Late goal", "<p>A goal in the last minute decided the match on Sunday.</p>" * 4)
ITEM = "<item><title>Prisoners of war exchanged</title><link>{}</link></item>"
FEED = f'<rss version="2.0"><channel><title>Wire</title>{ITEM}</channel></rss>'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "swap.html").write_text(SWAP)
    (folder / "football.html").write_text(FOOTBALL)
    return folder


@pytest.mark.parametrize("compressed", [True, False])
def test_what_wget_archived_is_read(site: Path, tmp_path: Path, *, compressed: bool) -> None:
    with static_site(site) as base:
        addresses = [f"{base}/swap.html", f"{base}/football.html", f"{base}/nowhere.html"]
        warc = wget_warc(addresses, tmp_path, compressed=compressed)
    with warc.open("rb") as opened:
        pages = list(pages_of(opened, warc.name, NOW))
    assert [page.url for page in pages if isinstance(page, RawPage)] == addresses[:2]
    assert [page.content for page in pages if isinstance(page, RawPage)] == [SWAP.encode(), FOOTBALL.encode()]
    (found,) = read_files([warc], BytesIO(), NOW)
    assert ([page.url for page in found.pages], found.off_topic, found.rejections) == (addresses[:1], 1, ())


def test_a_backfill_from_a_web_archive(tmp_path: Path) -> None:
    """Our own WARC file, served by pywb: its index lists the captures of a window, and its replay gives them."""
    warc = tmp_path / "ours.warc.gz"
    captured = {
        "http://wire.example/news/swap": (datetime(2024, 7, 17, 10, tzinfo=UTC), SWAP),
        "http://wire.example/news/prisoners-exchanged-again": (datetime(2024, 7, 18, 10, tzinfo=UTC), SWAP + " "),
        "http://wire.example/news/football-late-goal-decides-match": (datetime(2024, 7, 18, 11, tzinfo=UTC), FOOTBALL),
        "http://wire.example/news/prisoners-exchanged-long-before": (datetime(2023, 2, 1, 10, tzinfo=UTC), SWAP),
        "http://other.example/news/swap": (datetime(2024, 7, 17, 10, tzinfo=UTC), SWAP),
    }
    for url, (at, text) in captured.items():
        body = text.encode()
        html = (("Content-Type", "text/html; charset=utf-8"),)
        append(warc, replace(ANSWER, url=url, asked_at=at, headers=html, body=body, content=body))
    with wayback(warc, tmp_path / "pywb") as base:
        way = {
            "how": "wayback",
            "url": f"{base}/{COLLECTION}/cdx",
            "prefix": "wire.example/news/",
            "replay": f"{base}/{COLLECTION}/{{timestamp}}id_/{{url}}",
            "runs": True,
        }
        window = Window(datetime(2024, 7, 15, tzinfo=UTC).date(), datetime(2024, 7, 20, tzinfo=UTC).date())
        found = fetched(a_source(way), window=window)
    assert checks(found) == []
    pages = {page.url: page for page in found.pages}
    assert sorted(pages) == sorted(list(captured)[:2])
    for url, page in pages.items():
        assert url is not None
        assert (page.fetched_at, page.content.decode(), page.charset) == (*captured[url], "utf-8")
    assert found.listings[0].listed == 3


def test_a_static_site_is_asked_once_when_nothing_is_new(site: Path) -> None:
    with static_site(site) as base:
        (site / "feed.xml").write_text(FEED.format(f"{base}/swap.html"))
        source = a_source(feed(f"{base}/feed.xml"))
        ask = asking()
        first = fetched(source, ask)
        assert [page.content for page in first.pages] == [SWAP.encode()]
        visit = first.visits[0]
        lists = {visit.url: KnownList(Validators(visit.etag, visit.last_modified), first.entries[visit.url])}
        known = Known(lists, known_pages([KnownPage(f"{base}/swap.html", visit.asked_at, "used")]))
        again = fetched(source, ask, known)
        assert (again.pages, again.visits[0].outcome) == ((), "unchanged")
    asked = requests_of(site)
    assert asked[:3] == ["GET /robots.txt 404", "GET /feed.xml 200", "GET /swap.html 200"]
    assert asked[3:] == ["GET /feed.xml 304"]
