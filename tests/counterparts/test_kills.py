"""Killed with -9 at any moment, a loader loses nothing that was acknowledged, and the public file is always whole."""

import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tasks.paths import PROJECT, Store
from tasks.publish.release import content_hash
from tasks.settings import Conflict
from tests.store.opening import opened

pytestmark = [pytest.mark.counterparts, pytest.mark.timeout(7200)]
KILLS = 200
LOAD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tasks.clean.batch import clean_pages
from tasks.extract.reader import read_article
from tasks.fetch import archive
from tasks.fetch.readers import list_files, read_files
from tasks.paths import Store
from tasks.settings import conflict
from tests.store.opening import keep

print("begun", flush=True)
store = Store.at(Path(sys.argv[2]))
for found in read_files(list_files([Path(sys.argv[1])]), sys.stdin.buffer, datetime(2026, 1, 1, tzinfo=UTC), 12):
    pages = archive.keep(store.archive, found.pages)
    articles = clean_pages(pages, conflict().timezone).articles
    keep(store, conflict(), *((article, read_article(article, conflict())) for article in articles))
    print(*(article.article_id for article in articles), flush=True)
"""


def loader(samples: Path, store: Store) -> subprocess.Popen[str]:
    """Start a process that archives, loads and publishes the samples, twelve pages at a time, and says what it has."""
    command = [sys.executable, "-c", LOAD, str(samples), str(store.database)]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def public_articles(store: Store) -> set[str]:
    """Give the articles of the public file, which must be whole; none if nothing was published yet."""
    if not store.database.exists():
        return set()
    with duckdb.connect(str(store.database), read_only=True) as connection:
        told = connection.execute("SELECT articles FROM releases ORDER BY release_id DESC LIMIT 1").fetchone()
        found = {name for (name,) in connection.execute("SELECT article_id FROM articles").fetchall()}
    assert told == (len(found),)
    return found


@pytest.mark.endurance
def test_a_loader_that_is_killed_at_any_moment(tmp_path: Path, samples: Path, russia_ukraine: Conflict) -> None:
    """Again and again on one ledger, and on a new one each tenth time; after the next run it is as if nothing was."""
    undisturbed = Store.at(tmp_path / "undisturbed.duckdb")
    begun = time.monotonic()
    done = loader(samples, undisturbed)
    everything, _ = done.communicate(timeout=120)
    lasts = time.monotonic() - begun
    with opened(undisturbed, russia_ukraine) as warehouse:
        expected = content_hash(warehouse, russia_ukraine.parties)
    moments = random.Random(KILLS)
    for number in range(KILLS):
        store = Store.at(tmp_path / str(number // 10) / "swaps.duckdb")
        running = loader(samples, store)
        time.sleep(moments.uniform(0, lasts))
        running.kill()
        acknowledged, _ = running.communicate(timeout=60)
        whole_lines = acknowledged[: acknowledged.rfind("\n") + 1].removeprefix("begun\n")
        assert set(whole_lines.split()) <= public_articles(store)
        if number % 10 == 9:
            told, _ = loader(samples, store).communicate(timeout=120)
            assert told == everything
            with opened(store, russia_ukraine) as warehouse:
                assert content_hash(warehouse, russia_ukraine.parties) == expected
