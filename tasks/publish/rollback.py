"""Going back to an earlier release, and forward again.

The release is held: runs go on loading, and publish nothing until somebody says so. Otherwise the next scheduled run
would publish again what somebody had a reason to take back.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tasks.errors import InputError
from tasks.paths import Store
from tasks.publish.release import current_release, kept_releases, point, release_id


@dataclass(frozen=True, slots=True)
class Hold:
    """A release that is held, since when, and who went back to it."""

    release_id: str
    since: datetime
    by: str


def hold_of(store: Store) -> Hold | None:
    """Give the hold, if a release is held."""
    if not store.hold.exists():
        return None
    told = json.loads(store.hold.read_text(encoding="utf-8"))
    return Hold(told["release_id"], datetime.fromisoformat(told["since"]), told["by"])


def roll_back(store: Store, name: str | None, now: datetime, by: str) -> Path:
    """Make an earlier release public and hold it. name: how its name begins; None for the one before the public one.

    Raises InputError when there is no such release, or several.
    """
    current = current_release(store)
    kept = kept_releases(store)
    if current is None:
        raise InputError(f"nothing is published at {store.database}, so that there is nothing to go back from")
    if name is None:
        found = [one for one in kept if one < current][-1:]
        fault = f"there is no release before {release_id(current)}, which is public"
    else:
        found = [one for one in kept if release_id(one).startswith(name)]
        fault = f"{'no' if not found else 'more than one'} release that is kept begins with {name!r}"
    if len(found) != 1:
        names = ", ".join(map(release_id, kept))
        raise InputError(f"{fault}; kept are {names}")
    (release,) = found
    release.with_name(f"{release.name}.wal").unlink(missing_ok=True)  # what a foreign program left beside it
    told = {"release_id": release_id(release), "since": now.isoformat(), "by": by}
    store.hold.write_text(json.dumps(told), encoding="utf-8")
    point(store, release)
    return release


def let_go(store: Store) -> Path:
    """Make the newest release public again, and let runs publish. Raises InputError when none is held."""
    if hold_of(store) is None:
        raise InputError("no release is held, so that runs publish as usual")
    release = kept_releases(store)[-1]
    point(store, release)
    store.hold.unlink()
    return release
