"""A token with its tag, and tags as characters."""

from collections.abc import Iterable
from dataclasses import dataclass

from tasks.extract.rulebook import Language


@dataclass(frozen=True, slots=True)
class Token:
    """Some words with one tag. value: what the tag needs (a number, a party's code, a date mention ...)."""

    start: int
    end: int
    tag: str
    value: object = None


def tags_of(tokens: Iterable[Token], language: Language) -> str:
    """Give the tags of tokens, one character each."""
    return "".join([language.alphabet.character(token.tag) for token in tokens])
