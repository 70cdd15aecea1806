"""What holds of every reading, whatever the text."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from num2words import num2words

from tasks.extract.reader import read_article
from tasks.extract.rulebook import Language, language, languages_read
from tasks.records import Post, Reading
from tasks.settings import Conflict, conflict
from tests.extract.hostile import HOSTILE
from tests.extract.reading import PUBLISHED, article_of, read
from tests.gate.__main__ import sets
from tests.gate.labelled import Labelled, labelled_articles

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
FIRST_AND_LAST = st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
CELLS = (
    "returned_to",
    "military_to",
    "civilians_to",
    "additional_to",
    "remains_to",
    "hedge",
    "swap_date",
    "ordinal",
    "both_total",
    "mediators",
)
PLAIN_SENTENCES = [
    "The road was wet and the sky was grey.",
    "A dog barked at the gate.",
    "It had rained since the morning.",
    "The coffee was cold by then.",
    "He spoke of the harvest, of the price of bread and of the river.",
    "Rain fell on 12 roofs.",
    "The price of bread rose by 3 per cent.",
    "The river is 240 kilometres long.",
    "The train left at 14:30 and arrived 20 minutes late.",
    "The library holds 95 books about the sea.",
    "A kilogram of apples costs 50 roubles.",
    "In 2019 the mill burned down.",
    "The museum opened on July 3, 1998.",
]


def lexicon(known: Language) -> list[str]:
    """List the words and phrases that a language's rules know, names among them."""
    starts = known.entries.values()
    entries = [entry for start in starts for entry in start.single]
    entries += [entry for start in starts for listed in start.longer.values() for entry in listed]
    return sorted({" ".join(entry.words) for entry in entries})


def texts_of(known: Language) -> st.SearchStrategy[str]:
    """Mix what a language's rules know with numbers, signs and any characters, so that many rules answer at once."""
    pieces = st.one_of(
        st.sampled_from(lexicon(known)),
        st.sampled_from([*WORDS, ",", ".", "?", "!", ":", ";", "(", ")", "\n", "\u00a0", "'s", "’", "…", "½", "²"]),
        st.integers(0, 10**7).map(str),
        st.text(st.characters(exclude_categories=()), max_size=8),
    )
    return st.lists(st.tuples(pieces, st.sampled_from([" ", " ", " ", ""])).map("".join), max_size=60).map("".join)


TEXTS = {code: texts_of(language(code, CONFLICT)) for code in languages_read()}


def cells(reading: Reading) -> list[dict[str, Any]]:
    return [{name: getattr(report, name) for name in CELLS} for report in reading.reports]


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


