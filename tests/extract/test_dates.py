"""Dates as texts name them, and the day they mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.dates import DateMention, day_meant
from tasks.extract.rulebook import language
from tasks.extract.tokens import tag_tokens
from tasks.settings import Conflict

WEDNESDAY = date(2024, 7, 17)


@pytest.mark.parametrize(
    ("words", "published", "day"),
    [
        ("on July 17, 2024", None, date(2024, 7, 17)),
        ("on 17 July 2024", None, date(2024, 7, 17)),
        ("on the 17th of July", WEDNESDAY, date(2024, 7, 17)),
        ("on Oct. 18", date(2024, 10, 18), date(2024, 10, 18)),
        ("on July 17", None, None),
        ("on Wednesday", WEDNESDAY, WEDNESDAY),
        ("on Thursday", WEDNESDAY, date(2024, 7, 11)),
        ("today", WEDNESDAY, WEDNESDAY),
        ("yesterday", WEDNESDAY, date(2024, 7, 16)),
        ("on Wednesday", None, None),
        ("on 31 December", date(2024, 1, 2), date(2023, 12, 31)),
        ("on 18 July", WEDNESDAY, date(2024, 7, 18)),
        ("on New Year's Eve", date(2025, 1, 2), date(2024, 12, 31)),
        ("on the last day of the year", date(2024, 12, 31), date(2024, 12, 31)),
        ("on Christmas Day", None, None),
        ("on February 30, 2024", WEDNESDAY, None),
    ],
)
def test_days(words: str, published: date | None, day: date | None, russia_ukraine: Conflict) -> None:
    tokens = tag_tokens(words, 0, len(words), language("en", russia_ukraine), published)
    mention = next(token.value for token in tokens if isinstance(token.value, DateMention))
    assert day_meant(mention, published) == day


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("on July 17", "DATE"),
        ("on Tuesday", "DATE"),
        ("on 25 June", "OLD_DATE"),
        ("in August 2023", "OLD_DATE"),
        ("in July", "PERIOD"),
        ("in June", "OLD_DATE"),
        ("on 17 July 2023", "OLD_DATE"),
        ("in 2023", "YEAR"),
    ],
)
def test_what_is_no_news_any_more(words: str, tag: str, russia_ukraine: Conflict) -> None:
    tokens = tag_tokens(words, 0, len(words), language("en", russia_ukraine), WEDNESDAY)
    assert [token.tag for token in tokens][-1] == tag


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 6))
def test_a_weekday_is_of_the_last_seven_days(published: date, weekday: int) -> None:
    day = day_meant(DateMention("weekday", weekday=weekday), published)
    assert day is not None
    assert 0 <= (published - day).days < 7
    assert day.weekday() == weekday


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 300))
def test_a_day_without_a_year_is_the_last_such_day(published: date, ago: int) -> None:
    day = date.fromordinal(published.toordinal() - ago)
    assert day_meant(DateMention("day_month", day=day.day, month=day.month), published) == day


@given(st.dates(), st.integers(-400, 400))
def test_no_day_raises(published: date, shift: int) -> None:
    day_meant(DateMention("day_word", shift=shift), published)
    day_meant(DateMention("weekday", weekday=shift % 7), published)
    day_meant(DateMention("day_month", day=shift, month=shift), published)
