"""Counts and times of a run's stages, as the table `runs` keeps them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from schemas.vocabulary import STAGES
from tasks.records import UNFORESEEN, Difference, Listing, Loaded, Published, Rejection

if TYPE_CHECKING:
    from tasks.fetch.task import Plan


@dataclass(slots=True)
class StageCount:
    """What went into a stage, came out of it, and was refused; when it began and how long it worked."""

    stage: str
    items_in: int = 0
    items_out: int = 0
    items_rejected: int = 0
    items_known: int = 0
    items_passed_over: int = 0
    items_off_topic: int = 0
    items_postponed: int = 0
    started_at: datetime | None = None
    duration_s: float = 0.0


@dataclass(slots=True)
class Tally:
    """What a run did.

    sources: how the declared ones fare, as rows of the table `sources`. difference: what a backfill changed, or would
    change. plans: what a dry run would fetch. parts_left: of a backfill, that could not be read whole. may_be_barren:
    whether it is no fault when nothing can be used, as of pages that were refused before. begun: the flow began then,
    on the monotonic clock.
    """

    run_id: str
    flow: str
    window_start: date | None = None
    window_end: date | None = None
    stages: dict[str, StageCount] = field(default_factory=lambda: {stage: StageCount(stage) for stage in STAGES})
    rejections: list[Rejection] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    loaded: Loaded = field(default_factory=Loaded)
    reports: int = 0
    swaps: int = 0
    published: Published | None = None
    sources: list[dict[str, Any]] = field(default_factory=list)
    difference: Difference | None = None
    plans: Mapping[str, "Plan"] = field(default_factory=dict)
    parts_left: int = 0
    may_be_barren: bool = False
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def working(self, stage: str, items_in: int) -> Iterator[StageCount]:
        """Count a stage's work on a batch; what is refused meanwhile is what is missing from items_out."""
        count = self.stages[stage]
        count.started_at = count.started_at or datetime.now(UTC)
        count.items_in += items_in
        begun = time.monotonic()
        try:
            yield count
        finally:
            count.duration_s += time.monotonic() - begun

    def refuse(self, count: StageCount, rejections: tuple[Rejection, ...]) -> None:
        """Keep a stage's rejections."""
        count.items_rejected += len(rejections)
        self.rejections += rejections

    def hear(self, count: StageCount, listings: Sequence[Listing]) -> None:
        """Count what sources listed, and what of it was chosen."""
        self.listings += listings
        for one in listings:
            count.items_in += one.listed
            count.items_known += one.known
            count.items_passed_over += one.passed_over
            count.items_off_topic += one.off_topic
            count.items_postponed += one.postponed

    @property
    def is_barren(self) -> bool:
        """Whether something was refused and nothing could be used: no article, and no source that answered."""
        is_empty = not self.articles and all(one.fault for one in self.listings)
        return bool(self.rejections) and is_empty and not self.may_be_barren

    @property
    def unforeseen(self) -> list[Rejection]:
        """What was refused because the program itself failed on it."""
        return [one for one in self.rejections if one.check_name == UNFORESEEN]

    @property
    def articles(self) -> int:
        """How many articles were loaded, or found loaded already."""
        return self.loaded.new + self.loaded.changed + self.loaded.unchanged

    def run_rows(self, extractor_version: str, code_version: str) -> list[dict[str, object]]:
        """Give the rows of the stages that have worked, for the table `runs`."""
        return [
            {
                "run_id": self.run_id,
                "flow": self.flow,
                "stage": count.stage,
                "window_start": self.window_start,
                "window_end": self.window_end,
                "items_in": count.items_in,
                "items_out": count.items_out,
                "items_known": count.items_known,
                "items_passed_over": count.items_passed_over,
                "items_off_topic": count.items_off_topic,
                "items_postponed": count.items_postponed,
                "items_rejected": count.items_rejected,
                "started_at": count.started_at,
                "duration_s": round(count.duration_s, 3),
                "extractor_version": extractor_version,
                "code_version": code_version,
            }
            for count in self.stages.values()
            if count.started_at is not None
        ]
