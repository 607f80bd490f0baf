"""The naive baseline: a route that awaits the graph inside the webhook. No dedup, no order, no outbox, no durability
beyond the saver's default. Also `/row`: a route that commits one row, to show what this disk and machine can do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
import uvicorn
from fastapi import FastAPI, Request
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from bench.credentials import WHATSAPP
from bench.graph_bed import open_graph
from pipewise.events import InboundEvent
from pipewise.platforms.base import Messenger
from pipewise.platforms.registry import get_platform
from pipewise.replies import outcome_message
from pipewise.resources import Resources


class Naive:
    def __init__(self, resources: Resources, graph: Any, messenger: Messenger, rows: aiosqlite.Connection) -> None:
        self._clock = resources.clock
        self._graph = graph
        self._messenger = messenger
        self._rows = rows
        self._webhook = get_platform("whatsapp").webhook

    async def receive(self, body: bytes, headers: dict[str, str]) -> int:
        now = self._clock.now()
        self._webhook.verify(body, headers, (WHATSAPP["app_secret"],), now)
        delivery = self._webhook.parse(self._webhook.decode(body, "application/json"), now, headers)
        for event in delivery.events:
            await self._answer(event)
        return len(delivery.events)

    async def commit_row(self, body: bytes) -> None:
        await self._rows.execute("INSERT INTO received (body) VALUES (?)", (body,))
        await self._rows.commit()

    async def _answer(self, event: InboundEvent) -> None:
        assert event.sender is not None  # noqa: S101  the load is messages, and they have one
        number = event.sender.identities[0].external_id
        given = {"event": {"platform": "whatsapp", "sender": number, "text": event.content["text"]}}
        result = await self._graph.ainvoke(given, {"configurable": {"thread_id": number}})
        await self._messenger.send(number, outcome_message(result["outcome"], result["reply"]), callback="")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with open_graph() as (resources, graph, messenger):
        folder = resources.settings.data_dir
        async with (
            AsyncSqliteSaver.from_conn_string(str(folder / "saver.db")) as saver,
            aiosqlite.connect(folder / "rows.db") as rows,
        ):
            await rows.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
            await rows.execute("CREATE TABLE IF NOT EXISTS received (body BLOB)")
            app.state.naive = Naive(resources, graph.compile(checkpointer=saver), messenger, rows)
            yield


async def webhook(request: Request) -> dict[str, int]:
    return {"accepted": await request.app.state.naive.receive(await request.body(), dict(request.headers))}


async def row(request: Request) -> dict[str, int]:
    await request.app.state.naive.commit_row(await request.body())
    return {"accepted": 1}


async def healthz() -> dict[str, bool]:
    return {"ok": True}


def serve(port: int) -> None:
    app = FastAPI(lifespan=lifespan)
    app.post("/webhook")(webhook)
    app.post("/row")(row)
    app.get("/healthz")(healthz)
    # h11 is what `pip install uvicorn` gives, and what the product's server uses.
    uvicorn.run(app, port=port, http="h11", log_level="warning", access_log=False)
