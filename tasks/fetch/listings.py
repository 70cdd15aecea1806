"""Pages that list articles: links of a page by a selector, and messages of a Telegram channel's public pages."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urldefrag, urljoin

from bs4 import BeautifulSoup, Tag
from soupsieve import SelectorSyntaxError

from tasks.errors import ItemError, SettingsError
from tasks.fetch.feeds import absolute
from tasks.records import Listed

_PARSER = "lxml"
_TELEGRAM = "https://t.me"
_MESSAGE = "div.tgme_widget_message[data-post]"
_MESSAGE_TEXT = ".tgme_widget_message_text"
_QUOTED = "tgme_widget_message_reply"
"""The message that another one answers to, in short."""
_SENT = ".tgme_widget_message_date time[datetime]"
_OLDER = 'link[rel~="prev"][href], a.tme_messages_more[data-before][href]'
_POST = re.compile(r"(\w+)/(\d+)", re.ASCII)


def links(content: bytes, url: str, selector: str) -> list[Listed]:
    """Give the articles that a page at `url` links to: the links that a CSS selector names, or that stand inside.

    Addresses are absolute and without fragment, each once, with the longest of its links' texts as title. Raises
    ItemError (`layout_changed`) for a page on which the selector finds no link of the web, and SettingsError for a
    selector that is none.
    """
    soup = _soup(content)
    try:
        chosen = soup.select(selector)
    except SelectorSyntaxError as wrong:
        said = " ".join(str(wrong).split())
        raise SettingsError(
            f"{selector!r} is no CSS selector ({said}); mend it where the source is declared"
        ) from wrong
    base = _base(soup, url)
    titles: dict[str, str] = {}
    for anchor in (one for element in _outermost(chosen) for one in _anchors(element)):
        address = absolute(str(anchor["href"]), base)
        if address:
            page, text = urldefrag(address).url, " ".join(anchor.get_text(" ").split())
            titles[page] = max(titles.get(page, ""), text, key=len)
    if not titles:
        raise ItemError(
            "layout_changed",
            f"{url} has no link at {selector!r}: the site's layout has changed; declare a selector that fits it now",
        )
    return [Listed(page, title=title or None) for page, title in titles.items()]


def _soup(content: bytes) -> BeautifulSoup:
    """Parse a page. UTF-8 goes before what it declares: pages lie, and other encodings hardly ever pass for it."""
    try:
        return BeautifulSoup(content.decode("utf-8"), _PARSER)
    except UnicodeDecodeError:
        return BeautifulSoup(content, _PARSER)


def _base(soup: BeautifulSoup, url: str) -> str:
    """Give the address that the page's relative addresses are relative to."""
    base = soup.select_one("base[href]")
    return (absolute(str(base["href"]), url) if base else None) or url


def _outermost(chosen: Iterable[Tag]) -> list[Tag]:
    """Leave out elements inside others of them, so that a page that nests them a thousandfold is searched once."""
    seen: set[int] = set()
    outermost = []
    for element in chosen:
        if not any(id(above) in seen for above in element.parents):
            outermost.append(element)
        seen.add(id(element))
    return outermost


def _anchors(element: Tag) -> list[Tag]:
    return [element] if element.name == "a" and element.has_attr("href") else element.select("a[href]")


def messages(content: bytes, url: str) -> list[Listed]:
    """Give the messages of a page of t.me/s/CHANNEL that was found at `url`, in its order; title: the first line.

    Messages without text, such as pictures, are passed over. Raises ItemError (`no_messages`) for a page without any
    message.
    """
    found = _soup(content).select(_MESSAGE)
    if not found:
        raise ItemError(
            "no_messages",
            f"{url} shows no message: the channel may be closed or renamed; open it and declare its new name",
        )
    listed = (_listed(message) for message in _outermost(found))
    return list({one.url: one for one in listed if one}.values())


def _listed(message: Tag) -> Listed | None:
    post = _POST.fullmatch(str(message["data-post"]))
    texts = (one for one in message.select(_MESSAGE_TEXT) if one.find_parent(class_=_QUOTED) is None)
    text = _text(next(texts, None))
    if post is None or not text:
        return None
    sent = message.select_one(_SENT)
    return Listed(
        f"{_TELEGRAM}/{post[1]}/{post[2]}",
        title=text.split("\n", 1)[0],
        description=text,
        published=_moment(str(sent["datetime"])) if sent else None,
    )


def _text(element: Tag | None) -> str:
    """Give a message's text; <br> ends a line, and empty lines are left out."""
    if element is None:
        return ""
    for line_end in element.select("br"):
        line_end.replace_with("\n")
    lines = (" ".join(line.split()) for line in element.get_text().split("\n"))
    return "\n".join(line for line in lines if line)


def _moment(written: str) -> datetime | None:
    """Read a message's time, in UTC if it has no offset; None for what is no time."""
    try:
        sent = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return sent.astimezone(UTC) if sent.tzinfo else sent.replace(tzinfo=UTC)


def older(content: bytes) -> str | None:
    """Give the address of the page with the messages before those of a page of t.me/s/CHANNEL.

    It is the page's own link, else that of what comes before its first message; None on a page without messages, and
    where the channel begins. Where the page has no link, the address may be that of a page without messages.
    """
    soup = _soup(content)
    link = soup.select_one(_OLDER)
    if link:
        return urljoin(_TELEGRAM, str(link["href"]))
    posts = (_POST.fullmatch(str(message["data-post"])) for message in soup.select(_MESSAGE))
    numbers = [(int(post[2]), post[1]) for post in posts if post]
    if not numbers:
        return None
    number, channel = min(numbers)
    return f"{_TELEGRAM}/s/{channel}?before={number}" if number > 1 else None
