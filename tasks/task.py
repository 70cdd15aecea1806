"""How every stage becomes a Prefect task: the same options, once."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from prefect import Task, task
from prefect.cache_policies import NO_CACHE

from tasks.faults import worth_retrying

P = ParamSpec("P")
R = TypeVar("R")
_RETRIES = 2
_RETRY_DELAY_S = 2


def stage_task(name: str, *, retried: bool = False) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a task of a plain function.

    Its inputs are not hashed and its result is not stored: a batch of pages is large, and every stage can be run
    again. retried: for stages that can fail for passing reasons, which are tried twice more.
    """
    return task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=_RETRIES if retried else 0,
        retry_delay_seconds=_RETRY_DELAY_S,
        retry_condition_fn=worth_retrying,
    )
