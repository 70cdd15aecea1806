"""From the claims of one article to its report: which claims are used, which are refused and why."""

from datetime import date
from itertools import groupby, pairwise

from schemas.parties import BOTH
from tasks.extract.agreement import agree
from tasks.extract.choice import choose, refuse_others, restates
from tasks.extract.claims import BOTH_TOTAL, EACH_SIDE, NEWS_KINDS, OTHER, PREVIOUS, REMAINS, RETURNED, Claim
from tasks.extract.decisions import Decisions
from tasks.extract.splits import WHOLE_CATEGORIES, added_civilians, fill_parts, one_more
from tasks.settings import Conflict

REFUSED_KINDS = {
    "cumulative": "cumulative",
    "mediator_total": "mediator_total",
    PREVIOUS: "previous",
    "planned": "planned",
    "held": "held",
    OTHER: "no_side",
}
"""Why a count of background fills no cell."""
_AS_LARGE = 0.9
"""A share of the number in "N for N": the sides of an exchange differ by a few."""
_EARLY = 6
"""Sentences behind the first number of a story, in which the exchange that is news is counted."""
_BACKGROUND = ("cumulative", "no_side")
"""Refusals after which a side's number may still be one of civilians."""
_BOTH_WITHIN = 0.2
"""A hedged two-sided number goes with the sides if it is at most this share away from their sum."""


def decide(claims: list[Claim], conflict: Conflict, home: str | None = None, *, is_of_a_day: bool = False) -> Decisions:
    """Decide what each claim of a story is worth.

    home: the party that the text speaks for. is_of_a_day: the story is what an article tells of one day among others.
    """
    claims = agree(claims, conflict, home)
    decided = Decisions(claims, conflict)
    for place, claim in enumerate(claims):
        if claim.kind in REFUSED_KINDS:
            decided.refused[place] = REFUSED_KINDS[claim.kind]
        elif claim.is_subset:
            decided.refused[place] = "subset"
    _refuse_other_days(decided)
    _refuse_summands(decided)
    for party in conflict.codes():
        _fill_side(decided, party, is_of_a_day=is_of_a_day)
    _fill_both_total(decided)
    for party in conflict.codes():
        _fill_additional(decided, party)
        _fill_remains(decided, party)
    _refuse_the_rest(decided)
    return decided


def _refuse_other_days(decided: Decisions) -> None:
    """Of several recent days the latest one is the news; what is told of an earlier day is background."""
    days = {
        place: day
        for place in decided.open(*NEWS_KINDS)
        if (day := decided.claims[place].day) is not None and not decided.claims[place].is_apart
    }
    parts = [
        claim.day for claim in decided.claims if claim.kind in NEWS_KINDS and claim.is_subset and claim.day is not None
    ]
    latest: date | None = max([*days.values(), *parts], default=None)
    earlier = [place for place, day in days.items() if latest is not None and day < latest]
    values = {decided.value(place) for place, day in days.items() if day == latest}
    for place in earlier:
        if decided.value(place) not in values:
            decided.refused[place] = "previous"
            decided.kind[place] = PREVIOUS


def _refuse_summands(decided: Decisions) -> None:
    """Numbers of one sentence that sum to a number told elsewhere are its parts: all of them, or two neighbours."""
    whole: set[tuple[bool, int, str | None]] = {
        (decided.claims[place].kind == REMAINS, decided.value(place), decided.side_of(place))
        for place, claim in enumerate(decided.claims)
        if claim.kind in NEWS_KINDS and claim.value and (claim.is_subset or place not in decided.refused)
    }
    numbered = [
        place
        for place, claim in enumerate(decided.claims)
        if claim.kind in (RETURNED, REMAINS) and claim.quantity.value is not None and not claim.is_apart
    ]
    for _, group in groupby(numbered, key=lambda place: (decided.claims[place].sentence, decided.claims[place].kind)):
        places = _without_their_whole(decided, list(group))
        for parts in (places, *pairwise(places)):
            _refuse_if_summands(decided, list(parts), whole)
    for one, other in pairwise(numbered):
        first, second = decided.claims[one], decided.claims[other]
        if second.is_joined and second.paragraph == first.paragraph and second.kind == first.kind:
            _refuse_if_summands(decided, [one, other], whole)


def _without_their_whole(decided: Decisions, places: list[int]) -> list[int]:
    """Give the parts alone where a sentence tells a number and the parts that it is the sum of."""
    if len(places) > 2 and decided.value(places[0]) == sum(decided.value(place) for place in places[1:]):
        return places[1:]
    parts = [place for place in places if decided.claims[place].is_subset]
    total = sum(decided.value(place) for place in parts)
    return parts if parts and any(decided.value(place) == total for place in places if place not in parts) else places


