"""The words that a cell of a report rests on, while the report is being made."""

from dataclasses import dataclass

from tasks.records import Span

CELL_RULES = {
    "stated": "the number as the words state it",
    "stated_part": "a part of the total, as the words state it",
    "and_one_more": "a number, and one person told by name or as 'an American' beside it, summed",
    "soldiers_and_civilians": "soldiers and civilians told side by side, summed",
    "all_are_soldiers": "the words call the whole number soldiers",
    "ranks_summed": "soldiers of several ranks that make up the whole number",
    "bodies_together": "bodies told side by side, summed",
    "all_are_civilians": "the words call the whole number civilians",
    "set_apart": "people whom the words set apart from the exchange",
    "doubt_contradicted": "numbers for one side that do not go together",
    "doubt_both_total": "a two-sided number that is not the sum of the sides",
    "doubt_in_passing": "a number told once, late, and not by the party whose people they are",
    "told_as_just_happened": "no other day is named, so it is the day of publication, post or dateline",
}
"""How a cell is filled from words, beyond the rules of a language; each with its meaning."""


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """One cell and some words it rests on. claim: the place of the claim among the article's, None for no figure."""

    measure: str
    party: str | None
    span: Span
    rule: str
    claim: int | None = None
