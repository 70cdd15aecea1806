"""Which exchanges an article tells of as news: its stories. Each becomes one report; no story, no report.

An article that opens with an exchange is one story, or a story for each day if it is a live page with dated headings.
Any other article (a briefing, an assessment, a programme) is read item by item: an item is a run of paragraphs that
speak of captives or exchanges, and is a story if it tells of a completed exchange as news.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tasks.extract.claims import EACH_SIDE, NEWS_KINDS, OTHER, PLANNED, REMAINS, RETURNED, Claim, Reader, has_tag
from tasks.extract.dates import DateMention, day_meant
from tasks.extract.discourse import Context, lead_of
from tasks.extract.setting import mediators_in
from tasks.extract.story import Story
from tasks.extract.tokens import Sentence

DONE = "done"
_MOVED = "moved"
"""An event told without a word of the exchange itself: enough where an article opens with it."""
_PARTY_TAGS = ("PARTY", "PARTY_OF", "PARTY_PEOPLE", "AUTHORITY", "OWN_PEOPLE")
_NEEDED = ("MOVE", "TOLD_AS_EXCHANGE")
_HEADING_TOKENS = 7
_HOUR = re.compile(r"\d{1,2}[.:]\d{2}\b")
_HOUR_TOKENS = 4
_LIVE_ENTRIES = 2
_SAID_EARLY = 10
_NEAR = 3
"""Paragraphs between two that tell of the same exchange."""
_OPENING = 8


@dataclass(frozen=True)
class _Telling:
    """An article's sentences with what is known of each. tells: those that tell of a completed exchange as news."""

    sentences: list[Sentence]
    contexts: list[Context]
    claims: list[Claim]
    reader: Reader
    tells: frozenset[int]

    def has(self, sentence: Sentence, group: str) -> bool:
        return has_tag(sentence, self.reader.language, group)


def stories_of(
    sentences: list[Sentence], contexts: list[Context], claims: list[Claim], reader: Reader
) -> tuple[list[Story], str | None]:
    """Give the stories, or a word of the vocabulary that says why there is none."""
    lead = lead_of(sentences)
    opening = frozenset(sentence.number for sentence in lead)
    told = _Telling(sentences, contexts, claims, reader, _telling(contexts, claims, opening))
    if not _may_be_about_it(told):
        return [], "irrelevant"
    telling = [sentence for sentence in sentences if sentence.number in told.tells]
    up_to_lead = range(lead[-1].number + 1 if lead else 0)
    opens = any(number in told.tells for number in up_to_lead) or _opens_with_the_day(told, lead)
    if _is_unilateral(told, lead):
        return [], "not_completed"
    elsewhere = _is_elsewhere(told, telling, lead)
    if opens and not elsewhere:
        return ([], "not_completed") if _is_denied(told, lead) else (_parted(told, _by_heading(told)), None)
    several = [] if opens else _by_count_of_exchanges(told)
    if several:
        return _parted(told, several), None
    items = [item for item in _items(told) if not _is_elsewhere(told, item, item)]
    if opens:
        codes = set(reader.conflict.codes())
        items = [
            item for item in items if _parties(item) == codes and not any(told.has(one, "FOREIGN") for one in item)
        ]
        counted = {claim.sentence for claim in told.claims if claim.is_news and claim.returned_to is not None}
        items = [
            item
            for item in items
            if any(_parties([one]) == codes or one.number in counted for one in item if one.number in told.tells)
        ]
    found = _by_day(told, items)
    if found:
        return _parted(told, found), None
    if telling and elsewhere:
        return [], "other_conflict"
    planned = any(context.event == "planned" for context in contexts) or any(claim.kind == PLANNED for claim in claims)
    return [], "planned_only" if planned else "not_completed"


def _may_be_about_it(told: _Telling) -> bool:
    """Whether an article has the words without which no exchange is told, of captives or of people freed to a side."""
    if not all(any(told.has(sentence, group) for sentence in told.sentences) for group in _NEEDED):
        return False
    freed = any(claim.is_news and claim.is_linked and (claim.returned_to or claim.is_own) for claim in told.claims)
    return freed or any(told.has(sentence, "ABOUT_CAPTIVES") for sentence in told.sentences)


def _opens_with_the_day(told: _Telling, lead: list[Sentence]) -> bool:
    """Whether the opening names the day, and what follows soon counts those who were freed to a side."""
    named = any(told.contexts[sentence.number].day is not None for sentence in lead)
    sided = {claim.sentence for claim in told.claims if claim.is_news and claim.returned_to is not None}
    freed = any(told.contexts[sentence.number].event == "one_freed" for sentence in lead)
    if not named:
        return False
    return freed or any(sentence.number in told.tells & sided for sentence in told.sentences[:_OPENING])


