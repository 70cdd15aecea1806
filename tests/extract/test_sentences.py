"""Where sentences begin and end."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.sentences import sentence_spans

KNOWN = frozenset({"mr", "gen", "u.s"})


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, KNOWN)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("They came home. All are well.", ["They came home.", "All are well."]),
        ("Mr. Smith spoke. V. Putin did not.", ["Mr. Smith spoke.", "V. Putin did not."]),
        ('"We wait." She left.', ['"We wait."', "She left."]),
        ('"We wait!" she said.', ['"We wait!" she said.']),
        ("A headline\nA first sentence", ["A headline", "A first sentence"]),
        ("The U.S. Army counted 2.5 million. Yes?", ["The U.S. Army counted 2.5 million.", "Yes?"]),
        ("\n\n", []),
    ],
)
def test_cuts(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_a_long_run_is_cut() -> None:
    assert [len(piece) for piece in cut("x" * 4000)] == [1500, 1500, 1000]


@given(st.text())
def test_nothing_is_lost_and_nothing_overlaps(text: str) -> None:
    spans = list(sentence_spans(text, KNOWN))
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
