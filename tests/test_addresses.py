"""Which addresses are one page's."""

import pytest

from tasks.addresses import canonical, identity, own_address, site

ONE_PAGE = [
    "https://wire.example/news/95-freed",
    "http://wire.example/news/95-freed",
    "https://www.wire.example/news/95-freed/",
    "HTTPS://WIRE.EXAMPLE:443/news/95-freed",
    "http://wire.example:80/news/95-freed#top",
    "https://wire.example./news/95-freed?utm_source=feed&fbclid=1",
]
OTHER_PAGES = [
    "https://wire.example/news/95-freed?page=2",
    "https://wire.example/news/95-Freed",
    "https://m.wire.example/news/95-freed",
    "https://wire.example:8443/news/95-freed",
    "https://wire.example/news/",
]


def test_one_page_has_one_identity() -> None:
    assert len({identity(url) for url in ONE_PAGE}) == 1


@pytest.mark.parametrize("url", OTHER_PAGES)
def test_another_page_has_another(url: str) -> None:
    assert identity(url) not in {None, identity(ONE_PAGE[0])}


@pytest.mark.parametrize(
    "url", [None, "", "feed 7", "ftp://wire.example/1", "https://", "http://[bad/x", "http://a:b/"]
)
def test_what_is_no_address_of_the_web_has_none(url: str | None) -> None:
    assert (identity(url), site(url)) == (None, None)


def test_parameters_in_another_order_may_be_another_page() -> None:
    assert identity("https://wire.example/?a=1&b=2") != identity("https://wire.example/?b=2&a=1")


def test_a_site_keeps_a_port_of_its_own() -> None:
    assert [site(f"http://www.wire.example{port}/1") for port in ("", ":80", ":8080")] == [
        "wire.example",
        "wire.example",
        "wire.example:8080",
    ]


@pytest.mark.parametrize(
    ("found_at", "stated", "own"),
    [
        ("https://w.example/freed-95?ref=rss", "https://w.example/freed-95-home", "https://w.example/freed-95?ref=rss"),
        ("https://w.example/95-are-freed?ref=rss", "https://w.example/95-are-freed", "https://w.example/95-are-freed"),
        ("https://w.example/n?id=7&ref=rss", "https://www.w.example/n/?id=7", "https://www.w.example/n/?id=7"),
        ("https://w.example/n?id=7", "https://w.example/n", "https://w.example/n?id=7"),
        ("https://w.example/n?id=7", "https://w.example/n?id=8", "https://w.example/n?id=7"),
        ("https://w.example/95-are-freed?a=1", "https://other.example/95-are-freed", None),
        ("https://w.example/95-are-freed", "https://w.example/", None),
        ("https://w.example/95-are-freed", "https://[bad/", None),
        (None, "https://w.example/95-are-freed", "https://w.example/95-are-freed"),
        ("https://w.example/95-are-freed", None, None),
        (None, None, None),
    ],
)
def test_of_what_a_page_states_only_fewer_parameters_are_believed(
    found_at: str | None, stated: str | None, own: str | None
) -> None:
    assert own_address(found_at, stated) == (own or found_at)


def test_the_one_form_of_an_address_still_leads_there() -> None:
    assert (
        canonical("HTTPS://WWW.Wire.example/One/?b=2&utm_medium=x&a=1#top") == "https://www.wire.example/One/?b=2&a=1"
    )
