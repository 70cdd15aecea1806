"""Where the files of the ledger lie."""

from dataclasses import dataclass
from pathlib import Path

from tasks.errors import StoreError

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"
CONFLICT_FILE = DATA / "conflict.toml"
SAMPLES = DATA / "samples"
INBOX = DATA / "inbox"
SOURCES = DATA / "sources"
DEFAULT_DATABASE = DATA / "published" / "swaps.duckdb"


@dataclass(frozen=True, slots=True)
class Store:
    """The files of one ledger: the public database and everything private beside it."""

    database: Path
    releases: Path
    warehouse: Path
    archive: Path

    @property
    def lock(self) -> Path:
        """The file whose lock makes one writer."""
        return self.warehouse.with_suffix(".lock")

    @property
    def hold(self) -> Path:
        """The file that says that an earlier release is held, and since when."""
        return self.releases / "held.json"

    @property
    def rebuilding(self) -> Path:
        """The file that says that a lost warehouse is being made anew from the archive."""
        return self.warehouse.with_suffix(".rebuilding")

    @property
    def is_lost(self) -> bool:
        """Whether something was published from a warehouse that is not there any more."""
        return not self.warehouse.exists() and any(self.releases.glob("swaps-*.duckdb"))

    @classmethod
    def at(cls, database: Path | None = None) -> "Store":
        """Lay out the ledger whose public file is `database`; without one, the project's own in data/."""
        if database is None or database.absolute() == DEFAULT_DATABASE:
            return cls(
                DEFAULT_DATABASE,
                DEFAULT_DATABASE.parent / "releases",
                DATA / "warehouse" / "warehouse.duckdb",
                DATA / "archive",
            )
        private = database.absolute().with_name(database.name + ".private")
        return cls(database.absolute(), private / "releases", private / "warehouse.duckdb", private / "archive")

    def begin_rebuilding(self) -> None:
        """Say that a lost warehouse is being made anew."""
        self.rebuilding.parent.mkdir(parents=True, exist_ok=True)
        self.rebuilding.touch()

    def refuse_lost(self) -> None:
        """Raise StoreError if the warehouse is gone or not whole: what is public would shrink to what comes next."""
        if self.is_lost or self.rebuilding.exists():
            state = "is gone, though" if self.is_lost else "is not rebuilt to the end, and"
            raise StoreError(
                f"the warehouse {self.warehouse} {state} {self.database} was published from it; rebuild it from the "
                "archive with `swaps backfill --from 2014-01-01 --to TODAY --reprocess`, or put it back from a copy"
            )

    def refuse_foreign(self) -> None:
        """Raise StoreError if the public path holds a file that this program did not publish."""
        if self.database.is_symlink():
            if self.database.resolve().parent == self.releases.resolve():
                return
        elif not self.database.exists():
            return
        raise StoreError(
            f"{self.database} was not published by this program and is not touched; "
            "move it away, or give another --database"
        )
