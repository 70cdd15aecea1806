"""Every part of the archive has its turn, and what is wrong with it is found."""

import os
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tasks.fetch import archive
from tasks.fetch.answers import faults, manifest_of
from tasks.fetch.upkeep import ROUND_DAYS, damage, remove_leftovers
from tests.fetch.test_answers import ANSWER
from tests.fetch.test_archive import a_page

LONG_AGO = datetime(2024, 7, 17, 9, tzinfo=UTC)
A_ROUND = [date(2026, 1, 1) + timedelta(days=number) for number in range(ROUND_DAYS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an archive of forty files, and of forty answers of as many sources."""
    archive.keep(tmp_path, [a_page(f"<p>{number}</p>".encode()) for number in range(40)])
    for number in range(40):
        content = f"<p>answer {number}</p>".encode()
        answer = replace(ANSWER, headers=(), body=content, content=content, asked_at=LONG_AGO)
        archive.Keeper(tmp_path, f"wire-{number}").keep(answer)
    return tmp_path


def found_in_a_round(folder: Path) -> list[str]:
    return [fault for day in A_ROUND for fault in damage(folder, day)]


def test_a_whole_archive_has_no_fault(folder: Path) -> None:
    assert found_in_a_round(folder) == []


def test_every_damage_is_found_once_in_a_round(folder: Path) -> None:
    for file in sorted(folder.rglob("*.page"))[:3]:
        file.write_bytes(b"<p>something else</p>")
    for file in sorted(folder.rglob("*.warc.gz"))[:2]:
        os.truncate(file, file.stat().st_size - 20)
    found = found_in_a_round(folder)
    assert sum("no longer what was read" in fault for fault in found) == 3
    assert len({fault.partition(":")[0] for fault in found if fault.startswith("warc/")}) == 2


def test_the_last_two_days_are_checked_every_day(folder: Path) -> None:
    file = sorted(folder.rglob("*.warc.gz"))[0]
    os.truncate(file, file.stat().st_size - 20)
    for days in (0, 1, 2):
        assert damage(folder, LONG_AGO.date() + timedelta(days=days))


def test_what_a_killed_run_left_behind_a_manifest_is_cut_off(folder: Path) -> None:
    file = sorted(folder.rglob("*.warc.gz"))[0]
    whole = file.stat().st_size
    with file.open("ab") as opened:
        opened.write(b"half a record")
    with manifest_of(file).open("ab") as opened:
        opened.write(b'{"offset": 1')
    assert damage(folder, LONG_AGO.date()) == []
    assert (file.stat().st_size, faults(file)) == (whole, [])


def test_only_old_leftovers_go(folder: Path) -> None:
    old, new = folder / "aa" / ".x.part", folder / "aa" / ".y.part"
    old.parent.mkdir(exist_ok=True)
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 90_000,) * 2)
    assert remove_leftovers([folder]) == 1
    assert (old.exists(), new.exists()) == (False, True)
