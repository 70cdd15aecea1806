"""The upkeep of the archive: a part is checked every day, all of it in a month; what killed runs left is removed."""

import time
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

from tasks.errors import StoreError
from tasks.fetch.answers import faults, mend
from tasks.fetch.archive import replay

ROUND_DAYS = 30
"""Days in which the whole archive is checked."""
_FRESH = timedelta(days=2)
_LEFT_S = 86_400.0
"""A file that was being written so long ago is not written any more."""


def damage(archive: Path, today: date) -> list[str]:
    """Say what is wrong with the part of the archive whose turn it is, and with the WARC files of the last two days.

    What a killed run left behind the last record that a manifest names is cut off first: it was never acknowledged.
    """
    turn = today.toordinal() % ROUND_DAYS
    found: list[str] = []
    for file in sorted(archive.glob("warc/*/*/*/*.warc.gz")):
        if _day(file) >= today - _FRESH or crc32(file.name.encode()) % ROUND_DAYS == turn:
            mend(file)
            found += [f"{file.relative_to(archive)}: {fault}" for fault in faults(file)]
    for folder in sorted(archive.glob("??")):
        if int(folder.name, 16) % ROUND_DAYS == turn:
            found += _lost(archive, folder)
    return found


def _day(file: Path) -> date:
    """Give the day of a WARC file, which its folders name."""
    year, month, day = file.parts[-4:-1]
    return date(int(year), int(month), int(day))


def _lost(archive: Path, folder: Path) -> list[str]:
    """Say which pages of a folder cannot be given back as they came."""
    found = []
    for index in sorted(folder.glob("*.json")):
        try:
            replay(archive, index.stem)
        except StoreError as wrong:
            found.append(str(wrong))
    return found


def remove_leftovers(folders: list[Path]) -> int:
    """Remove what killed runs left half written in these folders, a day ago or longer; give how many files."""
    left = [
        file
        for folder in folders
        for file in folder.rglob(".*.part")
        if file.is_file() and time.time() - file.stat().st_mtime > _LEFT_S
    ]
    for file in left:
        file.unlink()
    return len(left)
