"""`make serve`: a Prefect server and a worker on loopback, with this project's deployments."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from flows.environment import prepare_prefect
from tasks.errors import LedgerError
from tasks.paths import PROJECT

HOST = "127.0.0.1"
POOL = "swaps"
_STARTUP_S = 120
_GRACE_S = 15


class ServeError(LedgerError):
    """The server or the worker did not start, or ended."""


def main() -> None:
    """Start the server, make the deployments, start the worker; end all of them on Ctrl-C or SIGTERM."""
    prepare_prefect(quiet=False)
    port = os.environ.get("SWAPS_PORT", "4200")
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    os.environ["SWAPS_PROJECT"] = str(PROJECT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running: list[subprocess.Popen[bytes]] = []
    try:
        running.append(_start("server", "start", "--host", HOST, "--port", port))
        _wait_until_up(running[0])
        _run("work-pool", "create", POOL, "--type", "process", "--overwrite")
        _run("deploy", "--all")
        running.append(_start("worker", "start", "--pool", POOL))
        _tell(port)
        _wait(running)
    except KeyboardInterrupt:
        sys.stdout.write("\nending\n")
    except ServeError as wrong:
        sys.exit(f"serve: {wrong}")
    finally:
        _end(running)


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", "--no-prompt", *arguments]


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    log = Path(os.environ["PREFECT_HOME"]) / f"{arguments[0]}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as opened:
        return subprocess.Popen(_prefect(*arguments), cwd=PROJECT, stdout=opened, stderr=opened)  # noqa: S603 - our own words


def _run(*arguments: str) -> None:
    done = subprocess.run(_prefect(*arguments), cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ServeError(f"prefect {' '.join(arguments)} failed: {(done.stderr or done.stdout).strip()[-500:]}")


def _wait_until_up(server: subprocess.Popen[bytes]) -> None:
    from prefect.client.orchestration import get_client

    end = time.monotonic() + _STARTUP_S
    while time.monotonic() < end:
        if server.poll() is not None:
            raise ServeError(
                f"the server ended at once; is the port taken? See {os.environ['PREFECT_HOME']}/server.log, "
                "and set SWAPS_PORT to another port"
            )
        with get_client(sync_client=True) as client:
            if client.api_healthcheck() is None:
                return
        time.sleep(0.5)
    raise ServeError(f"the server did not answer within {_STARTUP_S} s; see {os.environ['PREFECT_HOME']}/server.log")


def _tell(port: str) -> None:
    sys.stdout.write(
        f"Prefect UI: http://{HOST}:{port}\n"
        "The deployment ingest/scheduled reads data/inbox every 15 minutes: put articles there.\n"
        "From another terminal:\n"
        f"  export PREFECT_API_URL=http://{HOST}:{port}/api\n"
        "  .venv/bin/prefect deployment run ingest/scheduled\n"
        "  .venv/bin/prefect deployment run backfill/manual -p start_date=2024-01-01 -p end_date=2024-12-31\n"
        "Ctrl-C ends it.\n"
    )
    sys.stdout.flush()


def _wait(running: Sequence[subprocess.Popen[bytes]]) -> None:
    while all(process.poll() is None for process in running):
        time.sleep(1)
    raise ServeError(f"the server or the worker ended; see the logs in {os.environ['PREFECT_HOME']}")


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """End the processes that were started here, the newest first: by request, then by force."""
    for process in reversed(running):
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    main()
