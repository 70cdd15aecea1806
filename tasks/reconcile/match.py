"""Which reports tell of the same exchange: their days and their figures agree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

Key = tuple[str, int]
"""article_id and report_no."""
_NEARLY = 0.1
"""A hedged number agrees with another that is at most this share away."""


@dataclass(frozen=True, slots=True)
class ReportedSwap:
    """A current report, as reconcile needs it. counts and remains: party code -> people or bodies.

    hedged: the parties whose number is hedged. claimants: party code -> whose word its number is.
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


def group(reports: Iterable[ReportedSwap]) -> list[list[ReportedSwap]]:
    """Group reports by exchange. The order in which they are given does not matter.

    Dated reports are compared with those of the same day, and of the day after when a number settles it. A report
    without a day joins an exchange only if its ordinal says so, or no other exchange fits its figures.
    """
    ordered = sorted(reports, key=lambda report: (report.day or date.max, report.key))
    groups: list[list[ReportedSwap]] = []
    by_day: defaultdict[date, list[list[ReportedSwap]]] = defaultdict(list)
    for report in ordered:
        if report.day is None:
            continue
        near = [known for day in (report.day, report.day - timedelta(days=1)) for known in by_day[day]]
        joined = next((known for known in near if all(same_exchange(report, other) for other in known)), None)
        if joined is None:
            joined = []
            groups.append(joined)
            by_day[report.day].append(joined)
        joined.append(report)
    return groups + _join_undated([report for report in ordered if report.day is None], groups)


def _join_undated(undated: list[ReportedSwap], dated: list[list[ReportedSwap]]) -> list[list[ReportedSwap]]:
    """Add each undated report to the one dated group that it fits; give the groups of those that fit none."""
    candidates = list(dated)
    alone: list[list[ReportedSwap]] = []
    for report in undated:
        fitting = [known for known in candidates if all(_agree_without_day(report, other) for other in known)]
        if len(fitting) == 1:
            fitting[0].append(report)
        else:
            alone.append([report])
    return _merge_by_ordinal(alone)


def _merge_by_ordinal(alone: list[list[ReportedSwap]]) -> list[list[ReportedSwap]]:
    merged: list[list[ReportedSwap]] = []
    for reports in alone:
        home = next(
            (
                known
                for known in merged
                if reports[0].ordinal is not None and all(_agree_without_day(reports[0], other) for other in known)
            ),
            None,
        )
        if home is None:
            merged.append(reports)
        else:
            home.extend(reports)
    return merged


def same_exchange(first: ReportedSwap, second: ReportedSwap) -> bool:
    """Whether two dated reports tell of one exchange."""
    if first.is_remains_only != second.is_remains_only or _ordinals_differ(first, second):
        return False
    if first.day == second.day:
        return _figures_meet(first, second) or not _share_a_side(first, second)
    return _same_ordinal(first, second) or _both_sides_equal(first, second)


def _agree_without_day(undated: ReportedSwap, other: ReportedSwap) -> bool:
    if undated.is_remains_only != other.is_remains_only or _ordinals_differ(undated, other):
        return False
    return _same_ordinal(undated, other) or _both_sides_equal(undated, other)


def _ordinals_differ(first: ReportedSwap, second: ReportedSwap) -> bool:
    return first.ordinal is not None and second.ordinal is not None and first.ordinal != second.ordinal


def _same_ordinal(first: ReportedSwap, second: ReportedSwap) -> bool:
    return first.ordinal is not None and first.ordinal == second.ordinal


def _numbers(report: ReportedSwap) -> dict[str, int]:
    return report.remains if report.is_remains_only else report.counts


def _share_a_side(first: ReportedSwap, second: ReportedSwap) -> bool:
    return bool(_numbers(first).keys() & _numbers(second).keys())


def _figures_meet(first: ReportedSwap, second: ReportedSwap) -> bool:
    """Whether at least one side's number is the same in both."""
    shared = _numbers(first).keys() & _numbers(second).keys()
    return any(_equal(first, second, party) for party in shared)


def _both_sides_equal(first: ReportedSwap, second: ReportedSwap) -> bool:
    known = _numbers(first).keys()
    return len(known) > 1 and known == _numbers(second).keys() and all(_equal(first, second, party) for party in known)


def _equal(first: ReportedSwap, second: ReportedSwap, party: str) -> bool:
    one, other = _numbers(first)[party], _numbers(second)[party]
    if party in first.hedged | second.hedged:
        return abs(one - other) <= _NEARLY * max(one, other)
    return one == other
