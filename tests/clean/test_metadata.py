"""The publication time: the first basis in the chain that gives one, and the others in order behind it."""

from datetime import UTC, datetime

import pytest

from tests.clean.cleaning import MORE, STORY, clean_html, clean_record, clean_text, page

STATED = '{"@graph": [{"@type": "NewsArticle", "datePublished": "2024-07-01T10:00:00Z"}]}'
JSON_LD = f'<script type="application/ld+json">{STATED}</script>'
META = '<meta property="article:published_time" content="2024-07-02T10:00:00+00:00">'
MICRODATA = '<meta itemprop="datePublished" content="2024-07-03T10:00:00Z">'
ADDRESS = '<link rel="canonical" href="https://wire.example/2024/07/04/exchange">'
TIME = '<time datetime="2024-07-05T10:00:00Z">Friday</time>'
CHAIN = [
    ("json_ld", JSON_LD, 1),
    ("meta", META, 2),
    ("microdata", MICRODATA, 3),
    ("url", ADDRESS, 4),
    ("time_element", TIME, 5),
]


@pytest.mark.parametrize("first", range(len(CHAIN)), ids=[basis for basis, _, _ in CHAIN])
def test_the_chain_in_order(first: int) -> None:
    head = "".join(markup for basis, markup, _ in reversed(CHAIN[first:]) if basis != "time_element")
    article = clean_html(page(TIME, head))
    basis, _, day = CHAIN[first]
    assert (article.published_basis, article.published_at and article.published_at.day) == (basis, day)


@pytest.mark.parametrize(
    "broken",
    [
        '<script type="application/ld+json">{not json</script>',
        '<meta property="article:published_time" content="soon">',
        '<script type="application/ld+json">{"@type": "WebSite", "datePublished": "2020-01-01"}</script>',
    ],
)
def test_what_is_no_time_is_passed_over(broken: str) -> None:
    assert clean_html(page(TIME, broken)).published_basis == "time_element"


@pytest.mark.parametrize(
    "place_and_day",
    [
        "KYIV, July 17, 2024 – ",
        "MOSCOW (Agency), 17 July 2024 – ",
        "МОСКВА, 17 июля 2024 года. ",
        "КИЇВ, 17 липня 2024 року – ",
    ],
)
def test_datelines_in_three_languages(place_and_day: str) -> None:
    article = clean_text(f"{place_and_day}{STORY}\n{MORE}")
    assert (article.published_at, article.published_basis) == (datetime(2024, 7, 17, tzinfo=UTC), "dateline")


@pytest.mark.parametrize("opening", ["On July 17, 2024, ", "He was born on 17 July 1990. ", "IN KYIV people cheered. "])
def test_a_day_in_the_text_is_no_dateline(opening: str) -> None:
    assert clean_text(f"{opening}{STORY}").published_basis is None


def test_a_records_time_goes_before_all() -> None:
    article = clean_record(
        url="https://wire.example/2024/07/04/x", published_at="2024-07-09T08:00:00+03:00", html=page(TIME, JSON_LD)
    )
    assert (article.published_at, article.published_basis) == (datetime(2024, 7, 9, 5, tzinfo=UTC), "given")


@pytest.mark.parametrize("form", [{"text": STORY}, {"html": page("")}])
def test_a_records_address_gives_the_day(form: dict[str, str]) -> None:
    article = clean_record(url="https://wire.example/2024/07/04/exchange", **form)
    assert (article.published_at, article.published_basis) == (datetime(2024, 7, 4, tzinfo=UTC), "url")


def test_the_address_has_one_form() -> None:
    article = clean_record(url="HTTPS://Wire.Example/a?utm_source=x&id=7#top", text=STORY)
    assert (article.url, article.source) == ("https://wire.example/a?id=7", "wire.example")
