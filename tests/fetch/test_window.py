"""Which archived pages a backfill's window takes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.fetch.archive import Archived
from tasks.fetch.discovery import Window
from tasks.fetch.window import KnownPage, months, pages_in_window, stale_among
from tasks.load.backfills import note_readings
from tasks.paths import Store
from tasks.settings import Conflict
from tests.store.opening import opened

KYIV = ZoneInfo("Europe/Kyiv")
FETCHED = datetime(2024, 9, 1, 12, tzinfo=UTC)
DAY = date(2024, 7, 17)
KNOWN = {
    "first_minute": KnownPage(datetime(2024, 7, 16, 21, 0, tzinfo=UTC), frozenset("a")),
    "last_minute": KnownPage(datetime(2024, 7, 17, 20, 59, tzinfo=UTC), frozenset("b")),
    "day_before": KnownPage(datetime(2024, 7, 16, 20, 59, tzinfo=UTC), frozenset("a")),
    "undated": KnownPage(None, frozenset("a")),
}
ARCHIVED = [Archived(content, FETCHED) for content in (*KNOWN, "refused")]


def chosen(day: date, sources: list[str] | None = None) -> list[str]:
    return [content for content, _ in pages_in_window(ARCHIVED, KNOWN, day, day, sources, KYIV)]


def test_days_are_whole_days_of_the_conflicts_clock() -> None:
    assert chosen(DAY) == ["first_minute", "last_minute"]
    assert {day for _, day in pages_in_window(ARCHIVED, KNOWN, DAY, DAY, None, KYIV)} == {DAY}


def test_undated_and_refused_pages_count_by_when_they_were_fetched() -> None:
    day = date(2024, 9, 1)
    assert chosen(day) == ["refused", "undated"]


def test_sources_narrow_the_window() -> None:
    assert chosen(DAY, ["b"]) == ["last_minute"]


@pytest.mark.parametrize(
    ("first", "last", "parts"),
    [
        ("2024-07-17", "2024-07-17", [("2024-07-17", "2024-07-17")]),
        ("2024-01-31", "2024-03-01", [("2024-01-31", "2024-01-31"), ("2024-02-01", "2024-02-29"), ("2024-03-01",) * 2]),
        ("2023-12-02", "2024-01-05", [("2023-12-02", "2023-12-31"), ("2024-01-01", "2024-01-05")]),
    ],
)
def test_a_window_is_cut_by_months(first: str, last: str, parts: list[tuple[str, str]]) -> None:
    made = months(date.fromisoformat(first), date.fromisoformat(last))
    assert [(str(part.first), str(part.last)) for part in made] == [tuple(part) for part in parts]


@given(first=st.dates(date(2014, 1, 1), date(2026, 1, 1)), days=st.integers(0, 9000))
def test_the_parts_of_a_window_are_the_window(first: date, days: int) -> None:
    parts = months(first, first + timedelta(days=days))
    assert [day for part in parts for day in part.days()] == list(Window(first, first + timedelta(days=days)).days())
    assert len(parts) <= 12
    assert all(part.first.day == 1 for part in parts[1:])


def test_what_another_version_read_is_stale(store: Store, russia_ukraine: Conflict) -> None:
    old, new, never = ("a" * 64, "b" * 64, "c" * 64)
    with opened(store, russia_ukraine) as warehouse:
        note_readings(warehouse, [old, new], "v1", russia_ukraine.parties)
        note_readings(warehouse, [new], "v2", russia_ukraine.parties)
        assert stale_among(warehouse, [old, new, never], "v2") == {old, never}
