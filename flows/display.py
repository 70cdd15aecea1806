"""What a person sees in the terminal after a run: tables, counts, and where to go on."""

from datetime import datetime
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.tally import Tally
from schemas.measures import wide
from schemas.parties import Party
from tasks.records import Published
from tasks.warehouse import reader

_MOST_SWAPS = 25
_MOST_REFUSALS = 10
_UNBOUNDED = 100_000


def show_run(tally: Tally, console: Console, parties: tuple[Party, ...]) -> None:
    """Show what a run found, what it refused, and what to try next."""
    if tally.published is None:
        return
    show_swaps(tally.published.database, console, parties)
    show_refusals(tally, console)
    _show_difference(tally, console)
    console.print(_what_changed(tally), highlight=False, soft_wrap=True)
    if tally.parts_left:
        parts = "1 part" if tally.parts_left == 1 else f"{tally.parts_left} parts"
        told = f"Not heard to the end: {parts} of the window. The same backfill asked for again asks for the rest."
        console.print(told, highlight=False, soft_wrap=True)
    console.print(
        f"Database: {shown_path(tally.published.database)} ({_how_published(tally.published)})",
        highlight=False,
        soft_wrap=True,
    )


def _how_published(published: Published) -> str:
    if published.is_held:
        return f"held at {published.release.name}; `swaps rollback --end` lets runs publish again"
    return "newly published" if published.is_new else "as it was"


def _what_changed(tally: Tally) -> str:
    loaded = tally.loaded
    articles = "1 article" if tally.articles == 1 else f"{tally.articles} articles"
    if not tally.articles:
        return "Nothing to read: no article was found." if not tally.listings else "Nothing new: " + _asked(tally)
    if not (loaded.new or loaded.changed):
        return f"Nothing changed: the ledger already holds what was read, {articles}, and reads it the same way."
    return f"{articles}: {loaded.new} new, {loaded.changed} read differently than before, {loaded.unchanged} unchanged."


def _asked(tally: Tally) -> str:
    failing = sum(one.fault is not None for one in tally.listings)
    asked = "1 source was asked" if len(tally.listings) == 1 else f"{len(tally.listings)} sources were asked"
    return f"{asked}, {failing} of which failed (`swaps sources` says why)." if failing else f"{asked}."


def show_dry_run(tally: Tally, console: Console) -> None:
    """Show what a dry run would fetch, and what reading archived pages again would change."""
    wanted = [(source, one) for source, plan in tally.plans.items() for one in plan.wanted]
    for source, one in wanted:
        told = f"{one.published:%Y-%m-%d}" if one.published else "undated   "
        console.print(f"{told}  {source}  {one.url}", highlight=False, markup=False, soft_wrap=True)
    for plan in tally.plans.values():
        for fault in plan.heard.rejections:
            console.print(f"Not heard: {fault.item} {fault.message}", highlight=False, markup=False, soft_wrap=True)
    _show_difference(tally, console)
    archived = tally.stages["fetch"].items_in
    console.print(
        f"Dry run: {archived} archived pages were read again on trial, and {len(wanted)} addresses would be asked for; "
        "nothing was changed.",
        highlight=False,
        soft_wrap=True,
    )


def _show_difference(tally: Tally, console: Console) -> None:
    """Show what is new, changed and withdrawn, swap by swap."""
    found = tally.difference
    if found is None:
        return
    for one in found.changes[:_MOST_SWAPS]:
        line = f"{one.swap_date or 'undated   '}  {one.swap_id}  {one.how}  {'; '.join(one.told)}"
        console.print(line.rstrip(), highlight=False, markup=False, soft_wrap=True)
    if len(found.changes) > _MOST_SWAPS:
        console.print(f"... and {len(found.changes) - _MOST_SWAPS} more.", highlight=False)
    console.print(found.told(), highlight=False, soft_wrap=True)


