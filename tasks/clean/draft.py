"""The parts of an article before its text is put together, from markup or from plain text."""

from dataclasses import dataclass, field, replace
from datetime import time

from tasks.clean.embeds import newest_first, take_pasted_posts
from tasks.clean.metadata import Metadata
from tasks.clean.moments import Moment, day_of_dateline
from tasks.clean.text import drop_furniture
from tasks.records import DroppedBlock, Post, Stamp


@dataclass(slots=True)
class Draft:
    """The parts of an article. basis: whose reading of the page the paragraphs are; None for plain text.

    standfirst: the sentence below the headline, where it stands apart from the paragraphs.
    """

    metadata: Metadata
    title: str | None
    paragraphs: list[str]
    posts: list[Post] = field(default_factory=list)
    dropped: list[DroppedBlock] = field(default_factory=list)
    basis: str | None = None
    standfirst: str | None = None


def finished(draft: Draft) -> Draft:
    """Do what markup and plain text have in common: pasted posts, furniture in words, a date if none is known."""
    paragraphs, pasted = take_pasted_posts(draft.paragraphs, first_no=len(draft.posts) + 1)
    kept, dropped = drop_furniture(paragraphs, draft.title)
    posts = [*draft.posts, *pasted]
    known = draft.metadata
    if known.published is None:
        dateline = day_of_dateline(kept[0]) if kept else None
        known = replace(known, published=dateline.on("dateline") if dateline else _last_post(posts))
    return Draft(known, draft.title, kept, posts, [*draft.dropped, *dropped], draft.basis, draft.standfirst)


def _last_post(posts: list[Post]) -> Stamp | None:
    """Take the time of the newest post; most frames state only the day, which stands as its midnight."""
    posted_at = next(newest_first(posts), None)
    return Moment(posted_at, is_day=posted_at.time() == time.min).on("post") if posted_at else None
