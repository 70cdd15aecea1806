"""Which faults pass by themselves, so that a task is tried again."""

from typing import Any, Protocol

from tasks.errors import StoreFaultError


class _State(Protocol):
    """What is needed of the orchestrator's state of a failed task."""

    def result(self, *, raise_on_failure: bool) -> Any: ...  # noqa: ANN401 - whatever the task raised


def may_pass(fault: object) -> bool:
    """Whether a fault may be gone at the next try; a full disk, a wrong file or a busy warehouse is not."""
    return isinstance(fault, StoreFaultError | ConnectionError | TimeoutError | InterruptedError)


def worth_retrying(_task: object, _run: object, state: _State) -> bool:
    """Decide, as a task's retry condition, from the fault that its state holds."""
    return may_pass(state.result(raise_on_failure=False))
