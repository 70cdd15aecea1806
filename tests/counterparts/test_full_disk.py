"""A disk that is really full, then read-only: a file system of 24 MB, mounted for the test in its own namespace."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.counterparts, pytest.mark.usefixtures("shared_server")]
SCRIPT = """
mount -t tmpfs -o size=24m tmpfs "$1" || exit 99
"$2" -m flows ingest "$3" --database "$1/s.duckdb" > "$4/first" 2>&1; first=$?
head -c 24000000 /dev/zero > "$1/filler" 2>/dev/null
before=$(readlink "$1/s.duckdb")
"$2" -m flows ingest "$5" --database "$1/s.duckdb" > "$4/second" 2> "$4/error"; second=$?
"$2" -m flows backfill --from 2014-01-01 --to 2100-01-01 --reprocess --database "$1/s.duckdb" > /dev/null 2> "$4/again"
rm "$1/filler"
"$2" -m flows query "SELECT count(*) FROM articles" --database "$1/s.duckdb" > "$4/rows" 2>&1
[ "$before" = "$(readlink "$1/s.duckdb")" ] && touch "$4/untouched"
"$2" -m flows ingest "$5" --database "$1/s.duckdb" > "$4/third" 2>&1; third=$?
mount -o remount,ro "$1"
"$2" -m flows ingest "$3" --database "$1/s.duckdb" > "$4/fourth" 2> "$4/read_only"; fourth=$?
"$2" -m flows query "SELECT count(*) FROM articles" --database "$1/s.duckdb" > "$4/read" 2>&1
echo "$first $second $third $fourth" > "$4/codes"
"""


def test_a_full_or_read_only_disk_is_one_clear_line_and_the_public_file_stays(tmp_path: Path, samples: Path) -> None:
    disk, out = tmp_path / "disk", tmp_path / "out"
    disk.mkdir()
    out.mkdir()
    first = tmp_path / "first.txt"
    first.write_text("Ukraine and Russia have exchanged 95 prisoners of war each, officials in both countries said.")
    done = subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            SCRIPT,
            "sh",
            disk,
            sys.executable,
            first,
            out,
            samples,
        ],
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, "this machine cannot mount a file system in a user namespace"
    told = (out / "error").read_text()
    assert (out / "codes").read_text().split() == ["0", "1", "0", "1"], (
        told + (out / "first").read_text() + (out / "third").read_text()
    )
    assert "is full; free some room and run this again" in told
    assert len(told.strip().splitlines()) == 1
    assert "1" in (out / "rows").read_text()
    assert (out / "untouched").exists()
    (told,) = (out / "again").read_text().strip().splitlines()
    assert "is full; free some room and run this again" in told
    (told,) = (out / "read_only").read_text().strip().splitlines()
    assert told.startswith(
        f"swaps: the disk that holds {disk}/s.duckdb.private is mounted read-only; mount it for writ"
    )
    assert " 22 " in (out / "read").read_text(), "the 21 articles of the samples, and that of the first run"
