"""Table declarations to SQL: types, NOT NULL and COMMENTs all derive from the schemas."""

from collections.abc import Iterator

import pandera.polars as pa
import polars as pl

_SQL_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "VARCHAR",
    pl.Int32: "INTEGER",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMPTZ",
    pl.List: "VARCHAR[]",
}


def polars_type(column: pa.Column) -> pl.DataType:
    """Give the polars dtype of a declared column."""
    declared = column.dtype.type
    dtype: pl.DataType = declared() if isinstance(declared, type) else declared
    return dtype


def sql_type(column: pa.Column) -> str:
    """Give the DuckDB type of a declared column."""
    return _SQL_TYPES[type(polars_type(column))]


def create_table(schema: pa.DataFrameSchema, qualified: str, *, constrained: bool = True) -> Iterator[str]:
    """Give the statements that create a table with its comments.

    There is no PRIMARY KEY: a key on text costs 10 s a million rows, and every load replaces whole articles.
    """
    columns = ", ".join(
        f"{name} {sql_type(column)}{' NOT NULL' if constrained and not column.nullable else ''}"
        for name, column in schema.columns.items()
    )
    yield f"CREATE TABLE IF NOT EXISTS {qualified} ({columns})"
    yield f"COMMENT ON TABLE {qualified} IS {quoted(schema.description)}"
    for name, column in schema.columns.items():
        yield f"COMMENT ON COLUMN {qualified}.{name} IS {quoted(described(column))}"


def described(column: pa.Column) -> str:
    """Give a column's description with its unit."""
    unit = (column.metadata or {}).get("unit")
    return f"{column.description} [{unit}]" if unit else str(column.description)


def quoted(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"


def polars_schema(schema: pa.DataFrameSchema) -> dict[str, pl.DataType]:
    """Give the dtypes to build a frame of this table with."""
    return {name: polars_type(column) for name, column in schema.columns.items()}
