"""The command line as a person meets it: a process of its own, exit codes, one line for an error."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tasks.paths import SAMPLES, Store

EXPLAIN_LIMIT_S = 2.0
pytestmark = pytest.mark.usefixtures("shared_server")


def swaps(*arguments: str | Path, given: bytes = b"", timeout: float = 120) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "flows", *map(str, arguments)],
        input=given,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """Give the error line of a command that was refused: one line, no traceback, exit code 1."""
    told = done.stderr.decode()
    assert done.returncode == 1, told
    assert "Traceback" not in told
    (line,) = told.strip().splitlines()
    return line


def test_help_names_every_command() -> None:
    told = swaps("--help").stdout.decode()
    for command in ("ingest", "backfill", "sources", "explain", "query"):
        assert command in told


def worked_s() -> float:
    """Give the seconds that programs started here have worked: other than the clock's, they do not grow under load."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_explain_needs_no_database_and_no_server(samples: Path) -> None:
    begun = worked_s()
    done = swaps("explain", samples / "undated-ninety-five-each.txt")
    took = worked_s() - begun
    told = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    for part in ("=== TEXT", "=== FIGURES", "=== REPORT 1", "people freed to Ukraine: 95", "rule ", "because"):
        assert part in told
    assert took < EXPLAIN_LIMIT_S, f"explain took {took:.1f} s"


def test_explain_imports_nothing_heavy(samples: Path) -> None:
    program = (
        "import sys; from flows.cli import swaps; swaps(['explain', sys.argv[1]], standalone_mode=False); "
        "sys.exit(','.join(sorted({'prefect', 'pandera', 'duckdb', 'polars'} & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(samples / "undated-ninety-five-each.txt")], capture_output=True, check=False
    )
    assert done.stderr.strip() == b""


def test_explain_reads_standard_input() -> None:
    told = swaps("explain", "-", given=b"Ukraine and Russia have exchanged 95 prisoners of war each.").stdout.decode()
    assert "standard input" in told
    assert "people freed to Russia: 95" in told


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (bytes(300), "is not text"),
        (b'{"text": "x", ', "is not JSON"),
    ],
)
def test_explain_says_what_is_wrong(content: bytes, says: str) -> None:
    assert says in refused(swaps("explain", "-", given=content))


def test_explain_refuses_an_address() -> None:
    told = refused(swaps("explain", "https://wire.example/1"))
    assert "https://wire.example/1 is an address; save the page and name its file" in told


def test_a_run_says_what_a_server_of_its_own_costs(
    monkeypatch: pytest.MonkeyPatch, samples: Path, store: Store
) -> None:
    words = ("ingest", samples / "undated-ninety-five-each.txt", "--database", store.database)
    assert b"Prefect server" not in swaps(*words).stdout
    monkeypatch.delenv("PREFECT_API_URL")
    last = swaps(*words).stdout.decode().splitlines()[-1]
    assert re.fullmatch(r"Of its time, \d+\.\d s went into starting a Prefect server for this run alone; .+", last)


def test_an_unknown_option_is_a_usage_error() -> None:
    assert swaps("ingest", "--datbase", "x").returncode == 2


def test_a_day_that_is_none_is_a_usage_error() -> None:
    assert swaps("backfill", "--from", "2024-02-30", "--to", "2024-03-01").returncode == 2


def test_query_without_a_database_says_what_to_do(store: Store) -> None:
    assert "run `swaps ingest` first" in refused(swaps("query", "SELECT 1", "--database", store.database))


def test_ingest_shows_swaps_database_and_a_query_that_works(store: Store, samples: Path) -> None:
    done = swaps("ingest", samples, "--database", store.database)
    told = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert "Exchanges in the ledger" in told
    assert "newly published" in told
    query = told.split(" query --database", 1)[1].split('"')[1]
    shown = swaps("query", query, "--database", store.database)
    assert shown.returncode == 0, shown.stderr
    assert "2024-08-24" in shown.stdout.decode()
    again = swaps("ingest", samples, "--database", store.database).stdout.decode()
    assert "Nothing changed" in again
    assert "as it was" in again
    assert "cannot be run" in refused(swaps("query", "SELECT nothing", "--database", store.database)).splitlines()[0]


