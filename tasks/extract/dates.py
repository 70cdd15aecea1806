"""Dates in the text, and the day that they mean seen from the publication day."""

from dataclasses import dataclass
from datetime import date, timedelta

from tasks.extract.numbers import Quantity

NEWS_DAYS = 3
"""What happened more days than this before the publication is not its news."""
_LONGEST_AGO = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as the text names it; None for the parts it does not name.

    shift: days from the publication day. is_before: it is told as lying before the news ("two days earlier").
    is_last: "last Friday", never the publication day itself.
    """

    rule: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    shift: int | None = None
    is_before: bool = False
    is_last: bool = False

    @property
    def names_a_day(self) -> bool:
        """Whether it is a day, and not a month or something wider."""
        return self.day is not None or self.weekday is not None or self.shift is not None or self.is_before

    @property
    def basis(self) -> str:
        """The word for it in date_basis."""
        if self.weekday is not None:
            return "weekday"
        return "relative" if self.shift is not None else "explicit"

    def is_old(self, published: date | None, news_days: int = NEWS_DAYS) -> bool:
        """Whether it lies too far before the publication to be its news; a month is old when it is over."""
        if self.is_before:
            return True
        if self.shift is not None:
            return -self.shift > news_days
        if self.names_a_day:
            day = day_meant(self, published)
            return day is not None and published is not None and (published - day).days > news_days
        if published is None:
            return True
        if self.month is None:
            return self.year != published.year
        return (self.year or published.year, self.month) != (published.year, published.month)


def mention_of(values: dict[str, object], rule: str) -> DateMention:
    """Make a mention of the values that a date rule found."""
    whole = {name: _number(value) for name, value in values.items()}
    shift = whole.get("shift")
    span = whole.get("span")
    feast = values.get("feast")
    month, day = feast if isinstance(feast, tuple) else (whole.get("month"), whole.get("day"))
    if span is not None:
        shift = -span * (whole.get("times") or 1)
    return DateMention(
        rule,
        day,
        month,
        whole.get("year"),
        whole.get("weekday"),
        shift,
        "before" in values,
        "last" in values,
    )


def _number(value: object) -> int | None:
    if isinstance(value, Quantity):
        return value.value
    return value if isinstance(value, int) else None


def day_meant(mention: DateMention, published: date | None) -> date | None:
    """Work out the day; None when the text and the publication day do not settle it.

    A weekday is the last such day up to publication, publication included. A day without a year is the last
    such day up to the day after publication (clocks differ).
    """
    if mention.day is not None and mention.month is not None:
        if mention.year is not None:
            return _day(mention.year, mention.month, mention.day)
        return _last_such_day(mention.month, mention.day, published) if published else None
    if published is None:
        return None
    if mention.weekday is not None:
        days = (published.weekday() - mention.weekday) % 7
        return _before(published, 7 if mention.is_last and days == 0 else days)
    return _before(published, -mention.shift) if mention.shift is not None else None


def _before(published: date, days: int) -> date | None:
    try:
        return published - timedelta(days=days)
    except OverflowError:
        return None


def _last_such_day(month: int, day: int, published: date) -> date | None:
    candidates = (_day(published.year + shift, month, day) for shift in (1, 0, -1))
    return next(
        (
            known
            for known in candidates
            if known and (published - known).days >= -1 and published - known <= _LONGEST_AGO
        ),
        None,
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
