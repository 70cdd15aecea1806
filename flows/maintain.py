"""The daily flow: the archive is checked, the warehouse compacted, and what nobody needs any more is removed."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.runtime import flow_run

from tasks.errors import DamagedError
from tasks.fetch.task import check_archive
from tasks.load.task import compact_warehouse
from tasks.paths import Store
from tasks.settings import conflict, database_path


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What was found: faults of the archive, files that killed runs left, and bytes that compacting gave back."""

    faults: tuple[str, ...]
    leftovers: int
    bytes_freed: int


@flow(name="maintain", persist_result=False, validate_parameters=True)
def maintain(database: Path | None = None) -> Upkeep:
    """Check a thirtieth of the archive, compact the warehouse, and remove what killed runs left half written.

    Raises DamagedError when the archive is not what it was, after everything else is done.

    Args:
        database: the public database file; without it: data/published.

    """
    store, settings = Store.at(database or database_path()), conflict()
    store.refuse_foreign()
    run_id = str(flow_run.id or uuid4())
    faults, leftovers = check_archive(store)
    freed = compact_warehouse(store, settings, run_id) if store.warehouse.exists() else 0
    done = Upkeep(tuple(faults), leftovers, freed)
    create_table_artifact(
        key="maintain-faults",
        description=f"Run {run_id}: {len(faults)} faults in the archive, {leftovers} half-written files removed, "
        f"{freed / 1e6:.1f} MB of the warehouse freed.",
        table=[{"fault": fault} for fault in faults],
    )
    if faults:
        raise DamagedError(f"{faults[0]} (and {len(faults) - 1} more faults of the archive; see the run's artifact)")
    return done
