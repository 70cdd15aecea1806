"""What the documents say is so: every command, setting, column and query."""

import re
from pathlib import Path

import click
import duckdb
import pytest

from flows.cli import swaps
from schemas.ledger import ledger_tables
from tasks.paths import PROJECT, Store
from tasks.publish.dictionary import dictionary
from tasks.settings import Conflict
from tests.making import a_reading, an_article
from tests.store.opening import keep

README = (PROJECT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [
    PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md", "docs/operations.md")
]
QUERIES = re.findall(r"```sql\n(.*?)```", README, re.DOTALL)
COMMANDS = sorted(swaps.commands)


def test_the_dictionary_is_what_the_schemas_say(russia_ukraine: Conflict) -> None:
    assert (PROJECT / "data" / "DICTIONARY.md").read_text(encoding="utf-8") == dictionary(russia_ukraine.parties), (
        "data/DICTIONARY.md is stale: run `make dictionary`"
    )


def test_every_column_has_a_meaning(russia_ukraine: Conflict) -> None:
    for schema in ledger_tables(russia_ukraine.parties).values():
        assert schema.description
        assert [name for name, column in schema.columns.items() if not column.description] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    (line,) = [
        line
        for line in README.splitlines()
        if line.startswith(f"| `swaps {command} ") or line.startswith(f"| `swaps {command}`")
    ]
    for parameter in swaps.commands[command].params:
        assert parameter.opts[0] in line or isinstance(parameter, click.Argument), parameter.opts
    assert swaps.commands[command].help


def test_no_command_is_documented_that_is_not_there() -> None:
    assert sorted(re.findall(r"^\| `swaps (\w+)", README, re.MULTILINE)) == COMMANDS


def test_every_setting_is_documented() -> None:
    code = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("flows", "tasks", "tests")
        for file in (PROJECT / folder).rglob("*.py")
    )
    named = set(re.findall(r'"(SWAPS_[A-Z_]+)"', code)) - {"SWAPS_PROJECT"}
    assert named == set(re.findall(r"^\| `(SWAPS_[A-Z_]+)`", README, re.MULTILINE))


def test_readme_opens_with_the_two_commands() -> None:
    first = README.split("```")[1]
    assert [line.split("#")[0].strip() for line in first.strip().splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_every_query_runs_on_a_release(query: str, store: Store, russia_ukraine: Conflict) -> None:
    article = an_article()
    keep(store, russia_ukraine, (article, a_reading(article)))
    with duckdb.connect(str(store.database), read_only=True) as connection:
        connection.execute(query)


def test_there_are_five_queries() -> None:
    assert len(QUERIES) == 5


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_and_targets_that_documents_name_are_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets
    for name in re.findall(r"`((?:tasks|schemas|flows|tests|data)/[\w./-]+)`", text):
        made_by_runs = name.startswith(("data/published", "data/prefect", "data/archive", "data/warehouse"))
        assert made_by_runs or (PROJECT / name).exists(), name
