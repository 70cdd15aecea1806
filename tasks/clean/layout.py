"""Sites whose articles must be pointed at: the page is reduced to what a declared layout names."""

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, Tag

from tasks.errors import ItemError

if TYPE_CHECKING:
    from tasks.sources import Layout


def lay_out(soup: BeautifulSoup, layout: "Layout") -> None:
    """Leave only the head of a page, its headline, and the elements that hold the article.

    Raises ItemError when the page has no such element: the site has changed, and its layout must be declared anew.
    """
    holders = soup.select(layout.article)
    headline = (holders[0].find("h1") or holders[0].find_previous("h1")) if holders else None
    for selector in layout.drop:
        for dropped in soup.select(selector):
            dropped.decompose()
    left = [holder for holder in holders if not holder.decomposed]
    if not left:
        raise ItemError(
            "layout_changed",
            f"has nothing at {layout.article!r}, where its source declares the article, or drops it; mend the source's "
            "layouts, then read it again: `swaps backfill --reprocess` over the day on which it was fetched",
        )
    kept = [holder for holder in left if not any(other in holder.parents for other in left)]
    body = soup.new_tag("body")
    if isinstance(headline, Tag) and not headline.decomposed and not any(holder in headline.parents for holder in kept):
        body.append(headline.extract())
    for holder in kept:
        body.append(holder.extract())
    if soup.body is not None:
        soup.body.replace_with(body)
    else:
        soup.append(body)
