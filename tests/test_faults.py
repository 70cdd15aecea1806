"""Only faults that pass by themselves are tried again, and they are."""

import pytest

from tasks.errors import InputError, ItemError, StoreBusyError, StoreError, StoreFaultError
from tasks.faults import may_pass
from tasks.task import stage_task


@pytest.mark.parametrize("fault", [StoreFaultError("io"), ConnectionResetError(), TimeoutError()])
def test_passing_faults(fault: Exception) -> None:
    assert may_pass(fault)


@pytest.mark.parametrize(
    "fault",
    [
        StoreError("full"),
        StoreBusyError("held"),
        InputError("x"),
        ItemError("c", "x"),
        ValueError(),
        OSError(28, "full"),
    ],
)
def test_faults_that_stay(fault: Exception) -> None:
    assert not may_pass(fault)


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize(("fault", "tries"), [(StoreFaultError("io"), 2), (StoreError("full"), 1)])
def test_a_task_is_tried_again_after_a_passing_fault_only(fault: Exception, tries: int) -> None:
    from prefect import flow

    calls: list[int] = []

    @stage_task("fails once", retried=True)
    def fails_once() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise fault
        return "done"

    @flow
    def once() -> str:
        return fails_once.with_options(retry_delay_seconds=0)()

    if tries == 1:
        with pytest.raises(type(fault)):
            once()
    else:
        assert once() == "done"
    assert len(calls) == tries