def _refuse_if_summands(decided: Decisions, parts: list[int], whole: set[tuple[bool, int, str | None]]) -> None:
    sides = {side for place in parts if (side := decided.claims[place].returned_to)} - {BOTH}
    dead, total = decided.claims[parts[0]].kind == REMAINS, sum(decided.value(place) for place in parts)
    speakers = {decided.claims[place].claimant for place in parts} & set(decided.conflict.codes())
    possible = [*(sides or speakers or decided.conflict.codes()), BOTH]
    side = next((side for side in possible if (dead, total, side) in whole), None)
    if len(parts) < 2 or len(sides) > 1 or side is None:
        return
    told = {(decided.value(place), decided.claims[place].category) for place in parts}
    again = [
        place
        for place in decided.open(RETURNED)
        if (decided.value(place), decided.claims[place].category) in told and decided.side_of(place) == side
    ]
    for place in [*parts, *again]:
        decided.refused[place] = "subset"
        decided.side[place] = next((known for known in (*sides, side, *speakers) if known != BOTH), BOTH)


def _fill_side(decided: Decisions, party: str, *, is_of_a_day: bool) -> None:
    candidates = decided.candidates(party, RETURNED, EACH_SIDE)
    whole = [place for place in candidates if decided.claims[place].category in WHOLE_CATEGORIES]
    if whole and all(decided.claims[place].is_formula for place in whole):
        whole += _instead_of_a_formula(decided, candidates, max(decided.value(place) for place in whole))
    persons = {place for place in candidates if decided.claims[place].is_one}
    civilians = [place for place in candidates if decided.claims[place].category == "civilian" and place not in persons]
    chosen = _chosen(decided, party, candidates, whole, is_of_a_day=is_of_a_day)
    if chosen is None:
        return
    added = added_civilians(decided, chosen, civilians, whole)
    is_one = added is not None and decided.value(added) == 1
    more = None if is_one else one_more(decided, chosen, candidates)
    used = [place for place in (chosen, added, more) if place is not None]
    total = sum(decided.value(place) for place in used)
    how = "and_one_more" if more is not None else "stated" if added is None else "soldiers_and_civilians"
    decided.fill("returned_to", party, total, used, how)
    decided.fill_hedge(party, used)
    if more is None:
        fill_parts(decided, party, chosen, added, total)
    elif decided.claims[chosen].category == "military":
        decided.fill("military_to", party, decided.value(chosen), [chosen], "stated")
        if decided.claims[more].category == "civilian":
            decided.fill("civilians_to", party, decided.value(more), [more], "stated")
    elif decided.claims[chosen].category == "civilian":
        decided.fill("civilians_to", party, total, used, how)
    refuse_others(decided, party, [place for place in candidates if decided.side_of(place) != BOTH], used, total)


def _instead_of_a_formula(decided: Decisions, candidates: list[int], formula: int) -> list[int]:
    """Give the numbers of women that are as large as "N for N": in an exchange of women they are wholes."""
    return [
        place
        for place in candidates
        if decided.claims[place].category == "other" and decided.value(place) >= _AS_LARGE * formula
    ]


def _chosen(
    decided: Decisions, party: str, candidates: list[int], whole: list[int], *, is_of_a_day: bool
) -> int | None:
    """Choose a side's number among the wholes, what is told in passing left aside; else among civilians, or others."""
    chosen = choose(decided, party, whole)
    while chosen is not None and not is_of_a_day and _is_in_passing(decided, party, chosen):
        decided.doubt("in_passing", f"{decided.value(chosen)} for {party}", [chosen])
        decided.refused[chosen] = "no_side"
        chosen = choose(decided, party, [place for place in whole if place not in decided.refused])
    if chosen is not None or not all(decided.refused.get(place) in _BACKGROUND for place in whole):
        return chosen
    left = [place for place in candidates if place not in whole and not decided.claims[place].is_one]
    civilians = [place for place in candidates if decided.claims[place].category == "civilian"]
    return choose(decided, party, civilians or left)


def _is_in_passing(decided: Decisions, party: str, chosen: int) -> bool:
    """Whether a number is told only once, late in the story, without a day or parts, and not by its own party.

    Of such numbers a third were another exchange's, or a part (DECISIONS.md). A number of people told to be one
    party's is believed where the other's was told early: reports give the two sides one after the other.
    """
    claim = decided.claims[chosen]
    first = min(
        (one.sentence for one in decided.claims if one.is_news and one.is_linked and not one.is_guess),
        default=claim.sentence,
    )
    parted = any(part.is_subset and part.sentence - claim.sentence in (0, 1) for part in decided.claims[chosen + 1 :])
    if claim.sentence - first <= _EARLY or claim.claimant == party or claim.day is not None or parted:
        return False
    if any(other is not claim and other.kind in NEWS_KINDS and restates(other, claim) for other in decided.claims):
        return False
    return claim.kind != RETURNED or not any(
        decided.claims[place].sentence - first <= _EARLY
        for place in decided.open(RETURNED)
        if decided.side_of(place) == decided.conflict.other(party)
    )


