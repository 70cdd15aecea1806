"""The pinned floors: no change of the rules may read the labelled articles worse. Floors go up, never down."""

import tomllib
from pathlib import Path

import pytest

from tasks.settings import Conflict
from tests.gate.__main__ import sets
from tests.gate.labelled import ARTICLES, labelled_articles
from tests.gate.score import score

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))
SETS = {str(folder.relative_to(ARTICLES)): folder for folder in sets()}


def test_every_set_has_its_floor() -> None:
    assert set(FLOORS) == set(SETS)


@pytest.mark.parametrize("name", sorted(SETS))
def test_floor(name: str, russia_ukraine: Conflict) -> None:
    floor = FLOORS[name]
    total = score(labelled_articles(SETS[name]), russia_ukraine)
    assert total.articles == floor["articles"]
    assert total.figures_sliced == total.figures
    assert total.exchanged == 0
    assert total.exact >= floor["exact"]
    assert total.wrong <= floor["wrong"]
    assert total.days_right >= floor["days_right"]
    assert total.relevance.hit >= floor["relevant"]
    assert total.relevance.too_many <= floor["not_relevant"]
