"""A server of faults on loopback: what servers of the open web do to a program that reads them, one route for each.

It listens at 127.0.0.1 alone, at a port that was free, and ends with its context. Whatever a route does, it does for
30 seconds at most, so that a reader without limits makes a test fail and never hang. GET and HEAD are answered.

/article/K                 | an article; an exchange of prisoners for even K, football for odd K; published_at(K)
/feed?n=10                 | RSS 2.0 with links to /article/n ... /article/1, newest first
/atom?n=10                 | the same as Atom
/empty-feed                | well-formed RSS without items
/malformed-feed            | RSS with an unclosed tag, a bare & and a control character; five items can be read
/not-a-feed                | 200 and an HTML page where a feed should be
/sitemap?part=1            | a urlset of ten articles: /article/1 ... /article/10 for part 1, the next ten for 2
/sitemap-index             | an index of three urlsets: the parts 1, 2 and 3 of /sitemap
/sitemap-loop              | an index that names itself, and /sitemap
/malformed-sitemap         | a urlset with a bare & that breaks off in the middle of a tag
/xml-bomb                  | RSS whose title is an entity of 10^9 times "ha" (billion laughs)
/xml-external              | RSS whose title is an external entity, file:///etc/passwd
/robots.txt                | `server.robots`: a text with 200, or a status alone; everything is allowed at first
/500                       | 500
/flaky/N                   | 500 to the first N requests, then an article
/429                       | 429 with Retry-After: 1 to the first request, then an article
/429-date                  | 429 with Retry-After as a date, 1 to 2 seconds ahead, to the first request, then an article
/429-long                  | 429 with Retry-After: 86400
/reset                     | half of the declared body, then the connection is reset
/close                     | no answer: the connection is closed
/short                     | less body than Content-Length says, then an orderly close
/long                      | more body than Content-Length says
/drip                      | the head at once, then a byte of the body a second
/drip-headers              | a byte of the head a second
/silent                    | nothing, while the connection stays open
/huge                      | a body without end and without Content-Length (60 MB are sent at most)
/empty                     | 200 without a body
/gzip-bomb, /deflate-bomb  | about 100 kB that unpack to 100 MB
/broken-gzip               | the first half of a compressed article
/lying-gzip                | Content-Encoding: gzip, but the body is plain
/lying-charset             | says utf-8, but is Russian in windows-1251
/redirect/N                | N redirects, then an article
/redirect-loop             | redirects to itself, by way of a second address
/redirect-to?u=ADDRESS     | 302 to ADDRESS, whatever it is
/redirect-nowhere          | 302 without a Location
/cookie                    | sets a cookie and redirects to itself; an article to those who send the cookie back
/challenge                 | 403 and the "Just a moment..." page of a service that keeps programs out
/challenge-200             | the same page with 200
/consent                   | 200 and a wall of cookie consent instead of an article
/soft-404?lang=en          | 200 and a page that says that there is no such page; in en, uk or ru
anything else              | 404

/article, /feed and /atom send ETag and Last-Modified, and answer 304 to If-None-Match and If-Modified-Since.
"""

import gzip
import hashlib
import http.client
import socket
import struct
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

Headers = dict[str, str]
Answer = tuple[int, Headers, str | bytes]
Page = Callable[[Headers, int], Answer]

PATIENCE_S = 30.0
HUGE_BYTES = 60_000_000
BOMB_BYTES = 100_000_000
_STOPPED_S = 5.0
_HTML, _XML = "text/html; charset=utf-8", "application/xml; charset=utf-8"
_RSS, _ATOM = "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8"
_CHANGED = datetime(2026, 1, 1, tzinfo=UTC)
_DECLARED_BYTES = 4000


class Request(NamedTuple):
    """A request that came in: the path with its query, the headers by lower-case name, the time.monotonic()."""

    method: str
    path: str
    headers: Headers
    at: float


