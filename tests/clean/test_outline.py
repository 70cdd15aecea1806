"""A page in one walk: every text is kept or told as left out, whatever the page is like."""

import re
import time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean.html import read_html
from tasks.clean.outline import outline_of, without_code
from tests.clean.cleaning import MORE, STORY, ZONE

_ELEMENTS = (
    "p",
    "div",
    "h2",
    "li",
    "a",
    "b",
    "span",
    "aside",
    "nav",
    "section",
    "td",
    "figcaption",
    "noscript",
    "form",
)
_CLASSES = ("", "related", "entry", "caption", "share", "content")
_WORD = st.text("abcdefghij", min_size=3, max_size=8)
_PIECE = st.recursive(
    _WORD,
    lambda inner: st.builds(
        lambda name, kind, parts: f'<{name} class="{kind}">{" ".join(parts)}</{name}>',
        st.sampled_from(_ELEMENTS),
        st.sampled_from(_CLASSES),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=20,
)


def outlined(markup: str) -> list[str]:
    return [block.text for block in outline_of(BeautifulSoup(markup, "lxml")).blocks]


@given(st.lists(_PIECE, min_size=1, max_size=6))
def test_nothing_is_silent(pieces: list[str]) -> None:
    markup = f"<body><h1>A headline</h1><p>{STORY}</p>{''.join(pieces)}<p>{MORE}</p></body>"
    draft = read_html(markup, ZONE)
    told = " ".join([*draft.paragraphs, draft.standfirst or "", *(block.text for block in draft.dropped)])
    shown = re.sub(r"<[^>]+>", " ", "".join(pieces)).split()
    assert [word for word in shown if word not in told.replace(" ", "")] == []


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        ("<p>one <b>two</b> three</p>", ["one two three"]),
        ("<div>one<br>two<p>three</p>four</div>", ["one", "two", "three", "four"]),
        ("<table><tr><td>Kyiv</td><td>95</td></tr><tr><th>a</th><td>b</td></tr></table>", ["Kyiv | 95", "a | b"]),
        ("<table><tr><td><p>one</p></td><td>two<br></td></tr></table>", ["one", "two"]),
        ("<p>a<a>b</a>c</p><p>d<b>e</b>f</p>", ["a b c", "d e f"]),
        ("<p>Kyiv<a>'s</a> men <b>came</b> home, 95<b>th</b></p>", ["Kyiv's men came home, 95th"]),
        ('<p>a <a href="#">link <span class="visually-hidden">opens in a new tab</span></a></p>', ["a link"]),
        ("<p>one</p><script>two</script><style>three</style><p>four</p>", ["one", "four"]),
    ],
)
def test_blocks(markup: str, blocks: list[str]) -> None:
    assert outlined(markup) == blocks


@pytest.mark.parametrize(
    ("markup", "left"),
    [
        ("<p>a</p><script>b</script><p>c</p>", "<p>a</p><p>c</p>"),
        ("<p>a</p><SCRIPT src='x'>b</SCRIPT ><!-- d --><p>c</p>", "<p>a</p><p>c</p>"),
        ('<script type="application/ld+json">{}</script>', '<script type="application/ld+json">{}</script>'),
        ("<script>a", "<script>a"),
        ('<?xml version="1.0"?><html></html>', "<html></html>"),
    ],
)
def test_code_is_left_out_before_parsing(markup: str, left: str) -> None:
    assert without_code(markup) == left


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + STORY,
        f"<p>{STORY}</p>" + "<script>" * 50_000,
        f"<p>{STORY}</p>" + "<!--" * 50_000,
        f"<p>{STORY}</p>" + "<svg>x</svg>" * 20_000,
        f"<p>{STORY}</p>" + "<h3>Read also</h3>" * 10_000,
    ],
)
def test_a_hostile_page_takes_little_time(markup: str) -> None:
    began = time.monotonic()
    read_html(markup, ZONE)
    assert time.monotonic() - began < 20