def show_sources(rows: list[dict[str, Any]], console: Console) -> None:
    """Show how the declared sources fare."""
    table = Table(title=f"Sources: {len(rows)}", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in ("source", "status", "last success", "last new", "last article", "name"):
        table.add_column(name, no_wrap=True)
    for row in rows:
        times = (row["last_success_at"], row["last_new_at"], row["last_article_at"])
        cells = (row["source"], row["status"], *(_minute(at) for at in times), row["name"])
        table.add_row(*map(Text, cells))
    _print_whole(table, console)
    for row in rows:
        if row["told"]:
            console.print(f"{row['source']}: {row['told']}", highlight=False, markup=False, soft_wrap=True)


def _print_whole(table: Table, console: Console) -> None:
    """Print a table; where no terminal cuts it, as wide as it is."""
    if not console.is_terminal:
        console.width = console.measure(table, options=console.options.update(max_width=_UNBOUNDED)).maximum
    console.print(table)


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"


def show_swaps(database: Path, console: Console, parties: tuple[Party, ...]) -> None:
    """Show the newest exchanges of a public database."""
    with reader(database) as opened:
        (total,) = opened.rows("SELECT count(*) FROM swaps")[0]
        rows = opened.rows(_newest_swaps(parties))
    newest = f" (newest {_MOST_SWAPS})" if total > _MOST_SWAPS else ""
    table = Table(
        title=f"Exchanges in the ledger: {total}{newest}", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    table.add_column("day", no_wrap=True)
    for party in parties:
        table.add_column(f"freed to\n{party.name}", justify="right", no_wrap=True)
    table.add_column("bodies to\n" + " / ".join(party.code for party in parties), justify="right", no_wrap=True)
    table.add_column("no.", justify="right", no_wrap=True)
    table.add_column("mediators", min_width=14)
    table.add_column("reports", no_wrap=True)
    for row in rows:
        table.add_row(*_swap_cells(row))
    _print_whole(table, console)


def _newest_swaps(parties: tuple[Party, ...]) -> str:
    counts = ", ".join(
        f"{wide('returned_to', party)}, {wide('hedge', party)}, {wide('remains_to', party)}" for party in parties
    )
    return (
        f"SELECT swap_date, ordinal, mediators, reports, agreement, {counts} FROM swaps "
        f"ORDER BY swap_date DESC NULLS LAST, swap_id LIMIT {_MOST_SWAPS}"
    )


def _swap_cells(row: tuple[Any, ...]) -> list[str]:
    day, ordinal, mediators, reports, agreement, *numbers = row
    freed = [_number(value, hedge) for value, hedge in zip(numbers[0::3], numbers[1::3], strict=True)]
    bodies = " / ".join(_number(value) for value in numbers[2::3]) if any(numbers[2::3]) else "-"
    told = f"{reports}, {agreement}" if reports > 1 else "1"
    return [str(day or "unknown"), *freed, bodies, _number(ordinal), ", ".join(mediators) or "-", told]


def _number(value: int | None, hedge: str | None = None) -> str:
    if value is None:
        return "-"
    return str(value) if hedge in (None, "exact") else f"{hedge} {value}"


def show_refusals(tally: Tally, console: Console) -> None:
    """Show the first items that were refused, and why."""
    if not tally.rejections:
        return
    console.print(f"Refused: {len(tally.rejections)} (all are rows of the table rejected)", highlight=False)
    for one in tally.rejections[:_MOST_REFUSALS]:
        console.print(f"  {one.item} {one.message} [{one.check_name}]", highlight=False, markup=False, soft_wrap=True)


def show_rows(names: list[str], rows: list[tuple[Any, ...]], console: Console) -> None:
    """Show the result of a query: as a table, or where that is too wide, a line for every cell.

    Output that goes to a file or another program is never cut to the width of a terminal.
    """
    table = _table_of(names, rows)
    width = console.measure(table, options=console.options.update(max_width=_UNBOUNDED)).maximum
    if not console.is_terminal:
        console.width = width
    if width <= console.width:
        console.print(table)
        return
    for number, row in enumerate(rows, start=1):
        console.rule(f"row {number}", align="left")
        for name, cell in zip(names, row, strict=True):
            console.print(Text(f"{name}: {_shown(cell)}"))


def _table_of(names: list[str], rows: list[tuple[Any, ...]]) -> Table:
    table = Table()
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    return table


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)


def shown_path(path: Path) -> str:
    """Give a path as short as it can be from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
