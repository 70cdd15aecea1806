"""The setting of an exchange: when it happened, who mediated, which in the count it was."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from tasks.extract.cells import CellEvidence
from tasks.extract.claims import Reader, has_tag, span_of
from tasks.extract.dates import day_meant
from tasks.extract.discourse import Context, last_weekdays_in, marked_days, mentions_in
from tasks.extract.numbers import Quantity
from tasks.extract.rulebook import Rule, first_group
from tasks.extract.story import Story
from tasks.extract.tokens import Sentence
from tasks.records import OrdinalClaim, Span

_PUBLISHED_BASES = {"post": "post", "dateline": "dateline"}
_WEEK = 7
"""Days back to "last Friday"."""
_OPENING = 6
_A_HEADING = 5
"""Tokens."""
_SMALLEST_ORDINAL = 2
_ANY_SIZE = 1_000
_YOUNG = 120
"""Days of a conflict in which every count of its exchanges, how low ever, begins with it."""
_ORDER = (
    (None, False, True),
    (None, True, True),
    (None, False, False),
    (None, True, False),
    ("saying_day", False, False),
    ("saying_day", True, False),
    ("dateline", False, False),
)
"""Where the day is looked for: among the days that a question points out, or all others (None); among "today" and the
like, or named days; in the sentences with used figures only, or everywhere. "Today" may be a quotation's; a day of
saying and a dateline are only near the exchange's."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day of an exchange, its basis, and the words for it."""

    day: date
    basis: str
    evidence: CellEvidence


def day_of_exchange(
    story: list[Sentence],
    telling: list[Sentence],
    first: set[int],
    done: set[int],
    reader: Reader,
    basis: str | None,
    told: Story,
) -> Day | None:
    """Work out the day: named where the exchange is told, or else the publication day, as of what just happened.

    telling: the sentences of the story that tell of the exchange. first: the numbers of those with used figures;
    they go first, then done, those that say in so many words that it was held, then the rest of their paragraphs and
    the opening; days on which something was only said, and datelines, go last. basis: what the publication day rests
    on.
    """
    in_order = sorted(telling, key=lambda sentence: (sentence.number not in first, sentence.number))
    own = [sentence for sentence in in_order if sentence.number in first]
    paragraphs = {sentence.paragraph for sentence in own}
    opening = [sentence for sentence in story[:_OPENING] if _may_name_the_day(sentence, story, reader)]
    around = [sentence for sentence in story if sentence.paragraph in paragraphs] + opening
    lately = any(has_tag(sentence, reader.language, "LATELY") for sentence in in_order)
    everywhere = [*own, *(one for one in in_order if one.number in done), *around, *in_order]
    for question, relative, only_own in _ORDER[:4] if lately else _ORDER:
        for sentence in own if only_own else everywhere:
            if only_own and relative and has_tag(sentence, reader.language, "QUOTE"):
                continue
            day = _day_in(sentence, reader, question, relative, sentence.number in first)
            if day is not None:
                return day
    if not telling or told.is_item or lately:
        return None
    evidence = CellEvidence("swap_date", None, _telling_words(in_order[0], reader), "told_as_just_happened")
    if told.day is not None:
        return Day(told.day, "explicit", evidence)
    if reader.published is None:
        return None
    return Day(reader.published, _PUBLISHED_BASES.get(basis or "", "published"), evidence)


def _may_name_the_day(sentence: Sentence, story: list[Sentence], reader: Reader) -> bool:
    """Whether a sentence's day may be the exchange's, though it does not tell of it.

    It begins the text; or it is about people or parties; or so short that it is a heading or a dateline; or "on that
    day" follows it.
    """
    has = partial(has_tag, language=reader.language)
    text = [one for one in story if not one.is_headline]
    after = next((one for one in text if one.number > sentence.number), None)
    return (
        sentence.is_headline
        or sentence is text[0]
        or len(sentence.tokens) <= _A_HEADING
        or has(sentence, name="SPEAKS_OF_IT")
        or (after is not None and has(after, name="SAME_DAY"))
    )


def _day_in(sentence: Sentence, reader: Reader, question: str | None, relative: bool, used: bool) -> Day | None:
    """Give the first day in a sentence that can be the exchange's.

    question: None for a day of something that happened, else "saying_day" or "dateline" for the days that these
    rules point out. relative: take "today" and the like, or only other days. used: the sentence has figures that the
    report uses, so that "last Friday" in it is no older exchange's.
    """
    excluded = marked_days(sentence, reader, "not_the_day")
    marked = {place: name for name in ("saying_day", "dateline") for place in marked_days(sentence, reader, name)}
    for place, mention in [*mentions_in(sentence), *(last_weekdays_in(sentence) if used else ())]:
        day = day_meant(mention, reader.published)
        days = _WEEK if used and mention.is_last else reader.news_days
        if day is None or place in excluded or marked.get(place) != question or not _is_news(day, reader, days):
            continue
        if (mention.shift is not None) != relative:
            continue
        basis = "dateline" if question == "dateline" else mention.basis
        return Day(day, basis, CellEvidence("swap_date", None, span_of(sentence, place, place), mention.rule))
    return None


