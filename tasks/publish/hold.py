"""The hold: a release that somebody went back to, so that nothing newer is published until it is let go."""

import json
from dataclasses import dataclass
from datetime import datetime

from tasks.errors import StoreError
from tasks.paths import Store


@dataclass(frozen=True, slots=True)
class Hold:
    """A release that is held, since when, and who went back to it."""

    release_id: str
    since: datetime
    by: str


def hold_of(store: Store) -> Hold | None:
    """Give the hold, if a release is held. Raises StoreError when its file says nothing that can be understood."""
    if not store.hold.exists():
        return None
    try:
        told = json.loads(store.hold.read_text(encoding="utf-8"))
        return Hold(told["release_id"], datetime.fromisoformat(told["since"]), told["by"])
    except (ValueError, KeyError, TypeError) as wrong:
        raise StoreError(
            f"{store.hold} should name the release that is held and does not; remove it, and go back again with "
            "`swaps rollback RELEASE`"
        ) from wrong


def hold(store: Store, held: Hold) -> None:
    """Hold a release; the file is moved into its place whole, so that a full disk or a killed command leaves none."""
    told = {"release_id": held.release_id, "since": held.since.isoformat(), "by": held.by}
    aside = store.hold.with_name(f".{store.hold.name}.part")
    try:
        aside.write_text(json.dumps(told), encoding="utf-8")
        aside.replace(store.hold)
    finally:
        aside.unlink(missing_ok=True)
