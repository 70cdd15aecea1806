"""Which reader read a figure: a version that changes whenever the reader does, because it is made of it."""

import hashlib
from functools import cache
from pathlib import Path

from tasks.paths import CONFLICT_FILE

_FOLDER = Path(__file__).parent


@cache
def extractor_version() -> str:
    """Name the reader: 12 hexadecimal digits of the SHA-256 over its code, its rules and the conflict's names."""
    digest = hashlib.sha256()
    for file in [*sorted(_FOLDER.glob("*.py")), *sorted(_FOLDER.glob("rules/*.toml")), CONFLICT_FILE]:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