def _is_news(day: date, reader: Reader, days: int) -> bool:
    return reader.published is None or -1 <= (reader.published - day).days <= days


def _telling_words(sentence: Sentence, reader: Reader) -> Span:
    """Give the words that tell of the exchange: the match of the rule that found it."""
    answer = reader.ask("event", sentence.tags)
    first, last = (answer[1].start(), answer[1].end() - 1) if answer else (0, len(sentence.tokens) - 1)
    return span_of(sentence, first, max(first, last))


def mediators_in(sentences: Iterable[Sentence], reader: Reader) -> dict[str, CellEvidence]:
    """Find who mediated this exchange, each with the first words that say so."""
    named: dict[str, CellEvidence] = {}
    for sentence in sentences:
        if not has_tag(sentence, reader.language, "MEDIATOR"):
            continue
        old = reader.language.old.search(sentence.tags)
        for rule in reader.language.rules_for("mediator"):
            for found in rule.pattern.finditer(sentence.tags):
                for place in _listed(found):
                    token = sentence.tokens[place]
                    if token.tag == "MEDIATOR" and (old is None or place < old.start()):
                        evidence = CellEvidence("mediators", None, span_of(sentence, place, place), rule.name)
                        named.setdefault(str(token.value), evidence)
    return named


def _listed(found: re.Match[str]) -> range:
    first = first_group(found)
    return range(first, next(end for end in (found.end(name) for name in found.groupdict()) if end > first))


def ordinals_in(
    sentences: list[Sentence], contexts: list[Context], reader: Reader
) -> Iterator[tuple[int, OrdinalClaim]]:
    """Find every 'the 54th exchange', and whose count it is, with the sentence's number."""
    for sentence, context in zip(sentences, contexts, strict=True):
        if not reader.language.may_answer("ordinal", sentence.tags):
            continue
        places = {
            found.start("ordinal"): rule.name
            for rule in reader.language.rules_for("ordinal")
            for found in rule.pattern.finditer(sentence.tags)
        }
        for place, name in sorted(places.items()):
            ordinal = _ordinal_at(sentence, place)
            marked = sentence.tags_for(place, reader.language)
            size = _ANY_SIZE if _is_young(reader) else ordinal
            series, counted_by = reader.ask("series", marked, value=size), reader.ask("ordinal_claimant", marked)
            claimant = _counting(sentence, place, reader, counted_by, context)
            if series is None or ordinal < _SMALLEST_ORDINAL or context.tells_of is not None:
                continue
            span = span_of(sentence, place, place)
            yield sentence.number, OrdinalClaim(None, series[0].gives, ordinal, claimant, span, name)


def _is_young(reader: Reader) -> bool:
    """Whether the conflict was so young that a low ordinal without a word more can be of no other series."""
    return reader.published is not None and 0 <= (reader.published - reader.conflict.began).days < _YOUNG


def _ordinal_at(sentence: Sentence, place: int) -> int:
    """Give the ordinal that stands at a place, be it written as a plain number ("number 54"); 0 if it is none."""
    value = sentence.tokens[place].value
    if isinstance(value, Quantity):
        return value.value or 0
    return int(str(value))


def _counting(
    sentence: Sentence, place: int, reader: Reader, counted_by: tuple[Rule, re.Match[str]] | None, context: Context
) -> str | None:
    """Say whose count an ordinal is: who is said to count, or who speaks before it in the sentence."""
    if counted_by:
        return str(sentence.tokens[first_group(counted_by[1])].value)
    said = reader.ask("claimant", sentence.tags)
    if said is None or first_group(said[1]) < place:
        return context.speaker
    speaker = str(sentence.tokens[first_group(said[1])].value)
    return None if speaker == reader.conflict.other(reader.conflict.ordinal_party) else speaker


def official_ordinal(claims: list[OrdinalClaim], reader: Reader) -> OrdinalClaim | None:
    """Choose the ordinal of the party whose count the ledger follows; none when two claims differ."""
    others = reader.conflict.other(reader.conflict.ordinal_party)
    official = [claim for claim in claims if claim.series == "war" and claim.claimant != others]
    return official[0] if len({claim.ordinal for claim in official}) == 1 else None
