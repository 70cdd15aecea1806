"""What was decided of an article's claims: which are refused and why, whose people they are, what cells they fill."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schemas.parties import BOTH
from tasks.extract.cells import CellEvidence
from tasks.extract.claims import Claim
from tasks.settings import Conflict


@dataclass(slots=True)
class Decisions:
    """Decisions about the claims of one article; a claim is named by its place in the list.

    refused: place -> reason. side: place -> whose people they turned out to be. kind: place -> what it turned out
    to be a count of. cells: (measure, party) -> number.
    """

    claims: list[Claim]
    conflict: Conflict
    refused: dict[int, str] = field(default_factory=dict)
    side: dict[int, str] = field(default_factory=dict)
    kind: dict[int, str] = field(default_factory=dict)
    cells: dict[tuple[str, str | None], int] = field(default_factory=dict)
    hedges: dict[str | None, str] = field(default_factory=dict)
    evidence: list[CellEvidence] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    doubted: dict[int, CellEvidence] = field(default_factory=dict)

    def open(self, *kinds: str) -> list[int]:
        """Give the claims of these kinds that are not refused and have one number."""
        return [
            place
            for place, claim in enumerate(self.claims)
            if place not in self.refused and claim.kind in kinds and claim.quantity.value is not None
        ]

    def candidates(self, party: str, *kinds: str) -> list[int]:
        """Give the open claims of these kinds that may be a side's, people set apart left out."""
        return [
            place
            for place in self.open(*kinds)
            if self.side_of(place) in (party, BOTH) and not self.claims[place].is_apart
        ]

    def side_of(self, place: int) -> str | None:
        """Say whose people a claim counts."""
        return self.side.get(place, self.claims[place].returned_to)

    def value(self, place: int) -> int:
        """Give the number of a claim."""
        return self.claims[place].value

    def refuse(self, places: Iterable[int], reason: str) -> None:
        """Refuse claims for a reason of the vocabulary."""
        self.refused.update(dict.fromkeys(places, reason))

    def doubt(self, code: str, detail: str, places: Iterable[int]) -> None:
        """Note a doubt, once, with the claims that raise it."""
        note = f"{code}: {detail}"
        if note not in self.doubts:
            self.doubts.append(note)
        for place in places:
            evidence = CellEvidence("doubts", None, self.claims[place].span, f"doubt_{code}", place)
            self.doubted.setdefault(place, evidence)

    def fill(self, measure: str, party: str | None, value: int, sources: Iterable[int], rule: str) -> None:
        """Fill a cell, with the claims that it rests on."""
        self.cells[measure, party] = value
        self.evidence += [CellEvidence(measure, party, self.claims[place].span, rule, place) for place in sources]

    def fill_hedge(self, party: str | None, sources: list[int]) -> None:
        """Fill the hedge beside a number: that of the first of its claims that has one."""
        hedges = [self.claims[place].hedge for place in sources if self.claims[place].hedge != "exact"]
        self.hedges[party] = hedges[0] if hedges else "exact"
        measure = "both_total_hedge" if party is None else "hedge"
        self.evidence += [CellEvidence(measure, party, self.claims[place].span, "stated", place) for place in sources]

    def used(self) -> set[int]:
        """Give the claims that fill cells."""
        return {cell.claim for cell in self.evidence if cell.claim is not None}

    def settled(self, place: int) -> Claim:
        """Give a claim with the side and the kind that it was found to have."""
        claim = self.claims[place]
        return replace(claim, returned_to=self.side_of(place), kind=self.kind.get(place, claim.kind))
