"""The only module that asks: one request, within limits.

Each chain of requests has its own session, so that no cookie outlives it. Nothing is taken from the environment: no
proxies, no passwords.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from tasks.records import Answer
from tasks.web.connections import Connections, Limits
from tasks.web.faults import FetchError, too_large, too_late
from tasks.web.unpacking import unpacked

_SCHEMES = ("http", "https")
_AT_ONCE = 65_536


class Chain:
    """Requests that belong together: an address and what it redirects to."""

    def __init__(self, user_agent: str, limits: Limits, *, opens_loopback: bool) -> None:
        self._limits = limits
        self._connections = Connections(limits, opens_loopback=opens_loopback)
        self._session = _Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers["User-Agent"] = user_agent
        self._session.headers["Accept"] = "*/*"
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        adapter = _Adapter(self._connections.connected)
        for scheme in _SCHEMES:
            self._session.mount(f"{scheme}://", adapter)

    def get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        """Ask for an address once; a redirect is an answer. Raises FetchError."""
        _check_address(url)
        asked_at = datetime.now(UTC)
        try:
            with self._connections.deadline():
                answer = self._get(url, headers or {}, asked_at)
        except (FetchError, requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as wrong:
            fault = self._connections.fault() or self._fault(wrong)
            if fault is wrong:
                raise
            raise fault from wrong
        ended = self._connections.fault()
        if ended is not None:  # what was cut may look like an answer that ended early
            raise ended
        return answer

    def cut(self) -> None:
        """End what is being asked, and ask nothing more; may be called from any thread."""
        self._connections.cut()

    def trust(self, certificate: Path) -> None:
        """Trust the certificates of a file, and no others."""
        self._session.verify = str(certificate)

    def close(self) -> None:
        """Let go of the connections."""
        self._session.close()
        self._connections.close()

    def _get(self, url: str, headers: dict[str, str], asked_at: datetime) -> Answer:
        prepared = self._session.prepare_request(requests.Request("GET", url, headers=headers))
        timeout = (self._limits.connect_s, self._limits.total_s)
        with self._session.send(prepared, stream=True, allow_redirects=False, timeout=timeout) as response:
            raw = response.raw
            peer = self._connections.peer()
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
                raise too_large(self._limits.most_bytes)
        return b"".join(parts)

    def _fault(self, wrong: Exception) -> FetchError:
        refused = _refusal_in(wrong)
        if refused is not None:
            return refused
        if isinstance(wrong, requests.Timeout | TimeoutError):
            return too_late(self._limits.connect_s)
        told = _innermost(wrong)
        if isinstance(wrong, requests.exceptions.InvalidURL | ValueError) and not isinstance(wrong, HTTPError):
            return FetchError("address", f"has an address that cannot be asked ({told}); correct it")
        return FetchError("connection", f"broke off or could not be reached ({told}); it is asked again", may_pass=True)


@dataclass(frozen=True, slots=True)
class Web:
    """The way to the web. user_agent: who asks, and how to reach them. opens_loopback: for tests, 127.0.0.1."""

    user_agent: str
    limits: Limits = field(default_factory=Limits)
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


def web_of_settings(version: str) -> Web:
    """Make the way to the web as the environment sets it: SWAPS_CONTACT, SWAPS_OPEN_LOOPBACK."""
    contact = os.environ.get("SWAPS_CONTACT", "").strip()
    agent = f"SwapLedger/{version} (+{contact})" if contact else f"SwapLedger/{version}"
    return Web(agent, opens_loopback=os.environ.get("SWAPS_OPEN_LOOPBACK") == "1")


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
