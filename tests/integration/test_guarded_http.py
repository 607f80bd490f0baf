"""No address that a user sets leads to a machine of ours: whatever its spelling, its name server, and where it leads on to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx
import pytest

from pipewise.guarded_http import MAX_ANSWER_BYTES, GuardedHTTP, UrlRefused, UrlUnreachable, resolve_by_system
from pipewise.link_checks import check_link
from tests.integration.ssrf_targets import ANSWERS, targets

PUBLIC = "93.184.215.14"
PUBLIC_6 = "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


@dataclass
class Trap:
    """A listener on loopback that counts who comes."""

    port: int = 0
    connections: int = 0

    async def catch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        self.connections += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\ninside")
        await writer.drain()
        writer.close()


@dataclass
class Internet(httpx.AsyncBaseTransport):
    """Public addresses answer from a table; whatever else the guard lets through is really called."""

    answers: dict[str, httpx.Response | Exception] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    real: httpx.AsyncHTTPTransport = field(default_factory=lambda: httpx.AsyncHTTPTransport(trust_env=False))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host not in {PUBLIC, PUBLIC_6}:
            return await self.real.handle_async_request(request)
        self.requests.append(request)
        answer = self.answers.get(request.url.path, httpx.Response(200, text="public"))
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@dataclass
class Names:
    """A name server that has its own mind: the answers of a name come one after the other, the last stays."""

    answers: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host in self.answers:
            told = self.answers[host]
            return told.pop(0) if len(told) > 1 else told[0]
        if host in ANSWERS:
            return ANSWERS[host]
        if host.endswith("public.example"):
            return [PUBLIC]
        return await resolve_by_system(host, port)  # numbers in every spelling that the system knows


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    caught = Trap()
    server = await asyncio.start_server(caught.catch, "127.0.0.1", 0)
    caught.port = server.sockets[0].getsockname()[1]
    async with server:
        yield caught


@pytest.fixture
def internet() -> Internet:
    return Internet()


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def guarded(trap: Trap, internet: Internet, names: Names) -> GuardedHTTP:
    """With the trap's port allowed: what refuses is never the port alone."""
    return GuardedHTTP(internet, resolve=names, ports=frozenset({80, 443, trap.port}), deadline=5.0)


async def test_the_trap_catches_whoever_is_not_guarded(trap: Trap) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        for host in ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost"):
            assert (await http.get(f"http://{host}:{trap.port}/")).text == "inside"
    assert trap.connections == 5


async def test_no_target_is_called(guarded: GuardedHTTP, trap: Trap, internet: Internet) -> None:
    tried = targets(trap.port)
    assert len(tried) >= 120
    for url in tried:
        with pytest.raises((UrlRefused, UrlUnreachable)):
            await guarded.request("POST", url, content=b"x")
    assert trap.connections == 0
    assert internet.requests == []


async def test_no_redirect_leads_to_a_target(guarded: GuardedHTTP, trap: Trap, internet: Internet) -> None:
    refused = 0
    for url in targets(trap.port):
        if not url.isascii() or "\r" in url:
            continue  # no header carries it
        internet.answers["/"] = httpx.Response(302, headers={"Location": url})
        try:
            answer = await guarded.request("GET", f"http://public.example:{trap.port}/")
        except (UrlRefused, UrlUnreachable):
            refused += 1
        else:
            # What is no address by itself is a path at the host that answered.
            assert httpx.URL(answer.url).host == "public.example", url
    assert refused >= 115
    assert trap.connections == 0


