"""What the course of the text says about a sentence: which exchange it tells of, and who is speaking."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from tasks.extract.claims import Reader, has_tag
from tasks.extract.dates import DateMention, day_meant
from tasks.extract.rulebook import first_group
from tasks.extract.tokens import Sentence

_LEAD_SENTENCES = 3
_A_SENTENCE = 5
"""Tokens. What is shorter is a place, a name, a call, and leaves the opening to what follows."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a sentence from the text around it.

    tells_of: "previous" for an earlier exchange, "planned" for one to come, None for the news. event: what it tells
    of an exchange: done, planned, previous, not, mentioned; None when it tells of none. speaker: whose word it is.
    topic: of whom the text was speaking before, a party's code or a mediator. day: the last recent day that its
    paragraph names up to its end, days of statements and plans left out. said: the last recent day that its paragraph
    names, be it only the day of a statement. goes_on: the sentence before tells of people who came home, without a
    number. of_the_dead: the sentence before tells of bodies that were handed over, without a number.
    """

    tells_of: str | None
    event: str | None
    speaker: str | None
    topic: str | None
    day: date | None
    goes_on: bool = False
    said: date | None = None
    of_the_dead: bool = False


def home_party(sentences: list[Sentence], reader: Reader) -> str | None:
    """Say whose "our" is where nobody is named as the speaker: of the party that the text speaks for.

    Its language may be one party's own. Or the text speaks of the captivity of one party only: then of the other. Or
    the opening names one's authority, or one party alone; or the opening names neither, and the rest the authorities
    of one.
    """
    codes = reader.conflict.codes()
    native = reader.native()
    if len(native) == 1:
        return native.pop()
    opening = [token for sentence in lead_of(sentences)[:2] for token in sentence.tokens if token.tag == "AUTHORITY"]
    captors = _captors(sentences, "captor", reader)
    if len(captors) == 1:
        return reader.conflict.other(captors.pop())
    if opening and opening[0].value in codes:
        return str(opening[0].value)
    lead = lead_of(sentences)
    named = {str(token.value) for sentence in lead for token in sentence.tokens if token.value in codes}
    if not named:
        return _of_all_authorities(sentences, codes)
    if len(named) != 1:
        return None
    givers = _captors(lead, "captor_who_gives", reader)
    return reader.conflict.other(named.pop()) if named == givers else named.pop()


def _of_all_authorities(sentences: list[Sentence], codes: tuple[str, str]) -> str | None:
    """Give the party whose authorities a text names, if they are of one; a country may be named as the enemy."""
    named = {token.value for sentence in sentences for token in sentence.tokens if token.tag == "AUTHORITY"}
    named &= set(codes)
    return str(named.pop()) if len(named) == 1 else None


def _captors(sentences: list[Sentence], question: str, reader: Reader) -> set[str]:
    """Give the parties that the rules of a question tell to hold captives, or to give them up."""
    return {
        str(sentence.tokens[first_group(found)].value)
        for sentence in sentences
        for rule in reader.language.rules_for(question)
        for found in rule.pattern.finditer(sentence.tags)
        if sentence.tokens[first_group(found)].value in reader.conflict.codes()
    }


def contexts_of(sentences: list[Sentence], reader: Reader, authors: dict[int | None, str | None]) -> list[Context]:
    """Give each sentence its context. authors: who wrote each post, if it is a party or a mediator."""
    frames = _frames(sentences, reader)
    events = [event_of(sentence, reader) for sentence in sentences]
    planned = _is_plan(sentences, events, reader)
    in_quotes = _in_quotes(sentences)
    contexts: list[Context] = []
    for place, sentence in enumerate(sentences):
        topic = _topic(sentences[place - 1], sentence, contexts[-1], reader) if place else None
        author = authors.get(sentence.post_no)
        if author is None and in_quotes[place]:
            author = contexts[-1].speaker
        spoke = contexts[-1].speaker if topic is not None else None
        speaker = _speaker(sentence, reader, author, spoke or topic)
        goes_on = place > 0 and _tells_without_number(sentences[place - 1], reader)
        told = frames[place] or ("planned" if planned and not _is_fresh(sentence, reader) else None)
        day, said = _day(sentences, place, contexts, reader), _said(sentences, place, contexts, reader)
        of_the_dead = place > 0 and _tells_of_bodies(sentences[place - 1], sentence, reader)
        contexts.append(Context(told, events[place], speaker, topic, day, goes_on, said, of_the_dead))
    return contexts


def _frames(sentences: list[Sentence], reader: Reader) -> list[str | None]:
    """Say for each sentence whether it tells of an earlier exchange.

    A sentence that opens with one colours the rest of its paragraph, up to a sentence that goes back to the news;
    "on the same day" and the like stay with the sentence before.
    """
    frames: list[str | None] = []
    for place, sentence in enumerate(sentences):
        before = frames[-1] if place and sentences[place - 1].post_no == sentence.post_no else None
        answer = reader.ask("frame", sentence.tags)
        if answer is None:
            frames.append(before if place and sentences[place - 1].paragraph == sentence.paragraph else None)
        elif answer[0].gives == "as_before":
            past = reader.ask("past", sentences[place - 1].tags) if place else None
            frames.append(past[0].gives if past else before)
        else:
            frames.append(None if answer[0].gives == "news" else answer[0].gives)
    return frames


def _is_fresh(sentence: Sentence, reader: Reader) -> bool:
    """Whether a sentence tells of an exchange that took place, and not in the past."""
    frame = reader.ask("frame", sentence.tags)
    return (frame is None or frame[0].gives == "news") and event_of(sentence, reader) in ("done", "moved")


def _is_plan(sentences: list[Sentence], events: list[str | None], reader: Reader) -> bool:
    """Whether the article opens with an exchange to come, and with none that took place."""
    lead = lead_of(sentences)
    opening = {events[sentence.number] for sentence in lead}
    planned = (
        events[sentence.number] == "planned"
        and any(has_tag(sentence, reader.language, group) for group in ("EXCHANGE", "ABOUT_CAPTIVES"))
        for sentence in lead[:2]
    )
    return any(planned) and not opening & {"done", "moved"}


def lead_of(sentences: list[Sentence]) -> list[Sentence]:
    """Give the headline and the first sentences of the text."""
    text = [sentence for sentence in sentences if not sentence.is_headline and len(sentence.tokens) >= _A_SENTENCE]
    return [sentence for sentence in sentences if sentence.is_headline] + text[:_LEAD_SENTENCES]


def event_of(sentence: Sentence, reader: Reader) -> str | None:
    """Say what a sentence tells of an exchange: done, planned, previous, not; None when it tells of none."""
    answer = reader.ask("event", sentence.tags)
    return answer[0].gives if answer else None


def _speaker(sentence: Sentence, reader: Reader, author: str | None, before: str | None) -> str | None:
    """Say whose word a sentence is: who is named, the post's author, or who spoke before ("it said")."""
    answer = reader.ask("claimant", sentence.tags)
    if answer is not None:
        return str(sentence.tokens[first_group(answer[1])].value)
    if author is not None:
        return author
    return before if reader.ask("same_claimant", sentence.tags) is not None else None


