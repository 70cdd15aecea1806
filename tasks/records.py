"""What passes from stage to stage: plain records, keyed by party code, and how they are named."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path


def short_hash(*parts: object) -> str:
    """Name something by what it is: 16 hexadecimal digits of the SHA-256 over the parts."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page as it came, not interpreted.

    item: what a message calls it, as in `notes.jsonl:7`. media_type: text/html, text/plain or
    application/json (one record of the jsonl form). url: where it was found. charset: the encoding that the server
    told. source: the key of the declared source that it was fetched for. last_seen_at: when it stood so on the web the
    last time that is known; None for a file, which tells nothing of it.
    """

    item: str
    content: bytes
    media_type: str
    fetched_at: datetime
    file_name: str | None = None
    url: str | None = None
    charset: str | None = None
    source: str | None = None
    last_seen_at: datetime | None = None

    @property
    def content_sha256(self) -> str:
        """Address of the content in the archive."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that a source lists: a feed's entry, a line of a sitemap, a link, a message, a capture.

    published: as the list states it; None when it states nothing. from_address: where its page is asked for, if not at
    its own address: an archive's copy. captured_at: when that copy was made.
    """

    url: str
    title: str | None = None
    description: str | None = None
    published: datetime | None = None
    from_address: str | None = None
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to one request.

    Header fields are kept in their order, as they came. body: the bytes as they came, still compressed if the server
    compressed them, without the chunks' borders. content: the same, unpacked.
    """

    url: str
    asked_at: datetime
    request_headers: tuple[tuple[str, str], ...]
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    content: bytes
    peer: str | None = None

    def header(self, name: str) -> str | None:
        """Give the first header field of a name, in any case; None if there is none."""
        return next((value for field, value in self.headers if field.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Post:
    """A social-media post embedded in an article."""

    post_no: int
    platform: str | None
    author: str | None
    handle: str | None
    posted_at: datetime | None
    url: str | None
    text: str


@dataclass(frozen=True, slots=True)
class DroppedBlock:
    """A piece of the page that is not the article, and why it was left out."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time that a page states of itself: how precisely, and where; see schemas.vocabulary."""

    at: datetime
    precision: str
    basis: str


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned page. Every offset counts characters of `text`, which begins with the headline if there is one.

    text_basis: whose reading of the page the text is, a word of schemas.vocabulary.TEXT_BASES. agency: who wrote it,
    where the page says that it is a news agency other than the page's own outlet. last_seen_at: as of a RawPage.
    """

    article_id: str
    page_id: str
    url: str | None
    source: str
    file_name: str | None
    language: str
    title: str | None
    published: Stamp | None
    fetched_at: datetime
    content_sha256: str
    text: str
    text_basis: str
    updated: Stamp | None = None
    agency: str | None = None
    last_seen_at: datetime | None = None
    posts: tuple[Post, ...] = ()
    dropped: tuple[DroppedBlock, ...] = ()

    @property
    def published_at(self) -> datetime | None:
        """When it was published, as far as is known."""
        return self.published.at if self.published else None

    @property
    def published_basis(self) -> str | None:
        """What the time of publication was taken from."""
        return self.published.basis if self.published else None

    def text_of(self, post_no: int | None) -> str:
        """Give the text that offsets with this post_no point into."""
        return self.text if post_no is None else self.posts[post_no - 1].text


@dataclass(frozen=True, slots=True)
class Span:
    """Words in an article: start 0-based, end exclusive, in characters."""

    post_no: int | None
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of people, as the text states it. The words of the fields are in schemas/vocabulary.py."""

    figure_id: str
    report_no: int | None
    kind: str
    returned_to: str | None
    category: str
    value: int | None
    value_low: int
    value_high: int | None
    hedge: str
    claimant: str | None
    span: Span
    rule: str
    refused_because: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that one cell of a report rests on. party is None for cells that no party has."""

    measure: str
    party: str | None
    figure_id: str | None
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class OrdinalClaim:
    """'The 54th exchange', and whose count that is."""

    report_no: int | None
    series: str
    ordinal: int
    claimant: str | None
    span: Span
    rule: str


Counts = dict[str, int]
"""Party code -> people. A party that is not in it is not known. Of a difference: new, changed, withdrawn -> rows."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one article says of one exchange."""

    report_no: int
    swap_date: date | None
    date_basis: str | None
    returned_to: Counts
    military_to: Counts
    civilians_to: Counts
    hedge: dict[str, str]
    additional_to: Counts
    both_total: int | None
    both_total_hedge: str | None
    ordinal: int | None
    mediators: tuple[str, ...]
    remains_to: Counts
    doubts: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from one article."""

    article_id: str
    extractor_version: str
    figures: tuple[Figure, ...] = ()
    reports: tuple[Report, ...] = ()
    ordinal_claims: tuple[OrdinalClaim, ...] = ()
    no_report_because: str | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """An item that a stage refused, with the check that failed."""

    stage: str
    item: str
    check_name: str
    message: str
    record: str | None = None

    @property
    def rejected_id(self) -> str:
        """The same item refused for the same reason has the same name."""
        return short_hash(self.stage, self.item, self.check_name, self.message, self.record)


UNFORESEEN = "unforeseen"
"""The check of an item on which the program itself failed."""


def unforeseen(stage: str, item: str, wrong: Exception) -> Rejection:
    """Refuse an item on which the program itself failed, so that it costs no other item."""
    told = " ".join(f"{type(wrong).__name__}: {wrong}".split())[:200]
    return Rejection(
        stage,
        item,
        UNFORESEEN,
        f"made the program fail ({told}); run `swaps --debug explain` on it and report what that says",
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """One address that was asked for, and what came of it; see schemas.vocabulary.

    validators: what the server wants to be told when it is asked again, as ETag and Last-Modified.
    """

    url: str
    source: str
    purpose: str
    outcome: str
    asked_at: datetime
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days, from the first on, that no run could ask a source for. tried_at: when one tried last."""

    first: date
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one run heard of one source.

    listed: articles that its lists named. fresh: of these, what they did not name at the last run. known: of these,
    what was fetched before. passed_over: of the rest, what the gate on titles left. off_topic: pages that the gate on
    their bytes left. postponed: what the next run asks for. goes_on: whether that is because the run had asked for as
    much as one may. fault: what went wrong, if nothing could be heard;
    partial_fault: if some lists could be heard. is_backfill: whether a window was asked for, not what is new. gap: days
    that are still to be asked for.
    """

    source: str
    asked_at: datetime
    listed: int = 0
    fresh: int = 0
    known: int = 0
    passed_over: int = 0
    off_topic: int = 0
    postponed: int = 0
    goes_on: bool = False
    fault: str | None = None
    partial_fault: str | None = None
    is_backfill: bool = False
    gap: Gap | None = None

    @property
    def wanted(self) -> int:
        """Articles that were to be fetched."""
        return self.listed - self.known - self.passed_over


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what the fetch stage gives: raw pages, the items that are none, and what was asked for them.

    entries: the articles of each list that was read, by short_hash of their addresses. off_topic: pages in WARC files
    that the gate on their bytes left. finished: how many of a run's files, archived contents or sources end with it.
    is_replay: whether it holds all pages of archived contents.
    """

    pages: tuple[RawPage, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    visits: tuple[Visit, ...] = ()
    listings: tuple[Listing, ...] = ()
    entries: dict[str, frozenset[str]] = field(default_factory=dict)
    off_topic: int = 0
    finished: int = 0
    is_replay: bool = False

    def __add__(self, other: "Found") -> "Found":
        return Found(
            self.pages + other.pages,
            self.rejections + other.rejections,
            self.visits + other.visits,
            self.listings + other.listings,
            self.entries | other.entries,
            self.off_topic + other.off_topic,
            self.finished + other.finished,
        )


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What the clean stage gives: articles, and the pages that are none."""

    articles: tuple[Article, ...]
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What the extract stage gives: articles with their readings, one by one, and those that could not be read."""

    articles: tuple[Article, ...]
    readings: tuple[Reading, ...]
    rejections: tuple[Rejection, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many articles a load found new, changed (read differently than before), unchanged, and no longer true."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.withdrawn + other.withdrawn,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one exchange between two releases. told: the cells that changed, as `column: before -> after`."""

    swap_id: str
    swap_date: date | None
    how: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new, changed and withdrawn between two releases: counts of swaps and figures, and each swap."""

    swaps: Counts
    figures: Counts
    changes: tuple[Change, ...] = ()

    def told(self) -> str:
        """Say the counts in one line."""
        counted = (
            f"{of}: {', '.join(f'{number} {how}' for how, number in counts.items())}"
            for of, counts in (("Swaps", self.swaps), ("Figures", self.figures))
        )
        return ". ".join(counted) + "."


@dataclass(frozen=True, slots=True)
class BackfillOrder:
    """What a backfill was asked for. sources: none for all. mode: a word of schemas.vocabulary.BACKFILL_MODES."""

    first: date
    last: date
    sources: tuple[str, ...]
    mode: str
    requested_by: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The release that the public path names, and whether this run made it.

    is_held: whether somebody went back to it, so that nothing newer is published.
    """

    database: Path
    release: Path
    is_new: bool
    is_held: bool = False
