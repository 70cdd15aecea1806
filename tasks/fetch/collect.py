"""One source in one run: ask its lists, choose what is new and may be relevant, and fetch those pages."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

from tasks.errors import StoreError
from tasks.fetch.discovery import Ask, Heard, KnownList, Window, catch_up, discover, page_key
from tasks.fetch.relevance import may_be_listed, may_be_page
from tasks.fetch.walls import charset_of, media_type_of, page_fault
from tasks.records import UNFORESEEN, Answer, Found, Gap, Listed, Listing, RawPage, Rejection, Visit, unforeseen
from tasks.sources import Source, Telegram
from tasks.web.faults import FetchError

MOST_PAGES = 200
"""Pages that one run asks of one source; the rest waits for the next run."""
MOST_S = 600.0
"""Seconds for which one run asks one source for pages."""
PART_PAGES, PART_BYTES, PART_S = 50, 64_000_000, 60.0
"""Pages, bytes and seconds after which what one run has of one source is given on, so that it is loaded."""
_MOST_FAULTS = 10
"""Faults in a row after which a source is left alone for this run."""
_ATTEMPTS = 12
"""How often scheduled runs ask for a page that gives nothing: over nine days."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=15), timedelta(days=1)
"""Until it is asked for again; four times as long after every further attempt, up to a day."""
_BELIEVED_AFTER = timedelta(hours=6)
"""How long a page is left alone that was had, even if its list says that it changed: some lists always say so."""
_GAP, _GAP_RETRIED_AFTER = timedelta(hours=12), timedelta(hours=6)
"""After so long without an answer, feeds may have forgotten what was published meanwhile; it is asked for so often."""
POSTPONED = "postponed"
_DONE = ("used", "off_topic")
_ALONE = "?embed=1&mode=tme"
"""What shows a message of a channel alone."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as it was asked for before. attempts: how often it gave nothing, since it last gave something."""

    url: str
    asked_at: datetime
    outcome: str
    attempts: int = 0

    def is_due(self, now: datetime) -> bool:
        """Whether it has been left in peace for long enough."""
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 4 ** (self.attempts - 1)) if self.attempts else timedelta(0)
        return now - self.asked_at >= wait


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs have asked of a source: lists by address, pages by what is the same of all their addresses.

    heard_at: when a list of it answered a scheduled run last. gap: days before that which could not be asked for.
    """

    lists: Mapping[str, KnownList]
    pages: Mapping[str, KnownPage]
    heard_at: datetime | None = None
    gap: Gap | None = None


def known_pages(pages: Iterable[KnownPage]) -> dict[str, KnownPage]:
    """Give pages by what is the same of all their addresses; a visit that gave one goes before one that did not."""
    ordered = sorted(pages, key=lambda page: (page.outcome in _DONE, page.asked_at))
    return {page_key(page.url): page for page in ordered}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will fetch of a source, and how it was chosen."""

    heard: Heard
    wanted: list[Listed]
    listing: Listing


def plan(source: Source, ask: Ask, known: Known, window: Window | None, now: datetime) -> Plan:
    """Ask a source's lists, and choose the articles to fetch: new or changed ones that may be relevant.

    A scheduled run that comes after a gap asks also the lists that reach back over it, until they have answered.
    """
    heard = discover(source, ask, known.lists, window, now.date())
    gap = _gap(known, now) if window is None else None
    if gap is not None and (gap.tried_at is None or now - gap.tried_at >= _GAP_RETRIED_AFTER):
        gap = gap if catch_up(heard, source, ask, gap.first, now.date()) else None
        gap = replace(gap, tried_at=now) if gap else None
    unread = [one for one in heard.listed if not _is_known(one, known.pages, window, now)]
    relevant = [one for one in unread if may_be_listed(one)]
    due = _due(heard.listed, known.pages, now) if window is None else []
    faults = [f"{one.item} {one.message}" for one in heard.rejections]
    listing = Listing(
        source.key,
        now,
        is_backfill=window is not None,
        listed=len(heard.listed),
        fresh=heard.fresh,
        known=len(heard.listed) - len(unread),
        passed_over=len(unread) - len(relevant),
        fault=faults[0] if faults and heard.failed == heard.asked else None,
        partial_fault=faults[0] if faults and heard.failed < heard.asked else None,
        gap=gap,
    )
    return Plan(heard, [*relevant, *due], listing)


def _gap(known: Known, now: datetime) -> Gap | None:
    """Give the days that no run has asked for: those of an earlier gap that is still open, or since the last answer."""
    if known.gap is not None:
        return known.gap
    is_late = known.heard_at is not None and now - known.heard_at > _GAP
    return Gap(known.heard_at.date()) if known.heard_at and is_late else None


def _has_changed(listed: Listed, known: KnownPage, now: datetime) -> bool:
    """Whether a list says that a page changed since it was had; a list that always says so is believed once a while.

    Some lists tell only the day, on which a page may still change after it was had.
    """
    told = listed.published
    if told is None or told > now or now - known.asked_at < _BELIEVED_AFTER:
        return False
    is_a_day = told.time() == time_of_day.min
    return known.asked_at < (told + timedelta(days=1) if is_a_day else told)


