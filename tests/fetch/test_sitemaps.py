"""Sitemaps to listed articles, and the choice among an index's sitemaps."""

import gzip
import time
from datetime import UTC, date, datetime

import pytest

from tasks.errors import ItemError
from tasks.fetch.sitemaps import Sitemap, sitemap, sitemaps_for

URL = "https://wire.example/sitemap.xml"
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = (
    "<url><loc> https://wire.example/a </loc><lastmod>2024-07-18</lastmod><news:news>"
    "<news:publication_date>2024-07-17T12:00:00+03:00</news:publication_date><news:title>Salt &amp; bread</news:title>"
    "</news:news><image:image><image:loc>https://wire.example/a.jpg</image:loc></image:image></url>"
)


def read(inside: str, root: str = "urlset") -> Sitemap:
    return sitemap(f"<?xml version='1.0'?>\n<{root}>{inside}</{root.partition(' ')[0]}>".encode(), URL)


def refusal(content: bytes) -> str:
    with pytest.raises(ItemError) as refused:
        sitemap(content, URL)
    return refused.value.check


@pytest.mark.parametrize("root", [f"urlset {NAMESPACES}", "urlset"])
def test_a_news_page_has_its_title_and_its_day_of_publication(root: str) -> None:
    (page,) = read(NEWS, root).pages
    assert (page.url, page.title) == ("https://wire.example/a", "Salt & bread")
    assert page.published == datetime(2024, 7, 17, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2024-07-17", datetime(2024, 7, 17, tzinfo=UTC)),
        ("2024-07-17T23:30:00-03:00", datetime(2024, 7, 18, 2, 30, tzinfo=UTC)),
        ("2024-07-17T10:00Z", datetime(2024, 7, 17, 10, tzinfo=UTC)),
        ("2024-07-17T10:00:00.1234567Z", datetime(2024, 7, 17, 10, 0, 0, 123456, tzinfo=UTC)),
        ("Wed, 17 Jul 2024 10:00:00 GMT", datetime(2024, 7, 17, 10, tzinfo=UTC)),
        ("2024-07", None),
        ("0001-01-01T00:00:00+03:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times_of_change(written: str, read_as: datetime | None) -> None:
    assert read(f"<url><loc>/a</loc><lastmod>{written}</lastmod></url>").pages[0].published == read_as


def test_an_index_lists_further_sitemaps() -> None:
    found = read(
        "<sitemap><loc>/s1.xml</loc><lastmod>2024-07-17</lastmod></sitemap><sitemap><loc>/s2.xml.gz</loc></sitemap>",
        "sitemapindex",
    )
    assert found.pages == []
    assert found.further == [
        ("https://wire.example/s1.xml", datetime(2024, 7, 17, tzinfo=UTC)),
        ("https://wire.example/s2.xml.gz", None),
    ]


def test_each_address_is_given_once_and_only_those_of_the_web() -> None:
    addresses = ("/a", "https://wire.example/a", "ftp://wire.example/b", "http://[bad/x", "")
    found = read("".join(f"<url><loc>{address}</loc></url>" for address in addresses))
    assert [page.url for page in found.pages] == ["https://wire.example/a"]


def test_bare_ampersands_and_cdata_keep_the_address() -> None:
    found = read(
        "<url><loc>/a?x=1&y=2</loc></url><url><loc><![CDATA[/b?x=1&y=2]]></loc></url><url><loc>/c?x=1&amp;y=2</loc></url>"
    )
    assert [page.url.rpartition("/")[2] for page in found.pages] == ["a?x=1&y=2", "b?x=1&y=2", "c?x=1&y=2"]


@pytest.mark.parametrize("end", ["<url><loc>https://wire.example/half", "<url><loc>https://wire.example/half</lo"])
def test_what_breaks_off_is_left_out(end: str) -> None:
    whole = "<url><loc>https://wire.example/a</loc></url><url><loc>https://wire.example/b</loc><lastmod>2024-"
    assert [page.url for page in sitemap(f"<urlset>{whole}".encode(), URL).pages] == [
        "https://wire.example/a",
        "https://wire.example/b",
    ]
    content = f"<urlset><url><loc>https://wire.example/a</loc></url>{end}".encode()
    assert [page.url for page in sitemap(content, URL).pages] == ["https://wire.example/a"]


def test_unclosed_entries_are_read() -> None:
    found = read("<url><loc>https://wire.example/a</loc><url><loc>https://wire.example/b</loc>")
    assert [page.url for page in found.pages] == ["https://wire.example/a", "https://wire.example/b"]


def test_packed_sitemaps_are_unpacked_in_all_their_members_and_as_far_as_they_go() -> None:
    first, second = (
        b"<urlset><url><loc>https://wire.example/a</loc></url>",
        b"<url><loc>https://wire.example/b</loc></url>",
    )
    both = gzip.compress(first, mtime=0) + gzip.compress(second + b"</urlset>", mtime=0)
    assert len(sitemap(both, URL).pages) == 2
    many = b"<urlset>" + b"".join(b"<url><loc>https://wire.example/%d</loc></url>" % (n * n) for n in range(5_000))
    packed = gzip.compress(many, mtime=0)
    assert 0 < len(sitemap(packed[: len(packed) // 2], URL).pages) < 5_000


def test_a_bomb_is_refused_quickly() -> None:
    bomb = gzip.compress(bytes(101_000_000), compresslevel=1, mtime=0)
    began = time.perf_counter()
    assert refusal(bomb) == "size_cap"
    assert time.perf_counter() - began < 5


def test_plain_text_is_one_address_a_line() -> None:
    found = sitemap(
        "\ufeffhttps://wire.example/a\r\n\r\nhttps://wire.example/б\nhttps://wire.example/a\n".encode(), URL
    )
    assert [page.url for page in found.pages] == ["https://wire.example/a", "https://wire.example/б"]


def test_utf_16_is_read() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><urlset><url><loc>https://wire.example/a</loc></url></urlset>'
    assert len(sitemap(text.encode("utf-16"), URL).pages) == 1


def test_an_empty_sitemap_lists_nothing() -> None:
    assert read("") == Sitemap([], [])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Not found",
        b"{}",
        b"https://wire.example/a\nand more",
        b"<!DOCTYPE html><html><body><a href='/a'>a</a></body></html>",
        b'<rss version="2.0"><channel></channel></rss>',
        b"<urlset><ur",
        b"<",
        gzip.compress(b"<html></html>", mtime=0),
        b"\x1f\x8bbroken",
    ],
)
def test_what_is_no_sitemap_is_refused(content: bytes) -> None:
    assert refusal(content) == "not_a_sitemap"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("value", ['"ha"', 'SYSTEM "file:///etc/passwd"'])
def test_declared_entities_are_refused(encoding: str, value: str) -> None:
    bomb = f"<!DOCTYPE urlset [<!ENTITY a {value}>]><urlset><url><loc>https://wire.example/&a;</loc></url></urlset>"
    assert refusal(bomb.encode(encoding)) == "xml_entities"


@pytest.mark.parametrize("junk", [b"<!--" * 50_000, b"<![CDATA[" * 50_000 + b">", b"<a>" * 100_000])
def test_hostile_sitemaps_end_quickly(junk: bytes) -> None:
    began = time.perf_counter()
    assert refusal(junk) == "not_a_sitemap"
    refused_or_empty = b"<urlset>" + junk
    with pytest.raises(ItemError, match="no sitemap"):
        sitemap(refused_or_empty, URL)
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize(
    ("path", "chosen"),
    [
        ("sitemap-2024-07.xml", True),
        ("sitemap-2024-06.xml", False),
        ("sitemap-2024-08.xml", False),
        ("202407.xml", True),
        ("posts_202312.xml.gz", False),
        ("2024/07/17/sitemap.xml", True),
        ("2024/7/17.xml", True),
        ("2024/7/12.xml", False),
        ("2024/6.xml", False),
        ("20240716.xml", True),  # a day's grace on either side
        ("20240719.xml", True),
        ("20240715.xml", False),
        ("map-2024-07-20.xml", False),
        ("map.xml?year=2024&month=7", True),
        ("map.xml?month=06&year=2024", False),
        ("map.xml?yyyy=2024&mm=07&dd=17", True),
        ("map.xml?yyyy=2024&mm=07&dd=10", False),
        ("map.xml?date%5Bym%5D=2024-06", False),
        ("2024-W29.xml", True),
        ("2024w28.xml", False),
        ("map?year=2024&week=29", True),
        ("map?year=2024&week=20", False),
        ("map-2024-7.xml", True),  # a month, or the year's part 7
        ("map-2024-1.xml", True),
        ("map-2019.xml", True),  # a year, or part 2019
        ("posts-17.xml", True),
        ("id-120240699.xml", True),
    ],
)
def test_a_window_of_two_days(path: str, chosen: bool) -> None:
    address = f"https://wire.example/{path}"
    assert (sitemaps_for([(address, None)], date(2024, 7, 17), date(2024, 7, 18)) == [address]) == chosen


def test_without_a_day_in_the_address_the_last_change_decides() -> None:
    further = [
        ("https://wire.example/1.xml", datetime(2024, 7, 15, 23, tzinfo=UTC)),
        ("https://wire.example/2.xml", datetime(2024, 7, 16, 1, tzinfo=UTC)),
        ("https://wire.example/3.xml", datetime(2026, 1, 1, tzinfo=UTC)),
        ("https://wire.example/4.xml", None),
        ("https://wire.example/2024-07.xml", datetime(2024, 1, 1, tzinfo=UTC)),
    ]
    chosen = sitemaps_for(further, date(2024, 7, 17), date(2024, 7, 18))
    assert chosen == [address for address, _ in further[1:]]