@dataclass
class FaultyServer:
    """A running server, as tests see it. Everything here may be called from any thread."""

    base: str
    robots: str | int = "User-agent: *\nAllow: /\n"
    _pages: dict[str, Page] = field(default_factory=dict, repr=False)
    _requests: list[Request] = field(default_factory=list, repr=False)
    _counts: Counter[str] = field(default_factory=Counter, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def url(self, path: str) -> str:
        """Give the whole address of a path."""
        return self.base + path

    @property
    def requests(self) -> list[Request]:
        """Give the requests so far, in order."""
        with self._lock:
            return list(self._requests)

    def serve(
        self, path: str, body: str | bytes | Page = "", status: int = 200, headers: Headers | None = None
    ) -> None:
        """Answer a path from now on, also one that has a route of its own.

        A path with a query answers only that query, a path without one answers any. A callable body is given the
        headers of the request by lower-case name and the count of earlier requests for this path, and gives status,
        headers and body; it is asked on the request's thread.
        """
        given = dict(headers or {})
        page: Page = body if callable(body) else lambda _headers, _earlier: (status, given, body)
        with self._lock:
            self._pages[path] = page

    def record(self, request: Request) -> tuple[Page | None, int]:
        """Note a request; give the page that a test serves there, if any, and the count of earlier requests for it."""
        with self._lock:
            bare = request.path.partition("?")[0]
            path = request.path if request.path in self._pages else bare
            earlier = self._counts[path]
            self._counts[path] += 1
            self._requests.append(request)
            return self._pages.get(path), earlier


@contextmanager
def faulty_server(pace_s: float = 1.0) -> Iterator[FaultyServer]:
    """Run the server; `pace_s` is the time between the bytes of the dripping routes."""
    with _Listener(pace_s) as listener:
        serving = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        try:
            yield listener.site
        finally:
            listener.stop()
            serving.join(_STOPPED_S)


def published_at(number: int) -> datetime:
    """Give the time at which /article/NUMBER says it was published: an hour after the one before it."""
    return datetime(2024, 1, 1, 9, tzinfo=UTC) + timedelta(hours=number)


# --- pages ---


@dataclass(frozen=True)
class _Asked:
    """What a page of ours may depend on: /flaky/3?a=b has the argument 3 and the query a."""

    site: FaultyServer
    argument: str
    query: dict[str, str]
    headers: Headers
    earlier: int

    @property
    def number(self) -> int:
        return int(self.argument) if self.argument.isdecimal() else 1

    @property
    def wanted(self) -> int:
        return int(self.query.get("n", "10"))


def _page(title: str, body: str, head: str = "", language: str = "en") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{head}'
        f"</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _html(status: int, text: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": _HTML} | named, text


def _headline(number: int) -> str:
    if number % 2 == 0:
        return f"Kyiv and Moscow exchange {20 + number % 100} prisoners of war each"
    return f"Rovers win {2 + number % 5}-1 and stay at the top of the table"


def _article_html(site: FaultyServer, number: int) -> str:
    when = published_at(number)
    day = f"{when:%A}, {when.day} {when:%B %Y}"
    if number % 2 == 0:
        paragraphs = (
            f"Ukraine and Russia exchanged {20 + number % 100} prisoners of war each on {day}, officials in both "
            "capitals said.",
            "The men were driven to the border in buses shortly after dawn. Most of the Ukrainians had been captured "
            "in the first year of the war, and some are wounded or gravely ill, the coordination headquarters in Kyiv "
            "said. Doctors examined them on the way, and they were handed telephones to call their families.",
            "The Russian defence ministry confirmed the exchange and said that its soldiers were in Belarus, where "
            "they were given medical care before the journey home. It thanked the United Arab Emirates for their "
            "mediation.",
            "Relatives with photographs of missing soldiers waited by the road. A woman from Poltava said that she had "
            "come for the eighth time, and that she would come again until her brother was found. Neither side said "
            "when it would agree to meet next.",
        )
    else:
        paragraphs = (
            f"Rovers beat their neighbours {2 + number % 5}-1 at home on {day} and stay at the top of the table for "
            "another week.",
            "The visitors had the better of a cold and windy first half, and took the lead from a corner that nobody "
            "cleared. The captain drew level just before the break with a low shot through a crowd of legs, and after "
            "it only one side was playing.",
            "The coach said that he had not raised his voice in the dressing room. He had asked his players to keep "
            "the ball on the grass, he said, and to stop complaining about the wind, which blew for both teams alike.",
            "The goalkeeper, who is nineteen and was in the side only because of an injury, saved a penalty in the "
            "last minute and was carried off the pitch by the crowd. Rovers travel to the coast on Saturday, where "
            "they have not won for eleven years.",
        )
    title = escape(_headline(number))
    head = (
        f'<link rel="canonical" href="{site.url(f"/article/{number}")}">\n'
        f'<meta property="og:title" content="{title}">\n<script type="application/ld+json">'
        f'{{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "{title}", '
        f'"datePublished": "{when.isoformat()}"}}</script>\n'
    )
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return _page(title, f"<article>\n<h1>{title}</h1>\n{text}\n</article>", head)