def _due(listed: list[Listed], pages: Mapping[str, KnownPage], now: datetime) -> list[Listed]:
    """Give the pages that were wanted before and not had, and that no list names now: it may not have changed."""
    named = {page_key(one.url) for one in listed}
    return [
        Listed(page.url)
        for key, page in pages.items()
        if key not in named and page.outcome not in _DONE and page.attempts < _ATTEMPTS and page.is_due(now)
    ]


def _is_known(listed: Listed, pages: Mapping[str, KnownPage], window: Window | None, now: datetime) -> bool:
    """Whether a page was fetched and has not changed since, as far as its list tells; or was asked for often enough.

    A backfill asks for all that is missing, however often it was asked for.
    """
    known = pages.get(page_key(listed.url))
    if known is None:
        return False
    if known.outcome in _DONE:
        return not _has_changed(listed, known, now)
    return window is None and (known.attempts >= _ATTEMPTS or not known.is_due(now))


def collect(source: Source, ask: Ask, planned: Plan, clock: Callable[[], float] = time.monotonic) -> Iterator[Found]:
    """Fetch the pages of a plan, and give them part by part; the last part says what came of the whole.

    A page that gives nothing to use is a rejection, and costs no other. A run asks a source for so many pages, for so
    long, and not on after so many faults in a row; the rest is postponed.
    """
    begun, faults_in_a_row = clock(), 0
    part, part_begun = _Part(), begun
    off_topic = postponed = 0
    is_full = False
    for number, listed in enumerate(planned.wanted):
        at = clock()
        if len(part.pages) >= PART_PAGES or part.size >= PART_BYTES or at - part_begun > PART_S:
            yield part.found()
            part, part_begun = _Part(), at
        is_full = number >= MOST_PAGES or at - begun > MOST_S
        is_enough = is_full or faults_in_a_row >= _MOST_FAULTS
        visit = Visit(listed.url, source.key, "page", POSTPONED, datetime.now(UTC))
        if not is_enough:
            page, visit, rejection = _fetch(source, ask, listed)
            faults_in_a_row = faults_in_a_row + 1 if rejection else 0
            off_topic += visit.outcome == "off_topic"
            part.pages += [page] if page else []
            part.size += len(page.content) if page else 0
            part.rejections += [rejection] if rejection else []
        postponed += visit.outcome == POSTPONED
        if listed.from_address is None or visit.outcome in _DONE:
            part.visits.append(visit)  # what is missing of an archive's copies, the next backfill lists again
    listing = replace(planned.listing, off_topic=off_topic, postponed=postponed, goes_on=is_full)
    heard = planned.heard
    yield Found((), tuple(heard.rejections), tuple(heard.visits), (listing,), heard.entries, finished=1) + part.found()


@dataclass(slots=True)
class _Part:
    """What was fetched since the last part was given. size: bytes of its pages."""

    pages: list[RawPage] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    size: int = 0

    def found(self) -> Found:
        return Found(tuple(self.pages), tuple(self.rejections), tuple(self.visits))


def _fetch(source: Source, ask: Ask, listed: Listed) -> tuple[RawPage | None, Visit, Rejection | None]:
    """Fetch one page: the page if it may be relevant, what came of the visit, and what was wrong with it."""
    visit = Visit(listed.url, source.key, "page", POSTPONED, datetime.now(UTC))
    try:
        answer = ask(_address(source, listed), None, None)
        fault = page_fault(answer)
        if fault is not None:
            raise fault
        is_page = may_be_page(answer.content)
    except StoreError:
        raise
    except FetchError as wrong:
        if not wrong.was_asked:
            return None, visit, None
        return None, replace(visit, outcome=wrong.check), Rejection("fetch", listed.url, wrong.check, str(wrong))
    except Exception as wrong:  # noqa: BLE001 - kept as a rejection, which makes the run fail at its end
        return None, replace(visit, outcome=UNFORESEEN), unforeseen("fetch", listed.url, wrong)
    visit = replace(visit, outcome="used" if is_page else "off_topic", asked_at=answer.asked_at, status=answer.status)
    return _page(source, listed, answer) if is_page else None, visit, None


def _address(source: Source, listed: Listed) -> str:
    if listed.from_address:
        return listed.from_address
    is_message = any(isinstance(way, Telegram) for way in source.discover) and listed.url.startswith("https://t.me/")
    return listed.url + _ALONE if is_message else listed.url


def _page(source: Source, listed: Listed, answer: Answer) -> RawPage:
    seen_at = listed.captured_at or answer.asked_at
    return RawPage(
        item=listed.url,
        content=answer.content,
        media_type="text/plain" if media_type_of(answer) == "text/plain" else "text/html",
        fetched_at=seen_at,
        url=listed.url,
        charset=charset_of(answer),
        source=source.key,
        last_seen_at=seen_at,
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
