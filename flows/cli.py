"""The command line: `swaps`. Heavy modules are imported by the commands that need them."""

import logging
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tasks.errors import InputError, ItemError, LedgerError
from tasks.paths import Store
from tasks.settings import conflict, database_path, requested_by

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from flows.tally import Tally
    from tasks.warehouse import Warehouse

_LONGEST_ERROR = 300
_DATABASE = click.option(
    "--database",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The public database file; everything private lies beside it. [default: data/published]",
)


_SOURCE = click.option(
    "--source", "sources", multiple=True, metavar="NAME", help="Only this source; may be given several times."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error, and Prefect's log.")
@click.version_option(package_name="swap-ledger")
@click.pass_context
def swaps(context: click.Context, *, debug: bool) -> None:
    """Keep a sourced ledger of prisoner-of-war exchanges, read from news articles."""
    context.obj = debug
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.getLogger("swaps").addHandler(handler)


@swaps.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True), metavar="[PATH]...")
@_SOURCE
@_DATABASE
@click.pass_obj
def ingest(debug: bool, paths: tuple[Path, ...], sources: tuple[str, ...], database: Path | None) -> None:
    """Read articles into the ledger and publish it.

    PATH is an html, txt, json, jsonl or warc file, a folder of them, or - for standard input. Without a PATH, the
    declared sources are asked and data/inbox is read.
    """
    if paths and sources:
        raise InputError("--source chooses among the declared sources, and a PATH is none; give one or the other")
    _prepare(debug)
    from flows.ingest import ingest as flow

    asked = time.monotonic()
    tally = flow(paths=list(paths) or None, sources=list(sources) or None, database=_absolute(database))
    _show(tally)
    _show_start(tally.begun - asked)


@swaps.command()
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day of publication.")
@click.option(
    "--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Last day of publication, inclusive."
)
@_SOURCE
@click.option("--reprocess", is_flag=True, help="Read all archived pages again with today's reader, and ask no source.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched and what would change; change nothing.")
@click.option("--reason", help="Why it is asked for; kept in the table backfills.")
@_DATABASE
@click.pass_obj
def backfill(
    debug: bool,
    first: datetime,
    last: datetime,
    sources: tuple[str, ...],
    reason: str | None,
    database: Path | None,
    *,
    reprocess: bool,
    dry_run: bool,
) -> None:
    """Read what is missing of a window of days: fetch it, and read archived pages again that are stale.

    One that was interrupted goes on where it was when it is asked for again. At its end it says what is new, changed
    and withdrawn.
    """
    _prepare(debug)
    from flows.backfill import backfill as flow

    asked = time.monotonic()
    tally = flow(
        start_date=_day(first),
        end_date=_day(last),
        sources=list(sources) or None,
        database=_absolute(database),
        reprocess=reprocess,
        dry_run=dry_run,
        reason=reason,
        requested_by=requested_by(),
    )
    _show_dry_run(tally) if dry_run else _show(tally)
    _show_start(tally.begun - asked)


@swaps.command()
@click.argument("path")
def explain(path: str) -> None:
    """Show how an article is read: the cleaned text, every figure with its words and rule, and the reports.

    PATH is a file, a folder, or - for standard input. Nothing is stored, no database and no server is needed.
    """
    from tasks.clean.page import clean_page
    from tasks.extract.explain import explain as told
    from tasks.extract.reader import read_article
    from tasks.fetch.readers import list_files, read_files
    from tasks.records import Found

    if path.startswith(("http:", "https:")):
        raise InputError(f"{path} is an address; save the page and name its file")
    found = sum(read_files(list_files([Path(path)]), sys.stdin.buffer, datetime.now(UTC)), Found())
    faults = [f"{one.item} {one.message}" for one in found.rejections]
    for page in found.pages:
        try:
            article = clean_page(page, conflict().timezone)
        except ItemError as wrong:
            faults.append(f"{page.item} {wrong}")
            continue
        click.echo(f"\n{page.item}")
        click.echo(told(article, read_article(article, conflict()), conflict()))
    if faults:
        raise InputError("; ".join(faults))


@swaps.command()
@_DATABASE
def sources(database: Path | None) -> None:
    """List the declared sources: how they fare, last success, last new article, and silence against expectation."""
    from rich.console import Console

    from flows.display import show_sources
    from tasks.fetch.memory import survey
    from tasks.sources import declared_sources

    declared, store = declared_sources(), Store.at(_absolute(database))
    with _writing(store, "swaps sources") as warehouse:
        rows = survey(warehouse, declared, datetime.now(UTC), conflict().parties)
    show_sources(rows, Console())


