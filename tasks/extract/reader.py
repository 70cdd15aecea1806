"""The extract stage: an article in, its reading out. It looks at no other article, and at no clock."""

from dataclasses import replace
from datetime import date

from tasks.extract.cells import CellEvidence
from tasks.extract.claims import OTHER, Claim, Reader
from tasks.extract.decisions import Decisions
from tasks.extract.discourse import Context, contexts_of, event_of
from tasks.extract.meaning import claims_in
from tasks.extract.relevance import no_report_because, refusal_without_report
from tasks.extract.reports import decide
from tasks.extract.rulebook import Language, language, languages_read
from tasks.extract.setting import Day, day_of_exchange, mediators_in, official_ordinal, ordinals_in
from tasks.extract.tokens import Sentence, sentences_of, tag_tokens
from tasks.extract.version import extractor_version
from tasks.records import Article, Evidence, Figure, OrdinalClaim, Reading, Report, short_hash
from tasks.settings import Conflict

_FIRST_REPORT = 1
_NO_NEWS = ("planned", "previous", "not")
_MEASURES = ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to")
_AUTHOR_TAGS = ("AUTHORITY", "MEDIATOR", "PARTY")


def read_article(article: Article, conflict: Conflict) -> Reading:
    """Read one article. Never raises: what cannot be read is left out."""
    if article.language not in languages_read():
        return Reading(article.article_id, extractor_version(), no_report_because="language_not_read")
    reader = Reader(language(article.language, conflict), conflict, _day_published(article, conflict))
    sentences = _sentences(article, reader)
    authors: dict[int | None, str | None] = {
        post.post_no: _author(f"{post.author} {post.handle}", reader.language) for post in article.posts
    }
    contexts = contexts_of(sentences, reader, authors)
    claims: list[Claim] = []
    for sentence, context in zip(sentences, contexts, strict=True):
        claims.extend(claims_in(sentence, context, reader, claims))
    ordinals = list(ordinals_in(sentences, contexts, reader))
    because = no_report_because(sentences, claims, reader)
    if because is not None:
        return _without_report(article, claims, ordinals, because)
    return _with_report(article, sentences, contexts, claims, ordinals, reader)


def _day_published(article: Article, conflict: Conflict) -> date | None:
    try:
        return article.published_at.astimezone(conflict.timezone).date() if article.published_at else None
    except OverflowError:
        return None


def _author(name: str, known: Language) -> str | None:
    """Say which party or mediator a post's author speaks for, by the words of its name."""
    tokens = tag_tokens(name, 0, len(name), known, None)
    return next((str(token.value) for tag in _AUTHOR_TAGS for token in tokens if token.tag == tag), None)


def _sentences(article: Article, reader: Reader) -> list[Sentence]:
    texts: list[tuple[int | None, str, int]] = [(None, article.text, len(article.title or ""))]
    texts += [(post.post_no, post.text, 0) for post in article.posts if post.text != article.text]
    sentences: list[Sentence] = []
    for post_no, text, title_length in texts:
        sentences += sentences_of(
            text, post_no, reader.language, reader.published, title_length, sentences[-1] if sentences else None
        )
    return sentences


def _figure(article: Article, claim: Claim, report_no: int | None, refused: str | None) -> Figure:
    figure_id = short_hash(article.article_id, claim.span.post_no, claim.span.start, claim.span.end)
    return Figure(
        figure_id,
        report_no,
        claim.kind,
        claim.returned_to,
        claim.category,
        claim.quantity.value,
        claim.quantity.low,
        claim.quantity.high,
        claim.hedge,
        claim.claimant,
        claim.span,
        claim.rule,
        refused,
    )


def _without_report(article: Article, claims: list[Claim], ordinals: list[OrdinalClaim], because: str) -> Reading:
    if because == "other_conflict":
        claims = [replace(claim, returned_to=None) for claim in claims]
    if because == "irrelevant":
        claims = [replace(claim, kind=OTHER, returned_to=None) if claim.is_news else claim for claim in claims]
    figures = [_figure(article, claim, None, refusal_without_report(claim, because)) for claim in claims]
    return Reading(article.article_id, extractor_version(), tuple(figures), (), tuple(ordinals), because)


def _with_report(
    article: Article,
    sentences: list[Sentence],
    contexts: list[Context],
    claims: list[Claim],
    ordinals: list[OrdinalClaim],
    reader: Reader,
) -> Reading:
    decided = decide(claims, reader.conflict)
    used = decided.used()
    refused = {place: reason for place, reason in decided.refused.items() if place not in used}
    figures = [
        _figure(article, decided.settled(place), None if place in refused else _FIRST_REPORT, refused.get(place))
        for place in range(len(claims))
    ]
    told_in = {claims[place].sentence for place in range(len(claims)) if refused.get(place, "restated") == "restated"}
    events = [
        event_of(sentence, reader) if context.tells_of is None else context.tells_of
        for sentence, context in zip(sentences, contexts, strict=True)
    ]
    telling = [
        sentence
        for sentence, event in zip(sentences, events, strict=True)
        if sentence.number in told_in or event == "done"
    ]
    day = day_of_exchange(telling, told_in, reader, article.published_basis)
    mediators = mediators_in(
        (sentence for sentence, event in zip(sentences, events, strict=True) if event not in _NO_NEWS), reader
    )
    official = official_ordinal(ordinals, reader)
    ordinals = [replace(claim, report_no=_FIRST_REPORT) if claim.series == "war" else claim for claim in ordinals]
    report = _report(decided, figures, day, mediators, official)
    return Reading(article.article_id, extractor_version(), tuple(figures), (report,), tuple(ordinals))


def _report(
    decided: Decisions,
    figures: list[Figure],
    day: Day | None,
    mediators: dict[str, CellEvidence],
    official: OrdinalClaim | None,
) -> Report:
    cells = [*decided.evidence, *decided.doubted.values(), *mediators.values()]
    cells += [day.evidence, replace(day.evidence, measure="date_basis")] if day else []
    cells += [CellEvidence("ordinal", None, official.span, official.rule)] if official else []
    figure_ids = [figure.figure_id for figure in figures]
    evidence = tuple(
        Evidence(cell.measure, cell.party, None if cell.claim is None else figure_ids[cell.claim], cell.span, cell.rule)
        for cell in cells
    )
    counts = {
        measure: {party: value for (name, party), value in decided.cells.items() if name == measure and party}
        for measure in _MEASURES
    }
    return Report(
        _FIRST_REPORT,
        day.day if day else None,
        day.basis if day else None,
        **counts,
        hedge={party: hedge for party, hedge in decided.hedges.items() if party},
        both_total=decided.cells.get(("both_total", None)),
        both_total_hedge=decided.hedges.get(None),
        ordinal=official.ordinal if official else None,
        mediators=tuple(sorted(mediators)),
        doubts=tuple(decided.doubts),
        evidence=evidence,
    )
