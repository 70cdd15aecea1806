"""`make cleaning`: our reading of real news pages beside its peers, in one run and one process.

The pages and their scorer are the cleaning_benchmark of the corpora beside the project (SWAPS_CORPORA). Two sets whose
article bodies people marked; the text of embedded posts is left out, because it is kept as data. The peers live in an
environment of their own (.peers), which runs our code, too, so that all are timed alike.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from tasks.clean.encoding import decode
from tasks.clean.page import clean_page
from tasks.paths import PROJECT
from tasks.records import RawPage

RESULTS = Path(__file__).with_name("cleaning.md")
PUBLISHED: dict[str, date] = tomllib.loads(Path(__file__).with_name("published.toml").read_text())["published"]
_PYTHON = PROJECT / ".peers" / "bin" / "python"
_OURS, _YARDSTICK = "ours", "trafilatura"
_PEERS = (
    _YARDSTICK,
    "trafilatura fast",
    "trafilatura precision",
    "readability-lxml",
    "newspaper4k",
    "resiliparse main_content",
)
_SETS = ("aeb", "fundus_eval")
_REPEATS = 3
_FAILED, _READ = 0.5, 0.8
_FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, float]


def main() -> int:
    """Measure, and write the results."""
    named = os.environ.get("SWAPS_CORPORA")
    if not named:
        sys.stderr.write("SWAPS_CORPORA is not set: name the folder that has cleaning_benchmark/\n")
        return 2
    folder = Path(named).resolve() / "cleaning_benchmark"
    measured = _measured(folder)
    right, all_pages = days_right(folder)
    text = "\n".join(_report(measured, right, all_pages))
    RESULTS.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 0


def _measured(folder: Path) -> dict[str, Any]:
    with TemporaryDirectory() as scratch:
        out = Path(scratch) / "scores.json"
        command = [str(_PYTHON), "score.py", "--systems", ",".join(_PEERS)]
        command += ["--extra", f"{_OURS}=tasks.clean.html:article_text", "--datasets", ",".join(_SETS)]
        command += ["--repeats", str(_REPEATS), "--out", str(out)]
        subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONPATH": str(PROJECT)}, check=True)
        measured: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return measured


def days_right(folder: Path) -> tuple[int, int]:
    """Count the pages of fundus_eval whose publication day is found right, and all of them."""
    data = folder / "data" / "fundus_eval" / "dataset"
    addresses = json.loads((data / "ground_truth.json").read_text(encoding="utf-8"))
    right = 0
    for name, day in PUBLISHED.items():
        content = (data / "html" / name).read_bytes()
        markup = decode(gzip.decompress(content) if name.endswith(".gz") else content)
        record = json.dumps({"url": addresses[name]["url"], "html": markup}).encode()
        article = clean_page(RawPage(name, record, "application/json", _FETCHED), ZoneInfo("UTC"))
        right += article.published_at is not None and article.published_at.date() == day
    return right, len(PUBLISHED)


def _report(measured: dict[str, Any], right: int, all_pages: int) -> Iterator[str]:
    yield "# Cleaning of real pages\n"
    yield "Written by `make cleaning`, which tells what is measured and how (tests/bench/cleaning.py).\n"
    for name in _SETS:
        pages, systems = measured[name]["pages"], measured[name]["systems"]
        yield f"## {name}: {pages} pages\n"
        yield f"| program | P | R | F1 | median ms a page | against {_YARDSTICK} |"
        yield "|---|---|---|---|---|---|"
        base = systems[_YARDSTICK]["ms_med"]
        for system in (*_PEERS, _OURS):
            row = systems[system]
            scores = " | ".join(f"{row[measure]:.3f}" for measure in ("P", "R", "F1"))
            yield f"| {system} | {scores} | {row['ms_med']:.1f} | {row['ms_med'] / base:.2f} |"
        ours = systems[_OURS]["pages"]
        halves = [f1_of(row for page, row in ours.items() if half_of(page) == half) for half in (0, 1)]
        yield f"\nOurs by halves of the pages' ids (parity of their SHA-1): {halves[0]:.3f} and {halves[1]:.3f}."
        lost = [page for page in ours if _is_lost(page, systems)]
        yield f"Pages that ours reads below {_FAILED} and a peer above {_READ}: {len(lost)}"
        yield "".join(f"\n- {page}" for page in lost)
    yield f"Publication day right on fundus_eval: {right} of {all_pages} ({right / all_pages:.3f})."


def _is_lost(page: str, systems: dict[str, Any]) -> bool:
    best = max(_harmonic(systems[peer]["pages"][page]) for peer in _PEERS)
    return _harmonic(systems[_OURS]["pages"][page]) < _FAILED and best > _READ


def half_of(page: str) -> int:
    """Give the half that a page is in."""
    return hashlib.sha1(page.encode(), usedforsecurity=False).digest()[-1] % 2


def f1_of(rows: Iterable[Row]) -> float:
    """Give F1 as the scorer's publishers define it: the harmonic mean of mean precision and mean recall."""
    known = list(rows)
    return _harmonic({"p": _mean(known, lambda row: row["p"]), "r": _mean(known, lambda row: row["r"])})


def _mean(rows: list[Row], value: Callable[[Row], float | None]) -> float:
    return mean(found for row in rows if (found := value(row)) is not None)


def _harmonic(row: Row) -> float:
    precision, recall = row["p"] or 0.0, row["r"] or 0.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
