"""The aim table: what is measured, what is aimed at, and a score's figures."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.gate.score import Score


@dataclass(frozen=True)
class Measure:
    """One line of the table. value: the figure as a number; text: as it is printed."""

    name: str
    aim: str
    value: Callable[[Score], float]
    text: Callable[[Score], str]


def _of(name: str, aim: str, part: Callable[[Score], int], whole: Callable[[Score], int]) -> Measure:
    def value(score: Score) -> float:
        return part(score) / whole(score) if whole(score) else 0.0

    return Measure(name, aim, value, lambda score: f"{value(score):.3f} ({part(score)}/{whole(score)})")


def _figure(name: str, aim: str, value: Callable[[Score], float]) -> Measure:
    return Measure(name, aim, value, lambda score: f"{value(score):.3f}")


MEASURES = (
    _of("both sides' totals exactly right", "≥ .97", lambda score: score.exact, lambda score: score.articles),
    _of("wrong of the numbers stated", "≤ .005", lambda score: score.wrong, lambda score: score.stated),
    _figure("sides exchanged", "0", lambda score: float(score.exchanged)),
    _figure("relevance, precision", "≥ .99", lambda score: score.relevance.precision),
    _figure("relevance, recall", "≥ .99", lambda score: score.relevance.recall),
    _of("date of the exchange", "≥ .98", lambda score: score.days_right, lambda score: score.days),
    _figure("civilians, F1", "≥ .97", lambda score: score.civilians.f1),
    _figure("ordinal, F1", "≥ .97", lambda score: score.ordinal.f1),
    _figure("remains, F1", "≥ .97", lambda score: score.remains.f1),
    _figure("mediators, F1", "≥ .97", lambda score: score.mediators.f1),
    _of("evidence = text[start:end]", "1", lambda score: score.figures_sliced, lambda score: score.figures),
)


def lines(name: str, score: Score) -> list[str]:
    """Write the table of one set, and its errors by kind."""
    listed = [f"{name}: {score.articles} articles"]
    listed += [f"  {measure.name:36}{measure.aim:>8}  {measure.text(score)}" for measure in MEASURES]
    return listed + [f"  error: {kind:29}{count:>8}" for kind, count in sorted(score.by_kind().items())]


def errors(score: Score) -> list[str]:
    """List what went wrong, article by article."""
    return [f"  {name}: {kind}: {what}" for kind, name, what in sorted(score.errors, key=lambda error: error[1])]
