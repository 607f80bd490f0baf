"""The graph for `langgraph dev`: the same topology and collaborators, no checkpointer of ours, no effects."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from graph.main import build_graph
from pipewise.resources import open_resources
from pipewise.settings import load_settings
from pipewise.storage.sqlite import install_sound_sqlite
from pipewise.storage.tenancy import act_for


class _Process:
    """Resources opened on the first run and kept while the server lives: it calls the factory for every run and read."""

    def __init__(self) -> None:
        self._graph: Any = None
        self._account_id = ""
        self._lock = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def graph(self) -> Any:
        async with self._lock:
            if self._graph is None:
                await asyncio.to_thread(install_sound_sqlite)
                open_collaborators = await asyncio.to_thread(_import_collaborators)
                settings = await asyncio.to_thread(load_settings)
                resources = await self._stack.enter_async_context(open_resources(settings))
                parts = await self._stack.enter_async_context(open_collaborators(resources))
                self._account_id = await parts.leads.default_account()
                self._graph = await asyncio.to_thread(lambda: build_graph(parts).compile(name="pipewise"))
        # A run by hand is the first user's, and goes on in the task that asks for the graph.
        act_for(self._account_id)
        return self._graph


def _import_collaborators() -> Any:
    """Only now: it imports SQLite, which had to be chosen before."""
    from graph.compose import open_collaborators  # noqa: PLC0415

    return open_collaborators


_process = _Process()


async def make_graph() -> Any:
    """Called by the dev server."""
    return await _process.graph()
