"""From a number that counts people to a claim: what it is a count of, whether a part, and whose people."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from schemas.parties import BOTH
from tasks.extract.claims import (
    EACH_SIDE,
    NEWS_KINDS,
    OTHER,
    PLANNED,
    PREVIOUS,
    REMAINS,
    RETURNED,
    Claim,
    Reader,
    has_tag,
    span_of,
)
from tasks.extract.counts import PERSON, SUBSET, Count, category_of, counts_in, hedge_at, quantity_at
from tasks.extract.dates import day_meant
from tasks.extract.discourse import Context, mentions_in, not_of_the_event
from tasks.extract.patterns import WORD
from tasks.extract.rulebook import Language, Rule, first_group
from tasks.extract.seen import Clause, Seen
from tasks.extract.tokens import Sentence
from tasks.extract.whose import with_side
from tasks.records import Span

_PARTS_BY_NATURE = ("wounded", "child", "other")
_FRAMES = {"previous": PREVIOUS, "planned": PLANNED}
_OF_BOTH = ("mediator_total",)
_BODIES = ("PEOPLE_REMAINS", "PEOPLE_ONE_BODY")
_BACKGROUND = ("cumulative", "held", PLANNED, PREVIOUS)
_SHORT = 10
"""Tokens of a sentence that only adds to the one before."""


def claims_in(sentence: Sentence, context: Context, reader: Reader, before: list[Claim]) -> Iterator[Claim]:
    """Read the claims of one sentence. `before` are the claims read so far."""
    counts = counts_in(sentence, reader.language, before, context.goes_on)
    if not counts:
        return
    earlier = list(before)
    cuts = clause_cuts(sentence.tags, reader.language)
    for count in counts:
        quantity = quantity_at(sentence, count.place, earlier, context.day)
        if quantity is None:
            continue
        hedge, first = hedge_at(sentence, count, quantity)
        clause = _clause(sentence, count, cuts, reader.language)
        claim = Claim(
            sentence.number,
            sentence.paragraph,
            count.place,
            quantity,
            hedge,
            category_of(sentence, count, earlier, reader),
            RETURNED,
            None,
            _claimant(sentence, clause, context, reader),
            span_of(sentence, first, count.last),
            count.rule.name,
            is_apart=reader.ask("apart", clause.tags) is not None,
            is_definite=_is_definite(sentence, count, reader.language),
            possessor=_possessor(sentence, count, context, reader),
            is_formula=count.people is None and count.rule.gives == "formula",
            is_own=_is_own(sentence, count, reader.language),
            is_one=count.rule.gives == PERSON,
            is_in_return=reader.language.alphabet.character("IN_RETURN") in clause.tags,
            is_given=reader.language.alphabet.character("GIVE") in clause.tags,
            is_joined=reader.ask("joined", clause.tags, clause.whole) is not None,
            day=_day(sentence, clause, reader) or context.day,
            is_linked=context.goes_on or _is_linked(clause, count, reader),
        )
        seen = Seen(count, sentence, clause, context, reader, earlier)
        claim = _beside(claim, earlier) if claim.is_one else with_side(_with_kind(claim, seen), seen)
        earlier.append(claim)
        yield claim


def _beside(one: Claim, earlier: list[Claim]) -> Claim:
    """Give one person the kind and the side of the number told before in the sentence; of one told behind, later."""
    before = earlier[-1] if earlier and earlier[-1].sentence == one.sentence else None
    if before is None:
        return replace(one, is_linked=False)
    return replace(one, kind=before.kind, returned_to=before.returned_to, is_linked=before.is_linked)


def clause_cuts(tags: str, language: Language) -> list[int]:
    """Give the places where the clauses of a sentence begin, and the sentence's end."""
    cuts = {0, len(tags)}
    for rule in language.rules_for("break"):
        for found in rule.pattern.finditer(tags):
            cuts.add(found.start("at") if "at" in found.groupdict() else found.start())
    return sorted(cuts)


def _clause(sentence: Sentence, count: Count, cuts: list[int], language: Language) -> Clause:
    whole = _without_asides(sentence.tags_for(count.place, language), count.place, language)
    first = max(cut for cut in cuts if cut <= count.place)
    return Clause(first, whole[first : min(cut for cut in cuts if cut > count.place)], whole)


def _without_asides(tags: str, place: int, language: Language) -> str:
    """Blank what stands in brackets, as plain words, unless the number stands there itself."""
    opening, closing, word = (language.alphabet.character(tag) for tag in ("OPENING", "CLOSING", WORD))
    first = tags.find(opening)
    while first >= 0:
        last = tags.find(closing, first)
        if last < 0:
            return tags
        if not first < place < last:
            tags = tags[:first] + word * (last + 1 - first) + tags[last + 1 :]
        first = tags.find(opening, last)
    return tags


