"""Soldiers and civilians of one side: who is added to a number, and who is a part of it."""

from itertools import groupby, product

from schemas.parties import BOTH
from tasks.extract.claims import EACH_SIDE, RETURNED
from tasks.extract.decisions import Decisions

WHOLE_CATEGORIES = ("all", "military")
"""Categories of a number that may be a side's: of all people, or of soldiers."""
_SOON = 4
"""Sentences from the number of soldiers, in which the civilians of the same exchange are counted."""


def added_civilians(decided: Decisions, chosen: int, civilians: list[int], whole: list[int]) -> int | None:
    """Find civilians on top: told in one breath with the soldiers, or else near them, where no total is stated."""
    soldiers = decided.claims[chosen]
    stated = {
        decided.value(place)
        for place in whole
        if decided.claims[place].category == "all" and not decided.claims[place].is_formula
    }
    if soldiers.category != "military" or soldiers.value in stated:
        return None
    told = [place for place in whole if decided.value(place) == soldiers.value]
    return next(
        (
            place
            for stands in (_in_one_breath, _told_near)
            for place in civilians
            if any(stands(decided, place, other) for other in told)
        ),
        None,
    )


def one_more(decided: Decisions, chosen: int, candidates: list[int]) -> int | None:
    """Find one person told by name beside the number: "55 soldiers and Viktor Medvedchuk"."""
    told = [place for place in candidates if decided.value(place) == decided.value(chosen)]
    stated = {decided.value(place) for place in candidates if decided.claims[place].category == "all"}
    if decided.claims[chosen].category == "all" and decided.value(chosen) - 1 in {
        decided.value(place) for place in candidates
    }:
        return None
    return next(
        (
            place
            for place in candidates
            if decided.claims[place].is_one
            and any(_in_one_breath(decided, place, other) for other in told)
            and (decided.claims[chosen].category == "military" or not stated - {decided.value(chosen)})
        ),
        None,
    )


def _in_one_breath(decided: Decisions, civilians: int, soldiers: int) -> bool:
    """Whether two numbers of one side stand beside each other, in one sentence or joined to the next."""
    one, other = decided.claims[civilians], decided.claims[soldiers]
    between = decided.claims[min(civilians, soldiers) + 1 : max(civilians, soldiers)]
    side = decided.side_of(civilians)
    if decided.side_of(soldiers) not in (side, BOTH) or not all(
        claim.is_subset or (one.is_joined and claim.returned_to == decided.conflict.other(str(side)))
        for claim in between
    ):
        return False
    return one.sentence == other.sentence or (one.is_joined and one.paragraph - other.paragraph in (0, 1))


def _told_near(decided: Decisions, civilians: int, soldiers: int) -> bool:
    """Whether civilians of whom it is told that they came home are counted near the soldiers."""
    one, other = decided.claims[civilians], decided.claims[soldiers]
    return one.is_linked and not one.is_definite and abs(one.sentence - other.sentence) <= _SOON


def fill_parts(decided: Decisions, party: str, chosen: int, added: int | None, total: int) -> None:
    """Fill soldiers and civilians: as summed, as stated parts, or because the whole number is called soldiers."""
    if added is not None:
        decided.fill("military_to", party, decided.value(chosen), [chosen], "stated")
        decided.fill("civilians_to", party, decided.value(added), [added], "stated")
        return
    same = [place for place in decided.candidates(party, RETURNED) if decided.value(place) == total]
    civilians = [place for place in same if decided.claims[place].category == "civilian"]
    if civilians:
        decided.fill("civilians_to", party, total, civilians[:1], "all_are_civilians")
        return
    parts = _stated_parts(decided, party, total)
    military, civilian = parts.get("military"), parts.get("civilian")
    if civilian is not None:
        decided.fill("civilians_to", party, decided.value(civilian), [civilian], "stated_part")
        if military is not None and decided.value(military) + decided.value(civilian) == total:
            decided.fill("military_to", party, decided.value(military), [military], "stated_part")
        elif ranks := _ranks_beside(decided, party, civilian, total):
            decided.fill("military_to", party, total - decided.value(civilian), ranks, "ranks_summed")
        return
    soldiers = next(
        (
            place
            for place in decided.candidates(party, RETURNED, EACH_SIDE)
            if decided.claims[place].category == "military" and decided.value(place) == total
        ),
        None,
    )
    if soldiers is not None:
        decided.fill("military_to", party, total, [soldiers], "all_are_soldiers")
    elif ranks := _ranks_that_sum(decided, party, total):
        decided.fill("military_to", party, total, ranks, "ranks_summed")
    elif military is not None and decided.value(military) == total - 1 and _one_person(decided, party):
        decided.fill("military_to", party, total - 1, [military], "stated_part")


def _one_person(decided: Decisions, party: str) -> bool:
    """Whether the text counts one person by name for a side: "56: Viktor Medvedchuk and 55 servicemen"."""
    return any(claim.is_one and decided.side_of(place) == party for place, claim in enumerate(decided.claims))


def _ranks_beside(decided: Decisions, party: str, civilian: int, total: int) -> list[int]:
    """Give the ranks that make up the whole with civilians of their sentence: "213 soldiers, 11 officers, six ..."."""
    ranks = _ranks_that_sum(decided, party, total - decided.value(civilian))
    beside = decided.claims[civilian].sentence
    return ranks if all(decided.claims[place].sentence == beside for place in ranks) else []


def _ranks_that_sum(decided: Decisions, party: str, total: int) -> list[int]:
    """Give soldiers of several ranks, told in one sentence, that make up the whole: "22 officers, 118 sergeants"."""
    for _, group in groupby(range(len(decided.claims)), key=lambda place: decided.claims[place].sentence):
        ranks = [
            place
            for place in group
            if decided.claims[place].is_subset
            and decided.claims[place].category == "military"
            and decided.side_of(place) in (party, BOTH)
        ]
        if len(ranks) > 1 and sum(decided.value(place) for place in ranks) == total:
            return ranks
    return []


def _stated_parts(decided: Decisions, party: str, total: int) -> dict[str, int]:
    """Give for each category the part that is stated first, or soldiers and civilians that make up the whole."""
    parts: dict[str, list[int]] = {}
    for place, claim in enumerate(decided.claims):
        is_part = not claim.is_apart and (
            claim.is_subset or claim.category not in WHOLE_CATEGORIES or decided.refused.get(place) == "subset"
        )
        if (
            claim.kind == RETURNED
            and is_part
            and decided.side_of(place) in (party, BOTH)
            and decided.side.get(place) != BOTH
            and 0 < claim.value < total
            and decided.kind.get(place) is None
        ):
            parts.setdefault(claim.category, []).append(place)
    for pair in product(parts.get("military", ()), parts.get("civilian", ())):
        if sum(decided.value(place) for place in pair) == total:
            return dict(zip(("military", "civilian"), pair, strict=True))
    return {category: places[0] for category, places in parts.items()}
