"""Whether an article tells of a completed exchange of this conflict at all."""

from collections.abc import Iterable

from tasks.extract.claims import EACH_SIDE, RETURNED
from tasks.extract.rulebook import first_group
from tasks.extract.setting import mediators_in
from tasks.extract.tokens import Sentence
from tasks.extract.told import DONE, Told

_PARTY_TAGS = (
    "PARTY",
    "PARTY_INFLECTED",
    "PARTY_BY",
    "TO_PARTY",
    "PARTY_OF",
    "PARTY_PEOPLE",
    "AUTHORITY",
    "OWN_PEOPLE",
)
_NEEDED = ("MOVE", "TOLD_AS_EXCHANGE")
_SAID_EARLY = 10
"""Sentences in which an article says that there was none."""


def may_be_about_it(told: Told) -> bool:
    """Whether an article has the words without which no exchange is told, of captives or of people freed to a side."""
    if not all(any(told.has(sentence, group) for sentence in told.sentences) for group in _NEEDED):
        return False
    freed = any(claim.is_news and claim.is_linked and (claim.returned_to or claim.is_own) for claim in told.claims)
    return freed or any(told.has(sentence, "ABOUT_CAPTIVES") for sentence in told.sentences)


def is_denied(told: Told, lead: list[Sentence]) -> bool:
    """Whether the opening says that there was no exchange, that it was off, or that it was children who came home."""
    events = {told.contexts[sentence.number].event for sentence in lead}
    if any(told.has(sentence, "FAKE") for sentence in lead):
        return True
    if not any(context.event == DONE and context.tells_of is None for context in told.contexts) and (
        _is_called_off(told, lead) or _says_that_there_was_none(told)
    ):
        return True
    return DONE not in events and (_is_reunion(told, lead) or _is_denied_by_headline(told, lead))


def _is_called_off(told: Told, lead: list[Sentence]) -> bool:
    return any(
        told.contexts[sentence.number].event == "not"
        and told.has(sentence, "CALLED_OFF")
        and told.has(sentence, "EXCHANGE")
        for sentence in lead
    )


def _says_that_there_was_none(told: Told) -> bool:
    return any(told.reader.ask("no_exchange", sentence.tags) for sentence in told.sentences[:_SAID_EARLY])


def _is_reunion(told: Told, lead: list[Sentence]) -> bool:
    """Whether the opening tells of children who went to their families, and counts nobody else."""
    numbers = {sentence.number for sentence in lead}
    counted = {claim.category for claim in told.claims if claim.sentence in numbers}
    told_so = all(any(told.has(sentence, group) for sentence in lead) for group in ("REUNION", "PEOPLE_CHILD"))
    return told_so and counted <= {"child"}


def _is_denied_by_headline(told: Told, lead: list[Sentence]) -> bool:
    """Whether the headline denies it, and the text does not count people freed to both sides."""
    if not any(told.contexts[sentence.number].event == "not" for sentence in lead if sentence.is_headline):
        return False
    text = {sentence.number for sentence in lead if not sentence.is_headline}
    sides = {
        claim.returned_to for claim in told.claims if claim.sentence in text & told.tells and claim.kind == RETURNED
    }
    denied_again = any(told.contexts[number].event == "not" for number in text)
    return denied_again or not sides >= set(told.reader.conflict.codes())


def is_unilateral(told: Told, lead: list[Sentence]) -> bool:
    """Whether people were let go for nothing, and no exchange is told beside it."""
    swapped = any(sentence.number in told.tells and told.has(sentence, "SWAP") for sentence in lead)
    if swapped or not any(told.has(sentence, "APART") for sentence in lead):
        return False
    done = any(context.event == DONE and context.tells_of is None for context in told.contexts)
    freed = [claim for claim in told.claims if claim.is_news and claim.kind == RETURNED and claim.value]
    sides = {claim.returned_to for claim in freed} - {None}
    each = any(claim.kind == EACH_SIDE and claim.is_news for claim in told.claims)
    return not done and not each and len(sides) < 2


def is_elsewhere(told: Told, telling: list[Sentence], opening: list[Sentence]) -> bool:
    """Whether the exchange is another conflict's.

    Both parties must be named where it is told, or one of them and no other country but those that mediated.
    """
    codes = set(told.reader.conflict.codes())
    opened = parties(opening)
    headed = [sentence for sentence in opening if sentence.is_headline]
    told_here = any(
        sentence.number in told.tells
        and (parties([sentence]) == codes or (parties([sentence]) and not told.has(sentence, "FAR_NATION")))
        for sentence in opening
    )
    if any(told.has(sentence, "FAR_NATION") for sentence in headed) and not parties(headed) and not told_here:
        return True
    foreign = _has_foreigners(told, opening)
    named = opened | parties(telling)
    if opening is not telling and named != codes and not foreign and not _has_foreigners(told, telling):
        named = named | parties(told.sentences)
    if named == codes:
        exchanged = any(
            told.has(sentence, "SWAP") and (not told.has(sentence, "FAR_NATION") or parties([sentence]) == codes)
            for sentence in opening
        )
        abroad = any(told.has(sentence, "FOREIGN" if sentence.is_headline else "FAR_NATION") for sentence in opening)
        return foreign and (opened != codes or (abroad and not exchanged))
    return not (named or told.reader.native()) or foreign or _has_foreigners(told, telling)


def _has_foreigners(told: Told, sentences: list[Sentence]) -> bool:
    if any(told.has(sentence, "FOREIGN") for sentence in sentences):
        return True
    named = {name for sentence in sentences if told.has(sentence, "MEDIATOR") for name in _countries(told, sentence)}
    return bool(named) and not named <= mediators_in(told.sentences, told.reader).keys()


def _countries(told: Told, sentence: Sentence) -> set[object]:
    """Give the countries and mediators that a sentence names, those left out of which somebody is only a citizen."""
    persons = {
        first_group(found)
        for rule in told.reader.language.rules_for("person_of")
        for found in rule.pattern.finditer(sentence.tags)
    }
    return {
        token.value for place, token in enumerate(sentence.tokens) if token.tag == "MEDIATOR" and place not in persons
    }


def parties(sentences: Iterable[Sentence]) -> set[str]:
    """Give the parties that sentences name."""
    return {str(token.value) for sentence in sentences for token in sentence.tokens if token.tag in _PARTY_TAGS}
