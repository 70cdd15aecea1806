"""What Prefect must be told before it is imported: settings are read once, at its import."""

import os

from tasks.paths import DATA

_DEFAULTS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "swaps",
    # Prefect's services log as an error what they hand to their caller anyway, such as a limit that another run holds.
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_HOME": str(DATA / "prefect"),
    # The shortest that Prefect grants. A run that is not heard of for three of them is Crashed (flows/guards.py).
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # In files. In memory, where Prefect has them by itself, a server that is killed leaves the limit taken for ever.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
_QUIET = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL", "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL"}
"""In a terminal the command line speaks for itself; Prefect's own log lines go to its server only."""


def prepare_prefect(*, quiet: bool) -> None:
    """Set the environment, where the user has not set it."""
    for name, value in (_DEFAULTS | _QUIET if quiet else _DEFAULTS).items():
        os.environ.setdefault(name, value)
