"""`make serve` for real: a server and a worker, a scheduled run by the clock, a backfill triggered by hand."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from prefect.automations import Posture
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import StateType
from prefect.exceptions import PrefectHTTPStatusError

from tests.counterparts.serving import PATIENCE_S, Served, copy_project, serving
from tests.fetch.faulty import FaultyServer, faulty_server

pytestmark = [pytest.mark.counterparts, pytest.mark.timeout(600)]
CRASHED = "swaps: runs whose process died are Crashed"
FEED = '<rss version="2.0"><channel><title>Wire</title>{}</channel></rss>'
SOURCE = """
name = "Wire"
country = "UKR"
language = "en"
kind = "agency"
sites = ["wire.example"]
on = true
pause_s = 0.0
[expected]
days = 7
least = 1
most = 100
[[discover]]
how = "feed"
url = "{}"
"""


@pytest.fixture(scope="module")
def outlet() -> Iterator[FaultyServer]:
    """Run a small outlet on loopback whose feed is empty at first."""
    with faulty_server() as server:
        server.serve("/feed", FEED.format(""))
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, outlet: FaultyServer) -> Iterator[Served]:
    """Serve a copy of the project whose schedule strikes every minute, and whose only source is the outlet."""
    project = copy_project(tmp_path_factory.mktemp("served"), "* * * * *")
    sources = tmp_path_factory.mktemp("sources")
    (sources / "wire.toml").write_text(SOURCE.format(outlet.url("/feed")))
    with serving(project, SWAPS_SOURCES=str(sources), SWAPS_OPEN_LOOPBACK="1") as served:
        yield served


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


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"start_date": "1 July"}, "'1 July' does not match"),
        ({"end_date": None}, "None is not of type 'string'"),
        ({"dry_run": "perhaps"}, "'perhaps' is not of type 'boolean'"),
        ({"sources": "wire"}, "'wire' is not valid"),
    ],
)
def test_a_bad_parameter_is_refused_before_there_is_a_run(served: Served, wrong: dict[str, Any], says: str) -> None:
    given = {"start_date": "2024-07-01", "end_date": "2024-07-31"} | wrong
    with served.client() as client:
        deployment = client.read_deployment_by_name("backfill/manual").id
        of_it = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
        before = client.read_flow_runs(deployment_filter=of_it)
        with pytest.raises(PrefectHTTPStatusError) as refused:
            client.create_flow_run_from_deployment(deployment, parameters=given)
        assert refused.value.response.status_code == HTTPStatus.CONFLICT
        assert says in refused.value.response.json()["detail"]
        assert len(client.read_flow_runs(deployment_filter=of_it)) == len(before)


def test_an_article_in_a_feed_is_queryable_within_one_scheduled_run(served: Served, outlet: FaultyServer) -> None:
    """Measured from the moment that the feed names it: the wait for the clock, the run, and the publishing."""
    served.wait_for("ingest", "Completed")
    item = f"<item><title>Prisoners exchanged</title><link>{outlet.url('/article/48')}</link></item>"
    outlet.serve("/feed", FEED.format(item))
    began, named_at = time.monotonic(), datetime.now(UTC)
    url = outlet.url("/article/48")
    while not served.rows(f"SELECT 1 FROM articles JOIN swap_reports USING (article_id) WHERE articles.url = '{url}'"):
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.5)
    print(f"from feed to public database: {time.monotonic() - began:.0f} s")  # noqa: T201 - the measured figure
    in_vain = f"flow = 'ingest' AND stage = 'fetch' AND items_out = 0 AND started_at > '{named_at}'"
    assert served.rows(f"SELECT run_id FROM runs WHERE {in_vain}") == []


def test_a_dead_run_and_a_second_writer_are_watched_for_and_serving_again_changes_nothing(served: Served) -> None:
    """What was made anew would forget the runs that died before."""

    def guards() -> tuple[Any, Any]:
        with served.client() as client:
            listed = client.read_automations_by_name(CRASHED)
        limit = json.loads(served.prefect("gcl", "inspect", "swaps-writer", "-o", "json"))
        return listed, (limit["id"], limit["limit"], limit["active"])

    before = guards()
    (automation,) = before[0]
    assert automation.enabled
    assert automation.trigger.posture == Posture.Proactive
    assert automation.trigger.within == timedelta(seconds=90)
    signs = ("Pending", "Running", "heartbeat")
    assert automation.trigger.after == {f"prefect.flow-run.{sign}" for sign in signs}
    assert automation.actions[0].state == StateType.CRASHED
    assert before[1][1:] == (1, True)
    again = [sys.executable, "-c", "from flows.guards import make_guards; make_guards()"]
    subprocess.run(again, cwd=served.project, env=served.environment, check=True, timeout=60)
    after = guards()
    assert after[0] == [automation]
    assert after[1] == before[1]
