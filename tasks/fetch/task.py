"""The fetch stage as Prefect tasks."""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tasks.errors import DamagedError, StoreError
from tasks.fetch import archive
from tasks.fetch.collect import Known, Plan, collect, plan
from tasks.fetch.discovery import Ask, Window
from tasks.fetch.memory import known_of, known_robots, remember, survey
from tasks.fetch.readers import Intake, list_files, read_files
from tasks.fetch.upkeep import damage, remove_leftovers
from tasks.fetch.visits import Robots, Validators, Visitor
from tasks.fetch.window import ArchivedPages, known_pages, months, pages_in_window, sources_of, stale_among
from tasks.paths import Store
from tasks.records import Answer, Found, Listing, Rejection, unforeseen
from tasks.settings import Conflict
from tasks.sources import Source
from tasks.task import stage_task
from tasks.warehouse import guarded
from tasks.web.client import web_of_settings
from tasks.writing import writing

__all__ = [
    "ArchivedPages",
    "Plan",
    "Visitor",
    "Window",
    "check_archive",
    "fetch_part",
    "fetch_source",
    "find_archived",
    "find_files",
    "intake",
    "months",
    "plan_source",
    "read_memory",
    "remember_sources",
    "replay_pages",
    "survey_sources",
    "visitor",
]

_log = logging.getLogger("swaps.fetch")


@stage_task("find files")
def find_files(paths: Sequence[Path], *, may_be_empty: bool) -> list[Path]:
    """List the files that the paths stand for."""
    return list_files(paths, may_be_empty=may_be_empty)


def intake(files: Sequence[Path], most_pages: int) -> Intake:
    """Begin to read files, in parts of so many pages."""
    return Intake(read_files(files, sys.stdin.buffer, datetime.now(UTC), most_pages))


@stage_task("fetch", retried=True)
def fetch_part(coming: Intake, store: Store) -> Found:
    """Read the next part of files into raw pages, and archive them."""
    found = coming.part()
    with guarded(store):
        standing = archive.keep(store.archive, found.pages)
    coming.take()
    return replace(found, pages=tuple(standing))


@stage_task("find archived", retried=True)
def find_archived(
    store: Store, conflict: Conflict, window: Window, sources: list[str] | None, version: str, run_id: str
) -> ArchivedPages:
    """Find what the archive has of a window."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        known, archived = known_pages(warehouse), list(archive.index(store.archive))
        found = pages_in_window(archived, known, window.first, window.last, sources, conflict.timezone)
        return ArchivedPages(
            found,
            stale_among(warehouse, (content for content, _ in found), version),
            len(archived) - len(found),
            frozenset(sources or ()) - sources_of(archived, known),
        )


@stage_task("check archive")
def check_archive(store: Store) -> tuple[list[str], int]:
    """Say what is wrong with the part of the archive whose turn it is; remove what killed runs left half written."""
    with guarded(store):
        removed = remove_leftovers([store.archive, store.releases])
        return damage(store.archive, datetime.now(UTC).date()), removed


@stage_task("replay", retried=True)
def replay_pages(content_hashes: Sequence[str], store: Store) -> Found:
    """Give a batch of archived pages back as they came."""
    pages = (page for content in content_hashes for page in archive.replay(store.archive, content))
    return Found(tuple(pages), finished=len(content_hashes), is_replay=True)


@stage_task("recall", retried=True)
def read_memory(
    store: Store, conflict: Conflict, sources: Sequence[Source], run_id: str
) -> tuple[dict[str, Known], dict[str, Robots]]:
    """Give what earlier runs asked of the sources, and the robots.txt that they read."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        return {source.key: known_of(warehouse, source.key) for source in sources}, known_robots(warehouse)


def visitor(robots: dict[str, Robots]) -> Visitor:
    """Make the one that asks for all sources of a run."""
    return Visitor(web_of_settings(version("swap-ledger")), robots)


def _archiving(source: Source, asking: Visitor, keeper: archive.Keeper) -> Ask:
    """Make the way to ask for a source's addresses, at its pace, that archives every answer."""

    def ask(url: str, validators: Validators | None, most_bytes: int | None) -> Answer:
        return asking.ask(url, source.pause_s, keeper.keep, validators, most_bytes)

    return ask


@stage_task("fetch source")
def fetch_source(
    source: Source,
    known: Known,
    asking: Visitor,
    store: Store,
    window: Window | None,
    now: datetime,
    give: Callable[[Found], None],
) -> None:
    """Ask one source, archive every answer as it came, and give the pages that may be relevant, part by part.

    A fault of the program is an item of this source, and costs no other.
    """
    keeper = archive.Keeper(store.archive, source.key)
    ask = _archiving(source, asking, keeper)
    try:
        with guarded(store):
            for found in collect(source, ask, plan(source, ask, known, window, now)):
                give(replace(found, pages=tuple(keeper.index(found.pages))))
    except DamagedError as wrong:
        give(_failed(source, now, Rejection("fetch", source.key, "archive", str(wrong))))
    except (StoreError, AssertionError):
        raise
    except Exception as wrong:  # noqa: BLE001 - kept as a rejection, which makes the run fail at its end
        give(_failed(source, now, unforeseen("fetch", source.key, wrong)))


def _failed(source: Source, now: datetime, fault: Rejection) -> Found:
    return Found((), (fault,), listings=(Listing(source.key, now, fault=fault.message),), finished=1)


@stage_task("plan source")
def plan_source(source: Source, known: Known, asking: Visitor, window: Window | None, now: datetime) -> Plan:
    """Say what would be fetched of a source: its lists are asked, its articles are not, and nothing is archived."""

    def ask(url: str, validators: Validators | None, most_bytes: int | None) -> Answer:
        return asking.ask(url, source.pause_s, lambda _answer: None, validators, most_bytes)

    return plan(source, ask, known, window, now)


@stage_task("remember", retried=True)
def remember_sources(found: Found, robots: dict[str, Robots], store: Store, conflict: Conflict, run_id: str) -> None:
    """Keep what was asked of sources, once their pages are loaded."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        remember(warehouse, found, robots, run_id, conflict.parties)


@stage_task("survey sources", retried=True)
def survey_sources(declared: Sequence[Source], store: Store, conflict: Conflict, run_id: str) -> list[dict[str, Any]]:
    """Say how every declared source fares."""
    with writing(store, conflict, f"run {run_id}", _log.warning) as warehouse:
        return survey(warehouse, declared, datetime.now(UTC), conflict.parties)
