"""The graph called directly, in the benchmark's own process, on the checkpointer that the product has: what HTTP adds to."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bench.credentials import CALENDLY, WHATSAPP
from bench.graph_bed import connect_platform
from bench.sides import MODEL
from bench.wire import HOST
from graph.checkpoints import open_checkpoints
from graph.compose import open_collaborators
from graph.main import build_graph
from pipewise.resources import open_resources
from pipewise.settings import load_settings

Ask = Callable[[str], Awaitable[dict[str, Any]]]
FIRST_NUMBER = 351_950_000_000


@asynccontextmanager
async def open_direct(folder: Path, vendors_port: int) -> AsyncIterator[Ask]:
    """A call runs one event of a lead, on the lead's own thread."""
    vendors = f"http://{HOST}:{vendors_port}"
    settings = load_settings(
        _env_file=None,
        data_dir=folder,
        model=MODEL,
        model_required=True,
        daily_model_budget_usd=1e6,
        calendly_api_url=vendors,
        whatsapp_api_url=vendors,
        openai_api_key="bench-openai-key",
        openai_base_url=f"{vendors}/v1",
    )
    async with (
        open_resources(settings) as resources,
        open_collaborators(resources) as parts,
        open_checkpoints(settings, resources.vault) as checkpoints,
    ):
        for name, secrets in (("calendly", CALENDLY), ("whatsapp", WHATSAPP)):
            await connect_platform(resources, name, secrets)
        graph = build_graph(parts).compile(checkpointer=checkpoints.saver, name="pipewise")
        numbers = itertools.count()

        async def ask(sender: str, text: str = "Schedule a demo") -> dict[str, Any]:
            config = {"configurable": {"thread_id": f"direct-{sender}-{next(numbers)}"}}
            found: dict[str, Any] = await graph.ainvoke(event_of(sender, text), config)
            return found

        yield ask


def event_of(sender: str, text: str) -> dict[str, Any]:
    return {"event": {"platform": "whatsapp", "sender": sender, "text": text}}
