"""What was published, and when."""

import pandera.polars as pa

from schemas.articles import SHA256
from schemas.columns import instant, number, table, text
from schemas.parties import Party


def releases(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per release."""
    return table(
        "releases",
        "One row per release of the public database, up to this one. The last few are kept; `swaps rollback` returns "
        "to one.",
        {
            "release_id": text(
                "names the release, and its file: when it was made, and a hash of everything in it",
                pattern=r"^\d{8}T\d{12}Z-[0-9a-f]{16}$",
            ),
            "published_at": instant("when it was made"),
            "content_hash": text(
                "SHA-256 over the current rows, without names given on arrival and times of fetching: two ledgers of "
                "one hash say the same",
                pattern=SHA256,
            ),
            "run_id": text("the run that made it; null when no run did", nullable=True),
            "articles": number("current articles in it"),
            "swaps": number("exchanges in it"),
        },
        key=["release_id"],
    )