def _claimant(sentence: Sentence, clause: Clause, context: Context, reader: Reader) -> str | None:
    """Say whose word the number is: whoever speaks in the clause, or else in the sentence."""
    said = reader.ask("claimant", clause.tags)
    if said is not None:
        return str(sentence.tokens[clause.first + first_group(said[1])].value)
    return context.speaker if not _speaks_after_a_break(sentence, clause, reader) else None


def _speaks_after_a_break(sentence: Sentence, clause: Clause, reader: Reader) -> bool:
    """Whether who speaks in the sentence speaks only of what follows a "while" or "but" behind the clause."""
    end = clause.first + len(clause.tags)
    said = reader.ask("claimant", sentence.tags[end:])
    return said is not None and sentence.tags[end : end + 1] in reader.language.alphabet.members("BREAK")


def _is_linked(clause: Clause, count: Count, reader: Reader) -> bool:
    """Whether the clause, the number's own words left out, tells that people were moved or exchanged."""
    place = count.place - clause.first
    around = clause.tags[:place] + clause.tags[count.last - clause.first + 1 :]
    moved = not reader.language.alphabet.members("MOVE").isdisjoint(around)
    return moved or reader.ask("moves", clause.tags) is not None


def _before_own(sentence: Sentence, count: Count, language: Language) -> int:
    """Give the place of the word before a number, "own" passed over: "its own 95 soldiers"."""
    place = count.first - 1
    return place - 1 if sentence.tags[place : place + 1] == language.alphabet.character("SELF") else place


def _is_definite(sentence: Sentence, count: Count, language: Language) -> bool:
    place = _before_own(sentence, count, language)
    return place >= 0 and sentence.tags[place] in language.alphabet.members("DEFINITE")


def _is_own(sentence: Sentence, count: Count, language: Language) -> bool:
    """Whether the number's own words call the people "our", or who speaks says "we" before it."""
    if language.alphabet.character("WE") in sentence.tags[max(0, count.first - 6) : count.first]:
        return True
    return not language.alphabet.members("OWN").isdisjoint(sentence.tags[count.first : count.last + 1])


def _possessor(sentence: Sentence, count: Count, context: Context, reader: Reader) -> str | None:
    """Say whose "its" or "our" before a number is: the party that the sentence or the one before speaks of."""
    place = _before_own(sentence, count, reader.language)
    if place < 0 or sentence.tags[place] not in reader.language.alphabet.members("POSSESSIVE"):
        return None
    codes = reader.conflict.codes()
    named = [str(token.value) for token in sentence.tokens[: count.first] if token.value in codes]
    return next((code for code in [*named[-1:], context.speaker, context.topic] if code in codes), None)


def _day(sentence: Sentence, clause: Clause, reader: Reader) -> date | None:
    if not has_tag(sentence, reader.language, "DATE"):
        return None
    said = not_of_the_event(sentence, reader)
    days = (
        day_meant(mention, reader.published)
        for place, mention in mentions_in(sentence, clause.first, clause.first + len(clause.tags))
        if place not in said
    )
    return next((day for day in days if day is not None), None)


def _with_kind(claim: Claim, seen: Seen) -> Claim:
    """Decide what the number is a count of, and whether of a part."""
    background = seen.ask("background", claim.value or claim.quantity.low)
    form = _form(claim, seen)
    dead = _are_dead(seen)
    if dead and form is not None and form[0].scope == "sentence":
        form = None
    whole = _whole_of(claim, dead, seen) if _is_part(claim, seen) else None
    of_both = form is not None or (background is not None and background[0].gives in _OF_BOTH)
    gives = background[0].gives if background else None, form[0].gives if form else None
    kind = _kind(claim, whole, seen, *gives)
    settles = kind != RETURNED or dead or gives[1] is not None
    if kind == RETURNED:
        kind = REMAINS if dead else gives[1] or kind
    claim = replace(
        claim,
        kind=kind,
        span=_span_with_form(claim, form, seen),
        rule="+".join([claim.rule, *(answer[0].name for answer in (background, form) if answer)]),
        is_subset=whole is not None or (not dead and seen.ask("of_the_people") is not None),
        whole_side=whole.returned_to if whole is not None and whole.kind != EACH_SIDE else None,
        returned_to=BOTH if of_both else None,
    )
    return claim if settles else _of_news(claim, seen)


def _form(claim: Claim, seen: Seen) -> tuple[Rule, re.Match[str]] | None:
    """Ask whether it is a number of both sides.

    Where a rule names another number as its mate, it must be the same; where it names two parties, they must differ.
    """
    form = seen.ask("form")
    if form is None:
        return None
    first = seen.clause.first if form[0].scope == "clause" else 0
    named = {
        name: seen.sentence.tokens[first + form[1].start(name)].value
        for name, part in form[1].groupdict().items()
        if part
    }
    if "mate" in named:
        return form if named["mate"] == claim.quantity else None
    return form if len(set(named.values())) == len(named) else None


