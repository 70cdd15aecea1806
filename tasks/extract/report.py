"""From what was decided about a story to its report: cells, day, mediators, ordinal, each with its evidence."""

from dataclasses import dataclass, replace

from tasks.extract.cells import CellEvidence
from tasks.extract.claims import Reader
from tasks.extract.decisions import Decisions
from tasks.extract.discourse import Context
from tasks.extract.setting import day_of_exchange, mediators_in, official_ordinal
from tasks.extract.story import Story
from tasks.extract.tokens import Sentence
from tasks.extract.told import DONE
from tasks.records import Evidence, Figure, OrdinalClaim, Report

_NO_NEWS = ("planned", "previous", "not")
_MEASURES = ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to")


@dataclass(frozen=True, slots=True)
class Telling:
    """How an article tells what it tells. published_basis: what the publication day rests on."""

    sentences: list[Sentence]
    contexts: list[Context]
    reader: Reader
    published_basis: str | None


def make_report(
    report_no: int,
    decided: Decisions,
    figures: list[Figure],
    ordinals: list[OrdinalClaim],
    telling: Telling,
    story: Story,
) -> Report:
    """Make the report of one story. figures: those of the claims that were decided on, in the same order."""
    counted = {
        claim.sentence
        for place, claim in enumerate(decided.claims)
        if decided.refused.get(place, "restated") == "restated"
    }
    own = [sentence for sentence in telling.sentences if sentence.number in story.sentences]
    told_of = {sentence.number: _told_of(telling.contexts[sentence.number]) for sentence in own}
    telling_it = [
        sentence for sentence in own if sentence.number in counted or told_of[sentence.number] in (DONE, "moved")
    ]
    done = {number for number, told in told_of.items() if told == DONE}
    day = day_of_exchange(own, telling_it, counted, done, telling.reader, telling.published_basis, story)
    mediators = mediators_in((sentence for sentence in own if told_of[sentence.number] not in _NO_NEWS), telling.reader)
    official = official_ordinal(ordinals, telling.reader)
    cells = [*decided.evidence, *decided.doubted.values(), *mediators.values()]
    cells += [day.evidence, replace(day.evidence, measure="date_basis")] if day else []
    cells += [CellEvidence("ordinal", None, official.span, official.rule)] if official else []
    counts = {
        measure: {party: value for (name, party), value in decided.cells.items() if name == measure and party}
        for measure in _MEASURES
    }
    return Report(
        report_no,
        day.day if day else None,
        day.basis if day else None,
        **counts,
        hedge={party: hedge for party, hedge in decided.hedges.items() if party},
        both_total=decided.cells.get(("both_total", None)),
        both_total_hedge=decided.hedges.get(None),
        ordinal=official.ordinal if official else None,
        mediators=tuple(sorted(mediators)),
        doubts=tuple(decided.doubts),
        evidence=tuple(_evidence(cell, figures) for cell in cells),
    )


def _told_of(context: Context) -> str | None:
    return context.event if context.tells_of is None else context.tells_of


def _evidence(cell: CellEvidence, figures: list[Figure]) -> Evidence:
    figure_id = None if cell.claim is None else figures[cell.claim].figure_id
    return Evidence(cell.measure, cell.party, figure_id, cell.span, cell.rule)
