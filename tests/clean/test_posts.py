"""Embedded posts are taken out of the text and kept as data."""

import pytest

from tests.clean.cleaning import MORE, STORY, clean_html, clean_text, page

FRAMES = {
    "x": """<blockquote class="twitter-tweet"><p>They are home.<br>All of them.
        <a href="https://t.co/x">pic.twitter.com/abc</a></p>&mdash; Jane Roe (@janeroe)
        <a href="https://twitter.com/janeroe/status/1">July 17, 2024</a></blockquote>""",
    "facebook": """<div class="fb-post" data-href="https://www.facebook.com/janeroe/posts/1"><blockquote>
        <p>They are home.</p><p>All of them.</p>Posted by <a href="https://www.facebook.com/janeroe">Jane Roe</a> on
        <a href="#">Wednesday, July 17, 2024</a></blockquote></div>""",
    "instagram": """<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/C8/">
        <p>They are home.</p><p>All of them.</p><p><a href="#">A post shared by Jane Roe (@janeroe)</a> on
        <time datetime="2024-07-17T10:00:00Z">Jul 17, 2024</time></p></blockquote>""",
    "telegram": """<div class="tgme_widget_message" data-post="janeroe/7">
        <a class="tgme_widget_message_owner_name" href="https://t.me/janeroe">Jane Roe</a>
        <div class="tgme_widget_message_text">They are home.<br/>All of them.</div>
        <div class="tgme_widget_message_footer">41.2K
        <time datetime="2024-07-17T10:00:00Z">Jul 17</time></div></div>""",
}


@pytest.mark.parametrize("platform", FRAMES)
def test_frames(platform: str) -> None:
    article = clean_html(page(FRAMES[platform]))
    (post,) = article.posts
    assert (post.platform, post.author, post.handle) == (platform, "Jane Roe", "janeroe")
    assert post.posted_at is not None
    assert post.posted_at.date().isoformat() == "2024-07-17"
    assert post.text == "They are home.\nAll of them."
    assert "They are home" not in article.text
    assert article.text == f"A headline\n{STORY}\n{MORE}"


def test_a_post_pasted_as_text() -> None:
    article = clean_text(
        f"{STORY}\nWe continue to bring our people home.\nI am grateful to our team… pic.twitter.com/ozVW5— Jane Roe "
        f"(@janeroe) July 17, 2024\n{MORE}"
    )
    (post,) = article.posts
    assert post.text == "We continue to bring our people home.\nI am grateful to our team…"
    assert (post.author, post.handle, article.published_basis) == ("Jane Roe", "janeroe", "post")
    assert article.text == f"{STORY}\n{MORE}"


def test_a_quotation_is_no_post() -> None:
    article = clean_text(f'{STORY}\n"We are looking for everyone," she said.\n{MORE}')
    assert (article.posts, '"We are looking' in article.text) == ((), True)
