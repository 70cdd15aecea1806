"""Which stories an article has, by the days that it tells of."""

import re
from datetime import date

from tasks.extract.claims import EACH_SIDE, REMAINS, Reader
from tasks.extract.dates import DateMention, day_meant
from tasks.extract.discourse import lead_of
from tasks.extract.story import Story
from tasks.extract.tokens import Sentence
from tasks.extract.told import Told

_HEADING_TOKENS = 7
_HOUR = re.compile(r"\d{1,2}[.:]\d{2}\b")
_HOUR_TOKENS = 4
_LIVE_ENTRIES = 2


def by_day(told: Told, items: list[list[Sentence]]) -> list[Story]:
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


def _is_live(told: Told) -> bool:
    """Whether it is a page of the day, whose entries stand under the hour or begin with it: "18.58 GMT"."""
    hours = (one for one in told.sentences if one.begins_a_line() or len(one.tokens) <= _HOUR_TOKENS)
    return sum(_HOUR.match(sentence.text, sentence.start) is not None for sentence in hours) >= _LIVE_ENTRIES


def _counted_days(told: Told, numbers: set[int]) -> set[date]:
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


def _day_told(told: Told, number: int) -> date | None:
    """Give the day that a sentence is about: on which something happened, or was said to have."""
    context = told.contexts[number]
    return context.day or context.said


def _by_sum(told: Told) -> list[Story]:
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


def by_count_of_exchanges(told: Told) -> list[Story]:
    """Part an article that opens with two exchanges, or says that there was one on each of several days."""
    opens = any(told.reader.ask("two_exchanges", sentence.tags) for sentence in lead_of(told.sentences))
    opens = opens or tells_of_several_days(told.sentences, told.reader)
    days = _counted_days(told, {sentence.number for sentence in told.sentences}) if opens else set()
    return _days_apart(told, days) if len(days) > 1 else []


def tells_of_several_days(sentences: list[Sentence], reader: Reader) -> bool:
    """Whether an article says that there were exchanges on several days: "two swaps in two days"."""
    return any(reader.ask("exchanges_of_days", sentence.tags) for sentence in sentences)


def _days_apart(told: Told, days: set[date]) -> list[Story]:
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


def parted(told: Told, stories: list[Story]) -> list[Story]:
    """Part each story into the living and the dead, if they came home on different days."""
    return [part for story in stories for part in _by_kind(told, story)]


def _by_kind(told: Told, story: Story) -> list[Story]:
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


def by_heading(told: Told) -> list[Story]:
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
            or by_count_of_exchanges(told)
            or [Story(frozenset(sentence.number for sentence in told.sentences))]
        )
    return [Story(frozenset(numbers), day) for day, numbers in stories]


def _day_of_heading(told: Told, sentence: Sentence) -> date | None:
    """Give the day that a line names, if that is all that the line does."""
    if len(sentence.tokens) > _HEADING_TOKENS or told.has(sentence, "MOVE"):
        return None
    mentions = [token.value for token in sentence.tokens if isinstance(token.value, DateMention)]
    words = sum(token.tag == "WORD" for token in sentence.tokens)
    days = {day_meant(mention, told.reader.published) for mention in mentions if mention.names_a_day}
    return days.pop() if len(days) == 1 and words <= 2 else None
