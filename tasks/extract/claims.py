"""What a count of people claims: how many, of whom, what of, whose word, by which rule."""

import re
from dataclasses import dataclass
from datetime import date

from tasks.extract.dates import NEWS_DAYS
from tasks.extract.numbers import Quantity
from tasks.extract.rulebook import Language, Rule
from tasks.extract.tokens import Sentence
from tasks.records import Span
from tasks.settings import Conflict

RETURNED, EACH_SIDE, BOTH_TOTAL, REMAINS, PREVIOUS, PLANNED, OTHER = (
    "returned",
    "each_side",
    "both_total",
    "remains",
    "previous_swap",
    "planned",
    "other",
)
NEWS_KINDS = (RETURNED, EACH_SIDE, BOTH_TOTAL, REMAINS)
"""Kinds that tell of the exchange that is news; all others are background."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A count of people, before it is known whether a report uses it.

    place: the number's token. either: the party of which the text says that it "returned" them, when that can
    mean both ways. giver: the party of which it says that it "freed" them, when they may be its own. is_subset: it
    counts a part of people counted elsewhere; whole_side: whose those are. is_by_speaker: its side is only the
    speaker's. is_own: the text calls them "our". is_home: it says that they came home, not whose home. is_apart: the
    text sets them apart from the exchange. is_one: somebody told of by name beside the number. day: the day that its
    clause, or its paragraph before, names. is_guess: no rule gave the kind, nor the text a reason to think of an
    exchange. is_linked: its clause tells that somebody was moved or exchanged. is_joined: it is told in one breath
    with the number before. is_formula: it is a bare "N for N". is_in_return: its clause says "in return". is_given:
    its clause tells that people were handed over. is_definite: "the 95", "its 95", so told of before; possessor:
    whose "its" is.
    """

    sentence: int
    paragraph: int
    place: int
    quantity: Quantity
    hedge: str
    category: str
    kind: str
    returned_to: str | None
    claimant: str | None
    span: Span
    rule: str
    is_subset: bool = False
    is_apart: bool = False
    either: str | None = None
    giver: str | None = None
    is_guess: bool = False
    whole_side: str | None = None
    is_by_speaker: bool = False
    is_own: bool = False
    is_linked: bool = True
    is_joined: bool = False
    is_formula: bool = False
    is_in_return: bool = False
    is_given: bool = False
    is_home: bool = False
    is_one: bool = False
    is_definite: bool = False
    possessor: str | None = None
    day: date | None = None

    @property
    def value(self) -> int:
        """The number; 0 for a range, which fills no cell."""
        return self.quantity.value or 0

    @property
    def is_news(self) -> bool:
        """Whether it counts a whole of the exchange that is news."""
        return self.kind in NEWS_KINDS and not self.is_subset and not self.is_apart


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a text needs to know beside the text.

    published: the publication day, in the conflict's zone. news_days: what happened more days before is no news.
    """

    language: Language
    conflict: Conflict
    published: date | None
    news_days: int = NEWS_DAYS

    def native(self) -> set[str]:
        """Give the party whose own language the text is in, if it is one's: it need not be named."""
        return {code for code in self.conflict.codes() if self.conflict.is_own_language(code, self.language.code)}

    def ask(
        self, question: str, tags: str, whole: str | None = None, value: int = 0
    ) -> tuple[Rule, re.Match[str]] | None:
        """Try the rules of a question in order; give the first that answers, and its match.

        tags: the clause; whole: the sentence, for rules whose scope it is; value: the number in question, for
        rules that speak of large numbers only.
        """
        asked = self.language.questions.get(question)
        if asked is None or not asked.may_answer(tags, whole):
            return None
        for rule in asked.rules:
            if value < rule.at_least:
                continue
            found = rule.pattern.search(whole if whole is not None and rule.scope == "sentence" else tags)
            if found:
                return rule, found
        return None


def has_tag(sentence: Sentence, language: Language, name: str) -> bool:
    """Whether any token of the sentence has this tag, or one of this group."""
    return not sentence.kinds.isdisjoint(language.alphabet.members(name))


def span_of(sentence: Sentence, first: int, last: int) -> Span:
    """Give the words from token `first` to token `last`, both included."""
    start, end = sentence.tokens[first].start, sentence.tokens[last].end
    return Span(sentence.post_no, start, end, sentence.text[start:end])
