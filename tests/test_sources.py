"""The declared sources: enough of them, from both sides, in three languages; and what is wrong with one is told."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tasks.clean.batch import source_at
from tasks.errors import InputError, SettingsError
from tasks.paths import SOURCES
from tasks.sources import chosen_sources, read_sources

DECLARED = """
name = "Wire"
country = "UKR"
language = "en"
kind = "agency"
sites = ["wire.example"]
on = true
pause_s = 2.0

[expected]
days = 7
least = 10
most = 500

[[discover]]
how = "feed"
url = "https://wire.example/feed"
"""


def test_the_declared_sources() -> None:
    sources = read_sources(SOURCES)
    on = [source for source in sources if source.on]
    assert len(on) >= 25
    languages = Counter(source.language for source in on)
    assert all(languages[language] >= 8 for language in ("en", "uk", "ru"))
    kinds = Counter((source.country, source.kind) for source in on)
    assert all(kinds[country, "official"] for country in ("UKR", "RUS", "ARE"))
    assert all(source.pause_s >= 1 for source in sources)
    assert len({source.name for source in sources}) == len(sources)


def test_every_source_can_be_backfilled() -> None:
    assert [
        source.key for source in read_sources(SOURCES) if not any(way.reaches_back for way in source.discover)
    ] == []


@pytest.mark.parametrize(
    ("wrong", "instead", "told"),
    [
        ('name = "Wire"', 'name = "Wire"\ncolour = "red"', "colour"),
        ('country = "UKR"', 'country = "Ukraine"', "country"),
        ('language = "en"', 'language = "english"', "language"),
        ('kind = "agency"', 'kind = "blog"', "kind"),
        ("on = true", 'on = "yes"', "on"),
        ("pause_s = 2.0", "pause_s = -1.0", "pause_s"),
        ("least = 10", "least = 1000", "expects at least more than at most"),
        ('how = "feed"', 'how = "guess"', "how"),
        ('url = "https://wire.example/feed"', 'url = "wire.example/feed"', "no http(s) address"),
        ('url = "https://wire.example/feed"', "", "url"),
        ('how = "feed"', 'how = "archive"\nlinks = "a[["', "no CSS selector"),
        (
            'how = "feed"\nurl = "https://wire.example/feed"',
            'how = "sitemap"\nurl = "https://x.example/{day}"',
            "{date:",
        ),
        ('how = "feed"', 'how = "sitemap"', "runs = true"),
        ('name = "Wire"', "name = ", "cannot be read"),
        ('sites = ["wire.example"]', "sites = []", "sites"),
        ('sites = ["wire.example"]', 'sites = [""]', "sites"),
        ('sites = ["wire.example"]', 'sites = ["https://www.wire.example/"]', "sites"),
        ('sites = ["wire.example"]', 'sites = ["www.wire.example"]', "sites"),
    ],
)
def test_a_source_that_is_not_well_declared_is_named(tmp_path: Path, wrong: str, instead: str, told: str) -> None:
    assert wrong in DECLARED
    (tmp_path / "wire-en.toml").write_text(DECLARED.replace(wrong, instead))
    with pytest.raises(SettingsError, match=r"wire-en\.toml") as refused:
        read_sources(tmp_path)
    assert told in str(refused.value)


def test_a_file_whose_name_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "Wire EN.toml").write_text(DECLARED)
    with pytest.raises(SettingsError, match="key"):
        read_sources(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SWAPS_SOURCES"):
        read_sources(tmp_path / "none")


def test_sources_are_chosen_by_name_or_because_they_are_on(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(DECLARED)
    (tmp_path / "b.toml").write_text(DECLARED.replace("on = true", "on = false"))
    sources = read_sources(tmp_path)
    assert [source.key for source in chosen_sources(sources, None)] == ["a"]
    assert [source.key for source in chosen_sources(sources, ["b"])] == ["b"]
    with pytest.raises(InputError, match="swaps sources"):
        chosen_sources(sources, ["c"])


def test_layouts_with_their_last_days(tmp_path: Path) -> None:
    layouts = (
        '\n[[layouts]]\narticle = "div.old"\nuntil = 2024-05-31\n\n[[layouts]]\narticle = "div.new"\ndrop = ["i"]\n'
    )
    (tmp_path / "a.toml").write_text(DECLARED + layouts)
    old, new = read_sources(tmp_path)[0].layouts
    assert (old.until, new.until, new.drop) == (date(2024, 5, 31), None, ("i",))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.pravda.com.ua/eng/news/2024/07/17/7466112/", "pravda-en"),
        ("https://www.pravda.com.ua/rus/news/2024/07/17/7466112/", "pravda-ru"),
        ("https://www.pravda.com.ua/news/2024/07/17/7466112/", "pravda-uk"),
        ("https://www.bbc.com/russian/articles/abc", "bbc-ru"),
        ("https://t.me/Koord_shtab/7", "koordshtab-uk"),
        ("https://t.me/another/7", None),
        ("https://notpravda.com.ua/eng/", None),
        (None, None),
    ],
)
def test_an_address_belongs_to_the_source_whose_site_it_is_on(url: str | None, key: str | None) -> None:
    found = source_at(url, read_sources(SOURCES))
    assert (found.key if found else None) == key


def test_an_unknown_key_is_named_before_what_is_missing(tmp_path: Path) -> None:
    """It is mostly the missing one, misspelled."""
    (tmp_path / "a.toml").write_text('nam = "Wire"\n')
    with pytest.raises(SettingsError, match="declared: nam is a key that is not known; "):
        read_sources(tmp_path)