async def test_a_name_is_looked_up_once_and_its_address_is_kept(
    guarded: GuardedHTTP, trap: Trap, internet: Internet, names: Names
) -> None:
    names.answers["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    answer = await guarded.request("GET", f"http://rebinding.example:{trap.port}/a?b=c#d")
    assert (answer.status, answer.body) == (200, b"public")
    (request,) = internet.requests
    assert (request.url.host, request.headers["host"]) == (PUBLIC, f"rebinding.example:{trap.port}")
    assert request.extensions["sni_hostname"] == "rebinding.example"
    assert request.url.raw_path == b"/a?b=c"
    with pytest.raises(UrlRefused):
        await guarded.request("GET", f"http://rebinding.example:{trap.port}/")
    assert trap.connections == 0


async def test_a_redirect_to_the_same_name_is_looked_up_again(
    guarded: GuardedHTTP, trap: Trap, internet: Internet, names: Names
) -> None:
    names.answers["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    internet.answers["/"] = httpx.Response(302, headers={"Location": "/next"})
    with pytest.raises(UrlRefused):
        await guarded.request("GET", f"http://rebinding.example:{trap.port}/")
    assert trap.connections == 0


async def test_credentials_and_body_stay_with_their_origin(guarded: GuardedHTTP, internet: Internet) -> None:
    internet.answers["/"] = httpx.Response(307, headers={"Location": "https://other.public.example/b"})
    sent = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Mine": "1"}
    await guarded.request("POST", "https://one.public.example/", headers=sent, content=b"secret words")
    first, second = internet.requests
    assert (first.method, first.content, first.headers["authorization"]) == ("POST", b"secret words", "Bearer x")
    assert (second.method, second.content) == ("GET", b"")
    assert "authorization" not in second.headers
    assert "cookie" not in second.headers
    assert second.headers["host"] == "other.public.example"


async def test_a_redirect_at_the_same_origin_keeps_what_was_sent(guarded: GuardedHTTP, internet: Internet) -> None:
    internet.answers["/"] = httpx.Response(308, headers={"Location": "/b"})
    await guarded.request("POST", "https://public.example/", headers={"Authorization": "Bearer x"}, content=b"words")
    assert [(one.method, one.content) for one in internet.requests] == [("POST", b"words")] * 2


async def test_https_does_not_lead_to_http(guarded: GuardedHTTP, internet: Internet) -> None:
    internet.answers["/"] = httpx.Response(302, headers={"Location": "http://public.example/"})
    with pytest.raises(UrlRefused, match="https to http"):
        await guarded.request("GET", "https://public.example/")


async def test_a_circle_of_redirects_ends(guarded: GuardedHTTP, internet: Internet) -> None:
    internet.answers["/"] = httpx.Response(302, headers={"Location": "/"})
    with pytest.raises(UrlUnreachable, match="more than 5 times"):
        await guarded.request("GET", "https://public.example/")


async def test_too_long_an_answer_and_a_silent_one_end(trap: Trap, internet: Internet, names: Names) -> None:
    guarded = GuardedHTTP(internet, resolve=names, deadline=0.05)
    internet.answers["/"] = httpx.Response(200, content=b"x" * (MAX_ANSWER_BYTES + 1))
    with pytest.raises(UrlUnreachable, match="256 KiB"):
        await guarded.request("GET", "https://public.example/")

    async def silent(host: str, port: int) -> Sequence[str]:
        del host, port
        await asyncio.sleep(60)
        return []

    with pytest.raises(UrlUnreachable, match=r"within 0\.05 s"):
        await GuardedHTTP(internet, resolve=silent, deadline=0.05).request("GET", "https://public.example/")


async def test_another_address_of_the_name_is_tried(guarded: GuardedHTTP, internet: Internet, names: Names) -> None:
    names.answers["two.example"] = [[PUBLIC_6, PUBLIC]]

    class HalfBroken(Internet):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host == PUBLIC_6:
                raise httpx.ConnectError("no route")
            return await super().handle_async_request(request)

    half = GuardedHTTP(HalfBroken(), resolve=names)
    assert (await half.request("GET", "https://two.example/")).status == 200


async def test_an_international_name_goes_out_as_it_is_on_the_wire(
    guarded: GuardedHTTP, internet: Internet, names: Names
) -> None:
    await guarded.request("GET", "https://bücher.public.example/")
    assert names.asked == ["xn--bcher-kva.public.example"]
    assert internet.requests[0].extensions["sni_hostname"] == "xn--bcher-kva.public.example"


async def test_a_fallback_link_is_looked_at_through_the_guard(
    guarded: GuardedHTTP, trap: Trap, internet: Internet
) -> None:
    internet.answers["/gone"] = httpx.Response(404)
    internet.answers["/down"] = httpx.ReadError("reset")
    found = [await check_link(guarded, f"https://public.example/{path}") for path in ("", "gone", "down")]
    assert [check.ok for check in found] == [True, False, True]
    inside = await check_link(guarded, f"http://127.0.0.1:{trap.port}/")
    assert (inside.ok, trap.connections) == (False, 0)
    assert inside.fix
