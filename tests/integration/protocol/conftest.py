"""Each test runs against each server; a server is started once for a file."""

from collections.abc import AsyncIterator, Iterator

import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from tests.integration.protocol.servers import Server, connect_approving, serving


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "dev"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    # Asked for by name, so that the other runs do not start a database server.
    url = str(request.getfixturevalue("shared_postgres_url")) if request.param == "postgresql" else None
    with serving(request.param, tmp_path_factory.mktemp(request.param), url) as started:
        yield started


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def own_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """For what LangGraph's own server does otherwise."""
    url = str(request.getfixturevalue("shared_postgres_url")) if request.param == "postgresql" else None
    with serving(request.param, tmp_path_factory.mktemp(request.param), url) as started:
        yield started


@pytest.fixture
async def client(server: Server) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=server.url, api_key=None, headers=server.headers) as opened:
        yield opened


@pytest.fixture
async def own(own_server: Server) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=own_server.url, api_key=None, headers=own_server.headers) as opened:
        yield opened


@pytest.fixture(scope="module")
def approving(server: Server) -> str:
    """A platform whose replies a person approves."""
    connect_approving(server)
    return "instagram"
