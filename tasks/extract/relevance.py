"""Whether an article tells of a completed exchange of this conflict, and if not, why there is no report."""

from tasks.extract.claims import NEWS_KINDS, PLANNED, Claim, Reader, has_tag
from tasks.extract.discourse import event_of, lead_of
from tasks.extract.reports import REFUSED_KINDS
from tasks.extract.tokens import Sentence

_NEEDED = ("ABOUT_CAPTIVES", "MOVE", "TOLD_AS_EXCHANGE")
_PARTY_TAGS = ("PARTY", "PARTY_OF", "PARTY_PEOPLE", "AUTHORITY", "OWN_PEOPLE")


def no_report_because(sentences: list[Sentence], claims: list[Claim], reader: Reader) -> str | None:
    """Say why the article gives no report, in a word of the vocabulary; None when it gives one.

    Without a count of the people freed, an article reports an exchange only if it opens with one that took place.
    """
    if not all(any(has_tag(sentence, reader.language, group) for sentence in sentences) for group in _NEEDED):
        return "irrelevant"
    if _is_elsewhere(sentences, reader):
        return "other_conflict"
    if any(claim.is_news and not claim.is_guess and claim.kind in NEWS_KINDS for claim in claims):
        return None
    return _told_without_a_count(sentences, claims, reader)


def _told_without_a_count(sentences: list[Sentence], claims: list[Claim], reader: Reader) -> str | None:
    events = {event_of(sentence, reader) for sentence in lead_of(sentences)}
    is_planned = any(claim.kind == PLANNED for claim in claims)
    if "done" in events and not is_planned:
        return None
    return "planned_only" if "planned" in events or is_planned else "not_completed"


def _is_elsewhere(sentences: list[Sentence], reader: Reader) -> bool:
    """Whether the exchange is another conflict's.

    Both parties must be named where the article tells of exchanges. One of them is enough if its opening names it
    and no other country; an opening that names other countries must name both parties too.
    """
    lead = lead_of(sentences)
    opening = _parties(lead)
    telling = _parties([sentence for sentence in sentences if has_tag(sentence, reader.language, "MOVE")])
    codes = set(reader.conflict.codes())
    foreign = any(has_tag(sentence, reader.language, "FOREIGN") for sentence in lead)
    if telling == codes:
        return not opening if not foreign else opening != codes
    return not telling or not opening or foreign


def _parties(sentences: list[Sentence]) -> set[str]:
    return {str(token.value) for sentence in sentences for token in sentence.tokens if token.tag in _PARTY_TAGS}


def refusal_without_report(claim: Claim, because: str) -> str:
    """Say why a count in an article without a report is not used."""
    if because in ("other_conflict", "irrelevant"):
        return "other_conflict" if because == "other_conflict" else "not_people"
    if claim.kind in REFUSED_KINDS:
        return REFUSED_KINDS[claim.kind]
    return "planned" if because == "planned_only" else "no_side"
