"""Whose people a count is of: by its own words, by who speaks, or by the counts before it."""

import re
from dataclasses import replace

from schemas.parties import BOTH
from tasks.extract.claims import OTHER, Claim, has_tag
from tasks.extract.counts import SUBSET
from tasks.extract.rulebook import Rule, first_group
from tasks.extract.seen import Seen

_NOBODYS = (OTHER, "held")
_NEAR = 2
"""Sentences back to the number of which "of them" tells."""
_WEAK = ("none", "claimant", "opposite")
"""What a rule says of the side that gives way to the number before, where one breath tells both."""


def with_side(claim: Claim, seen: Seen) -> Claim:
    """Decide whose people they are."""
    if claim.kind in _NOBODYS and not claim.is_guess:
        return replace(claim, returned_to=None)
    if claim.returned_to is not None:
        return claim
    if seen.count.rule.gives == SUBSET and not claim.is_subset and claim.claimant in seen.reader.conflict.codes():
        return replace(claim, returned_to=claim.claimant)
    answer = _answer_about_side(claim, seen)
    gives, party = (answer[0].gives, _party_of(answer, seen)) if answer else ("none", None)
    rule = f"{claim.rule}+{answer[0].name}" if answer else claim.rule
    side = _side(gives, party, claim, seen)
    if gives == "either" and party in seen.reader.native():
        gives, side = "named", party
    if claim.is_subset and gives == "opposite" and side is not None:
        return replace(claim, is_subset=False, returned_to=side, rule=rule)
    if claim.is_subset:
        side = _side_of_part(claim, side, gives, seen)
        if _is_of_them(claim, seen) and claim.whole_side in seen.reader.conflict.codes():
            return replace(claim, returned_to=claim.whole_side)
    elif (side is None or gives == "opposite") and gives in _WEAK and seen.earlier and seen.ask("joined"):
        side = _side_joined(claim, gives, seen)
    return replace(
        claim,
        is_subset=seen.ask("among") is not None
        or (claim.is_subset and not _is_of_another_side(claim, side, gives, seen.earlier)),
        returned_to=side,
        either=party if gives == "either" else None,
        giver=party if gives == "giver" else None,
        is_by_speaker=gives == "claimant",
        is_home=gives == "claimant" and side is None,
        rule=rule,
    )


def _answer_about_side(claim: Claim, seen: Seen) -> tuple[Rule, re.Match[str]] | None:
    """Ask whose people they are.

    "Of whoever speaks" is no answer where nobody does, if another rule has one; nor is "of the other side" where none
    was told of before, if it may be the speaker's.
    """
    first = seen.ask("side")
    speaks = claim.claimant in seen.reader.conflict.codes()
    if first is not None and first[0].gives == "claimant" and not speaks:
        better: tuple[str, ...] = ("named", "other")
    elif first is not None and first[0].gives == "opposite" and speaks and _may_be_the_speakers(claim, seen):
        better = ("claimant",)
    else:
        return first
    for rule in seen.reader.language.rules_for("side"):
        found = rule.pattern.search(seen.clause.whole if rule.scope == "sentence" else seen.clause.tags)
        if found and rule.gives in better:
            return rule, found
    return first


def _may_be_the_speakers(claim: Claim, seen: Seen) -> bool:
    """Whether no side was told of just before, and nobody gives anybody up here."""
    return _side_just_before(claim, seen) is None and not has_tag(seen.sentence, seen.reader.language, "GIVE")


def _is_of_another_side(claim: Claim, side: str | None, gives: str, earlier: list[Claim]) -> bool:
    """Whether the words give people a side that is not their supposed whole's, and there is no other whole."""
    if side is None or claim.whole_side in (None, side):
        return False
    if any(other.is_news and other.returned_to == side and other.value > claim.value for other in earlier):
        return False
    return gives in ("named", "other") or claim.whole_side == BOTH


