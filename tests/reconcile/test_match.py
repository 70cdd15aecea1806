"""Which reports tell of the same exchange."""

from datetime import date
from random import Random

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
    assert grouped(told("a", 230, 248), told("b", 230, 248, None)) == ["ab"]


def test_an_undated_number_each_is_no_evidence() -> None:
    assert grouped(told("a", 100, 100, date(2022, 12, 1)), told("b", 100, 100, None)) == ["a", "b"]


def test_an_undated_report_that_fits_two_exchanges_joins_neither() -> None:
    assert grouped(told("a", 95, 95), told("b", 95, 95, date(2024, 10, 18)), told("c", 95, 95, None)) == ["a", "b", "c"]


def test_undated_reports_join_each_other_only_by_ordinal() -> None:
    assert grouped(told("a", 95, 95, None, ordinal=58), told("b", 95, 95, None, ordinal=58)) == ["ab"]
    assert grouped(told("a", 95, 95, None), told("b", 95, 95, None)) == ["a", "b"]


def test_a_vague_report_of_a_day_with_two_exchanges_keeps_no_true_one_out() -> None:
    first, second = told("m", 95, 95), told("n", 60, 40)
    vague, numbered = told("a", ordinal=54), told("z", 95, 95, ordinal=54)
    assert grouped(first, second, vague, numbered) == ["amz", "n"]


def test_a_group_over_midnight_takes_reports_of_both_days() -> None:
    next_day = date(2024, 7, 18)
    assert grouped(told("a", 95, 95), told("b", 95, 95, next_day), told("c", 95, None, next_day)) == ["abc"]


def test_a_late_report_with_the_ordinal_joins() -> None:
    late = date(2024, 7, 19)
    assert grouped(told("a", 95, 95, ordinal=54), told("b", 95, 95, late, ordinal=54)) == ["ab"]
    assert grouped(told("a", 95, 95), told("b", 95, 95, late)) == ["a", "b"]


def test_days_do_not_chain() -> None:
    days = [date(2024, 7, day) for day in (17, 18, 19)]
    assert len(grouped(*(told(name, 95, 95, day) for name, day in zip("abc", days, strict=True)))) == 2


def test_many_reports_of_one_exchange_take_time_in_proportion() -> None:
    reports = [
        ReportedSwap((f"{number:05}", 1), f"s{number}", DAY, {"UKR": 95, "RUS": 95}, {}) for number in range(20_000)
    ]
    assert [len(members) for members in group(reports)] == [20_000]


REPORTS = st.lists(
    st.tuples(
        st.sampled_from([60, 95, None]), st.sampled_from([60, 95, None]), st.integers(0, 3), st.sampled_from([None, 54])
    ),
    max_size=8,
)


@given(drawn=REPORTS, random=st.randoms(use_true_random=False))
def test_neither_the_order_of_the_reports_nor_their_names_matter(
    drawn: list[tuple[int | None, int | None, int, int | None]], random: Random
) -> None:
    def shapes(names: list[str]) -> list[list[str]]:
        reports = [
            told(name, ukr, rus, date(2024, 7, 1 + day) if day else None, ordinal=ordinal)
            for name, (ukr, rus, day, ordinal) in zip(names, drawn, strict=True)
        ]
        random.shuffle(reports)
        return sorted(sorted(repr(report.signature) for report in members) for members in group(reports))

    names = [chr(97 + place) for place in range(len(drawn))]
    renamed = random.sample(names, len(names))
    assert shapes(names) == shapes(renamed)
    assert sum(map(len, shapes(names))) == len(drawn)
