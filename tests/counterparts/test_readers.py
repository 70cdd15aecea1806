"""Readers of the public file in other processes, while releases are published one after the other."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from tasks.paths import Store
from tasks.settings import Conflict
from tests.making import a_reading, an_article
from tests.store.opening import keep

pytestmark = [pytest.mark.counterparts, pytest.mark.timeout(300)]
READERS = 4
OPEN_AND_ASK = """
import sys, duckdb
seen = set()
for _ in range(int(sys.argv[2])):
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        articles, reports, swaps, history, told, release = connection.execute('''
            SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM swap_reports),
                (SELECT sum(reports) FROM swaps), (SELECT count(*) FROM history.articles), articles, release_id
            FROM releases ORDER BY release_id DESC LIMIT 1''').fetchone()
        assert articles == reports == swaps == told and history == 0, (articles, reports, swaps, told, history)
        seen.add(release)
print(*seen)
"""
HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
def ask(): return connection.execute("SELECT count(*), max(url) FROM articles").fetchone()
first = ask()
print("open", flush=True)
while (line := sys.stdin.readline()) and line.strip() != "end":
    assert ask() == first
print("same", flush=True)
"""
WRITE = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE mine AS SELECT 1 AS a")
print("written", flush=True)
sys.stdin.read()
"""


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def publish(store: Store, conflict: Conflict, number: int) -> Path:
    article = an_article(url=f"https://wire.example/{number}")
    _, published = keep(store, conflict, (article, a_reading(article)))
    assert published.is_new
    return published.release


@pytest.mark.parametrize("opens", [100, pytest.param(250, marks=pytest.mark.endurance)])
def test_reads_during_a_stream_of_releases(store: Store, russia_ukraine: Conflict, opens: int) -> None:
    """Every read sees one whole release, a reader that stays keeps its own, and a killed writer harms nobody."""
    publish(store, russia_ukraine, 0)
    if not_kept_from_writing(store):
        writer = python(WRITE, store.database)
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "written"
        writer.kill()
        writer.communicate(timeout=30)
    holder = python(HOLD, store.database)
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline().strip() == "open"
    publish(store, russia_ukraine, 1)
    readers = [python(OPEN_AND_ASK, store.database, opens) for _ in range(READERS)]
    releases = 2
    while any(reader.poll() is None for reader in readers):
        publish(store, russia_ukraine, releases)
        releases += 1
        holder.stdin.write("again\n")
        holder.stdin.flush()
        time.sleep(0.3)  # releases come; readers have the machine
    done = [reader.communicate(timeout=60) for reader in readers]
    assert [(reader.returncode, told) for reader, (_, told) in zip(readers, done, strict=True)] == [(0, "")] * READERS
    assert len({release for seen, _ in done for release in seen.split()}) > 1
    told, fault = holder.communicate("end\n", timeout=60)
    assert (told.strip(), fault, holder.returncode) == ("same", "", 0)
    with duckdb.connect(str(store.database), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (releases,)


def not_kept_from_writing(store: Store) -> bool:
    """Whether this account may write a file of mode 0444, as root may."""
    try:
        store.database.open("r+b").close()
    except PermissionError:
        return False
    return True
