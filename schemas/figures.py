"""Figures: every count of people that an article states, used or not."""

import pandera.polars as pa
import polars as pl

from schemas.articles import ID
from schemas.columns import number, people, rows_where, table, text
from schemas.evidence import evidence_columns
from schemas.parties import Party, side_codes
from schemas.vocabulary import CATEGORIES, HEDGES, KINDS, REFUSALS, spelled


def swap_figures(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per count of people in an article."""
    return table(
        "swap_figures",
        "One row per count of people that an article states: a claim with its words.",
        {
            "figure_id": text("names the figure", pattern=ID),
            "article_id": text("the article that states it", pattern=ID),
            "report_no": number("the report it belongs to; null when it belongs to none", nullable=True, least=1),
            "kind": text(f"what it counts ({spelled(KINDS)})", one_of=list(KINDS)),
            "returned_to": text(
                "whose people they are: a party's code, BOTH, or null when the text does not settle it",
                nullable=True,
                one_of=side_codes(parties),
            ),
            "category": text(f"which people ({spelled(CATEGORIES)})", one_of=list(CATEGORIES)),
            "value": people("the number; null for dozens, hundreds and ranges"),
            "value_low": people("the least it can be", nullable=False),
            "value_high": people("the most it can be; null when the words set no limit"),
            "hedge": text(f"how exactly it is stated ({spelled(HEDGES)})", one_of=list(HEDGES)),
            "claimant": text(
                "whose word it is: a party's code, a mediator's name, or null for the outlet's own", nullable=True
            ),
            **evidence_columns(),
            "refused_because": text(
                f"why no report uses it; null when one does ({spelled(REFUSALS)})", nullable=True, one_of=list(REFUSALS)
            ),
            "extractor_version": text("the version of the reader"),
        },
        key=["figure_id"],
        checks=[
            rows_where("range_in_order", pl.col("value_low") <= pl.col("value_high"), "value_low is above value_high"),
            rows_where("value_within_range", pl.col("value") >= pl.col("value_low"), "value is below value_low"),
            rows_where(
                "used_or_refused",
                pl.col("report_no").is_not_null() | pl.col("refused_because").is_not_null(),
                "a figure is in a report, or refused with a reason",
            ),
            rows_where(
                "both_for_each",
                (pl.col("returned_to") == "BOTH") | ~pl.col("kind").is_in(["each_side", "both_total"]),
                "a number for both sides has returned_to BOTH",
            ),
        ],
    )
