"""One source in one run: ask its lists, choose what is new and may be relevant, and fetch those pages."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from tasks.errors import ItemError
from tasks.fetch.discovery import Ask, Heard, KnownList, Window, discover
from tasks.fetch.relevance import may_be_listed, may_be_page
from tasks.fetch.walls import charset_of, media_type_of, page_fault
from tasks.records import Answer, Found, Listed, Listing, RawPage, Rejection, Visit
from tasks.sources import Source, Telegram

MOST_PAGES = 200
"""Pages that one run asks of one source; the rest waits for the next run."""
_ATTEMPTS = 5
"""How often a page that gave nothing is asked for, over all runs."""
_FIRST_WAIT = timedelta(minutes=15)
"""Until it is asked for again; four times as long after every further attempt."""
_BELIEVED_AFTER = timedelta(hours=6)
"""How long a page is left alone that was had, even if its list says that it changed: some lists always say so."""
POSTPONED = "postponed"
_DONE = ("used", "off_topic")
_ALONE = "?embed=1&mode=tme"
"""What shows a message of a channel alone."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as it was asked for before. attempts: how often it gave nothing, since it last gave something."""

    asked_at: datetime
    outcome: str
    attempts: int = 0

    def is_due(self, now: datetime) -> bool:
        """Whether it has been left in peace for long enough."""
        return self.attempts == 0 or now - self.asked_at >= _FIRST_WAIT * 4 ** (self.attempts - 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs have asked of a source, by address."""

    lists: dict[str, KnownList]
    pages: Mapping[str, KnownPage]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will fetch of a source, and how it was chosen."""

    heard: Heard
    wanted: list[Listed]
    postponed: list[Listed]
    listing: Listing


def plan(source: Source, ask: Ask, known: Known, window: Window | None, now: datetime) -> Plan:
    """Ask a source's lists, and choose the articles to fetch: new or changed ones that may be relevant."""
    heard = discover(source, ask, known.lists, window, now.date())
    unread = [one for one in heard.listed if not _is_known(one, known.pages, now)]
    relevant = [one for one in unread if may_be_listed(one)]
    if window is None:
        relevant += _due(heard.listed, known.pages, now)
    wanted = relevant[:MOST_PAGES]
    fault = heard.rejections[0] if heard.rejections and heard.failed == heard.asked else None
    listing = Listing(
        source.key,
        now,
        listed=len(heard.listed),
        fresh=heard.fresh,
        known=len(heard.listed) - len(unread),
        passed_over=len(unread) - len(relevant),
        postponed=max(0, len(relevant) - MOST_PAGES),
        fault=f"{fault.item} {fault.message}" if fault else None,
    )
    return Plan(heard, wanted, relevant[MOST_PAGES:], listing)


def _has_changed(listed: Listed, known: KnownPage, now: datetime) -> bool:
    """Whether a list says that a page changed since it was had; a list that always says so is believed once a while."""
    told = listed.published
    return told is not None and known.asked_at < told <= now and now - known.asked_at >= _BELIEVED_AFTER


def _due(listed: list[Listed], pages: Mapping[str, KnownPage], now: datetime) -> list[Listed]:
    """Give the pages that were wanted before and not had, and that no list names now: it may not have changed."""
    named = {one.url for one in listed}
    return [
        Listed(url)
        for url, page in pages.items()
        if url not in named and page.outcome not in _DONE and page.attempts < _ATTEMPTS and page.is_due(now)
    ]


def _is_known(listed: Listed, pages: Mapping[str, KnownPage], now: datetime) -> bool:
    """Whether a page was fetched and has not changed since, as far as its list tells; or was asked for often enough."""
    known = pages.get(listed.url)
    if known is None:
        return False
    if known.outcome in _DONE:
        return not _has_changed(listed, known, now)
    return known.attempts >= _ATTEMPTS or not known.is_due(now)


def collect(source: Source, ask: Ask, planned: Plan) -> Found:
    """Fetch the pages of a plan. One that gives nothing to use is a rejection, and costs no other."""
    pages: list[RawPage] = []
    rejections: list[Rejection] = list(planned.heard.rejections)
    visits: list[Visit] = list(planned.heard.visits)
    off_topic = 0
    for listed in planned.wanted:
        asked_at = datetime.now(UTC)
        try:
            answer = ask(_address(source, listed), None, None)
            fault = page_fault(answer)
            if fault is not None:
                raise fault
        except ItemError as wrong:
            rejections.append(Rejection("fetch", listed.url, wrong.check, str(wrong)))
            visits.append(Visit(listed.url, source.key, "page", wrong.check, asked_at))
            continue
        is_page = may_be_page(answer.content)
        off_topic += not is_page
        visits.append(
            Visit(listed.url, source.key, "page", "used" if is_page else "off_topic", answer.asked_at, answer.status)
        )
        if is_page:
            pages.append(_page(source, listed, answer))
    visits += [Visit(one.url, source.key, "page", POSTPONED, planned.listing.asked_at) for one in planned.postponed]
    listing = replace(planned.listing, off_topic=off_topic)
    return Found(tuple(pages), tuple(rejections), tuple(visits), (listing,), planned.heard.entries)


def _address(source: Source, listed: Listed) -> str:
    if listed.from_address:
        return listed.from_address
    is_message = any(isinstance(way, Telegram) for way in source.discover) and listed.url.startswith("https://t.me/")
    return listed.url + _ALONE if is_message else listed.url


def _page(source: Source, listed: Listed, answer: Answer) -> RawPage:
    return RawPage(
        item=listed.url,
        content=answer.content,
        media_type="text/plain" if media_type_of(answer) == "text/plain" else "text/html",
        fetched_at=listed.captured_at or answer.asked_at,
        url=listed.url,
        charset=charset_of(answer),
        source=source.key,
    )


def silence(source: Source, fresh_by_day: Mapping[date, int], today: date) -> str | None:
    """Say how a source's lists fall out of what is expected of it; None if they do not.

    fresh_by_day: articles that its lists named for the first time, by day.
    """
    days = [(today - day).days for day in fresh_by_day]
    if not days or max(days) < source.expected.days:
        return None  # not watched for long enough
    fresh = sum(count for day, count in fresh_by_day.items() if (today - day).days < source.expected.days)
    if fresh < source.expected.least:
        return f"too few: {fresh} articles in {source.expected.days} days, expected at least {source.expected.least}"
    if fresh > source.expected.most:
        return f"too many: {fresh} articles in {source.expected.days} days, expected at most {source.expected.most}"
    return None
