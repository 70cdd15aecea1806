"""Which articles tell of an exchange at all."""

import pytest

from tasks.settings import Conflict
from tests.extract.reading import read, report_of


@pytest.mark.parametrize(
    "text",
    [
        "89 Ukrainian soldiers had been transferred to a detention facility in the Russian city of Taganrog.",
        "Russia sent 95 captured Ukrainian soldiers to a prison camp in Mordovia.",
        "Ukraine handed 12 Russian prisoners of war to another prison.",
    ],
)
def test_people_moved_between_prisons_are_not_exchanged(text: str, russia_ukraine: Conflict) -> None:
    reading = read(text, russia_ukraine)
    assert (reading.reports, reading.no_report_because) == ((), "irrelevant")
    assert [(figure.kind, figure.returned_to) for figure in reading.figures] == [("other", None)]


@pytest.mark.parametrize(
    "text",
    [
        "In an exchange, Russia handed over 95 captured Ukrainian soldiers.",
        "Russia sent home 95 captured Ukrainian soldiers.",
        "Russia transferred 95 Ukrainian soldiers, who are home now.",
    ],
)
def test_people_sent_home_are(text: str, russia_ukraine: Conflict) -> None:
    assert report_of(text, russia_ukraine).returned_to == {"UKR": 95}


def test_bodies_handed_over_are_a_report(russia_ukraine: Conflict) -> None:
    assert report_of("Russia handed over 501 bodies to Ukraine.", russia_ukraine).remains_to == {"UKR": 501}
