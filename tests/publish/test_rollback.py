"""Going back to an earlier release, while runs go on."""

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from tasks.errors import InputError, StoreError
from tasks.paths import Store
from tasks.publish.hold import hold_of
from tasks.publish.release import KEPT_RELEASES, content_hash, kept_releases, release_id
from tasks.publish.rollback import let_go, roll_back
from tasks.settings import Conflict
from tests.making import a_reading, an_article
from tests.store.opening import keep, opened

NOW = datetime(2024, 8, 1, tzinfo=UTC)


def published(store: Store, conflict: Conflict, *numbers: int) -> list[Path]:
    """Publish a release for each article that is added."""
    made = []
    for number in numbers:
        article = an_article(url=f"https://wire.example/{number}")
        _, done = keep(store, conflict, (article, a_reading(article)))
        made.append(done.release)
    return made


def articles(store: Store) -> int:
    with duckdb.connect(str(store.database), read_only=True) as connection:
        return len(connection.execute("SELECT * FROM articles").fetchall())


def test_every_release_knows_itself_and_those_before_it(store: Store, russia_ukraine: Conflict) -> None:
    first, second = published(store, russia_ukraine, 1, 2)
    with duckdb.connect(str(store.database), read_only=True) as connection:
        rows = connection.execute(
            "SELECT release_id, articles, swaps, content_hash FROM releases ORDER BY 1"
        ).fetchall()
    assert [row[:3] for row in rows] == [(release_id(first), 1, 1), (release_id(second), 2, 1)]
    with opened(store, russia_ukraine) as warehouse:
        assert rows[1][3] == content_hash(warehouse, russia_ukraine.parties) != rows[0][3]


def test_back_and_forth(store: Store, russia_ukraine: Conflict) -> None:
    first, second, third = published(store, russia_ukraine, 1, 2, 3)
    assert roll_back(store, None, NOW, "ada") == second
    assert articles(store) == 2
    assert roll_back(store, release_id(first), NOW, "ada") == first
    assert articles(store) == 1
    hold = hold_of(store)
    assert (hold.release_id, hold.since, hold.by) == (release_id(first), NOW, "ada")
    assert let_go(store) == third
    assert (articles(store), hold_of(store)) == (3, None)


def test_runs_load_while_a_release_is_held_and_publish_when_it_is_let_go(
    store: Store, russia_ukraine: Conflict
) -> None:
    published(store, russia_ukraine, 1, 2)
    roll_back(store, None, NOW, "ada")
    more = an_article(url="https://wire.example/3")
    for _ in range(2):
        _, done = keep(store, russia_ukraine, (more, a_reading(more)))
        assert (done.is_new, done.is_held, articles(store)) == (False, True, 1)
    let_go(store)
    assert articles(store) == 2
    _, done = keep(store, russia_ukraine, (more, a_reading(more)))
    assert (done.is_new, done.is_held, articles(store)) == (True, False, 3)


def test_what_a_foreign_program_left_beside_a_release_does_not_come_back(
    store: Store, russia_ukraine: Conflict
) -> None:
    first, _ = published(store, russia_ukraine, 1, 2)
    first.with_name(f"{first.name}.wal").write_bytes(b"no wal at all")
    roll_back(store, None, NOW, "ada")
    assert articles(store) == 1


@pytest.mark.parametrize(
    ("numbers", "name", "told"),
    [
        ((), None, "nothing is published"),
        ((1,), None, "no release before"),
        ((1, 2), "1999", "no release that is kept begins with"),
        ((1, 2), "2", "more than one release that is kept begins with"),
    ],
)
def test_what_cannot_be_gone_back_to_is_named(
    store: Store, russia_ukraine: Conflict, numbers: tuple[int, ...], name: str | None, told: str
) -> None:
    published(store, russia_ukraine, *numbers)
    with pytest.raises(InputError, match=told):
        roll_back(store, name, NOW, "ada")
    assert hold_of(store) is None


def test_nothing_held_cannot_be_let_go(store: Store, russia_ukraine: Conflict) -> None:
    published(store, russia_ukraine, 1)
    with pytest.raises(InputError, match="no release is held"):
        let_go(store)


