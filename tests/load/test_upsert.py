"""Twice is once; a changed reading replaces the old one whole."""

from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.load.upsert import load, load_rejections
from tasks.paths import Store
from tasks.records import Article, Loaded, Reading, Rejection, Stamp
from tasks.settings import Conflict
from tasks.validate.split import validate
from tasks.warehouse import Warehouse
from tests.making import a_reading, an_article
from tests.store.opening import NOW, opened

ONE = an_article(url="https://wire.example/one")
TWO = an_article(url="https://wire.example/two")
TABLES = ("articles", "embedded_posts", "swap_figures", "swap_reports", "report_evidence", "ordinal_claims")


def all_rows(warehouse: Warehouse) -> list[list[tuple[object, ...]]]:
    return [warehouse.rows(f"SELECT * FROM {name} ORDER BY ALL") for name in TABLES]


def test_loading_twice_changes_no_row(store: Store, russia_ukraine: Conflict) -> None:
    frames = validate([ONE, TWO], [a_reading(ONE), a_reading(TWO)], russia_ukraine).frames
    later = validate(
        [replace(ONE, fetched_at=datetime(2025, 1, 1, tzinfo=UTC), file_name="b.html"), TWO],
        [a_reading(ONE), a_reading(TWO)],
        russia_ukraine,
    ).frames
    with opened(store, russia_ukraine) as warehouse:
        assert load(warehouse, frames) == Loaded(new=2)
        first = all_rows(warehouse)
        assert load(warehouse, later) == Loaded(unchanged=2)
        assert all_rows(warehouse) == first


def test_a_new_reading_of_the_same_article_replaces_the_old_one(store: Store, russia_ukraine: Conflict) -> None:
    better = a_reading(ONE, ordinal=54)
    with opened(store, russia_ukraine) as warehouse:
        load(warehouse, validate([ONE, TWO], [a_reading(ONE), a_reading(TWO)], russia_ukraine).frames)
        assert load(warehouse, validate([ONE, TWO], [better, a_reading(TWO)], russia_ukraine).frames) == Loaded(
            changed=1, unchanged=1
        )
        assert warehouse.rows("SELECT ordinal FROM swap_reports ORDER BY ordinal") == [(54,), (None,)]
        assert warehouse.rows("SELECT count(*) FROM report_evidence") == [(13,)]
        assert warehouse.rows("SELECT count(*) FROM articles") == [(2,)]


def test_an_empty_batch_loads_nothing(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        assert load(warehouse, validate([], [], russia_ukraine).frames) == Loaded()


def test_the_same_refusal_is_kept_once(store: Store, russia_ukraine: Conflict) -> None:
    refused = Rejection("fetch", "a.html", "not_empty", "is empty")
    with opened(store, russia_ukraine) as warehouse:
        load_rejections(warehouse, [refused, refused], "run-1", NOW, russia_ukraine.parties)
        load_rejections(warehouse, [refused], "run-2", NOW, russia_ukraine.parties)
        assert warehouse.rows("SELECT run_id, item, check_name FROM rejected") == [("run-1", "a.html", "not_empty")]


def test_other_bytes_of_the_same_version_change_nothing(store: Store, russia_ukraine: Conflict) -> None:
    first = validate([ONE], [a_reading(ONE)], russia_ukraine).frames
    other = replace(ONE, content_sha256="1" * 64, published=Stamp(datetime(2024, 7, 18, tzinfo=UTC), "time", "meta"))
    second = validate([other], [a_reading(other)], russia_ukraine).frames
    with opened(store, russia_ukraine) as warehouse:
        assert load(warehouse, first) == Loaded(new=1)
        for frames in (second, first, second):
            assert load(warehouse, frames) == Loaded(unchanged=1)
        assert warehouse.rows("SELECT content_sha256 FROM articles") == [("0" * 64,)]


def seen(text: str, *days: int, url: str = "https://wire.example/one") -> Article:
    """Give a version of a page, and the days of July on which it was first and last seen."""
    first, last = (datetime(2024, 7, day, tzinfo=UTC) for day in (days[0], days[-1]))
    changes = {"url": url, "content_sha256": f"{days[0]:064x}", "fetched_at": first, "last_seen_at": last}
    return replace(an_article(text=text, url="wire.example/one"), **changes)


def loaded_alone(warehouse: Warehouse, article: Article, conflict: Conflict) -> Loaded:
    return load(
        warehouse,
        validate([article], [Reading(article.article_id, "v", no_report_because="irrelevant")], conflict).frames,
    )


def test_a_page_that_goes_back_to_what_it_said_is_current_as_it_stands(store: Store, russia_ukraine: Conflict) -> None:
    with opened(store, russia_ukraine) as warehouse:
        for number, (text, current) in enumerate([("95", "95"), ("96", "96"), ("95", "95")]):
            before = warehouse.rows("SELECT loaded FROM ledger_state")[0][0]
            loaded_alone(warehouse, seen(text, 17 + number), russia_ukraine)
            assert warehouse.rows("SELECT text FROM current_articles") == [(current,)]
            assert warehouse.rows("SELECT loaded FROM ledger_state") == [(before + 1,)]
        rows = warehouse.rows("SELECT text, version_no, day(fetched_at), day(last_seen_at) FROM article_versions")
        assert sorted(rows) == [("95", 2, 17, 19), ("96", 1, 18, 18)]


@settings(max_examples=6, deadline=None)
@given(order=st.permutations(range(5)), again=st.integers(0, 4))
def test_versions_come_out_the_same_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, russia_ukraine: Conflict, order: list[int], again: int
) -> None:
    """Read on five days, in two ways to write its address; each reading has other bytes."""
    readings = [
        seen("95", 17),
        seen("96", 18, url="http://www.wire.example/one/"),
        seen("95", 19, url="http://www.wire.example/one/"),
        seen("97", 20),
        seen("96", 21),
    ]
    store = Store.at(tmp_path_factory.mktemp("any") / "swaps.duckdb")
    with opened(store, russia_ukraine) as warehouse:
        for number in [*order, again]:
            loaded_alone(warehouse, readings[number], russia_ukraine)
        rows = warehouse.rows("SELECT text, version_no, url, right(content_sha256, 2) FROM article_versions ORDER BY 2")
    assert rows == [
        ("95", 1, "https://wire.example/one", "11"),
        ("97", 2, "https://wire.example/one", "14"),
        ("96", 3, "http://www.wire.example/one/", "12"),
    ]


