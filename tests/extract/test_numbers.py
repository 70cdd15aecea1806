"""Numbers in words and digits, with num2words as the oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from tasks.extract.numbers import from_digits, longest_number, ordinal_in_words
from tasks.extract.rulebook import Language, language
from tasks.extract.tokens import Token, tag_tokens
from tasks.settings import conflict

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
