"""The declared sources as they fared, and what was asked of them."""

import pandera.polars as pa

from schemas.columns import day, instant, names, number, table, text
from schemas.parties import Party
from schemas.vocabulary import SOURCE_KINDS, SOURCE_STATUSES, spelled


def sources(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per declared source."""
    return table(
        "sources",
        "One row per declared source, as it stood when the release was made; `swaps sources` shows it as it stands.",
        {
            "source": text("the source's key, as in articles.source"),
            "name": text("who it is"),
            "country": text("ISO 3166-1 code of the country that it publishes from", pattern=r"^[A-Z]{3}$"),
            "language": text("ISO 639-1 code of its articles", pattern=r"^[a-z]{2}$"),
            "kind": text(f"what it is ({spelled(SOURCE_KINDS)})", one_of=list(SOURCE_KINDS)),
            "status": text(f"how it fares ({spelled(SOURCE_STATUSES)})", one_of=list(SOURCE_STATUSES)),
            "told": text("what is wrong with it; null when nothing is", nullable=True),
            "last_asked_at": instant("when a run asked it last", nullable=True),
            "last_success_at": instant("when one of its lists answered last", nullable=True),
            "last_new_at": instant(
                "when its lists last named an article that they had not named before", nullable=True
            ),
            "last_article_at": instant("when an article of it last came into the ledger", nullable=True),
        },
        key=["source"],
    )


def visits(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per address that was asked for. Private: it is what the next run needs to know."""
    return table(
        "visits",
        "One row per address that was asked for: how it answered last.",
        {
            "url": text("the address"),
            "source": text("the source's key"),
            "purpose": text("list or page", one_of=["list", "page"]),
            "outcome": text("used, unchanged, off_topic, or the check that failed"),
            "asked_at": instant("when it was asked for last"),
            "status": number("the status of the answer", nullable=True),
            "etag": text("the answer's ETag", nullable=True),
            "last_modified": text("the answer's Last-Modified", nullable=True),
            "attempts": number("how often it gave nothing since it last gave something"),
            "entries": names("of a list: its articles, by the hash of their addresses"),
        },
        key=["url", "source"],
    )


def listings(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per source and run; backfills say nothing of what is new. Private."""
    return table(
        "listings",
        "What each scheduled run heard of each source.",
        {
            "run_id": text("the run"),
            "source": text("the source's key"),
            "asked_at": instant("when"),
            "listed": number("articles that its lists named"),
            "fresh": number("of these, what they did not name at the run before"),
            "known": number("of these, what was fetched before"),
            "passed_over": number("of the rest, what the gate on titles left"),
            "off_topic": number("pages that the gate on their bytes left"),
            "postponed": number("what was left for the next run"),
            "fault": text("what went wrong, when nothing could be heard", nullable=True),
            "partial_fault": text("what went wrong, when some of its lists could be heard", nullable=True),
            "gap_first": day("the first of the days that no run could ask it for yet"),
            "gap_tried_at": instant("when a run tried to, last", nullable=True),
        },
        key=["run_id", "source"],
    )


def robots(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per host. Private."""
    return table(
        "robots",
        "The robots.txt of each host, as it was read last.",
        {
            "origin": text("scheme and host"),
            "asked_at": instant("when it was read"),
            "body": text("its text; null when the host has none", nullable=True),
        },
        key=["origin"],
    )