def _span_with_form(claim: Claim, form: tuple[Rule, re.Match[str]] | None, seen: Seen) -> Span:
    """Stretch the evidence to the words that make it a number of each side."""
    if form is None or form[0].scope != "clause" or form[0].gives != EACH_SIDE:
        return claim.span
    last = max(seen.clause.first + form[1].end() - 1, seen.count.last)
    return span_of(seen.sentence, seen.count.first, last)


def _of_news(claim: Claim, seen: Seen) -> Claim:
    """Settle a number that nothing but its sentence makes news: a part without a whole, or nobody's who moves."""
    if claim.is_subset:
        return claim
    if seen.count.rule.gives == SUBSET:
        return replace(claim, is_subset=not seen.context.goes_on)
    before = seen.earlier[-1] if seen.earlier else None
    joined = claim.is_joined and before is not None and before.is_news and before.sentence == claim.sentence
    moves = has_tag(seen.sentence, seen.reader.language, "MOVING") or seen.reader.ask("moves", seen.clause.tags)
    return claim if moves or joined or seen.context.goes_on else replace(claim, kind=OTHER, is_guess=True)


def _kind(claim: Claim, whole: Claim | None, seen: Seen, background: str | None, form: str | None) -> str:
    """Give the kind that background, the whole or the course of the text impose; RETURNED if it is news so far."""
    if whole is not None and whole.sentence == claim.sentence and whole.kind not in NEWS_KINDS:
        return whole.kind
    if background is not None:
        return background
    if seen.context.tells_of is not None:
        return _FRAMES[seen.context.tells_of]
    before = seen.earlier[-1] if seen.earlier else None
    follows = before is not None and claim.sentence - before.sentence == 1 and not before.is_subset
    if before is not None and (
        (claim.is_joined and before.sentence == claim.sentence and before.kind in _BACKGROUND)
        or (claim.is_in_return and follows and before.kind == PREVIOUS)
        or (follows and before.kind == PREVIOUS and whole is None and _goes_on_about(before, claim, seen))
    ):
        return before.kind
    if whole is not None and form is None:
        return RETURNED if whole.kind in NEWS_KINDS and whole.kind != REMAINS else whole.kind
    return RETURNED


def _goes_on_about(before: Claim, claim: Claim, seen: Seen) -> bool:
    """Whether a short sentence that names no day, nor who says so, goes on about the exchange of the one before."""
    return (
        before.paragraph == claim.paragraph
        and len(seen.sentence.tokens) <= _SHORT
        and not has_tag(seen.sentence, seen.reader.language, "SAY")
        and not any(mentions_in(seen.sentence))
    )


def _is_part(claim: Claim, seen: Seen) -> bool:
    if claim.is_one or claim.is_apart:
        return False
    by_nature = seen.count.rule.gives == SUBSET or claim.category in _PARTS_BY_NATURE
    return by_nature or seen.ask("role") is not None


def _whole_of(claim: Claim, dead: bool, seen: Seen) -> Claim | None:
    """Find the number that this one is a part of: the one it names, or the last larger one, in its sentence at best.

    "Of them" is of the people just counted, whatever they are. The dead are no part of the living.
    """
    if seen.count.whole is not None:
        named = seen.sentence.tokens[seen.count.whole].value
        return next((other for other in reversed(seen.earlier) if other.quantity == named), None)
    alike = [other for other in seen.earlier if (other.kind == REMAINS) == dead]
    if not dead and not any(other.value > claim.value for other in alike):
        alike = seen.earlier
    larger = [other for other in reversed(alike) if other.quantity.value is None or other.value > claim.value]
    beside = [other for other in larger if other.sentence == claim.sentence]
    near = [other for other in larger if claim.sentence - other.sentence == 1 and claim.paragraph == other.paragraph]
    by_words = next(iter(beside or near if seen.count.rule.ask == "ellipsis" else beside), None)
    return by_words or next((other for other in larger if other.kind in NEWS_KINDS), None)


def _are_dead(seen: Seen) -> bool:
    """Whether bodies are counted: by the noun, by a rule, or by ellipsis after a count of bodies."""
    people = seen.count.people
    if people is not None and seen.sentence.tokens[people].tag in _BODIES:
        return True
    if seen.ask("remains") is not None:
        return True
    if people is None and seen.context.of_the_dead:
        return True
    if people is not None or not seen.earlier or seen.earlier[-1].kind != REMAINS:
        return False
    before = seen.earlier[-1]
    goes_on = before.paragraph == seen.sentence.paragraph and seen.sentence.number - before.sentence <= 1
    leans = seen.count.rule.ask == "ellipsis" or goes_on
    return leans or all(claim.kind == REMAINS for claim in seen.earlier if claim.is_news)
