"""The data dictionary, written from the schemas: every public table and column, once.

`python -m tasks.publish.dictionary` prints it; `make dictionary` keeps it in data/DICTIONARY.md, and a test fails
when that file is stale.
"""

import sys
from collections.abc import Iterator

import pandera.polars as pa

from schemas.columns import key_of
from schemas.ledger import VERSIONED, ledger_tables
from schemas.parties import Party
from tasks.settings import conflict

_INTRODUCTION = """# Data dictionary

Every table and column of the public database `swaps.duckdb`. Written from the schemas (`make dictionary`); do not edit.
The same descriptions stand in the database as COMMENTs: `SELECT table_name, comment FROM duckdb_tables()` and
`SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'swaps'`.

The schema `main` holds what is current. Superseded versions of pages, and what was read from them, stand in the schema
`history` with the same columns: """


def dictionary(parties: tuple[Party, ...]) -> str:
    """Write the dictionary as Markdown."""
    tables = ledger_tables(parties)
    history = ", ".join(f"`{name}`" for name in VERSIONED)
    return (
        "\n".join([_INTRODUCTION + history + ".", *(line for schema in tables.values() for line in _table(schema))])
        + "\n"
    )


def _table(schema: pa.DataFrameSchema) -> Iterator[str]:
    yield f"\n## {schema.name}\n\n{schema.description} Key: {', '.join(f'`{name}`' for name in key_of(schema))}.\n"
    yield "| column | type | null | unit | meaning |\n|---|---|---|---|---|"
    for name, column in schema.columns.items():
        unit = (column.metadata or {}).get("unit") or ""
        meaning = str(column.description).replace("|", "\\|")
        yield f"| `{name}` | {_type(column)} | {'yes' if column.nullable else 'no'} | {unit} | {meaning} |"


def _type(column: pa.Column) -> str:
    return {
        "String": "text",
        "Int32": "integer",
        "Float64": "number",
        "Date": "date",
        "List(String)": "list of texts",
        "Datetime(time_unit='us', time_zone='UTC')": "timestamp",
    }[str(column.dtype)]


def main() -> None:
    """Print the dictionary of the configured conflict."""
    sys.stdout.write(dictionary(conflict().parties))


if __name__ == "__main__":
    main()
