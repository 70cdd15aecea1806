"""From a number that counts people to a claim: what it is a count of, whether a part, and whose people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from tasks.extract.counts import SUBSET, Count, category_of, counts_in, hedge_at, quantity_at
from tasks.extract.dates import day_meant
from tasks.extract.discourse import Context, marked_days, mentions_in
from tasks.extract.rulebook import Language, first_group
from tasks.extract.tokens import Sentence

_PARTS_BY_NATURE = ("wounded", "child", "other")
_FRAMES = {"previous": PREVIOUS, "planned": PLANNED}
_OF_BOTH = ("mediator_total",)
_NOBODYS = (OTHER, "held")


@dataclass(frozen=True, slots=True)
class _Clause:
    """The clause around a number: its first token, its tags and the sentence's, with the number marked as FIGURE."""

    first: int
    tags: str
    whole: str


def claims_in(sentence: Sentence, context: Context, reader: Reader, before: list[Claim]) -> Iterator[Claim]:
    """Read the claims of one sentence. `before` are the claims read so far."""
    counts = counts_in(sentence, reader.language, before)
    if not counts:
        return
    earlier = list(before)
    cuts = clause_cuts(sentence.tags, reader.language)
    for count in counts:
        quantity = quantity_at(sentence, count.place, earlier)
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
            day=_day(sentence, clause, reader),
        )
        claim = _with_kind(claim, count, sentence, clause, context, reader, earlier)
        claim = _with_side(claim, sentence, clause, context, reader, earlier)
        earlier.append(claim)
        yield claim


def clause_cuts(tags: str, language: Language) -> list[int]:
    """Give the places where the clauses of a sentence begin, and the sentence's end."""
    cuts = {0, len(tags)}
    for rule in language.rules_for("break"):
        for found in rule.pattern.finditer(tags):
            cuts.add(found.start("at") if "at" in found.groupdict() else found.start())
    return sorted(cuts)


def _clause(sentence: Sentence, count: Count, cuts: list[int], language: Language) -> _Clause:
    whole = sentence.tags_for(count.place, language)
    first = max(cut for cut in cuts if cut <= count.place)
    return _Clause(first, whole[first : min(cut for cut in cuts if cut > count.place)], whole)


def _claimant(sentence: Sentence, clause: _Clause, context: Context, reader: Reader) -> str | None:
    """Say whose word the number is: whoever speaks in the clause, or else in the sentence."""
    said = reader.ask("claimant", clause.tags)
    return str(sentence.tokens[clause.first + first_group(said[1])].value) if said else context.speaker


def _day(sentence: Sentence, clause: _Clause, reader: Reader) -> date | None:
    said = marked_days(sentence, reader, "saying_day") | marked_days(sentence, reader, "not_the_day")
    days = (
        day_meant(mention, reader.published)
        for place, mention in mentions_in(sentence, clause.first, clause.first + len(clause.tags))
        if place not in said
    )
    return next((day for day in days if day is not None), None)


def _with_kind(
    claim: Claim,
    count: Count,
    sentence: Sentence,
    clause: _Clause,
    context: Context,
    reader: Reader,
    earlier: list[Claim],
) -> Claim:
    """Decide what the number is a count of, and whether of a part."""
    background = reader.ask("background", clause.tags, clause.whole, claim.value or claim.quantity.low)
    form = reader.ask("form", clause.tags, clause.whole)
    whole = _whole_of(claim, earlier) if _is_part(claim, count, clause, reader) else None
    if form is not None and form[0].scope == "clause" and form[0].gives == EACH_SIDE:
        claim = replace(claim, span=span_of(sentence, count.first, max(clause.first + form[1].end() - 1, count.last)))
    names = [answer[0].name for answer in (background, form) if answer]
    claim = replace(
        claim,
        rule="+".join([claim.rule, *names]),
        is_subset=whole is not None,
        returned_to=BOTH if form or (background and background[0].gives in _OF_BOTH) else None,
    )
    kind = _kind(claim, whole, context, background[0].gives if background else None, form[0].gives if form else None)
    if kind != RETURNED:
        return replace(claim, kind=kind)
    if _are_dead(count, sentence, clause, reader, earlier):
        return replace(claim, kind=REMAINS)
    if form is not None:
        return replace(claim, kind=form[0].gives)
    if whole is None and count.rule.gives == SUBSET and not claim.is_subset:
        return replace(claim, is_subset=True)
    moves = whole is not None or has_tag(sentence, reader.language, "MOVING") or reader.ask("moves", clause.tags)
    return claim if moves else replace(claim, kind=OTHER, is_guess=True)


def _kind(claim: Claim, whole: Claim | None, context: Context, background: str | None, form: str | None) -> str:
    """Give the kind that background, the whole or the course of the text impose; RETURNED if it is news so far."""
    if whole is not None and whole.sentence == claim.sentence and whole.kind not in NEWS_KINDS:
        return whole.kind
    if background is not None:
        return background
    if context.tells_of is not None:
        return _FRAMES[context.tells_of]
    if whole is not None and form is None:
        return RETURNED if whole.kind in NEWS_KINDS and whole.kind != REMAINS else whole.kind
    return RETURNED