def _fill_both_total(decided: Decisions) -> None:
    """Fill the two-sided number, unless it is one of a side's told again or does not go with the sides."""
    sides = [decided.cells.get(("returned_to", party)) for party in decided.conflict.codes()]
    known = [side for side in sides if side is not None]
    totals = decided.open(BOTH_TOTAL)
    told = {decided.value(place) for place in decided.used() if decided.claims[place].kind == RETURNED}
    decided.refuse((place for place in totals if decided.value(place) in told.union(known)), "restated")
    if len(known) == len(sides):
        for place in decided.open(BOTH_TOTAL):
            within = 0 if decided.claims[place].hedge == "exact" else _BOTH_WITHIN * sum(known)
            if abs(decided.value(place) - sum(known)) > within:
                decided.refused[place] = "contradicted"
                stated = f"{decided.value(place)} is stated, the sides sum to {sum(known)}"
                decided.doubt("both_total", stated, [place])
    totals = decided.open(BOTH_TOTAL)
    if not totals:
        return
    chosen = min(totals, key=lambda place: (decided.claims[place].hedge != "exact", place))
    decided.fill("both_total", None, decided.value(chosen), [chosen], "stated")
    decided.fill_hedge(None, [chosen])
    if len(known) == len(sides) and decided.claims[chosen].category == "military":
        _fill_soldiers(decided, chosen)
    decided.refuse((place for place in totals if place != chosen), "restated")


def _fill_soldiers(decided: Decisions, chosen: int) -> None:
    """Call both sides' people soldiers, as their sum is called, where no civilians are told of."""
    if any(claim.category == "civilian" and claim.kind == RETURNED for claim in decided.claims):
        return
    for party in decided.conflict.codes():
        if ("military_to", party) not in decided.cells:
            total = decided.cells["returned_to", party]
            decided.fill("military_to", party, total, [chosen], "all_are_soldiers")


def _fill_additional(decided: Decisions, party: str) -> None:
    """Fill the people set apart, if one number is given for them and the total does not count them in."""
    apart = [
        place for place in decided.open(RETURNED) if decided.claims[place].is_apart and decided.side_of(place) == party
    ]
    total = decided.cells.get(("returned_to", party), 0)
    summed = {
        total - decided.value(place)
        for place, claim in enumerate(decided.claims)
        if claim.is_news and claim.returned_to in (party, BOTH) and claim.value < total
    }
    values = {decided.value(place) for place in apart} - {total} - summed
    if len(values) == 1 and len({decided.value(place) for place in apart}) == 1:
        decided.fill("additional_to", party, values.pop(), apart, "set_apart")
    decided.refuse((place for place in apart if place not in decided.used()), "subset")


def _fill_remains(decided: Decisions, party: str) -> None:
    candidates = decided.candidates(party, REMAINS)
    chosen = choose(decided, party, candidates)
    if chosen is None:
        return
    one = decided.claims[chosen]
    more = [
        place
        for place in candidates
        if place == chosen + 1
        and (decided.claims[place].is_joined or decided.claims[place].is_one)
        and decided.claims[place].sentence == one.sentence
    ]
    used = [chosen, *more]
    total = sum(decided.value(place) for place in used)
    decided.fill("remains_to", party, total, used, "bodies_together" if more else "stated")
    refuse_others(decided, party, [place for place in candidates if decided.side_of(place) != BOTH], used, total)


def _refuse_the_rest(decided: Decisions) -> None:
    """Say why the rest fills no cell: it repeats a number, it is one side's number without a side, or nobody's."""
    used = decided.used()
    stated: dict[int, str] = {}
    for (measure, party), value in decided.cells.items():
        if measure == "returned_to" and party is not None:
            stated[value] = BOTH if value in stated else party
    for place, claim in enumerate(decided.claims):
        restated = stated.get(claim.value) if claim.hedge == "exact" else None
        is_range = claim.quantity.value is None and claim.returned_to is not None
        if claim.is_guess and restated not in (None, BOTH):
            decided.kind[place], decided.side[place], decided.refused[place] = RETURNED, str(restated), "restated"
        elif place not in used and place not in decided.refused and not is_range:
            _refuse_unused(decided, place, restated)


def _refuse_unused(decided: Decisions, place: int, restated: str | None) -> None:
    """Refuse a claim that is left over. restated: whose number it repeats."""
    side = decided.claims[place].returned_to
    if restated is None and side != BOTH:
        decided.refused[place] = "no_side"
        return
    decided.refused[place] = "restated"
    decided.side.setdefault(place, side or str(restated))