def _article(asked: _Asked) -> Answer:
    return _html(200, _article_html(asked.site, asked.number))


def _some_article(site: FaultyServer) -> Answer:
    return _html(200, _article_html(site, 2))


def _unless_known(asked: _Asked, answer: Answer) -> Answer:
    """Give the answer its validators, or 304 where the reader has it already; an ETag goes before a date (RFC 9110)."""
    status, headers, body = answer
    tag = f'"{hashlib.sha256(_bytes(body)).hexdigest()[:16]}"'
    validators = {"ETag": tag, "Last-Modified": format_datetime(_CHANGED, usegmt=True)}
    if named := asked.headers.get("if-none-match"):
        known = {one.strip().removeprefix("W/") for one in named.split(",")}
        unchanged = bool(known & {tag, "*"})
    else:
        unchanged = _read_date(asked.headers.get("if-modified-since", "")) >= _CHANGED
    return (304, validators, b"") if unchanged else (status, headers | validators, body)


def _read_date(text: str) -> datetime:
    try:
        read = parsedate_to_datetime(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _robots(asked: _Asked) -> Answer:
    robots = asked.site.robots
    return (robots, {}, b"") if isinstance(robots, int) else (200, {"Content-Type": "text/plain"}, robots)


# Feeds and sitemaps


def _rss(site: FaultyServer, items: str, prolog: str = "", title: str = "Wire") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n{prolog}<rss version="2.0">\n<channel>\n<title>{title}</title>\n'
        f"<link>{site.url('/')}</link>\n<description>News of the wire</description>\n{items}\n</channel>\n</rss>\n"
    )


def _rss_item(site: FaultyServer, number: int) -> str:
    link = site.url(f"/article/{number}")
    when = format_datetime(published_at(number), usegmt=True)
    return (
        f'<item><title>{_headline(number)}</title><link>{link}</link><guid isPermaLink="true">{link}</guid>'
        f"<pubDate>{when}</pubDate></item>"
    )


def _feed(asked: _Asked) -> Answer:
    items = "\n".join(_rss_item(asked.site, number) for number in range(asked.wanted, 0, -1))
    return 200, {"Content-Type": _RSS}, _rss(asked.site, items)


def _atom(asked: _Asked) -> Answer:
    site, newest = asked.site, asked.wanted
    entries = "\n".join(
        f"<entry><title>{_headline(number)}</title><id>{site.url(f'/article/{number}')}</id>"
        f'<link rel="alternate" href="{site.url(f"/article/{number}")}"/>'
        f"<published>{published_at(number).isoformat()}</published><updated>{published_at(number).isoformat()}</updated>"
        "</entry>"
        for number in range(newest, 0, -1)
    )
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<title>Wire</title>\n'
        f"<id>{site.url('/')}</id>\n<updated>{published_at(newest).isoformat()}</updated>\n{entries}\n</feed>\n"
    )
    return 200, {"Content-Type": _ATOM}, text


def _malformed_feed(asked: _Asked) -> Answer:
    items = [_rss_item(asked.site, number) for number in range(5, 0, -1)]
    items[1] = items[1].replace("<title>", "<title>Live: swap & return of the fallen: ")
    items[2] = items[2].replace("<title>", "<title>\x0b")
    items[4] = items[4].replace("</item>", "<description><b>Read on</description></item>")
    return 200, {"Content-Type": _RSS}, _rss(asked.site, "\n".join(items))


def _xml_bomb(asked: _Asked) -> Answer:
    entities = ['<!ENTITY e0 "ha">']
    entities += [f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10)]
    prolog = "<!DOCTYPE rss [\n" + "\n".join(entities) + "\n]>\n"
    return 200, {"Content-Type": _RSS}, _rss(asked.site, _rss_item(asked.site, 2), prolog, "&e9;")


def _xml_external(asked: _Asked) -> Answer:
    prolog = '<!DOCTYPE rss [\n<!ENTITY secret SYSTEM "file:///etc/passwd">\n]>\n'
    return 200, {"Content-Type": _RSS}, _rss(asked.site, _rss_item(asked.site, 2), prolog, "&secret;")