def _is_denied(told: _Telling, lead: list[Sentence]) -> bool:
    """Whether the headline says that there was no exchange, and nothing else in the opening that there was."""
    events = {told.contexts[sentence.number].event for sentence in lead}
    denied = any(told.contexts[sentence.number].event == "not" for sentence in lead if sentence.is_headline)
    told_done = any(context.event == DONE and context.tells_of is None for context in told.contexts)
    called_off = not told_done and any(
        events_at == "not" and told.has(sentence, "CALLED_OFF") and told.has(sentence, "EXCHANGE")
        for sentence, events_at in ((sentence, told.contexts[sentence.number].event) for sentence in lead)
    )
    nowhere = not told_done and any(
        told.reader.ask("no_exchange", sentence.tags) for sentence in told.sentences[:_SAID_EARLY]
    )
    fake = any(told.has(sentence, "FAKE") for sentence in lead)
    counted = {claim.category for claim in told.claims if claim.sentence in {sentence.number for sentence in lead}}
    reunited = all(any(told.has(sentence, group) for sentence in lead) for group in ("REUNION", "PEOPLE_CHILD"))
    children = reunited and counted <= {"child"} and DONE not in events
    in_text = {sentence.number for sentence in lead if not sentence.is_headline}
    sides = {
        claim.returned_to for claim in told.claims if claim.sentence in in_text & told.tells and claim.kind == RETURNED
    }
    only_there = not any(told.contexts[number].event == "not" for number in in_text)
    freed = only_there and sides >= set(told.reader.conflict.codes())
    return nowhere or fake or children or called_off or (denied and DONE not in events and not freed)


def _is_unilateral(told: _Telling, lead: list[Sentence]) -> bool:
    """Whether people were let go for nothing, and no exchange is told beside it."""
    swapped = any(sentence.number in told.tells and told.has(sentence, "SWAP") for sentence in lead)
    if swapped or not any(told.has(sentence, "APART") for sentence in lead):
        return False
    done = any(context.event == DONE and context.tells_of is None for context in told.contexts)
    sides = {claim.returned_to for claim in told.claims if claim.is_news and claim.kind == RETURNED} - {None}
    each = any(claim.kind == EACH_SIDE and claim.is_news for claim in told.claims)
    return not done and not each and len(sides) < 2


def _telling(contexts: list[Context], claims: list[Claim], opening: frozenset[int]) -> frozenset[int]:
    """Give the sentences that tell of a completed exchange: by a count of those freed, or without any count."""
    background = {claim.sentence for claim in claims if claim.kind not in (*NEWS_KINDS, OTHER, "held")}
    news = {
        claim.sentence
        for claim in claims
        if claim.is_news and claim.is_linked and not claim.is_guess and claim.category != "child"
    }
    return frozenset(
        number
        for number, context in enumerate(contexts)
        if context.tells_of is None
        and (
            (number in news and context.event not in ("not", "several"))
            or (_is_done(context, number in opening) and number not in background - news)
        )
    )


def _is_done(context: Context, opens: bool) -> bool:
    return context.event == DONE or (opens and context.event == _MOVED)


def _is_elsewhere(told: _Telling, telling: list[Sentence], opening: list[Sentence]) -> bool:
    """Whether the exchange is another conflict's.

    Both parties must be named where it is told, or one of them and no other country but those that mediated.
    """
    codes = set(told.reader.conflict.codes())
    opened = _parties(opening)
    headed = [sentence for sentence in opening if sentence.is_headline]
    told_here = any(
        sentence.number in told.tells
        and (_parties([sentence]) == codes or (_parties([sentence]) and not told.has(sentence, "FAR_NATION")))
        for sentence in opening
    )
    if any(told.has(sentence, "FAR_NATION") for sentence in headed) and not _parties(headed) and not told_here:
        return True
    foreign = _has_foreigners(told, opening)
    named = opened | _parties(telling)
    if opening is not telling and named != codes and not foreign and not _has_foreigners(told, telling):
        named = named | _parties(told.sentences)
    if named == codes:
        exchanged = any(told.has(sentence, "SWAP") for sentence in opening)
        abroad = any(told.has(sentence, "FOREIGN" if sentence.is_headline else "FAR_NATION") for sentence in opening)
        return foreign and (opened != codes or (abroad and not exchanged))
    return not named or foreign or _has_foreigners(told, telling)


