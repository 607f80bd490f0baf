"""Calls of URLs that a user can set: to public addresses alone, resolved once, each redirect looked at like the first address.

Everything that is not a vendor's own address goes through here. Vendors' base URLs are the owner's, from the environment.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from pipewise.errors import PipewiseError
from pipewise.public_addresses import is_public

SCHEMES = frozenset({"http", "https"})
PORTS = frozenset({80, 443})
DEADLINE_SECONDS = 10.0
MOST_REDIRECTS = 5
MAX_ANSWER_BYTES = 256 * 1024
LONGEST_URL = 2000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What a request carries for the first origin alone.
_FOR_ONE_ORIGIN = frozenset({"authorization", "cookie", "proxy-authorization", "host"})
_NOT_IN_A_URL = re.compile(r"[\s\\\x00-\x1f\x7f]")
# A name with a dot, whose last part is not a number: else it may be an IPv4 address in one of its many spellings.
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+\Z|0x)[a-z0-9-]{1,63}\Z")
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class UrlRefused(PipewiseError):
    """The guard does not call this address; nothing has left."""

    status = 422
    code = "url_refused"


class UrlUnreachable(PipewiseError):
    """No usable answer came. After a POST the other side may have acted."""

    status = 502
    code = "url_unreachable"


@dataclass(frozen=True)
class GuardedAnswer:
    """`url` is where the answer came from; `body` has at most MAX_ANSWER_BYTES."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Every address of a name, as the operating system knows it. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedHTTP:
    """One for a process. `transport` carries requests whose host is an address that was found to be public."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        resolve: Resolve = resolve_by_system,
        ports: frozenset[int] = PORTS,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        self._transport = transport
        self._resolve = resolve
        self._ports = ports
        self._deadline = deadline

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b""
    ) -> GuardedAnswer:
        """The last answer after redirects. Raises UrlRefused before anything leaves for a forbidden place, or UrlUnreachable.

        After a redirect to another origin the request has neither credentials nor a body, and from https none leads to http."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._follow(method, url, dict(headers or {}), content)
        except TimeoutError:
            raise UrlUnreachable(f"The address did not answer within {self._deadline:g} s.") from None

    async def _follow(self, method: str, url: str, headers: dict[str, str], content: bytes) -> GuardedAnswer:
        place = read_url(url, self._ports)
        for _ in range(MOST_REDIRECTS + 1):
            answer = await self._ask(method, place, headers, content)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            following = self._next(place, location)
            if answer.status == 303 or _origin(following) != _origin(place):
                method, content = ("HEAD" if method == "HEAD" else "GET"), b""
            if _origin(following) != _origin(place):
                headers = {name: value for name, value in headers.items() if name.lower() not in _FOR_ONE_ORIGIN}
            place = following
        raise UrlUnreachable(f"The address leads on more than {MOST_REDIRECTS} times.")

    def _next(self, place: httpx.URL, location: str) -> httpx.URL:
        try:
            joined = str(place.join(location))
        except (httpx.InvalidURL, ValueError):
            raise UrlRefused("The address leads on to something that is not an address.") from None
        following = read_url(joined, self._ports)
        if place.scheme == "https" and following.scheme != "https":
            raise UrlRefused("The address leads on from https to http.")
        return following

    async def _ask(self, method: str, place: httpx.URL, headers: Mapping[str, str], content: bytes) -> GuardedAnswer:
        failure: Exception | None = None
        for address in await self._addresses(place):
            try:
                return await self._ask_at(address, method, place, headers, content)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error  # nothing has left: another address of the same name may answer
            except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
                raise UrlUnreachable("The address broke the connection.") from error
        raise UrlUnreachable("The address could not be reached.") from failure

    async def _addresses(self, place: httpx.URL) -> Sequence[str]:
        """Where to connect: looked up here and nowhere else, so that no second answer of a name server can lead elsewhere."""
        host = _host(place)
        if _is_literal(host):
            found: Sequence[str] = [host]
        else:
            try:
                found = await self._resolve(host, _port(place))
            except (OSError, UnicodeError):
                raise UrlUnreachable("The name of the host could not be looked up.") from None
        if not found or not all(map(is_public, found)):
            raise UrlRefused("The address does not lie in the public internet.")
        return found

    async def _ask_at(
        self, address: str, method: str, place: httpx.URL, headers: Mapping[str, str], content: bytes
    ) -> GuardedAnswer:
        host = place.netloc.decode()
        request = httpx.Request(
            method,
            place.copy_with(host=address),
            headers={"User-Agent": "PipeWise", **headers, "Host": host, "Accept-Encoding": "identity"},
            content=content or None,
            extensions={
                "sni_hostname": _host(place),  # the certificate is the name's
                "timeout": httpx.Timeout(self._deadline, connect=self._deadline / 2).as_dict(),
            },
        )
        response = await self._transport.handle_async_request(request)
        try:
            body = await _read(response.stream)
        finally:
            await response.aclose()
        return GuardedAnswer(response.status_code, response.headers, body, str(place))


@asynccontextmanager
async def open_guarded_http(transport: httpx.AsyncBaseTransport | None = None) -> AsyncIterator[GuardedHTTP]:
    """Without proxies or credentials from the environment. No connection is kept: another name at the same address has not
    shown its certificate on it."""
    if transport:
        yield GuardedHTTP(transport)
        return
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=0)
    own = await asyncio.to_thread(lambda: httpx.AsyncHTTPTransport(trust_env=False, limits=limits))
    async with own:
        yield GuardedHTTP(own)


def read_url(url: str, ports: frozenset[int] = PORTS) -> httpx.URL:
    """The parts of an address that may be called, as far as it can be told without a look-up. Raises UrlRefused."""
    if len(url) > LONGEST_URL or _NOT_IN_A_URL.search(url):
        raise UrlRefused("This is not a web address.")
    try:
        place = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise UrlRefused("This is not a web address.") from None
    if place.scheme not in SCHEMES:
        raise UrlRefused("Only http and https addresses are called.")
    if place.userinfo or "@" in place.netloc.decode():
        raise UrlRefused("The address holds a user name or password; send them in a header.")
    host = _host(place).lower().rstrip(".")
    if not (_is_literal(host) or _NAME.match(host)):
        raise UrlRefused("The address names no host of the public internet.")
    if _is_literal(host) and not is_public(host):
        raise UrlRefused("The address does not lie in the public internet.")
    if _port(place) not in ports:
        raise UrlRefused(f"Only the ports {', '.join(map(str, sorted(ports)))} are called.")
    return place.copy_with(host=host, fragment=None)


def _is_literal(host: str) -> bool:
    return ":" in host or _DOTTED.match(host) is not None


def _host(place: httpx.URL) -> str:
    """As it is on the wire: `URL.host` would spell an international name out."""
    return place.raw_host.decode("ascii", "replace")


def _port(place: httpx.URL) -> int:
    default = 443 if place.scheme == "https" else 80
    return default if place.port is None else place.port


def _origin(place: httpx.URL) -> tuple[str, str, int]:
    return place.scheme, _host(place), _port(place)


async def _read(stream: Any) -> bytes:
    """As it came: what is compressed stays so, and cannot grow."""
    content = bytearray()
    async for chunk in stream:
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise UrlUnreachable(f"The address answers with more than {MAX_ANSWER_BYTES // 1024} KiB.")
    return bytes(content)