def _is_part(claim: Claim, count: Count, clause: _Clause, reader: Reader) -> bool:
    return (
        count.rule.gives == SUBSET
        or claim.category in _PARTS_BY_NATURE
        or reader.ask("role", clause.tags, clause.whole) is not None
    )


def _whole_of(claim: Claim, earlier: list[Claim]) -> Claim | None:
    """Find the number that this one is a part of: the last larger one, in the same sentence if there is one."""
    larger = [other for other in reversed(earlier) if other.quantity.value is None or other.value > claim.value]
    beside = [other for other in larger if other.sentence == claim.sentence]
    return next(iter(beside), None) or next((other for other in larger if other.kind in NEWS_KINDS), None)


def _are_dead(count: Count, sentence: Sentence, clause: _Clause, reader: Reader, earlier: list[Claim]) -> bool:
    """Whether bodies are counted: by the noun, by a rule, or by ellipsis after a count of bodies."""
    if count.people is not None and sentence.tokens[count.people].tag == "PEOPLE_REMAINS":
        return True
    if reader.ask("remains", clause.tags, clause.whole) is not None:
        return True
    return count.people is None and bool(earlier) and earlier[-1].kind == REMAINS


def _with_side(
    claim: Claim, sentence: Sentence, clause: _Clause, context: Context, reader: Reader, earlier: list[Claim]
) -> Claim:
    """Decide whose people they are."""
    if claim.kind in _NOBODYS:
        return replace(claim, returned_to=None)
    if claim.returned_to is not None:
        return claim
    answer = reader.ask("side", clause.tags, clause.whole)
    named = None
    if answer is not None:
        groups = answer[1].groupdict()
        offset = clause.first if answer[0].scope == "clause" else 0
        named = sentence.tokens[offset + first_group(answer[1])].value if any(groups.values()) else None
    party = str(named) if named in reader.conflict.codes() else None
    gives = answer[0].gives if answer else "none"
    side = _side(gives, party, claim, context, reader, earlier)
    if claim.is_subset:
        side = _side_of_part(claim, side, gives, sentence, clause, reader, earlier)
    elif side is None and gives == "none" and earlier and reader.ask("joined", clause.tags, clause.whole):
        side = earlier[-1].returned_to
    return replace(
        claim,
        returned_to=side,
        either=party if gives == "either" else None,
        giver=party if gives == "giver" else None,
        rule=f"{claim.rule}+{answer[0].name}" if answer else claim.rule,
    )


def _side(
    gives: str, party: str | None, claim: Claim, context: Context, reader: Reader, earlier: list[Claim]
) -> str | None:
    codes = reader.conflict.codes()
    if gives == "claimant" and claim.claimant in codes:
        return claim.claimant
    if gives == "opposite":
        before = next(
            (
                other.returned_to
                for other in reversed(earlier)
                if claim.sentence - other.sentence <= 1 and other.returned_to in codes and not other.is_subset
            ),
            None,
        )
        return reader.conflict.other(before) if before else None
    if gives in ("none", "claimant") and claim.kind == "cumulative":
        return next((name for name in (claim.claimant, context.topic) if name in codes), None)
    if party is None or gives not in ("named", "other"):
        return None
    return party if gives == "named" else reader.conflict.other(party)


def _side_of_part(
    claim: Claim,
    side: str | None,
    gives: str,
    sentence: Sentence,
    clause: _Clause,
    reader: Reader,
    earlier: list[Claim],
) -> str | None:
    """Give the side of a part: named with it, the party that the sentence speaks of, or the whole's."""
    if side is not None and gives == "named":
        return side
    answer = reader.ask("part_side", clause.tags, clause.whole)
    if answer is not None:
        return str(sentence.tokens[first_group(answer[1])].value)
    beside = [other.returned_to for other in earlier if other.sentence == claim.sentence and other.returned_to]
    if beside or claim.claimant not in reader.conflict.codes():
        return _one_side(beside or _sides_before(claim, earlier))
    return claim.claimant


def _sides_before(claim: Claim, earlier: list[Claim]) -> list[str]:
    """Give the sides that a part may take: the last sentence's, a part's shortly before, or that of all wholes."""
    last = [other.returned_to for other in earlier if claim.sentence - other.sentence <= 1]
    parts = [other.returned_to for other in earlier if other.is_subset and claim.paragraph - other.paragraph <= 1]
    wholes = {other.returned_to for other in earlier if other.is_news} - {None}
    found = ([side for side in group if side] for group in (last, parts, wholes if len(wholes) == 1 else ()))
    return next((group for group in found if group), [])


def _one_side(sides: list[str]) -> str | None:
    return sides[-1] if sides and sides[-1] != BOTH else None
