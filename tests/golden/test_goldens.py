"""The comparison itself: it notices evidence that stands at the wrong words."""

from dataclasses import replace

import pytest

from tasks.records import Evidence
from tasks.settings import Conflict
from tests.golden.goldens import Golden, evidence_differences
from tests.golden.test_samples import GOLDENS

WITH_EVIDENCE = [
    golden for golden in GOLDENS if any(want.get("evidence") for want in golden.expected.get("reports", []))
]


def moved(row: Evidence, characters: int) -> Evidence:
    span = row.span
    return replace(row, span=replace(span, start=span.start + characters, end=span.end + characters))


@pytest.mark.parametrize("golden", WITH_EVIDENCE, ids=lambda golden: golden.name)
def test_moved_evidence_is_noticed(golden: Golden, russia_ukraine: Conflict) -> None:
    article, reading = golden.read(russia_ukraine)
    for want, report in zip(golden.expected["reports"], reading.reports, strict=True):
        elsewhere = replace(report, evidence=tuple(moved(row, 30) for row in report.evidence))
        assert evidence_differences(want["evidence"], article, report, russia_ukraine) == []
        assert evidence_differences(want["evidence"], article, elsewhere, russia_ukraine) != []
