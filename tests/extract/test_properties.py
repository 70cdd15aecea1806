"""What holds of every reading, whatever the text."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract.reader import read_article
from tasks.records import Post, Reading
from tasks.settings import Conflict, conflict
from tests.extract.reading import PUBLISHED, article_of, read

CONFLICT: Conflict = conflict()
WORDS = [
    "Ukraine",
    "Russia",
    "Kyiv",
    "Moscow",
    "Ukrainian",
    "Russian",
    "Ukrainians",
    "prisoners",
    "of",
    "war",
    "soldiers",
    "and",
    "civilians",
    "95",
    "103",
    "one",
    "hundred",
    "each",
    "the",
    "same",
    "number",
    "exchanged",
    "freed",
    "returned",
    "handed",
    "over",
    "in",
    "return",
    "exchange",
    "from",
    "captivity",
    "to",
    "home",
    "bodies",
    "of them",
    "including",
    "were",
    "will",
    "on",
    "Wednesday",
    "July",
    "17",
    "last",
    "month",
    "since",
    "start",
    "54th",
    "swap",
    "this",
    "year",
    ",",
    ".",
    "\n",
    "–",
    "Zelensky",
    "said",
    "its",
    "our",
    "people",
    "more",
    "than",
    "dozens",
    "the United Arab Emirates",
    "mediated",
    "while",
    "previous",
    "In",
    "2023",
    "for",
    "-",
    '"',
    "total",
    "number of",
    "TASS:",
    "%",
    "$",
    "50 for 50",
    "the number of",
]
SOUP = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)
MOMENTS = st.none() | st.integers(0, 1500).map(lambda days: PUBLISHED - timedelta(days=days))
PLAIN_SENTENCES = [
    "The road was wet and the sky was grey.",
    "A dog barked at the gate.",
    "It had rained since the morning.",
    "The coffee was cold by then.",
    "He spoke of the harvest, of the price of bread and of the river.",
]


def check_offsets(reading: Reading, text: str, posts: tuple[Post, ...] = ()) -> None:
    spans = [figure.span for figure in reading.figures]
    spans += [item.span for report in reading.reports for item in report.evidence]
    spans += [claim.span for claim in reading.ordinal_claims]
    for span in spans:
        source = text if span.post_no is None else posts[span.post_no - 1].text
        assert source[span.start : span.end] == span.words != ""


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    check_offsets(read(text, CONFLICT), text)


@settings(max_examples=300)
@given(SOUP, MOMENTS)
def test_any_words_of_the_subject_are_read(text: str, published: datetime | None) -> None:
    check_offsets(read(text, CONFLICT, published=published), text)


@given(SOUP, SOUP)
def test_posts_have_offsets_of_their_own(text: str, posted: str) -> None:
    posts = (Post(1, "x", "Volodymyr Zelenskyy", "ZelenskyyUa", PUBLISHED, None, posted),)
    article = article_of(text)
    with_post = read_article(
        type(article)(**{**{name: getattr(article, name) for name in article.__slots__}, "posts": posts}), CONFLICT
    )
    check_offsets(with_post, text, posts)


@given(SOUP)
def test_every_cell_has_evidence(text: str) -> None:
    for report in read(text, CONFLICT).reports:
        known = {(item.measure, item.party) for item in report.evidence}
        for measure in ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to"):
            assert {(measure, party) for party in getattr(report, measure)} <= known
        for measure in ("swap_date", "date_basis", "both_total", "ordinal"):
            assert getattr(report, measure) is None or (measure, None) in known


@given(SOUP)
def test_used_or_refused_but_not_both(text: str) -> None:
    for figure in read(text, CONFLICT).figures:
        assert (figure.report_no is None) == (figure.refused_because is not None)


STORIES = [
    "Russia and Ukraine exchanged 95 prisoners of war each on Wednesday.\nIt was the 54th exchange since the war "
    "began.",
    "Ukraine brought home 189 people on Wednesday.\nRussia's defence ministry said 150 of its servicemen had returned.",
    "Ukraine freed 90 Russian soldiers on Wednesday, and Russia released 95 Ukrainian soldiers in return.",
]


@given(st.sampled_from(STORIES), st.sampled_from(PLAIN_SENTENCES), st.data())
def test_a_sentence_without_people_changes_no_report(story: str, plain: str, data: st.DataObject) -> None:
    paragraphs = story.split("\n")
    place = data.draw(st.integers(0, len(paragraphs)))
    longer = "\n".join([*paragraphs[:place], plain, *paragraphs[place:]])
    before, after = (read(text, CONFLICT).reports[0] for text in (story, longer))
    for name in (
        "returned_to",
        "military_to",
        "civilians_to",
        "hedge",
        "swap_date",
        "ordinal",
        "both_total",
        "mediators",
    ):
        assert getattr(before, name) == getattr(after, name)


TEMPLATES = [
    "{A} handed over {n} {b} servicemen on Wednesday.\n{B} has released {m} {a} soldiers in return.",
    "{A} brought home {n} soldiers from {b} captivity.\n{B} received {m} soldiers in exchange.",
    "Another {n} {a} soldiers and {m} {b} soldiers were freed in an exchange between {A} and {B}.",
    "{A} returned {n} bodies of {b} soldiers, and {m} bodies of {a} soldiers were handed over to {A} by {B}.",
]
UKRAINE_FIRST = {"A": "Ukraine", "a": "Ukrainian", "B": "Russia", "b": "Russian"}
RUSSIA_FIRST = {"A": "Russia", "a": "Russian", "B": "Ukraine", "b": "Ukrainian"}


@pytest.mark.parametrize("template", TEMPLATES)
@given(numbers=st.tuples(st.integers(20, 300), st.integers(20, 300)))
def test_exchanging_the_parties_exchanges_the_sides(template: str, numbers: tuple[int, int]) -> None:
    counts = {"n": numbers[0], "m": numbers[1]}
    one, other = (
        read(template.format(**names, **counts), CONFLICT).reports[0] for names in (UKRAINE_FIRST, RUSSIA_FIRST)
    )
    exchanged = {"UKR": "RUS", "RUS": "UKR"}
    for name in ("returned_to", "military_to", "remains_to"):
        assert getattr(one, name) == {exchanged[code]: value for code, value in getattr(other, name).items()}
    assert one.returned_to or one.remains_to
