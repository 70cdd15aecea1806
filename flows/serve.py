"""A Prefect server and a worker on loopback, with this project's deployments: `make serve`, or one of them alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flows.environment import prepare_prefect
from tasks.errors import LedgerError
from tasks.paths import PROJECT

HOST = "127.0.0.1"
POOL = "swaps"
_STARTUP_S = 120
_GRACE_S = 15
_DATABASE_SETTINGS = ("PREFECT_API_DATABASE_CONNECTION_URL", "PREFECT_SERVER_DATABASE_CONNECTION_URL")
_DRIVERS = ("postgresql+asyncpg://", "sqlite+aiosqlite://")


class ServeError(LedgerError):
    """The server or the worker did not start, or ended."""


def main() -> None:
    """Start what is asked for: nothing stands for both, `server` and `worker` for one alone, as a service does."""
    asked = sys.argv[1:]
    ways: dict[tuple[str, ...], Callable[[str], None]] = {(): _both, ("server",): _server, ("worker",): _worker}
    if tuple(asked) not in ways:
        sys.exit(f"serve: {' '.join(asked)!r} is nothing to serve; give nothing, server or worker")
    prepare_prefect(quiet=False)
    port = os.environ.get("SWAPS_PORT", "4200")
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"
    os.environ["SWAPS_PROJECT"] = str(PROJECT)
    try:
        _check_database()
        ways[tuple(asked)](port)
    except LedgerError as wrong:
        sys.exit(f"serve: {wrong}")


def _both(port: str) -> None:
    """Start the server, make the deployments, start the worker; end all of them on Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running: list[subprocess.Popen[bytes]] = []
    try:
        running.append(_start(*_server_words(port)))
        _wait_until_up(running[0])
        _set_up()
        running.append(_start(*_worker_words()))
        _tell(port)
        _wait(running)
    except KeyboardInterrupt:
        sys.stdout.write("\nending\n")
    finally:
        _end(running)


def _server(port: str) -> None:
    """Become the server."""
    _become(*_server_words(port))


def _worker(_port: str) -> None:
    """Wait for the server, make the deployments, become the worker."""
    _wait_until_up(None)
    _set_up()
    _become(*_worker_words())


def _server_words(port: str) -> tuple[str, ...]:
    return ("server", "start", "--host", HOST, "--port", port)


def _worker_words() -> tuple[str, ...]:
    return ("worker", "start", "--pool", POOL)


def _set_up() -> None:
    """Make what runs need on the server; what is there already is left as it is."""
    from flows.guards import make_guards

    make_guards()
    _run("work-pool", "create", POOL, "--type", "process", "--overwrite")
    _run("deploy", "--all")


def _check_database() -> None:
    """Refuse an address of Prefect's database with which its server would not start, or would start on another one."""
    for name in _DATABASE_SETTINGS:
        given = os.environ.get(name)
        if given is not None and not given.startswith(_DRIVERS):
            raise ServeError(
                f"{name} begins with {given.partition('://')[0]!r}; give it an address that begins with "
                f"{' or '.join(_DRIVERS)}"
            )


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", "--no-prompt", *arguments]


def _become(*arguments: str) -> None:
    os.chdir(PROJECT)
    os.execv(sys.executable, _prefect(*arguments))  # noqa: S606 - our own words


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    log = Path(os.environ["PREFECT_HOME"]) / f"{arguments[0]}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as opened:
        return subprocess.Popen(_prefect(*arguments), cwd=PROJECT, stdout=opened, stderr=opened)  # noqa: S603 - our own words


def _run(*arguments: str) -> None:
    done = subprocess.run(_prefect(*arguments), cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ServeError(f"prefect {' '.join(arguments)} failed: {(done.stderr or done.stdout).strip()[-500:]}")


def _wait_until_up(server: subprocess.Popen[bytes] | None) -> None:
    """Wait until the server answers; one that was started here must not end meanwhile."""
    from prefect.client.orchestration import get_client

    log = f"{os.environ['PREFECT_HOME']}/server.log" if server else "its log"
    end = time.monotonic() + _STARTUP_S
    while time.monotonic() < end:
        if server and server.poll() is not None:
            raise ServeError(
                f"the server ended at once; is the port taken (SWAPS_PORT names another), or its database "
                f"({_DATABASE_SETTINGS[0]}) out of reach? See {log}"
            )
        with get_client(sync_client=True) as client:
            if client.api_healthcheck() is None:
                return
        time.sleep(0.5)
    raise ServeError(
        f"the server at {os.environ['PREFECT_API_URL']} did not answer within {_STARTUP_S} s; is it started, and its "
        f"database ({_DATABASE_SETTINGS[0]}) in reach? See {log}"
    )


def _tell(port: str) -> None:
    sys.stdout.write(
        f"Prefect UI: http://{HOST}:{port}\n"
        "The deployment ingest/scheduled asks the declared sources and reads data/inbox every 15 minutes.\n"
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
