"""Feeds to listed articles: every version, malformed ones as far as they go, hostile ones refused at once."""

import time
from datetime import UTC, datetime

import pytest

from tasks.errors import ItemError
from tasks.fetch.feeds import entries

URL = "https://wire.example/feeds/all.xml"
NOON = datetime(2024, 7, 17, 9, tzinfo=UTC)


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Wire</title>{items}</channel></rss>'.encode()


def item(number: int, title: str = "Ferry runs again") -> str:
    return f"<item><title>{title}</title><link>https://wire.example/a/{number}</link></item>"


def refusal(content: bytes) -> str:
    with pytest.raises(ItemError) as refused:
        entries(content, URL)
    return refused.value.check


def test_an_item_of_rss_is_read_whole() -> None:
    (one,) = entries(
        rss(
            "<item><title>Bridge &amp;amp; ferry</title><link>/a/1</link>"
            "<description>&lt;p&gt;The &lt;b&gt;bri&lt;/b&gt;dge&lt;/p&gt;&lt;p&gt;is open.&lt;/p&gt;</description>"
            "<pubDate>Wed, 17 Jul 2024 12:00:00 +0300</pubDate></item>"
        ),
        URL,
    )
    assert (one.url, one.title, one.description, one.published) == (
        "https://wire.example/a/1",
        "Bridge & ferry",
        "The bridge is open.",
        NOON,
    )


@pytest.mark.parametrize(
    "content",
    [
        '<rss version="0.91"><channel><item><title>Ferry</title><link>https://wire.example/a</link></item></channel></rss>',
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.org/rss.dtd">'
        '<rss version="0.91"><channel><item><title>Ferry</title><link>https://wire.example/a</link></item></channel></rss>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="https://wire.example/a"><title>Ferry</title><link>https://wire.example/a</link></item></rdf:RDF>',
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">&lt;i&gt;Ferry&lt;/i&gt;</title>'
        '<link rel="alternate" href="https://wire.example/a"/></entry></feed>',
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Ferry</title>'
        '<link rel="alternate" type="text/html" href="https://wire.example/a"/></entry></feed>',
    ],
)
def test_every_version_is_read(content: str) -> None:
    assert [(one.url, one.title) for one in entries(content.encode(), URL)] == [("https://wire.example/a", "Ferry")]


def test_an_atom_entry_is_dated_by_its_update_where_that_is_all() -> None:
    (one,) = entries(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="b"/><updated>2024-07-17T12:00:00+03:00</updated>'
        b'<content type="html">&lt;p&gt;Rain.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</content></entry></feed>',
        URL,
    )
    assert (one.url, one.published, one.title, one.description) == (
        "https://wire.example/feeds/b",
        NOON,
        None,
        "Rain.",
    )


@pytest.mark.parametrize(
    ("guid", "found"),
    [("https://wire.example/g/1", ["https://wire.example/g/1"]), ("tag:wire.example,2024:1", [])],
)
def test_a_guid_that_is_an_address_stands_for_a_link(guid: str, found: list[str]) -> None:
    listed = entries(rss(f'{item(1)}<item><title>x</title><guid isPermaLink="false">{guid}</guid></item>'), URL)
    assert [one.url for one in listed] == ["https://wire.example/a/1", *found]


def test_links_of_other_schemes_are_passed_over_and_doubled_ones_given_once() -> None:
    mail = "<item><title>Write to us</title><link>mailto:desk@wire.example</link></item>"
    assert [one.title for one in entries(rss(item(1, "First") + mail + item(1, "Again")), URL)] == ["First"]


def test_a_time_that_cannot_be_read_is_none() -> None:
    (one,) = entries(rss("<item><link>/a</link><pubDate>yesterday</pubDate></item>"), URL)
    assert one.published is None


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-u", "utf-8", "utf-16"])
def test_declared_encodings_are_read(encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>' + rss(item(1, "Пором знову ходить"), head="").decode()
    assert entries(content.encode(encoding), URL)[0].title == "Пором знову ходить"


def test_an_empty_feed_lists_nothing() -> None:
    assert entries(rss(""), URL) == []


def test_of_a_malformed_feed_is_read_what_can_be() -> None:
    broken = "<item><title>Salt & bread \x0b<b>now</title><link>https://wire.example/a/6?x=1&y=2</link>"
    listed = entries(rss("".join(item(number) for number in range(5)) + broken), URL)
    assert [one.url for one in listed[:5]] == [f"https://wire.example/a/{number}" for number in range(5)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"<!DOCTYPE html><html><head><title>Moved</title></head><body><p>Our feeds have moved.</p></body></html>",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        b"Not found",
        b'<rss version="2.0"><channel><ti',
        b'<rss version="2.0"><channel><item><title>No address</title></item></channel></rss>',
        b"\x89PNG\r\n\x1a\n\0\0\0",
    ],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    assert refusal(content) == "not_a_feed"


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<rss version="2.0"><channel><item><title>&c;</title><link>https://wire.example/a</link></item></channel></rss>'
)


@pytest.mark.parametrize(
    "content",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        BOMB.encode("utf-16-le"),
        f'<?xml version="1.0" encoding="utf-7"?>{BOMB.replace("<", "+ADw-")}'.encode(),
        f"<!-- <rss> -->\n<?pi <!-- ?>{BOMB}<!-- --> ".encode(),
        f"junk {BOMB}".replace("DOCTYPE", "doctype").encode(),
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
    ],
)
def test_declared_entities_are_refused_before_they_are_read(content: bytes) -> None:
    began = time.perf_counter()
    assert refusal(content) == "xml_entities"
    assert time.perf_counter() - began < 1


def test_a_text_about_entities_is_no_declaration() -> None:
    story = "<item><link>/a</link><description><![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]></description></item>"
    assert len(entries(rss(story), URL)) == 1


@pytest.mark.parametrize("junk", [b"<!--" * 50_000, b"<![CDATA[" * 50_000, b"<?" * 100_000, b"<item>" * 10_000])
def test_hostile_feeds_end_quickly(junk: bytes) -> None:
    began = time.perf_counter()
    assert refusal(b'<rss version="2.0"><channel>' + junk) == "not_a_feed"
    assert refusal(junk) == "not_a_feed"
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("title", ["Ferry", "Ferry <b> & boat"])
def test_ten_thousand_items_take_seconds(title: str) -> None:
    content = rss("".join(item(number, title) for number in range(10_000)))
    began = time.perf_counter()
    assert len(entries(content, URL)) == 10_000
    assert time.perf_counter() - began < 15
