"""The public file: whole, described, never half; a reader is never disturbed and never disturbs."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import polars as pl
import pytest

from schemas.ledger import VERSIONED, ledger_tables
from tasks.errors import StoreError
from tasks.load.upsert import load
from tasks.paths import Store
from tasks.publish.release import KEPT_RELEASES, content_hash, publish
from tasks.reconcile.ledger import reconcile
from tasks.records import Reading
from tasks.settings import Conflict
from tasks.validate.split import validate
from tests.making import PUBLISHED, TEXT, a_reading, an_article
from tests.store.opening import keep, opened

URL = "https://wire.example/2024/07/17/exchange"
READ_AND_HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("SELECT count(*) FROM articles").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("SELECT count(*) FROM articles").fetchone()[0], flush=True)
"""
WRITE_AND_HANG = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE mine (a INTEGER)")
connection.execute("INSERT INTO mine VALUES (1)")
print("written", flush=True)
sys.stdin.read()
"""


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(store.database), read_only=True) as connection:
        return connection.execute(query).fetchall()


def an_exchange(number: int) -> tuple[object, object]:
    article = an_article(url=f"https://wire.example/{number}")
    return article, a_reading(article)


def test_every_table_is_there_as_declared(store: Store, russia_ukraine: Conflict) -> None:
    article = an_article()
    keep(store, russia_ukraine, (article, a_reading(article, ordinal=54)))
    with duckdb.connect(str(store.database), read_only=True) as connection:
        for name, schema in ledger_tables(russia_ukraine.parties).items():
            frame = connection.sql(f"SELECT * FROM {name}").pl()
            schema.validate(frame.with_columns(pl.col(pl.Datetime).dt.convert_time_zone("UTC")), lazy=True)
        for name in VERSIONED:
            assert (
                connection.sql(f"SELECT * FROM history.{name}").columns
                == connection.sql(f"SELECT * FROM main.{name}").columns
            )


def test_every_table_and_column_has_its_comment(store: Store, russia_ukraine: Conflict) -> None:
    keep(store, russia_ukraine)
    assert rows(store, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []
    assert (
        rows(store, "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal") == []
    )


def test_nothing_private_is_published(store: Store, russia_ukraine: Conflict) -> None:
    keep(store, russia_ukraine)
    names = {name for (name,) in rows(store, "SELECT table_name FROM duckdb_tables()")}
    assert names == set(ledger_tables(russia_ukraine.parties))


def test_every_figure_stands_where_it_says(store: Store, russia_ukraine: Conflict) -> None:
    article = an_article()
    keep(store, russia_ukraine, (article, a_reading(article)))
    assert rows(
        store,
        "SELECT substr(text, start_char + 1, end_char - start_char), evidence FROM swap_figures "
        "JOIN articles USING (article_id)",
    ) == [("95 prisoners of war each", "95 prisoners of war each")]


def test_publishing_the_same_again_publishes_nothing(store: Store, russia_ukraine: Conflict) -> None:
    article = an_article()
    first = keep(store, russia_ukraine, (article, a_reading(article)))[1]
    second = keep(
        store, russia_ukraine, (replace(article, fetched_at=PUBLISHED + timedelta(days=9)), a_reading(article))
    )[1]
    assert (first.is_new, second.is_new) == (True, False)
    assert first.release == second.release
    assert len(list(store.releases.iterdir())) == 1


def test_a_release_cannot_be_written_to_and_is_a_symlink_away(store: Store, russia_ukraine: Conflict) -> None:
    published = keep(store, russia_ukraine)[1]
    assert published.release.stat().st_mode & 0o777 == 0o444
    assert store.database.is_symlink()
    assert not store.database.readlink().is_absolute()


def test_a_new_version_of_a_page_moves_the_old_one_to_history(store: Store, russia_ukraine: Conflict) -> None:
    old = an_article(url=URL)
    text = TEXT.replace("95", "96")
    new = an_article(url=URL, text=text, fetched_at=PUBLISHED + timedelta(hours=1), content_sha256="1" * 64)
    keep(store, russia_ukraine, (old, a_reading(old)))
    keep(store, russia_ukraine, (new, a_reading(new, 96, words="96 prisoners of war each")))
    assert rows(store, "SELECT version_no, returned_to_ukraine FROM articles JOIN swap_reports USING (article_id)") == [
        (2, 96)
    ]
    assert rows(
        store,
        "SELECT version_no, returned_to_ukraine FROM history.articles JOIN history.swap_reports USING (article_id)",
    ) == [(1, 95)]
    assert rows(store, "SELECT returned_to_ukraine, reports FROM swaps") == [(96, 1)]


def test_a_reader_keeps_its_release_while_others_are_published(store: Store, russia_ukraine: Conflict) -> None:
    keep(store, russia_ukraine, an_exchange(0))  # type: ignore[arg-type]
    with subprocess.Popen(
        [sys.executable, "-c", READ_AND_HOLD, str(store.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as held:
        assert held.stdout is not None
        assert held.stdout.readline() == "1\n"
        for number in range(1, KEPT_RELEASES + 3):
            keep(store, russia_ukraine, an_exchange(number))  # type: ignore[arg-type]
        assert rows(store, "SELECT count(*) FROM articles") == [(KEPT_RELEASES + 3,)]
        assert held.communicate("\n")[0] == "1\n"
    assert len(list(store.releases.glob("*.duckdb"))) == KEPT_RELEASES


def test_a_user_who_wrote_to_the_public_file_and_was_killed_breaks_nothing(
    store: Store, russia_ukraine: Conflict
) -> None:
    first = keep(store, russia_ukraine, an_exchange(0))[1]  # type: ignore[arg-type]
    first.release.chmod(0o644)
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_AND_HANG, str(store.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "written\n"
        keep(store, russia_ukraine, an_exchange(1))  # type: ignore[arg-type]
        user.kill()
    assert rows(store, "SELECT count(*) FROM articles") == [(2,)]
    keep(store, russia_ukraine, an_exchange(2))  # type: ignore[arg-type]
    assert rows(store, "SELECT count(*) FROM articles") == [(3,)]


def test_a_public_path_that_is_not_ours_is_left_alone(store: Store, russia_ukraine: Conflict) -> None:
    store.database.write_text("mine")
    with pytest.raises(StoreError, match="was not published by this program"):
        keep(store, russia_ukraine)
    assert store.database.read_text() == "mine"


def test_the_order_of_loading_does_not_change_the_content(store: Store, russia_ukraine: Conflict) -> None:
    read = [an_exchange(number) for number in range(4)]
    other = Store.at(store.database.with_name("other.duckdb"))
    for one in read:
        keep(store, russia_ukraine, one)  # type: ignore[arg-type]
    for one in reversed(read):
        keep(other, russia_ukraine, one)  # type: ignore[arg-type]
    with opened(store, russia_ukraine) as first, opened(other, russia_ukraine) as second:
        assert content_hash(first, russia_ukraine.parties) == content_hash(second, russia_ukraine.parties)


def test_a_changed_number_changes_the_content(store: Store, russia_ukraine: Conflict) -> None:
    article = an_article()
    keep(store, russia_ukraine, (article, a_reading(article)))
    with opened(store, russia_ukraine) as warehouse:
        before = content_hash(warehouse, russia_ukraine.parties)
    keep(store, russia_ukraine, (article, a_reading(article, ordinal=54)))
    with opened(store, russia_ukraine) as warehouse:
        assert content_hash(warehouse, russia_ukraine.parties) != before


def test_what_was_refused_is_published_too(store: Store, russia_ukraine: Conflict) -> None:
    article = an_article(fetched_at=datetime.now(UTC))
    wrong = a_reading(article)
    wrong = replace(wrong, figures=(replace(wrong.figures[0], value=-5),))
    keep(store, russia_ukraine, (article, wrong))
    assert rows(store, "SELECT DISTINCT stage, check_name FROM rejected WHERE check_name = 'count_within_bounds'") == [
        ("validate", "count_within_bounds")
    ]
    assert rows(store, "SELECT no_report_because FROM articles") == [("reading_rejected",)]
    assert rows(store, "SELECT count(*) FROM swap_reports") == [(0,)]


def test_a_load_after_reconcile_is_not_published_unreconciled(store: Store, russia_ukraine: Conflict) -> None:
    keep(store, russia_ukraine, an_exchange(0))  # type: ignore[arg-type]
    article, reading = an_exchange(1)
    frames = validate([article], [reading], russia_ukraine).frames  # type: ignore[list-item]
    with opened(store, russia_ukraine) as warehouse:
        reconcile(warehouse, russia_ukraine.parties)
        load(warehouse, frames)
        assert publish(warehouse, store, russia_ukraine.parties, datetime.now(UTC)) is None
        reconcile(warehouse, russia_ukraine.parties)
        assert publish(warehouse, store, russia_ukraine.parties, datetime.now(UTC)) is not None
    assert rows(store, "SELECT count(*) FROM swap_reports WHERE swap_id IN (SELECT swap_id FROM swaps)") == [(2,)]


def test_a_report_that_is_no_more_leaves_no_trace_in_the_content(store: Store, russia_ukraine: Conflict) -> None:
    first, second = an_article(url="https://wire.example/1"), an_article(url="https://wire.example/2")
    keep(store, russia_ukraine, (first, a_reading(first)), (second, a_reading(second)))
    nothing = Reading(second.article_id, "reader-2", no_report_because="irrelevant")
    keep(store, russia_ukraine, (second, nothing))
    fresh = Store.at(store.database.with_name("fresh.duckdb"))
    keep(fresh, russia_ukraine, (first, a_reading(first)), (second, nothing))
    with opened(store, russia_ukraine) as one, opened(fresh, russia_ukraine) as other:
        assert content_hash(one, russia_ukraine.parties) == content_hash(other, russia_ukraine.parties)


def test_what_a_killed_publish_left_is_cleared_away(store: Store, russia_ukraine: Conflict) -> None:
    keep(store, russia_ukraine)
    left = store.releases / ".swaps-20240101T000000000000Z-0000000000000000.duckdb.part"
    left.write_bytes(b"half")
    keep(store, russia_ukraine, an_exchange(1))  # type: ignore[arg-type]
    assert not left.exists()
