"""Which reading of a page is today's: a version that changes whenever cleaning, extracting or validating does."""

import hashlib
from functools import cache
from pathlib import Path

from tasks.paths import CONFLICT_FILE, PROJECT
from tasks.sources import sources_folder

_READING = ("tasks/clean", "tasks/extract", "tasks/validate", "schemas")
_SHARED = ("tasks/records.py", "tasks/addresses.py", "tasks/sources.py", "tasks/settings.py")


@cache
def reader_version() -> str:
    """Name all that decides what is read from a page: code, rules, names and the declared sources' layouts.

    12 hexadecimal digits of the SHA-256 over them. A page that was read by another version is stale.
    """
    folders = [PROJECT / folder for folder in _READING]
    files = [file for folder in folders for ending in ("*.py", "*.toml") for file in folder.rglob(ending)]
    files += [*(PROJECT / name for name in _SHARED), CONFLICT_FILE, *sources_folder().glob("*.toml")]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(_name(file).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _name(file: Path) -> str:
    return str(file.relative_to(PROJECT)) if file.is_relative_to(PROJECT) else file.name
