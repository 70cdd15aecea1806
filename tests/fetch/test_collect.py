"""One source in one run: what is fetched, what is passed over, what is remembered, and that every fault has a name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tasks.fetch import collect as collecting
from tasks.fetch.collect import MOST_S, Known, KnownPage, Plan, collect, known_pages, plan, silence
from tasks.fetch.discovery import KnownList, Window
from tasks.fetch.visits import Validators
from tasks.records import Answer, Found, Gap, short_hash
from tasks.sources import Source
from tests.fetch.asking import NOTHING_KNOWN, a_source, asking, checks, feed, fetched
from tests.fetch.faulty import FaultyServer, faulty_server

ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{at}</pubDate></item>"
SWAP = "Ukraine and Russia swap 95 prisoners each"


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server(pace_s=0.2) as running:
        yield running


def paths(server: FaultyServer) -> list[str]:
    return [request.path for request in server.requests]


def rss(*items: tuple[str, str]) -> str:
    at = "Wed, 17 Jul 2024 09:00:00 GMT"
    listed = "".join(ITEM.format(title=title, link=link, at=at) for title, link in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{listed}</channel></rss>'


def remembered(found: Found) -> Known:
    """Give what the next run would know."""
    lists = {
        visit.url: KnownList(Validators(visit.etag, visit.last_modified), found.entries.get(visit.url, frozenset()))
        for visit in found.visits
        if visit.purpose == "list"
    }
    gave_something = ("used", "off_topic", "postponed")
    pages = (
        KnownPage(visit.url, visit.asked_at, visit.outcome, 0 if visit.outcome in gave_something else 1)
        for visit in found.visits
        if visit.purpose == "page"
    )
    return Known(lists, known_pages(pages))


def test_only_what_may_be_relevant_is_fetched(server: FaultyServer) -> None:
    found = fetched(a_source(feed(server.url("/feed?n=6"))))
    assert sorted(page.url or "" for page in found.pages) == [server.url(f"/article/{number}") for number in (2, 4, 6)]
    (listing,) = found.listings
    assert (listing.listed, listing.fresh, listing.known, listing.passed_over, listing.fault) == (6, 6, 0, 3, None)
    assert not [path for path in paths(server) if path in ("/article/1", "/article/3", "/article/5")]


def test_a_page_bears_its_source_address_and_time(server: FaultyServer) -> None:
    page = fetched(a_source(feed(server.url("/feed?n=2")))).pages[0]
    assert (page.source, page.url, page.media_type) == ("wire-en", server.url("/article/2"), "text/html")
    assert abs(page.fetched_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_nothing_new_costs_one_request(server: FaultyServer) -> None:
    source, ask = a_source(feed(server.url("/feed?n=6"))), asking()
    known = remembered(fetched(source, ask))
    before = len(server.requests)
    again = fetched(source, ask, known)
    assert [request.path for request in server.requests[before:]] == ["/feed?n=6"]
    assert (again.pages, again.rejections, again.visits[0].outcome) == ((), (), "unchanged")


def test_a_list_without_validators_is_read_and_nothing_fetched_twice(server: FaultyServer) -> None:
    server.serve("/plain", rss((SWAP, server.url("/article/2"))))
    source, ask = a_source(feed(server.url("/plain"))), asking()
    known = remembered(fetched(source, ask))
    before = len(server.requests)
    again = fetched(source, ask, known)
    assert [request.path for request in server.requests[before:]] == ["/plain"]
    assert (again.listings[0].known, again.listings[0].fresh) == (1, 0)


@pytest.mark.parametrize(
    ("path", "check"),
    [
        ("/500", "server_error"),
        ("/reset", "connection"),
        ("/close", "connection"),
        ("/short", "connection"),
        ("/drip", "deadline"),
        ("/silent", "deadline"),
        ("/gzip-bomb", "size_cap"),
        ("/broken-gzip", "cut_short"),
        ("/redirect-loop", "redirect"),
        ("/redirect-to?u=http://169.254.169.254/", "private_address"),
        ("/challenge", "challenge"),
        ("/challenge-200", "challenge"),
        ("/empty", "empty_body"),
        ("/not-a-feed", "not_a_feed"),
        ("/xml-bomb", "xml_entities"),
        ("/xml-external", "xml_entities"),
        ("/huge", "size_cap"),
        ("/nowhere", "not_there"),
    ],
)
def test_a_list_that_fails_is_named_and_stops_no_other(server: FaultyServer, path: str, check: str) -> None:
    found = fetched(a_source(feed(server.url(path)), feed(server.url("/feed?n=2"))))
    assert checks(found) == [check]
    assert found.rejections[0].item == server.url(path)
    assert len(found.pages) == 1
    assert found.listings[0].fault is None
    alone = fetched(a_source(feed(server.url(path))))
    assert alone.listings[0].fault is not None


@pytest.mark.parametrize(
    ("path", "check"),
    [
        ("/500", "server_error"),
        ("/reset", "connection"),
        ("/short", "connection"),
        ("/drip", "deadline"),
        ("/gzip-bomb", "size_cap"),
        ("/redirect-loop", "redirect"),
        ("/challenge-200", "challenge"),
        ("/consent", "consent_wall"),
        ("/soft-404?lang=en", "soft_404"),
        ("/soft-404?lang=uk", "soft_404"),
        ("/soft-404?lang=ru", "soft_404"),
        ("/empty", "empty_body"),
        ("/picture", "not_html"),
    ],
)
def test_a_page_that_fails_is_named_and_stops_no_other(server: FaultyServer, path: str, check: str) -> None:
    server.serve("/picture", b"\x89PNG", headers={"Content-Type": "image/png"})
    server.serve("/list", rss((SWAP, server.url(path)), (SWAP, server.url("/article/2"))))
    found = fetched(a_source(feed(server.url("/list"))))
    assert checks(found) == [check]
    assert [page.url for page in found.pages] == [server.url("/article/2")]


def test_a_host_that_wants_peace_postpones_its_pages(server: FaultyServer) -> None:
    """They are not asked for, are no faults of theirs, and the next run asks for them."""
    stories = [server.url(path) for path in ("/article/2", "/429-long", "/article/4", "/article/6")]
    server.serve("/list", rss(*((SWAP, story) for story in stories)))
    found = fetched(a_source(feed(server.url("/list"))))
    assert (len(found.pages), checks(found), found.listings[0].postponed) == (1, ["too_many_requests"], 2)
    assert [visit.outcome for visit in found.visits] == ["used", "used", "too_many_requests", "postponed", "postponed"]
    closed = fetched(a_source(feed(server.url("/429-long")), feed(server.url("/list"))))
    assert checks(closed) == ["too_many_requests"] * 2
    assert closed.listings[0].fault is not None


def test_a_source_that_only_fails_is_left_alone(server: FaultyServer) -> None:
    stories = [server.url(f"/nowhere/{number}") for number in range(30)]
    server.serve("/list", rss(*((SWAP, story) for story in stories)))
    found = fetched(a_source(feed(server.url("/list"))))
    assert (checks(found), found.listings[0].postponed) == (["not_there"] * 10, 20)


def test_a_run_asks_a_source_for_so_long(server: FaultyServer) -> None:
    stories = [server.url(f"/article/{number}") for number in (2, 4, 6, 8)]
    server.serve("/list", rss(*((SWAP, story) for story in stories)))
    source, ask = a_source(feed(server.url("/list"))), asking()
    ticks = iter([0.0, 1.0, 2.0, MOST_S + 1, MOST_S + 2])
    parts = collect(source, ask, plan(source, ask, NOTHING_KNOWN, None, datetime.now(UTC)), lambda: next(ticks))
    found = sum(parts, Found())
    assert (len(found.pages), found.listings[0].postponed) == (2, 2)


def test_what_was_fetched_is_given_before_the_end(server: FaultyServer) -> None:
    """So that it is loaded and remembered while the rest is still asked for; the lists are remembered at the end."""
    stories = [server.url(f"/article/{number}") for number in range(2, 242, 2)]
    server.serve("/list", rss(*((SWAP, story) for story in stories)))
    source, ask = a_source(feed(server.url("/list"))), asking()
    parts = list(collect(source, ask, plan(source, ask, NOTHING_KNOWN, None, datetime.now(UTC))))
    assert [len(part.pages) for part in parts] == [50, 50, 20]
    assert [[visit.purpose for visit in part.visits].count("list") for part in parts] == [0, 0, 1]
    assert [(len(part.listings), len(part.entries), part.finished) for part in parts] == [(0, 0, 0)] * 2 + [(1, 1, 1)]
    ticks = iter([0.0, 59.0, 61.0, 120.0, 122.0, 123.0])
    planned = plan(source, ask, NOTHING_KNOWN, None, datetime.now(UTC))
    slow = collect(source, ask, replace(planned, wanted=planned.wanted[:5]), lambda: next(ticks))
    assert [len(part.pages) for part in slow] == [1, 2, 2]


def test_a_list_that_tells_only_the_day_of_a_change(server: FaultyServer) -> None:
    """Had at 10, it may have changed until midnight; had on the day after, it has not."""
    url, day = server.url("/article/2"), datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    told = day - timedelta(days=3)
    sitemap = f"<urlset><url><loc>{url}</loc><lastmod>{told:%Y-%m-%d}</lastmod></url></urlset>"
    server.serve("/sitemap.xml", sitemap)
    source = a_source({"how": "sitemap", "url": server.url("/sitemap.xml"), "runs": True})
    for hours, wanted in ((10, 1), (23.9, 1), (24, 0), (30, 0)):
        known = Known({}, known_pages([KnownPage(url, told + timedelta(hours=hours), "used")]))
        assert len(plan(source, asking(), known, None, datetime.now(UTC)).wanted) == wanted, hours


NOW = datetime(2024, 7, 17, 9, tzinfo=UTC)


def planned(source: Source, known: Known, now: datetime = NOW) -> Plan:
    return plan(source, asking(), known, None, now)


@pytest.fixture
def monthly(server: FaultyServer) -> Source:
    """Declare a source with a feed that names one article, and a sitemap a month that names another one."""
    server.serve("/list", rss((SWAP, server.url("/article/2"))))
    for month, number in (("2024-06", 4), ("2024-07", 6)):
        loc = f"<loc>{server.url(f'/article/{number}')}</loc><lastmod>{month}-15</lastmod>"
        server.serve(f"/map-{month}", f"<urlset><url>{loc}</url></urlset>")
    return a_source(feed(server.url("/list")), {"how": "sitemap", "url": server.url("/map-{date:%Y-%m}")})


@pytest.mark.parametrize(
    ("hours", "articles"), [(None, [2]), (0, [2]), (12, [2]), (13, [2, 6]), (72, [2, 6]), (24 * 20, [2, 6])]
)
def test_a_run_after_a_gap_covers_it(
    server: FaultyServer, monthly: Source, hours: int | None, articles: list[int]
) -> None:
    """The lists that reach back are asked for the days since the source was heard last, and not after a usual pause."""
    heard_at = NOW - timedelta(hours=hours) if hours is not None else None
    made = planned(monthly, Known({}, {}, heard_at))
    assert [one.url for one in made.wanted] == [server.url(f"/article/{number}") for number in articles]
    assert made.listing.gap is None
    assert ("/map-2024-06" in paths(server)) == (hours == 24 * 20)


def test_a_gap_stays_open_until_the_lists_that_reach_back_answer(server: FaultyServer, monthly: Source) -> None:
    server.serve("/map-2024-07", "", status=500)
    known = Known({}, {}, NOW - timedelta(days=3))
    first = planned(monthly, known)
    assert first.listing.gap == Gap((NOW - timedelta(days=3)).date(), NOW)
    assert (first.listing.fault, len(first.wanted)) == (None, 1)
    known, asked = Known({}, {}, NOW, first.listing.gap), paths(server).count("/map-2024-07")
    soon = planned(monthly, known, NOW + timedelta(hours=5))
    assert (soon.listing.gap, paths(server).count("/map-2024-07")) == (first.listing.gap, asked)
    server.serve("/map-2024-07", f"<urlset><url><loc>{server.url('/article/6')}</loc></url></urlset>")
    later = planned(monthly, known, NOW + timedelta(hours=6))
    assert later.listing.gap is None
    assert [one.url for one in later.wanted] == [server.url("/article/2"), server.url("/article/6")]


def test_a_gap_of_more_than_a_month_is_for_a_backfill(server: FaultyServer, monthly: Source) -> None:
    made = planned(monthly, Known({}, {}, NOW - timedelta(days=100)))
    assert [(one.check_name, "--from 2024-04-08 --to 2024-06-16" in one.message) for one in made.heard.rejections] == [
        ("gap", True)
    ]
    assert made.listing.gap is None
    assert len(made.wanted) == 3
    assert not [path for path in paths(server) if path in ("/map-2024-04", "/map-2024-05")]


def test_a_page_on_which_the_program_fails_costs_no_other(
    server: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.serve("/list", rss((SWAP, server.url("/article/2")), (SWAP, server.url("/article/4"))))
    right = collecting.may_be_page

    def wrong(content: bytes) -> bool:
        if b"/article/2" in content:
            raise ZeroDivisionError("planted")
        return right(content)

    monkeypatch.setattr(collecting, "may_be_page", wrong)
    server.serve("/article/2", "<p>see /article/2</p>")
    found = fetched(a_source(feed(server.url("/list"))))
    assert (checks(found), [page.url for page in found.pages]) == (["unforeseen"], [server.url("/article/4")])


@pytest.mark.parametrize("odd", ["&#xD800;", "&#x110000;", "&#99999999999;", "<link>http://a.on></item>x</link>"])
def test_odd_feeds_are_read_or_named(server: FaultyServer, odd: str) -> None:
    item = f"<item><title>{SWAP} {odd}</title><link>{server.url('/article/2')}</link>{odd}</item>"
    server.serve("/list", f'<rss version="2.0"><channel><title>W</title>{item}</channel></rss>')
    found = fetched(a_source(feed(server.url("/list")), feed(server.url("/feed?n=2"))))
    assert set(checks(found)) <= {"unreadable", "not_a_feed"}
    assert found.pages


def test_what_a_backfill_hears_hides_nothing_from_scheduled_runs(server: FaultyServer) -> None:
    ways = ({"how": "sitemap", "url": server.url("/sitemap"), "runs": True}, feed(server.url("/feed?n=0")))
    found = fetched(a_source(*ways), window=Window(date(2024, 1, 1), date(2024, 1, 2)))
    assert [visit for visit in found.visits if visit.purpose == "list"] == []
    assert (found.entries, found.listings[0].is_backfill) == ({}, True)


def test_a_backfill_asks_for_what_was_given_up(server: FaultyServer) -> None:
    given_up = Known({}, known_pages([KnownPage(server.url("/article/2"), datetime.now(UTC), "server_error", 12)]))
    way = {"how": "archive", "url": server.url("/list/{date:%Y}"), "links": "a", "runs": True}
    server.serve("/list/2024", '<html><body><a href="/article/2">Prisoners exchanged again</a></body></html>')
    window = Window(date(2024, 7, 17), date(2024, 7, 18))
    assert len(fetched(a_source(way), known=given_up, window=window).pages) == 1


def test_due_pages_of_a_feed_that_did_not_change(server: FaultyServer) -> None:
    source, ask = a_source(feed(server.url("/feed?n=2"))), asking()
    known = remembered(fetched(source, ask))
    due = KnownPage(server.url("/article/8"), datetime.now(UTC) - timedelta(hours=2), "server_error", 1)
    found = fetched(source, ask, Known(known.lists, {**known.pages, **known_pages([due])}))
    assert [page.url for page in found.pages] == [server.url("/article/8")]
    assert (found.listings[0].listed, found.listings[0].passed_over, found.listings[0].postponed) == (0, 0, 0)


def test_pages_of_a_channel(server: FaultyServer) -> None:
    """Paging goes on where something is new; a page that fails is read anew by the next run."""
    words = "Good day to all of you, the weather of this long summer week will stay as it was during the last one. " * 3
    message = (
        '<div class="tgme_widget_message" data-post="wire_channel/{no}">'
        f'<div class="tgme_widget_message_text">{words}</div>'
        '<a class="tgme_widget_message_date"><time datetime="{at:%FT%T}+00:00"></time></a></div>'
    )
    now = datetime.now(UTC)

    def page(first: int) -> str:
        listed = "".join(message.format(no=number, at=now) for number in range(first, first + 3))
        return f"<html><body>{listed}</body></html>"

    server.serve("/s/wire_channel", page(7))
    server.serve("/s/wire_channel?before=7", page(4))
    server.serve("/s/wire_channel?before=4", "busy", status=404)
    source, ask = a_source({"how": "telegram", "channel": "wire_channel", "url": server.url("/s/")}), asking()
    first = fetched(source, ask)
    assert (first.listings[0].fresh, checks(first), dict(first.entries)) == (6, ["not_there"], {})
    server.serve("/s/wire_channel?before=4", page(1))
    second = fetched(source, ask, remembered(first))
    assert (second.listings[0].fresh, checks(second), len(second.entries)) == (9, [], 1)
    before = len(server.requests)
    server.serve("/s/wire_channel", page(8))
    third = fetched(source, ask, remembered(second))
    assert third.listings[0].fresh == 1
    assert len(server.requests) - before <= 2


def test_pages_of_other_subjects_are_counted(server: FaultyServer) -> None:
    server.serve("/list", rss((SWAP, server.url("/article/1"))))  # a football match under a promising title
    found = fetched(a_source(feed(server.url("/list"))))
    assert (found.pages, found.listings[0].off_topic, checks(found)) == ((), 1, [])


def test_a_malformed_feed_gives_what_can_be_read(server: FaultyServer) -> None:
    assert fetched(a_source(feed(server.url("/malformed-feed")))).listings[0].listed == 5


def test_a_feed_of_ten_thousand(server: FaultyServer) -> None:
    """What one run cannot fetch is kept for the next ones, even if the feed does not change."""
    source, ask = a_source(feed(server.url("/feed?n=10000"))), asking()
    first = fetched(source, ask)
    (listing,) = first.listings
    assert (listing.listed, listing.passed_over, len(first.pages), listing.postponed) == (10_000, 5000, 200, 4800)
    second = fetched(source, ask, remembered(first))
    assert [visit.outcome for visit in second.visits if visit.purpose == "list"] == ["unchanged"]
    assert (len(second.pages), second.listings[0].postponed) == (200, 4600)
    assert not {page.url for page in first.pages} & {page.url for page in second.pages}


def test_a_page_that_was_not_had_is_asked_for_again_later(server: FaultyServer) -> None:
    server.serve("/story", "gone wrong", status=500)
    server.serve("/list", rss((SWAP, server.url("/story"))))
    source, url = a_source(feed(server.url("/list"))), server.url("/story")
    assert checks(fetched(source)) == ["server_error"]
    now = datetime.now(UTC)
    for attempts, minutes, is_asked in (
        (1, 14, 0),
        (1, 16, 1),
        (2, 59, 0),
        (2, 61, 1),
        (9, 1439, 0),
        (9, 1441, 1),
        (12, 10_000, 0),
    ):
        known = Known({}, known_pages([KnownPage(url, now - timedelta(minutes=minutes), "server_error", attempts)]))
        before = paths(server).count("/story")
        fetched(source, known=known)
        assert (paths(server).count("/story") > before) == bool(is_asked), (attempts, minutes)


def test_a_page_that_its_list_says_has_changed_is_fetched_again(server: FaultyServer) -> None:
    server.serve("/list", rss((SWAP, server.url("/article/2"))))
    told = datetime(2024, 7, 17, 9, tzinfo=UTC)
    for fetched_at, pages in ((told - timedelta(hours=1), 1), (told + timedelta(hours=1), 0)):
        known = Known({}, known_pages([KnownPage(server.url("/article/2"), fetched_at, "used")]))
        assert len(fetched(a_source(feed(server.url("/list"))), known=known).pages) == pages


def test_a_list_that_always_says_that_a_page_changed_is_believed_once_a_while(server: FaultyServer) -> None:
    now = datetime.now(UTC)
    for hours, ahead, pages in ((5, 0, 0), (7, 0, 1), (7, 24, 0)):
        at = now + timedelta(hours=ahead)
        item = ITEM.format(title=SWAP, link=server.url("/article/2"), at=f"{at:%d %b %Y %T} +0000")
        server.serve("/list", f'<rss version="2.0"><channel><title>W</title>{item}</channel></rss>')
        known = Known({}, known_pages([KnownPage(server.url("/article/2"), now - timedelta(hours=hours), "used")]))
        assert len(fetched(a_source(feed(server.url("/list"))), known=known).pages) == pages, (hours, ahead)


def test_one_article_under_several_addresses_is_fetched_once(server: FaultyServer) -> None:
    addresses = ("/article/2?utm_source=rss", "/article/2#top", "/article/2")
    server.serve("/list", rss(*((SWAP, server.url(address)) for address in addresses)))
    found = fetched(a_source(feed(server.url("/list"))))
    assert ([page.url for page in found.pages], found.listings[0].listed) == ([server.url("/article/2")], 1)


def test_every_answer_is_kept(server: FaultyServer) -> None:
    kept: list[Answer] = []
    server.serve("/list", rss((SWAP, server.url("/article/2")), (SWAP, server.url("/nowhere"))))
    fetched(a_source(feed(server.url("/list"))), asking(kept))
    assert [(one.status, one.url.removeprefix(server.base)) for one in kept] == [
        (200, "/robots.txt"),
        (200, "/list"),
        (200, "/article/2"),
        (404, "/nowhere"),
    ]


def test_a_channels_messages_are_asked_for_alone(server: FaultyServer) -> None:
    message = (
        '<div class="tgme_widget_message" data-post="wire_channel/{no}"><div class="tgme_widget_message_text">{text}'
        '</div><time datetime="2024-07-17T09:00:00+00:00"></time></div>'
    )
    page = message.format(no=7, text=SWAP) + message.format(no=8, text="A football match was won on Sunday evening.")
    server.serve("/s/wire_channel", f"<html><body>{page}</body></html>")
    source = a_source({"how": "telegram", "channel": "wire_channel", "url": server.url("/s/")})
    found = fetched(source)
    assert found.listings[0].listed == 2
    (rejected,) = found.rejections  # the message itself lies at t.me, which no test reaches
    assert rejected.item == "https://t.me/wire_channel/7"


def test_archive_pages_of_a_window(server: FaultyServer) -> None:
    link = '<html><body><a class="story" href="/article/{}">Prisoners exchanged again</a></body></html>'
    for day in (16, 17, 18):
        server.serve(f"/archive/2024-07-{day}", link.format(2 * day))
    way = {"how": "archive", "url": server.url("/archive/{date:%Y-%m-%d}"), "links": "a.story", "runs": True}
    found = fetched(a_source(way), window=Window(date(2024, 7, 17), date(2024, 7, 18)))
    assert sorted(page.url or "" for page in found.pages) == [server.url("/article/34"), server.url("/article/36")]


def test_a_layout_of_links_that_changed_is_told(server: FaultyServer) -> None:
    way = {"how": "archive", "url": server.url("/article/2"), "links": "a.story", "runs": True}
    assert checks(fetched(a_source(way))) == ["layout_changed"]


def test_sitemaps_of_a_window(server: FaultyServer) -> None:
    ways = ({"how": "sitemap", "url": server.url("/sitemap-index")}, feed(server.url("/feed?n=0")))
    found = fetched(a_source(*ways), window=Window(date(2024, 1, 1), date(2024, 1, 2)))
    asked = paths(server)
    assert "/sitemap-index" in asked
    assert "/feed?n=0" not in asked  # a feed does not reach back
    assert found.listings[0].listed > 0
    assert checks(found) == []


@pytest.mark.parametrize("path", ["/sitemap-loop", "/malformed-sitemap"])
def test_odd_sitemaps_end(server: FaultyServer, path: str) -> None:
    ways = ({"how": "sitemap", "url": server.url(path)}, feed(server.url("/feed?n=0")))
    fetched(a_source(*ways), window=Window(date(2024, 1, 1), date(2024, 1, 2)))
    assert paths(server).count(path) == 1


def test_a_windows_known_pages_are_not_fetched(server: FaultyServer) -> None:
    ways = ({"how": "sitemap", "url": server.url("/sitemap")}, feed(server.url("/feed?n=0")))
    window = Window(date(2024, 1, 1), date(2024, 1, 3))
    first = fetched(a_source(*ways), window=window)
    assert first.pages
    second = fetched(a_source(*ways), known=remembered(first), window=window)
    assert (second.pages, second.listings[0].known) == ((), len(first.pages) + first.listings[0].off_topic)


def test_fresh_is_what_a_list_did_not_name_before(server: FaultyServer) -> None:
    urls = [server.url(f"/article/{number}") for number in (1, 3, 5)]
    server.serve("/list", rss(*(("Football", url) for url in urls)))
    known = Known({server.url("/list"): KnownList(Validators(), frozenset({short_hash(urls[0])}))}, {})
    assert fetched(a_source(feed(server.url("/list"))), known=known).listings[0].fresh == 2


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({10: 500, 3: 9}, "too few: 9 articles in 7 days, expected at least 10"),
        ({10: 500, 3: 10}, None),
        ({10: 500, 3: 101}, "too many: 101 articles in 7 days, expected at most 100"),
        ({6: 2, 3: 1}, None),
        ({}, None),
        ({30: 40}, "too few: 0 articles in 7 days, expected at least 10"),
    ],
)
def test_silence_against_expectation(counts: dict[int, int], told: str | None) -> None:
    """A source is judged when it was watched for as long as its window; its first listing is no news."""
    today = date(2024, 7, 17)
    source = a_source(feed("https://wire.example/feed"), expected={"days": 7, "least": 10, "most": 100})
    assert silence(source, {today - timedelta(days=ago): count for ago, count in counts.items()}, today) == told
