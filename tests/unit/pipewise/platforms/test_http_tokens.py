"""Calls whose token runs out: a fresh one before, a renewed one after a refusal, and nothing sent where there is none."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, Rejected, Unavailable
from pipewise.platforms.http import VendorHTTP
from tests.fakes import FixedClock
from tests.unit.pipewise.platforms.answering import Answering, answer


class Tokens:
    """`next` is what a renewal brings; `fails` is raised by `current`; `hangs` never answers."""

    def __init__(
        self, following: str | None = "fresh", fails: PlatformError | None = None, *, hangs: bool = False
    ) -> None:
        self.following = following
        self.fails = fails
        self.hangs = hangs
        self.renewals = 0

    async def current(self, token: str) -> str:
        if self.hangs:
            await asyncio.sleep(60)
        if self.fails:
            raise self.fails
        return token

    async def renew(self, refused: str) -> str | None:
        self.renewals += 1
        return None if self.following == refused else self.following


def read_error(status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
    del document, headers
    kind = AuthFailed if status == 401 else Rejected
    return kind("No.", platform="x", http_status=status)


async def call(vendor: Answering, tokens: Tokens) -> Any:
    client = httpx.AsyncClient(transport=httpx.MockTransport(vendor))
    http = VendorHTTP(
        client, platform="x", base_url="https://vendor.example", clock=FixedClock(), deadline=0.2, tokens=tokens
    )
    return await http.call("POST", "/send", token="old", read_error=read_error, safe=False, body={})


def used(vendor: Answering) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in vendor.requests]


async def test_a_refused_token_is_renewed_once_and_the_call_made_again() -> None:
    vendor, tokens = Answering(answer({}, 401), answer({"ok": True})), Tokens()
    assert await call(vendor, tokens) == {"ok": True}
    assert used(vendor) == ["old", "fresh"]


async def test_a_renewed_token_that_is_refused_as_well_ends_it() -> None:
    vendor, tokens = Answering(answer({}, 401)), Tokens()
    with pytest.raises(AuthFailed):
        await call(vendor, tokens)
    assert (used(vendor), tokens.renewals) == (["old", "fresh"], 1)


async def test_where_nothing_newer_is_to_be_had_the_refusal_stands() -> None:
    vendor = Answering(answer({}, 401))
    with pytest.raises(AuthFailed):
        await call(vendor, Tokens(following=None))
    assert used(vendor) == ["old"]


async def test_another_refusal_renews_nothing() -> None:
    vendor, tokens = Answering(answer({}, 403)), Tokens()
    with pytest.raises(Rejected):
        await call(vendor, tokens)
    assert tokens.renewals == 0


@pytest.mark.parametrize(
    "tokens",
    [
        Tokens(fails=Unavailable("No token.", platform="x", outcome=Outcome.NOT_SENT)),
        Tokens(hangs=True),
    ],
    ids=["none to be had", "none in time"],
)
async def test_without_a_token_nothing_leaves(tokens: Tokens) -> None:
    vendor = Answering(answer({"ok": True}))
    with pytest.raises(Unavailable) as failure:
        await call(vendor, tokens)
    assert failure.value.outcome is Outcome.NOT_SENT
    assert vendor.requests == []
