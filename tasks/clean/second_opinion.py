"""Second opinions on a page: trafilatura's on its main text, htmldate's on its day."""

from datetime import UTC, datetime

from tasks.clean.moments import Moment


def second_opinion(markup: str) -> str:
    """Give the main text of a page as trafilatura reads it, one line a paragraph; empty if it finds none.

    In its mode of precision, which is its best on news (`make cleaning`).
    """
    from trafilatura import extract  # noqa: PLC0415 - takes most of a second to import, and not every page needs it

    return extract(markup, favor_precision=True, include_comments=False, include_tables=True) or ""


def day_found(markup: str) -> Moment | None:
    """Give the day of publication as htmldate finds it; None if it finds none."""
    from htmldate import find_date  # noqa: PLC0415 - as above

    found = find_date(markup, original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    return Moment(datetime.fromisoformat(found).replace(tzinfo=UTC), is_day=True) if found else None
