"""Reports: what one article says of one exchange, and the words that each cell rests on."""

import pandera.polars as pa
import polars as pl

from schemas.articles import ID
from schemas.columns import day, instant, names, number, rows_where, table, text
from schemas.evidence import evidence_columns
from schemas.measures import measure_checks, measure_columns
from schemas.parties import Party
from schemas.vocabulary import DATE_BASES, spelled


def swap_reports(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per exchange that an article reports as having happened."""
    return table(
        "swap_reports",
        "One row per exchange that an article reports as having happened.",
        {
            "article_id": text("the article", pattern=ID),
            "url": text("the article's address", nullable=True),
            "report_no": number("1 for the article's first exchange", least=1),
            "swap_id": text("the exchange in swaps that this report belongs to"),
            "swap_date": day("the day it happened, on the conflict's clock; null when the article does not settle it"),
            "date_basis": text(
                f"what swap_date rests on ({spelled(DATE_BASES)})", nullable=True, one_of=list(DATE_BASES)
            ),
            **measure_columns(parties),
            "doubts": names("what a careful reader would question; empty when nothing"),
        },
        key=["article_id", "report_no"],
        checks=[
            rows_where(
                "date_basis_beside_swap_date",
                pl.col("swap_date").is_null() == pl.col("date_basis").is_null(),
                "a day and what it rests on stand together",
            ),
            *measure_checks(parties),
        ],
    )


def not_after_publication(schema: pa.DataFrameSchema) -> pa.DataFrameSchema:
    """Extend swap_reports by the article's published_at, and refuse an exchange after its own report.

    One day of grace: outlets west of the conflict publish on the day before, by their own clock.
    """
    latest = pl.col("published_at").dt.date() + pl.duration(days=1)
    extended = schema.add_columns({"published_at": instant("the article's publication", nullable=True)})
    extended.checks = [
        *schema.checks,
        rows_where(
            "swap_date_not_after_publication",
            pl.col("swap_date") <= latest,
            "the exchange is dated more than a day after the article",
        ),
    ]
    return extended


def report_evidence(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per words that a cell of swap_reports rests on."""
    return table(
        "report_evidence",
        "The words that each cell of swap_reports rests on; a sum has a row a part.",
        {
            "article_id": text("the article", pattern=ID),
            "report_no": number("the report", least=1),
            "field": text("the column of swap_reports"),
            "figure_id": text("the figure used; null when the cell is no figure", nullable=True, pattern=ID),
            **evidence_columns(field=True),
        },
        key=["article_id", "report_no", "field", "post_no", "start_char", "end_char"],
    )


def ordinal_claims(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per 'the 54th' of any series."""
    return table(
        "ordinal_claims",
        "Every 'the 54th exchange' of any series, told apart by whose count it is.",
        {
            "article_id": text("the article", pattern=ID),
            "report_no": number("the report it is said of; null when of none", nullable=True, least=1),
            "series": text(
                "whose count: war (since the war began), year (this year), mediator, stage, other",
                one_of=["war", "year", "mediator", "stage", "other"],
            ),
            "ordinal": number("the number", least=1),
            "claimant": text(
                "whose word it is: a party's code, a mediator's name, or null for the outlet's own", nullable=True
            ),
            **evidence_columns(),
        },
        key=["article_id", "post_no", "start_char"],
    )
