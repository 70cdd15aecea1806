"""Prefect's own database in PostgreSQL: a real one, on loopback, for the life of the test."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown, which
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.counterparts.serving import PATIENCE_S, RECORD, Served, copy_project, serving, wait_until
from tests.counterparts.sites import free_port

pytestmark = [pytest.mark.counterparts, pytest.mark.timeout(600)]
USER = "prefect"
_PATIENCE_S = 30.0


def program(name: str) -> str:
    """Find a program of PostgreSQL, the newest where there are several: Debian keeps them out of the way."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    found = which(name, path=str(folders[-1])) if folders else which(name)
    if not found:
        raise RuntimeError("PostgreSQL is not installed; on Debian: apt-get install --no-install-recommends postgresql")
    return found


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of its own and give its address for Prefect.

    It refuses to run as root: then it runs as Debian's user for it, in a folder that this user can reach.
    """
    other: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with TemporaryDirectory(prefix="postgres-") as own:
        if other:
            chown(own, "postgres", "postgres")
        data, port = f"{own}/data", str(free_port())
        made = [program("initdb"), "-D", data, "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8"]
        subprocess.run(made, cwd=own, capture_output=True, check=True, timeout=_PATIENCE_S, **other)
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-p", port, "-k", own]
        with (
            (Path(own) / "log").open("wb") as log,
            subprocess.Popen([program("postgres"), "-D", data, *options], cwd=own, stderr=log, **other) as process,
        ):
            try:
                ready = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", port]
                wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, _PATIENCE_S)
                yield f"postgresql+asyncpg://{USER}@127.0.0.1:{port}/postgres"
            finally:
                process.send_signal(signal.SIGINT)  # end now, though clients are still there


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a copy of the project, whose schedule strikes every minute, on a PostgreSQL of its own."""
    project = copy_project(tmp_path_factory.mktemp("served"), "* * * * *")
    with postgres() as address, serving(project, PREFECT_API_DATABASE_CONNECTION_URL=address) as served:
        yield served


def test_four_commands_at_once_succeed_beside_the_schedule(served: Served, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.jsonl" for number in range(4)]
    for number, file in enumerate(files):
        file.write_text(json.dumps(RECORD | {"url": f"https://wire.example/one-of-four/{number}"}))
    started = [served.start("flows", "ingest", file) for file in files]
    ended = [(process.communicate(timeout=PATIENCE_S)[1], process.returncode) for process in started]
    assert [code for _, code in ended] == [0] * 4, ended
    assert served.rows("SELECT count(*) FROM articles WHERE url LIKE '%/one-of-four/%'") == [(4,)]


def test_a_manual_run_completes(served: Served) -> None:
    served.prefect("deployment", "run", "backfill/manual", "-p", "start_date=2024-07-01", "-p", "end_date=2024-07-31")
    assert served.wait_for("backfill", "Completed")["auto_scheduled"] is False


def test_a_scheduled_run_completes(served: Served) -> None:
    wait_until(lambda: any(run["auto_scheduled"] for run in served.runs("ingest", "Completed")))
    assert ("wire.example",) in served.rows("SELECT source FROM articles WHERE url = 'https://wire.example/1'")


def test_prefect_keeps_its_runs_there_and_was_never_locked_out(served: Served) -> None:
    home = Path(served.environment["PREFECT_HOME"])
    assert not list(home.glob("*.db"))
    assert "is locked" not in (home / "server.log").read_text(encoding="utf-8")
