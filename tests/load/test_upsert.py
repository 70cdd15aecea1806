"""Twice is once; a changed reading replaces the old one whole."""

from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from tasks.load.upsert import load, load_rejections
from tasks.paths import Store
from tasks.records import Loaded, Rejection, Stamp
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


def test_a_load_that_fails_in_the_middle_leaves_nothing(store: Store, russia_ukraine: Conflict) -> None:
    frames = validate([ONE], [a_reading(ONE)], russia_ukraine).frames
    broken = {**frames, "ordinal_claims": frames["ordinal_claims"].rename({"series": "serie"})}
    with opened(store, russia_ukraine) as warehouse:
        with pytest.raises(duckdb.Error):
            load(warehouse, broken)
        assert warehouse.rows("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM swap_figures)") == [(0, 0)]
        assert load(warehouse, frames) == Loaded(new=1)
