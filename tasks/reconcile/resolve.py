"""From the reports of one exchange to its row: which number stands at the head, and whether all agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from schemas.measures import PARTY_MEASURES, wide
from schemas.parties import Party
from tasks.reconcile.match import Key, ReportedSwap
from tasks.records import short_hash

Row = dict[str, Any]


def swap_row(swap_id: str, reports: list[ReportedSwap], parties: tuple[Party, ...]) -> Row:
    """Give the row of an exchange.

    A number that all sources give stands as it is. Where they differ, the side's own authority counts for its own
    people, then the number that most sources give; a tie gives null. Numbers are never averaged.
    """
    days = _days(reports)
    day = days[0] if len(days) == 1 else _most_told(reports)
    row: Row = {
        "swap_id": swap_id,
        "swap_kind": _kind(reports),
        "swap_date": day,
        "date_precision": "day" if day else "range" if days else "unknown",
        "date_low": days[0] if days else None,
        "date_high": days[-1] if days else None,
    }
    for measure in ("returned_to", "military_to", "civilians_to"):
        row |= {wide(measure, party): _headline(reports, wide(measure, party), party.code) for party in parties}
    row |= {wide("hedge", party): _hedge(reports, party, row[wide("returned_to", party)]) for party in parties}
    row |= {
        wide("additional_to", party): _headline(reports, wide("additional_to", party), party.code) for party in parties
    }
    row["both_total"] = _headline(reports, "both_total", None)
    row["both_total_hedge"] = _beside(reports, "both_total", row["both_total"], "both_total_hedge")
    row["ordinal"] = _headline(reports, "ordinal", None)
    row["mediators"] = sorted({name for report in reports for name in _listed(report, "mediators")})
    row |= {wide("remains_to", party): _headline(reports, wide("remains_to", party), party.code) for party in parties}
    _drop_parts_of_other_totals(row, parties)
    sources = len({report.source for report in reports})
    return row | {
        "reports": len(reports),
        "sources": sources,
        "agreement": _agreement(reports, sources, parties),
        "parent_swap_id": None,
    }


def _days(reports: list[ReportedSwap]) -> list[date]:
    return sorted({report.day for report in reports if report.day})


def _most_told(reports: list[ReportedSwap]) -> date | None:
    told = Counter(report.day for report in reports if report.day).most_common(2)
    return told[0][0] if told and (len(told) == 1 or told[0][1] > told[1][1]) else None


def _kind(reports: list[ReportedSwap]) -> str:
    bodies = any(report.remains for report in reports)
    people = any(not report.is_remains_only for report in reports)
    return "both" if bodies and people else "remains" if bodies else "prisoners"


def _headline(reports: list[ReportedSwap], cell: str, party: str | None) -> int | None:
    values = {report.cells[cell] for report in reports if report.cells.get(cell) is not None}
    own = {
        report.cells[cell]
        for report in reports
        if party and report.claimants.get(party) == party and report.cells.get(cell) is not None
    }
    for preferred in (values, own):
        if len(preferred) == 1:
            (value,) = preferred
            return int(str(value))
    sources: defaultdict[object, set[str]] = defaultdict(set)
    for report in reports:
        if report.cells.get(cell) is not None:
            sources[report.cells[cell]].add(report.source)
    ranked = sorted(sources.items(), key=lambda told: -len(told[1]))
    if not ranked or (len(ranked) > 1 and len(ranked[0][1]) == len(ranked[1][1])):
        return None
    return int(str(ranked[0][0]))


def _hedge(reports: list[ReportedSwap], party: Party, value: int | None) -> str | None:
    return _beside(reports, wide("returned_to", party), value, wide("hedge", party))


def _beside(reports: list[ReportedSwap], cell: str, value: int | None, hedge: str) -> str | None:
    """Give the hedge of a number: exact if any report that gives the number is exact."""
    if value is None:
        return None
    hedges = [
        str(report.cells[hedge]) for report in reports if report.cells.get(cell) == value and report.cells.get(hedge)
    ]
    return "exact" if "exact" in hedges else min(hedges, default="exact")


def _listed(report: ReportedSwap, cell: str) -> Iterable[str]:
    value = report.cells.get(cell)
    return [str(name) for name in value] if isinstance(value, list) else []


def _drop_parts_of_other_totals(row: Row, parties: tuple[Party, ...]) -> None:
    """Drop a part that is larger than the number at the head: it was a part of a number that lost."""
    for party in parties:
        total = row[wide("returned_to", party)]
        for part in ("military_to", "civilians_to"):
            cell = wide(part, party)
            if row[cell] is not None and (total is None or row[cell] > total):
                row[cell] = None


def _agreement(reports: list[ReportedSwap], sources: int, parties: tuple[Party, ...]) -> str:
    if sources == 1 and len(reports) == 1:
        return "single_source"
    compared = [wide(measure, party) for measure in PARTY_MEASURES for party in parties] + ["ordinal"]
    for cell in compared:
        exact = {
            report.cells[cell]
            for report in reports
            if report.cells.get(cell) is not None
            and not any(cell == wide("returned_to", party) and party.code in report.hedged for party in parties)
        }
        if len(exact) > 1:
            return "disputed"
    return "agreed" if sources > 1 else "single_source"


def name_groups(groups: list[list[ReportedSwap]], known: dict[Key, str]) -> dict[Key, str]:
    """Name every exchange, so that names stay: a group keeps the name most of its reports had.

    A name is given to one group only; a group without one is named after its first report.
    """
    names: dict[Key, str] = {}
    taken: set[str] = set()
    for reports in sorted(groups, key=lambda reports: min(report.key for report in reports)):
        held = Counter(
            known[report.key] for report in reports if report.key in known and known[report.key] not in taken
        )
        name = (
            min(held, key=lambda name: (-held[name], name)) if held else _new_name(reports, taken | set(known.values()))
        )
        taken.add(name)
        names |= {report.key: name for report in reports}
    return names


def _new_name(reports: list[ReportedSwap], taken: set[str]) -> str:
    candidates = (f"swap-{short_hash(*report.key)[:10]}" for report in sorted(reports, key=lambda report: report.key))
    return next(name for name in candidates if name not in taken)
