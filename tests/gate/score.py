"""How well reports agree with their labels."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from tasks.records import Article, Reading
from tasks.settings import Conflict
from tests.gate.labelled import Labelled
from tests.golden.goldens import cells

_COUNTS = ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to")
_MOST_ALIGNED = 6
"""Reports of one article; with more, they are compared in the order of the text."""


@dataclass
class Tally:
    """True and false positives, and false negatives."""

    hit: int = 0
    too_many: int = 0
    missed: int = 0

    def join(self, other: "Tally") -> None:
        """Add another tally."""
        self.hit += other.hit
        self.too_many += other.too_many
        self.missed += other.missed

    @property
    def precision(self) -> float:
        """Share of what was stated that is right; 1 when nothing was stated."""
        return self.hit / (self.hit + self.too_many) if self.hit + self.too_many else 1.0

    @property
    def recall(self) -> float:
        """Share of what there is that was found; 1 when there is nothing."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = 2 * self.hit + self.too_many + self.missed
        return 2 * self.hit / both if both else 1.0


@dataclass
class Score:
    """What a set of articles adds up to. errors: what went wrong, by kind, each with the article's name."""

    articles: int = 0
    exact: int = 0
    stated: int = 0
    wrong: int = 0
    exchanged: int = 0
    days: int = 0
    days_right: int = 0
    figures: int = 0
    figures_sliced: int = 0
    relevance: Tally = field(default_factory=Tally)
    civilians: Tally = field(default_factory=Tally)
    ordinal: Tally = field(default_factory=Tally)
    remains: Tally = field(default_factory=Tally)
    mediators: Tally = field(default_factory=Tally)
    errors: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, labelled: Labelled, article: Article, reading: Reading, conflict: Conflict) -> None:
        """Add one article."""
        wanted = [{name: value for name, value in report.items() if name != "evidence"} for report in labelled.reports]
        got = [cells(report, conflict) for report in reading.reports]
        pairs = _aligned(wanted, got, conflict)
        self.articles += 1
        self.exact += all(_totals(want, conflict) == _totals(have, conflict) for want, have in pairs)
        self._add_relevance(labelled.name, bool(wanted), bool(got), reading)
        for want, have in pairs:
            self._add_report(labelled.name, want, have, conflict)
        for figure in reading.figures:
            text = article.text_of(figure.span.post_no)
            self.figures += 1
            self.figures_sliced += text[figure.span.start : figure.span.end] == figure.span.words

    def _add_relevance(self, name: str, wanted: bool, got: bool, reading: Reading) -> None:
        _count(self.relevance, {wanted} - {False}, {got} - {False})
        if wanted != got:
            why = reading.no_report_because or "a report where there is none"
            self.errors.append(("relevance", name, why))

    def _add_report(
        self, name: str, want: dict[str, Any] | None, have: dict[str, Any] | None, conflict: Conflict
    ) -> None:
        wanted, got = _numbers(want, conflict), _numbers(have, conflict)
        self.stated += len(got)
        self.wrong += sum(wanted.get(cell) != value for cell, value in got.items())
        if _are_exchanged(_totals(want, conflict), _totals(have, conflict)):
            self.exchanged += 1
            self.errors.append(("sides exchanged", name, f"{got}"))
        if want is None or have is None:
            kind = "report missing" if have is None else "report too many"
            self.errors.append((kind, name, f"{have if want is None else want}"))
        for cell in sorted({*wanted, *got}):
            if wanted.get(cell) != got.get(cell) and None not in (want, have):
                kind = "number missing" if cell not in got else "number wrong" if cell in wanted else "number too many"
                self.errors.append((kind, name, f"{cell}: expected {wanted.get(cell)}, got {got.get(cell)}"))
        self._add_others(name, want or {}, have or {}, conflict)
        if want is not None and have is not None:
            self._add_day(name, want.get("swap_date"), have.get("swap_date"))

    def _add_others(self, name: str, want: dict[str, Any], have: dict[str, Any], conflict: Conflict) -> None:
        for tally, measure in ((self.civilians, "civilians_to"), (self.remains, "remains_to")):
            for party in conflict.parties:
                cell = f"{measure}_{party.column}"
                _count(tally, {want.get(cell)} - {None}, {have.get(cell)} - {None})
        _count(self.ordinal, {want.get("ordinal")} - {None}, {have.get("ordinal")} - {None})
        wanted, got = set(want.get("mediators", [])), set(have.get("mediators", []))
        _count(self.mediators, wanted, got)
        if wanted != got:
            self.errors.append(("mediators", name, f"expected {sorted(wanted)}, got {sorted(got)}"))

    def _add_day(self, name: str, want: object, have: object) -> None:
        self.days += 1
        self.days_right += want == have
        if want != have:
            self.errors.append(("date", name, f"expected {want}, got {have}"))

    def join(self, other: "Score") -> None:
        """Add another set's score."""
        for name in (
            "articles",
            "exact",
            "stated",
            "wrong",
            "exchanged",
            "days",
            "days_right",
            "figures",
            "figures_sliced",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("relevance", "civilians", "ordinal", "remains", "mediators"):
            getattr(self, name).join(getattr(other, name))
        self.errors += other.errors

    def by_kind(self) -> Counter[str]:
        """Count the errors of each kind."""
        return Counter(kind for kind, _, _ in self.errors)


def _count(tally: Tally, wanted: set[Any], got: set[Any]) -> None:
    tally.hit += len(wanted & got)
    tally.too_many += len(got - wanted)
    tally.missed += len(wanted - got)


def _totals(report: dict[str, Any] | None, conflict: Conflict) -> tuple[int | None, ...] | None:
    return None if report is None else tuple(report.get(f"returned_to_{party.column}") for party in conflict.parties)


def _numbers(report: dict[str, Any] | None, conflict: Conflict) -> dict[str, int]:
    names = [f"{measure}_{party.column}" for measure in _COUNTS for party in conflict.parties] + [
        "both_total",
        "ordinal",
    ]
    return {name: report[name] for name in names if report and name in report}


def _are_exchanged(want: tuple[int | None, ...] | None, have: tuple[int | None, ...] | None) -> bool:
    """Whether a number is one side's in the label and the other's in the report."""
    if want is None or have is None:
        return False
    pairs = list(zip(want, reversed(have), strict=True))
    return (
        want != have
        and any(one is not None and one == other for one, other in pairs)
        and not any(one is not None and one == other for one, other in zip(want, have, strict=True))
    )


def _aligned(
    wanted: list[dict[str, Any]], got: list[dict[str, Any]], conflict: Conflict
) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Pair reports with labels so that most cells agree; what is left over is paired with None."""
    longer = max(len(wanted), len(got))
    want: list[dict[str, Any] | None] = [*wanted, *([None] * (longer - len(wanted)))]
    have: list[dict[str, Any] | None] = [*got, *([None] * (longer - len(got)))]
    if longer > _MOST_ALIGNED:
        return list(zip(want, have, strict=True))
    orders = (list(zip(want, order, strict=True)) for order in permutations(have))
    return max(orders, key=lambda pairs: sum(_agreement(one, other) for one, other in pairs), default=[])


def _agreement(want: dict[str, Any] | None, have: dict[str, Any] | None) -> int:
    return sum(have.get(name) == value for name, value in want.items()) if want and have else 0


def score(articles: list[Labelled], conflict: Conflict) -> Score:
    """Read all articles and add them up."""
    total = Score()
    for labelled in articles:
        total.add(labelled, *labelled.read(conflict), conflict)
    return total
