"""What was read again, why, for whom, and what it changed."""

import pandera.polars as pa

from schemas.articles import SHA256
from schemas.columns import day, instant, names, number, table, text
from schemas.parties import Party
from schemas.vocabulary import BACKFILL_MODES, BACKFILL_STATUSES, CHANGES, spelled


def backfills(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per backfill."""
    counted = {
        f"{of}_{how}": number(
            f"{of} that it made {how}, against the release that was public; null until it ended", nullable=True
        )
        for of in ("swaps", "figures")
        for how in CHANGES
    }
    return table(
        "backfills",
        "One row per backfill: what was asked for, by whom, and what came of it.",
        {
            "backfill_id": text("names the backfill: the first run that worked on it"),
            "run_id": text("the last run that worked on it"),
            "window_start": day("first publication day", nullable=False),
            "window_end": day("last publication day", nullable=False),
            "sources": names("the sources that it was narrowed to; none for all"),
            "mode": text(f"what was read ({spelled(BACKFILL_MODES)})", one_of=list(BACKFILL_MODES)),
            "reason": text("why it was asked for, in the words of who did", nullable=True),
            "requested_by": text("who asked for it"),
            "status": text(f"how far it is ({spelled(BACKFILL_STATUSES)})", one_of=list(BACKFILL_STATUSES)),
            "started_at": instant("when it began"),
            "release_before": text("the release that was public when it began", nullable=True),
            "ended_at": instant("when it ended; null while it runs", nullable=True),
            "shards": number("parts of its window, by month"),
            "shards_done": number("of these, how many are done: read, and all sources heard to the end"),
            "articles_new": number("articles that it loaded"),
            "articles_changed": number("articles that it read differently than before"),
            "rejected": number("items that its last run refused"),
            **counted,
        },
        key=["backfill_id"],
    )


def shards(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per part of a backfill that is done. Private: it is what a run that goes on needs to know."""
    return table(
        "shards",
        "The parts of backfills that are done.",
        {
            "backfill_id": text("the backfill"),
            "first_day": day("the first day of the part", nullable=False),
            "done_at": instant("when it was done"),
        },
        key=["backfill_id", "first_day"],
    )


def readings(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per archived content that became an article. Private: it tells which contents are stale."""
    return table(
        "readings",
        "By which version of the program each archived content was read last.",
        {
            "content_sha256": text("SHA-256 of the raw bytes", pattern=SHA256),
            "reader_version": text("the version of everything that decides what is read"),
        },
        key=["content_sha256"],
    )