def _party_of(answer: tuple[Rule, re.Match[str]], seen: Seen) -> str | None:
    """Give the party that an answer about the side names."""
    rule, found = answer
    if not any(found.groupdict().values()):
        return None
    named = seen.sentence.tokens[(seen.clause.first if rule.scope == "clause" else 0) + first_group(found)].value
    return str(named) if named in seen.reader.conflict.codes() else None


def _side(gives: str, party: str | None, claim: Claim, seen: Seen) -> str | None:
    conflict = seen.reader.conflict
    codes = conflict.codes()
    if gives == "claimant" and claim.claimant in codes:
        return claim.claimant
    if gives == "not_claimant" and claim.claimant in codes:
        return conflict.other(claim.claimant)
    if gives == "opposite":
        before = _side_just_before(claim, seen)
        return conflict.other(before) if before else None
    if gives in ("none", "claimant") and claim.kind == "cumulative":
        return next(
            (name for name in (claim.claimant, *seen.reader.native(), seen.context.topic) if name in codes), None
        )
    if party is None or gives not in ("named", "other"):
        return None
    return party if gives == "named" else conflict.other(party)


def _side_just_before(claim: Claim, seen: Seen) -> str | None:
    codes = seen.reader.conflict.codes()
    near = (other for other in reversed(seen.earlier) if claim.sentence - other.sentence <= 1 and not other.is_subset)
    return next((other.returned_to for other in near if other.returned_to in codes), None)


def _side_joined(claim: Claim, gives: str, seen: Seen) -> str | None:
    """Give the side of the number that this one is joined to: in the next sentence, only a speaker's own.

    Who comes home is not joined to those who were handed over in a sentence before.
    """
    before = seen.earlier[-1]
    if gives == "claimant" and before.sentence != claim.sentence and before.is_given and not claim.is_given:
        return None
    speaks = claim.claimant in seen.reader.conflict.codes() and before.claimant == claim.claimant
    return claim.claimant if speaks and before.sentence != claim.sentence else before.returned_to


def _side_of_part(claim: Claim, side: str | None, gives: str, seen: Seen) -> str | None:
    """Give the side of a part: named with it, the party that the sentence speaks of, or the whole's."""
    if side is not None and gives in ("named", "other"):
        return side
    if seen.count.whole is not None and claim.whole_side is not None:
        return claim.whole_side
    answer = seen.ask("part_side")
    if answer is not None:
        return str(seen.sentence.tokens[first_group(answer[1])].value)
    beside = [other.returned_to for other in seen.earlier if other.sentence == claim.sentence and other.returned_to]
    if beside or claim.claimant not in seen.reader.conflict.codes():
        return _one_side(beside or _sides_before(claim, seen.earlier))
    return claim.claimant


def _sides_before(claim: Claim, earlier: list[Claim]) -> list[str]:
    """Give the sides that a part may take: the last sentence's, a part's shortly before, or that of all wholes.

    A side of which all numbers told are smaller cannot have it.
    """
    told = [other for other in earlier if other.is_news and not other.is_subset and other.returned_to]
    as_large = {one.returned_to for one in told if one.value > claim.value or one.hedge != "exact"}
    too_small = {one.returned_to for one in told} - as_large
    last = [other.returned_to for other in earlier if claim.sentence - other.sentence <= 1]
    parts = [other.returned_to for other in earlier if other.is_subset and claim.paragraph - other.paragraph <= 1]
    wholes = {one.returned_to for one in earlier if one.is_news and (one.returned_to or one.either)}
    groups = (last, parts, wholes if len(wholes) == 1 else ())
    found = ([side for side in group if side and side not in too_small] for group in groups)
    return next((group for group in found if group), [])


def _one_side(sides: list[str]) -> str | None:
    return sides[-1] if sides and sides[-1] != BOTH else None


def _is_of_them(claim: Claim, seen: Seen) -> bool:
    """Whether the words say that it is a part of the number just told, so that it can be nobody else's."""
    answer = seen.ask("role")
    if answer is None or answer[0].gives != "part":
        return False
    near = (other for other in seen.earlier if claim.sentence - other.sentence <= _NEAR)
    return any(other.is_news and other.returned_to == claim.whole_side for other in near)
