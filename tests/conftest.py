"""What all tests share: the conflict, a store of their own, the corpora, a Prefect server for flows."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings

from flows.environment import prepare_prefect
from tasks.paths import SAMPLES, Store
from tasks.settings import Conflict, conflict

prepare_prefect(quiet=True)
os.environ["SWAPS_SOURCES"] = tempfile.mkdtemp(prefix="no-sources-")
"""No test asks the declared sources; those of a test are on loopback."""
settings.register_profile("ledger", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ledger")


@pytest.fixture(scope="session")
def russia_ukraine() -> Conflict:
    return conflict()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(tmp_path / "swaps.duckdb")


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Give the folder of article collections; a test that needs it fails, and says so, when it is not named."""
    named = os.environ.get("SWAPS_CORPORA")
    assert named, (
        "SWAPS_CORPORA is not set: name the folder with seeds/ and real_articles/, or deselect with -m 'not corpora'"
    )
    return Path(named)


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Run flows against a real Prefect server of their own, started once.

    Its limit on writers has many slots for commands in other processes, and is not taken in this one: every turn costs
    a tenth of a second, and those of killed commands last a minute. tests/counterparts/test_one_writer.py and
    test_serve.py take it as it is.
    """
    from prefect.client.orchestration import get_client
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        from tasks.writing import WRITER_LIMIT

        with get_client(sync_client=True) as client:
            client.upsert_global_concurrency_limit_by_name(WRITER_LIMIT, 100)
        with patch("tasks.writing._turn", lambda *_: nullcontext()):
            yield


@pytest.fixture
def shared_server(prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands that a test starts use the server of the session; one of its own each takes 6 s to start."""
    from prefect.settings import get_current_settings

    monkeypatch.setenv("PREFECT_API_URL", str(get_current_settings().api.url))
