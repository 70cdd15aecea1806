"""What the numbers of one article say about each other, before it is decided what each is worth.

A number told again, the sum of both sides, or a number that only one party can have given or got back: the rest of
the article settles what its own words leave open. Nothing is repaired: no number changes.
"""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from schemas.parties import BOTH
from tasks.extract.claims import EACH_SIDE, NEWS_KINDS, OTHER, PLANNED, REMAINS, RETURNED, Claim
from tasks.extract.wholes import (
    and_one_more,
    of_both_sides,
    of_its_parts,
    parts_follow,
    parts_that_sum,
    sides_of_a_whole,
    split_of_a_whole,
    values_of,
)
from tasks.settings import Conflict

_MOST_FREED = 1000
"""No exchange freed more on one side."""
_OPENING = 6
"""Sentences in which an article about an exchange tells how many there were."""


def agree(claims: list[Claim], conflict: Conflict, home: str | None = None) -> list[Claim]:
    """Settle by the others what a claim's own words leave open. home: the party that the text speaks for."""
    claims = _at_home(claims, home)
    claims = _came_home(claims, home, conflict)
    for settle in (
        _joined_with,
        of_its_parts,
        and_one_more,
        _of_the_plan,
        _not_the_speakers,
        _of_the_dead,
        _told_again,
        parts_that_sum,
        split_of_a_whole,
        _either_way,
        _in_return,
        _our_own,
        _by_nation,
        sides_of_a_whole,
        of_both_sides,
        _set_apart,
        parts_follow,
    ):
        claims = settle(claims, conflict)
    return claims


def _at_home(claims: list[Claim], home: str | None) -> list[Claim]:
    """'Our people' in the mouth of nobody in particular are those of the party that the text speaks for."""
    return [
        replace(claim, returned_to=home)
        if home and claim.is_own and claim.returned_to is None and claim.kind in (RETURNED, REMAINS)
        else claim
        for claim in claims
    ]


def _came_home(claims: list[Claim], home: str | None, conflict: Conflict) -> list[Claim]:
    """Take "130 soldiers were brought home" for those of the party that the text speaks for.

    A number told by name goes before, unless it is smaller and there is none of the other party's: then it is a part.
    A number of which it is told elsewhere that the other party "returned" it stays open.
    """
    if home is None:
        return claims
    own, others = values_of(claims, home), values_of(claims, conflict.other(home))
    named = {claim.sentence for claim in claims if claim.returned_to and claim.is_news}
    if own and others:
        return [
            replace(claim, returned_to=home)
            if claim.is_home
            and claim.returned_to is None
            and claim.is_news
            and claim.sentence not in named
            and (claim.value in own or claim.category == "civilian")
            else claim
            for claim in claims
        ]
    beside = {claim.sentence for claim in claims if claim.returned_to == home and claim.is_news}
    open_to_both = {claim.value for claim in claims if claim.is_news and claim.either == conflict.other(home)}
    came: Counter[int] = Counter()
    for claim in claims:
        if claim.is_home and claim.is_news and claim.kind == RETURNED:
            came[claim.sentence] += claim.value
    return [
        replace(claim, returned_to=home)
        if claim.is_home
        and claim.sentence not in beside
        and claim.value not in open_to_both
        and came[claim.sentence] > max(own, default=0)
        and claim.returned_to is None
        and claim.is_news
        and claim.kind == RETURNED
        and claim.claimant != conflict.other(home)
        else claim
        for claim in claims
    ]


