"""The numbers that a report and a swap share, one set of columns a party."""

from collections.abc import Iterable

import pandera.polars as pa
import polars as pl

from schemas.columns import names, number, people, rows_where, text
from schemas.parties import Party
from schemas.vocabulary import HEDGES, spelled

PARTY_MEASURES = {
    "returned_to": "people freed from the other side's captivity to {name}, civilians included",
    "military_to": "of the people freed to {name}, the prisoners of war, where the text states them",
    "civilians_to": "of the people freed to {name}, the civilians, where the text states them",
    "additional_to": "people freed to {name} whom the text sets apart from the exchange",
    "remains_to": "bodies handed over to {name}",
}
"""Measures that are stated for each party, with their meaning."""


def wide(measure: str, party: Party) -> str:
    """Name the wide column of a party's measure, as in returned_to_ukraine."""
    return f"{measure}_{party.column}"


def measure_columns(parties: tuple[Party, ...]) -> dict[str, pa.Column]:
    """Give the measure columns of the wide tables, in the order of the contract."""
    columns: dict[str, pa.Column] = {}
    for measure in ("returned_to", "military_to", "civilians_to"):
        columns |= _party_counts(measure, parties)
    for party in parties:
        columns[wide("hedge", party)] = text(
            f"how exactly returned_to_{party.column} is stated ({spelled(HEDGES)})", nullable=True, one_of=list(HEDGES)
        )
    columns |= _party_counts("additional_to", parties)
    columns["both_total"] = people("both sides' people together, only where a text states that number itself")
    columns["both_total_hedge"] = text("how exactly both_total is stated", nullable=True, one_of=list(HEDGES))
    columns["ordinal"] = number(
        "which exchange since the war began it is, in the official series of the party whose count this ledger follows",
        nullable=True,
        least=1,
    )
    columns["mediators"] = names("who mediated this exchange, by common English name; empty when none is named")
    return columns | _party_counts("remains_to", parties)


def _party_counts(measure: str, parties: tuple[Party, ...]) -> dict[str, pa.Column]:
    return {wide(measure, party): people(PARTY_MEASURES[measure].format(name=party.name)) for party in parties}


def measure_checks(parties: tuple[Party, ...]) -> list[pa.Check]:
    """Give the checks between measures: a part is no larger than its whole, a hedge needs its number."""
    return [check for party in parties for check in _party_checks(party)]


def _party_checks(party: Party) -> Iterable[pa.Check]:
    total = pl.col(wide("returned_to", party))
    for part in ("civilians_to", "military_to"):
        column = wide(part, party)
        yield rows_where(f"total_covers_{column}", total >= pl.col(column), f"{column} is larger than the total")
    hedge = pl.col(wide("hedge", party))
    yield rows_where(
        f"hedge_beside_returned_to_{party.column}",
        hedge.is_null() == total.is_null(),
        "a hedge stands exactly where a number stands",
    )
