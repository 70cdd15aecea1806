"""Hand-made expectations, and how a reading is compared with them.

A golden names evidence by its words, not by offsets, so that better cleaning does not break it. A number that the
text repeats may be used at any of its occurrences.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.clean.page import clean_page
from tasks.clean.text import one_form
from tasks.extract.reader import read_article
from tasks.fetch.readers import read_files
from tasks.records import Article, Figure, Reading, Report, Span
from tasks.settings import Conflict

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
PARTY_MEASURES = ("returned_to", "military_to", "civilians_to", "additional_to", "remains_to")


@dataclass(frozen=True)
class Golden:
    """One article's expectations, and the article they are for."""

    name: str
    expected: dict[str, Any]
    file: Path

    def read(self, conflict: Conflict) -> tuple[Article, Reading]:
        with self.file.open("rb") as nothing:
            (found,) = read_files([self.file], nothing, FETCHED)
        article = clean_page(found.pages[self.expected.get("record", 1) - 1], conflict.timezone)
        return article, read_article(article, conflict)


def goldens(folder: Path, articles: Path) -> list[Golden]:
    found = []
    for file in sorted(folder.glob("*.toml")):
        expected = tomllib.loads(file.read_text(encoding="utf-8"))
        found.append(Golden(file.stem, expected, articles / expected["article"]))
    return found


def article_differences(expected: dict[str, Any], article: Article) -> list[str]:
    """Compare what the clean stage gave."""
    differences = []
    for name in ("language", "title", "published_basis"):
        want = expected.get(name)
        got = getattr(article, name)
        if (one_form(want) if isinstance(want, str) else want) != got:
            differences.append(f"{name}: expected {want!r}, got {got!r}")
    published = expected.get("published_at")
    want_time = datetime.fromisoformat(published) if published else None
    if want_time != article.published_at:
        differences.append(f"published_at: expected {want_time}, got {article.published_at}")
    differences += [
        f"text lacks {piece!r}" for piece in expected.get("text_has", []) if one_form(piece) not in article.text
    ]
    differences += [
        f"text has {piece!r}" for piece in expected.get("text_lacks", []) if one_form(piece) in article.text
    ]
    return differences + _post_differences(expected.get("embedded_posts", []), article)


def _post_differences(expected: list[dict[str, Any]], article: Article) -> list[str]:
    if len(expected) != len(article.posts):
        return [f"posts: expected {len(expected)}, got {len(article.posts)}"]
    differences = []
    for want, post in zip(expected, article.posts, strict=True):
        day = post.posted_at.date().isoformat() if post.posted_at else None
        got = {"platform": post.platform, "author": post.author, "handle": post.handle, "posted_on": day}
        wanted = {name: want.get(name) for name in got}
        wanted["author"] = one_form(wanted["author"]) if wanted["author"] else None
        if wanted != got:
            differences.append(f"post: expected {wanted}, got {got}")
        if one_form(want.get("text_has", "")) not in post.text:
            differences.append(f"post lacks {want['text_has']!r}: {post.text!r}")
    return differences


def reading_differences(expected: dict[str, Any], article: Article, reading: Reading, conflict: Conflict) -> list[str]:
    """Compare what the extract stage gave."""
    if expected.get("no_report_because") != reading.no_report_because:
        return [f"no_report_because: expected {expected.get('no_report_because')}, got {reading.no_report_because}"]
    wanted = expected.get("reports", [])
    if len(wanted) != len(reading.reports):
        return [f"reports: expected {len(wanted)}, got {len(reading.reports)}"]
    differences = []
    for want, report in zip(wanted, reading.reports, strict=True):
        differences += report_differences(want, report, conflict)
        differences += evidence_differences(want.get("evidence", {}), article, report, conflict)
    return differences + _figure_differences(expected.get("figures", []), article, reading)


