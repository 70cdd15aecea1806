"""What is the page's and not the article's is left out, and nothing else."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.clean.text import drop_furniture, one_form
from tasks.errors import ItemError
from tests.clean.cleaning import MORE, STORY, clean_html, clean_text, page

WANTED = f"A headline\n{STORY}\n{MORE}"


@pytest.mark.parametrize(
    "furniture",
    [
        "<p>Advertisement</p>",
        "<p>ADVERTISEMENT</p>",
        "<nav><a href='/'>Home</a></nav>",
        "<aside><p>Related: 60 captives each</p></aside>",
        '<div class="c-related-stories"><p>Kyiv and Moscow swap 60 captives each</p></div>',
        '<div class="donate-box"><p>Join 4,200.</p></div>',
        "<p>Read also: Kyiv and Moscow swap 60 captives each</p>",
        "<figure><figcaption>He is 24. Photo: A. Name</figcaption></figure>",
        "<p>Home / News / Kyiv and Moscow swap 60 captives each</p>",
        "<div>Home &raquo; World &raquo; A headline</div>",
        "<p>Install our app and never miss a headline.</p>",
        "<p>Become a member</p>",
        "<script>var n = 95;</script>",
        '<div class="byline"><p>By Jane Roe</p></div>',
        "<p>Share on Facebook</p>",
        "<p>Реклама</p>",
        "<p>Читайте також: Обмін</p>",
    ],
)
def test_furniture_is_left_out(furniture: str) -> None:
    assert clean_html(page(furniture)).text == WANTED


@pytest.mark.parametrize(
    "kept",
    [
        "Homes were rebuilt.",
        "Sharing food, they waited.",
        "Related families met.",
        "The advertisement had been seen by 95 people.",
    ],
)
def test_sentences_that_begin_alike_are_kept(kept: str) -> None:
    assert clean_html(page(f"<p>{kept}</p>")).text == f"A headline\n{STORY}\n{kept}\n{MORE}"


def test_the_whole_article_is_never_furniture() -> None:
    markup = f'<body><h1>A headline</h1><div class="related"><p>{STORY}</p><p>{MORE}</p></div></body>'
    assert clean_html(markup).text == WANTED


def test_divisions_as_paragraphs() -> None:
    markup = (
        f'<body><div id="a"><h1>A headline</h1><div>Jane Roe, Friday</div><div '
        f'class="x"><div>{STORY}</div><div>{MORE}</div></div>'
        '<div><div>Bram</div><div>Peace.</div></div></div><div><div><a href="#">60 captives '
        "each</a></div></div></body>"
    )
    assert clean_html(markup).text == WANTED


def test_no_title_twice() -> None:
    assert clean_html(page("<h2>A headline</h2><p>A headline</p>")).text == WANTED
    assert clean_text(f"A headline\n\nA headline\n\n{STORY}").text == f"A headline\n{STORY}"


def test_a_doubled_paragraph_is_kept_once_and_told() -> None:
    article = clean_html(page(f"<p>{STORY}</p>"))
    assert article.text == WANTED
    assert [block.reason for block in article.dropped] == ["doubled"]


def test_what_is_dropped_is_told_with_the_reason() -> None:
    article = clean_html(page("<p>Advertisement</p>"))
    assert [(block.reason, block.text) for block in article.dropped] == [("advert", "Advertisement")]


def test_a_page_without_an_article_is_refused() -> None:
    with pytest.raises(ItemError, match="no article"):
        clean_html("<body><nav>Home</nav></body>")


def test_apostrophes_quotes_and_spaces_have_one_form() -> None:
    assert one_form("об’єкт обʼєкт об‘єкт\u00a0«так» – “yes”\u200b") == 'об\'єкт об\'єкт об\'єкт "так" – "yes"'


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + STORY + "</div>" * 20_000,
        '<div class="related">' * 20_000 + f"<p>{STORY}</p>",
        f"<p>{STORY}</p>" + "<p>x" * 20_000,
        f"<p>{STORY}</p>" + "<b><i>" * 20_000,
        f"<p>{STORY}</p><!--" + "-" * 200_000,
        f"<p>{STORY}" + "&nbsp" * 50_000 + "</p>",
        f"<p>{STORY}" + " – A" * 50_000 + "</p>",
    ],
)
def test_hostile_markup_ends_quickly(markup: str) -> None:
    began = time.monotonic()
    with suppress(ItemError):
        clean_html(markup)
    assert time.monotonic() - began < 10


@given(st.text(max_size=300))
def test_no_text_fails_but_an_empty_one(text: str) -> None:
    try:
        article = clean_text(text)
    except ItemError as refused:
        assert refused.check == "has_article"
    else:
        assert article.text.strip()


@given(st.lists(st.text(st.characters(exclude_characters="\n"), min_size=1), max_size=8))
def test_every_paragraph_is_kept_or_dropped(paragraphs: list[str]) -> None:
    kept, dropped = drop_furniture(paragraphs, None)
    assert sorted([*kept, *(block.text for block in dropped)]) == sorted(paragraphs)


LONGER = f"Earlier, 189 soldiers came home in another exchange. {STORY} {MORE} {MORE}"


@pytest.mark.parametrize(
    "widget",
    [
        f'<aside class="related"><p>{LONGER}</p></aside>',
        f"<nav><p>{LONGER}</p></nav>",
        f"<footer><p>{LONGER}</p></footer>",
        f'<div role="complementary"><p>{LONGER}</p></div>',
        f'<div class="comments"><p>{LONGER}</p></div>',
        f'<section id="read-also"><p>{LONGER}</p></section>',
        f'<div class="cookie-notice"><p>{LONGER}</p></div>',
    ],
)
def test_a_widget_longer_than_the_article_is_left_out(widget: str) -> None:
    article = clean_html(f"<body><article><h1>A headline</h1><p>{STORY}</p>{widget}</article></body>")
    assert article.text == f"A headline\n{STORY}"
    assert [block.text for block in article.dropped] == [LONGER]


def test_an_article_of_a_misleading_name_is_kept_beside_a_widget() -> None:
    widget = "<aside><p>Earlier, 189 soldiers came home.</p></aside>"
    markup = f'<body><h1>A headline</h1><div class="post-meta"><p>{STORY}</p><p>{MORE}</p>{widget}</div></body>'
    assert clean_html(markup).text == WANTED


def test_a_layout_with_a_sidebar_holds_the_article() -> None:
    footer = f"<div><p>{MORE}</p></div>"
    markup = f'<body><div class="with-sidebar"><h1>A headline</h1><p>{LONGER}</p><p>{STORY}</p></div>{footer}</body>'
    assert STORY in clean_html(markup).text
    assert clean_html(page('<div class="sidebar"><p>Earlier, 189 came home.</p></div>')).text == WANTED


def test_a_headline_that_is_not_the_title_stays() -> None:
    markup = page("<h1>What is known</h1><h1> A  headline</h1>")
    assert clean_html(markup).text == f"A headline\n{STORY}\nWhat is known\n{MORE}"


def test_a_page_inside_a_form_is_read() -> None:
    markup = (
        f'<body><form id="aspnetForm"><h1>A headline</h1><p>{STORY}</p><p>{MORE}</p>'
        "<form><label>Your name</label></form></form></body>"
    )
    assert clean_html(markup).text.startswith(WANTED)


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (f'<form class="newsletter-form"><p>{MORE}</p></form>', "newsletter"),
        (f'<form action="/search"><p>{MORE}</p></form>', "navigation"),
        ("<form><label>Your name</label></form>", "form"),
        ("<object>An old film</object>", "no_text"),
        ("<button>Press</button>", "no_text"),
    ],
)
def test_what_is_no_text_of_the_article_is_told(form: str, reason: str) -> None:
    article = clean_html(f"<body><article><h1>A headline</h1><p>{STORY}</p><p>{STORY}!</p>{form}</article></body>")
    assert article.text == f"A headline\n{STORY}\n{STORY}!"
    assert [block.reason for block in article.dropped] == [reason]
