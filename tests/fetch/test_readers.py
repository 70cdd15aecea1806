"""Files to raw pages."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.errors import InputError
from tasks.fetch.readers import STANDARD_INPUT, list_files, looks_binary, read_files
from tasks.records import Found

NOW = datetime(2024, 7, 17, tzinfo=UTC)
NOTHING = io.BytesIO()


def read(path: Path) -> Found:
    return sum(read_files([path], NOTHING, NOW), Found())


def test_a_folder_gives_its_files_in_order_without_readme_and_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.html", "README.md", ".hidden.txt", "deep/c.json", ".git/d.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    assert list_files([tmp_path]) == [tmp_path / "a.html", tmp_path / "b.txt", tmp_path / "deep" / "c.json"]


def test_linked_folders_are_read_and_loops_end(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text("x")
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "named" / "loop").symlink_to(tmp_path / "named")
    assert list_files([tmp_path / "named"]) == [tmp_path / "named" / "link" / "a.txt"]


def test_what_cannot_be_opened_is_a_rejection_not_a_silence(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "locked").mkdir()
    found = sum(read_files([*list_files([tmp_path]), tmp_path / "locked"], NOTHING, NOW), Found())
    assert [(one.item, one.check_name) for one in found.rejections] == [
        ("gone.txt", "readable"),
        ("pipe.txt", "readable"),
        ("locked", "readable"),
    ]


def test_names_that_are_no_text_are_shown_as_one_line(tmp_path: Path) -> None:
    file = Path(os.fsdecode(bytes(tmp_path) + b"/a\xff\nb.txt"))
    file.write_text("x")
    (page,) = read(file).pages
    assert page.item == page.file_name == "a\ufffd\ufffdb.txt"


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert list_files([tmp_path, tmp_path / "a.txt"]) == [tmp_path / "a.txt"]


def test_a_path_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere is not there; check the path"):
        list_files([tmp_path / "nowhere"])


def test_an_empty_folder_says_what_to_put_into_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no files; put html, txt, json or jsonl"):
        list_files([tmp_path])
    assert list_files([tmp_path], may_be_empty=True) == []


def test_pages_keep_their_bytes(tmp_path: Path) -> None:
    content = "Обмін 95 на 95\r\n".encode("cp1251")
    (tmp_path / "a.txt").write_bytes(content)
    (page,) = read(tmp_path / "a.txt").pages
    assert (page.content, page.media_type, page.item, page.fetched_at) == (content, "text/plain", "a.txt", NOW)


def test_every_line_of_jsonl_is_an_item_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n\n{"text": "broken\n')
    found = read(tmp_path / "a.jsonl")
    assert [page.item for page in found.pages] == ["a.jsonl:1", "a.jsonl:3"]
    assert found.pages[1].content == b'{"text": "broken'


def test_json_holds_one_record_or_several(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"text": "one"}')
    (tmp_path / "two.json").write_text(json.dumps([{"text": "одне"}, {"text": "два"}]))
    assert [page.item for page in read(tmp_path / "one.json").pages] == ["one.json"]
    two = read(tmp_path / "two.json").pages
    assert [json.loads(page.content)["text"] for page in two] == ["одне", "два"]


@pytest.mark.parametrize(
    ("name", "content", "check", "says"),
    [
        ("a.html", b"", "not_empty", "is empty"),
        ("a.txt", b"  \n ", "not_empty", "is empty"),
        ("a.jsonl", b"\n\n", "not_empty", "one JSON record a line"),
        ("a.docx", b"text", "known_ending", "endings read are"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(200), "is_text", "is not text"),
        ("a.txt", b"%PDF-1.7 some text", "is_text", "is not text"),
        ("a.json", b"[{]", "json", "is not JSON"),
        ("a.json", b"[" * 200_000, "json", "is not JSON"),
        ("a.html", b"x" * 5_000_001, "size_cap", "is larger than 5 MB"),
    ],
)
def test_what_cannot_be_used_is_a_rejection_with_its_check(
    tmp_path: Path, name: str, content: bytes, check: str, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    found = read(tmp_path / name)
    assert found.pages == ()
    assert [(one.item, one.check_name) for one in found.rejections] == [(name, check)]
    assert says in found.rejections[0].message


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"")
    (tmp_path / "b.txt").write_text("good")
    found = sum(read_files(list_files([tmp_path]), NOTHING, NOW), Found())
    assert [page.item for page in found.pages] == ["b.txt"]
    assert [one.item for one in found.rejections] == ["a.html"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"<!doctype html><p>x</p>", "text/html"),
        (b"Ukraine and Russia", "text/plain"),
        (b'{"text": "x"}', "application/json"),
        (b'[{"text": "x"}]', "application/json"),
    ],
)
def test_standard_input_is_told_by_its_beginning(content: bytes, media_type: str) -> None:
    (page,) = next(read_files([STANDARD_INPUT], io.BytesIO(content), NOW)).pages
    assert (page.item.split(":")[0], page.media_type) == ("standard input", media_type)


@pytest.mark.parametrize("text", ["plain", "обмін", "tab\tand\nline"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-r", "utf-16"])
def test_text_in_any_encoding_is_not_taken_for_binary(text: str, encoding: str) -> None:
    assert not looks_binary((text * 20).encode(encoding, "ignore"))
