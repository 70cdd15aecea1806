"""What the Prefect server watches over: that one run writes at a time, and that no dead run counts as running."""

from datetime import timedelta

from prefect.automations import AutomationCore, ChangeFlowRunState, EventTrigger, Posture
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType

from tasks.writing import WRITER_LIMIT

CRASHED = "swaps: runs whose process died are Crashed"
SILENCE_S = 90
"""Three heartbeats of a run (flows/environment.py) that did not come."""
_BEGINNING = {f"prefect.flow-run.{state}" for state in ("Pending", "Running")}
"""A run that is killed before its first heartbeat has died, too."""
_LIFE = {"prefect.flow-run.Running", "prefect.flow-run.heartbeat"}
_ENDS = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Crashed", "Cancelled", "Cancelling")}


def make_guards() -> None:
    """Make the limit and the automation, where the server does not have them as they are described here."""
    make_limit()
    _make_automation()


def make_limit() -> None:
    """Make the limit that lets one run write at a time."""
    with get_client(sync_client=True) as client:
        client.upsert_global_concurrency_limit_by_name(WRITER_LIMIT, 1)


def _make_automation() -> None:
    """Make the automation that marks dead runs.

    One that is right is left alone: with each change the server forgets which runs it was waiting to hear of, and a run
    that died while the server was down would never be marked.
    """
    wanted = _automation()
    with get_client(sync_client=True) as client:
        there = client.read_automations_by_name(CRASHED)
        if not there:
            client.create_automation(wanted)
        elif AutomationCore.model_validate(there[0].model_dump(include=set(AutomationCore.model_fields))) != wanted:
            client.update_automation(there[0].id, wanted)


def _automation() -> AutomationCore:
    return AutomationCore(
        name=CRASHED,
        description=f"Runs give a sign of life every 30 s. One of which nothing was heard for {SILENCE_S} s has died.",
        trigger=EventTrigger(
            posture=Posture.Proactive,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            after=_BEGINNING | _LIFE,
            expect=_LIFE | _ENDS,
            threshold=1,
            within=timedelta(seconds=SILENCE_S),
        ),
        actions=[
            ChangeFlowRunState(
                name=None,
                state=StateType.CRASHED,
                message=f"No sign of life for {SILENCE_S} s: its process was ended, or its machine was off. "
                "What it loaded is safe, and the next run goes on.",
                force=False,
            )
        ],
    )
