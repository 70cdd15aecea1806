"""Sentences to tagged tokens: numbers, dates and the lexicon's words found, everything else a WORD."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tasks.extract.dates import DateMention, mention_of
from tasks.extract.numbers import Quantity, begins_number, exactly, from_digits, longest_number, ordinal_in_words
from tasks.extract.patterns import FIGURE, STOP, WORD
from tasks.extract.rulebook import Entry, Language
from tasks.extract.sentences import sentence_spans

_LONGEST_NUMBER_WORDS = 8
_YEARS = range(1950, 2100)
_CALENDAR_TAGS = ("MONTH", "WEEKDAY", "DAY")


@dataclass(frozen=True, slots=True)
class Token:
    """Some words with one tag. value: what the tag needs (a number, a party's code, a date mention ...)."""

    start: int
    end: int
    tag: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article's text, or of a post's: tokens, and their tags as one character each.

    paragraph: numbered through the article and its posts; start and end are offsets into `text`, the whole text.
    """

    number: int
    paragraph: int
    post_no: int | None
    text: str
    start: int
    end: int
    tokens: tuple[Token, ...]
    tags: str
    is_headline: bool

    def words(self, first: int, last: int) -> str:
        """Give the text from token `first` to token `last`, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def tags_for(self, place: int, language: Language) -> str:
        """Give the tags with the number in question marked as FIGURE."""
        return self.tags[:place] + language.alphabet.character(FIGURE) + self.tags[place + 1 :]


def sentences_of(
    text: str,
    post_no: int | None,
    language: Language,
    published: date | None,
    title_length: int,
    before: Sentence | None,
) -> Iterator[Sentence]:
    """Cut a text into tagged sentences, numbered on from the sentence `before`; offsets are those of the whole text.

    What ends within the first `title_length` characters is the headline. Dates that are no news seen from the
    day `published` are tagged OLD_DATE.
    """
    number, paragraph, last_end = (before.number + 1, before.paragraph + 1, 0) if before else (0, 0, 0)
    for start, end in sentence_spans(text, language.abbreviations):
        paragraph += "\n" in text[last_end:start]
        tokens = tag_tokens(text, start, end, language, published)
        yield Sentence(
            number,
            paragraph,
            post_no,
            text,
            start,
            end,
            tokens,
            tags_of(tokens, language),
            is_headline=end <= title_length,
        )
        number, last_end = number + 1, end


def tags_of(tokens: Iterable[Token], language: Language) -> str:
    """Give the tags of tokens, one character each."""
    return "".join([language.alphabet.character(token.tag) for token in tokens])


def tag_tokens(text: str, start: int, end: int, language: Language, published: date | None) -> tuple[Token, ...]:
    """Tag the tokens of one sentence, with its dates put together."""
    return tuple(_merge_dates(tag_words(text, start, end, language), language, published))


def tag_words(text: str, start: int, end: int, language: Language) -> list[Token]:
    """Tag words, phrases and numbers, before dates are put together."""
    pieces = [(found[0], found.start(), found.end()) for found in _pieces(language).finditer(text, start, end)]
    tokens: list[Token] = []
    place = 0
    while place < len(pieces):
        token, taken = _next_token(pieces, place, language)
        tokens.append(token)
        place += taken
    return tokens


_piece_patterns: dict[str, re.Pattern[str]] = {}


def _pieces(language: Language) -> re.Pattern[str]:
    separators = re.escape(language.numbers.group_separators)
    if separators not in _piece_patterns:
        grouped = rf"\d{{1,3}}(?:[{separators}]\d{{3}})+(?![\d])|" if separators else ""
        _piece_patterns[separators] = re.compile(rf"{grouped}\d+[.:]\d+|\d+|[^\W\d_]+(?:['-][^\W\d_]+)*'?|[.!?…]+|\S")
    return _piece_patterns[separators]


Piece = tuple[str, int, int]


def _next_token(pieces: list[Piece], place: int, language: Language) -> tuple[Token, int]:
    """Read the token at `place`; give it and how many pieces it takes. The longest reading wins."""
    written, start, end = pieces[place]
    if written[0].isdigit():
        return _number_token(pieces, place, language)
    entry, taken = _lexicon_entry(pieces, place, language)
    number = None
    if begins_number(written.lower(), language.numbers):
        number = longest_number(
            [piece[0].lower() for piece in pieces[place : place + _LONGEST_NUMBER_WORDS]], language.numbers
        )
    if number and number[1] >= taken:
        return Token(start, pieces[place + number[1] - 1][2], "NUMBER", exactly(number[0])), number[1]
    if entry is not None:
        return Token(start, pieces[place + taken - 1][2], entry.tag, _value_of(entry)), taken
    ordinal = ordinal_in_words(written.lower(), language.numbers)
    if ordinal is not None:
        return Token(start, end, "ORDINAL", ordinal), 1
    return Token(start, end, _tag_of_unknown(written)), 1


def _value_of(entry: Entry) -> object:
    return Quantity(None, *entry.value) if isinstance(entry.value, list) else entry.value


def _tag_of_unknown(written: str) -> str:
    if written[0].isalpha():
        return WORD
    if written[0] in ".!?…":
        return STOP
    return "QUOTE" if written == '"' else "PUNCTUATION"


def _number_token(pieces: list[Piece], place: int, language: Language) -> tuple[Token, int]:
    """Read digits: an ordinal when an ending is glued to them, an amount when they are no count of anything."""
    written, start, end = pieces[place]
    value = from_digits(written, language.numbers.group_separators)
    following = pieces[place + 1] if place + 1 < len(pieces) else ("", end, end)
    if value is None:
        return Token(start, end, "AMOUNT"), 1
    if following[0].lower() in language.numbers.ordinal_endings and following[1] == end:
        return Token(start, following[2], "ORDINAL", value), 2
    if following[0] == "%" or (place and pieces[place - 1][0] in "$€£₴₽"):
        return Token(start, end, "AMOUNT"), 1
    scale = language.numbers.scales.get(following[0].lower())
    if scale:
        return Token(start, following[2], "NUMBER", exactly(value * scale)), 2
    if value in _YEARS and written.isdecimal():
        return Token(start, end, "YEAR", value), 1
    return Token(start, end, "NUMBER", exactly(value)), 1


def _lexicon_entry(pieces: list[Piece], place: int, language: Language) -> tuple[Entry | None, int]:
    """Find the longest entry at a place, and how many pieces it takes; its last word may be possessive."""
    for first in _bare_forms(pieces[place][0], language.possessive):
        for length in language.lengths.get(first.lower(), ()):
            written = [first, *(piece[0] for piece in pieces[place + 1 : place + length])]
            if len(written) < length:
                continue
            for last in _bare_forms(written[-1], language.possessive):
                written[-1] = last
                for entry in language.entries.get(tuple([word.lower() for word in written]), ()):
                    if all(map(_same, entry.words, written)):
                        return entry, length
    return None, 1


def _bare_forms(written: str, possessive: tuple[str, ...]) -> Iterator[str]:
    yield written
    for ending in possessive:
        if written.endswith(ending) and len(written) > len(ending):
            yield written[: -len(ending)]


def _same(word: str, written: str) -> bool:
    """Compare in any case, but a capital letter in an entry must be in the text, unless that is all capitals."""
    return written.lower() == word if word.islower() else written in (word, word.upper())


def _merge_dates(tokens: list[Token], language: Language, published: date | None) -> list[Token]:
    """Replace the tokens of each date by one: DATE for a day, PERIOD for something wider, OLD_DATE for the past."""
    if not any(token.tag in _CALENDAR_TAGS for token in tokens):
        return tokens
    for rule in language.rules_for("date"):
        merged: list[Token] = []
        last = 0
        for found in rule.pattern.finditer(tags_of(tokens, language)):
            values = {name: tokens[found.start(name)].value for name, part in found.groupdict().items() if part}
            mention = mention_of(values, rule.name)
            start, end = tokens[found.start()].start, tokens[found.end() - 1].end
            merged += [*tokens[last : found.start()], Token(start, end, _date_tag(mention, published), mention)]
            last = found.end()
        tokens = [*merged, *tokens[last:]]
    return tokens


def _date_tag(mention: DateMention, published: date | None) -> str:
    if mention.is_old(published):
        return "OLD_DATE"
    return "DATE" if mention.names_a_day else "PERIOD"
