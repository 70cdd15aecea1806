"""Times as pages write them, to moments in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from tasks.clean.words import words
from tasks.records import Stamp

_DAY_ALONE = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_LIKE = re.compile(r"\d{4}-\d\d-\d\d")
_DAY_IN_PATH = re.compile(r"(?<!\d)(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY_IN_NUMBERS = re.compile(r"(?<![\d.])([0-3]?\d)[./]([01]?\d)[./](20\d\d)(?!\d)")
_HOUR = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?(?![.:]?\d)"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\b\.?)?(?: ?\(?(?P<zone>[A-Z]{1,4}T|UTC|MSK|МСК)\b)?"
)
_ZONES = {
    "UTC": 0,
    "GMT": 0,
    "BST": 1,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "МСК": 3,
    "EDT": -4,
    "EST": -5,
}
"""Hours ahead of UTC of the clocks that news names."""
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)? ([^\W\d_]{3,})\.?,? (20\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)(?!\d)")
_UNIVERSAL = re.compile(r"\s-0000\b")
"""RFC 2822 writes so a time in UTC whose place is not known."""
_MONTHS = 12
_YEARS = range(1990, 2101)
_AGENCY = re.compile(r"\([^()]*\)")
_DATELINE_CHARACTERS = 80
_DATELINE_REST = 20


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as somebody wrote it. at: in UTC. is_day: only the day was written, and its midnight UTC stands for it."""

    at: datetime
    is_day: bool

    def on(self, basis: str) -> Stamp:
        """Say what the time was taken from."""
        return Stamp(self.at, "day" if self.is_day else "time", basis)


def moment(written: str, zone: ZoneInfo) -> Moment | None:
    """Read a machine-written time: ISO 8601 or RFC 2822, of the years 1990 to 2100; None for anything else.

    A time without an offset is a time on the clock of `zone`.
    """
    written = written.strip()
    is_day = _DAY_ALONE.fullmatch(written) is not None
    try:
        parsed = _parsed(written, UTC if is_day else zone).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return Moment(parsed, is_day) if parsed.year in _YEARS else None


def _parsed(written: str, zone: tzinfo) -> datetime:
    if _ISO_LIKE.match(written):
        parsed = datetime.fromisoformat(written)
    else:
        parsed = parsedate_to_datetime(written)
        if _UNIVERSAL.search(written):
            return parsed.replace(tzinfo=UTC)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def day_in_words(text: str) -> Moment | None:
    """Read the first full date in words ("July 17, 2024", "17 липня 2024")."""
    found = _first_day(text)
    return found[0] if found else None


def moment_shown(line: str, zone: ZoneInfo) -> Moment | None:
    """Read the date that a page shows, with its hour if it stands there: "17 липня 2024 року, 16:05", "17.07.2024".

    The hour is one on the clock of `zone`.
    """
    numbers = _DAY_IN_NUMBERS.search(line)
    in_words = _first_day(line)
    day = in_words[0] if in_words else None
    if numbers:
        day = _day_in_numbers(numbers)
    if day is None:
        return None
    found = _HOUR.search(_DAY_IN_NUMBERS.sub(" ", line))
    clock = _clock(found["zone"], zone) if found else None
    hour = _of_24(int(found[1]), found["half"]) if found else None
    if found is None or clock is None or hour is None:
        return day
    return Moment(day.at.replace(hour=hour, minute=int(found[2]), tzinfo=clock).astimezone(UTC), is_day=False)


def _clock(named: str | None, zone: ZoneInfo) -> tzinfo | None:
    """Give the clock that a time is on: the named one, None if its name is not known."""
    if named is None:
        return zone
    return timezone(timedelta(hours=_ZONES[named])) if named in _ZONES else None


def _of_24(hour: int, half: str | None) -> int | None:
    """Give an hour of the day; None if it is none of a 12-hour clock that was named."""
    if half is None:
        return hour
    return hour % 12 + (12 if half in "Pp" else 0) if 1 <= hour <= 12 else None


def _day_in_numbers(found: re.Match[str]) -> Moment | None:
    """Read 17.07.2024 or 17/07/2024; None for 03/07/2024, which is July in one country and March in another."""
    first, second = int(found[1]), int(found[2])
    is_open = "/" in found[0] and first != second and first <= _MONTHS and second <= _MONTHS
    return None if is_open else _day(int(found[3]), second, first)


def has_day(line: str) -> bool:
    """Whether a line names a day with its year, in words or in numbers."""
    return _DAY_IN_NUMBERS.search(line) is not None or _first_day(line) is not None


def without_days(line: str) -> str:
    """Leave a line's dates out of it."""
    line = _DAY_IN_NUMBERS.sub(" ", line)
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        line = pattern.sub(" ", line)
    return line


def day_of_dateline(paragraph: str) -> Moment | None:
    """Read the date of a dateline, which is a place in capitals, a date in words, and a dash or a full stop."""
    found = _first_day(paragraph[:_DATELINE_CHARACTERS])
    if found is None:
        return None
    day, start, end = found
    place, rest = _AGENCY.sub("", paragraph[:start]).strip(" ,."), paragraph[end : end + _DATELINE_REST]
    return day if place.isupper() and len(place) > 1 and re.match(r"[^.–]{0,12}[.–]", rest) else None


def _first_day(text: str) -> tuple[Moment, int, int] | None:
    """Find the first full date in words, where it starts and where it ends."""
    months = words().months
    for pattern, year, month, day in ((_MONTH_FIRST, 3, 1, 2), (_DAY_FIRST, 3, 2, 1)):
        for found in pattern.finditer(text):
            if found[month].lower() in months:
                known = _day(int(found[year]), months[found[month].lower()], int(found[day]))
                return (known, found.start(), found.end()) if known else None
    return None


def day_in_address(url: str) -> Moment | None:
    """Read the day that many addresses carry (/2024/07/17/)."""
    found = _DAY_IN_PATH.search(url)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _day(year: int, month: int, day: int) -> Moment | None:
    try:
        return Moment(datetime(year, month, day, tzinfo=UTC), is_day=True)
    except ValueError:
        return None
