"""Counterpart of the flows: a copy of the project, served by a real Prefect server and worker on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest
from prefect.client.orchestration import SyncPrefectClient

from tasks.paths import PROJECT
from tests.counterparts.sites import free_port

Answer = TypeVar("Answer")
PATIENCE_S = 240.0
SCHEDULE = '"*/15 * * * *"'
RECORD = {
    "url": "https://wire.example/1",
    "text": "Ukraine and Russia exchanged 95 prisoners of war each, officials in both countries said on Wednesday.",
    "published_at": "2024-07-17T12:00:00Z",
}
_LEFT_OUT = (".venv", ".bench", ".peers", ".pywb", ".git", "tests", "archive", "warehouse", "published", "prefect")


@dataclass
class Served:
    """A served copy of the project, and how to speak to it. process: what `make serve` starts."""

    project: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", *map(str, arguments)]

    def run(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a module of the copy in its environment."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=check,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a module of the copy in its environment."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def prefect(self, *arguments: str) -> str:
        return self.run("prefect", "--no-prompt", *arguments).stdout

    def runs(self, flow: str, state: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(
            self.prefect("flow-run", "ls", "--flow-name", flow, "--state", state, "-o", "json") or "[]"
        )
        return listed

    def wait_for(self, flow: str, state: str) -> dict[str, Any]:
        try:
            return wait_until(lambda: (self.runs(flow, state) or [None])[-1])
        except TimeoutError:
            others = {other: len(self.runs(flow, other)) for other in ("Failed", "Crashed", "Late", "Running")}
            pytest.fail(f"no run of {flow} became {state}; others: {others}")

    def client(self) -> SyncPrefectClient:
        """Give a client of the server, which tries again while SQLite is locked."""
        return SyncPrefectClient(self.environment["PREFECT_API_URL"])

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.project / "data/published/swaps.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def processes(self, words: str = "", variable: str = "") -> list[int]:
        """Give the processes of this copy with these words in the command line, parents before children.

        variable: what their environment has as well, in the form NAME=VALUE.
        """
        found = []
        for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):
            with suppress(OSError):
                told = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                told_to = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
                wanted = {f"PREFECT_HOME={self.environment['PREFECT_HOME']}", variable or told_to[0]}
                if words in told and wanted <= set(told_to):
                    found.append(int(folder.name))
        return found

    def kill(self, words: str = "", variable: str = "") -> int:
        """End these processes of this copy by force, as a machine without memory does; give how many there were."""
        killed = 0
        for process in self.processes(words, variable):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                killed += 1
        return killed


def copy_project(folder: Path, schedule: str) -> Path:
    """Copy the project without what runs made, and with another schedule, in cron's words."""
    project = folder / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns(*_LEFT_OUT, "__pycache__", ".*_cache"))
    replace(project / "prefect.yaml", SCHEDULE, f'"{schedule}"')
    (project / "data/inbox/one.jsonl").write_text(json.dumps(RECORD))
    return project


def replace(file: Path, old: str, new: str) -> None:
    """Change a file of a copy; what is to be changed must be there."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")


@contextmanager
def serving(project: Path, *mode: str, **more: str) -> Iterator[Served]:
    """Serve a copy with `make serve`'s command; give it when its deployments are made.

    mode: `server` for the server alone, as a service has it; its deployments are made by the worker.
    """
    port = str(free_port())
    sources = project.parent / "sources"
    sources.mkdir(exist_ok=True)
    environment = (
        os.environ
        | {
            "SWAPS_SOURCES": str(sources),
            "PYTHONPATH": str(project),
            "SWAPS_PORT": port,
            "PREFECT_HOME": str(project / "data/prefect"),
            "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        }
        | more
    )
    log = subprocess.DEVNULL if mode else subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.serve", *mode], cwd=project, env=environment, stdout=log, text=True
    )
    served = Served(project, environment, process)
    try:
        if process.stdout:
            assert process.stdout.readline() == f"Prefect UI: http://127.0.0.1:{port}\n"
        yield served
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        served.kill("prefect")  # what was left without its parent
        process.stdout.close() if process.stdout else None


def wait_until(found: Callable[[], Answer | None], patience_s: float = PATIENCE_S) -> Answer:
    """Ask until there is an answer; TimeoutError when there is none in time."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(1)
    raise TimeoutError(f"nothing within {patience_s:g} s")
