"""What is known of an article's sentences when it is decided which exchanges they tell of."""

from dataclasses import dataclass

from tasks.extract.claims import EACH_SIDE, NEWS_KINDS, OTHER, Claim, Reader, has_tag
from tasks.extract.discourse import Context, lead_of
from tasks.extract.tokens import Sentence

DONE = "done"
"""An event that is told in so many words."""
_MOVED = "moved"
"""An event told without a word of the exchange itself: enough where an article opens with it."""


_SOON = 2
"""Sentences from an exchange to its number."""


@dataclass(frozen=True)
class Told:
    """An article's sentences with what is known of each. tells: those that tell of a completed exchange as news."""

    sentences: list[Sentence]
    contexts: list[Context]
    claims: list[Claim]
    reader: Reader
    tells: frozenset[int]

    def has(self, sentence: Sentence, group: str) -> bool:
        """Whether a sentence has a tag, or one of a group."""
        return has_tag(sentence, self.reader.language, group)


def told_by(sentences: list[Sentence], contexts: list[Context], claims: list[Claim], reader: Reader) -> Told:
    """Put together what is known of each sentence."""
    opening = frozenset(sentence.number for sentence in lead_of(sentences))
    return Told(sentences, contexts, claims, reader, _telling(contexts, claims, opening))


def _telling(contexts: list[Context], claims: list[Claim], opening: frozenset[int]) -> frozenset[int]:
    """Give the sentences that tell of a completed exchange: by a count of those freed, or without any count."""
    background = {claim.sentence for claim in claims if claim.kind not in (*NEWS_KINDS, OTHER, "held")}
    news = {
        claim.sentence
        for claim in claims
        if claim.is_news and claim.is_linked and not claim.is_guess and claim.category != "child"
    }
    news |= {claim.sentence for claim in claims if claim.kind == EACH_SIDE and _follows_an_exchange(claim, contexts)}
    return frozenset(
        number
        for number, context in enumerate(contexts)
        if context.tells_of is None
        and (
            (number in news and context.event not in ("not", "several"))
            or (_is_done(context, number in opening) and number not in background - news)
        )
    )


def _follows_an_exchange(claim: Claim, contexts: list[Context]) -> bool:
    """Whether a number of each side answers a sentence that tells of an exchange on a recent day, without a number."""
    before = contexts[max(0, claim.sentence - _SOON) : claim.sentence]
    return any(one.event == _MOVED and one.day is not None and one.tells_of is None for one in before)


def _is_done(context: Context, opens: bool) -> bool:
    return context.event == DONE or (opens and context.event == _MOVED)
