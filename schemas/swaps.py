"""Swaps: one row per real exchange."""

import pandera.polars as pa
import polars as pl

from schemas.columns import day, number, rows_where, table, text
from schemas.measures import measure_checks, measure_columns
from schemas.parties import Party
from schemas.vocabulary import AGREEMENTS, DATE_PRECISIONS, SWAP_KINDS, spelled


def swaps(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per real exchange, from all who reported it."""
    return table(
        "swaps",
        "One row per real exchange, handovers of bodies alone included.",
        {
            "swap_id": text("names the exchange; stays the same from run to run"),
            "swap_kind": text(f"what was exchanged ({spelled(SWAP_KINDS)})", one_of=list(SWAP_KINDS)),
            "swap_date": day("the day it happened, on the conflict's clock; null when unknown"),
            "date_precision": text(
                f"how well the day is known ({spelled(DATE_PRECISIONS)})", one_of=list(DATE_PRECISIONS)
            ),
            "date_low": day("the earliest day it can have been"),
            "date_high": day("the latest day it can have been"),
            **measure_columns(parties),
            "reports": number("how many reports tell of it", least=1, unit="reports"),
            "sources": number("how many different sources tell of it", least=1, unit="sources"),
            "agreement": text(f"whether they agree ({spelled(AGREEMENTS)})", one_of=list(AGREEMENTS)),
            "parent_swap_id": text("the whole exchange, when this is one day of several", nullable=True),
        },
        key=["swap_id"],
        checks=[
            rows_where(
                "date_with_precision",
                (pl.col("date_precision") == "day") == pl.col("swap_date").is_not_null(),
                "swap_date stands exactly where the precision is a day",
            ),
            rows_where("dates_in_order", pl.col("date_low") <= pl.col("date_high"), "date_low is after date_high"),
            rows_where(
                "no_more_sources_than_reports",
                pl.col("sources") <= pl.col("reports"),
                "there are more sources than reports",
            ),
            *measure_checks(parties),
        ],
    )
