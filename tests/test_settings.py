"""The settings: parties and mediators are data, and a wrong file says what is wrong with it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.ledger import ledger_tables
from tasks.errors import SettingsError
from tasks.paths import DEFAULT_DATABASE, Store
from tasks.settings import conflict, lock_timeout_s, parse_conflict

OTHERS: dict[str, Any] = {
    "name": "Armenia-Azerbaijan",
    "timezone": "Asia/Baku",
    "began": date(2020, 9, 27),
    "ordinal_party": "ARM",
    "party": [
        {"code": "ARM", "column": "armenia", "name": "Armenia", "words": {"en": {"names": ["Armenia", "Yerevan"]}}},
        {
            "code": "AZE",
            "column": "azerbaijan",
            "name": "Azerbaijan",
            "words": {"en": {"names": ["Azerbaijan", "Baku"]}},
        },
    ],
    "mediator": [{"name": "United States", "words": {"en": ["Washington"]}}],
}


def test_another_conflict_names_its_own_columns() -> None:
    tables = ledger_tables(parse_conflict(OTHERS).parties)
    columns = set(tables["swaps"].columns)
    assert {"returned_to_armenia", "remains_to_azerbaijan"} <= columns
    assert not {column for column in columns if "ukraine" in column or "russia" in column}


def test_each_party_knows_the_other() -> None:
    other = parse_conflict(OTHERS)
    assert (other.other("ARM"), other.other("AZE")) == ("AZE", "ARM")
    assert other.mediators == {"en": {"Washington": "United States"}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ordinal_party": "POL"}, "ordinal_party"),
        ({"timezone": "Mars/Olympus"}, "Mars"),
        ({"party": OTHERS["party"][:1]}, "unpack"),
        ({"name": None}, "name"),
    ],
)
def test_a_wrong_settings_file_is_refused_by_name(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    file = tmp_path / "conflict.toml"
    listed = {**OTHERS, **change}
    lines = [f'{key} = "{listed[key]}"' for key in ("name", "timezone", "ordinal_party") if listed[key]]
    lines.append(f"began = {listed['began']}")
    for party in listed["party"]:
        lines += [
            "[[party]]",
            *(f'{key} = "{party[key]}"' for key in ("code", "column", "name")),
            "[party.words.en]",
            "names = []",
        ]
    file.write_text("\n".join(lines))
    with pytest.raises(SettingsError, match=says) as refused:
        conflict(file)
    assert str(file) in str(refused.value)


def test_a_settings_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "conflict.toml").write_text("name = ")
    with pytest.raises(SettingsError, match="cannot be read"):
        conflict(tmp_path / "conflict.toml")


def test_a_lock_timeout_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPS_LOCK_TIMEOUT", "soon")
    with pytest.raises(SettingsError, match="'soon'; give it a number of seconds"):
        lock_timeout_s()


def test_a_trial_database_keeps_everything_beside_it(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "trial.duckdb")
    assert {store.warehouse.parent, store.archive.parent, store.releases.parent, store.lock.parent} == {
        tmp_path / "trial.duckdb.private"
    }
    assert Store.at().database == DEFAULT_DATABASE == Store.at(DEFAULT_DATABASE).database
    assert Store.at(DEFAULT_DATABASE).warehouse == Store.at().warehouse
