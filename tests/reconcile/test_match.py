"""Which reports tell of the same exchange."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tasks.reconcile.match import ReportedSwap, group

DAY = date(2024, 7, 17)


def told(
    name: str,
    ukr: int | None = None,
    rus: int | None = None,
    day: date | None = DAY,
    *,
    ordinal: int | None = None,
    bodies: int | None = None,
    hedged: str = "",
) -> ReportedSwap:
    counts = {party: count for party, count in (("UKR", ukr), ("RUS", rus)) if count is not None}
    return ReportedSwap(
        (name, 1),
        f"{name}.example",
        day,
        counts,
        {"UKR": bodies} if bodies else {},
        frozenset({hedged} if hedged else ()),
        {},
        ordinal,
    )


def grouped(*reports: ReportedSwap) -> list[str]:
    return sorted("".join(sorted(report.key[0] for report in members)) for members in group(reports))


def test_same_day_and_figures_are_one_exchange() -> None:
    assert grouped(told("a", 95, 95), told("b", 95, 95)) == ["ab"]


def test_one_side_agreeing_is_enough_on_the_same_day() -> None:
    assert grouped(told("a", 207, 195), told("b", 195, 195)) == ["ab"]
    assert grouped(told("a", 207, 195), told("b", None, 195)) == ["ab"]


def test_different_figures_on_one_day_stay_apart() -> None:
    assert grouped(told("a", 95, 95), told("b", 60, 40)) == ["a", "b"]


def test_a_report_without_figures_joins_its_day() -> None:
    assert grouped(told("a", 95, 95), told("b")) == ["ab"]


def test_different_ordinals_stay_apart_even_with_equal_figures() -> None:
    assert grouped(told("a", 95, 95, ordinal=54), told("b", 95, 95, ordinal=58)) == ["a", "b"]


def test_the_day_after_joins_only_when_a_number_says_so() -> None:
    next_day = date(2024, 7, 18)
    assert grouped(told("a", 95, 95), told("b", 95, 95, next_day)) == ["ab"]
    assert grouped(told("a", 95, 95, ordinal=54), told("b", 95, None, next_day, ordinal=54)) == ["ab"]
    assert grouped(told("a", 95, 95), told("b", 95, None, next_day)) == ["a", "b"]
    assert grouped(told("a", 95, 95), told("b", 60, 60, next_day)) == ["a", "b"]


def test_bodies_alone_and_people_are_different_exchanges() -> None:
    assert grouped(told("a", 95, 95), told("b", bodies=501)) == ["a", "b"]
    assert grouped(told("a", 75, 75, bodies=212), told("b", 75, 75)) == ["ab"]


def test_a_hedged_number_meets_an_exact_one_near_it() -> None:
    assert grouped(told("a", 95, 95), told("b", 100, None, hedged="UKR")) == ["ab"]
    assert grouped(told("a", 95, 95), told("b", 150, None, hedged="UKR")) == ["a", "b"]


def test_an_undated_report_joins_the_only_exchange_that_fits() -> None:
    assert grouped(told("a", 95, 95, ordinal=54), told("b", 95, 95, None, ordinal=54)) == ["ab"]
    assert grouped(told("a", 95, 95), told("b", 95, 95, None)) == ["ab"]


def test_an_undated_report_that_fits_two_exchanges_joins_neither() -> None:
    assert grouped(told("a", 95, 95), told("b", 95, 95, date(2024, 10, 18)), told("c", 95, 95, None)) == ["a", "b", "c"]


def test_undated_reports_join_each_other_only_by_ordinal() -> None:
    assert grouped(told("a", 95, 95, None, ordinal=58), told("b", 95, 95, None, ordinal=58)) == ["ab"]
    assert grouped(told("a", 95, 95, None), told("b", 95, 95, None)) == ["a", "b"]


REPORTS = st.lists(
    st.tuples(
        st.sampled_from([60, 95, None]), st.sampled_from([60, 95, None]), st.integers(0, 3), st.sampled_from([None, 54])
    ),
    max_size=8,
)


@given(drawn=REPORTS, shuffled=st.randoms())
def test_the_order_of_the_reports_does_not_matter(
    drawn: list[tuple[int | None, int | None, int, int | None]], shuffled: object
) -> None:
    reports = [
        told(chr(97 + place), ukr, rus, date(2024, 7, 1 + day) if day else None, ordinal=ordinal)
        for place, (ukr, rus, day, ordinal) in enumerate(drawn)
    ]
    mixed = list(reports)
    shuffled.shuffle(mixed)  # type: ignore[attr-defined]
    assert grouped(*mixed) == grouped(*reports)
    assert sorted("".join(grouped(*reports))) == sorted(report.key[0] for report in reports)
