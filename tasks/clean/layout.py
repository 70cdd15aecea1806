"""Sites whose articles must be pointed at: the page is reduced to what a declared layout names."""

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from tasks.errors import ItemError

if TYPE_CHECKING:
    from tasks.sources import Layout


def lay_out(soup: BeautifulSoup, layout: "Layout") -> None:
    """Leave only the head of a page, its headline, and the elements that hold the article.

    Raises ItemError when the page has no such element: the site has changed, and its layout must be declared anew.
    """
    holders = soup.select(layout.article)
    if not holders:
        raise ItemError(
            "layout_changed",
            f"has nothing at {layout.article!r}, where its source declares the article; mend the layouts of the source",
        )
    for selector in layout.drop:
        for dropped in soup.select(selector):
            dropped.decompose()
    headline = soup.find("h1")
    kept = [holder for holder in holders if not any(other in holder.parents for other in holders)]
    body = soup.new_tag("body")
    if headline is not None and not any(holder in headline.parents for holder in kept):
        body.append(headline.extract())
    for holder in kept:
        body.append(holder.extract())
    if soup.body is not None:
        soup.body.replace_with(body)
    else:
        soup.append(body)