def cells(report: Report, conflict: Conflict) -> dict[str, Any]:
    """Give a report's cells by the names of the wide table; no null ones, and no hedge that is exact."""
    wide: dict[str, Any] = {}
    for party in conflict.parties:
        for measure in PARTY_MEASURES:
            wide[f"{measure}_{party.column}"] = getattr(report, measure).get(party.code)
        hedge = report.hedge.get(party.code)
        wide[f"hedge_{party.column}"] = hedge if hedge != "exact" else None
    for name in ("swap_date", "date_basis", "both_total", "ordinal"):
        wide[name] = getattr(report, name)
    wide["both_total_hedge"] = report.both_total_hedge if report.both_total_hedge != "exact" else None
    wide["mediators"] = sorted(report.mediators)
    return {name: value for name, value in wide.items() if value not in (None, [])}


def report_differences(want: dict[str, Any], report: Report, conflict: Conflict) -> list[str]:
    wanted = {
        name: sorted(value) if name == "mediators" else value for name, value in want.items() if name != "evidence"
    }
    wanted = {name: value for name, value in wanted.items() if value not in ("exact", [])}
    got = cells(report, conflict)
    return [
        f"{name}: expected {wanted.get(name)!r}, got {got.get(name)!r}"
        for name in sorted({*wanted, *got})
        if wanted.get(name) != got.get(name)
    ]


def evidence_differences(want: dict[str, str], article: Article, report: Report, conflict: Conflict) -> list[str]:
    """Say which cells have no evidence that overlaps the words expected."""
    columns = {party.code: party.column for party in conflict.parties}
    differences = []
    for name, words in want.items():
        rows = [
            row
            for row in report.evidence
            if name == (f"{row.measure}_{columns[row.party]}" if row.party else row.measure)
        ]
        if not any(_overlaps(one_form(words), row.span, article) for row in rows):
            differences.append(f"evidence of {name}: {words!r} is not at {[row.span.words for row in rows]}")
    return differences


FIGURE_CELLS = ("value", "kind", "returned_to", "category", "hedge", "refused_because")


def _figure_differences(expected: list[dict[str, Any]], article: Article, reading: Reading) -> list[str]:
    """Compare figures by their words; of several with the same words, any order will do."""
    unmatched = list(reading.figures)
    missing: list[dict[str, Any]] = []
    for want in expected:
        found = next((figure for figure in unmatched if _is_figure(want, figure, article)), None)
        if found is None:
            missing.append(want)
        else:
            unmatched.remove(found)
    return [f"figure missing: {want}" for want in missing] + [
        f"figure too many: {figure.span.words!r} "
        + str({name: getattr(figure, name) for name in FIGURE_CELLS})
        + f" by {figure.rule}"
        for figure in unmatched
    ]


def _is_figure(want: dict[str, Any], figure: Figure, article: Article) -> bool:
    overlaps = _overlaps(one_form(want["words"]), figure.span, article)
    cells_agree = all(getattr(figure, name) == want.get(name) for name in ("value", "kind", "returned_to", "category"))
    refused = {want.get("refused_because"), "restated" if "refused_because" not in want else None}
    part = want.get("refused_because") == "subset" or want.get("category") in ("civilian", "military")
    refused |= {"subset", None} if part and want.get("refused_because") in (None, "subset") else set()
    if want.get("refused_because") == "restated":
        refused.add(None)
    return (
        overlaps
        and cells_agree
        and figure.hedge in (want.get("hedge", "exact"), "about" if figure.value is None else "")
        and figure.refused_because in refused
    )


def _overlaps(words: str, span: Span, article: Article) -> bool:
    """Whether the words, at any of their places in the text, share characters with the span."""
    text = article.text_of(span.post_no)
    return any(start < span.end and span.start < start + len(words) for start in _places(words, text))


def _places(words: str, text: str) -> list[int]:
    places, start = [], text.find(words)
    while start >= 0:
        places.append(start)
        start = text.find(words, start + 1)
    return places
