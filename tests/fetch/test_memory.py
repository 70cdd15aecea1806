"""What runs remember, in a real warehouse."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tasks.fetch.discovery import page_key
from tasks.fetch.memory import known_of, known_robots, remember, survey
from tasks.fetch.visits import Robots, Validators
from tasks.load.upsert import load, load_rejections
from tasks.paths import Store
from tasks.records import Found, Listing, Rejection, Visit
from tasks.settings import Conflict
from tasks.validate.split import validate
from tests.fetch.asking import a_source, feed
from tests.making import a_reading, an_article
from tests.store.opening import opened

NOW = datetime(2024, 7, 17, 9, tzinfo=UTC)
LIST = Visit("https://wire.example/feed", "wire-en", "list", "used", NOW, 200, '"7"', "Wed, 17 Jul 2024 09:00:00 GMT")
PAGE = Visit("https://wire.example/1", "wire-en", "page", "used", NOW, 200)
SOURCE = a_source(feed(LIST.url))


def found(*visits: Visit, **listing: object) -> Found:
    entries = {visit.url: frozenset({"a", "b"}) for visit in visits if visit.outcome == "used"}
    told = Listing("wire-en", NOW, **listing)  # type: ignore[arg-type]
    return Found((), (), visits, (told,), entries)


def test_visits_are_remembered(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        remember(
            warehouse, found(LIST, PAGE), {"https://wire.example": Robots(NOW, "Allow: /")}, "1", russia_ukraine.parties
        )
        known = known_of(warehouse, "wire-en")
        assert known.lists[LIST.url].validators == Validators('"7"', "Wed, 17 Jul 2024 09:00:00 GMT")
        assert known.lists[LIST.url].entries == {"a", "b"}
        assert (known.pages[page_key(PAGE.url)].outcome, known.pages[page_key(PAGE.url)].attempts) == ("used", 0)
        assert known_robots(warehouse) == {"https://wire.example": Robots(NOW, "Allow: /")}
        assert known_of(warehouse, "other") == type(known)({}, {})


def test_a_source_that_is_heard_of_twice_at_once_ends_as_told_last(store: Store, russia_ukraine: Conflict) -> None:
    """Parts of sources are remembered together; one may have told what it heard and then failed."""
    with opened(store, russia_ukraine) as warehouse:
        told = found(LIST, listed=2) + found(PAGE, fault="no space left")
        remember(warehouse, told, {}, "1", russia_ukraine.parties)
        assert warehouse.rows("SELECT source, fault FROM listings") == [("wire-en", "no space left")]
        assert set(known_of(warehouse, "wire-en").pages) == {page_key(PAGE.url)}


@pytest.mark.parametrize("outcome", ["unchanged", "server_error"])
def test_a_list_that_gave_nothing_new_keeps_what_was_known(
    store: Store, russia_ukraine: Conflict, outcome: str
) -> None:
    later = replace(LIST, outcome=outcome, etag=None, last_modified=None, asked_at=NOW + timedelta(hours=1))
    with opened(store, russia_ukraine) as warehouse:
        for visit in (LIST, later):
            remember(warehouse, found(visit), {}, visit.outcome, russia_ukraine.parties)
        known = known_of(warehouse, "wire-en").lists[LIST.url]
        assert (known.validators.etag, known.entries) == ('"7"', {"a", "b"})


def test_attempts_are_counted_until_something_comes(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        for outcome, attempts in (("server_error", 1), ("deadline", 2), ("postponed", 2), ("soft_404", 3), ("used", 0)):
            remember(warehouse, found(replace(PAGE, outcome=outcome)), {}, outcome, russia_ukraine.parties)
            assert known_of(warehouse, "wire-en").pages[page_key(PAGE.url)].attempts == attempts


def test_twice_is_once(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        for _ in range(2):
            remember(warehouse, found(LIST, PAGE), {}, "run", russia_ukraine.parties)
        assert warehouse.rows("SELECT count(*) FROM visits") == [(2,)]
        assert warehouse.rows("SELECT count(*) FROM listings") == [(1,)]


@pytest.mark.parametrize(
    ("listings", "status", "told"),
    [
        ([], "not_asked", None),
        ([{"fresh": 5}], "working", None),
        (
            [{"fresh": 5}, {"fault": "https://wire.example/feed answers 500"}],
            "failing",
            "https://wire.example/feed answers 500",
        ),
        ([{"fault": "x"}, {"fresh": 5}], "working", None),
    ],
)
def test_how_a_source_fares(
    store: Store, russia_ukraine: Conflict, listings: list[dict[str, object]], status: str, told: str | None
) -> None:
    with opened(store, russia_ukraine) as warehouse:
        for hour, listing in enumerate(listings):
            heard = replace(Listing("wire-en", NOW + timedelta(hours=hour)), **listing)  # type: ignore[arg-type]
            remember(warehouse, Found((), (), (), (heard,)), {}, str(hour), russia_ukraine.parties)
        (row,) = survey(warehouse, [SOURCE], NOW + timedelta(hours=9), russia_ukraine.parties)
        assert (row["status"], row["told"]) == (status, told)
        assert warehouse.rows("SELECT source, status FROM sources") == [("wire-en", status)]


def test_a_source_that_falls_silent(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        for days, fresh in ((20, 40), (10, 9), (1, 0)):
            heard = Listing("wire-en", NOW - timedelta(days=days), fresh=fresh)
            remember(warehouse, Found((), (), (), (heard,)), {}, str(days), russia_ukraine.parties)
        (row,) = survey(warehouse, [SOURCE], NOW, russia_ukraine.parties)
        assert (row["status"], row["told"]) == ("silent", "too few: 0 articles in 7 days, expected at least 1")
        assert row["last_new_at"] == NOW - timedelta(days=10)
        assert row["last_success_at"] == NOW - timedelta(days=1)


def test_a_source_whose_pages_cannot_be_read_any_more(store: Store, russia_ukraine: Conflict) -> None:
    """After its site changed, every page is refused; one that is read is enough to say that it works."""
    urls = [f"https://wire.example/{number}" for number in range(4)]
    read = an_article(url=urls[3])
    with opened(store, russia_ukraine) as warehouse:
        for number, url in enumerate(urls):
            (row,) = survey(warehouse, [SOURCE], NOW, russia_ukraine.parties)
            told = "none of the last 3 pages is an article; the newest has no article in it (has_article)"
            expected = ("unread", told) if number == 3 else ("working" if number else "not_asked", None)
            assert (row["status"], row["told"]) == expected
            visit = replace(PAGE, url=url, asked_at=NOW + timedelta(minutes=number))
            heard = Listing("wire-en", visit.asked_at, fresh=5)
            remember(warehouse, Found((), (), (visit,), (heard,)), {}, str(number), russia_ukraine.parties)
            refused = Rejection("clean", url, "has_article", "has no article in it")
            load_rejections(warehouse, [refused], str(number), NOW, russia_ukraine.parties)
        load(warehouse, validate([read], [a_reading(read)], russia_ukraine).frames)
        (row,) = survey(warehouse, [SOURCE], NOW, russia_ukraine.parties)
        assert (row["status"], row["told"]) == ("working", None)


def test_a_source_that_is_off(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        (row,) = survey(warehouse, [a_source(feed(LIST.url), on=False)], NOW, russia_ukraine.parties)
        assert row["status"] == "off"
