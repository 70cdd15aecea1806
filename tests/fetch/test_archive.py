"""The archive gives back what it was given, and says so when it cannot."""

import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import StoreError
from tasks.fetch import archive
from tasks.records import Answer, RawPage
from tests.fetch.test_answers import ANSWER

FETCHED = datetime(2024, 7, 17, 9, 30, tzinfo=UTC)


def a_page(content: bytes = b"<p>95</p>") -> RawPage:
    return RawPage("a.html", content, "text/html", FETCHED, "a.html")


@given(content=st.binary(min_size=1, max_size=300), name=st.text(max_size=20))
def test_a_page_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    folder = tmp_path_factory.mktemp("archive")
    page = RawPage(name, content, "text/html", FETCHED, name)
    archive.keep(folder, [page])
    assert archive.replay(folder, page.content_sha256) == [page]
    assert list(archive.index(folder)) == [archive.Archived(page.content_sha256, FETCHED)]


def test_the_same_content_is_kept_once_and_stays_as_it_first_came(tmp_path: Path) -> None:
    later = RawPage("b.html", a_page().content, "text/html", datetime(2025, 1, 1, tzinfo=UTC), "b.html")
    assert archive.keep(tmp_path, [a_page(), later]) == [a_page(), replace(a_page(), item="b.html")]
    assert archive.replay(tmp_path, later.content_sha256) == [a_page()]


def test_one_content_at_two_addresses_is_two_pages(tmp_path: Path) -> None:
    one, other = (replace(a_page(), url=f"https://wire.example/{name}") for name in ("one", "two"))
    for order in ([one, other], [other, one]):
        archive.keep(tmp_path / order[0].url[-3:], order)
        assert archive.replay(tmp_path / order[0].url[-3:], one.content_sha256) == [one, other]


def test_a_page_that_is_seen_again_keeps_its_first_address_and_its_last_time(tmp_path: Path) -> None:
    """Its address may be written in another way each time, and what is seen may come in any order."""
    days = [datetime(2024, 7, day, tzinfo=UTC) for day in (17, 18, 19)]
    seen = [
        replace(a_page(), url=url, fetched_at=day, last_seen_at=day)
        for url, day in zip(
            ("https://w.example/1", "http://w.example/1/", "https://www.w.example/1"), days, strict=True
        )
    ]
    for number, order in enumerate(permutations(seen)):
        archive.keep(tmp_path / str(number), order)
        assert archive.replay(tmp_path / str(number), seen[0].content_sha256) == [
            replace(seen[0], last_seen_at=days[2])
        ]


def test_threads_that_meet_the_same_content_lose_none_of_its_pages(tmp_path: Path) -> None:
    """Twelve outlets publish twenty agency texts at once, each under its own address, as answers and as files."""

    def bring(outlet: int) -> None:
        keeper = archive.Keeper(tmp_path, f"wire-{outlet}")
        for number in range(20):
            url = f"https://wire-{outlet}.example/{number}"
            page = replace(a_page(f"<p>{number} freed</p>".encode()), url=url, source=f"wire-{outlet}")
            keeper.keep(replace(answered(page), url=url))
            keeper.index([page]) if outlet % 2 else archive.keep(tmp_path, [page])

    with ThreadPoolExecutor(12) as threads:
        list(threads.map(bring, range(12)))
    contents = [one.content_sha256 for one in archive.index(tmp_path)]
    found = [len(archive.replay(tmp_path, content)) for content in contents]
    assert found == [12] * 20


def test_of_one_instant_the_same_page_stands_in_any_order(tmp_path: Path) -> None:
    both = [replace(a_page(), url=f"{scheme}://wire.example/1") for scheme in ("https", "http")]
    for number, order in enumerate(permutations(both)):
        archive.keep(tmp_path / str(number), order)
        (page,) = archive.replay(tmp_path / str(number), both[0].content_sha256)
        assert page.url == "http://wire.example/1"


def test_the_same_bytes_read_in_two_ways_are_two_pages(tmp_path: Path) -> None:
    as_text = replace(a_page(), media_type="text/plain", item="a.txt", file_name="a.txt")
    archive.keep(tmp_path, [a_page(), as_text])
    assert {page.media_type for page in archive.replay(tmp_path, as_text.content_sha256)} == {"text/html", "text/plain"}


def test_a_page_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    archive.keep(tmp_path, [a_page()])
    (file,) = tmp_path.rglob("*.page")
    file.write_bytes(b"<p>96</p>")
    with pytest.raises(StoreError, match="no longer what was read"):
        archive.replay(tmp_path, a_page().content_sha256)


def test_a_page_that_is_lost_is_named(tmp_path: Path) -> None:
    archive.keep(tmp_path, [a_page()])
    (file,) = tmp_path.rglob("*.page")
    file.unlink()
    with pytest.raises(StoreError, match="has lost"):
        archive.replay(tmp_path, a_page().content_sha256)


def test_nothing_but_whole_files_is_left(tmp_path: Path) -> None:
    archive.keep(tmp_path, [a_page()])
    assert sorted(file.suffix for file in tmp_path.rglob("[!.]*") if file.is_file()) == [".json", ".page"]


def answered(page: RawPage) -> Answer:
    """Give the answer in which a page would come."""
    return replace(ANSWER, headers=(), body=page.content, content=page.content)


def test_a_page_from_a_file_stays_when_its_bytes_are_an_answer_too(tmp_path: Path) -> None:
    archive.keep(tmp_path, [a_page()])
    keeper = archive.Keeper(tmp_path, "wire")
    keeper.keep(answered(a_page()))
    assert [one.content_sha256 for one in archive.index(tmp_path)] == [a_page().content_sha256]
    assert archive.replay(tmp_path, a_page().content_sha256) == [a_page()]


def test_an_answer_is_a_page_when_somebody_says_so(tmp_path: Path) -> None:
    """A source that fetched it, or a file with the same bytes that was given later."""
    fetched = RawPage("https://wire.example/1", b"<p>95</p>", "text/html", FETCHED, url="https://wire.example/1")
    for number, say in enumerate((lambda folder: archive.Keeper(folder, "wire").index([fetched]), archive_it(fetched))):
        folder = tmp_path / str(number)
        archive.Keeper(folder, "wire").keep(answered(fetched))
        assert list(archive.index(folder)) == []
        say(folder)
        assert archive.replay(folder, fetched.content_sha256) == [fetched]


def archive_it(page: RawPage) -> Callable[[Path], object]:
    return lambda folder: archive.keep(folder, [page])


def test_the_same_content_in_another_packing_is_kept_as_it_came(tmp_path: Path) -> None:
    packed = (("Content-Encoding", "gzip"),)
    keeper = archive.Keeper(tmp_path, "wire")
    for level in (1, 9, 9):
        body = gzip.compress(b"95 each " * 200, level, mtime=0)
        keeper.keep(replace(ANSWER, headers=packed, body=body, content=b"95 each " * 200))
    (manifest,) = tmp_path.rglob("*.jsonl")
    kinds = [json.loads(line)["type"] for line in manifest.read_text().splitlines()]
    assert kinds == ["request", "response", "request", "response", "request", "response"]
