"""The reconcile stage: all current reports in, one row per real exchange out."""

from collections import defaultdict
from typing import Any

import polars as pl

from schemas.ledger import ledger_tables
from schemas.measures import wide
from schemas.parties import Party
from tasks.ddl import polars_schema
from tasks.reconcile.match import Key, ReportedSwap, group
from tasks.reconcile.names import name_groups
from tasks.reconcile.resolve import swap_row
from tasks.warehouse import Warehouse

_REPORTS = """SELECT r.*, a.source FROM swap_reports r JOIN current_articles a USING (article_id)
    ORDER BY r.article_id, r.report_no"""
_CLAIMANTS = """SELECT e.article_id, e.report_no, e.field, any_value(f.claimant)
    FROM report_evidence e JOIN swap_figures f USING (article_id, figure_id)
    WHERE e.field LIKE 'returned_to_%' GROUP BY ALL
    HAVING count(DISTINCT f.claimant) = 1 AND count(f.claimant) = count(*)"""
"""Whose word a number is: one claimant for all figures that it is made of, or nobody's."""


def reconcile(warehouse: Warehouse, parties: tuple[Party, ...]) -> tuple[int, int]:
    """Make the swaps of the current reports, in one transaction; give how many reports and how many swaps."""
    reports = reported_swaps(warehouse, parties)
    known = {
        (article, number): name
        for article, number, name in warehouse.rows("SELECT article_id, report_no, swap_id FROM swap_members")
    }
    groups = group(reports)
    names = name_groups(groups, known)
    rows = [swap_row(names[members[0].key], members, parties) for members in groups]
    schema = ledger_tables(parties)["swaps"]
    swaps = pl.DataFrame(rows, schema=polars_schema(schema))
    schema.validate(swaps, lazy=True)
    members = pl.DataFrame(
        [(*key, name) for key, name in names.items()],
        orient="row",
        schema={"article_id": pl.String, "report_no": pl.Int32, "swap_id": pl.String},
    )
    with warehouse.frames(made=swaps, matched=members), warehouse.transaction():
        warehouse.run("DELETE FROM swaps")
        warehouse.run("INSERT INTO swaps BY NAME SELECT * FROM made")
        warehouse.run(
            "DELETE FROM swap_members WHERE (article_id, report_no) IN (SELECT (article_id, report_no) FROM matched)"
        )
        warehouse.run("INSERT INTO swap_members BY NAME SELECT * FROM matched")
        warehouse.run("UPDATE ledger_state SET reconciled = loaded")
    return len(reports), len(rows)


def reported_swaps(warehouse: Warehouse, parties: tuple[Party, ...]) -> list[ReportedSwap]:
    """Give the current reports as reconcile needs them."""
    claimants: defaultdict[Key, dict[str, str | None]] = defaultdict(dict)
    columns = {wide("returned_to", party): party.code for party in parties}
    for article, number, field, claimant in warehouse.rows(_CLAIMANTS):
        claimants[article, number][columns[field]] = claimant
    rows = warehouse.frame(_REPORTS).iter_rows(named=True)
    return [_reported(row, parties, claimants[row["article_id"], row["report_no"]]) for row in rows]


def _reported(row: dict[str, Any], parties: tuple[Party, ...], claimants: dict[str, str | None]) -> ReportedSwap:
    def stated(measure: str) -> dict[str, int]:
        return {party.code: row[wide(measure, party)] for party in parties if row[wide(measure, party)] is not None}

    hedged = frozenset(party.code for party in parties if row[wide("hedge", party)] not in (None, "exact"))
    return ReportedSwap(
        (row["article_id"], row["report_no"]),
        row["source"],
        row["swap_date"],
        stated("returned_to"),
        stated("remains_to"),
        hedged,
        claimants,
        row["ordinal"],
        row,
    )