def reread(text: str, content: str, url: str = "https://wire.example/one") -> Article:
    return replace(seen(text, 17, url=url), content_sha256=content * 64)


def test_what_bytes_were_read_to_before_is_withdrawn(store: Store, russia_ukraine: Conflict) -> None:
    """A better reader gives another text for the same bytes; other bytes of the page keep their own reading."""
    with opened(store, russia_ukraine) as warehouse:
        for article in (reread("95 and rubbish", "a"), reread("96", "b")):
            loaded_alone(warehouse, article, russia_ukraine)
        assert loaded_alone(warehouse, reread("95", "a"), russia_ukraine) == Loaded(new=1, withdrawn=1)
        assert sorted(warehouse.rows("SELECT text FROM articles")) == [("95",), ("96",)]
        assert loaded_alone(warehouse, reread("95", "a"), russia_ukraine) == Loaded(unchanged=1)


def test_what_a_replay_does_not_give_any_more_is_withdrawn(store: Store, russia_ukraine: Conflict) -> None:
    """Today's reader finds no article in bytes that it read before, or gives their page another name."""
    empty = validate([], [], russia_ukraine).frames
    moved = replace(reread("95", "a"), page_id="f" * 16, article_id="e" * 16)
    with opened(store, russia_ukraine) as warehouse:
        loaded_alone(warehouse, reread("95", "a"), russia_ukraine)
        loaded_alone(warehouse, reread("96", "b"), russia_ukraine)
        before = warehouse.rows("SELECT loaded FROM ledger_state")[0][0]
        assert load(warehouse, empty, ["c" * 64]) == Loaded()
        assert load(warehouse, empty, ["a" * 64]) == Loaded(withdrawn=1)
        assert warehouse.rows("SELECT text FROM articles") == [("96",)]
        assert warehouse.rows("SELECT loaded FROM ledger_state") == [(before + 1,)]
        loaded_alone(warehouse, reread("95", "a"), russia_ukraine)
        reading = Reading(moved.article_id, "v", no_report_because="irrelevant")
        assert load(warehouse, validate([moved], [reading], russia_ukraine).frames, ["a" * 64]) == Loaded(1, 0, 0, 1)
        assert sorted(warehouse.rows("SELECT article_id FROM articles WHERE text = '95'")) == [("e" * 16,)]


def test_a_file_says_nothing_of_what_a_page_says_now(store: Store, russia_ukraine: Conflict) -> None:
    """Somebody reads an old file again after its page has changed."""
    file = replace(seen("95", 17), last_seen_at=None)
    with opened(store, russia_ukraine) as warehouse:
        for article in (file, seen("96", 18), replace(file, fetched_at=datetime(2024, 7, 30, tzinfo=UTC))):
            loaded_alone(warehouse, article, russia_ukraine)
        assert warehouse.rows("SELECT text FROM current_articles") == [("96",)]


def test_a_load_that_fails_in_the_middle_leaves_nothing(store: Store, russia_ukraine: Conflict) -> None:
    frames = validate([ONE], [a_reading(ONE)], russia_ukraine).frames
    broken = {**frames, "ordinal_claims": frames["ordinal_claims"].rename({"series": "serie"})}
    with opened(store, russia_ukraine) as warehouse:
        with pytest.raises(duckdb.Error):
            load(warehouse, broken)
        assert warehouse.rows("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM swap_figures)") == [(0, 0)]
        assert load(warehouse, frames) == Loaded(new=1)
