"""What is new, changed and withdrawn between a release and what the warehouse holds now."""

from pathlib import Path
from typing import Any

from schemas.ledger import ledger_tables
from schemas.parties import Party
from schemas.vocabulary import CHANGES
from tasks.records import Change, Counts, Difference
from tasks.warehouse import Warehouse

_FIGURES = "SELECT * FROM swap_figures WHERE article_id IN (SELECT article_id FROM current_articles)"


def difference(warehouse: Warehouse, release: Path | None, parties: tuple[Party, ...]) -> Difference:
    """Compare the warehouse with a release; without one, all is new. Columns that only one of both has do not count."""
    if release is None:
        return _compared(warehouse, parties, {}, {})
    tables = ledger_tables(parties)
    with warehouse.attached(release, "before", read_only=True):
        held = {
            name: [
                column
                for (column,) in warehouse.rows(
                    "SELECT column_name FROM duckdb_columns() WHERE database_name = 'before' AND schema_name = 'main' "
                    "AND table_name = ?",
                    [name],
                )
                if column in tables[name].columns
            ]
            for name in ("swaps", "swap_figures")
        }
        swaps = _swaps(warehouse, "before.main.swaps", held["swaps"])
        figures = _figures(warehouse, "SELECT * FROM before.main.swap_figures", held["swap_figures"])
    return _compared(warehouse, parties, swaps, figures, held)


def _compared(
    warehouse: Warehouse,
    parties: tuple[Party, ...],
    swaps: dict[str, dict[str, Any]],
    figures: dict[str, str],
    held: dict[str, list[str]] | None = None,
) -> Difference:
    tables = ledger_tables(parties)
    columns = held or {name: list(tables[name].columns) for name in ("swaps", "swap_figures")}
    now = _swaps(warehouse, "swaps", columns["swaps"])
    same = _renamed(swaps, now)
    changes = [
        change
        for name in sorted((swaps.keys() | now.keys()) - same)
        if (change := _change(name, swaps.get(name), now.get(name))) is not None
    ]
    changes.sort(key=lambda change: (str(change.swap_date), change.swap_id))
    figures_now = _figures(warehouse, _FIGURES, columns["swap_figures"])
    counted = [_how(figures.get(name), figures_now.get(name)) for name in figures.keys() | figures_now.keys()]
    return Difference(_counts([change.how for change in changes]), _counts(counted), tuple(changes))


def _swaps(warehouse: Warehouse, table: str, columns: list[str]) -> dict[str, dict[str, Any]]:
    rows = warehouse.rows(f"SELECT {', '.join(columns)} FROM {table}")
    return {row["swap_id"]: row for row in (dict(zip(columns, cells, strict=True)) for cells in rows)}


def _renamed(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> set[str]:
    """Give the names, old and new, of swaps that only bear another name: those of a rebuilt ledger may."""

    def unnamed(row: dict[str, Any]) -> str:
        return repr([cell for column, cell in row.items() if column != "swap_id"])

    gone = {unnamed(before[name]): name for name in before.keys() - after.keys()}
    come = {unnamed(after[name]): name for name in after.keys() - before.keys()}
    return {names[row] for row in gone.keys() & come.keys() for names in (gone, come)}


def _figures(warehouse: Warehouse, query: str, columns: list[str]) -> dict[str, str]:
    """Give a hash of each figure by its name. The reader's version does not count: it changes nothing by itself."""
    packed = ", ".join(f"{name} := {name}" for name in columns if name != "extractor_version")
    row = f"CAST(to_json(struct_pack({packed})) AS VARCHAR)"
    return dict(warehouse.rows(f"SELECT figure_id, md5({row}) FROM ({query})"))


def _how(before: object, after: object) -> str | None:
    if before == after:
        return None
    if before is None:
        return "new"
    return "withdrawn" if after is None else "changed"


def _change(name: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change | None:
    how = _how(before, after)
    if how is None:
        return None
    shown = after or before or {}
    told = (
        tuple(
            f"{column}: {_cell(before[column])} -> {_cell(after[column])}"
            for column in shown
            if before[column] != after[column]
        )
        if before and after
        else ()
    )
    return Change(name, shown["swap_date"], how, told)


def _cell(value: object) -> str:
    return "none" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _counts(found: list[str | None]) -> Counts:
    return {how: found.count(how) for how in CHANGES}
