"""A reading told to a person who knows no code: the text, every figure with its words and rule, the reports."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import fill, indent

from schemas.vocabulary import CATEGORIES, DATE_BASES, HEDGES, KINDS, NO_REPORT, REFUSALS, TEXT_BASES, TIME_BASES
from tasks.extract.cells import CELL_RULES
from tasks.extract.rulebook import language, languages_read
from tasks.records import Article, Figure, Post, Reading, Report, Span, Stamp
from tasks.settings import Conflict

_WIDTH = 100
_SHOWN_OF_DROPPED = 120
_MEASURES = {
    "returned_to": "people freed to",
    "military_to": "of them soldiers, to",
    "civilians_to": "of them civilians, to",
    "additional_to": "set apart from the exchange, to",
    "remains_to": "bodies to",
}


def explain(article: Article, reading: Reading, conflict: Conflict) -> str:
    """Tell how an article was read."""
    names = {party.code: party.name for party in conflict.parties} | {"BOTH": "both sides"}
    lines = [_heading("ARTICLE"), *_about(article), _heading("TEXT"), _wrapped(article.text)]
    for post in article.posts:
        lines += [_heading(f"POST {post.post_no}, taken out of the text"), _signature(post), _wrapped(post.text)]
    lines += [_heading("LEFT OUT"), *_dropped(article)]
    lines += [_heading("FIGURES: every count of people")]
    meanings = CELL_RULES | _rule_meanings(article.language, conflict)
    lines += _figures(reading, names, meanings)
    for report in reading.reports:
        lines += [_heading(f"REPORT {report.report_no}"), *_report(report, names, meanings)]
    if reading.no_report_because:
        lines += [_heading("NO REPORT"), f"{reading.no_report_because}: {NO_REPORT[reading.no_report_because]}"]
    lines += [_heading("READER"), f"version {reading.extractor_version}; languages read: {', '.join(languages_read())}"]
    return "\n".join(lines)


def _signature(post: Post) -> str:
    author = f"{post.author or 'author unknown'} (@{post.handle or '?'})"
    return f"{post.platform or 'unknown platform'}, {author}, {_moment(post.posted_at) or 'time unknown'}"


def _dropped(article: Article) -> list[str]:
    return [f"{block.reason}: {_short(block.text)}" for block in article.dropped] or ["nothing"]


def _moment(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else None


def _heading(title: str) -> str:
    return f"\n=== {title} " + "=" * max(0, _WIDTH - len(title) - 5)


def _wrapped(text: str) -> str:
    return "\n".join(fill(line, _WIDTH) for line in text.split("\n"))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_OF_DROPPED else text[:_SHOWN_OF_DROPPED] + "..."


def _about(article: Article) -> Iterator[str]:
    yield f"title:     {article.title or '(none)'}"
    yield f"address:   {article.url or '(none)'}"
    yield f"source:    {article.source}"
    yield f"language:  {article.language}"
    yield f"text:      {TEXT_BASES[article.text_basis]}"
    if article.agency:
        yield f"agency:    {article.agency}"
    yield f"published: {_stamp(article.published)}"
    if article.updated:
        yield f"updated:   {_stamp(article.updated)}"


def _stamp(stamp: Stamp | None) -> str:
    """Show a time no more precisely than it is known, with what it was taken from."""
    if stamp is None:
        return "unknown"
    shown = f"{stamp.at:%Y-%m-%d}" if stamp.precision == "day" else _moment(stamp.at)
    return f"{shown} (from {TIME_BASES[stamp.basis]})"


def _rule_meanings(code: str, conflict: Conflict) -> dict[str, str]:
    if code not in languages_read():
        return {}
    return {rule.name: rule.meaning for rules in language(code, conflict).rules.values() for rule in rules}


def _figures(reading: Reading, names: dict[str, str], meanings: dict[str, str]) -> Iterator[str]:
    if not reading.figures:
        yield "none"
    for number, figure in enumerate(reading.figures, start=1):
        whose = names.get(figure.returned_to or "", "side not known")
        yield f'{number:2}. "{figure.span.words}"{_where(figure.span)}'
        yield f"    {_amount(figure)} | {figure.kind}: {KINDS[figure.kind]} | {whose} | {CATEGORIES[figure.category]}"
        yield f"    said by: {names.get(figure.claimant or '', figure.claimant or 'the outlet itself')}"
        for name in figure.rule.split("+"):
            yield f"    rule {name}: {meanings.get(name, 'a rule of the program')}"
        yield f"    {_fate(figure)}"


def _where(span: Span) -> str:
    place = f"characters {span.start} to {span.end}"
    return f" ({place} of post {span.post_no})" if span.post_no else f" ({place})"


def _amount(figure: Figure) -> str:
    if figure.value is None:
        return f"between {figure.value_low} and {figure.value_high or 'no limit'}"
    return f"{figure.value}{_hedged(figure.hedge)}"


def _fate(figure: Figure) -> str:
    used = f"used in report {figure.report_no}" if figure.report_no else ""
    refused = (
        f"not the report's number, because {figure.refused_because}: {REFUSALS[figure.refused_because]}"
        if figure.refused_because
        else ""
    )
    return "; ".join(part for part in (used, refused) if part)


def _report(report: Report, names: dict[str, str], meanings: dict[str, str]) -> Iterator[str]:
    basis = f" ({report.date_basis}: {DATE_BASES[report.date_basis]})" if report.date_basis else ""
    yield f"day: {report.swap_date or 'not settled by the article'}{basis}"
    yield from _words(report, "swap_date", None, meanings)
    for measure, label in _MEASURES.items():
        for party, value in getattr(report, measure).items():
            hedge = report.hedge.get(party) if measure == "returned_to" else None
            yield f"{label} {names[party]}: {value}{_hedged(hedge)}"
            yield from _words(report, measure, party, meanings)
    if report.both_total is not None:
        yield f"both sides together, as stated: {report.both_total}{_hedged(report.both_total_hedge)}"
        yield from _words(report, "both_total", None, meanings)
    if report.ordinal is not None:
        yield f"number in the official count: {report.ordinal}"
        yield from _words(report, "ordinal", None, meanings)
    if report.mediators:
        yield f"mediators: {', '.join(report.mediators)}"
        yield from _words(report, "mediators", None, meanings)
    yield from (f"doubt: {doubt}" for doubt in report.doubts)
    yield from _words(report, "doubts", None, meanings)


def _hedged(hedge: str | None) -> str:
    return f" ({HEDGES[hedge]})" if hedge not in (None, "exact") else ""


def _words(report: Report, measure: str, party: str | None, meanings: dict[str, str]) -> Iterator[str]:
    for item in report.evidence:
        if (item.measure, item.party) == (measure, party):
            why = meanings.get(item.rule, "a rule of the program")
            yield indent(f'from "{item.span.words}"{_where(item.span)}, rule {item.rule}: {why}', "    ")
