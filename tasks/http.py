"""The only module that speaks HTTP: one request, within limits, to nobody but public addresses.

Each chain of requests has its own session, so that no cookie outlives it. Nothing is taken from the environment: no
proxies, no passwords. The peer is checked after the connection stands and before a byte is sent, because a name may
be resolved to any address. Whatever a request waits for (a name, a connection, an answer), it waits within limits, and
can be cut from another thread.
"""

import ipaddress
import os
import re
import selectors
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.response import HTTPResponse

from tasks.errors import ItemError
from tasks.records import Answer

_OPENED = "127.0.0.1"
"""The only address that the setting for tests opens."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL6 = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out; what is set apart within it, as documentation, Python knows but for one."""
_DOCUMENTATION6 = ipaddress.ip_network("3fff::/20")
_ADDRESSES = 3
"""Of a name, that are tried."""
_SCHEMES = ("http", "https")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LEAST_S = 0.5
"""To connect to an address, however long it took to resolve its name."""
_AT_ONCE = 65_536
_UNPACKED_AT_ONCE = 1 << 20


class FetchError(ItemError):
    """A request that gave nothing to use.

    may_pass: trying again is sensible. wait_s: how long the server asks for. was_asked: whether a request was made, or
    the host was left in peace.
    """

    def __init__(
        self, check: str, message: str, *, may_pass: bool = False, wait_s: float | None = None, was_asked: bool = True
    ) -> None:
        super().__init__(check, message)
        self.may_pass = may_pass
        self.wait_s = wait_s
        self.was_asked = was_asked


@dataclass(frozen=True, slots=True)
class Limits:
    """connect_s: to resolve a name and stand a connection. total_s: for a whole answer, however it drips.

    most_bytes: of it, unpacked.
    """

    connect_s: float = 10.0
    total_s: float = 30.0
    most_bytes: int = 5_000_000


