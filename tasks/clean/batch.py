"""A batch of raw pages to articles; a page that is none becomes a rejection."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from tasks.clean.page import clean_page
from tasks.errors import ItemError
from tasks.records import Article, Cleaned, RawPage, Rejection, unforeseen


def clean_pages(pages: Iterable[RawPage], zone: ZoneInfo) -> Cleaned:
    """Clean pages one by one; zone is the conflict's clock."""
    articles: list[Article] = []
    rejections: list[Rejection] = []
    for page in pages:
        try:
            articles.append(clean_page(page, zone))
        except ItemError as wrong:
            rejections.append(Rejection("clean", page.item, wrong.check, str(wrong)))
        except Exception as wrong:  # noqa: BLE001 - kept as a rejection, which fails the run after all others are loaded
            rejections.append(unforeseen("clean", page.item, wrong))
    return Cleaned(tuple(articles), tuple(rejections))
