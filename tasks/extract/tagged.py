"""A token with its tag, and tags as characters."""

from collections.abc import Iterable
from typing import NamedTuple

from tasks.extract.rulebook import Language


class Token(NamedTuple):
    """Some words with one tag. value: what the tag needs (a number, a party's code, a date mention ...)."""

    start: int
    end: int
    tag: str
    value: object = None


def tags_of(tokens: Iterable[Token], language: Language) -> str:
    """Give the tags of tokens, one character each."""
    return "".join([language.alphabet.character(token.tag) for token in tokens])
