"""Which reports tell of the same exchange: their days and their figures agree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

Key = tuple[str, int]
"""article_id and report_no."""
_NEARLY = 0.1
"""A hedged number agrees with another that is at most this share away."""
_NEIGHBOURS = timedelta(days=1)
_SAME_ORDINAL = timedelta(days=3)
"""How far apart the days of two reports of one exchange can be: over midnight; of a late one that says the ordinal."""


@dataclass(frozen=True, slots=True)
class ReportedSwap:
    """A current report, as reconcile needs it. counts and remains: party code -> people or bodies.

    hedged: the parties whose number is hedged. claimants: party code -> whose word the number of its freed people is.
    cells: the row of swap_reports.
    """

    key: Key
    source: str
    day: date | None
    counts: dict[str, int]
    remains: dict[str, int]
    hedged: frozenset[str] = frozenset()
    claimants: dict[str, str | None] = field(default_factory=dict)
    ordinal: int | None = None
    cells: dict[str, object] = field(default_factory=dict)

    @property
    def is_remains_only(self) -> bool:
        """Whether it tells of bodies and of no living people."""
        return bool(self.remains) and not self.counts

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers that it is told apart by: people, or bodies where it tells of bodies alone."""
        return self.remains if self.is_remains_only else self.counts

    @property
    def identity(self) -> int:
        """How much of it tells it apart from others: the ordinal, and the sides' numbers."""
        return 2 * (self.ordinal is not None) + len(self.numbers) - len(self.hedged & self.numbers.keys())

    @property
    def signature(self) -> tuple[object, ...]:
        """Everything that decides what it joins: reports of one signature need not be compared twice."""
        return (self.day, self.ordinal, self.hedged, *sorted(self.counts.items()), None, *sorted(self.remains.items()))


@dataclass(slots=True)
class _Group:
    reports: list[ReportedSwap] = field(default_factory=list)
    distinct: dict[tuple[object, ...], ReportedSwap] = field(default_factory=dict)

    def add(self, report: ReportedSwap) -> None:
        self.reports.append(report)
        self.distinct.setdefault(report.signature, report)

    def takes(self, report: ReportedSwap) -> bool:
        """Whether a report contradicts none of the group's, and one of them says that it belongs here."""
        known = self.distinct.values()
        return not any(contradict(report, other) for other in known) and any(connect(report, other) for other in known)


def group(reports: Iterable[ReportedSwap]) -> list[list[ReportedSwap]]:
    """Group reports by exchange. The order in which they are given, and their names, do not matter.

    Those that say most of what they tell of go first, so that a vague report finds the exchanges there already. One
    that fits several joins the one told most on its own day: having no number of its own, it changes none. A report
    without a day joins last, and only if exactly one exchange fits.
    """
    ordered = sorted(reports, key=lambda report: (-report.identity, repr(report.signature), report.key))
    groups: list[_Group] = []
    by_day: defaultdict[date, list[_Group]] = defaultdict(list)
    for report in ordered:
        if report.day is not None:
            joined = _best([near for near in _near(by_day, report.day) if near.takes(report)], report.day)
            _join(joined, report, groups, by_day)
    for report in ordered:
        if report.day is None:
            fitting = [known for known in groups if known.takes(report)]
            _join(fitting[0] if len(fitting) == 1 else None, report, groups, by_day)
    return [known.reports for known in groups]


def _near(by_day: dict[date, list[_Group]], day: date) -> list[_Group]:
    reach = range(-_SAME_ORDINAL.days, _SAME_ORDINAL.days + 1)
    found = (known for shift in reach for known in by_day.get(day + timedelta(days=shift), ()))
    return list({id(known): known for known in found}.values())


def _best(fitting: list[_Group], day: date) -> _Group | None:
    def rank(known: _Group) -> tuple[bool, int, str]:
        same_day = any(report.day == day for report in known.distinct.values())
        return (not same_day, -len(known.reports), repr(sorted(map(repr, known.distinct))))

    return min(fitting, key=rank, default=None)


def _join(
    joined: _Group | None, report: ReportedSwap, groups: list[_Group], by_day: defaultdict[date, list[_Group]]
) -> None:
    home = joined or _Group()
    if joined is None:
        groups.append(home)
    if report.day is not None and not any(home is known for known in by_day[report.day]):
        by_day[report.day].append(home)
    home.add(report)


def contradict(first: ReportedSwap, second: ReportedSwap) -> bool:
    """Whether two reports cannot be of one exchange: people against bodies, ordinals, days, all shared numbers."""
    if first.is_remains_only != second.is_remains_only or _ordinals_differ(first, second):
        return True
    if first.day is not None and second.day is not None and abs(first.day - second.day) > _reach(first, second):
        return True
    return _shares_a_side(first, second) and not _numbers_meet(first, second) and not _same_ordinal(first, second)


def connect(first: ReportedSwap, second: ReportedSwap) -> bool:
    """Whether two reports that do not contradict each other say that they are of one exchange.

    On one day: a number agrees, or there is none to compare. Otherwise the ordinal says so, or both sides' numbers do;
    without any day these must differ from each other, because "95 each" has happened more than once.
    """
    if first.day is not None and first.day == second.day:
        return _numbers_meet(first, second) or not _shares_a_side(first, second)
    if _same_ordinal(first, second):
        return True
    telling = (first.day is not None and second.day is not None) or len(set(first.numbers.values())) > 1
    return telling and _both_sides_equal(first, second)


def _reach(first: ReportedSwap, second: ReportedSwap) -> timedelta:
    return _SAME_ORDINAL if _same_ordinal(first, second) else _NEIGHBOURS


def _ordinals_differ(first: ReportedSwap, second: ReportedSwap) -> bool:
    return first.ordinal is not None and second.ordinal is not None and first.ordinal != second.ordinal


def _same_ordinal(first: ReportedSwap, second: ReportedSwap) -> bool:
    return first.ordinal is not None and first.ordinal == second.ordinal


def _shares_a_side(first: ReportedSwap, second: ReportedSwap) -> bool:
    return bool(first.numbers.keys() & second.numbers.keys())


def _numbers_meet(first: ReportedSwap, second: ReportedSwap) -> bool:
    """Whether at least one side's number is the same in both."""
    return any(_equal(first, second, party) for party in first.numbers.keys() & second.numbers.keys())


def _both_sides_equal(first: ReportedSwap, second: ReportedSwap) -> bool:
    known = first.numbers.keys()
    return len(known) > 1 and known == second.numbers.keys() and all(_equal(first, second, party) for party in known)


def _equal(first: ReportedSwap, second: ReportedSwap, party: str) -> bool:
    one, other = first.numbers[party], second.numbers[party]
    if party in first.hedged | second.hedged:
        return abs(one - other) <= _NEARLY * max(one, other)
    return one == other