def _has_foreigners(told: _Telling, sentences: list[Sentence]) -> bool:
    if any(told.has(sentence, "FOREIGN") for sentence in sentences):
        return True
    naming = [sentence for sentence in sentences if told.has(sentence, "MEDIATOR")]
    named = {token.value for sentence in naming for token in sentence.tokens if token.tag == "MEDIATOR"}
    return bool(named) and not named <= mediators_in(told.sentences, told.reader).keys()


def _parties(sentences: Iterable[Sentence]) -> set[str]:
    return {str(token.value) for sentence in sentences for token in sentence.tokens if token.tag in _PARTY_TAGS}


def _items(told: _Telling) -> list[list[Sentence]]:
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


def _follows_the_day(told: _Telling, paragraphs: dict[int, list[Sentence]], number: int) -> bool:
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


def _is_fresh(told: _Telling, sentence: Sentence) -> bool:
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


def _goes_on(told: _Telling, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph goes on about captives or exchanges, and is no item of its own."""
    if told.reader.ask("new_item", paragraph[0].tags) is not None:
        return False
    return any(_speaks_of_it(told, sentence) for sentence in paragraph) and not any(
        told.has(sentence, "FOREIGN") for sentence in paragraph
    )


def _leads_up(told: _Telling, paragraph: list[Sentence]) -> bool:
    """Whether a paragraph counts people freed, so that the next one only adds when it was."""
    return any(sentence.number in told.tells for sentence in paragraph) and _goes_on(told, paragraph)


def _speaks_of_it(told: _Telling, sentence: Sentence) -> bool:
    return any(told.has(sentence, group) for group in ("ABOUT_CAPTIVES", "EXCHANGE", "MEDIATE", "THANK"))


def _by_day(told: _Telling, items: list[list[Sentence]]) -> list[Story]:
    """Join the items that tell of one day, and those that name none."""
    counted = {claim.sentence for claim in told.claims if claim.is_news}
    with_counts = [item for item in items if any(sentence.number in counted for sentence in item)]
    stories: list[tuple[set[date | None], set[int]]] = []
    for item in with_counts or items:
        days = {told.contexts[sentence.number].day for sentence in item if sentence.number in told.tells} - {None}
        numbers = {sentence.number for sentence in item}
        apart = _counted_days(told, numbers)
        if len(apart) > 1:
            stories += [({day}, {number for number in numbers if _day_told(told, number) == day}) for day in apart]
            continue
        same = next((story for story in stories if not story[0] or not days or story[0] & days), None)
        if same is None:
            stories.append((set(days), numbers))
        else:
            same[0].update(days)
            same[1].update(numbers)
    own = {claim.sentence for claim in told.claims if claim.is_own and claim.is_news}
    live = _is_live(told)
    return [Story(frozenset(numbers), is_item=not live and not numbers & own) for _, numbers in stories]


def _is_live(told: _Telling) -> bool:
    """Whether it is a page of the day, whose entries stand under the hour: "18.58 GMT"."""
    hours = (sentence for sentence in told.sentences if len(sentence.tokens) <= _HOUR_TOKENS)
    return sum(_HOUR.match(sentence.text, sentence.start) is not None for sentence in hours) >= _LIVE_ENTRIES


def _counted_days(told: _Telling, numbers: set[int]) -> set[date]:
    """Give the days for which these sentences count people freed to a side.

    A day on which the other side's number was only told, next to the day of the exchange, is none of its own.
    """
    sides: dict[date, set[str]] = {}
    named: set[date] = set()
    for claim in told.claims:
        linked = claim.is_linked or claim.kind == EACH_SIDE
        if claim.sentence not in numbers or not claim.is_news or not linked or claim.returned_to is None:
            continue
        day = _day_told(told, claim.sentence)
        if day is not None:
            sides.setdefault(day, set()).add(claim.returned_to)
            named |= {day} & {told.contexts[claim.sentence].day}
    only_said = {
        day
        for day in sides.keys() - named
        if any(abs((day - other).days) == 1 and not sides[day] & sides[other] for other in named)
    }
    return sides.keys() - only_said


def _day_told(told: _Telling, number: int) -> date | None:
    """Give the day that a sentence is about: on which something happened, or was said to have."""
    context = told.contexts[number]
    return context.day or context.said


def _same_day(told: _Telling, item: list[Sentence], paragraph: list[Sentence]) -> bool:
    before, now = ({told.contexts[sentence.number].day for sentence in group} - {None} for group in (item, paragraph))
    return not before or not now or bool(before & now)


def _by_sum(told: _Telling) -> list[Story]:
    """Part an exchange into its days, where the numbers of the days sum to one that the article tells of the whole."""
    wholes: dict[str | None, set[int]] = {}
    days: dict[str | None, dict[date, list[int]]] = {}
    for claim in told.claims:
        if not claim.is_news or claim.kind == REMAINS or not claim.value or claim.returned_to is None:
            continue
        wholes.setdefault(claim.returned_to, set()).add(claim.value)
        if claim.day is not None:
            days.setdefault(claim.returned_to, {}).setdefault(claim.day, []).append(claim.value)
    for side, by_day in days.items():
        sums = {sum(max(values) for values in by_day.values()), sum(sum(set(values)) for values in by_day.values())}
        if len(by_day) > 1 and sums & wholes[side]:
            return _days_apart(told, set(by_day))
    return []


def _by_count_of_exchanges(told: _Telling) -> list[Story]:
    """Part an article that opens with two exchanges, or says that there was one on each of several days."""
    opens = any(told.reader.ask("two_exchanges", sentence.tags) for sentence in lead_of(told.sentences))
    opens = opens or tells_of_several_days(told.sentences, told.reader)
    days = _counted_days(told, {sentence.number for sentence in told.sentences}) if opens else set()
    return _days_apart(told, days) if len(days) > 1 else []


def tells_of_several_days(sentences: list[Sentence], reader: Reader) -> bool:
    """Whether an article says that there were exchanges on several days: "two swaps in two days"."""
    return any(reader.ask("exchanges_of_days", sentence.tags) for sentence in sentences)


def _days_apart(told: _Telling, days: set[date]) -> list[Story]:
    """Give each day its sentences, and those that name no day and count nobody."""
    counting = {claim.sentence for claim in told.claims if claim.is_news}
    shared = {
        number for number in range(len(told.contexts)) if _day_told(told, number) not in days and number not in counting
    }
    return [
        Story(
            frozenset(shared | {number for number in range(len(told.contexts)) if _day_told(told, number) == day}), day
        )
        for day in sorted(days, reverse=True)
    ]


def _parted(told: _Telling, stories: list[Story]) -> list[Story]:
    return [part for story in stories for part in _by_kind(told, story)]


def _by_kind(told: _Telling, story: Story) -> list[Story]:
    """Part an exchange of the living from a handover of the dead on another day."""
    news = [claim for claim in told.claims if claim.is_news and claim.sentence in story.sentences]
    days = {
        is_dead: {claim.day for claim in news if (claim.kind == REMAINS) == is_dead} - {None}
        for is_dead in (False, True)
    }
    if not days[False] or not days[True] or days[False] & days[True]:
        return [story]
    kinds = {claim.sentence: claim.kind == REMAINS for claim in news}
    parts: dict[bool, set[int]] = {False: set(), True: set()}
    for number in story.sentences:
        day = told.contexts[number].day
        named = next((is_dead for is_dead in (False, True) if day in days[is_dead]), news[0].kind == REMAINS)
        parts[kinds.get(number, named)].add(number)
    return [Story(frozenset(numbers), story.day, story.is_item) for numbers in parts.values()]


def _by_heading(told: _Telling) -> list[Story]:
    """Cut a live page into its days; every other article is one story."""
    day: date | None = None
    days: dict[date | None, set[int]] = {}
    headings = 0
    for sentence in told.sentences:
        named = _day_of_heading(told, sentence)
        if named is not None:
            day, headings = named, headings + 1
        days.setdefault(day, set()).add(sentence.number)
    days.pop(None, None)
    stories = [(day, numbers) for day, numbers in days.items() if numbers & told.tells]
    if headings < 2 or len(stories) < 2:
        return (
            _by_sum(told)
            or _by_count_of_exchanges(told)
            or [Story(frozenset(sentence.number for sentence in told.sentences))]
        )
    return [Story(frozenset(numbers), day) for day, numbers in stories]


def _day_of_heading(told: _Telling, sentence: Sentence) -> date | None:
    """Give the day that a line names, if that is all that the line does."""
    if len(sentence.tokens) > _HEADING_TOKENS or told.has(sentence, "MOVE"):
        return None
    mentions = [token.value for token in sentence.tokens if isinstance(token.value, DateMention)]
    words = sum(token.tag == "WORD" for token in sentence.tokens)
    days = {day_meant(mention, told.reader.published) for mention in mentions if mention.names_a_day}
    return days.pop() if len(days) == 1 and words <= 2 else None
