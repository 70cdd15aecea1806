"""Articles and the posts embedded in them."""

import pandera.polars as pa
import polars as pl

from schemas.columns import any_text, instant, number, rows_where, table, text
from schemas.parties import Party
from schemas.vocabulary import NO_REPORT, TEXT_BASES, TIME_BASES, TIME_PRECISIONS, spelled

ID = r"^[0-9a-f]{16}$"
SHA256 = r"^[0-9a-f]{64}$"


def articles(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per version of a page."""
    return table(
        "articles",
        "One row per article as it was read: one version of one page.",
        {
            "article_id": text("names one version of one page: hash of its address and text", pattern=ID),
            "page_id": text("joins the versions of one page: hash of its address", pattern=ID),
            "url": text("the page's canonical address; null when the input has none", nullable=True),
            "source": text("who published it: the source's name, the address's host, or 'file'"),
            "file_name": text("the file it was read from; null when it was fetched", nullable=True),
            "language": text("ISO 639-1 code of the text's language, or 'other'", pattern=r"^([a-z]{2}|other)$"),
            "title": text("the headline; null when the input has none", nullable=True),
            **_stamp("published", "published"),
            **_stamp("updated", "last changed, as the page says, which on many pages is when it was published"),
            "agency": text(
                "the news agency that wrote it, where the page credits one; null for the outlet's own stories",
                nullable=True,
            ),
            "fetched_at": instant("when this version was first read"),
            "last_seen_at": instant(
                "when this version was last seen on the web; null when it is known from files alone", nullable=True
            ),
            "content_sha256": text("SHA-256 of the raw bytes, which the archive keeps", pattern=SHA256),
            "version_no": number("counts the versions of a page, in the order in which they were last seen", least=1),
            "no_report_because": text(
                f"why the article has no report; null when it has one ({spelled(NO_REPORT)})",
                nullable=True,
                one_of=list(NO_REPORT),
            ),
            "text_basis": text(
                f"whose reading of the page the text is ({spelled(TEXT_BASES)})", one_of=list(TEXT_BASES)
            ),
            "text": text("the cleaned text, headline first; every offset counts characters of it"),
        },
        key=["article_id"],
        checks=[
            *(_whole_stamp(name) for name in ("published", "updated")),
            rows_where(
                "updated_since_published",
                pl.col("updated_at") >= pl.col("published_at") - pl.duration(days=1),
                "it was changed before it was published",
            ),
            rows_where(
                "text_begins_with_title",
                pl.col("text").str.starts_with(pl.col("title")),
                "the text does not begin with the headline",
            ),
        ],
    )


def _stamp(name: str, told: str) -> dict[str, pa.Column]:
    """Give the columns of a time that a page tells of itself."""
    return {
        f"{name}_at": instant(f"when it was {told}; null when nothing says so", nullable=True),
        f"{name}_precision": text(
            f"how precisely {name}_at is known ({spelled(TIME_PRECISIONS)})",
            nullable=True,
            one_of=list(TIME_PRECISIONS),
        ),
        f"{name}_basis": text(
            f"what {name}_at was taken from ({spelled(TIME_BASES)})",
            nullable=True,
            one_of=list(TIME_BASES),
        ),
    }


def _whole_stamp(name: str) -> pa.Check:
    beside = (pl.col(f"{name}_{part}").is_null() for part in ("precision", "basis"))
    return rows_where(
        f"{name}_at_with_precision_and_basis",
        pl.all_horizontal(*(pl.col(f"{name}_at").is_null() == is_null for is_null in beside)),
        f"the time it was {name}, its precision and what it was taken from stand together",
    )


def embedded_posts(parties: tuple[Party, ...]) -> pa.DataFrameSchema:
    """One row per post embedded in an article."""
    return table(
        "embedded_posts",
        "One row per social-media post embedded in an article, taken out of its text.",
        {
            "article_id": text("the article that embeds it", pattern=ID),
            "post_no": number("1 for the first post of the article", least=1),
            "platform": text("x, telegram, facebook, instagram, ...", nullable=True),
            "author": text("the author's name as shown", nullable=True),
            "handle": text("the author's handle, without @", nullable=True),
            "posted_at": instant("when it was posted; a day without a time stands for its midnight UTC", nullable=True),
            "url": text("the post's address", nullable=True),
            "text": any_text("the post's text"),
        },
        key=["article_id", "post_no"],
    )
