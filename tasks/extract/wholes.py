"""Wholes and their parts among the numbers of one article: sums that hold, and the sides that follow from them."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from schemas.parties import BOTH
from tasks.extract.claims import BOTH_TOTAL, EACH_SIDE, OTHER, RETURNED, Claim
from tasks.settings import Conflict

_BOTH_WITHIN = 0.2
"""A hedged number is that of both sides if it is at most this share away from their sum."""
_SMALLEST_SUM = 10


def values_of(claims: Iterable[Claim], party: str) -> set[int]:
    """Give the numbers that are told of a side, as a whole."""
    return {
        claim.value
        for claim in claims
        if claim.is_news and claim.value and claim.kind in (RETURNED, EACH_SIDE) and claim.returned_to in (party, BOTH)
    }


def and_one_more(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """'56: a politician and 55 servicemen': the smaller number is a part, and so is one person told by name.

    So is "with him 94 more" where 95 are told of.
    """
    parts = {
        place
        for place, claim in enumerate(claims)
        if claim.is_joined and any(_is_one_more(whole, claim) for whole in claims)
    }
    numbers = [place for place, claim in enumerate(claims) if not claim.is_one]
    for whole, part in ((claims[first], claims[second]) for first, second in pairwise(numbers)):
        if whole.sentence == part.sentence and _is_one_more(whole, part):
            parts.update(
                place
                for place, claim in enumerate(claims)
                if _is_one_more(whole, claim) or (claim.is_one and claim.sentence == part.sentence)
            )
    return [replace(claim, is_subset=True) if place in parts else claim for place, claim in enumerate(claims)]


def _is_one_more(whole: Claim, part: Claim) -> bool:
    """Whether a number is of one side, and one less than another of it."""
    alike = whole.kind == part.kind == RETURNED and whole.returned_to == part.returned_to is not None
    return alike and whole.value == part.value + 1 and not whole.is_subset


def of_its_parts(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Give a whole without a side the one of its parts, told beside it."""
    settled = list(claims)
    for place, (whole, one, other) in enumerate(zip(claims, claims[1:], claims[2:], strict=False)):
        sides = {one.returned_to, other.returned_to} - {None}
        if (
            whole.kind == RETURNED
            and whole.returned_to is None
            and whole.sentence == other.sentence
            and whole.value == one.value + other.value
            and len(sides) == 1
            and sides <= set(conflict.codes())
        ):
            settled[place] = replace(whole, returned_to=sides.pop())
    return settled


def parts_that_sum(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Two numbers of one sentence, of which it is not said what became of them, are parts of a number they sum to."""
    wholes = {
        (claim.value, claim.returned_to) for claim in claims if claim.is_news and claim.kind in (RETURNED, EACH_SIDE)
    }
    settled = list(claims)
    for first, second in (
        pair for gap in (1, 2) for pair in zip(range(len(claims)), range(gap, len(claims)), strict=False)
    ):
        one, other = settled[first], settled[second]
        if not _may_be_parts(one, other):
            continue
        sides = {side for value, side in wholes if value == one.value + other.value and side is not None}
        told = {one.returned_to, other.returned_to} - {None}
        known = sides & told if told or not one.is_guess else sides & {one.claimant} or sides
        side = known.pop() if len(known) == 1 else None
        if side in conflict.codes() and {one.value, other.value} <= values_of(claims, conflict.other(str(side))):
            continue
        if side is not None and one.value and other.value:
            for place in (first, second):
                settled[place] = replace(claims[place], kind=RETURNED, returned_to=side, is_subset=True, is_guess=False)
    return settled


def split_of_a_whole(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Soldiers and civilians that sum to a number told of the same side are its parts, wherever they are told."""
    told: dict[tuple[str | None, str], set[int]] = {}
    for claim in claims:
        if claim.kind == RETURNED and claim.value and claim.hedge == "exact":
            told.setdefault((claim.returned_to, claim.category), set()).add(claim.value)
    parts = {
        (side, category, value)
        for side in conflict.codes()
        for soldiers in told.get((side, "military"), ())
        for civilians in told.get((side, "civilian"), ())
        if soldiers + civilians in told.get((side, "all"), ())
        for category, value in (("military", soldiers), ("civilian", civilians))
    }
    return [
        replace(claim, is_subset=True) if (claim.returned_to, claim.category, claim.value) in parts else claim
        for claim in claims
    ]


def _may_be_parts(one: Claim, other: Claim) -> bool:
    """Whether two numbers of one sentence may be parts of one whole: guesses, parts, or soldiers and civilians."""
    if one.sentence != other.sentence or not all(claim.kind in (RETURNED, OTHER) for claim in (one, other)):
        return False
    split = {one.category, other.category} == {"military", "civilian"}
    sides = {one.returned_to, other.returned_to} - {None}
    if split and len(sides) < 2:
        return True
    return (one.is_guess or other.is_guess) and all(part.is_guess or part.is_subset for part in (one, other))


def sides_of_a_whole(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Take "62 of them are Ukrainians, 58 Russians" for both sides, if a number without a side is their sum."""
    wholes = {claim.value for claim in claims if claim.kind == RETURNED and claim.returned_to in (None, BOTH)}
    settled = list(claims)
    for place, (one, other) in enumerate(pairwise(claims)):
        parted = (one.is_subset or other.is_subset) and one.sentence == other.sentence
        if (
            parted
            and {one.returned_to, other.returned_to} == set(conflict.codes())
            and one.value + other.value in wholes
        ):
            settled[place : place + 2] = [replace(part, is_subset=False) for part in (one, other)]
    return settled


def of_both_sides(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Let a number without a side that is the sum of both sides count both."""
    first, second = (values_of(claims, party) | _joined_sums(claims, party) for party in conflict.codes())
    sums = {one + other for one in first for other in second}
    return [
        replace(claim, kind=BOTH_TOTAL, returned_to=BOTH, is_guess=False)
        if _may_be_of_both(claim, first | second) and any(_is_sum(claim, total) for total in sums)
        else claim
        for claim in claims
    ]


def _joined_sums(claims: list[Claim], party: str) -> set[int]:
    """Give the sums of soldiers and civilians told in one breath for a side."""
    return {
        one.value + other.value
        for one, other in pairwise(claims)
        if one.sentence == other.sentence
        and (one.category, other.category) == ("military", "civilian")
        and one.is_news
        and other.is_news
        and one.returned_to == other.returned_to
        and one.returned_to in (party, BOTH)
    }


def _may_be_of_both(claim: Claim, sides: set[int]) -> bool:
    told = claim.kind == RETURNED or (claim.kind == OTHER and claim.is_guess)
    if claim.is_subset or claim.is_apart or not told or claim.value in sides:
        return False
    return claim.returned_to is None or claim.hedge != "exact"


def _is_sum(claim: Claim, total: int) -> bool:
    if claim.hedge == "exact":
        return claim.value == total and total >= _SMALLEST_SUM
    return abs(claim.value - total) <= _BOTH_WITHIN * total


def parts_follow(claims: list[Claim], conflict: Conflict) -> list[Claim]:
    """Give a part without a side that of the last larger number before it."""
    settled: list[Claim] = []
    for claim in claims:
        if claim.is_subset and claim.returned_to is None and claim.kind == RETURNED:
            wholes = (other for other in reversed(settled) if other.is_news and other.value > claim.value)
            whole = next(wholes, None)
            settled.append(replace(claim, returned_to=whole.returned_to) if whole and whole.kind == RETURNED else claim)
        else:
            settled.append(claim)
    return settled
