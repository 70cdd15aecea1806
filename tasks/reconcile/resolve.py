"""From the reports of one exchange to its row: which number stands at the head, and whether all agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from schemas.measures import PARTY_MEASURES, wide
from schemas.parties import Party
from tasks.reconcile.match import ReportedSwap

Row = dict[str, Any]


def swap_row(swap_id: str, reports: list[ReportedSwap], parties: tuple[Party, ...]) -> Row:
    """Give the row of an exchange.

    A number that all sources give stands as it is. Where they differ, an exact number goes before a hedged one, then
    the side's own authority counts for its own people, then the number that most sources give; a tie gives null.
    Numbers are never averaged.
    """
    row: Row = {"swap_id": swap_id, "swap_kind": _kind(reports), **_date_cells(reports)}
    for party in parties:
        row |= {wide(measure, party): _headline(reports, wide(measure, party), party) for measure in PARTY_MEASURES}
        row[wide("hedge", party)] = _hedge(reports, wide("returned_to", party), wide("hedge", party), row)
        _drop_parts_of_other_totals(row, party)
    row["both_total"] = _headline(reports, "both_total", None)
    row["both_total_hedge"] = _hedge(reports, "both_total", "both_total_hedge", row)
    row["ordinal"] = _headline(reports, "ordinal", None)
    row["mediators"] = sorted({name for report in reports for name in _mediators(report)})
    sources = len({report.source for report in reports})
    agreement = _agreement(reports, sources, row, parties)
    return row | {"reports": len(reports), "sources": sources, "agreement": agreement, "parent_swap_id": None}


def _date_cells(reports: list[ReportedSwap]) -> Row:
    told = Counter(report.day for report in reports if report.day)
    ranked = told.most_common(2)
    clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
    day: date | None = ranked[0][0] if clear else None
    return {
        "swap_date": day,
        "date_precision": "day" if day else "range" if told else "unknown",
        "date_low": min(told, default=None),
        "date_high": max(told, default=None),
    }


def _kind(reports: list[ReportedSwap]) -> str:
    bodies = any(report.remains for report in reports)
    people = any(not report.is_remains_only for report in reports)
    return "both" if bodies and people else "remains" if bodies else "prisoners"


def _headline(reports: list[ReportedSwap], cell: str, party: Party | None) -> int | None:
    """Choose between what the reports say of one cell; party: whose people it counts, None for both sides'."""
    saying = [report for report in reports if report.cells.get(cell) is not None]
    if party is not None:
        exact = [report for report in saying if not _is_hedged(report, cell, party)]
        own = [report for report in exact if _is_own_word(report, cell, party)]
        agreed = next((group for group in (saying, exact, own) if len(_values(group, cell)) == 1), None)
        if agreed is not None:
            return _values(agreed, cell).pop()
        saying = exact or saying
    return _most_sources(saying, cell)


def _is_own_word(report: ReportedSwap, cell: str, party: Party) -> bool:
    """Whether a side's own authority states this cell; whose word it is, is known of the people freed only."""
    return cell == wide("returned_to", party) and report.claimants.get(party.code) == party.code


def _is_hedged(report: ReportedSwap, cell: str, party: Party) -> bool:
    return cell == wide("returned_to", party) and party.code in report.hedged


def _values(reports: Iterable[ReportedSwap], cell: str) -> set[int]:
    return {int(str(report.cells[cell])) for report in reports}


def _most_sources(saying: list[ReportedSwap], cell: str) -> int | None:
    """Give the value that most sources state; None when none is, or on a tie."""
    sources: defaultdict[int, set[str]] = defaultdict(set)
    for report in saying:
        sources[int(str(report.cells[cell]))].add(report.source)
    most = max(map(len, sources.values()), default=0)
    best = [value for value, stating in sources.items() if len(stating) == most]
    return best[0] if len(best) == 1 else None


def _hedge(reports: list[ReportedSwap], cell: str, hedge: str, row: Row) -> str | None:
    """Give the hedge of the number at the head: exact if any report that gives this number is exact."""
    if row[cell] is None:
        return None
    hedges = {str(report.cells.get(hedge)) for report in reports if report.cells.get(cell) == row[cell]}
    return "exact" if "exact" in hedges else min(hedges)


def _mediators(report: ReportedSwap) -> list[str]:
    named = report.cells.get("mediators")
    return [str(name) for name in named] if isinstance(named, list) else []


def _drop_parts_of_other_totals(row: Row, party: Party) -> None:
    """Drop a part that is larger than the number at the head: it was a part of a number that lost."""
    total = row[wide("returned_to", party)]
    for part in (wide("military_to", party), wide("civilians_to", party)):
        if row[part] is not None and (total is None or row[part] > total):
            row[part] = None


def _agreement(reports: list[ReportedSwap], sources: int, row: Row, parties: tuple[Party, ...]) -> str:
    """Say whether any two reports state different exact numbers for a cell, or nothing could be put at the head."""
    if len(reports) == 1:
        return "single_source"
    counted = {wide(measure, party): party for measure in PARTY_MEASURES for party in parties}
    for cell in [*counted, "both_total", "ordinal"]:
        saying = [report for report in reports if report.cells.get(cell) is not None]
        exact = [report for report in saying if not _is_loose(report, cell, counted.get(cell))]
        if len(_values(exact, cell)) > 1 or (len(_values(saying, cell)) > 1 and row[cell] is None):
            return "disputed"
    return "agreed" if sources > 1 else "single_source"


def _is_loose(report: ReportedSwap, cell: str, party: Party | None) -> bool:
    if party is not None:
        return _is_hedged(report, cell, party)
    return cell == "both_total" and report.cells.get("both_total_hedge") != "exact"
