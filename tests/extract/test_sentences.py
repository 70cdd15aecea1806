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


def test_a_long_run_is_cut_between_words() -> None:
    assert [len(piece) for piece in cut("12345678 " * 300)] == [1493, 1206]


def test_a_number_at_the_limit_is_whole() -> None:
    assert cut("x" * 1498 + " 95 soldiers") == ["x" * 1498, "95 soldiers"]


def test_what_is_no_text_is_skipped() -> None:
    assert cut("9" * 4000 + " soldiers came home") == ["soldiers came home"]
    assert cut("9" * 4000) == []


@given(st.text())
def test_nothing_is_lost_and_nothing_overlaps(text: str) -> None:
    spans = list(sentence_spans(text, KNOWN))
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
