"""The words that a cell of a report rests on, while the report is being made."""

from dataclasses import dataclass

from tasks.records import Span


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """One cell and some words it rests on. claim: the place of the claim among the article's, None for no figure."""

    measure: str
    party: str | None
    span: Span
    rule: str
    claim: int | None = None
