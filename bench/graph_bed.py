"""The product's graph for the baselines: on a database of its own, with both vendors connected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.credentials import CALENDLY, WHATSAPP
from graph.compose import open_collaborators
from graph.main import build_graph
from pipewise.integrations import connect, parse_model
from pipewise.platforms.base import Messenger
from pipewise.platforms.registry import get_platform
from pipewise.resources import Resources, open_resources
from pipewise.settings import load_settings
from pipewise.storage.accounts import first_user
from pipewise.storage.integrations import Integration


@asynccontextmanager
async def open_graph() -> AsyncIterator[tuple[Resources, Any, Messenger]]:
    """The graph is not compiled: each baseline attaches the saver it stands for."""
    async with open_resources(load_settings()) as resources, open_collaborators(resources) as parts:
        await connect_platform(resources, "calendly", CALENDLY)
        found = resources.connections.build_messaging(await connect_platform(resources, "whatsapp", WHATSAPP))
        assert found is not None  # noqa: S101  WhatsApp sends
        yield resources, build_graph(parts), found.messenger


async def connect_platform(resources: Resources, name: str, secrets: dict[str, str]) -> Integration:
    """For the first user."""
    platform = get_platform(name)
    async with resources.database.write() as connection:
        user = await first_user(connection)
        assert user is not None  # noqa: S101  opening the resources made one
        return await connect(
            connection,
            resources.vault,
            user.account_id,
            platform,
            name=None,
            credentials=parse_model(platform.credentials, secrets, "credentials"),
            settings=platform.settings(),
            now=resources.clock.now(),
        )
