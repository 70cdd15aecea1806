"""Sentences to tagged tokens: numbers, dates and the lexicon's words found, everything else a WORD."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

from tasks.extract.dates import NEWS_DAYS, DateMention, mention_of
from tasks.extract.entries import Entry
from tasks.extract.lexicon import WORDS_REMEMBERED, Piece, begun_by, entry_at, forms_behind, single_entry
from tasks.extract.number_tokens import digits_at, may_begin_number, scales_behind, words_at
from tasks.extract.numbers import Quantity, ordinal_in_words
from tasks.extract.patterns import FIGURE, QUESTION, STOP, WORD
from tasks.extract.ranges import merge_ranges
from tasks.extract.rulebook import Language
from tasks.extract.sentences import sentence_spans
from tasks.extract.tagged import Token, tags_of, token_of

_SIGNS = {'"': "QUOTE", "(": "OPENING", "[": "OPENING", ")": "CLOSING", "]": "CLOSING"}
_LONGEST_MONTH = 31
_LANGUAGES_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article's text, or of a post's: tokens, and their tags as one character each (kinds: which).

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
    kinds: frozenset[str]
    is_headline: bool

    def begins_a_line(self) -> bool:
        """Whether nothing stands before it in its line."""
        return self.start == 0 or self.text[self.start - 1] == "\n"

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
    news_days: int = NEWS_DAYS,
) -> Iterator[Sentence]:
    """Cut a text into tagged sentences, numbered on from the sentence `before`; offsets are those of the whole text.

    What ends within the first `title_length` characters is the headline. Dates that are no news seen from the
    day `published`, more than `news_days` before it, are tagged OLD_DATE.
    """
    number, paragraph, last_end = (before.number + 1, before.paragraph + 1, 0) if before else (0, 0, 0)
    for start, end in sentence_spans(text, language.abbreviations, language.small_names):
        paragraph += "\n" in text[last_end:start]
        tokens = tag_tokens(text, start, end, language, published, news_days)
        tags = tags_of(tokens, language)
        yield Sentence(
            number,
            paragraph,
            post_no,
            text,
            start,
            end,
            tokens,
            tags,
            frozenset(tags),
            is_headline=end <= title_length,
        )
        number, last_end = number + 1, end


def tag_tokens(
    text: str, start: int, end: int, language: Language, published: date | None, news_days: int = NEWS_DAYS
) -> tuple[Token, ...]:
    """Tag the tokens of one sentence, with its dates and ranges put together."""
    return tuple(merge_ranges(tag_dates(text, start, end, language, published, news_days), language))


def tag_dates(
    text: str, start: int, end: int, language: Language, published: date | None, news_days: int = NEWS_DAYS
) -> list[Token]:
    """Tag the tokens of one sentence, with its dates put together, before ranges are."""
    return _merge_dates(tag_words(text, start, end, language), language, published, news_days)


def tag_words(text: str, start: int, end: int, language: Language) -> list[Token]:
    """Tag words, phrases and numbers, before dates are put together."""
    pieces = _pieces_of(text, start, end, language)
    words = [*map(_dictionary(language), [piece[0] for piece in pieces]), _NOTHING]
    tokens: list[Token] = []
    place = 0
    while place < len(pieces):
        word = words[place]
        if word.followers is None or not word.followers.isdisjoint(words[place + 1].forms):
            token, taken = _token_at(pieces, place, word, language)
        else:
            _, first, last = pieces[place]
            token, taken = token_of((first, last, word.tag, word.value)), 1
        tokens.append(token)
        place += taken
    return tokens


def _pieces_of(text: str, start: int, end: int, language: Language) -> list[Piece]:
    """Cut a sentence into words, runs of digits and signs. Only space is between them, so each is the next found."""
    last = start
    usual = _usual(language)
    pieces = [
        (usual(written), first := text.index(written, last), last := first + len(written))
        for written in _pieces(language.numbers.group_separators).findall(text, start, end)
    ]
    ties = language.numbers.pair_words
    if text.find("-", start, end) >= 0 and not ties.isdisjoint(text[start:end].lower().replace("-", " ").split()):
        return [part for piece in pieces for part in _pair_parts(piece, language)]
    return pieces


@lru_cache(maxsize=_LANGUAGES_REMEMBERED)
def _usual(language: Language) -> Callable[[str], str]:
    """Give what brings a word into its usual spelling, and remembers it."""
    if not language.spelling.always and not language.spelling.among:
        return str
    return lru_cache(maxsize=WORDS_REMEMBERED)(language.spelling.usual)


def _pair_parts(piece: Piece, language: Language) -> list[Piece]:
    """Cut "five-for-five" at its hyphens."""
    word, start, _ = piece
    parts = word.split("-")
    if len(parts) < 3 or language.numbers.pair_words.isdisjoint(part.lower() for part in parts[1:-1]):
        return [piece]
    cut = []
    for part in parts:
        cut.append((part, start, start + len(part)))
        start += len(part) + 1
    return cut


@lru_cache(maxsize=_LANGUAGES_REMEMBERED)
def _pieces(separators: str) -> re.Pattern[str]:
    """Make the pattern of a piece. Words go first: they are the most."""
    grouped = rf"\d{{1,3}}(?:[{re.escape(separators)}]\d{{3}})+(?![\d])|" if separators else ""
    return re.compile(rf"[^\W\d_]+(?:['-][^\W\d_]+)*'?|{grouped}\d+[.:]\d+|\d+|[.!?…]+|\S")


class _Word(NamedTuple):
    """What a written word is by itself, its token's tag and value, and what may make it more.

    counts: whether a number may begin with it. followers: the words that make it a phrase, or a number, if one stands
    behind it; None if any may. forms: in which it may be such a follower itself.
    """

    tag: str
    value: object
    counts: bool
    followers: frozenset[str] | None
    forms: tuple[str, ...]


_NOTHING = _Word(STOP, None, False, frozenset(), ())
"""What stands behind the last word."""


@lru_cache(maxsize=_LANGUAGES_REMEMBERED)
def _dictionary(language: Language) -> Callable[[str], _Word]:
    """Give the look-up of a language's words, which remembers them: to remember by the word alone is the fastest."""
    return lru_cache(maxsize=WORDS_REMEMBERED)(partial(_word, language))


