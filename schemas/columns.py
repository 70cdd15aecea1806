"""The few kinds of column that the tables are made of.

Times are UTC with microseconds; days are days of the conflict's own clock; counts are whole people.
A column's description is written once, here or where the table is declared: the data dictionary, the
DDL and the COMMENTs of the database derive from it.
"""

from collections.abc import Sequence

import pandera.polars as pa
import polars as pl

INSTANT = pl.Datetime("us", "UTC")
LARGEST_COUNT = 1_000_000


def _column(
    dtype: type[pl.DataType] | pl.DataType,
    description: str,
    *,
    nullable: bool = False,
    unit: str | None = None,
    checks: Sequence[pa.Check] = (),
) -> pa.Column:
    return pa.Column(dtype, checks=list(checks), nullable=nullable, description=description, metadata={"unit": unit})


def text(description: str, *, nullable: bool = False, one_of: Sequence[str] = (), pattern: str = "") -> pa.Column:
    """Text that is never empty; `one_of` lists its only values, `pattern` is what it must match."""
    checks = [pa.Check.str_length(min_value=1, error="not_empty: is empty")]
    if one_of:
        checks = [pa.Check.isin(list(one_of), error=f"known_value: is none of {', '.join(one_of)}")]
    if pattern:
        checks = [pa.Check.str_matches(pattern, error=f"well_formed: does not match {pattern}")]
    return _column(pl.String, description, nullable=nullable, checks=checks)


def any_text(description: str, *, nullable: bool = False) -> pa.Column:
    """Text that may be empty."""
    return _column(pl.String, description, nullable=nullable)


def people(description: str, *, nullable: bool = True) -> pa.Column:
    """Count people: not negative, and not more than a war could hold."""
    bounds = pa.Check.in_range(0, LARGEST_COUNT, error=f"count_within_bounds: is not between 0 and {LARGEST_COUNT}")
    return _column(pl.Int32, description, nullable=nullable, unit="people", checks=[bounds])


def number(description: str, *, nullable: bool = False, least: int = 0, unit: str | None = None) -> pa.Column:
    """Hold a whole number, at least `least`."""
    check = pa.Check.ge(least, error=f"at_least_{least}: is less than {least}")
    return _column(pl.Int32, description, nullable=nullable, unit=unit, checks=[check])


def seconds(description: str) -> pa.Column:
    """Hold a duration in seconds."""
    return _column(pl.Float64, description, unit="s", checks=[pa.Check.ge(0, error="at_least_0: is negative")])


def instant(description: str, *, nullable: bool = False) -> pa.Column:
    """Name a moment, UTC."""
    return _column(INSTANT, description, nullable=nullable, unit="UTC")


def day(description: str, *, nullable: bool = True) -> pa.Column:
    """Name a day of the conflict's own clock."""
    return _column(pl.Date, description, nullable=nullable, unit="day")


def names(description: str) -> pa.Column:
    """List names; an empty list where there are none, never null."""
    return _column(pl.List(pl.String), description)


def table(
    name: str, description: str, columns: dict[str, pa.Column], *, key: Sequence[str], checks: Sequence[pa.Check] = ()
) -> pa.DataFrameSchema:
    """Declare a table: its columns in order, its key, and the checks that concern several columns.

    Frames are checked strictly: no column more, none less, no dtype coerced.
    """
    return pa.DataFrameSchema(
        columns,
        name=name,
        description=description,
        checks=list(checks),
        unique=list(key),
        strict=True,
        ordered=True,
        coerce=False,
        metadata={"key": list(key)},
    )


def key_of(schema: pa.DataFrameSchema) -> list[str]:
    """Give the columns that name a row of this table."""
    key: list[str] = schema.metadata["key"]
    return key


def rows_where(name: str, expression: pl.Expr, error: str) -> pa.Check:
    """Check every row by a polars expression that is true, or null, where the row is right."""
    return pa.Check(
        lambda data: data.lazyframe.select(expression.fill_null(value=True)),
        name=name,
        error=f"{name}: {error}",
        ignore_na=False,
    )
