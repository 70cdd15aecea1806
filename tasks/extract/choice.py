"""Choosing between several numbers that an article gives for the same people."""

from collections import Counter
from collections.abc import Iterable

from tasks.extract.claims import EACH_SIDE, REMAINS, Claim
from tasks.extract.decisions import Decisions

_HEDGED_WITHIN = 0.1
"""A hedged number restates an exact one that is at most this share away from it."""
_MOST, _MOST_BODIES = 1_000, 10_000
"""No exchange freed more people on one side, and no handover brought more bodies."""
_TOO_LARGE = 2.5
"""A number so many times the one that was told first is a running total, or counts others."""
_A_WHOLE = 20
"""A smaller number told first may be a part: the men of one town."""
_A_FEW = 2
"""People beside the soldiers, at most, where a number of all people and one of soldiers are both told."""
_OFTEN = 3
"""A number told so many times as often as another is the article's, and the other is noted as a doubt."""
_ROUND = 50
"""Multiples of it may be round for a number near them."""
_ROUNDED_WITHIN = 0.07
"""How near, as a share of that number."""
_AT_ONCE = 4
"""Sentences from the first number of a side on."""
_PART_BELOW = 0.6
"""A smaller number below this share of the largest is a part of it; above, the two contradict each other."""


def choose(decided: Decisions, party: str, places: list[int]) -> int | None:
    """Choose between the numbers claimed for one side; None, with a doubt noted, when nothing settles it.

    An exact number goes before hedged ones that agree with it, a number of people before a bare "N for N". A side's
    own word counts for its own people, then a word that is not the other side's. A much smaller number is taken for
    a part of the largest.
    """
    places = _without_background(decided, places)
    exact = _not_rounded(decided, [place for place in places if decided.claims[place].hedge == "exact"]) or places
    told = [place for place in exact if not decided.claims[place].is_formula] or exact
    groups = (_of_each_side(decided, party, told), _told_at_once(decided, told), exact, told)
    for preferred in (*groups, *_by_weight(decided, party, told)):
        chosen = _agreed(decided, preferred)
        if chosen is not None:
            return chosen
    one_more = _all_of_them(decided, told)
    if one_more is not None:
        return one_more
    often = _told_most_often(decided, told)
    if often is not None:
        return often
    if places:
        decided.refuse(places, "contradicted")
        decided.doubt("contradicted", f"{_listed(decided, places)} for {party}", places)
    return None


def restates(other: Claim, claim: Claim) -> bool:
    """Whether a number is another one told again, or the exact one behind a hedged one: "nearly 100" and 95."""
    near = abs(other.value - claim.value) <= _HEDGED_WITHIN * claim.value
    return other.quantity == claim.quantity or (other.hedge != "exact" and bool(other.value) and near)


def _of_each_side(decided: Decisions, party: str, places: list[int]) -> list[int]:
    """Give the claims of "N each", if they come first and another number is so large that N would pass for a part.

    "N each" is never a part; the larger number is another exchange's, unless it is the party's own word.
    """
    each = [place for place in places if decided.claims[place].kind == EACH_SIDE]
    others = [place for place in places if place not in each]
    largest = max((decided.value(place) for place in others), default=0)
    told_first = bool(each) and min(each) < min(others, default=0)
    if any(decided.claims[place].claimant == party and decided.claims[place].hedge == "exact" for place in others):
        return []
    return each if told_first and all(decided.value(place) < _PART_BELOW * largest for place in each) else []


def _told_at_once(decided: Decisions, places: list[int]) -> list[int]:
    """Give the claims of a number told twice at once, if a much larger one comes only once, and later.

    The headline and the lead tell how many there were; the larger number is another exchange's.
    """
    first = min((decided.claims[place].sentence for place in places), default=0)
    at_once = [place for place in places if decided.claims[place].sentence - first < _AT_ONCE]
    later = [place for place in places if place not in at_once]
    values = [decided.value(place) for place in later]
    told = {decided.value(place) for place in at_once}
    if len(told) != 1 or len(at_once) < 2 or len(values) != len(set(values)):
        return []
    return at_once if max(told) < _PART_BELOW * max(values, default=0) else []


