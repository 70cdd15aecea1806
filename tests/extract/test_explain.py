"""What `swaps explain` tells is complete: every figure, every cell, every rule with its meaning."""

import pytest

from tasks.extract.explain import explain
from tasks.extract.reader import read_article
from tasks.paths import PROJECT, SAMPLES
from tasks.settings import Conflict
from tests.golden.goldens import Golden, goldens
from tests.making import an_article

GOLDENS = goldens(PROJECT / "tests" / "golden" / "samples", SAMPLES)


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_every_figure_and_rule_is_told(golden: Golden, russia_ukraine: Conflict) -> None:
    article, reading = golden.read(russia_ukraine)
    told = explain(article, reading, russia_ukraine)
    assert "a rule of the program" not in told
    for figure in reading.figures:
        assert f'"{figure.span.words}" (characters {figure.span.start} to {figure.span.end}' in told
    for report in reading.reports:
        for item in report.evidence:
            assert f'from "{item.span.words}"' in told or item.measure in ("hedge", "both_total_hedge", "date_basis")
    for post in article.posts:
        assert f"=== POST {post.post_no}" in told


def test_an_article_without_a_report_says_why(russia_ukraine: Conflict) -> None:
    article = an_article(title=None, text="The weather in the valley was fine, and the harvest of the year was good.")
    told = explain(article, read_article(article, russia_ukraine), russia_ukraine)
    assert "=== NO REPORT" in told
    assert "irrelevant: no prisoner exchange is told" in told
