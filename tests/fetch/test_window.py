"""Which archived pages a backfill's window takes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tasks.fetch.window import KnownPage, pages_in_window

KYIV = ZoneInfo("Europe/Kyiv")
FETCHED = datetime(2024, 9, 1, 12, tzinfo=UTC)
DAY = date(2024, 7, 17)
KNOWN = {
    "first_minute": KnownPage(datetime(2024, 7, 16, 21, 0, tzinfo=UTC), frozenset("a")),
    "last_minute": KnownPage(datetime(2024, 7, 17, 20, 59, tzinfo=UTC), frozenset("b")),
    "day_before": KnownPage(datetime(2024, 7, 16, 20, 59, tzinfo=UTC), frozenset("a")),
    "undated": KnownPage(None, frozenset("a")),
}
ARCHIVED = [(content, FETCHED) for content in (*KNOWN, "refused")]


def test_days_are_whole_days_of_the_conflicts_clock() -> None:
    assert pages_in_window(ARCHIVED, KNOWN, DAY, DAY, None, KYIV) == ["first_minute", "last_minute"]


def test_undated_and_refused_pages_count_by_when_they_were_fetched() -> None:
    day = date(2024, 9, 1)
    assert pages_in_window(ARCHIVED, KNOWN, day, day, None, KYIV) == ["refused", "undated"]


def test_sources_narrow_the_window() -> None:
    assert pages_in_window(ARCHIVED, KNOWN, DAY, DAY, ["b"], KYIV) == ["last_minute"]
