"""Planted faults are caught by a named check, and take their whole reading with them, never their neighbours."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from tasks.settings import Conflict
from tasks.validate.split import Validated, validate, validate_frames
from tests.making import a_reading, an_article

GOOD = an_article(url="https://wire.example/good")
BAD = an_article(url="https://wire.example/bad")


@pytest.fixture
def right(russia_ukraine: Conflict) -> Validated:
    return validate([GOOD, BAD], [a_reading(GOOD), a_reading(BAD)], russia_ukraine)


def planted(right: Validated, table: str, conflict: Conflict, **cells: object) -> Validated:
    """Give the rows of BAD other cells, and validate again."""
    of_bad = pl.col("article_id") == BAD.article_id
    frame = right.frames[table]
    changed = frame.with_columns(
        **{
            name: pl.when(of_bad).then(pl.lit(value, dtype=frame.schema[name])).otherwise(pl.col(name))
            for name, value in cells.items()
        }
    )
    return validate_frames({**right.frames, table: changed}, conflict)


def test_a_right_batch_passes_whole(right: Validated) -> None:
    assert right.rejections == ()
    assert {name: frame.height for name, frame in right.frames.items()} == {
        "articles": 2,
        "embedded_posts": 0,
        "swap_figures": 2,
        "swap_reports": 2,
        "report_evidence": 12,
        "ordinal_claims": 0,
    }


@pytest.mark.parametrize(
    ("table", "cells", "check"),
    [
        ("swap_figures", {"start_char": 30}, "evidence_in_place"),
        ("swap_figures", {"evidence": "96 prisoners of war each"}, "evidence_in_place"),
        ("swap_figures", {"post_no": 1}, "evidence_in_place"),
        ("swap_figures", {"value": -1, "value_low": -1}, "count_within_bounds"),
        ("swap_figures", {"value_low": 100, "value_high": 99}, "range_in_order"),
        ("swap_figures", {"kind": "swapped"}, "known_value"),
        ("swap_figures", {"returned_to": "POL"}, "known_value"),
        ("swap_figures", {"returned_to": "UKR"}, "both_for_each"),
        ("swap_figures", {"report_no": None}, "used_or_refused"),
        ("swap_figures", {"report_no": 2}, "report_exists"),
        ("swap_figures", {"figure_id": "ffffffffffffffff"}, "figure_exists"),
        ("report_evidence", {"end_char": 31}, "evidence_in_place"),
        ("report_evidence", {"field": "mediators"}, "cell_has_evidence"),
        ("swap_reports", {"civilians_to_ukraine": 96}, "total_covers_civilians_to_ukraine"),
        ("swap_reports", {"hedge_russia": None}, "hedge_beside_returned_to_russia"),
        ("swap_reports", {"swap_date": date(2024, 7, 19)}, "swap_date_not_after_publication"),
        ("swap_reports", {"date_basis": None}, "date_basis_beside_swap_date"),
        ("swap_reports", {"ordinal": 0}, "at_least_1"),
    ],
)
def test_a_planted_fault_is_caught_by_its_check(
    right: Validated, russia_ukraine: Conflict, table: str, cells: dict[str, object], check: str
) -> None:
    found = planted(right, table, russia_ukraine, **cells)
    assert check in {one.check_name for one in found.rejections}
    assert {one.item for one in found.rejections} == {
        f"{name}:{BAD.article_id}" for name in {one.item.split(":")[0] for one in found.rejections}
    }
    assert found.frames["swap_reports"]["article_id"].to_list() == [GOOD.article_id]
    assert found.frames["swap_figures"]["article_id"].to_list() == [GOOD.article_id]
    because = dict(found.frames["articles"].select("article_id", "no_report_because").iter_rows())
    assert because == {GOOD.article_id: None, BAD.article_id: "reading_rejected"}


@pytest.mark.parametrize(
    ("cells", "check"),
    [
        ({"title": "Another headline"}, "text_begins_with_title"),
        ({"published_basis": None}, "published_at_with_precision_and_basis"),
        ({"published_precision": None}, "published_at_with_precision_and_basis"),
        ({"updated_basis": "meta"}, "updated_at_with_precision_and_basis"),
        (
            {"updated_at": datetime(2001, 1, 1, tzinfo=UTC), "updated_precision": "day", "updated_basis": "meta"},
            "updated_since_published",
        ),
        ({"content_sha256": "abc"}, "well_formed"),
        ({"text": None}, "not_nullable"),
    ],
)
def test_a_wrong_article_goes_with_all_that_was_read_from_it(
    right: Validated, russia_ukraine: Conflict, cells: dict[str, object], check: str
) -> None:
    found = planted(right, "articles", russia_ukraine, **cells)
    assert check in {one.check_name for one in found.rejections}
    for name in ("articles", "swap_figures", "swap_reports", "report_evidence"):
        assert found.frames[name]["article_id"].unique().to_list() == [GOOD.article_id]


def test_the_day_after_publication_is_still_believed(right: Validated, russia_ukraine: Conflict) -> None:
    assert planted(right, "swap_reports", russia_ukraine, swap_date=date(2024, 7, 18)).rejections == ()


def test_a_missing_column_refuses_the_whole_batch(right: Validated, russia_ukraine: Conflict) -> None:
    found = validate_frames(
        {**right.frames, "embedded_posts": right.frames["embedded_posts"].drop("handle")}, russia_ukraine
    )
    assert [one.check_name for one in found.rejections] == ["column_in_dataframe"]
    assert all(frame.height == 0 for frame in found.frames.values())


def test_a_wrong_type_refuses_the_whole_batch(right: Validated, russia_ukraine: Conflict) -> None:
    wrong = right.frames["articles"].with_columns(pl.col("fetched_at").dt.date())
    found = validate_frames({**right.frames, "articles": wrong}, russia_ukraine)
    assert "dtype" in found.rejections[0].check_name
    assert found.article_count == 0


def test_rejected_rows_keep_their_cells(right: Validated, russia_ukraine: Conflict) -> None:
    found = planted(right, "swap_figures", russia_ukraine, start_char=30)
    assert '"start_char": 30' in (found.rejections[0].record or "")


def test_an_article_that_stands_twice_in_a_batch_counts_once(russia_ukraine: Conflict) -> None:
    again = replace(GOOD, file_name="copy.html")
    found = validate([GOOD, again], [a_reading(GOOD), a_reading(again)], russia_ukraine)
    assert found.article_count == 1
    assert found.rejections == ()
