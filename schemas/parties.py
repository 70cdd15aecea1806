"""The two parties of the conflict, as the tables need them."""

from dataclasses import dataclass

BOTH = "BOTH"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of the conflict.

    code: ISO 3166-1 alpha-3, the key of every record.
    column: the ending of its columns in the wide tables (`returned_to_<column>`).
    name: its common English name.
    """

    code: str
    column: str
    name: str


def side_codes(parties: tuple[Party, ...]) -> list[str]:
    """Give the values a `returned_to` cell may have: each party's code, and BOTH."""
    return [*(party.code for party in parties), BOTH]