@settings(max_examples=300)
@pytest.mark.parametrize("code", languages_read())
@given(data=st.data())
def test_any_mixture_with_words_of_the_language_is_read(code: str, data: st.DataObject) -> None:
    text, title = data.draw(TEXTS[code]), data.draw(st.none() | TEXTS[code])
    article = article_of(text, title, data.draw(MOMENTS | FIRST_AND_LAST), code)
    check_offsets(read_article(article, CONFLICT), article.text)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_read(name: str) -> None:
    """How the time grows is told by `make bench`; here it is enough to come to an end."""
    largest, make = HOSTILE[name]
    text = make(largest // 4)
    check_offsets(read(text, CONFLICT), text)


@given(SOUP, SOUP)
def test_posts_have_offsets_of_their_own(text: str, posted: str) -> None:
    posts = (Post(1, "x", "Volodymyr Zelenskyy", "ZelenskyyUa", PUBLISHED, None, posted),)
    with_post = read_article(replace(article_of(text), posts=posts), CONFLICT)
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


def people_read(written: str) -> list[tuple[int | None, str, str]]:
    """Read a sentence with a number of soldiers: the figures' values, hedges and words."""
    figures = read(f"In an exchange on Wednesday Ukraine brought home {written} soldiers.", CONFLICT).figures
    return [(figure.value, figure.hedge, figure.span.words) for figure in figures]


# num2words is the oracle. A second one would be one more dependency, for the same few words.
@given(st.integers(2, 100_000), st.sampled_from([" and ", " "]))
def test_numbers_round_trip_through_words(number: int, joiner: str) -> None:
    written = num2words(number).replace(",", "").replace(" and ", joiner)
    assert people_read(written) == [(number, "exact", f"{written} soldiers")]


@given(st.integers(100_001, 999_999))
@example(101_101)
def test_numbers_of_many_words_round_trip(number: int) -> None:
    written = num2words(number).replace(",", "")
    assert people_read(written) == [(number, "exact", f"{written} soldiers")]


@given(st.integers(1001, 9999))
@example(1100)
def test_numbers_with_commas_between_their_words_round_trip(number: int) -> None:
    written = num2words(number)
    assert people_read(written) == [(number, "exact", f"{written} soldiers")]


@given(st.integers(2, 999_999), st.sampled_from(["{}", "{:,}"]))
def test_numbers_round_trip_through_digits(number: int, form: str) -> None:
    written = form.format(number)
    assert people_read(written) == [(number, "exact", f"{written} soldiers")]


def ordinals(written: str) -> list[int]:
    text = f"Russia and Ukraine freed 95 captives each. It was the {written} exchange since the start of the war."
    return [claim.ordinal for claim in read(text, CONFLICT).ordinal_claims]


@given(st.integers(2, 999))
def test_ordinals_round_trip_through_digits(number: int) -> None:
    assert ordinals(num2words(number, to="ordinal_num")) == [number]


@given(st.integers(2, 999))
@example(70)
@example(102)
def test_ordinals_round_trip_through_words(number: int) -> None:
    assert ordinals(num2words(number, to="ordinal")) == [number]


STORIES = [
    "Russia and Ukraine exchanged 95 prisoners of war each on Wednesday.\nIt was the 54th exchange since the war "
    "began.",
    "Ukraine brought home 189 people on Wednesday.\nRussia's defence ministry said 150 of its servicemen had returned.",
    "Ukraine freed 90 Russian soldiers on Wednesday, and Russia released 95 Ukrainian soldiers in return.",
    "Russia and Ukraine exchanged prisoners on Wednesday.\nUkraine received 103 soldiers.\nRussia got 95 in return.",
    "Kyiv and Moscow swap captives\nUkraine brought home 75 people on Wednesday.\nAmong them are four civilians.\n"
    "The bodies of 212 soldiers were returned to Ukraine.\nThe United Arab Emirates mediated.",
    "Russia and Ukraine exchanged 175 prisoners each on Wednesday.\nRussia also released 22 Ukrainians as a gesture of "
    "goodwill.",
    "Zelensky said 207 Ukrainians had come home.\nRussia's defence ministry said that 195 of its servicemen were back.",
]


def with_a_paragraph(text: str, place: int, sentence: str) -> str:
    paragraphs = text.split("\n")
    return "\n".join([*paragraphs[:place], sentence, *paragraphs[place:]])


@given(st.sampled_from(STORIES), st.sampled_from(PLAIN_SENTENCES), st.data())
def test_a_sentence_without_people_changes_no_report(story: str, plain: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(story.split("\n"))))
    before, after = (cells(read(text, CONFLICT)) for text in (story, with_a_paragraph(story, place, plain)))
    assert before == after != []


DAYS_OF_SOMETHING_ELSE = [
    "Two bridges were closed on Monday.",
    "The library opened its doors again on Sunday, July 14.",
    "It rained the day before yesterday, and the harvest was late.",
]


@given(st.sampled_from(STORIES), st.sampled_from(DAYS_OF_SOMETHING_ELSE), st.data())
def test_a_day_of_something_else_changes_no_report(story: str, other: str, data: st.DataObject) -> None:
    """Behind the opening: a text that begins with a day is taken to be about it."""
    place = data.draw(st.integers(1, len(story.split("\n"))))
    before, after = (cells(read(text, CONFLICT)) for text in (story, with_a_paragraph(story, place, other)))
    assert before == after != []