def test_a_release_that_was_made_and_never_public_is_forgotten(store: Store, russia_ukraine: Conflict) -> None:
    """A run was killed between making it and naming it."""
    (first,) = published(store, russia_ukraine, 1)
    orphan = first.with_name("swaps-20991231T000000000000Z-0123456789abcdef.duckdb")
    orphan.write_bytes(b"half")
    with opened(store, russia_ukraine) as warehouse:
        warehouse.run("INSERT INTO releases SELECT * REPLACE (? AS release_id) FROM releases", [release_id(orphan)])
    second = published(store, russia_ukraine, 2)[0]
    assert kept_releases(store) == [first, second]
    with duckdb.connect(str(store.database), read_only=True) as connection:
        assert len(connection.execute("FROM releases").fetchall()) == 2


def test_the_last_few_are_kept(store: Store, russia_ukraine: Conflict) -> None:
    made = published(store, russia_ukraine, *range(KEPT_RELEASES + 2))
    assert kept_releases(store) == made[-KEPT_RELEASES:]


# What was lost


def test_a_lost_public_path_names_the_newest_release_again(store: Store, russia_ukraine: Conflict) -> None:
    made = published(store, russia_ukraine, 1, 2, 3)
    store.database.unlink()
    (again,) = published(store, russia_ukraine, 3)
    assert (again, articles(store), kept_releases(store)) == (made[-1], 3, made)


def test_a_lost_public_release_costs_no_other(store: Store, russia_ukraine: Conflict) -> None:
    first, second, third = published(store, russia_ukraine, 1, 2, 3)
    third.unlink()
    (again,) = published(store, russia_ukraine, 3)
    assert (articles(store), kept_releases(store)) == (3, [first, second, again])


def test_a_lost_path_while_a_release_is_held_names_that_one(store: Store, russia_ukraine: Conflict) -> None:
    published(store, russia_ukraine, 1, 2)
    roll_back(store, None, NOW, "ada")
    store.database.unlink()
    published(store, russia_ukraine, 3)
    assert articles(store) == 1


def test_when_the_held_release_is_lost_nothing_is_published_until_somebody_says_so(
    store: Store, russia_ukraine: Conflict
) -> None:
    first, second, third = published(store, russia_ukraine, 1, 2, 3)
    roll_back(store, release_id(first), NOW, "ada")
    first.unlink()
    with pytest.raises(StoreError, match=r"is held, but it is not in .+ any more; hold another one"):
        published(store, russia_ukraine, 4)
    assert kept_releases(store) == [second, third]
    assert roll_back(store, release_id(second), NOW, "ada") == second
    assert articles(store) == 2
    assert let_go(store) == third


@pytest.mark.parametrize("told", ["", "[]", "{}", '{"release_id": 1, "since": "x", "by": ""}'])
def test_a_hold_that_cannot_be_understood_is_named(store: Store, russia_ukraine: Conflict, told: str) -> None:
    published(store, russia_ukraine, 1, 2)
    store.hold.write_text(told)
    with pytest.raises(StoreError, match="remove it, and go back again with `swaps rollback RELEASE`"):
        let_go(store)


def test_a_hold_that_cannot_be_written_holds_nothing(
    store: Store, russia_ukraine: Conflict, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(store, russia_ukraine, 1, 2)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space left"):
            roll_back(store, None, NOW, "ada")
    assert (hold_of(store), articles(store)) == (None, 2)


def test_releases_are_in_order_when_the_clock_is_set_back(store: Store, russia_ukraine: Conflict) -> None:
    made = []
    for number, now in ((1, NOW), (2, NOW - timedelta(days=1)), (3, NOW - timedelta(days=2)), (4, NOW)):
        article = an_article(url=f"https://wire.example/{number}")
        _, done = keep(store, russia_ukraine, (article, a_reading(article)), now=now)
        made.append(done.release)
    assert kept_releases(store) == made
    assert roll_back(store, None, NOW, "ada") == made[-2]
    assert let_go(store) == made[-1]
