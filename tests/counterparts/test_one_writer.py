"""One writer among all runs of a real Prefect server, and what a run leaves whose processes were killed."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.counterparts.serving import PATIENCE_S, RECORD, Served, copy_project, replace, serving, wait_until

pytestmark = [pytest.mark.counterparts, pytest.mark.timeout(600)]
LIMIT = "swaps-writer"
LONGEST_BLOCKED_S = 120
SILENCE_S = 35
NEVER = "0 0 30 2 *"
HELD = """

_load = load


def load(*given):
    while Path({hold!r}).exists():
        time.sleep(0.2)
    return _load(*given)
"""


@pytest.fixture(scope="module")
def hold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file: while it is there, a run that loads stays where it is, with the limit and the lock."""
    return tmp_path_factory.mktemp("hold") / "hold"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, hold: Path) -> Iterator[Served]:
    """Serve a copy that runs nothing by itself, and waits less long before it takes a run for dead."""
    project = copy_project(tmp_path_factory.mktemp("served"), NEVER)
    replace(project / "flows/guards.py", "SILENCE_S = 90", f"SILENCE_S = {SILENCE_S}")
    loading = project / "tasks/load/upsert.py"
    loading.write_text(f"import time\nfrom pathlib import Path\n{loading.read_text()}{HELD.format(hold=str(hold))}")
    with serving(project) as served:
        yield served


def article(tmp_path: Path, number: int) -> Path:
    file = tmp_path / f"{number}.jsonl"
    file.write_text(json.dumps(RECORD | {"url": f"https://wire.example/{number}"}))
    return file


def taken(served: Served) -> int:
    slots: int = json.loads(served.prefect("gcl", "inspect", LIMIT, "-o", "json"))["active_slots"]
    return slots


def test_without_its_limit_a_run_says_what_to_do(served: Served, tmp_path: Path) -> None:
    served.prefect("gcl", "delete", LIMIT)
    done = served.run("flows", "ingest", article(tmp_path, 5), check=False)
    served.prefect("gcl", "create", LIMIT, "--limit", "1")
    assert done.returncode == 1
    address = served.environment["PREFECT_API_URL"]
    assert done.stderr.strip().splitlines() == [
        f"swaps: the Prefect server at {address}/ has no limit swaps-writer, by which its runs write one at a time; "
        "start it with `make serve`, or run `prefect gcl create swaps-writer --limit 1`"
    ]


@pytest.mark.endurance
def test_a_killed_holder_blocks_nobody_for_long_and_is_crashed(served: Served, hold: Path, tmp_path: Path) -> None:
    """Kill with -9 all but the server: `make serve`, its worker, and a run that holds limit and lock."""
    hold.touch()
    served.prefect("deployment", "run", "ingest/scheduled")
    lock = served.project / "data/warehouse/warehouse.lock"
    held_by = f"run {served.wait_for('ingest', 'Running')['id']}, process "
    wait_until(lambda: lock.exists() and lock.read_text().startswith(held_by) and taken(served) == 1)
    waiting = served.start("flows", "ingest", article(tmp_path, 6))
    assert waiting.stderr is not None
    told = waiting.stderr.readline()
    os.kill(served.process.pid, signal.SIGKILL)
    served.kill("worker start")
    served.kill("prefect.runner")
    os.kill(int(lock.read_text().removeprefix(held_by)), signal.SIGKILL)
    killed = time.monotonic()
    assert len(served.processes("server start")) == 1
    hold.unlink()
    more = waiting.communicate(timeout=PATIENCE_S)[1]
    blocked_s = time.monotonic() - killed
    assert waiting.returncode == 0, more
    assert told.startswith(f"waiting for the warehouse, which is held by {held_by}")
    assert "waiting" not in more
    assert blocked_s < LONGEST_BLOCKED_S
    run = served.wait_for("ingest", "Crashed")
    crashed_s = time.monotonic() - killed
    print(f"blocked for {blocked_s:.0f} s, Crashed after {crashed_s:.0f} s")  # noqa: T201 - the measured figures
    assert held_by == f"run {run['id']}, process "
    assert taken(served) == 0
    assert "No sign of life" in served.prefect("flow-run", "inspect", run["id"], "-o", "json")
