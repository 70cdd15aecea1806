"""Going back to an earlier release, and forward again.

The release is held: runs go on loading, and publish nothing until somebody says so. Otherwise the next scheduled run
would publish again what somebody had a reason to take back.
"""

from datetime import datetime
from pathlib import Path

from tasks.errors import InputError
from tasks.paths import Store
from tasks.publish.hold import Hold, hold, hold_of
from tasks.publish.release import kept_releases, point, release_id, restored_release


def roll_back(store: Store, name: str | None, now: datetime, by: str) -> Path:
    """Make an earlier release public and hold it. name: how its name begins; None for the one before the public one.

    Raises InputError when there is no such release, or several.
    """
    kept = kept_releases(store)
    if not kept:
        raise InputError(f"nothing is published at {store.database}, so that there is nothing to go back from")
    if name is None:
        current = restored_release(store) or kept[-1]
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
    hold(store, Hold(release_id(release), now, by))
    point(store, release)
    return release


def let_go(store: Store) -> Path:
    """Make the newest release public again, and let runs publish. Raises InputError when none is held."""
    if hold_of(store) is None:
        raise InputError("no release is held, so that runs publish as usual")
    kept = kept_releases(store)
    if not kept:
        raise InputError(
            f"there is no release in {store.releases} to go to; remove {store.hold}, and the next run publishes"
        )
    release = kept[-1]
    point(store, release)
    store.hold.unlink()
    return release