class Chain:
    """Requests that belong together: an address and what it redirects to."""

    def __init__(self, user_agent: str, limits: Limits, *, opens_loopback: bool) -> None:
        self._limits = limits
        self._lines = _Lines(limits, opens_loopback=opens_loopback)
        self._session = _Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers["User-Agent"] = user_agent
        self._session.headers["Accept"] = "*/*"
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        adapter = _Adapter(self._lines.connected)
        for scheme in _SCHEMES:
            self._session.mount(f"{scheme}://", adapter)

    def get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        """Ask for an address once; a redirect is an answer. Raises FetchError."""
        _check_address(url)
        asked_at = datetime.now(UTC)
        try:
            with self._lines.deadline():
                answer = self._get(url, headers or {}, asked_at)
        except (FetchError, requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as wrong:
            fault = self._lines.fault() or self._fault(wrong)
            if fault is wrong:
                raise
            raise fault from wrong
        ended = self._lines.fault()
        if ended is not None:  # what was cut may look like an answer that ended early
            raise ended
        return answer

    def cut(self) -> None:
        """End what is being asked, and ask nothing more; may be called from any thread."""
        self._lines.cut()

    def trust(self, certificate: Path) -> None:
        """Trust the certificates of a file, and no others."""
        self._session.verify = str(certificate)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()
        self._lines.close()

    def _get(self, url: str, headers: dict[str, str], asked_at: datetime) -> Answer:
        prepared = self._session.prepare_request(requests.Request("GET", url, headers=headers))
        timeout = (self._limits.connect_s, self._limits.total_s)
        with self._session.send(prepared, stream=True, allow_redirects=False, timeout=timeout) as response:
            raw = response.raw
            peer = self._lines.peer()
            body = self._body(raw)
            fields = tuple((str(name), str(value)) for name, value in raw.headers.iteritems())
        return Answer(
            url=url,
            asked_at=asked_at,
            request_headers=(("Host", urlsplit(url).netloc), *((k, str(v)) for k, v in prepared.headers.items())),
            status=response.status_code,
            reason=str(raw.reason or ""),
            headers=fields,
            body=body,
            content=unpacked(body, raw.headers.get("Content-Encoding", ""), self._limits.most_bytes),
            peer=peer,
        )

    def _body(self, raw: HTTPResponse) -> bytes:
        """Read what is sent, as it is sent, up to the limit."""
        parts: list[bytes] = []
        length = 0
        while part := raw.read1(_AT_ONCE, decode_content=False):
            parts.append(part)
            length += len(part)
            if length > self._limits.most_bytes:
                raise _too_large(self._limits.most_bytes)
        return b"".join(parts)

    def _fault(self, wrong: Exception) -> FetchError:
        refused = _refusal_in(wrong)
        if refused is not None:
            return refused
        if isinstance(wrong, requests.Timeout | TimeoutError):
            return _too_late(self._limits.connect_s)
        told = _innermost(wrong)
        if isinstance(wrong, requests.exceptions.InvalidURL | ValueError) and not isinstance(wrong, HTTPError):
            return FetchError("address", f"has an address that cannot be asked ({told}); correct it")
        return FetchError("connection", f"broke off or could not be reached ({told}); it is asked again", may_pass=True)


def _innermost(wrong: BaseException) -> str:
    """Tell what went wrong in the words of the library that noticed it, without those of the ones around it."""
    while True:
        inside = [getattr(wrong, "reason", None), *wrong.args]
        inner = next((part for part in inside if isinstance(part, BaseException)), None)
        if inner is None:
            return " ".join(str(wrong).split()).rpartition("): ")[2][:200]
        wrong = inner


def _refusal_in(wrong: BaseException | None) -> FetchError | None:
    """Find the refusal of a peer below the exceptions that libraries wrapped around it."""
    seen: list[BaseException] = []
    waiting = [wrong]
    while waiting:
        one = waiting.pop()
        if isinstance(one, FetchError):
            return one
        if one is not None and not any(one is other for other in seen):
            seen.append(one)
            inside = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
            waiting += [part for part in inside if isinstance(part, BaseException)]
    return None


@dataclass(frozen=True, slots=True)
class Web:
    """The way to the web. user_agent: who asks, and how to reach them. opens_loopback: for tests, 127.0.0.1."""

    user_agent: str
    limits: Limits = Limits()
    opens_loopback: bool = False

    @contextmanager
    def chain(self, most_bytes: int | None = None) -> Iterator[Chain]:
        """Begin requests that belong together. most_bytes: another limit than the usual."""
        limits = self.limits
        if most_bytes is not None:
            limits = Limits(limits.connect_s, limits.total_s, most_bytes)
        chain = Chain(self.user_agent, limits, opens_loopback=self.opens_loopback)
        try:
            yield chain
        finally:
            chain.close()


def stop_fault() -> FetchError:
    """Make the fault of what is not asked any more, or was being asked, when the run was stopped."""
    return FetchError("stopped", "is not asked, because the run was stopped", was_asked=False)


def web_of_settings(version: str) -> Web:
    """Make the way to the web as the environment sets it: SWAPS_CONTACT, SWAPS_OPEN_LOOPBACK."""
    contact = os.environ.get("SWAPS_CONTACT", "").strip()
    agent = f"SwapLedger/{version} (+{contact})" if contact else f"SwapLedger/{version}"
    return Web(agent, opens_loopback=os.environ.get("SWAPS_OPEN_LOOPBACK") == "1")


def charset_in(content_type: str) -> str | None:
    """Give the encoding that a field Content-Type tells."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def unpacked(body: bytes, encoding: str, most_bytes: int) -> bytes:
    """Unpack a body, never beyond a limit. encoding: the field Content-Encoding. Raises FetchError."""
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        if name in ("gzip", "x-gzip"):
            body = _inflated(body, 16 + zlib.MAX_WBITS, most_bytes) if body else body
        elif name == "deflate":
            is_wrapped = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            body = _inflated(body, zlib.MAX_WBITS if is_wrapped else -zlib.MAX_WBITS, most_bytes) if body else body
        elif name == "br":
            body = _unbrotlied(body, most_bytes) if body else body
        elif name != "identity":
            raise FetchError("content_encoding", f"is packed as {name!r}, which is not known here; get it unpacked")
    return body


def _inflated(body: bytes, window: int, most_bytes: int) -> bytes:
    """Inflate one or several members that follow each other."""
    parts: list[bytes] = []
    length = 0
    while body:
        member = zlib.decompressobj(window)
        while body and not member.eof:
            try:
                part = member.decompress(body, _UNPACKED_AT_ONCE)
            except zlib.error as wrong:
                raise FetchError(
                    "content_encoding", f"cannot be unpacked ({wrong}); it is asked again", may_pass=True
                ) from wrong
            parts.append(part)
            length += len(part)
            if length > most_bytes:
                raise _too_large(most_bytes)
            body = member.unconsumed_tail
        if not member.eof:
            raise FetchError("cut_short", "ends before its packed content does; it is asked again", may_pass=True)
        body = member.unused_data.lstrip(b"\0")
    return b"".join(parts)


def _unbrotlied(body: bytes, most_bytes: int) -> bytes:
    """Unpack brotli, which is never asked for, but which archives of browsers hold."""
    unpacking = brotli.Decompressor()
    parts: list[bytes] = []
    length = 0
    try:
        part = unpacking.process(body, output_buffer_limit=_UNPACKED_AT_ONCE)
        while part or not unpacking.can_accept_more_data():
            parts.append(part)
            length += len(part)
            if length > most_bytes:
                raise _too_large(most_bytes)
            part = unpacking.process(b"", output_buffer_limit=_UNPACKED_AT_ONCE)
    except brotli.error as wrong:
        raise FetchError("content_encoding", f"cannot be unpacked ({wrong}); get it again", may_pass=True) from wrong
    if not unpacking.is_finished():
        raise FetchError("cut_short", "ends before its packed content does; get it again", may_pass=True)
    return b"".join(parts)


def _too_late(seconds: float) -> FetchError:
    return FetchError("deadline", f"did not answer whole within {seconds:g} s; it is asked again", may_pass=True)


def _unresolved(seconds: float) -> FetchError:
    return FetchError(
        "deadline", f"has a name that was not resolved within {seconds:g} s; it is asked again", may_pass=True
    )


def _too_large(most_bytes: int) -> FetchError:
    return FetchError("size_cap", f"is larger than {most_bytes / 1e6:g} MB, which no article needs; it is left out")


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    else:
        is_usable = is_usable and parts.username is None and parts.password is None
    if not is_usable:
        raise FetchError("address", f"has the address {url[:200]!r}, which is no plain http(s) address; correct it")


def _check_peer(opened: socket.socket, *, opens_loopback: bool) -> None:
    address = str(opened.getpeername()[0])
    if is_public(address) or (opens_loopback and address == _OPENED):
        return
    opened.close()
    raise FetchError(
        "private_address",
        f"leads to {address}, which is no public address; nothing was sent, correct the address "
        "(SWAPS_OPEN_LOOPBACK=1 opens 127.0.0.1 for trials)",
    )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, shared, or multicast.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is judged by itself.
    """
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour
        if inner is None and known in _NAT64:
            inner = ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if known not in _GLOBAL6 or known in _DOCUMENTATION6:
            return False
    return known.is_global and not known.is_multicast


_Place = tuple[socket.AddressFamily, Any]
"""A family of addresses, and an address as sockets of this family take it."""


class _Lines:
    """The connections of a chain: they stand within limits, and another thread may end them."""

    def __init__(self, limits: Limits, *, opens_loopback: bool) -> None:
        self._limits = limits
        self._opens_loopback = opens_loopback
        self._sockets: list[socket.socket] = []
        self._changed = threading.Condition()
        self._is_cut = False
        self._is_late = threading.Event()
        self._waker, self._woken = socket.socketpair()  # closing the one wakes who waits on the other

    @contextmanager
    def deadline(self) -> Iterator[None]:
        """Begin a request, which is ended when its time is over."""
        is_late = threading.Event()
        with self._changed:
            self._is_late = is_late
        self._check()
        alarm = threading.Timer(self._limits.total_s, self._end, [is_late])
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()

    def fault(self) -> FetchError | None:
        """Say why the request was ended from here; None if it was not."""
        if self._is_cut:
            return stop_fault()
        return _too_late(self._limits.total_s) if self._is_late.is_set() else None

    def cut(self) -> None:
        """End the request, and every later one before it begins."""
        with self._changed:
            self._is_cut = True
            self._waker.close()
            self._shut()

    def close(self) -> None:
        """Let go of the connections."""
        with self._changed:
            for opened in (*self._sockets, self._waker, self._woken):
                opened.close()

    def peer(self) -> str | None:
        """Give the address that was connected to last."""
        for opened in reversed(self._sockets):
            try:
                return str(opened.getpeername()[0])
            except OSError:
                continue
        return None

    def connected(self, connection: HTTPConnection) -> socket.socket:
        """Connect to one of a host's first addresses, which share the time for it: a name may have many that are dead.

        Resolving the name takes its part of this time, but leaves a little.
        """
        until = time.monotonic() + self._limits.connect_s
        try:
            places = self._resolved(connection)[:_ADDRESSES]
        except OSError as wrong:
            raise NewConnectionError(connection, f"the name {connection.host} cannot be resolved ({wrong})") from wrong
        fault: OSError | None = None
        within_s = max((until - time.monotonic()) / max(len(places), 1), _LEAST_S)
        for place in places:
            try:
                return self._opened(place, within_s)
            except OSError as wrong:
                fault = wrong
        raise NewConnectionError(connection, f"{connection.host} cannot be reached ({fault})") from fault

    def _resolved(self, connection: HTTPConnection) -> list[_Place]:
        """Resolve a name on a thread of its own: the system waits for names without a limit, and cannot be woken."""
        name, port = connection._dns_host, connection.port
        found: list[list[_Place] | OSError | ValueError] = []

        def resolve() -> None:
            try:
                answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
                given: list[_Place] | OSError | ValueError = [(family, place) for family, *_, place in answers]
            except (OSError, ValueError) as wrong:  # ValueError: a name that no resolver is asked for
                given = wrong
            with self._changed:
                found.append(given)
                self._changed.notify_all()

        threading.Thread(target=resolve, name=f"resolve {name}", daemon=True).start()
        with self._changed:
            self._changed.wait_for(lambda: found or self.fault(), self._limits.connect_s)
        self._check()
        if not found:
            raise _unresolved(self._limits.connect_s)
        if isinstance(found[0], Exception):
            raise found[0]
        return list(dict.fromkeys(found[0]))

    def _opened(self, place: _Place, within_s: float) -> socket.socket:
        """Connect to an address, check it, and keep a second handle: TLS takes the socket itself away."""
        family, address = place
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._connect(opened, address, within_s)
            _check_peer(opened, opens_loopback=self._opens_loopback)
            with self._changed:  # ended before this, it is not begun; ended after it, it is cut
                self._check()
                self._sockets.append(opened.dup())
        except BaseException:
            opened.close()
            raise
        return opened

    def _connect(self, opened: socket.socket, address: Any, within_s: float) -> None:  # noqa: ANN401 - see _Place
        """Connect, but no longer than this, nor beyond a cut."""
        opened.setblocking(False)
        with suppress(BlockingIOError):
            opened.connect(address)
        with selectors.DefaultSelector() as waiting:
            waiting.register(opened, selectors.EVENT_WRITE)
            waiting.register(self._woken, selectors.EVENT_READ)
            is_ready = bool(waiting.select(within_s))
        self._check()
        if not is_ready:
            raise TimeoutError("timed out")
        fault = opened.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if fault:
            raise OSError(fault, os.strerror(fault))
        opened.settimeout(within_s)

    def _check(self) -> None:
        fault = self.fault()
        if fault is not None:
            raise fault

    def _end(self, is_late: threading.Event) -> None:
        """End a request that is late, unless another has begun by now."""
        with self._changed:
            if is_late is self._is_late:
                is_late.set()
                self._shut()

    def _shut(self) -> None:
        """Wake what waits for a name or an answer; closing a socket from here would not wake its reader."""
        self._changed.notify_all()
        for opened in self._sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)


class _Session(requests.Session):
    """A session that leaves redirects alone: otherwise their bodies are read and unpacked without a limit."""

    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:  # type: ignore[override]  # noqa: ANN401
        """Give nothing: whoever asks follows redirects, or does not."""
        return iter(())


class _Adapter(HTTPAdapter):
    """An adapter whose connections are stood by another."""

    def __init__(self, connected: Callable[[HTTPConnection], socket.socket]) -> None:
        self._connected = connected
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as requests declares it
        """Make the pools of connections."""
        connected = self._connected

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return connected(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return connected(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        super().init_poolmanager(*arguments, **options)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
