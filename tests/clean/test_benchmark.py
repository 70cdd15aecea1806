"""The cleaning of real pages, held to what it reached; `make cleaning` measures it beside its peers."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tasks.clean.html import article_text
from tests.bench.cleaning import PUBLISHED, days_right, f1_of

pytestmark = pytest.mark.corpora
FLOORS = {"aeb": 0.970, "fundus_eval": 0.960}
DAYS = 0.97


@pytest.fixture(scope="module")
def scorer(corpora: Path) -> ModuleType:
    """Load the scorer that comes with the pages."""
    file = corpora / "cleaning_benchmark" / "score.py"
    spec = importlib.util.spec_from_file_location("cleaning_score", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FLOORS)
def test_f1(name: str, scorer: ModuleType) -> None:
    pages, kind = scorer.DATASETS[name]
    rows = []
    for page in map(scorer.without_posts, pages()):
        score = scorer.score_page(kind, page, article_text(scorer.to_str(page["raw"])))
        rows.append({"p": score["p"], "r": score["r"]})
    assert f1_of(rows) >= FLOORS[name]


def test_days(corpora: Path) -> None:
    right, pages = days_right(corpora / "cleaning_benchmark")
    assert pages == len(PUBLISHED) == 80
    assert right >= DAYS * pages
