"""Another conflict is another settings file: the reader's code knows no party, and no word of any language."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tasks.extract.entries import word_forms
from tasks.paths import PROJECT, SAMPLES
from tasks.settings import Conflict, conflict
from tests.extract.reading import read, report_of
from tests.golden.goldens import Golden

CODE = sorted((PROJECT / "tasks" / "extract").glob("*.py"))
WEDNESDAY = date(2024, 7, 17)


@pytest.fixture(scope="module")
def armenia_azerbaijan() -> Conflict:
    return conflict(Path(__file__).with_name("armenia_azerbaijan.toml"))


ARTICLES: list[tuple[str, str | None, str, dict[str, Any]]] = [
    (
        "both numbers",
        "Armenia and Azerbaijan exchange prisoners",
        "Armenia and Azerbaijan exchanged prisoners of war on Wednesday.\nBaku handed over 44 Armenian soldiers, and "
        "Yerevan freed 12 Azerbaijani servicemen in return. The swap was mediated by Georgia.",
        {
            "returned_to": {"ARM": 44, "AZE": 12},
            "military_to": {"ARM": 44, "AZE": 12},
            "swap_date": WEDNESDAY,
            "date_basis": "weekday",
            "mediators": ("Georgia",),
        },
    ),
    (
        "each side",
        None,
        "Yerevan and Baku swapped 15 prisoners each on July 16.\nGeorgia and Qatar brokered the deal. It was the fifth "
        "exchange since the start of the war.",
        {
            "returned_to": {"ARM": 15, "AZE": 15},
            "swap_date": date(2024, 7, 16),
            "date_basis": "explicit",
            "mediators": ("Georgia", "Qatar"),
            "ordinal": 5,
        },
    ),
    (
        "by the people and who speaks",
        None,
        "Pashinyan said on Wednesday that 32 Armenians had come home from Azerbaijani captivity.\nAzerbaijan received "
        "two of its soldiers in exchange.",
        {"returned_to": {"ARM": 32, "AZE": 2}, "military_to": {"AZE": 2}, "mediators": ()},
    ),
    (
        "soldiers and civilians",
        None,
        "Azerbaijan released 12 Armenian soldiers and 8 civilians in an exchange on Wednesday.\nArmenia handed over 3 "
        "Azerbaijani soldiers in return.",
        {"returned_to": {"ARM": 20, "AZE": 3}, "military_to": {"ARM": 12, "AZE": 3}, "civilians_to": {"ARM": 8}},
    ),
    (
        "bodies",
        None,
        "Azerbaijan handed over the bodies of 29 Armenian soldiers to Armenia on Wednesday.",
        {"returned_to": {}, "remains_to": {"ARM": 29}, "swap_date": WEDNESDAY},
    ),
]


@pytest.mark.parametrize(
    ("title", "text", "expected"), [article[1:] for article in ARTICLES], ids=[article[0] for article in ARTICLES]
)
def test_cells(title: str | None, text: str, expected: dict[str, Any], armenia_azerbaijan: Conflict) -> None:
    report = report_of(text, armenia_azerbaijan, title)
    assert {name: getattr(report, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("Russia and Ukraine exchanged 95 prisoners of war each on Wednesday.", "other_conflict"),
        ("Armenia and Azerbaijan will exchange 40 prisoners of war next week.", "planned_only"),
    ],
)
def test_no_report(text: str, because: str, armenia_azerbaijan: Conflict) -> None:
    reading = read(text, armenia_azerbaijan)
    assert (reading.no_report_because, reading.reports) == (because, ())


def test_what_is_another_conflicts_article_here_is_this_ones_there(armenia_azerbaijan: Conflict) -> None:
    sample = Golden("sample", {}, SAMPLES / "2023-12-13-armenia-azerbaijan.html")
    _, reading = sample.read(armenia_azerbaijan)
    (report,) = reading.reports
    assert (report.returned_to, report.both_total) == ({"ARM": 32, "AZE": 2}, 34)
    assert (report.swap_date, report.date_basis) == (date(2023, 12, 13), "weekday")


def test_two_conflicts_are_read_side_by_side(armenia_azerbaijan: Conflict, russia_ukraine: Conflict) -> None:
    text = "Russia and Ukraine exchanged 95 prisoners of war each on Wednesday."
    assert read(text, armenia_azerbaijan).reports == ()
    assert report_of(text, russia_ukraine).returned_to == {"UKR": 95, "RUS": 95}


def strings(code: ast.AST) -> Iterator[str]:
    """Give the strings of some code, without docstrings: these may show examples of any conflict."""
    explained = {id(node.value) for node in ast.walk(code) if isinstance(node, ast.Expr)}
    for node in ast.walk(code):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def identifiers(code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        for name in ("id", "attr", "name", "arg", "asname"):
            given = getattr(node, name, None)
            if isinstance(given, str):
                yield given


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.name)
def test_the_code_names_no_party(file: Path, russia_ukraine: Conflict, armenia_azerbaijan: Conflict) -> None:
    names = {
        name.lower()
        for known in (russia_ukraine, armenia_azerbaijan)
        for party in known.parties
        for by_language in known.words[party.code].values()
        for listed in (by_language.names, by_language.adjectives, by_language.people, by_language.authorities)
        for name in [party.code, party.column, party.name, *(word for word in listed if len(word_forms(word)) == 1)]
    }
    code = ast.parse(file.read_text(encoding="utf-8"))
    words = {word.lower() for text in strings(code) for word in word_forms(text)}
    words |= {part.lower() for name in identifiers(code) for part in name.split("_")}
    assert sorted(words & names) == []


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.name)
def test_the_code_searches_for_no_word(file: Path) -> None:
    """Regular expressions of the code tell letters from digits and signs; words stand in the rule files."""
    searched = [
        text
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile"
        for argument in node.args
        if isinstance(argument, ast.Constant | ast.JoinedStr | ast.BinOp)
        for text in strings(argument)
    ]
    assert [text for text in searched if re.search(r"(?<!\\)[a-z]{2}|[А-яІіЇїЄє]", text)] == []
