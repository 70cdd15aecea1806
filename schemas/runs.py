"""What was done, and what was refused: runs and rejected."""

import pandera.polars as pa

from schemas.articles import ID
from schemas.columns import day, instant, number, seconds, table, text
from schemas.parties import Party
from schemas.vocabulary import STAGES


def rejected(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per item that was refused."""
    return table(
        "rejected",
        "Quarantine: one row per item that a stage refused, with the check that failed.",
        {
            "rejected_id": text(
                "names the refusal; the same item refused again for the same reason is the same row", pattern=ID
            ),
            "run_id": text("the run that refused it first"),
            "stage": text("the stage", one_of=STAGES),
            "item": text("the file, line, address or row"),
            "check_name": text("the check that failed"),
            "message": text("what is wrong, and what to do"),
            "record": text("the row as JSON; null when the item never became one", nullable=True),
            "rejected_at": instant("when"),
        },
        key=["rejected_id"],
    )


def runs(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per stage of a run."""
    return table(
        "runs",
        "One row per stage of every run that came to its end. A release holds its own run up to reconcile; the "
        "publish stage of a run shows in the next release.",
        {
            "run_id": text("names the run"),
            "flow": text("ingest or backfill"),
            "stage": text("the stage", one_of=STAGES),
            "window_start": day("first publication day of a backfill's window"),
            "window_end": day("last publication day of a backfill's window"),
            "items_in": number("items the stage was given", unit="items"),
            "items_out": number("items it gave on", unit="items"),
            "items_known": number("of a source's articles: those that were fetched before", unit="items"),
            "items_passed_over": number(
                "of a source's articles: those whose titles are of other subjects", unit="items"
            ),
            "items_off_topic": number("of the fetched pages: those that are of other subjects", unit="items"),
            "items_postponed": number("of a source's articles: those left for the next run", unit="items"),
            "items_rejected": number("items it refused; each is a row of rejected, or was one already", unit="items"),
            "started_at": instant("when the stage began"),
            "duration_s": seconds("how long the stage worked"),
            "extractor_version": text("the version of the reader"),
            "code_version": text("the version of the program"),
        },
        key=["run_id", "stage"],
    )
