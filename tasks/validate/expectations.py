"""What pandera is asked: each table's own schema, extended by the texts and times that its rows refer to."""

import pandera.polars as pa
import polars as pl

from schemas.evidence import evidence_in_place
from schemas.ledger import loaded_tables
from schemas.parties import Party
from schemas.reports import not_after_publication

Frames = dict[str, pl.DataFrame]
_WITH_EVIDENCE = ("swap_figures", "report_evidence", "ordinal_claims")


def expected_tables(parties: tuple[Party, ...]) -> dict[str, pa.DataFrameSchema]:
    """Give the schema that each loaded table is checked against, with the columns of its context."""
    tables = dict(loaded_tables(parties))
    for name in _WITH_EVIDENCE:
        tables[name] = evidence_in_place(tables[name])
    tables["swap_reports"] = not_after_publication(tables["swap_reports"])
    return tables


def with_context(name: str, frames: Frames) -> pl.DataFrame:
    """Add to a table's rows what its checks look at in other tables."""
    if name in _WITH_EVIDENCE:
        return _with_source_text(frames[name], frames["articles"], frames["embedded_posts"])
    if name == "swap_reports":
        published = frames["articles"].select("article_id", "published_at")
        return frames[name].join(published, on="article_id", how="left", maintain_order="left")
    return frames[name]


def _with_source_text(rows: pl.DataFrame, articles: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    own = articles.select(
        "article_id", pl.lit(None, dtype=pl.Int32).alias("post_no"), pl.col("text").alias("source_text")
    )
    quoted = posts.select("article_id", "post_no", pl.col("text").alias("source_text"))
    return rows.join(
        pl.concat([own, quoted]), on=["article_id", "post_no"], how="left", nulls_equal=True, maintain_order="left"
    )


def broken_references(frames: Frames) -> list[tuple[str, int, str, str]]:
    """Find rows that refer to a row that is not there, and cells of reports that rest on nothing.

    Gives (table, row, check, message) for each.
    """
    return [*_missing_reports(frames), *_missing_figures(frames), *_cells_without_evidence(frames)]


def _missing_reports(frames: Frames) -> list[tuple[str, int, str, str]]:
    reports = frames["swap_reports"].select("article_id", "report_no")
    found = []
    for name in ("swap_figures", "report_evidence", "ordinal_claims"):
        rows = frames[name].with_row_index("row").filter(pl.col("report_no").is_not_null())
        for row in rows.join(reports, on=["article_id", "report_no"], how="anti")["row"]:
            found.append((name, row, "report_exists", "refers to a report that is not there"))
    return found


def _missing_figures(frames: Frames) -> list[tuple[str, int, str, str]]:
    rows = frames["report_evidence"].with_row_index("row").filter(pl.col("figure_id").is_not_null())
    lost = rows.join(
        frames["swap_figures"].select("article_id", "figure_id"), on=["article_id", "figure_id"], how="anti"
    )
    return [("report_evidence", row, "figure_exists", "refers to a figure that is not there") for row in lost["row"]]


def _cells_without_evidence(frames: Frames) -> list[tuple[str, int, str, str]]:
    """Every stated cell of a report has words: a number without words is a number nobody can defend."""
    keys = ("article_id", "url", "report_no")
    stated = {
        (row["article_id"], row["report_no"], row["field"]) for row in frames["report_evidence"].iter_rows(named=True)
    }
    return [
        ("swap_reports", place, "cell_has_evidence", f"{field} is stated without words for it")
        for place, row in enumerate(frames["swap_reports"].iter_rows(named=True))
        for field, value in row.items()
        if field not in keys
        and value is not None
        and value != []
        and (row["article_id"], row["report_no"], field) not in stated
    ]