def _not_rounded(decided: Decisions, places: list[int]) -> list[int]:
    """Leave out round numbers that stand for an exact one: "two hundred of our heroes" for 207."""
    precise = {decided.value(place) for place in places if decided.value(place) % _ROUND}
    return [
        place
        for place in places
        if decided.value(place) % _ROUND
        or not any(abs(decided.value(place) - value) <= _ROUNDED_WITHIN * value for value in precise)
    ]


def _without_background(decided: Decisions, places: list[int]) -> list[int]:
    """Leave out, and refuse, what is too large: for any exchange, or beside an exact number told before it."""
    kept: list[int] = []
    first = 0
    for place in places:
        claim = decided.claims[place]
        most = _MOST_BODIES if claim.kind == REMAINS else _MOST
        if claim.value > most or (first >= _A_WHOLE and claim.value > _TOO_LARGE * first):
            decided.refused[place] = "cumulative"
            continue
        kept.append(place)
        if claim.hedge == "exact" and claim.category in ("all", "military") and not first:
            first = claim.value
    return kept


def _by_weight(decided: Decisions, party: str, places: list[int]) -> Iterable[list[int]]:
    """Give the claims in groups of falling weight: the side's own word, any but the other's, all."""
    other = decided.conflict.other(party)
    own = [place for place in places if decided.claims[place].claimant == party]
    neutral = [place for place in places if decided.claims[place].claimant != other]
    total = max((decided.value(place) for place in neutral), default=0)
    if own and max(decided.value(place) for place in own) >= _PART_BELOW * total:
        yield own
    if neutral:
        yield neutral
        return
    yield places


def _agreed(decided: Decisions, places: list[int]) -> int | None:
    """Give the first claim of the number that the claims agree on, parts of it left aside; None if they do not."""
    largest = max((decided.value(place) for place in places), default=0)
    whole = [place for place in places if decided.value(place) >= _PART_BELOW * largest]
    if len({decided.value(place) for place in whole}) != 1:
        return None
    return whole[0]


def _all_of_them(decided: Decisions, places: list[int]) -> int | None:
    """Give the number of all people, if the soldiers among them are told too and are only one or two fewer."""
    values = {decided.value(place) for place in places}
    if len(values) != 2 or max(values) - min(values) > _A_FEW:
        return None
    kinds = {(decided.value(place) == max(values), decided.claims[place].category) for place in places}
    if kinds != {(True, "all"), (False, "military")}:
        return None
    return next(place for place in places if decided.value(place) == max(values))


def _told_most_often(decided: Decisions, places: list[int]) -> int | None:
    """Give the first claim of the number that is told several times, if any other is told far less often."""
    told = Counter(decided.value(place) for place in places).most_common(2)
    if len(told) < 2 or told[0][1] < _OFTEN * told[1][1]:
        return None
    return next(place for place in places if decided.value(place) == told[0][0])


def _listed(decided: Decisions, places: list[int]) -> str:
    return ", ".join(str(value) for value in sorted({decided.value(place) for place in places}))


def refuse_others(decided: Decisions, party: str, places: list[int], used: list[int], total: int) -> None:
    """Refuse what else was claimed for a side: the number again, a part of it, or something that contradicts it."""
    values = {decided.value(place) for place in used}
    for place in places:
        if place in used or place in decided.refused:
            continue
        claim = decided.claims[place]
        close = claim.hedge != "exact" and abs(claim.value - total) <= _HEDGED_WITHIN * total
        if claim.value == total or claim.value in values or close:
            decided.refused[place] = "restated"
        elif claim.value < _PART_BELOW * total or claim.category not in ("all", "military"):
            decided.refused[place] = "subset"
        else:
            decided.refused[place] = "contradicted"
            decided.doubt("contradicted", f"{_listed(decided, [place, *used])} for {party}", [place, *used])
