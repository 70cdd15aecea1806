"""Embedded posts: taken out of the article and kept as data, from markup and from the residue of copy-paste."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bs4 import Tag

from tasks.clean.moments import Moment, day_in_words, moment
from tasks.clean.text import encodable, one_form
from tasks.clean.words import words
from tasks.records import Post

_FRAME_CLASSES = {
    "twitter-tweet": "x",
    "twitter-video": "x",
    "telegram-post": "telegram",
    "tgme_widget_message": "telegram",
    "fb-post": "facebook",
    "fb-xfbml-parse-ignore": "facebook",
    "instagram-media": "instagram",
    "bluesky-embed": "bluesky",
}
_FRAME_TAGS = {
    "twitter-widget": "x",
    "amp-twitter": "x",
    "amp-facebook": "facebook",
    "amp-instagram": "instagram",
    "amp-youtube": "youtube",
}
_FRAME_ELEMENTS = ("blockquote", "div")
_FRAME_ADDRESSES = {
    "//t.me/": "telegram",
    "facebook.com/plugins/": "facebook",
    "youtube.com/embed": "youtube",
    "youtube-nocookie.com/embed": "youtube",
}
_HOSTS = {
    "twitter.com": "x",
    "x.com": "x",
    "t.me": "telegram",
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "bsky.app": "bluesky",
}
PLATFORMS = frozenset((*_HOSTS, "instagram.com", "youtube.com"))
"""The hosts whose pages are posts."""
_SIGNATURE = re.compile(r"\s*–\s*(?P<author>[^()–]{2,80}?)\s*\(@(?P<handle>[\w.-]{1,60})\)\s*(?P<date>[^\n]{0,40})\s*$")
_SIGNED_BY_NAME = re.compile(
    r"\n\s*–\s*(?P<author>[^()–\n]{2,80}?)(?:,? on|,)?\s*(?P<date>[^\n,]{0,15},?[^\n,]{0,15}20\d\d)?\s*$"
)
_PICTURE = re.compile(r"\s*(?:https?://)?(?:pic\.twitter\.com|t\.co|pbs\.twimg\.com)/\w+\s*")
_HANDLE_IN_LINK = re.compile(r"(?://(?:www\.|m\.)?[\w.]+|^)/(?:s/)?(?P<handle>[\w.]+)(?:/|$)")
_AUTHOR_CLASS = re.compile(r"author|owner_name|user-?name", re.IGNORECASE)
_NOT_POSTED = re.compile(
    r"message_(footer|info|meta|views|reply|link_preview)|link_preview|likes|reactions", re.IGNORECASE
)
_NO_HANDLES = (
    "p",
    "reel",
    "tv",
    "posts",
    "watch",
    "plugins",
    "embed",
    "i",
    "status",
    "profile",
    "photo",
    "permalink.php",
    "story.php",
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Signed:
    text: str
    author: str | None
    handle: str | None
    posted: Moment | None


def platform_of(tag: Tag) -> str | None:
    """Give the platform of whose posts an element is a frame; None for any other element."""
    if tag.name in _FRAME_ELEMENTS:
        classes = tag.attrs.get("class") or ()
        return next((_FRAME_CLASSES[name] for name in classes if name in _FRAME_CLASSES), None)
    if tag.name == "iframe":
        address = str(tag.attrs.get("src") or "")
        return next((platform for part, platform in _FRAME_ADDRESSES.items() if part in address), None)
    if tag.name in _FRAME_TAGS:
        return _FRAME_TAGS[tag.name]
    if tag.name == "article" and tag.attrs.get("data-testid") == "tweet":
        return "x"
    return "telegram" if tag.name == "script" and "data-telegram-post" in tag.attrs else None


def posts_of(frames: Iterable[tuple[Tag, str]], zone: ZoneInfo) -> list[Post]:
    """Read the embedded posts of a page, in its order."""
    return [_post(post_no, platform, frame, zone) for post_no, (frame, platform) in enumerate(frames, start=1)]


def _post(post_no: int, platform: str, frame: Tag, zone: ZoneInfo) -> Post:
    url = _post_address(frame, platform)
    stamp = frame.find("time")
    stated = moment(str(stamp["datetime"]), zone) if isinstance(stamp, Tag) and stamp.get("datetime") else None
    author = _author_shown(frame)
    signed = _signed(_shown_text(frame))
    posted = stated or signed.posted
    in_link = _HANDLE_IN_LINK.search(url or "")
    handle = in_link["handle"] if in_link and in_link["handle"] not in _NO_HANDLES else None
    return Post(
        post_no,
        platform,
        signed.author or author,
        signed.handle or handle,
        posted.at if posted else None,
        url,
        signed.text,
    )


def _post_address(frame: Tag, platform: str) -> str | None:
    """Find the post's own link: an attribute of the frame, else its last link to the platform."""
    if telegram := frame.get("data-telegram-post") or (frame.get("data-post") if platform == "telegram" else None):
        return encodable(f"https://t.me/{telegram}")
    attributes = ("data-instgrm-permalink", "data-href", "cite", "data-bluesky-uri", "src")
    links = [frame.get(name) for name in attributes] + [link.get("href") for link in reversed(frame.find_all("a"))]
    hosts = [host for host, named in _HOSTS.items() if named == platform] or [""]
    known = [str(link) for link in links if link and any(host in str(link) for host in hosts)]
    known += [str(link) for link in links if link and "/status/" in str(link)]
    return encodable(known[0]) if known else None


