"""Reports of short texts, expected by hand: the shapes that articles tell exchanges in."""

from typing import Any

import pytest

from tasks.settings import Conflict
from tests.extract.reading import read, report_of

CASES: list[tuple[str, str | None, str, dict[str, Any]]] = [
    (
        "ranks that make up the whole are soldiers",
        None,
        "Ukraine brought home 140 people from Russian captivity on Wednesday: 22 officers and 118 sergeants.",
        {"returned_to": {"UKR": 140}, "military_to": {"UKR": 140}},
    ),
    (
        "civilians told soon after the soldiers",
        None,
        "Russia released ten Ukrainian soldiers in an exchange on Wednesday. Two civilians came home to Ukraine too.",
        {"returned_to": {"UKR": 12}, "military_to": {"UKR": 10}, "civilians_to": {"UKR": 2}},
    ),
    (
        "the other party says what was freed",
        None,
        "Ukraine's Coordination Headquarters said on Wednesday that Russia had set free 45 people in an exchange of "
        "prisoners.",
        {"returned_to": {"UKR": 45}},
    ),
    (
        "a larger number told later is another exchange's",
        "Ukraine and Russia swap prisoners: 22 soldiers are home",
        "Ukraine brought home 22 of its soldiers from Russian captivity on Wednesday. Two of them are officers. Most "
        "are ill. They were met at the border. The talks were long. Of an earlier group 47 Ukrainian soldiers were "
        "freed.",
        {"returned_to": {"UKR": 22}, "military_to": {"UKR": 22}},
    ),
    (
        "n each",
        None,
        "Russia and Ukraine exchanged 95 prisoners of war each on Wednesday.",
        {"returned_to": {"UKR": 95, "RUS": 95}, "military_to": {"UKR": 95, "RUS": 95}},
    ),
    (
        "n for n",
        None,
        "Ukraine and Russia carried out a 75-for-75 prisoner exchange.",
        {"returned_to": {"UKR": 75, "RUS": 75}},
    ),
    (
        "total and sides",
        "Russia, Ukraine swap 206 prisoners",
        "Russia and Ukraine on Wednesday swapped 206 prisoners, 103 from each side.",
        {"returned_to": {"UKR": 103, "RUS": 103}, "both_total": 206},
    ),
    (
        "one side only",
        None,
        "Ukraine brought home 189 people from Russian captivity on Wednesday.",
        {"returned_to": {"UKR": 189}},
    ),
    (
        "the giver's view",
        None,
        "Ukraine has handed over 90 Russian servicemen, and Moscow released 95 Ukrainians in return.",
        {"returned_to": {"UKR": 95, "RUS": 90}, "military_to": {"RUS": 90}},
    ),
    (
        "the ministry's formula",
        None,
        "As a result of talks, 90 Russian servicemen were returned from captivity. "
        "In exchange, 90 prisoners of war of the Ukrainian army were handed over.",
        {"returned_to": {"UKR": 90, "RUS": 90}, "military_to": {"UKR": 90, "RUS": 90}},
    ),
    (
        "soldiers and civilians are summed",
        None,
        "Russia freed captives: 120 Ukrainian soldiers and 14 civilians came home to Kyiv.",
        {"returned_to": {"UKR": 134}, "military_to": {"UKR": 120}, "civilians_to": {"UKR": 14}},
    ),
    (
        "civilians as a part",
        None,
        "Kyiv said 60 Ukrainians had come back from Russia in a prisoner swap, five of them civilians.",
        {"returned_to": {"UKR": 60}, "civilians_to": {"UKR": 5}},
    ),
    (
        "one number for soldiers and civilians",
        None,
        "Zelensky said 207 soldiers and civilians returned to Ukraine from Russia.",
        {"returned_to": {"UKR": 207}, "military_to": {}},
    ),
    (
        "each side's word counts for its own",
        None,
        "Zelensky said 207 Ukrainians had come home.\n"
        "Russia's defence ministry said that 195 of its servicemen were freed and that 195 Ukrainian soldiers were "
        "handed over.",
        {"returned_to": {"UKR": 207, "RUS": 195}, "doubts": ("contradicted: 195, 207 for UKR",)},
    ),
    (
        "nobody is no part of anybody",
        None,
        "Ukraine and Russia exchanged 95 soldiers each on Wednesday.\n0 soldiers of Azov returned home from captivity.",
        {"returned_to": {"UKR": 95, "RUS": 95}},
    ),
    (
        "thousands set apart by a dot",
        None,
        "Ukraine and Russia exchanged prisoners of war on Wednesday: 1.000 prisoners each.",
        {"returned_to": {"UKR": 1000, "RUS": 1000}},
    ),
    (
        "an unsettled contradiction is null",
        None,
        "Russia and Ukraine exchanged prisoners on Wednesday. Some said 150 Ukrainian soldiers came home.\n"
        "Others said 163 Ukrainian soldiers came home.",
        {"returned_to": {}, "doubts": ("contradicted: 150, 163 for UKR",)},
    ),
    (
        "a hedge fills the cell",
        None,
        "Russia and Ukraine each freed some 40 soldiers.",
        {"returned_to": {"UKR": 40, "RUS": 40}, "hedge": {"UKR": "about", "RUS": "about"}},
    ),
    (
        "a range fills none",
        None,
        "Russia and Ukraine exchanged dozens of prisoners of war on Wednesday.",
        {"returned_to": {}},
    ),
    (
        "bodies are never returned people",
        None,
        "Russia handed over the bodies of 563 Ukrainian soldiers to Kyiv, and Russia received 37.",
        {"returned_to": {}, "remains_to": {"UKR": 563, "RUS": 37}},
    ),
    (
        "background stays out",
        None,
        "Russia and Ukraine exchanged 95 prisoners each on Wednesday.\nIn the previous swap, on June 25, each side "
        "freed 90 soldiers. "
        "Since the war began, 3,400 people have returned. More than 6,000 Ukrainian soldiers remain in captivity.",
        {"returned_to": {"UKR": 95, "RUS": 95}, "military_to": {}},
    ),
    (
        "the day before is background",
        None,
        "Russia and Ukraine each released 303 soldiers on Wednesday.\nOn Tuesday, each side freed 390 people.",
        {"returned_to": {"UKR": 303, "RUS": 303}},
    ),
    (
        "people set apart",
        None,
        "Russia and Ukraine exchanged 175 prisoners each on Wednesday.\nRussia also released 22 Ukrainians as a "
        "gesture of goodwill.",
        {"returned_to": {"UKR": 175, "RUS": 175}, "additional_to": {"UKR": 22}},
    ),
    (
        "parts that sum to the total",
        None,
        "Ukraine and Russia exchanged 50 soldiers each on Wednesday.\nYermak said 48 privates and two officers were "
        "freed.",
        {"returned_to": {"UKR": 50, "RUS": 50}},
    ),
    (
        "ellipsis",
        None,
        "After the exchange Kyiv received 310 prisoners, Moscow 52.",
        {"returned_to": {"UKR": 310, "RUS": 52}},
    ),
    (
        "both mediators",
        None,
        "Russia and Ukraine freed 95 captives each. Turkey and Saudi Arabia brokered the deal.",
        {"mediators": ("Saudi Arabia", "Turkey")},
    ),
    (
        "a destination is no mediator",
        None,
        "Russia and Ukraine freed 95 captives each. Five were flown to Turkey.",
        {"mediators": ()},
    ),
]


