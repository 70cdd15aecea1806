"""What a claim is judged by: its count, where it stands, and the claims before it."""

import re
from dataclasses import dataclass

from tasks.extract.claims import Claim, Reader
from tasks.extract.counts import Count
from tasks.extract.discourse import Context
from tasks.extract.rulebook import Rule
from tasks.extract.tokens import Sentence


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause around a number: its first token, its tags and the sentence's, with the number marked as FIGURE."""

    first: int
    tags: str
    whole: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a claim is judged by: its count, where it stands, and the claims before it."""

    count: Count
    sentence: Sentence
    clause: Clause
    context: Context
    reader: Reader
    earlier: list[Claim]

    def ask(self, question: str, value: int = 0) -> tuple[Rule, re.Match[str]] | None:
        """Ask the rules about the clause, and the sentence."""
        return self.reader.ask(question, self.clause.tags, self.clause.whole, value)
