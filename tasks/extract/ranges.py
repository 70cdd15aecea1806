"""Two numbers that are one statement: ranges ("20 to 30"), pairs ("40 to 40") and rates ("one in ten")."""

from collections.abc import Sequence

from tasks.extract.numbers import Quantity
from tasks.extract.rulebook import Language, Rule, first_group
from tasks.extract.tagged import Token, tags_of

_CLOSE = 2
"""A loose pair ("ten, maybe twelve") is a range if the second number is at most so many times the first."""


def merge_ranges(tokens: Sequence[Token], language: Language) -> list[Token]:
    """Replace the tokens of each range by one, VAGUE; numbers of pairs and rates are marked as what they are."""
    merged = list(tokens)
    tags = tags_of(merged, language)
    if tags.count(language.alphabet.by_tag["NUMBER"]) < 2:
        return merged
    for question, merge in (("range", _range), ("rate", _rate)):
        if not language.may_answer(question, tags):
            continue
        for rule in language.rules_for(question):
            tags = tags_of(merged, language)
            for found in reversed(list(rule.pattern.finditer(tags))):
                start, end = first_group(found, "low"), first_group(found, "high") + 1
                merged[start:end] = merge(merged[start:end], rule)
    return merged


def _rate(tokens: list[Token], _: Rule) -> list[Token]:
    return [token._replace(tag="AMOUNT", value=None) if token.tag == "NUMBER" else token for token in tokens]


def _range(tokens: list[Token], rule: Rule) -> list[Token]:
    """Make one token of a range; numbers that fall are none, and equal ones a pair if the rule names its tag."""
    low, high = _value(tokens[0]), _value(tokens[-1])
    if low == high:
        return [tokens[0], *(token._replace(tag=rule.gives or token.tag) for token in tokens[1:-1]), tokens[-1]]
    if rule.scope == "equal" or (rule.scope == "close" and not low < high <= _CLOSE * low):
        return tokens
    if low > high:
        return _rate(tokens, rule)
    return [Token(tokens[0].start, tokens[-1].end, "VAGUE", Quantity(None, low, high))]


def _value(token: Token) -> int:
    return token.value.value or 0 if isinstance(token.value, Quantity) else 0
