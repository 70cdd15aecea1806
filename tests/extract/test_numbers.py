"""Numbers in words and digits, with num2words and text2num as the oracles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words
from text_to_num import alpha2digit, text2num

from tasks.extract.numbers import from_digits, longest_number, ordinal_in_words
from tasks.extract.rulebook import Language, language
from tasks.extract.tagged import Token
from tasks.extract.tokens import tag_tokens
from tasks.settings import conflict
from tests.extract.reading import read

ENGLISH: Language = language("en", conflict())


def tokens(text: str) -> list[Token]:
    return list(tag_tokens(text, 0, len(text), ENGLISH, None))


def value_of(text: str) -> object:
    return getattr(tokens(text)[0].value, "value", tokens(text)[0].value)


@given(st.integers(1, 9999))
def test_cardinals_in_words(number: int) -> None:
    written = num2words(number).replace(",", "")
    assert longest_number(written.split(), ENGLISH.numbers) == (number, len(written.split()))


@given(st.integers(1, 9999))
def test_cardinals_in_words_are_one_token(number: int) -> None:
    written = num2words(number).replace(",", "")
    assert [token.tag for token in tokens(f"{written} soldiers")] == ["NUMBER", "PEOPLE_MILITARY"]
    assert value_of(f"{written} soldiers") == number


@given(st.integers(1, 9999), st.booleans(), st.booleans())
def test_cardinals_however_they_are_written(number: int, hyphens: bool, joiners: bool) -> None:
    written = num2words(number).replace(",", "")
    written = written if hyphens else written.replace("-", " ")
    written = written if joiners else written.replace(" and ", " ")
    assert value_of(f"{written} soldiers") == text2num(written, "en") == number


@given(st.integers(1, 69).filter(lambda number: number < 20 or number % 10), st.booleans())
def test_ordinals_in_words_as_another_reads_them(number: int, capital: bool) -> None:
    """text2num 3.1 does not know "sixtieth" and its like."""
    written = num2words(number, to="ordinal")
    written = written.capitalize() if capital else written
    assert value_of(f"{written} exchange") == int(alpha2digit(written, "en", threshold=0)[:-2]) == number


@given(st.integers(0, 9_999_999))
def test_digits(number: int) -> None:
    assert from_digits(str(number), ",") == from_digits(f"{number:,}", ",") == number


@given(st.integers(1, 999))
def test_ordinals_in_digits(number: int) -> None:
    read = tokens(f"{num2words(number, to='ordinal_num')} exchange")[0]
    assert (read.tag, read.value) == ("ORDINAL", number)


@given(st.integers(1, 69))
def test_ordinals_in_words(number: int) -> None:
    assert ordinal_in_words(num2words(number, to="ordinal"), ENGLISH.numbers) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and thirty-one soldiers", 131),
        ("a hundred soldiers", 100),
        ("twelve hundred soldiers", 1200),
        ("3,405 people", 3405),
        ("2 thousand people", 2000),
        ("Ninety-five people", 95),
    ],
)
def test_shapes(text: str, value: int) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("dozens of people", 20, 99),
        ("hundreds of people", 200, 999),
        ("several hundred people", 200, 999),
    ],
)
def test_ranges_have_no_value(text: str, low: int, high: int) -> None:
    quantity = tokens(text)[0].value
    assert (quantity.value, quantity.low, quantity.high) == (None, low, high)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("2.5 million", "AMOUNT"),
        ("$300 each", "PUNCTUATION"),
        ("95 % of them", "AMOUNT"),
        ("2024 was cold", "YEAR"),
        ("14:17 on the clock", "AMOUNT"),
        ("123456789 calls", "AMOUNT"),
    ],
)
def test_no_counts(text: str, tag: str) -> None:
    assert tokens(text)[0].tag == tag


def test_two_numbers_are_not_one() -> None:
    assert longest_number(["two", "three"], ENGLISH.numbers) == (2, 1)
    assert longest_number(["soldiers"], ENGLISH.numbers) is None


def counts(text: str) -> list[tuple[int | None, int, int | None, str]]:
    """Read a sentence between two parties, and give its figures."""
    reading = read(f"Ukraine and Russia exchanged prisoners of war on Wednesday. {text}", conflict())
    return [(figure.value, figure.value_low, figure.value_high, figure.hedge) for figure in reading.figures]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Ukraine got back 1 200 prisoners.", (1200, 1200, 1200, "exact")),
        ("Ukraine got back 1'200 prisoners.", (1200, 1200, 1200, "exact")),
        ("Ukraine got back 20-30 soldiers.", (None, 20, 30, "about")),
        ("Ukraine got back 20–30 soldiers.", (None, 20, 30, "about")),
        ("Ukraine got back between 20 and 30 soldiers.", (None, 20, 30, "about")),
        ("Ukraine got back between one hundred and two hundred soldiers.", (None, 100, 200, "about")),
        ("Ukraine got back 20 or 30 soldiers.", (None, 20, 30, "about")),
        ("Ukraine got back 20 to 30 Ukrainian soldiers.", (None, 20, 30, "about")),
        ("Ukraine got back twenty to thirty soldiers.", (None, 20, 30, "about")),
        ("Ukraine got back ten, maybe twelve soldiers.", (None, 10, 12, "about")),
        ("The exchange was 40 to 40.", (40, 40, 40, "exact")),
        ("It was an exchange 75-75.", (75, 75, 75, "exact")),
        ("It was an exchange 150-for-150.", (150, 150, 150, "exact")),
        ("Ukraine got back two dozen soldiers.", (24, 24, 24, "about")),
        ("Ukraine got back a dozen soldiers.", (12, 12, 12, "about")),
        ("Ukraine got back 2 dozen soldiers.", (24, 24, 24, "about")),
        ("Ukraine got back 100-odd soldiers.", (100, 100, 100, "about")),
        ("Ukraine got back twenty-odd soldiers.", (20, 20, 20, "about")),
        ("Ukraine got back perhaps 40 soldiers.", (40, 40, 40, "about")),
        ("Ukraine got back 2000 soldiers.", (2000, 2000, 2000, "exact")),
        ("Ukraine got back 1950 prisoners of war.", (1950, 1950, 1950, "exact")),
    ],
)
def test_what_is_no_exact_number_is_read_as_what_it_is(text: str, read_as: tuple[object, ...]) -> None:
    assert counts(text) == [read_as]


@pytest.mark.parametrize(
    "text",
    [
        "Ukraine got back 95/96 soldiers.",
        "Ukraine got back 1,2,3 soldiers.",
        "Ukraine got back 12 30 soldiers.",
        "Ukraine got back 12 3000 soldiers.",
        "Ukraine got back 30-20 soldiers.",
        "Ukraine got back 2 million soldiers.",
        "Ukraine got back two million soldiers.",
        "Ukraine got back 1.2 thousand soldiers.",
        "Ukraine got back one and a half thousand soldiers.",
        "Ukraine got back 2 and a half thousand soldiers.",
        "Ukraine got back half of 95 soldiers.",
        "Ukraine got back half a dozen soldiers.",
        "Ukraine got back half the 95 soldiers.",
        "Ukraine got back three quarters of the 95 soldiers.",
        "Ukraine got back two-thirds of 95 soldiers.",
        "Ukraine got back one in 10 soldiers.",
        "Ukraine got back COVID-19 prisoners.",
        "Ukraine got back 9999999 thousand soldiers.",
        "Ukraine got back 1000001 soldiers.",
        "On July 17 200 soldiers came home to Ukraine.",
        "In 2000 soldiers came home to Ukraine.",
        "In July 2000 soldiers came home to Ukraine.",
    ],
)
def test_no_number_is_better_than_a_wrong_one(text: str) -> None:
    assert counts(text) == []


@pytest.mark.parametrize(
    "run", ["half 1 ", "1 half ", "one half ", "half ", "1 200 ", "2 or ", "20-", "two hundred and "]
)
def test_a_long_run_of_numbers_is_read(run: str) -> None:
    assert all(value is None or value <= 1_000_000 for value, *_ in counts(f"{run * 700} soldiers."))


def test_a_range_keeps_kind_and_side() -> None:
    (figure,) = read("Ukraine received 20 to 30 soldiers in an exchange.", conflict()).figures
    assert (figure.kind, figure.returned_to, figure.category) == ("returned", "UKR", "military")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("one hundred and two hundred", (100, 2)),
        ("two thousand three thousand", (2000, 2)),
        ("five hundred and twelve thousand", (512_000, 5)),
        ("two hundred thousand", (200_000, 3)),
    ],
)
def test_a_second_scale_begins_another_number(words: str, number: tuple[int, int]) -> None:
    assert longest_number(words.split(), ENGLISH.numbers) == number