def _author_shown(frame: Tag) -> str | None:
    named = frame.find(True, {"data-testid": "User-Name"})
    if isinstance(named, Tag):
        return one_form(named.get_text("\n", strip=True)).split("\n")[0]
    shown = frame.find(class_=_AUTHOR_CLASS)
    return one_form(shown.get_text(" ", strip=True)) or None if isinstance(shown, Tag) else None


def _shown_text(frame: Tag) -> str:
    for mark in frame.find_all(["br", "p", "div", "footer", "cite"]):
        mark.insert_before("\n")
        mark.append("\n")
    for hidden in frame.find_all(["script", "style"]) + frame.find_all(class_=_NOT_POSTED):
        hidden.decompose()
    said = frame.find(True, {"data-testid": "tweetText"})
    if isinstance(said, Tag):
        return one_form(said.get_text())
    for shown in frame.find_all(class_=_AUTHOR_CLASS):
        if shown.find("p") is None and "–" not in one_form(shown.get_text()):
            shown.extract()
    lines = one_form(frame.get_text()).split("\n")
    return "\n".join(line for line in lines if line and line not in words().placeholders)


def _signed(shown: str) -> _Signed:
    """Part a post's text from the signature below it."""
    signature = _SIGNATURE.search(shown) or words().signature.search(shown) or _SIGNED_BY_NAME.search(shown)
    if signature is None:
        return _Signed(_PICTURE.sub(" ", shown).strip(), None, None, None)
    named = signature.groupdict()
    text = _PICTURE.sub(" ", shown[: signature.start()]).strip()
    author = (named["author"] or "").strip() or None
    return _Signed(text, author, named.get("handle"), day_in_words(named["date"] or ""))


def take_pasted_posts(paragraphs: list[str], first_no: int) -> tuple[list[str], list[Post]]:
    """Remove posts that were pasted as plain text; give the other paragraphs, and the posts.

    Such a post ends in its signature, '– Name (@handle) July 17, 2024'. It begins with the first paragraph of the
    unbroken run above that speaks in the first person, outside quotation marks, as reports do not.
    """
    kept: list[str] = []
    posts: list[Post] = []
    for paragraph in paragraphs:
        signature = _SIGNATURE.search(paragraph)
        if signature is None or not (_PICTURE.search(paragraph) or day_in_words(signature["date"])):
            kept.append(paragraph)
            continue
        own = deque([paragraph])
        if kept and not paragraph[: signature.start()].strip() and _PICTURE.search(kept[-1]):
            own.appendleft(kept.pop())
        while kept and _in_first_person(kept[-1]):
            own.appendleft(kept.pop())
        signed = _signed("\n".join(own))
        post_no = first_no + len(posts)
        posted_at = signed.posted.at if signed.posted else None
        posts.append(Post(post_no, "x", signed.author, signed.handle, posted_at, None, signed.text))
    return kept, posts


def _in_first_person(paragraph: str) -> bool:
    said = {word.lower() for word in _WORD.findall(paragraph)}
    return '"' not in paragraph and bool(said & words().first_person)


def newest_first(posts: Iterable[Post]) -> Iterator[datetime]:
    """Give the posts' times, newest first."""
    yield from sorted((post.posted_at for post in posts if post.posted_at), reverse=True)
