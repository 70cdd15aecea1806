"""Records to the rows of the tables they are loaded into."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from schemas.measures import wide
from tasks.records import Article, Evidence, Figure, OrdinalClaim, Reading, Report, Span, Stamp
from tasks.settings import Conflict

Row = dict[str, Any]
_PARTY_COUNTS = ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to")


def table_rows(articles: Iterable[Article], readings: Iterable[Reading], conflict: Conflict) -> dict[str, list[Row]]:
    """Give the rows of every loaded table. articles and readings belong together one by one."""
    rows: dict[str, list[Row]] = {
        "articles": [],
        "embedded_posts": [],
        "swap_figures": [],
        "swap_reports": [],
        "report_evidence": [],
        "ordinal_claims": [],
    }
    for article, reading in zip(articles, readings, strict=True):
        rows["articles"].append(article_row(article, reading.no_report_because))
        rows["embedded_posts"] += [{"article_id": article.article_id, **asdict(post)} for post in article.posts]
        rows["swap_figures"] += [_figure_row(article, figure, reading) for figure in reading.figures]
        for report in reading.reports:
            rows["swap_reports"].append(_report_row(article, report, conflict))
            rows["report_evidence"] += _evidence_rows(article, report, conflict)
        rows["ordinal_claims"] += [_ordinal_row(article, claim) for claim in reading.ordinal_claims]
    return rows


def article_row(article: Article, no_report_because: str | None) -> Row:
    """Give the row of an article."""
    names = (
        "article_id",
        "page_id",
        "url",
        "source",
        "file_name",
        "language",
        "title",
        "agency",
        "fetched_at",
        "last_seen_at",
        "content_sha256",
    )
    return {
        **{name: getattr(article, name) for name in names},
        **_stamp_cells("published", article.published),
        **_stamp_cells("updated", article.updated),
        "no_report_because": no_report_because,
        "text_basis": article.text_basis,
        "text": article.text,
    }


def _stamp_cells(name: str, stamp: Stamp | None) -> Row:
    return {
        f"{name}_at": stamp.at if stamp else None,
        f"{name}_precision": stamp.precision if stamp else None,
        f"{name}_basis": stamp.basis if stamp else None,
    }


def _span_cells(span: Span, rule: str) -> Row:
    return {
        "post_no": span.post_no,
        "start_char": span.start,
        "end_char": span.end,
        "evidence": span.words,
        "rule": rule,
    }


def _figure_row(article: Article, figure: Figure, reading: Reading) -> Row:
    names = (
        "figure_id",
        "report_no",
        "kind",
        "returned_to",
        "category",
        "value",
        "value_low",
        "value_high",
        "hedge",
        "claimant",
        "refused_because",
    )
    return {
        "article_id": article.article_id,
        **{name: getattr(figure, name) for name in names},
        **_span_cells(figure.span, figure.rule),
        "extractor_version": reading.extractor_version,
    }


def _report_row(article: Article, report: Report, conflict: Conflict) -> Row:
    row: Row = {
        "article_id": article.article_id,
        "url": article.url,
        "report_no": report.report_no,
        "swap_date": report.swap_date,
        "date_basis": report.date_basis,
    }
    for party in conflict.parties:
        for measure in _PARTY_COUNTS:
            row[wide(measure, party)] = getattr(report, measure).get(party.code)
        row[wide("hedge", party)] = report.hedge.get(party.code)
    return row | {
        "both_total": report.both_total,
        "both_total_hedge": report.both_total_hedge,
        "ordinal": report.ordinal,
        "mediators": list(report.mediators),
        "doubts": list(report.doubts),
    }


def _evidence_rows(article: Article, report: Report, conflict: Conflict) -> list[Row]:
    return [
        {
            "article_id": article.article_id,
            "report_no": report.report_no,
            "field": _field(item, conflict),
            "figure_id": item.figure_id,
            **_span_cells(item.span, item.rule),
        }
        for item in report.evidence
    ]


def _field(item: Evidence, conflict: Conflict) -> str:
    party = next((party for party in conflict.parties if party.code == item.party), None)
    return wide(item.measure, party) if party else item.measure


def _ordinal_row(article: Article, claim: OrdinalClaim) -> Row:
    return {
        "article_id": article.article_id,
        "report_no": claim.report_no,
        "series": claim.series,
        "ordinal": claim.ordinal,
        "claimant": claim.claimant,
        **_span_cells(claim.span, claim.rule),
    }
