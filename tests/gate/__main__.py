"""`make gate`: print the aim table for each set of labelled articles and for each language, and the errors by kind.

`python -m tests.gate FOLDER ... --errors` scores other folders, and lists the errors article by article.
"""

import sys
from pathlib import Path

from tasks.settings import conflict
from tests.gate.labelled import ARTICLES, LabelError, labelled_articles
from tests.gate.score import Score, score
from tests.gate.table import errors, lines


def sets() -> list[Path]:
    """List the folders of labelled articles: articles/<language>/<set>."""
    return sorted({file.parent for file in ARTICLES.rglob("*.toml")})


def main(arguments: list[str]) -> None:
    """Score the folders given, or all sets, and print their tables."""
    given = [Path(argument) for argument in arguments if not argument.startswith("-")]
    empty = [str(folder) for folder in given if not any(folder.glob("*.toml"))]
    if empty:
        sys.exit(f"no labelled articles (*.toml) in {', '.join(empty)}; name folders that hold some")
    languages: dict[str, Score] = {}
    for folder in given or sets():
        try:
            total = score(labelled_articles(folder), conflict())
        except LabelError as wrong:
            sys.exit(str(wrong))
        name = str(folder.relative_to(ARTICLES)) if folder.is_relative_to(ARTICLES) else folder.name
        _print(lines(name, total) + (errors(total) if "--errors" in arguments else []))
        languages.setdefault(folder.parent.name, Score()).join(total)
    if not given:
        for language, total in languages.items():
            _print(lines(f"{language}, all sets", total))


def _print(listed: list[str]) -> None:
    print("\n".join(listed), end="\n\n")  # noqa: T201 - what the program is for


if __name__ == "__main__":
    main(sys.argv[1:])
