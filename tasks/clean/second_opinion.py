"""The second opinion on what the article of a page is: trafilatura's."""


def second_opinion(markup: str) -> str:
    """Give the main text of a page as trafilatura reads it, one line a paragraph; empty if it finds none.

    In its mode of precision, which is its best on news (`make cleaning`).
    """
    from trafilatura import extract  # noqa: PLC0415 - takes most of a second to import, and not every page needs it

    return extract(markup, favor_precision=True, include_comments=False, include_tables=True) or ""
