"""Whose story it is: an agency that is credited for it, and is not the outlet itself."""

import pytest

from tests.clean.cleaning import MORE, STORY, clean_html, clean_text, page

AT = '<link rel="canonical" href="https://{}/exchange">'
AUTHOR = '<script type="application/ld+json">{{"@type": "NewsArticle", "author": {}}}</script>'


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ('"Reuters"', "Reuters"),
        ('{"@type": "Organization", "name": "Agence France-Presse"}', "Agence France-Presse"),
        ('[{"name": "Jane Roe"}, {"name": "The Associated Press"}]', "Associated Press"),
        ('"Інтерфакс-Україна"', "Interfax-Ukraine"),
        ('{"name": "ТАСС"}', "TASS"),
        ('"Jane Roe"', None),
        ('["Reuters", "AFP"]', None),
        ('"Apollo Capra"', None),
    ],
)
def test_authors_in_json_ld(author: str, agency: str | None) -> None:
    assert clean_html(page("", AT.format("paper.example") + AUTHOR.format(author))).agency == agency


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("By Jane Roe, Reuters", "Reuters"),
        ("By The Associated Press", "Associated Press"),
        ("By Jane Roe with reporting by AFP", None),
        ("By Our staff and Reuters", None),
        ("Jane Doe, with AFP", None),
        ("Jane Doe, a former AP reporter", None),
        ("Photo by Sergei Name, AFP via Getty", None),
    ],
)
def test_bylines(byline: str, agency: str | None) -> None:
    body = f'<article><h1>A headline</h1><div class="byline">{byline}</div><p>{STORY}</p><p>{MORE}</p></article>'
    assert clean_html(f"<html><body>{body}</body></html>").agency == agency


@pytest.mark.parametrize(
    ("opening", "agency"),
    [
        ("KYIV, July 17 (Reuters) - ", "Reuters"),
        ("KYIV, Ukraine (AP) — ", "Associated Press"),
        ("МОСКВА, 17 июля. /ТАСС/. ", "TASS"),
        ("МОСКВА, 17 июл - РИА Новости. ", "RIA Novosti"),
        ("КИЇВ. 17 липня. УНН. ", "UNN"),
        ("A spokesman told Agence France-Presse (AFP) - and nobody else - that ", None),
        ("Officials told AFP that ", None),
        ("Soldiers (AP photo) came home. ", None),
    ],
)
def test_datelines(opening: str, agency: str | None) -> None:
    assert clean_text(f"A headline\n\n{opening}{STORY}\n\n{MORE}").agency == agency


@pytest.mark.parametrize("site", ["www.reuters.com", "tass.ru", "news.tass.com"])
def test_an_agencys_own_page_is_not_syndicated(site: str) -> None:
    name = "Reuters" if "reuters" in site else "TASS"
    assert clean_html(page("", AT.format(site) + AUTHOR.format(f'"{name}"'))).agency is None


def test_an_agencys_own_page_without_an_address() -> None:
    head = '<meta property="og:site_name" content="Ukrinform">' + AUTHOR.format('"Укрінформ"')
    assert clean_html(page("", head)).agency is None


def test_interfax_ukraine_is_not_interfax() -> None:
    head = AT.format("interfax.ru") + AUTHOR.format('"Interfax-Ukraine"')
    assert clean_html(page("", head)).agency == "Interfax-Ukraine"
