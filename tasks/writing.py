"""The warehouse opened by the tasks of a flow: by one run of the Prefect server at a time, then by one of the machine.

The server's limit lets runs wait in one place, where a person sees them. The lock of the files stays the guard: it also
knows runs without a server, and it is what keeps the warehouse whole when the server is restarted.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Literal

import httpx
from prefect.client.orchestration import get_client
from prefect.concurrency.asyncio import ConcurrencySlotAcquisitionError
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, get_current_settings, temporary_settings

from tasks.errors import LimitError, StoreBusyError
from tasks.paths import Store
from tasks.settings import Conflict, lock_timeout_s
from tasks.warehouse import Warehouse, writer

WRITER_LIMIT = "swaps-writer"
"""The server's global concurrency limit, of one slot: one for all ledgers that runs of the server write."""
_LEASE_S = 60
"""The shortest that Prefect grants. A run renews it while it lives; of a killed one it ends by itself."""
_KILLED_HOLDER_S = 100
"""How long the turn of a killed run can last: its lease, and until the server looks for those that have ended."""
_UNTOLD_S = 1.0
"""Turns are mostly shorter than this, and nobody needs to know of them."""
_POLL_S = 0.3


@contextmanager
def writing(store: Store, conflict: Conflict, holder: str, log: Callable[[str], None]) -> Iterator[Warehouse]:
    """Open the warehouse as its only writer.

    holder: what others who wait are told. log: told once whom this one waits for. Raises StoreBusyError when that takes
    too long, LimitError when the server that this belongs to does not have the limit, and what `tasks.warehouse.writer`
    raises.
    """
    waiting = cache(log)  # the limit and the lock may wait for the same run, which needs to be told only once
    with _turn(store, waiting), writer(store, conflict.parties, holder, lock_timeout_s(), waiting) as opened:
        yield opened


@contextmanager
def _turn(store: Store, waiting: Callable[[str], None]) -> Iterator[None]:
    """Hold the server's limit; do nothing where a run has only a server of its own, which no other run knows."""
    if get_current_settings().api.url is None:
        yield
        return
    patience_s = max(lock_timeout_s(), _KILLED_HOLDER_S)
    began = time.monotonic()
    taken_since = None
    told = False
    with ExitStack() as held:
        while (got := _try_turn(held)) != "mine":
            now = time.monotonic()
            taken_since = (taken_since or now) if got == "taken" else None
            if now - began >= patience_s:
                raise StoreBusyError(
                    f"the warehouse {store.warehouse} is held by {_holder(store)}, for longer than {patience_s:g} s; "
                    "let it finish or end it, then run this again (SWAPS_LOCK_TIMEOUT sets the patience in seconds)"
                )
            if taken_since and now - taken_since >= _UNTOLD_S and not told:
                waiting(f"waiting for the warehouse, which is held by {_holder(store)}")
                told = True
            time.sleep(_POLL_S)
        yield


def _try_turn(held: ExitStack) -> Literal["mine", "taken", "missed"]:
    """Take the limit if it is free; "missed" is free, but another run or the server's own work came first.

    It is read first and never waited for inside Prefect: its waits are up to half a minute longer than needed, and what
    the server grants in the moment in which one ends is lost until the lease is over.
    """
    with get_client(sync_client=True) as client:
        try:
            limit = client.read_global_concurrency_limit_by_name(WRITER_LIMIT)
        except ObjectNotFound as wrong:
            raise LimitError(
                f"the Prefect server at {client.api_url} has no limit {WRITER_LIMIT}, by which its runs write one at a "
                f"time; start it with `make serve`, or run `prefect gcl create {WRITER_LIMIT} --limit 1`"
            ) from wrong
    if not limit.active:
        raise LimitError(
            f"the limit {WRITER_LIMIT} of the Prefect server, by which its runs write one at a time, is disabled; "
            f"run `prefect gcl enable {WRITER_LIMIT}`"
        )
    if limit.active_slots >= limit.limit:
        return "taken"
    # A run goes on when its lease cannot be renewed, while the server is restarted for one: it still has the lock.
    slot = concurrency(
        WRITER_LIMIT,
        occupy=1,
        strict=True,
        lease_duration=_LEASE_S,
        max_retries=0,
        raise_on_lease_renewal_failure=False,
    )
    try:
        # The client would try again by itself, but after two seconds, and a server on SQLite refuses every fourth time.
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
            held.enter_context(slot)
    except ConcurrencySlotAcquisitionError as wrong:
        if _is_passing(wrong.__cause__):
            return "missed"
        raise
    return "mine"


def _is_passing(fault: BaseException | None) -> bool:
    """Whether the server was busy, or for a moment not there; when it stays away, reading the limit raises."""
    if isinstance(fault, httpx.HTTPStatusError):
        return fault.response.status_code in (httpx.codes.LOCKED, httpx.codes.SERVICE_UNAVAILABLE)
    return isinstance(fault, httpx.TransportError)


def _holder(store: Store) -> str:
    """Name who holds the limit: the lock file says who holds the lock as well; else it is nobody who writes here."""
    try:
        with store.lock.open(encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read() or "another run"
            last = lock.read()
    except FileNotFoundError:
        last = ""
    return "a run of another ledger, or one that was killed" + (f" (the last here was {last})" if last else "")