@swaps.command()
@click.argument("release", required=False)
@click.option("--end", is_flag=True, help="Publish the newest release again, and let runs publish.")
@_DATABASE
def rollback(release: str | None, database: Path | None, *, end: bool) -> None:
    """Make an earlier release public again, and hold it: runs go on loading, and publish nothing until --end.

    RELEASE is how its name begins, as the table `releases` has it; without it, the release before the public one.
    """
    from tasks.publish.rollback import let_go, roll_back

    if end and release:
        raise InputError("--end goes to the newest release; give a RELEASE or --end")
    store = Store.at(_absolute(database))
    store.refuse_foreign()
    if not store.releases.is_dir():
        raise InputError(f"nothing is published at {store.database}; check --database")
    with _writing(store, "swaps rollback"):
        public = let_go(store) if end else roll_back(store, release, datetime.now(UTC), requested_by())
    then = "runs publish again" if end else "runs publish nothing until `swaps rollback --end`"
    click.echo(f"Public is now {public.name}; {then}.")


@swaps.command()
@click.argument("sql")
@_DATABASE
def query(sql: str, database: Path | None) -> None:
    """Run SQL on the public database, which is opened read-only, and show the rows."""
    from rich.console import Console

    from flows.display import show_rows
    from tasks.warehouse import reader

    with reader(Store.at(_absolute(database)).database) as opened:
        names, rows = opened.result(sql)
    show_rows(names, rows, Console())


def _writing(store: Store, holder: str) -> "AbstractContextManager[Warehouse]":
    """Open the warehouse as its only writer, as runs do: by the server's limit where there is one, then by the lock."""
    from flows.environment import prepare_prefect

    prepare_prefect(quiet=True)
    from tasks.writing import writing

    return writing(store, conflict(), holder, click.echo)


def _prepare(debug: bool) -> None:
    from flows.environment import prepare_prefect

    prepare_prefect(quiet=not debug)
    import polars  # noqa: F401 - at its import it lets signals wait for system calls; ours are set after it

    for signalled in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signalled, _stop)


def _stop(signalled: int, _frame: object) -> None:
    """End at once: what is loaded is safe, and Prefect would wait for its server, which the signal has ended too."""
    from prefect.server.api.server import SubprocessASGIServer

    click.echo("swaps: stopped; what was loaded before is safe, run it again to go on", err=True)
    for server in list(SubprocessASGIServer._instances.values()):
        if server.server_process is not None:
            server.server_process.kill()
    os._exit(128 + signalled)


def _absolute(database: Path | None) -> Path | None:
    chosen = database or database_path()
    return chosen.absolute() if chosen else None


def _day(moment: datetime) -> date:
    return moment.date()


def _show(tally: "Tally") -> None:
    from rich.console import Console

    from flows.display import show_run, shown_path

    console = Console()
    show_run(tally, console, conflict().parties)
    if tally.published:
        command = shown_path(Path(sys.argv[0])) if Path(sys.argv[0]).name == "swaps" else "swaps"
        own = tally.published.database == Store.at().database
        option = "" if own else f" --database {shlex.quote(shown_path(tally.published.database))}"
        console.print(
            f'Try: {command} query{option} "{_query_to_try()}"', highlight=False, markup=False, soft_wrap=True
        )


def _show_dry_run(tally: "Tally") -> None:
    from rich.console import Console

    from flows.display import show_dry_run

    show_dry_run(tally, Console())


def _show_start(seconds: float) -> None:
    """Say what a run without a server costs: it starts one for itself."""
    from prefect.settings import get_current_settings

    if get_current_settings().api.url is None:
        click.echo(
            f"Of its time, {seconds:.1f} s went into starting a Prefect server for this run alone; `make serve` starts "
            "one for all (export the PREFECT_API_URL that it prints)."
        )


def _query_to_try() -> str:
    counts = ", ".join(f"returned_to_{party.column}" for party in conflict().parties)
    return f"SELECT swap_date, {counts}, sources, agreement FROM swaps ORDER BY swap_date"


def main(run: Callable[..., object] = swaps) -> None:
    """Run the command line; an error is one line on standard error and exit code 1."""
    debug = "--debug" in sys.argv[1:2]
    try:
        run()
    except LedgerError as wrong:
        if debug:
            raise
        click.echo(f"swaps: {wrong}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as wrong:
        if debug:
            raise
        click.echo(
            f"swaps: {wrong.filename or 'a file'}: {wrong.strerror or wrong}; check the path and its permissions",
            err=True,
        )
        sys.exit(1)
    except Exception as wrong:
        if debug:
            raise
        click.echo(f"swaps: {_told(wrong)}", err=True)
        sys.exit(1)


def _told(wrong: Exception) -> str:
    if "Failed to reach API" in str(wrong) or type(wrong).__name__ == "ConnectError":  # as flows say it, and clients
        url = os.environ.get("PREFECT_API_URL")
        return f"no Prefect server answers at {url}; start it with `make serve`, or unset PREFECT_API_URL"
    told = " ".join(f"{type(wrong).__name__}: {wrong}".split())[:_LONGEST_ERROR]
    return f"something unforeseen went wrong: {told}; run it again as `swaps --debug ...` and report what it says"
