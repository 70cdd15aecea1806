"""The import rules of DECISIONS.md, held by reading every import in the code."""

import ast
import tomllib
from pathlib import Path

import pytest

from tasks.paths import PROJECT

PACKAGES = ("flows", "tasks", "schemas")
STAGES = ("fetch", "clean", "extract", "validate", "load", "reconcile", "publish")
SHARED = (
    "tasks.errors",
    "tasks.paths",
    "tasks.settings",
    "tasks.records",
    "tasks.addresses",
    "tasks.web.client",
    "tasks.web.connections",
    "tasks.web.faults",
    "tasks.web.unpacking",
    "tasks.sources",
    "tasks.warehouse",
    "tasks.ddl",
    "tasks.faults",
    "tasks.task",
    "tasks.writing",
)
FILES = sorted(file for package in PACKAGES for file in (PROJECT / package).rglob("*.py"))


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


IMPORTS = {module_of(file): imports_of(file) for file in FILES}


def users_of(library: str) -> set[str]:
    return {
        module
        for module, imported in IMPORTS.items()
        if any(name == library or name.startswith(library + ".") for name in imported)
    }


def stage_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "tasks" and len(parts) > 1 and parts[1] in STAGES else None


def test_every_stage_has_its_folder_and_its_tests() -> None:
    for stage in STAGES:
        assert f"tasks.{stage}.task" in IMPORTS
        assert list((PROJECT / "tests" / stage).glob("test_*.py")), stage


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("duckdb", {"tasks.warehouse"}),
        ("requests", {"tasks.web.client"}),
    ],
)
def test_one_door_to_the_outside(library: str, allowed: set[str]) -> None:
    assert users_of(library) <= allowed


def test_prefect_is_imported_by_flows_and_task_modules_only() -> None:
    allowed = {"tasks.writing"}  # it takes the server's limit for the tasks of all stages
    assert {
        module for module in users_of("prefect") if not module.startswith("flows.") and not module.endswith(".task")
    } <= allowed


def test_pandera_is_imported_by_schemas_and_validate_only() -> None:
    allowed = {"tasks.ddl", "tasks.publish.release", "tasks.publish.dictionary"}  # they name the type of a declaration
    assert {
        module for module in users_of("pandera") if not module.startswith(("schemas.", "tasks.validate."))
    } <= allowed


def test_a_stage_never_imports_another_stage() -> None:
    crossings = {
        (module, name)
        for module, imported in IMPORTS.items()
        if (stage := stage_of(module))
        for name in imported
        if (other := stage_of(name)) and other != stage
    }
    assert crossings == set()


def test_what_stages_share_imports_no_stage_and_no_flow() -> None:
    for module in SHARED:
        assert not {name for name in IMPORTS.get(module, ()) if stage_of(name) or name.startswith("flows")}, module


def test_schemas_import_nothing_of_the_project_but_schemas() -> None:
    assert {
        (module, name)
        for module, imported in IMPORTS.items()
        if module.startswith("schemas")
        for name in imported
        if name.startswith(("tasks", "flows"))
    } == set()


def test_flows_reach_stages_through_their_task_modules() -> None:
    """The command line may also call pure stage modules; the version of the reader is a fact of every run."""
    allowed = {"tasks.extract.version"}
    reached = {
        (module, name)
        for module, imported in IMPORTS.items()
        if module.startswith("flows.") and module != "flows.cli"
        for name in imported
        if stage_of(name)
        and not name.startswith(f"tasks.{stage_of(name)}.task")
        and not any(name.startswith(one) for one in allowed)
    }
    assert reached == set()


def test_tasks_do_not_import_flows() -> None:
    assert {module for module in users_of("flows") if not module.startswith("flows")} == set()


def test_no_module_of_flows_shadows_a_top_folder() -> None:
    assert not {
        module for module in IMPORTS if module in {f"flows.{name}" for name in ("tasks", "schemas", "data", "tests")}
    }


def test_no_drawers() -> None:
    assert not {module for module in IMPORTS if module.rsplit(".", 1)[-1] in ("utils", "helpers", "common", "misc")}


@pytest.mark.parametrize(
    "module", ["tasks.clean.page", "tasks.extract.reader", "tasks.extract.explain", "tasks.fetch.readers"]
)
def test_pure_stage_modules_import_nothing_heavy(module: str) -> None:
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in IMPORTS and name not in seen:
            seen.add(name)
            waiting += IMPORTS[name]
    heavy = {
        (name, imported)
        for name in seen
        for imported in IMPORTS[name]
        if imported.split(".")[0] in ("prefect", "pandera", "duckdb", "polars", "logging")
    }
    assert heavy == set()


def test_every_package_is_declared() -> None:
    """An installation that is not editable would lack one that is not."""
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert sorted(declared) == sorted({module_of(file) for file in FILES if file.name == "__init__.py"})
