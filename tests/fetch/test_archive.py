"""The archive gives back what it was given, and says so when it cannot."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import StoreError
from tasks.fetch import archive
from tasks.records import RawPage

FETCHED = datetime(2024, 7, 17, 9, 30, tzinfo=UTC)


def a_page(content: bytes = b"<p>95</p>") -> RawPage:
    return RawPage("a.html", content, "text/html", FETCHED, "a.html")


@given(content=st.binary(min_size=1, max_size=300), name=st.text(max_size=20))
def test_a_page_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    folder = tmp_path_factory.mktemp("archive")
    page = RawPage(name, content, "text/html", FETCHED, name)
    archive.keep(folder, [page])
    assert archive.replay(folder, page.content_sha256) == page
    assert list(archive.index(folder)) == [(page.content_sha256, FETCHED)]


def test_the_same_content_is_kept_once_and_stays_as_it_first_came(tmp_path: Path) -> None:
    later = RawPage("b.html", a_page().content, "text/html", datetime(2025, 1, 1, tzinfo=UTC), "b.html")
    assert archive.keep(tmp_path, [a_page(), later]) == 1
    assert archive.replay(tmp_path, later.content_sha256).item == "a.html"


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
    assert sorted(file.suffix for file in tmp_path.rglob("*") if file.is_file()) == [".json", ".page"]
