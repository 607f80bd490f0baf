"""A sandbox in process: no sockets, a clock that the test moves, and a receiver that keeps every webhook."""

from collections.abc import AsyncIterator

import httpx
import pytest

from pipewise.sandbox.app import create_sandbox
from tests.fakes import FixedClock
from tests.unit.pipewise.sandbox.world import Receiver, Sandbox


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def sandbox(clock: FixedClock, receiver: Receiver) -> AsyncIterator[Sandbox]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(receiver)) as webhook_http:
        app = create_sandbox(clock, webhook_http=webhook_http)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            yield Sandbox(http, app.state.sandbox, clock, receiver)
