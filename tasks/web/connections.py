"""Connections that stand within limits, to public addresses, and that another thread may end.

The peer is checked after the connection stands and before a byte is sent, because a name may be resolved to any
address. Whatever a request waits for (a name, a connection, an answer), it waits within limits, and can be cut from
another thread.
"""

import ipaddress
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from tasks.web.faults import FetchError, stop_fault, too_late, unresolved

_OPENED = "127.0.0.1"
"""The only address that the setting for tests opens."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL6 = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out; what is set apart within it, as documentation, Python knows but for one."""
_DOCUMENTATION6 = ipaddress.ip_network("3fff::/20")
_ADDRESSES = 3
"""Of a name, that are tried."""
_LEAST_S = 0.5
"""To connect to an address, however long it took to resolve its name."""
_Place = tuple[socket.AddressFamily, Any]
"""A family of addresses, and an address as sockets of this family take it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """connect_s: to resolve a name and stand a connection. total_s: for a whole answer, however it drips.

    most_bytes: of it, unpacked.
    """

    connect_s: float = 10.0
    total_s: float = 30.0
    most_bytes: int = 5_000_000


class Connections:
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
        return too_late(self._limits.total_s) if self._is_late.is_set() else None

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
            raise unresolved(self._limits.connect_s)
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
