"""Every sample article is cleaned and read as its hand-made golden says."""

from pathlib import Path

import pytest

from tasks.paths import SAMPLES
from tasks.settings import Conflict
from tests.golden.goldens import Golden, article_differences, goldens, reading_differences

GOLDENS = goldens(Path(__file__).with_name("samples"), SAMPLES)


def test_every_sample_has_a_golden() -> None:
    assert {golden.file.name for golden in GOLDENS} == {file.name for file in SAMPLES.iterdir()}


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_article(golden: Golden, russia_ukraine: Conflict) -> None:
    article, _ = golden.read(russia_ukraine)
    assert article_differences(golden.expected, article) == []


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_reading(golden: Golden, russia_ukraine: Conflict) -> None:
    article, reading = golden.read(russia_ukraine)
    assert reading_differences(golden.expected, article, reading, russia_ukraine) == []