def in_the_middle(labelled: Labelled, sentence: str) -> Labelled | None:
    """Put a paragraph of its own between the two in the middle of an article; None if it has only one."""
    text = labelled.label["text"].strip()
    paragraphs = [place for place, line in enumerate(text.split("\n")) if line.strip()]
    if len(paragraphs) < 2:
        return None
    longer = with_a_paragraph(text, paragraphs[len(paragraphs) // 2], sentence)
    return Labelled(labelled.name, {**labelled.label, "text": longer})


def changed_by(sentence: str) -> Iterator[str]:
    """Name the labelled articles whose reports change when a sentence is put into their middle."""
    for folder in sets():
        for labelled in labelled_articles(folder):
            longer = in_the_middle(labelled, sentence)
            if longer is None:
                continue
            if cells(labelled.read(CONFLICT)[1]) != cells(longer.read(CONFLICT)[1]):
                yield f"{folder.name}/{labelled.name}"


def test_a_sentence_without_people_changes_no_labelled_article() -> None:
    assert list(changed_by(PLAIN_SENTENCES[0])) == []


TEMPLATES = [
    "{A} handed over {n} {b} servicemen on Wednesday.\n{B} has released {m} {a} soldiers in return.",
    "{A} brought home {n} soldiers from {b} captivity.\n{B} received {m} soldiers in exchange.",
    "Another {n} {a} soldiers and {m} {b} soldiers were freed in an exchange between {A} and {B}.",
    "{A} returned {n} bodies of {b} soldiers, and {m} bodies of {a} soldiers were handed over to {A} by {B}.",
    "{capital_a} and {capital_b} swap captives\n{A} got back {n} people on Wednesday, {B} {m}.",
    "After the exchange {capital_a} received {n} prisoners, {capital_b} {m}.",
    "In an exchange on Wednesday {n} {people_a} and {m} {people_b} came home.",
    "{capital_a} freed {n} {b} soldiers; in return {capital_b} let {m} {people_a} go.",
    "{n} {a} prisoners of war were exchanged for {m} {b} soldiers on Wednesday.",
    "{A} and {B} exchanged prisoners on Wednesday.\n{n} {a} servicemen, including three civilians, returned home from "
    "{b} captivity, and {m} {people_b} went the other way.",
    "{B} released {n} {a} soldiers and two {a} civilians on Wednesday in a swap.\nIn exchange, {A} handed over {m} {b} "
    "troops.",
    "{capital_a} gave {capital_b} the bodies of {m} {b} soldiers on Wednesday and received the bodies of {n} {a} "
    "soldiers.",
    "{n} {people_a} returned from {b} captivity on Wednesday, {capital_b} got {m} of its soldiers back.",
    "{A} on Wednesday exchanged {m} {b} prisoners for {n} of its own soldiers held by {B}.",
    "{capital_b} sent home {n} {a} prisoners on Wednesday, and {capital_a} sent home {m} {people_b}.",
    "{capital_a} said {n} of its soldiers had been freed in a prisoner exchange with {capital_b}.",
    "{A}, {B} exchange prisoners: {n} {people_a} freed, {m} {people_b} go home",
    "The exchange brought {n} soldiers back to {A} and {m} to {B}.",
]
UKRAINE_FIRST = {
    "A": "Ukraine",
    "a": "Ukrainian",
    "people_a": "Ukrainians",
    "capital_a": "Kyiv",
    "B": "Russia",
    "b": "Russian",
    "people_b": "Russians",
    "capital_b": "Moscow",
}
EXCHANGED = {"A": "B", "a": "b", "people_a": "people_b", "capital_a": "capital_b"}
RUSSIA_FIRST = {one: UKRAINE_FIRST[other] for one, other in (EXCHANGED | {b: a for a, b in EXCHANGED.items()}).items()}


@pytest.mark.parametrize("template", TEMPLATES)
@given(numbers=st.tuples(st.integers(20, 300), st.integers(20, 300)))
def test_exchanging_the_parties_exchanges_the_sides(template: str, numbers: tuple[int, int]) -> None:
    counts = {"n": numbers[0], "m": numbers[1]}
    one, other = (
        read(template.format(**names, **counts), CONFLICT).reports[0] for names in (UKRAINE_FIRST, RUSSIA_FIRST)
    )
    exchanged = {"UKR": "RUS", "RUS": "UKR"}
    for name in ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to", "hedge"):
        assert getattr(one, name) == {exchanged[code]: value for code, value in getattr(other, name).items()}
    assert one.returned_to or one.remains_to
