"""What the course of the text says about a sentence: which exchange it tells of, and who is speaking."""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.extract.claims import Reader
from tasks.extract.dates import DateMention
from tasks.extract.rulebook import first_group
from tasks.extract.tokens import Sentence

_LEAD_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a sentence from the text around it.

    tells_of: "previous" for an earlier exchange, "planned" for one to come, None for the news. speaker: whose word
    it is. topic: of whom the text was speaking before, a party's code or a mediator.
    """

    tells_of: str | None
    speaker: str | None
    topic: str | None


def contexts_of(sentences: list[Sentence], reader: Reader, authors: dict[int | None, str | None]) -> list[Context]:
    """Give each sentence its context. authors: who wrote each post, if it is a party or a mediator."""
    frames = _frames(sentences, reader)
    planned = _is_plan(sentences, reader)
    contexts: list[Context] = []
    for place, sentence in enumerate(sentences):
        topic = _topic(sentences[place - 1], sentence, contexts[-1], reader) if place else None
        speaker = _speaker(sentence, reader, authors.get(sentence.post_no), topic)
        told = frames[place] or ("planned" if planned and not _is_fresh(sentence, reader) else None)
        contexts.append(Context(told, speaker, topic))
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
    """Whether a sentence tells of an exchange that took place on a recent day which it names."""
    frame = reader.ask("frame", sentence.tags)
    return frame is not None and frame[0].gives == "news" and event_of(sentence, reader) == "done"


def _is_plan(sentences: list[Sentence], reader: Reader) -> bool:
    """Whether the article opens with an exchange to come, and with none that took place."""
    events = {event_of(sentence, reader) for sentence in lead_of(sentences)}
    return "planned" in events and "done" not in events


def lead_of(sentences: list[Sentence]) -> list[Sentence]:
    """Give the headline and the first sentences of the text."""
    text = [sentence for sentence in sentences if not sentence.is_headline]
    return [sentence for sentence in sentences if sentence.is_headline] + text[:_LEAD_SENTENCES]


def event_of(sentence: Sentence, reader: Reader) -> str | None:
    """Say what a sentence tells of an exchange: done, planned, previous, not; None when it tells of none."""
    answer = reader.ask("event", sentence.tags)
    return answer[0].gives if answer else None


def _speaker(sentence: Sentence, reader: Reader, author: str | None, topic: str | None) -> str | None:
    """Say whose word a sentence is: who is named, the post's author, or who spoke before ("it said")."""
    answer = reader.ask("claimant", sentence.tags)
    if answer is not None:
        return str(sentence.tokens[first_group(answer[1])].value)
    if author is not None:
        return author
    return topic if reader.ask("same_claimant", sentence.tags) is not None else None


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


def marked_days(sentence: Sentence, reader: Reader, question: str) -> set[int]:
    """Give the places of the days that the rules of a question point out, such as "saying_day"."""
    return {
        found.start("day")
        for rule in reader.language.rules_for(question)
        for found in rule.pattern.finditer(sentence.tags)
    }
