"""Which numbers of a sentence count people, and what stands at them: quantity, hedge, noun."""

import re
from dataclasses import dataclass
from datetime import date

from tasks.extract.claims import REMAINS, Claim, Reader
from tasks.extract.numbers import Quantity, exactly
from tasks.extract.rulebook import Language, Rule
from tasks.extract.tagged import Token
from tasks.extract.tokens import Sentence

_NEAR_SENTENCES = 2
_WHOLE = ("all", "military", "child")
_ONE_CIVILIAN = ("PEOPLE_ONE_CIVILIAN",)
SUBSET, PERSON = "subset", "person"


@dataclass(frozen=True, slots=True)
class Count:
    """A number that counts people: its token, its evidence, the noun's token, and its whole's ("four of the 75")."""

    place: int
    first: int
    last: int
    people: int | None
    rule: Rule
    whole: int | None = None


def counts_in(sentence: Sentence, language: Language, before: list[Claim], goes_on: bool = False) -> list[Count]:
    """Find the numbers that count people, in the order of the text.

    Rules of the question "count" need nothing but the sentence. Those of the question "ellipsis" leave out the
    noun, so they need a count before them: in the same sentence, or (scope "discourse") shortly before it, or
    anywhere before it if the sentence itself has a noun for people. goes_on: the sentence before tells of people who
    came home, without a number.
    """
    counted, left_out = (
        language.rules_for(question) if language.may_answer(question, sentence.tags) else ()
        for question in ("count", "ellipsis")
    )
    found: dict[int, Count] = {}
    mates: set[int] = set()
    for rule in counted:
        for match in rule.pattern.finditer(sentence.tags):
            _note(sentence, rule, match, found, mates)
    near = goes_on or (bool(before) and sentence.number - before[-1].sentence <= _NEAR_SENTENCES)
    noun = language.people.search(sentence.tags) if left_out else None
    for rule in left_out:
        for match in rule.pattern.finditer(sentence.tags):
            place = match.start("number")
            named = bool(before) and noun is not None and noun.start() < place
            if any(other < place for other in found) or (rule.scope == "discourse" and (near or named)):
                _note(sentence, rule, match, found, mates)
    return [found[place] for place in sorted(found) if place not in mates]


def _note(sentence: Sentence, rule: Rule, match: re.Match[str], found: dict[int, Count], mates: set[int]) -> None:
    place = match.start("number")
    if place in found or place in mates or not _is_count(sentence, match):
        return
    groups = match.groupdict()
    people = match.start("people") if groups.get("people") else None
    ends = [match.end(name) - 1 for name in ("people", "mate", "last") if groups.get(name)]
    first = match.start("first") if groups.get("first") else place
    whole = match.start("whole") if groups.get("whole") else None
    found[place] = Count(place, first, max([place, *ends]), people, rule, whole)
    if groups.get("mate"):
        mates.add(match.start("mate"))


def _is_count(sentence: Sentence, match: re.Match[str]) -> bool:
    """Both numbers of "N for N" must agree. A "one" counts only beside another number, as in "and one civilian".

    The words of a group `name` are somebody's name, which begins with capital letters.
    """
    groups = match.groupdict()
    if groups.get("name") and not all(
        sentence.text[sentence.tokens[place].start].isupper() for place in range(match.start("name"), match.end("name"))
    ):
        return False
    quantity = sentence.tokens[match.start("number")].value
    if groups.get("mate") and sentence.tokens[match.start("mate")].value != quantity:
        return False
    return not isinstance(quantity, Quantity) or quantity.value != 1 or bool(groups.get("joined"))


def quantity_at(sentence: Sentence, place: int, earlier: list[Claim], day: date | None) -> Quantity | None:
    """Give the number. "A" and a name are one, "the same number" the largest of the last sentence with whole groups.

    A number of bodies is meant by the next sentence at most, and a single person by none.
    day: the day of which the text speaks here, if it names one; else the last of which it spoke.
    """
    value = sentence.tokens[place].value
    if isinstance(value, Quantity):
        return value
    if sentence.tokens[place].tag not in ("NUMBER", "VAGUE", "SAME", "AMOUNT", "ORDINAL"):
        return exactly(1)
    near = sentence.number - 1
    news = [
        claim
        for claim in reversed(earlier)
        if claim.is_news and claim.value != 1 and (claim.kind != REMAINS or claim.sentence >= near)
    ]
    told = day or max((claim.day for claim in news if claim.day), default=None)
    wholes = [claim for claim in news if claim.day in (None, told) and claim.category in _WHOLE] or news
    last = [claim for claim in wholes if claim.sentence == wholes[0].sentence]
    return max(last, key=lambda claim: claim.value).quantity if last else None


def hedge_at(sentence: Sentence, count: Count, quantity: Quantity) -> tuple[str, int]:
    """Give the hedge, and the first token of the evidence."""
    before = count.place - 1
    if before >= 0 and sentence.tokens[before].tag == "HEDGE":
        return str(sentence.tokens[before].value), min(before, count.first)
    return ("about" if quantity.value is None else quantity.hedge), count.first


def category_of(sentence: Sentence, count: Count, earlier: list[Claim], reader: Reader) -> str:
    """Give the noun's category; a number without a noun counts whom the number before it counts.

    A rule of the question "category" speaks where that is "all"; of scope "noun" it overrules the noun, of scope
    "part" the number before; of scope "bare" it speaks of numbers that have no noun and lean on no number before.
    """
    if count.rule.gives == PERSON:
        return "civilian" if sentence.tokens[count.place].tag in _ONE_CIVILIAN else "other"
    category = _leaned_on(sentence, count, earlier)
    if count.people is not None:
        category = _category(sentence.tokens[count.people])
    named = reader.ask("category", sentence.tags_for(count.place, reader.language))
    if named is None:
        return category
    overruled = {
        "noun": count.people is not None,
        "part": count.people is None,
        "bare": count.people is None and count.rule.ask == "count" and category == "all",
    }.get(named[0].scope, category == "all")
    return named[0].gives if overruled else category


def _leaned_on(sentence: Sentence, count: Count, earlier: list[Claim]) -> str:
    """Give the category of the number that a number without a noun goes on from: of a larger one, if it is a part."""
    if count.rule.ask == "count" and earlier and sentence.number - earlier[-1].sentence > _NEAR_SENTENCES:
        return "all"
    number = sentence.tokens[count.place].value
    value = number.value or 0 if isinstance(number, Quantity) else 0
    larger = (
        claim.category
        for claim in reversed(earlier)
        if (claim.value > value if count.rule.gives == SUBSET else claim.category in _WHOLE)
    )
    return next(larger, "all")


def _category(noun: Token) -> str:
    if noun.tag == "OWN_PEOPLE":
        return "military"
    return "all" if noun.tag in ("PARTY_PEOPLE", "PARTY_OF") else str(noun.value)