def _not_a_feed(_: _Asked) -> Answer:
    return _html(200, _page("Wire", "<h1>Our feeds have moved</h1>\n<p>See the new address in the footer.</p>"))


def _urlset(site: FaultyServer, part: int) -> str:
    urls = "\n".join(
        f"<url><loc>{site.url(f'/article/{number}')}</loc><lastmod>{published_at(number).isoformat()}</lastmod></url>"
        for number in range(part * 10 - 9, part * 10 + 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{urls}\n</urlset>\n"
    )


def _sitemap(asked: _Asked) -> Answer:
    return 200, {"Content-Type": _XML}, _urlset(asked.site, int(asked.query.get("part", "1")))


def _sitemap_index(site: FaultyServer, *paths: str) -> Answer:
    sitemaps = "\n".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in paths)
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{sitemaps}\n</sitemapindex>\n"
    )
    return 200, {"Content-Type": _XML}, text


def _malformed_sitemap(asked: _Asked) -> Answer:
    bare = f"<url><loc>{asked.site.url('/article/11?from=map&to=page')}</loc></url>\n<url><lo"
    return 200, {"Content-Type": _XML}, _urlset(asked.site, 1).replace("</urlset>\n", bare)


# Packed bodies


@cache
def _bomb(gzipped: bool) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if gzipped else 15)
    start, block = b"<html><body><p>", b"ha" * 500_000
    packed = [packer.compress(start), *(packer.compress(block) for _ in range(BOMB_BYTES // len(block)))]
    return b"".join([*packed, packer.flush()])


def _packed(encoding: str, body: str | bytes) -> Answer:
    return 200, {"Content-Type": _HTML, "Content-Encoding": encoding}, body


def _broken_gzip(asked: _Asked) -> Answer:
    whole = gzip.compress(_article_html(asked.site, 2).encode(), mtime=0)
    return _packed("gzip", whole[: len(whole) // 2])


# Statuses and redirects


def _failing(status: int, **headers: str) -> Answer:
    return _html(status, _page(HTTPStatus(status).phrase, f"<h1>{HTTPStatus(status).phrase}</h1>"), **headers)


def _flaky(asked: _Asked) -> Answer:
    return _failing(500) if asked.earlier < asked.number else _some_article(asked.site)


def _busy(asked: _Asked, retry_after: str) -> Answer:
    return _some_article(asked.site) if asked.earlier else _failing(429, Retry_After=retry_after)


def _busy_until(asked: _Asked) -> Answer:
    # The date has whole seconds, so that two seconds ahead are one at least.
    return _busy(asked, format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True))


def _redirect(address: str, **headers: str) -> Answer:
    return _failing(302, Location=address, **headers)


def _redirects(asked: _Asked) -> Answer:
    left = asked.number
    if left == 0:
        return _some_article(asked.site)
    return _redirect(f"/redirect/{left - 1}" if left > 1 else "/article/2")


def _redirect_loop(asked: _Asked) -> Answer:
    return _redirect("/redirect-loop" if "again" in asked.query else "/redirect-loop?again=yes")


def _cookie(asked: _Asked) -> Answer:
    if "wire=read" in asked.headers.get("cookie", ""):
        return _some_article(asked.site)
    return _redirect("/cookie", Set_Cookie="wire=read; Path=/; HttpOnly")


# Pages that are no article


def _lying_charset(_: _Asked) -> Answer:
    text = (
        "Россия и Украина провели очередной обмен пленными, сообщило в среду министерство обороны. По его данным, с "
        "территории, подконтрольной Киеву, возвращены 95 российских военнослужащих. Взамен украинской стороне переданы "
        "95 пленных. Все вернувшиеся находятся в Белоруссии, где им оказывают медицинскую и психологическую помощь. "
        "Посредником выступили Объединенные Арабские Эмираты."
    )
    head = "Министерство обороны сообщило об обмене пленными"
    page = _page(head, f"<article><h1>{head}</h1><p>{text}</p></article>", language="ru")
    return 200, {"Content-Type": _HTML}, page.replace('<meta charset="utf-8">\n', "").encode("cp1251")


def _challenge(status: int) -> Answer:
    body = (
        "<h1>wire.example</h1>\n<h2>Checking that you are a person. This may take a few seconds.</h2>\n"
        "<noscript>Enable JavaScript and cookies to continue</noscript>\n"
        '<form id="challenge-form" action="/cdn-cgi/challenge" method="POST"></form>\n'
        '<script src="/cdn-cgi/challenge-platform/orchestrate.js"></script>'
    )
    head = '<meta name="robots" content="noindex,nofollow">\n<meta http-equiv="refresh" content="390">\n'
    return _html(
        status, _page("Just a moment...", body, head), Server="cloudflare", cf_mitigated="challenge", CF_RAY="8a4f00d1"
    )


def _consent(_: _Asked) -> Answer:
    body = (
        '<div id="consent" role="dialog">\n<h1>Before you go on</h1>\n<p>We and our 842 partners use cookies and '
        "similar technologies to keep our service running, to measure how it is used, and to show advertising that "
        "suits you. If you choose to accept all, we will also use cookies to develop new services. If you choose to "
        "reject all, we will not use cookies for these purposes.</p>\n<button>Reject all</button>\n"
        "<button>Accept all</button>\n<p><a href='/privacy'>Privacy</a> <a href='/terms'>Terms</a></p>\n</div>"
    )
    return _html(200, _page("Before you go on", body))


_NO_SUCH_PAGE = {
    "en": ("Page not found", "Sorry, the page that you are looking for does not exist or has been moved."),
    "uk": ("Сторінку не знайдено", "На жаль, сторінки, яку ви шукаєте, не існує або її було переміщено."),
    "ru": ("Страница не найдена", "К сожалению, страница, которую вы ищете, не существует или была перемещена."),
}


def _soft_404(asked: _Asked) -> Answer:
    language = asked.query.get("lang", "en")
    title, text = _NO_SUCH_PAGE[language]
    return _html(200, _page(title, f"<h1>{title}</h1>\n<p>{text}</p>", language=language))


_PAGES: dict[str, Callable[[_Asked], Answer]] = {
    "article": lambda asked: _unless_known(asked, _article(asked)),
    "feed": lambda asked: _unless_known(asked, _feed(asked)),
    "atom": lambda asked: _unless_known(asked, _atom(asked)),
    "empty-feed": lambda asked: (200, {"Content-Type": _RSS}, _rss(asked.site, "")),
    "malformed-feed": _malformed_feed,
    "not-a-feed": _not_a_feed,
    "sitemap": _sitemap,
    "sitemap-index": lambda asked: _sitemap_index(asked.site, *(f"/sitemap?part={part}" for part in (1, 2, 3))),
    "sitemap-loop": lambda asked: _sitemap_index(asked.site, "/sitemap-loop", "/sitemap"),
    "malformed-sitemap": _malformed_sitemap,
    "xml-bomb": _xml_bomb,
    "xml-external": _xml_external,
    "robots.txt": _robots,
    "500": lambda _: _failing(500),
    "flaky": _flaky,
    "429": lambda asked: _busy(asked, "1"),
    "429-date": _busy_until,
    "429-long": lambda _: _failing(429, Retry_After="86400"),
    "empty": lambda _: _html(200, ""),
    "gzip-bomb": lambda _: _packed("gzip", _bomb(True)),
    "deflate-bomb": lambda _: _packed("deflate", _bomb(False)),
    "broken-gzip": _broken_gzip,
    "lying-gzip": lambda asked: _packed("gzip", _article_html(asked.site, 2)),
    "lying-charset": _lying_charset,
    "redirect": _redirects,
    "redirect-loop": _redirect_loop,
    "redirect-to": lambda asked: _redirect(asked.query.get("u", "/")),
    "redirect-nowhere": lambda _: _failing(302),
    "cookie": _cookie,
    "challenge": lambda _: _challenge(403),
    "challenge-200": lambda _: _challenge(200),
    "consent": _consent,
    "soft-404": _soft_404,
}


# --- faults of the connection ---


def _body(length: int) -> bytes:
    start = b"<!DOCTYPE html>\n<html><body><p>"
    return start + b"ha " * ((length - len(start)) // 3) + b"h" * ((length - len(start)) % 3)


def _reset(connection: "_Connection") -> None:
    connection.start({"Content-Length": str(_DECLARED_BYTES)})
    connection.send(_body(_DECLARED_BYTES // 2))
    connection.pause(0.05)  # so that the half has arrived before the reset does
    connection.reset()


def _close(_: "_Connection") -> None:
    return


def _short(connection: "_Connection") -> None:
    connection.start({"Content-Length": str(_DECLARED_BYTES)})
    connection.send(_body(_DECLARED_BYTES // 2))


def _long(connection: "_Connection") -> None:
    connection.start({"Content-Length": str(_DECLARED_BYTES // 2)})
    connection.send(_body(_DECLARED_BYTES))


def _drip(connection: "_Connection") -> None:
    connection.start({"Content-Length": str(_DECLARED_BYTES)})
    connection.drip(_body(_DECLARED_BYTES))


def _drip_headers(connection: "_Connection") -> None:
    drops = {f"X-Drop-{number}": "a drop of water" for number in range(50)}
    connection.drip(_head(200, drops | {"Content-Length": "0"}))


def _silent(connection: "_Connection") -> None:
    connection.pause(PATIENCE_S)


def _huge(connection: "_Connection") -> None:
    connection.start({"Connection": "close"})
    block = _body(64 * 1024)
    for _ in range(HUGE_BYTES // len(block)):
        connection.send(block)


_FAULTS: dict[str, Callable[["_Connection"], None]] = {
    "reset": _reset,
    "close": _close,
    "short": _short,
    "long": _long,
    "drip": _drip,
    "drip-headers": _drip_headers,
    "silent": _silent,
    "huge": _huge,
}


# --- the server ---


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


def _head(status: int, headers: Headers) -> bytes:
    phrase = http.client.responses.get(status, "Unnamed")
    named = {"Date": format_datetime(datetime.now(UTC), usegmt=True), "Content-Type": _HTML} | headers
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class _Connection(BaseHTTPRequestHandler):
    """One connection, on a thread of its own. http.server reads the requests; the answers are written here."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S
    disable_nagle_algorithm = True
    server: "_Listener"

    def do_GET(self) -> None:
        self._until = time.monotonic() + PATIENCE_S
        headers = {name.lower(): value for name, value in self.headers.items()}
        page, earlier = self.server.site.record(Request(self.command, self.path, headers, time.monotonic()))
        parts = urlsplit(self.path)
        name, _, argument = parts.path.strip("/").partition("/")
        if page:
            self._answer(page(headers, earlier))
        elif name in _FAULTS:
            self.close_connection = True
            _FAULTS[name](self)
        elif name in _PAGES:
            query = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
            self._answer(_PAGES[name](_Asked(self.server.site, argument, query, headers, earlier)))
        else:
            self._answer(_failing(404))

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answer(self, answer: Answer) -> None:
        status, headers, body = answer
        content = _bytes(body)
        may_have_body = status not in {204, 304}
        length = {"Content-Length": str(len(content))} if may_have_body else {}
        shown = content if may_have_body and self.command != "HEAD" else b""
        self.send(_head(status, length | headers) + shown)

    def start(self, headers: Headers) -> None:
        """Send the head of a good answer."""
        self.send(_head(200, headers))

    def send(self, data: bytes) -> None:
        """Send, and give up when the time for the whole answer is over."""
        self.connection.settimeout(max(self._until - time.monotonic(), 0.001))
        self.connection.sendall(data)

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than the server runs and the time for the whole answer lasts."""
        left = self._until - time.monotonic()
        if self.server.stopping.wait(min(seconds, left)) or left < seconds:
            raise TimeoutError

    def drip(self, data: bytes) -> None:
        """Send a byte at a time."""
        for number in range(len(data)):
            self.send(data[number : number + 1])
            self.pause(self.server.pace_s)

    def reset(self) -> None:
        """Close the connection at once, with a reset instead of a farewell."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Taken from its owners: http.server would say farewell before it closes.
        socket.socket(fileno=self.connection.detach()).close()

    def log_message(self, *_: Any, **__: Any) -> None:
        """Say nothing: tests read `requests`."""


class _Listener(ThreadingMixIn, TCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, pace_s: float) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.site = FaultyServer(f"http://127.0.0.1:{self.server_address[1]}")
        self.pace_s = pace_s
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection, and remember it, so that it can be ended."""
        connection, address = super().get_request()
        with self._changed:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection whose thread has ended."""
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Be silent on readers that leave early, and print other errors, which are those of a test's own page."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Accept nothing more, end what is open, and wait for it a little."""
        self.stopping.set()
        self.shutdown()
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, _STOPPED_S)