def _word(language: Language, written: str) -> _Word:
    """Look up a word in the lexicon and among the numbers."""
    lowered = written.lower()
    counts = written[0].isdigit() or may_begin_number(lowered, language.numbers)
    followers = None if counts else scales_behind(lowered, language.numbers)
    if followers is not None:
        counts = bool(followers)
        followers = followers.union(*(start.longer for _, start in begun_by(written, language)))
    forms = forms_behind(written, language)
    entry = single_entry(written, language)
    if entry is not None:
        return _Word(entry.tag, _value_of(entry), counts, followers, forms)
    ordinal = ordinal_in_words(lowered, language.numbers)
    tag = _tag_of_unknown(written) if ordinal is None else "ORDINAL"
    return _Word(tag, ordinal, counts, followers, forms)


def _token_at(pieces: list[Piece], place: int, word: _Word, language: Language) -> tuple[Token, int]:
    """Read the token at a place; give it and how many pieces it takes. The longest reading wins, a number first."""
    written, start, end = pieces[place]
    if written[0].isdigit():
        return digits_at(pieces, place, language)
    entry, taken = entry_at(pieces, place, language)
    number = words_at(pieces, place, language) if word.counts else None
    if number and number[1] >= taken:
        return number
    if entry is None or taken == 1:
        return token_of((start, end, word.tag, word.value)), 1
    return Token(start, pieces[place + taken - 1][2], entry.tag, _value_of(entry)), taken


def _value_of(entry: Entry) -> object:
    return Quantity(None, *entry.value) if isinstance(entry.value, list) else entry.value


def _tag_of_unknown(written: str) -> str:
    if written[0].isalpha():
        return WORD
    if written[0] in ".!?…":
        return QUESTION if "?" in written else STOP
    return _SIGNS.get(written, "PUNCTUATION")


def _merge_dates(tokens: list[Token], language: Language, published: date | None, news_days: int) -> list[Token]:
    """Replace the tokens of each date by one: DATE for a day, PERIOD for something wider, OLD_DATE for the past."""
    tags = tags_of(tokens, language)
    if not language.calendar.search(tags):
        return tokens
    for rule in language.rules_for("date"):
        merged: list[Token] = []
        last = 0
        for found in rule.pattern.finditer(tags):
            values = {name: tokens[found.start(name)].value for name, part in found.groupdict().items() if part}
            mention = mention_of(values, rule.name)
            if mention.day is not None and mention.day > _LONGEST_MONTH:
                continue
            start, end = tokens[found.start()].start, tokens[found.end() - 1].end
            merged += [
                *tokens[last : found.start()],
                Token(start, end, _date_tag(mention, published, news_days), mention),
            ]
            last = found.end()
        if merged:
            tokens = [*merged, *tokens[last:]]
            tags = tags_of(tokens, language)
    return tokens


def _date_tag(mention: DateMention, published: date | None, news_days: int) -> str:
    if mention.is_old(published, news_days):
        return "OLD_DATE"
    return "DATE" if mention.names_a_day else "PERIOD"