@pytest.mark.parametrize(("title", "text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_cells(title: str | None, text: str, expected: dict[str, Any], russia_ukraine: Conflict) -> None:
    report = report_of(text, russia_ukraine, title)
    assert {name: getattr(report, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("Rovers and Athletic swapped two midfielders on Wednesday.", "irrelevant"),
        ("Armenia and Azerbaijan exchanged 34 prisoners of war on Wednesday.", "other_conflict"),
        ("Hamas released 24 hostages and Israel freed 39 Palestinian prisoners, while Kyiv watched.", "other_conflict"),
        ("Russia and Ukraine have agreed to exchange 40 prisoners each.", "planned_only"),
        ("Russia and Ukraine will swap 600 prisoners each next week, Zelensky said.", "planned_only"),
    ],
)
def test_no_report(text: str, because: str, russia_ukraine: Conflict) -> None:
    reading = read(text, russia_ukraine)
    assert (reading.no_report_because, reading.reports) == (because, ())


@pytest.mark.parametrize(
    ("text", "ordinal"),
    [
        ("Russia and Ukraine freed 95 captives each. It was the 54th exchange since the start of the war.", 54),
        ("Russia and Ukraine freed 95 captives each. It was the sixth exchange this year.", None),
        ("Russia and Ukraine freed 95 captives each. It was the ninth exchange mediated by the Emirates.", None),
        ("Russia and Ukraine freed 95 captives each in the third stage of the exchange.", None),
    ],
)
def test_only_the_count_of_the_war_is_the_ordinal(text: str, ordinal: int | None, russia_ukraine: Conflict) -> None:
    assert report_of(text, russia_ukraine).ordinal == ordinal


def test_a_language_without_rules_is_not_read(russia_ukraine: Conflict) -> None:
    from tasks.extract.reader import read_article
    from tests.extract.reading import article_of

    reading = read_article(article_of("Обмін відбувся.", language="xx"), russia_ukraine)
    assert reading.no_report_because == "language_not_read"
