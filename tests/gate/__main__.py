"""`make gate`: print the aim table for each language and set of labelled articles, and the errors by kind."""

import sys
from pathlib import Path

from tasks.settings import conflict
from tests.gate.labelled import ARTICLES, labelled_articles
from tests.gate.score import Score, score

AIMS = (
    ("both sides' totals exactly right", "≥ .97", lambda s: _share(s.exact, s.articles)),
    ("wrong of the numbers stated", "≤ .005", lambda s: _share(s.wrong, s.stated)),
    ("sides exchanged", "0", lambda s: str(s.exchanged)),
    ("relevance, precision", "≥ .99", lambda s: f"{s.relevance.precision:.3f}"),
    ("relevance, recall", "≥ .99", lambda s: f"{s.relevance.recall:.3f}"),
    ("date of the exchange", "≥ .98", lambda s: _share(s.days_right, s.days)),
    ("civilians, F1", "≥ .97", lambda s: f"{s.civilians.f1:.3f}"),
    ("ordinal, F1", "≥ .97", lambda s: f"{s.ordinal.f1:.3f}"),
    ("remains, F1", "≥ .97", lambda s: f"{s.remains.f1:.3f}"),
    ("mediators, F1", "≥ .97", lambda s: f"{s.mediators.f1:.3f}"),
    ("evidence = text[start:end]", "1", lambda s: _share(s.figures_sliced, s.figures)),
)


def _share(part: int, whole: int) -> str:
    return f"{part / whole if whole else 0:.3f} ({part}/{whole})"


def sets(root: Path) -> list[Path]:
    """List the folders that hold labelled articles."""
    return sorted({file.parent for file in root.rglob("*.toml")})


def lines(name: str, total: Score, errors: bool) -> list[str]:
    """Write one set's table."""
    listed = [f"{name}: {total.articles} articles"]
    listed += [f"  {measure:36}{aim:>8}  {figure(total)}" for measure, aim, figure in AIMS]
    listed += [f"  error: {kind:29}{count:>8}" for kind, count in sorted(total.by_kind().items())]
    if errors:
        listed += [f"  {name}: {kind}: {what}" for kind, name, what in sorted(total.errors, key=lambda error: error[1])]
    return listed


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in given or sets(ARTICLES):
        total = score(labelled_articles(folder), conflict())
        name = str(folder.relative_to(ARTICLES)) if folder.is_relative_to(ARTICLES) else folder.name
        print("\n".join(lines(name, total, errors="--errors" in sys.argv)), end="\n\n")  # noqa: T201 - what it is for
