"""Which exchanges an article tells of as news: its stories. Each becomes one report; no story, no report.

An article that opens with an exchange is one story, or a story for each day if it is a live page with dated headings.
Any other article (a briefing, an assessment, a programme) is read item by item: an item is a run of paragraphs that
speak of captives or exchanges, and is a story if it tells of a completed exchange as news.
"""

from tasks.extract.claims import PLANNED, Claim, Reader
from tasks.extract.discourse import Context, lead_of
from tasks.extract.relevance import is_denied, is_elsewhere, is_unilateral, may_be_about_it, parties
from tasks.extract.story import Story
from tasks.extract.story_days import by_count_of_exchanges, by_day, by_heading, parted
from tasks.extract.tokens import Sentence
from tasks.extract.told import DONE, Told, told_by

_NEAR = 3
"""Paragraphs between two that tell of the same exchange."""
_OPENING = 8
"""Sentences in which an article says on which day it was."""


def stories_of(
    sentences: list[Sentence], contexts: list[Context], claims: list[Claim], reader: Reader
) -> tuple[list[Story], str | None]:
    """Give the stories, or a word of the vocabulary that says why there is none."""
    lead = lead_of(sentences)
    told = told_by(sentences, contexts, claims, reader)
    if not may_be_about_it(told):
        return [], "irrelevant"
    telling = [sentence for sentence in sentences if sentence.number in told.tells]
    up_to_lead = range(lead[-1].number + 1 if lead else 0)
    opens = any(number in told.tells for number in up_to_lead) or _opens_with_the_day(told, lead)
    if is_unilateral(told, lead):
        return [], "not_completed"
    elsewhere = is_elsewhere(told, telling, lead)
    if opens and not elsewhere:
        return ([], "not_completed") if is_denied(told, lead) else (parted(told, by_heading(told)), None)
    several = [] if opens else by_count_of_exchanges(told)
    found = several or by_day(told, _own_items(told, opens))
    if found:
        return parted(told, found), None
    if telling and elsewhere:
        return [], "other_conflict"
    planned = any(context.event == "planned" for context in contexts) or any(claim.kind == PLANNED for claim in claims)
    return [], "planned_only" if planned else "not_completed"


def _own_items(told: Told, opens: bool) -> list[list[Sentence]]:
    """Give the items about this conflict; those of an explainer, whose headline asks, only if they name a recent day.

    opens: the article opens with an exchange, which is another's.
    """
    items = [item for item in _items(told) if not is_elsewhere(told, item, item)]
    if any(told.has(sentence, "QUESTION") for sentence in told.sentences if sentence.is_headline):
        items = [item for item in items if any(told.contexts[sentence.number].day is not None for sentence in item)]
    if any(told.contexts[sentence.number].event == "planned" for sentence in lead_of(told.sentences)):
        items = [item for item in items if any(_is_of_yesterday(told, sentence) for sentence in item)]
    if not opens:
        return items
    codes = set(told.reader.conflict.codes())
    counted = {claim.sentence for claim in told.claims if claim.is_news and claim.returned_to in codes}
    return [
        item
        for item in items
        if parties(item) == codes
        and not any(told.has(one, "FOREIGN") for one in item)
        and any(parties([one]) == codes or one.number in counted for one in item if one.number in told.tells)
    ]


def _is_of_yesterday(told: Told, sentence: Sentence) -> bool:
    """Whether a sentence is about the day of publication, or the one before."""
    day, published = told.contexts[sentence.number].day, told.reader.published
    return day is not None and (published is None or (published - day).days <= 1)


def _opens_with_the_day(told: Told, lead: list[Sentence]) -> bool:
    """Whether the opening names the day, and what follows soon counts those who were freed to a side."""
    named = any(told.contexts[sentence.number].day is not None for sentence in lead)
    sided = {claim.sentence for claim in told.claims if claim.is_news and claim.returned_to is not None}
    freed = any(told.contexts[sentence.number].event == "one_freed" for sentence in lead)
    if not named:
        return False
    return freed or any(sentence.number in told.tells & sided for sentence in told.sentences[:_OPENING])


def _items(told: Told) -> list[list[Sentence]]:
    """Give the paragraphs that tell of an exchange as fresh news, each with those that go on about it."""
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in told.sentences:
        if not sentence.is_headline:
            paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    nuclei = {
        number
        for number, sentences in paragraphs.items()
        if any(sentence.number in told.tells and _is_fresh(told, sentence) for sentence in sentences)
        or _follows_the_day(told, paragraphs, number)
    }
    items: list[list[Sentence]] = []
    before: list[Sentence] = []
    for number, sentences in paragraphs.items():
        near = _NEAR if any(sentence.number in told.tells for sentence in sentences) else 1
        goes_on = bool(items) and number - items[-1][-1].paragraph <= near and _goes_on(told, sentences)
        if number in nuclei and not (goes_on and _same_day(told, items[-1], sentences)):
            items.append([*before, *sentences])
        elif goes_on:
            items[-1] += sentences
        before = sentences if number not in nuclei and not goes_on and _leads_up(told, sentences) else []
    return items


def _follows_the_day(told: Told, paragraphs: dict[int, list[Sentence]], number: int) -> bool:
    """Whether a paragraph counts people freed to a side, soon after one that speaks of captives on a recent day."""
    sided = {claim.sentence for claim in told.claims if claim.is_news and claim.returned_to and claim.value}
    if not any(sentence.number in told.tells & sided for sentence in paragraphs[number]):
        return False
    return any(
        told.contexts[sentence.number].day is not None
        and (_speaks_of_it(told, sentence) or told.has(sentence, "VEHICLE"))
        for near in (number - 1, number - 2)
        for sentence in paragraphs.get(near, [])
    )


def _is_fresh(told: Told, sentence: Sentence) -> bool:
    """Whether a sentence tells of something as of news: on a recent day, or as just completed."""
    named = told.contexts[sentence.number].day is not None or told.has(sentence, "NAMES_NEWS_DAY")
    own = any(claim.sentence == sentence.number and claim.is_own for claim in told.claims)
    if told.contexts[sentence.number].goes_on and own:
        return True
    if named or told.reader.ask("just_done", sentence.tags) is None:
        return named
    sided = any(
        claim.sentence == sentence.number and (claim.returned_to is not None or claim.is_own) for claim in told.claims
    )
    return sided or told.contexts[sentence.number].event == DONE


def _goes_on(told: Told, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph goes on about captives or exchanges, and is no item of its own."""
    if told.reader.ask("new_item", paragraph[0].tags) is not None:
        return False
    return any(_speaks_of_it(told, sentence) for sentence in paragraph) and not any(
        told.has(sentence, "FOREIGN") for sentence in paragraph
    )


def _leads_up(told: Told, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph counts people freed, so that the next one only adds when it was."""
    return any(sentence.number in told.tells for sentence in paragraph) and _goes_on(told, paragraph)


def _speaks_of_it(told: Told, sentence: Sentence) -> bool:
    return any(told.has(sentence, group) for group in ("ABOUT_CAPTIVES", "EXCHANGE", "MEDIATE", "THANK"))


def _same_day(told: Told, item: list[Sentence], paragraph: list[Sentence]) -> bool:
    before, now = ({told.contexts[sentence.number].day for sentence in group} - {None} for group in (item, paragraph))
    return not before or not now or bool(before & now)
