"""What can go wrong, as one small tree. Every message says what is wrong and what to do next."""


class LedgerError(Exception):
    """Anything that this program refuses; its text is one line for a person."""


class InputError(LedgerError):
    """What was asked for cannot be done as asked: a path, a date, an option."""


class SettingsError(LedgerError):
    """A settings or rules file is wrong."""


class ItemError(LedgerError):
    """One item cannot be used; the others of the run can.

    check: the short name of what failed, a row's `check_name` in the table `rejected`.
    """

    def __init__(self, check: str, message: str) -> None:
        super().__init__(message)
        self.check = check


class StoreError(LedgerError):
    """The files of the ledger cannot be used: not ours, unreadable, no room left."""


class DamagedError(StoreError):
    """A file of the archive is not what it was; others are whole."""


class StoreFaultError(StoreError):
    """The files of the ledger failed for a reason that may pass: trying again is sensible."""


class StoreBusyError(StoreError):
    """Another run holds the warehouse, and did not let go in time."""


class LimitError(LedgerError):
    """The Prefect server does not have the limit that lets one run write at a time."""


class UnforeseenError(LedgerError):
    """The program itself failed on an item; the others were loaded and published."""


class NothingUsableError(LedgerError):
    """Not one item of the run could be used."""
