"""Killed with -9 through Prefect at any moment, a run or its worker loses nothing that the next run does not bring."""

import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import State

from tasks.paths import Store
from tasks.publish.release import content_hash
from tasks.settings import Conflict
from tests.counterparts.serving import PATIENCE_S, Served, copy_project, replace, serving, wait_until
from tests.store.opening import opened

pytestmark = [pytest.mark.counterparts, pytest.mark.endurance, pytest.mark.timeout(7200)]
KILLS = 20
NEVER = "0 0 30 2 *"
SILENCE_S = 35
DEPLOYMENTS = ("scheduled", "manual", "daily")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve a copy that runs nothing by itself and takes a silent run for dead earlier; its server outlives workers."""
    project = copy_project(tmp_path, NEVER)
    replace(project / "flows/guards.py", "SILENCE_S = 90", f"SILENCE_S = {SILENCE_S}")
    with serving(project, "server") as served:
        yield served


def started_worker(served: Served) -> subprocess.Popen[bytes]:
    """Start the worker as a service does; nobody reads its log, which would fill a pipe."""
    return subprocess.Popen(
        served.command("flows.serve", "worker"),
        cwd=served.project,
        env=served.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def has_deployments(client: SyncPrefectClient) -> bool:
    try:
        return len(client.read_deployments()) == len(DEPLOYMENTS)
    except httpx.TransportError:
        return False


def asked_for(client: SyncPrefectClient, samples: Path, store: Store) -> UUID:
    """Ask for a run, as the button of the UI does; give its id."""
    deployment = client.read_deployment_by_name("ingest/scheduled").id
    parameters = {"paths": [str(samples)], "database": str(store.database)}
    return client.create_flow_run_from_deployment(deployment, parameters=parameters).id


def state(client: SyncPrefectClient, run: UUID) -> State:
    told = client.read_flow_run(run).state
    assert told is not None
    return told


def ended(client: SyncPrefectClient, run: UUID) -> State:
    """Wait for the end of a run; give how it ended."""
    until = time.monotonic() + PATIENCE_S
    while not (told := state(client, run)).is_final():
        assert time.monotonic() < until, f"the run is still {told.name} after {PATIENCE_S:g} s"
        time.sleep(0.5)
    return told


def completed(client: SyncPrefectClient, samples: Path, store: Store) -> float:
    """Run until a run is not cancelled for another one that counts as running; give how long that took."""
    begun = time.monotonic()
    while (told := ended(client, asked_for(client, samples, store))).is_cancelled():
        assert time.monotonic() - begun < PATIENCE_S, "every run is cancelled"
        time.sleep(5)
    assert told.is_completed(), told
    return time.monotonic() - begun


def content(store: Store, conflict: Conflict) -> str:
    with opened(store, conflict) as warehouse:
        return content_hash(warehouse, conflict.parties)


def test_a_run_or_its_worker_that_is_killed_at_any_moment(
    served: Served, tmp_path: Path, samples: Path, russia_ukraine: Conflict
) -> None:
    """Every second time the worker is killed together with the run, and started again."""
    worker = started_worker(served)
    moments = random.Random(KILLS)
    kills = tries = 0
    with served.client() as client:
        wait_until(lambda: has_deployments(client))
        undisturbed = Store.at(tmp_path / "undisturbed.duckdb")
        completed(client, samples, undisturbed)
        lasts = completed(client, samples, undisturbed)
        expected = content(undisturbed, russia_ukraine)
        while kills < KILLS:
            store = Store.at(tmp_path / f"{tries}.duckdb")
            tries += 1
            run = asked_for(client, samples, store)
            moment = moments.uniform(0, lasts)
            time.sleep(moment)
            before = state(client, run)
            with_worker = bool(kills % 2)
            killed = served.kill("worker start") if with_worker else 0
            killed += served.kill(variable=f"PREFECT__FLOW_RUN_ID={run}")
            if with_worker:
                worker.wait(60)
                worker = started_worker(served)
            if before.is_final() or not killed:  # not struck: it had ended, or no process had begun
                ended(client, run)
                lasts = min(lasts, moment) if before.is_completed() else lasts
                continue
            took = completed(client, samples, store)
            assert content(store, russia_ukraine) == expected
            after = state(client, run).name
            kills += 1
            struck = "worker and run" if with_worker else "run"
            told = f"{kills}: {struck}, {before.name} at {moment:.0f} s, then {after}; the next took {took:.0f} s"
            print(told, flush=True)  # noqa: T201 - the measured figures
    worker.terminate()
    worker.wait(60)
