"""A source on loopback, and what is needed to ask it, for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tasks.fetch.collect import Known, collect, plan
from tasks.fetch.discovery import Ask, Window
from tasks.fetch.visits import Validators, Visitor
from tasks.records import Answer, Found
from tasks.sources import Source
from tasks.web.client import Web
from tasks.web.connections import Limits

WEB = Web("SwapLedger/test", Limits(1, 1), opens_loopback=True)
NOTHING_KNOWN = Known({}, {})


def a_source(*ways: dict[str, Any], **changes: Any) -> Source:
    """Declare a source with these ways to discover its articles."""
    return Source.model_validate(
        {
            "key": "wire-en",
            "name": "Wire",
            "country": "UKR",
            "language": "en",
            "kind": "agency",
            "sites": ["wire.example"],
            "on": True,
            "pause_s": 0.0,
            "expected": {"days": 7, "least": 1, "most": 100},
            "discover": list(ways),
            **changes,
        }
    )


def feed(url: str) -> dict[str, Any]:
    """Declare a feed."""
    return {"how": "feed", "url": url}


def asking(kept: list[Answer] | None = None) -> Ask:
    """Make a way to ask that does not really wait."""
    visitor = Visitor(WEB, sleep=lambda _: None)

    def ask(url: str, validators: Validators | None, most_bytes: int | None) -> Answer:
        return visitor.ask(url, 0.0, (kept if kept is not None else []).append, validators, most_bytes)

    return ask


def fetched(
    source: Source, ask: Ask | None = None, known: Known = NOTHING_KNOWN, window: Window | None = None
) -> Found:
    """Ask a source as a run does."""
    ask = ask or asking()
    return sum(collect(source, ask, plan(source, ask, known, window, datetime.now(UTC))), Found())


def checks(found: Found) -> Sequence[str]:
    """Give the names of the checks that something failed, in order."""
    return [one.check_name for one in found.rejections]