def _day(sentences: list[Sentence], place: int, contexts: list[Context], reader: Reader) -> date | None:
    sentence = sentences[place]
    day = None
    if _names_days(sentence, reader):
        excluded = not_of_the_event(sentence, reader)
        quoted = _todays_of_quotations(sentence, reader)
        if quoted and any(context.day not in (None, reader.published) for context in contexts):
            excluded |= quoted
        day = _day_outside(excluded, sentence, reader)
    if day is None and place and sentences[place - 1].paragraph == sentence.paragraph:
        return contexts[place - 1].day
    return day


def _todays_of_quotations(sentence: Sentence, reader: Reader) -> set[int]:
    """Give the places of "today" and the like in a quotation: whoever spoke may have done so on another day."""
    quote = reader.language.alphabet.character("QUOTE")
    return {
        place
        for place, mention in mentions_in(sentence)
        if mention.shift is not None and sentence.tags.count(quote, 0, place) % 2
    }


def _names_days(sentence: Sentence, reader: Reader) -> bool:
    return has_tag(sentence, reader.language, "DATE")


def _day_outside(excluded: set[int], sentence: Sentence, reader: Reader) -> date | None:
    """Give the first recent day that a sentence names at a place that is not excluded."""
    named = (day_meant(mention, reader.published) for at, mention in mentions_in(sentence) if at not in excluded)
    return next((day for day in named if day is not None), None)