def test_a_whole_run_that_fails_says_why_in_one_line(store: Store, tmp_path: Path) -> None:
    assert "is not there; check the path" in refused(
        swaps("ingest", tmp_path / "nowhere", "--database", store.database)
    )
    (tmp_path / "empty.html").write_bytes(b"")
    assert "nothing could be used: empty.html is empty" in refused(
        swaps("ingest", tmp_path / "empty.html", "--database", store.database)
    )


def test_what_a_query_gives_is_shown_as_it_is(store: Store, samples: Path) -> None:
    swaps("ingest", samples, "--database", store.database)
    told = swaps(
        "query", "SELECT '[bold]sic[/x]' AS \"[a]\", [1, 2] AS list, NULL AS nothing", "--database", store.database
    )
    assert "[bold]sic[/x]" in told.stdout.decode()
    assert "[a]" in told.stdout.decode()
    assert swaps("query", "", "--database", store.database).returncode == 0
    wide = swaps("query", "SELECT * FROM swap_reports", "--database", store.database).stdout.decode()
    assert "contradicted: 195, 207 for UKR" in wide


def test_a_fault_of_the_program_costs_one_item_and_is_told(
    store: Store, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import tasks.clean.page as page\n"
        "right = page.clean_page\n"
        "def wrong(raw, *rest):\n"
        "    if raw.item.startswith('planned'):\n"
        "        raise ZeroDivisionError('planted')\n"
        "    return right(raw, *rest)\n"
        "page.clean_page = wrong\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = refused(swaps("ingest", samples, "--database", store.database))
    assert "the program failed on 1 of the items: planned-ankara-ombudsmen-talks.json made the program fail" in told
    assert "ZeroDivisionError: planted" in told
    monkeypatch.delenv("PYTHONPATH")
    query = "SELECT check_name, (SELECT count(*) FROM articles) FROM rejected"
    shown = swaps("query", query, "--database", store.database).stdout.decode()
    assert "unforeseen" in shown
    assert "20" in shown


@pytest.mark.parametrize("signalled", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_told_to_stop_stops(
    store: Store, samples: Path, signalled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL")
    command = [sys.executable, "-m", "flows", "ingest", str(samples), "--database", str(store.database)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(8)
    os.killpg(process.pid, signalled) if signalled == signal.SIGINT else process.send_signal(signalled)
    told = process.communicate(timeout=20)[1].decode()
    assert process.returncode in (1, 130, 143)
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        for _ in range(50):
            os.killpg(process.pid, 0)
            time.sleep(0.2)


@pytest.mark.parametrize("words", [("ingest", SAMPLES), ("sources",)])
def test_a_server_that_is_not_there_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch, words: tuple[str | Path, ...]
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "0")
    told = refused(swaps(*words, "--database", store.database))
    assert (
        "no Prefect server answers at http://127.0.0.1:9/api; start it with `make serve`, or unset PREFECT_API_URL"
        in told
    )


def test_a_backfill_without_a_ledger_makes_none(store: Store) -> None:
    told = refused(swaps("backfill", "--from", "2024-01-01", "--to", "2024-12-31", "--database", store.database))
    assert "there is no archive beside" in told
    assert not store.database.exists()


def test_standard_input_is_ingested(store: Store) -> None:
    text = b"Ukraine and Russia have exchanged 95 prisoners of war each, officials in both countries said."
    done = swaps("ingest", "-", "--database", store.database, given=text)
    assert done.returncode == 0, done.stderr
    assert "1 article: 1 new" in done.stdout.decode()


HOLD = """
import sys
from pathlib import Path
from tasks.paths import SAMPLES, Store
from tasks.settings import conflict
from tasks.warehouse import writer
with writer(Store.at(Path(sys.argv[1])), conflict().parties, "run of a colleague", 5, print):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_run_that_waits_for_another_names_it_and_then_gives_up(store: Store, samples: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("SWAPS_LOCK_TIMEOUT", "1")
            done = swaps("ingest", samples, "--database", store.database)
        holder.communicate()
    waiting, refused_line = done.stderr.decode().strip().splitlines()
    assert waiting == f"waiting for the warehouse, which is held by run of a colleague, process {holder.pid}"
    assert f"is held by run of a colleague, process {holder.pid}, for longer than 1 s" in refused_line
    assert done.returncode == 1
    assert swaps("ingest", samples, "--database", store.database).returncode == 0


def test_two_runs_at_once_both_end_well(store: Store, samples: Path) -> None:
    command = [sys.executable, "-m", "flows", "ingest", str(samples), "--database", str(store.database)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate(timeout=120)[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert all("Exchanges in the ledger" in one for one in told)
