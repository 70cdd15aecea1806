"""`make bench`: sentences a second of the reader, beside spaCy's small English pipeline, and how time grows with size.

Reader and counterpart take the same articles in turn, on one core. Times are processor times, which other programs that
run meanwhile disturb least: of several runs the median; for growth the shortest, which is nearest to what the input
itself takes. The counterpart does another work (tags, syntax, entities, no reports): a yardstick that others know.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from platform import python_version
from statistics import median

from tasks.extract.reader import read_article
from tasks.extract.rulebook import language, languages_read
from tasks.extract.sentences import sentence_spans
from tasks.extract.version import extractor_version
from tasks.paths import PROJECT
from tasks.records import Article
from tasks.settings import conflict
from tests.bench.ordinary import ordinary_articles
from tests.extract.hostile import HOSTILE
from tests.extract.reading import article_of
from tests.gate.labelled import ARTICLES, labelled_articles

RESULTS = Path(__file__).with_name("results.md")
_COUNTERPART_PYTHON = PROJECT / ".bench" / "bin" / "python"
_RUNS, _HOSTILE_RUNS = 5, 3
_ORDINARY_ARTICLES = 100
_SIZES = (1, 2, 4)
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Speed:
    """What one kind of text showed: seconds a run for each of the two. pipeline: what the counterpart says it is.

    Of languages that the counterpart does not read there is only the reader's time.
    """

    texts: str
    pipeline: str
    articles: int
    sentences: int
    reader: float
    counterpart: float | None


@dataclass(frozen=True)
class Growth:
    """Seconds for one hostile input at three sizes, each twice the one before. characters: of the largest."""

    text: str
    characters: int
    seconds: tuple[float, ...]


def main() -> None:
    """Measure, print and write the results."""
    _stay_on_one_core()
    speeds = list(_speeds())
    growths = [_growth(name, largest, make) for name, (largest, make) in HOSTILE.items()]
    told = "\n".join(_report(speeds, growths))
    RESULTS.write_text(told + "\n", encoding="utf-8")
    sys.stdout.write(told + "\n")


def _stay_on_one_core() -> None:
    """Keep this process, and those that it starts, on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _speeds() -> Iterator[Speed]:
    yield _speed("articles of the gate", _labelled("en"))
    yield _speed("ordinary news, no exchange", ordinary_articles(_ORDINARY_ARTICLES))
    for code in languages_read():
        if code != "en":
            yield _speed_alone(f"articles of the gate, {code}", _labelled(code), code)


def _labelled(code: str) -> list[Article]:
    folders = sorted({file.parent for file in (ARTICLES / code).rglob("*.toml")})
    return [one.read(conflict())[0] for folder in folders for one in labelled_articles(folder)]


def _speed(name: str, articles: Sequence[Article]) -> Speed:
    """Let the two take turns, so that what else the machine does hits both."""
    sentences = _sentences(articles, "en")
    with counterpart([article.text for article in articles]) as (pipeline, counterpart_seconds):
        turns = [(_seconds(partial(_read_all, articles)), counterpart_seconds()) for _ in range(_RUNS)]
    reader, other = (median(turn[place] for turn in turns) for place in (0, 1))
    return Speed(name, pipeline, len(articles), sentences, reader, other)


def _speed_alone(name: str, articles: Sequence[Article], code: str) -> Speed:
    reader = median(_seconds(partial(_read_all, articles)) for _ in range(_RUNS))
    return Speed(name, "", len(articles), _sentences(articles, code), reader, None)


def _sentences(articles: Sequence[Article], code: str) -> int:
    known = language(code, conflict()).abbreviations
    return sum(1 for article in articles for _ in sentence_spans(article.text, known))


def _read_all(articles: Sequence[Article]) -> None:
    for article in articles:
        read_article(article, conflict())


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@contextmanager
def counterpart(texts: list[str]) -> Iterator[tuple[str, Callable[[], float]]]:
    """Start the counterpart on these texts; give its name, and what makes it take them once and say the seconds."""
    command = [str(_COUNTERPART_PYTHON), str(Path(__file__).with_name("counterpart.py"))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | _ONE_THREAD
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout
        name = answered.readline().strip()
        asked.write(json.dumps(texts) + "\n")

        def seconds() -> float:
            asked.write("\n")
            asked.flush()
            return float(answered.readline())

        yield name, seconds


def _growth(name: str, largest: int, make: Callable[[int], str]) -> Growth:
    articles = [article_of(make(largest * size // _SIZES[-1])) for size in _SIZES]
    turns = [
        [_seconds(partial(read_article, article, conflict())) for article in articles] for _ in range(_HOSTILE_RUNS)
    ]
    return Growth(name, largest, tuple(min(turn[place] for turn in turns) for place in range(len(_SIZES))))


def _report(speeds: list[Speed], growths: list[Growth]) -> Iterator[str]:
    yield "# How fast the reader reads"
    yield ""
    yield f"Written by `make bench` on {datetime.now(UTC):%Y-%m-%d}, on one of {os.cpu_count()} cores: Python"
    yield f"{python_version()}, reader {extractor_version()}. Times are processor times: the median of {_RUNS} runs,"
    yield f"for the hostile inputs the shortest of {_HOSTILE_RUNS}."
    yield ""
    yield f"Beside it, on the same articles in the same run: {speeds[0].pipeline}."
    yield ""
    yield "| texts | articles | sentences | reader, sentences a second | spaCy, sentences a second | ratio |"
    yield "|---|---|---|---|---|---|"
    for speed in speeds:
        own = f"| {speed.texts} | {speed.articles} | {speed.sentences} | {speed.sentences / speed.reader:.0f} |"
        if speed.counterpart is None:
            yield f"{own} | |"
        else:
            yield f"{own} {speed.sentences / speed.counterpart:.0f} | {speed.counterpart / speed.reader:.1f} |"
    yield ""
    yield "How time grows with the size of a hostile input: in proportion is 2 times as long for twice the size, and 4"
    yield "times for four times the size."
    yield ""
    yield "| input | characters, at most | seconds for them | twice the size | four times the size |"
    yield "|---|---|---|---|---|"
    for growth in growths:
        quarter, half, whole = growth.seconds
        yield (f"| {growth.text} | {growth.characters} | {whole:.3f} | {half / quarter:.1f} | {whole / quarter:.1f} |")


if __name__ == "__main__":
    main()
