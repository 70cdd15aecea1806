"""The score itself: it counts what is wrong, missing, exchanged or too many."""

from pathlib import Path
from typing import Any

import pytest

from tasks.records import Reading
from tasks.settings import Conflict
from tests.extract.reading import article_of, read
from tests.gate.__main__ import main
from tests.gate.labelled import Labelled
from tests.gate.score import Score

TEXT = (
    "Ukraine and Russia held an exchange of prisoners on Wednesday. Ukraine got back 95 soldiers, Russia 90 soldiers."
)
RIGHT: dict[str, Any] = {
    "returned_to_ukraine": 95,
    "returned_to_russia": 90,
    "military_to_ukraine": 95,
    "military_to_russia": 90,
}


def scored(conflict: Conflict, reports: list[dict[str, Any]], text: str = TEXT) -> Score:
    """Score one text against a label."""
    total = Score()
    reading: Reading = read(text, conflict)
    total.add(Labelled("one", {"reports": reports}), article_of(text), reading, conflict)
    return total


def test_right(russia_ukraine: Conflict) -> None:
    total = scored(russia_ukraine, [RIGHT])
    assert (total.articles, total.exact, total.stated, total.wrong, total.exchanged) == (1, 1, 4, 0, 0)
    assert (total.relevance.hit, total.relevance.too_many, total.relevance.missed) == (1, 0, 0)


@pytest.mark.parametrize(
    ("change", "exact", "wrong", "kind"),
    [
        ({"returned_to_ukraine": 96}, 0, 1, "number wrong"),
        ({"returned_to_ukraine": None}, 0, 1, "number too many"),
        ({"remains_to_ukraine": 7}, 1, 0, "number missing"),
    ],
)
def test_one_cell_differs(russia_ukraine: Conflict, change: dict[str, Any], exact: int, wrong: int, kind: str) -> None:
    label = {name: value for name, value in (RIGHT | change).items() if value is not None}
    total = scored(russia_ukraine, [label])
    assert (total.exact, total.wrong) == (exact, wrong)
    assert total.by_kind()[kind] == 1


def test_sides_exchanged(russia_ukraine: Conflict) -> None:
    total = scored(russia_ukraine, [{"returned_to_ukraine": 90, "returned_to_russia": 95}])
    assert (total.exact, total.exchanged) == (0, 1)


def test_report_too_many(russia_ukraine: Conflict) -> None:
    total = scored(russia_ukraine, [])
    assert (total.exact, total.wrong, total.relevance.too_many) == (0, 4, 1)
    assert total.by_kind()["report too many"] == 1


def test_report_missing(russia_ukraine: Conflict) -> None:
    total = scored(russia_ukraine, [RIGHT], "It rained on Wednesday.")
    assert (total.exact, total.stated, total.relevance.missed) == (0, 0, 1)
    assert total.by_kind()["report missing"] == 1


def test_a_folder_without_labels_is_no_empty_table(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no labelled articles"):
        main([str(tmp_path)])


@pytest.mark.parametrize(
    ("label", "says"), [('title = "x', "is no TOML"), ('title = "x"', "lacks language, text"), ("[[articles]]", "name")]
)
def test_labels_that_cannot_be_read_are_named(tmp_path: Path, label: str, says: str) -> None:
    (tmp_path / "broken.toml").write_text(label, encoding="utf-8")
    with pytest.raises(SystemExit, match=f"broken.toml.*{says}"):
        main([str(tmp_path)])
