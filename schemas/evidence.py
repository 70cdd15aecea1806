"""The columns by which a number is walked back to its words."""

import pandera.polars as pa
import polars as pl

from schemas.columns import any_text, number, rows_where, text


def evidence_columns(*, field: bool = False) -> dict[str, pa.Column]:
    """Give post_no, start_char, end_char, evidence and rule."""
    return {
        "post_no": number(
            "the embedded post that the words stand in; null: the article's own text", nullable=True, least=1
        ),
        "start_char": number("where the words begin, counted in characters from 0", unit="characters"),
        "end_char": number("where the words end, exclusive", unit="characters", least=1),
        "evidence": text("the words themselves: substr(text, start_char + 1, end_char - start_char)"),
        "rule": text("the rule that read them" if not field else "the rule that filled the cell from them"),
    }


def evidence_in_place(schema: pa.DataFrameSchema) -> pa.DataFrameSchema:
    """Extend a table by the text its offsets point into, and check that the words stand there.

    The frame to be checked carries one more column, `source_text`: the article's text, or the post's where
    post_no is not null. Null means that there is no such text, which fails too.
    """
    length = pl.col("end_char") - pl.col("start_char")
    words = pl.col("source_text").str.slice(pl.col("start_char"), length.clip(lower_bound=0))
    stands = pl.col("source_text").is_not_null() & (length > 0) & (words == pl.col("evidence"))
    check = rows_where("evidence_in_place", stands, "the words at start_char..end_char are not the evidence")
    extended = schema.add_columns({"source_text": any_text("the text that the offsets point into", nullable=True)})
    extended.checks = [*schema.checks, check]
    return extended