def _joined_with(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Give what is joined one side: "a hundred soldiers plus seven civilians were brought out of Russia".

    What the next sentence joins ("With them, four civilians were freed") has the side of the number before, if none.
    """
    settled = list(claims)
    for place, (one, other) in enumerate(pairwise(claims)):
        joined = other.is_joined and one.sentence == other.sentence and one.kind == RETURNED
        if joined and one.is_one:
            settled[place] = replace(one, kind=other.kind, returned_to=other.returned_to)
            continue
        joined = joined and other.kind == RETURNED
        named = one.is_one and one.sentence == other.sentence
        if (
            (joined or named)
            and one.returned_to is None
            and not one.is_subset
            and other.returned_to in conflict.codes()
        ):
            settled[place] = replace(one, returned_to=other.returned_to)
    return _joined_to_the_sentence_before(settled, conflict)


def _joined_to_the_sentence_before(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    settled: list[Claim] = []
    before: Claim | None = None
    for claim in claims:
        side = before.returned_to if before is not None and _goes_on_from(before, claim) else None
        known = replace(claim, returned_to=side) if side in conflict.codes() else claim
        settled.append(known)
        before = before if known.is_subset else known
    return settled


def _goes_on_from(before: Claim, claim: Claim) -> bool:
    """Whether a number without a side is joined to the one before it, in its sentence or the one before."""
    near = claim.sentence - before.sentence in (0, 1) and claim.paragraph == before.paragraph
    is_open = claim.is_joined and claim.is_linked and claim.returned_to is None
    return near and is_open and claim.kind == before.kind == RETURNED


def _of_the_plan(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """'N for N' is the formula of a plan, where the article calls the same number planned."""
    planned = {claim.value for claim in claims if claim.kind == PLANNED and claim.value}
    return [
        replace(claim, kind=PLANNED)
        if claim.kind == EACH_SIDE and claim.is_formula and claim.value in planned
        else claim
        for claim in claims
    ]


def _not_the_speakers(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Who speaks of bodies does not make them its own, if the same number is told of the other side by name."""
    named = {(claim.value, claim.returned_to) for claim in claims if claim.is_news and not claim.is_by_speaker}
    settled = list(claims)
    for place, claim in enumerate(claims):
        side = claim.returned_to
        if claim.kind != REMAINS or not claim.is_by_speaker or side is None or (claim.value, side) in named:
            continue
        if side in conflict.codes() and (claim.value, conflict.other(side)) in named:
            settled[place] = replace(claim, returned_to=conflict.other(side))
    return settled


def _of_the_dead(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """'Soldiers' whose number is that of bodies for the same side are dead; and so are those given in return."""
    dead = {(claim.value, claim.returned_to) for claim in claims if claim.is_news and claim.kind == REMAINS}
    living = [claim for claim in claims if claim.is_news and claim.kind == RETURNED and claim.is_linked]
    if not dead:
        return claims
    only_dead = all(
        any(claim.value == value and side in (claim.returned_to, None) for value, side in dead) or claim.is_in_return
        for claim in living
    )
    values = {value for value, _ in dead}
    return [
        replace(claim, kind=REMAINS)
        if only_dead and (claim in living or (claim.is_formula and claim.kind == EACH_SIDE and claim.value in values))
        else claim
        for claim in claims
    ]


def _told_again(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Take "the 95", "its 95 soldiers" for those told of before, whatever is said of them now."""
    settled: list[Claim] = []
    for claim in claims:
        before = next((other for other in settled if _is_whole_of(other, claim)), None)
        sided = before is not None and claim.returned_to is not None and before.returned_to in (claim.returned_to, BOTH)
        known = claim.is_guess and sided
        if (claim.is_definite or known) and before is not None and claim.kind in (OTHER, PLANNED, RETURNED):
            side = claim.returned_to or claim.possessor or (None if before.returned_to == BOTH else before.returned_to)
            settled.append(replace(claim, kind=RETURNED, returned_to=side or before.returned_to, is_guess=False))
        elif claim.is_definite and before is None and _is_of_others(claim, settled):
            settled.append(replace(claim, kind=OTHER))
        else:
            settled.append(claim)
    return settled


def _is_of_others(claim: Claim, earlier: list[Claim]) -> bool:
    """Whether the number was told before of people who did not come home, as a rule says: "they interviewed 89"."""
    return any(other.kind == OTHER and not other.is_guess and other.quantity == claim.quantity for other in earlier)


def _is_whole_of(before: Claim, claim: Claim) -> bool:
    return (
        before.is_news
        and not before.is_guess
        and before.kind in (RETURNED, EACH_SIDE)
        and before.returned_to is not None
        and before.quantity.value == claim.quantity.value
        and before.quantity.value is not None
    )


def _either_way(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """'Ukraine returned 230', 'Ukraine freed 230': got back, or gave. What is known of the sides decides.

    The same number told with a side settles it. Else who "returned" people where only the other side's are known
    got its own back, and who "freed" people where only its own are known gave them.
    """
    return [
        replace(claim, returned_to=_got_or_gave(claim, own, claims, conflict))
        if claim.returned_to is None and (own := claim.either or claim.giver) is not None
        else claim
        for claim in claims
    ]


def _got_or_gave(claim: Claim, own: str, claims: list[Claim], conflict: Conflict) -> str | None:
    """Give the side of people whom a party "returned" or "freed": the other's, if it is the other that says "freed"."""
    other = conflict.other(own)
    own_values, other_values = values_of(claims, own), values_of(claims, other)
    if claim.giver and (claim.is_apart or claim.claimant == other):
        return other
    if claim.value in own_values | other_values:
        return own if claim.value in own_values else other
    if own_values and (not other_values or (claim.giver and claim.value > max(other_values))):
        return other
    return own if claim.either and other_values and not own_values else None


def _in_return(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Give people "in return" to the other side, where numbers are told of one side only."""
    told = {
        claim.returned_to
        for claim in claims
        if claim.is_news and claim.kind == RETURNED and not claim.is_guess and claim.returned_to is not None
    }
    if len(told) != 1 or not told <= set(conflict.codes()):
        return claims
    other = conflict.other(str(told.pop()))
    return [
        replace(claim, returned_to=other)
        if claim.is_in_return and claim.returned_to is None and claim.is_news and claim.kind == RETURNED
        else claim
        for claim in claims
    ]


def _our_own(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Take 'our people' for those of the only side that the text speaks of, unless it tells what was given for them."""
    told = [claim for claim in claims if claim.is_news and claim.kind == RETURNED and claim.returned_to is not None]
    sides = {claim.returned_to for claim in told}
    if len(sides) != 1 or sides == {BOTH} or all(claim.category == "other" for claim in told):
        return claims
    side = str(sides.pop())
    own = conflict.other(side) if all(claim.is_in_return for claim in told) else side
    return [
        replace(claim, returned_to=own)
        if claim.returned_to is None
        and ((claim.kind == REMAINS and claim.is_linked) or (claim.is_own and claim.kind == RETURNED))
        else claim
        for claim in claims
    ]


def _by_nation(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Where an exchange is told and one side's number nowhere, the one number of that side's people is it.

    'One hundred and fifteen Ukrainian troops punched the air.' Any other guess goes without a side.
    """
    guessed = {party: _guesses(claims, party) for party in conflict.codes() if not values_of(claims, party)}
    chosen = {party: values for party, values in guessed.items() if len(values) == 1}
    return [
        claim
        if not claim.is_guess
        else replace(claim, kind=RETURNED, is_guess=False)
        if claim.returned_to in chosen and claim.value in chosen[str(claim.returned_to)] and not claim.is_subset
        else replace(claim, returned_to=None)
        for claim in claims
    ]


def _guesses(claims: list[Claim], party: str) -> set[int]:
    told = {claim.paragraph for claim in claims if claim.is_news and claim.is_linked and not claim.is_guess}
    return {
        claim.value
        for claim in claims
        if claim.is_guess
        and claim.returned_to == party
        and not claim.is_subset
        and 1 < claim.value <= _MOST_FREED
        and (claim.sentence <= _OPENING or claim.paragraph in told)
    }


def _set_apart(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """People set apart from the exchange once are set apart wherever the same number of them is told."""
    apart = {(claim.value, claim.returned_to) for claim in claims if claim.is_apart and claim.value}
    return [
        replace(claim, is_apart=True)
        if claim.kind in NEWS_KINDS
        and {(claim.value, claim.returned_to), (claim.value, None)} & apart
        and claim.returned_to != BOTH
        else claim
        for claim in claims
    ]