def _in_quotes(sentences: list[Sentence]) -> list[bool]:
    """Say of each sentence whether the one before left a quotation open, in the same paragraph."""
    opened: list[bool] = []
    marks = 0
    for place, sentence in enumerate(sentences):
        before = sentences[place - 1] if place else None
        goes_on = before is not None and before.paragraph == sentence.paragraph
        marks = marks + sentence.text.count('"', before.start, before.end) if before and goes_on else 0
        opened.append(marks % 2 == 1)
    return opened


def _said(sentences: list[Sentence], place: int, contexts: list[Context], reader: Reader) -> date | None:
    sentence = sentences[place]
    excluded = marked_days(sentence, reader, "not_the_day")
    day = _day_outside(excluded, sentence, reader) if _names_days(sentence, reader) else None
    if day is None and place and sentences[place - 1].paragraph == sentence.paragraph:
        return contexts[place - 1].said
    return day


def _tells_of_bodies(before: Sentence, sentence: Sentence, reader: Reader) -> bool:
    if before.paragraph != sentence.paragraph or not has_tag(before, reader.language, "PEOPLE_REMAINS"):
        return False
    moved = has_tag(before, reader.language, "MOVE")
    return moved and not has_tag(before, reader.language, "COUNTED")


def _tells_without_number(sentence: Sentence, reader: Reader) -> bool:
    has = partial(has_tag, sentence, reader.language)
    return has("FREED") and (has("PEOPLE") or has("OWN")) and not has("COUNTED")


def _topic(before: Sentence, sentence: Sentence, context: Context, reader: Reader) -> str | None:
    """Say of whom the sentence before, if it is near, was speaking."""
    if before.post_no != sentence.post_no or before.is_headline or sentence.paragraph - before.paragraph > 1:
        return None
    answer = reader.ask("topic", before.tags)
    if answer is not None:
        return str(before.tokens[first_group(answer[1])].value)
    return context.speaker or (context.topic if before.paragraph == sentence.paragraph else None)


def mentions_in(sentence: Sentence, first: int = 0, end: int | None = None) -> Iterator[tuple[int, DateMention]]:
    """Give the recent days that a sentence names from token `first` to before token `end`, each with its place."""
    for place, token in enumerate(sentence.tokens[first:end], start=first):
        if token.tag == "DATE" and isinstance(token.value, DateMention):
            yield place, token.value


def last_weekdays_in(sentence: Sentence) -> Iterator[tuple[int, DateMention]]:
    """Give "last Friday" where it is some days ago, each with its place."""
    for place, token in enumerate(sentence.tokens):
        if token.tag == "OLD_DATE" and isinstance(token.value, DateMention) and token.value.is_last:
            yield place, token.value


def not_of_the_event(sentence: Sentence, reader: Reader) -> set[int]:
    """Give the places of the days on which something was said or will be, and of datelines."""
    return {
        place
        for question in ("saying_day", "not_the_day", "dateline")
        for place in marked_days(sentence, reader, question)
    }


def marked_days(sentence: Sentence, reader: Reader, question: str) -> set[int]:
    """Give the places of the days that the rules of a question point out, such as "saying_day"."""
    if not has_tag(sentence, reader.language, "DATE"):
        return set()
    return {
        first_group(found, "day")
        for rule in reader.language.rules_for(question)
        for found in rule.pattern.finditer(sentence.tags)
    }
