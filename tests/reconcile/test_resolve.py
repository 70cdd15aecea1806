"""The row of an exchange: whose number stands at its head."""

from datetime import date
from typing import Any

import pytest

from tasks.reconcile.match import ReportedSwap
from tasks.reconcile.names import name_groups
from tasks.reconcile.resolve import swap_row
from tasks.settings import Conflict

DAY = date(2024, 1, 31)


def told(
    name: str,
    ukr: int | None,
    rus: int | None,
    claimants: dict[str, str | None] | None = None,
    *,
    source: str = "",
    hedge: str = "exact",
    **cells: Any,
) -> ReportedSwap:
    counts = {party: count for party, count in (("UKR", ukr), ("RUS", rus)) if count is not None}
    row = {
        "returned_to_ukraine": ukr,
        "returned_to_russia": rus,
        "hedge_ukraine": hedge if ukr else None,
        "hedge_russia": "exact" if rus else None,
        "mediators": [],
        **cells,
    }
    hedged = frozenset({"UKR"} if hedge != "exact" else ())
    return ReportedSwap(
        (name, 1),
        source or f"{name}.example",
        cells.get("swap_date", DAY),
        counts,
        {},
        hedged,
        claimants or {},
        cells.get("ordinal"),
        row,
    )


def row_of(conflict: Conflict, *reports: ReportedSwap) -> dict[str, Any]:
    return swap_row("swap-1", list(reports), conflict.parties)


def test_one_report_is_single_source(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("a", 207, 195, ordinal=50, mediators=["United Arab Emirates"]))
    assert (row["returned_to_ukraine"], row["returned_to_russia"], row["ordinal"]) == (207, 195, 50)
    assert (row["agreement"], row["reports"], row["sources"], row["swap_kind"]) == ("single_source", 1, 1, "prisoners")
    assert (row["swap_date"], row["date_precision"], row["mediators"]) == (DAY, "day", ["United Arab Emirates"])


def test_two_reports_of_one_source_are_still_one_source(russia_ukraine: Conflict) -> None:
    assert (
        row_of(russia_ukraine, told("a", 95, 95, source="x"), told("b", 95, 95, source="x"))["agreement"]
        == "single_source"
    )


def test_sources_that_agree(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("a", 95, 95), told("b", 95, None))
    assert (row["agreement"], row["sources"], row["returned_to_russia"]) == ("agreed", 2, 95)


def test_a_sides_own_authority_counts_for_its_own_people(russia_ukraine: Conflict) -> None:
    kyiv = told("a", 207, 195, {"UKR": "UKR", "RUS": "RUS"})
    moscow = told("b", 195, 195, {"UKR": "RUS", "RUS": "RUS"})
    outlet = told("c", 195, 195, {})
    row = row_of(russia_ukraine, kyiv, moscow, outlet)
    assert (row["returned_to_ukraine"], row["returned_to_russia"], row["agreement"]) == (207, 195, "disputed")


def test_without_an_authority_most_sources_count_and_a_tie_is_null(russia_ukraine: Conflict) -> None:
    assert (
        row_of(russia_ukraine, told("a", 207, 195), told("b", 195, 195), told("c", 207, 195))["returned_to_ukraine"]
        == 207
    )
    tied = row_of(russia_ukraine, told("a", 207, 195), told("b", 195, 195))
    assert (tied["returned_to_ukraine"], tied["hedge_ukraine"], tied["agreement"]) == (None, None, "disputed")


def test_one_source_said_often_is_not_most_sources(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("a", 195, 195, source="x"), told("b", 195, 195, source="x"), told("c", 207, 195))
    assert row["returned_to_ukraine"] is None


def test_a_hedged_number_does_not_dispute(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("a", 207, 195), told("c", 207, 195), told("b", 200, 195, hedge="about"))
    assert (row["returned_to_ukraine"], row["hedge_ukraine"], row["agreement"]) == (207, "exact", "agreed")


def test_an_exact_number_goes_before_a_hedged_one(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("a", 207, 195), told("b", 200, 195, hedge="about"))
    assert (row["returned_to_ukraine"], row["hedge_ukraine"]) == (207, "exact")


def test_a_hedged_number_alone_keeps_its_hedge(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("b", 200, 195, hedge="about"))
    assert (row["returned_to_ukraine"], row["hedge_ukraine"]) == (200, "about")


def test_an_undated_exchange_says_so(russia_ukraine: Conflict) -> None:
    row = row_of(russia_ukraine, told("a", 95, 95, swap_date=None))
    assert (row["swap_date"], row["date_precision"], row["date_low"], row["date_high"]) == (None, "unknown", None, None)


def test_names_stay_when_reports_come(russia_ukraine: Conflict) -> None:
    first, second = told("m", 95, 95), told("a", 95, 95)
    names = name_groups([[first]], {})
    assert name_groups([[first, second]], names) == {first.key: names[first.key], second.key: names[first.key]}


def test_names_survive_whatever_splits_from_them(russia_ukraine: Conflict) -> None:
    first, joined = told("m", 95, 95), told("a", 95, 95)
    names = name_groups([[first]], {})
    names = name_groups([[first, joined]], names)
    after = name_groups([[joined], [first]], names)
    assert len(set(after.values())) == 2
    assert set(after) == {first.key, joined.key}


def test_the_name_stays_with_most_of_its_reports(russia_ukraine: Conflict) -> None:
    reports = [told(name, 95, 95) for name in "abcdef"]
    names = name_groups([reports], {})
    after = name_groups([reports[:1], reports[1:]], names)
    assert after[reports[1].key] == names[reports[1].key]
    assert after[reports[0].key] != names[reports[0].key]


def test_a_both_sided_number_can_be_disputed(russia_ukraine: Conflict) -> None:
    row = row_of(
        russia_ukraine,
        told("a", None, None, both_total=190, both_total_hedge="exact"),
        told("b", None, None, both_total=200, both_total_hedge="exact"),
    )
    assert (row["both_total"], row["agreement"]) == (None, "disputed")


def test_a_claimant_of_the_freed_says_nothing_of_bodies(russia_ukraine: Conflict) -> None:
    reports = [
        told("a", 95, 95, {"UKR": "UKR"}, remains_to_ukraine=500),
        told("b", 95, 95, remains_to_ukraine=501),
        told("c", 95, 95, remains_to_ukraine=501),
    ]
    assert row_of(russia_ukraine, *reports)["remains_to_ukraine"] == 501


def test_a_split_leaves_the_name_to_one_of_them(russia_ukraine: Conflict) -> None:
    first, second, third = told("a", 95, 95), told("b", 95, 95), told("c", 60, 60)
    names = name_groups([[first, second, third]], {})
    after = name_groups([[first, second], [third]], names)
    assert after[first.key] == after[second.key] == names[first.key]
    assert after[third.key] != names[first.key]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_new_names_do_not_depend_on_the_order_of_groups(order: tuple[int, int]) -> None:
    groups = [[told("a", 95, 95)], [told("b", 60, 60)]]
    assert name_groups([groups[place] for place in order], {}) == name_groups(groups, {})
