"""`make serve` for real: a server and a worker, a scheduled run by the clock, a backfill triggered by hand."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.paths import PROJECT

pytestmark = [pytest.mark.counterparts, pytest.mark.timeout(600)]
PATIENCE_S = 240
TEXT = "Ukraine and Russia have exchanged 95 prisoners of war each, officials in both countries said on Wednesday."


@dataclass
class Served:
    """A served copy of the project, and how to speak to it."""

    project: Path
    environment: dict[str, str]

    def prefect(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return done.stdout

    def runs(self, flow: str, state: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(
            self.prefect("flow-run", "ls", "--flow-name", flow, "--state", state, "-o", "json") or "[]"
        )
        return listed

    def wait_for(self, flow: str, state: str) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if found := self.runs(flow, state):
                return found[-1]
            time.sleep(2)
        others = {other: len(self.runs(flow, other)) for other in ("Failed", "Crashed", "Late", "Running")}
        pytest.fail(f"no run of {flow} became {state}; others: {others}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.project / "data/published/swaps.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a copy of the project whose schedule strikes every minute."""
    project = tmp_path_factory.mktemp("served") / "project"
    shutil.copytree(
        PROJECT,
        project,
        ignore=shutil.ignore_patterns(
            ".venv", ".git", "tests", "archive", "warehouse", "published", "prefect", "__pycache__", ".*_cache"
        ),
    )
    declared = (project / "prefect.yaml").read_text()
    assert '"*/15 * * * *"' in declared
    (project / "prefect.yaml").write_text(declared.replace('"*/15 * * * *"', '"* * * * *"'))
    record = {"url": "https://wire.example/1", "text": TEXT, "published_at": "2024-07-17T12:00:00Z"}
    (project / "data/inbox/one.jsonl").write_text(json.dumps(record))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = os.environ | {
        "PYTHONPATH": str(project),
        "SWAPS_PORT": port,
        "PREFECT_HOME": str(project / "data/prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "flows.serve"], cwd=project, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == f"Prefect UI: http://127.0.0.1:{port}\n"
        yield Served(project, environment)
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_a_scheduled_run_is_created_by_the_clock_and_completes(served: Served) -> None:
    run = served.wait_for("ingest", "Completed")
    assert run["auto_scheduled"] is True
    assert served.rows("SELECT returned_to_ukraine, returned_to_russia FROM swaps") == [(95, 95)]
    assert served.rows("SELECT DISTINCT run_id FROM runs") == [(str(run["id"]),)]


def test_a_backfill_triggered_by_hand_completes(served: Served) -> None:
    served.wait_for("ingest", "Completed")
    served.prefect("deployment", "run", "backfill/manual", "-p", "start_date=2024-07-01", "-p", "end_date=2024-07-31")
    run = served.wait_for("backfill", "Completed")
    assert run["auto_scheduled"] is False
