"""Reports fetched from addresses a person gave: http and https only, within limits, never from our own network.

The name is resolved once, every answer is looked at, and the connection goes to the very address that was looked at, so
that no second answer of the name server can lead inside. That holds for every redirect too.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from .parsing import LARGEST, NotKept

SECONDS = 60  # for the whole of one address, redirects included
CONNECT_SECONDS = 10
REDIRECTS = 5
LONGEST = 2000  # characters of an address
# Where web sites answer; any other port belongs to some other service, which nobody should reach through us.
PORTS = (80, 443, 8080, 8443)
_AGENT = "Gongkai/0.1 (annual report library)"
_SLOW = "the time for this address is over"
# Public by the letter of the registries, but leading to wherever the next gateway sends it: the old relay of 6to4,
# IPv4-compatible addresses, site-local ones, and a network's own translation prefix.
_LEADING_INSIDE = tuple(
    ipaddress.ip_network(one) for one in ("192.88.99.0/24", "::/96", "fec0::/10", "64:ff9b:1::/48")
)
_REDIRECT = (301, 302, 303, 307, 308)


class _Refused(httpcore.ConnectError):
    """The address lies in a network that is not public."""


class _WrongPort(httpcore.ConnectError):
    """The address names a port that is not one of the web's."""


class _TimedStream(httpcore.NetworkStream):
    """A connection that ends when the time for the address is over, however slowly it drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(*args, **kwargs), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None, late: type[Exception]) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise late(_SLOW)
        return left if timeout is None else min(timeout, left)


class _GuardedBackend(httpcore.SyncBackend):
    """Connects to public addresses only, and to the one it has looked at."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        stream = super().connect_tcp(permitted_address(host, port), port, *args, **kwargs)
        return _TimedStream(stream, self._deadline)

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise _Refused("no unix sockets")


class _GuardedTransport(httpx.HTTPTransport):
    """httpx over a pool whose connections are guarded."""

    def __init__(self, deadline: float) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=_GuardedBackend(deadline),
            max_connections=4,
        )


def permitted_address(host: str, port: int) -> str:
    """The IP address to connect to. Raises _Refused when any that the name stands for is not public,
    _WrongPort when the port is none of PORTS."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    addresses = [str(answer[4][0]) for answer in answers]
    if not addresses:
        raise httpcore.ConnectError("no address")
    if not settings.FETCH_PRIVATE and not all(is_public(address) for address in addresses):
        raise _Refused(host)
    if not settings.FETCH_PRIVATE and port not in PORTS:
        raise _WrongPort(str(port))
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet; one written inside an IPv6 address is looked at as well."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if any(found in network for network in _LEADING_INSIDE if network.version == found.version):
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None and not is_public(str(inner)):
            return False
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


def addresses_in(text: str) -> tuple[list[str], list[str]]:
    """The addresses pasted one a line (blank lines and ``#`` remarks left out), and the lines that are none. Twice given
    counts once."""
    good: dict[str, None] = {}
    bad: list[str] = []
    for line in _lines(text):
        if is_address(line):
            good[line] = None
        else:
            bad.append(line)
    return list(good), bad


def _lines(text: str) -> Iterable[str]:
    for line in text.splitlines():
        words = line.strip()
        if words and not words.startswith("#"):
            yield words


def is_address(text: str) -> bool:
    """Whether this is a complete http or https address without a password in it."""
    if len(text) > LONGEST or any(ord(c) <= 32 for c in text):
        return False
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and (parts.port is None or 0 < parts.port < 65536)
        )
    except ValueError:
        return False


def fetch(address: str) -> bytes:
    """What stands at an address. Raises NotKept with the sentence to show."""
    deadline = time.monotonic() + SECONDS
    with httpx.Client(
        transport=_GuardedTransport(deadline),
        timeout=httpx.Timeout(SECONDS / 3, connect=CONNECT_SECONDS),
        headers={"User-Agent": _AGENT, "Accept": "*/*"},
        trust_env=False,
    ) as client:
        return _follow(client, address, deadline)


def _follow(client: httpx.Client, address: str, deadline: float) -> bytes:
    for _hop in range(REDIRECTS + 1):
        if not is_address(address):
            raise NotKept(_("只读取 http 或 https 网址。"))
        try:
            with client.stream("GET", address) as answer:
                if answer.status_code in _REDIRECT and "location" in answer.headers:
                    address = str(answer.url.join(answer.headers["location"]))
                    continue
                if answer.status_code != 200:
                    raise NotKept(_("网站答复 %(status)s，没有取到文件。") % {"status": answer.status_code})
                return _body(answer, deadline)
        except httpx.HTTPError as error:
            raise NotKept(_reason(error)) from error
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise NotKept(_("网址写法不对。")) from error
    raise NotKept(_("网址转来转去超过%(most)s次，没有取到文件。") % {"most": REDIRECTS})


def _body(answer: httpx.Response, deadline: float) -> bytes:
    content = bytearray()
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > LARGEST:
            raise NotKept(_("文件超过%(most)s MB，没有读取。") % {"most": LARGEST // 2**20})
        if time.monotonic() > deadline:
            raise NotKept(_("网站太慢，%(seconds)s秒内没有取完。") % {"seconds": SECONDS})
    return bytes(content)


def _reason(error: httpx.HTTPError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _Refused):
            return _("网址指向内部网络，没有访问。")
        if isinstance(cause, _WrongPort):
            return _("只访问网站常用的端口（%(ports)s），没有访问。") % {"ports": "、".join(map(str, PORTS))}
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return _("网站没有及时答复，没有取到文件。")
    return _("连接不上这个网址，没有取到文件。")
