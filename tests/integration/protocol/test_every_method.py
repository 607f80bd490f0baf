"""Every method of the official client's parts: it works, or answers 501 with the structured error. A new one fails here."""

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import APIStatusError
from langgraph_sdk.schema import StreamMode

from api.protocol.bodies import MODES, OTHER_MODES
from tests.integration.protocol.in_process import client_of
from tests.integration.protocol.test_delivery import event
from tests.integration.world import World, open_world

PARTS = ("assistants", "threads", "runs", "crons", "store")
Call = Callable[[LangGraphClient, dict[str, str]], Awaitable[Any]]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0, connect=False) as opened:
        yield opened


async def read(stream: AsyncIterator[Any]) -> list[Any]:
    async with aclosing(stream) as parts:  # type: ignore[type-var]
        return [part async for part in parts]


async def start_thread_stream(client: LangGraphClient) -> None:
    async with client.threads.stream(assistant_id="pipewise") as stream:
        await stream.run.start(input=event("hello"))


RUN: Any = {"assistant_id": "pipewise", "input": event("hello")}
WORKS: dict[str, Call] = {
    "assistants.get": lambda c, _: c.assistants.get("pipewise"),
    "assistants.get_graph": lambda c, _: c.assistants.get_graph("pipewise", xray=1),
    "assistants.get_schemas": lambda c, _: c.assistants.get_schemas("pipewise"),
    "assistants.get_subgraphs": lambda c, _: c.assistants.get_subgraphs("pipewise", "scheduler", recurse=True),
    "assistants.search": lambda c, _: c.assistants.search(graph_id="pipewise"),
    "assistants.count": lambda c, _: c.assistants.count(),
    "assistants.get_versions": lambda c, _: c.assistants.get_versions("pipewise"),
    "threads.get": lambda c, x: c.threads.get(x["thread"]),
    "threads.create": lambda c, _: c.threads.create(metadata={"a": "b"}),
    "threads.update": lambda c, x: c.threads.update(x["thread"], metadata={"a": "c"}),
    "threads.search": lambda c, _: c.threads.search(limit=2),
    "threads.count": lambda c, _: c.threads.count(),
    "threads.copy": lambda c, x: c.threads.copy(x["thread"]),
    "threads.get_state": lambda c, x: c.threads.get_state(x["thread"], subgraphs=True),
    "threads.update_state": lambda c, x: c.threads.update_state(x["thread"], {"language": "pt"}, as_node="plan_send"),
    "threads.get_history": lambda c, x: c.threads.get_history(x["thread"]),
    "threads.prune": lambda c, x: c.threads.prune([x["thread"]], strategy="keep_latest"),
    "runs.wait": lambda c, x: c.runs.wait(x["thread"], **RUN),
    "runs.stream": lambda c, x: read(c.runs.stream(x["thread"], **RUN, stream_mode=["values", "updates"])),
    "runs.create": lambda c, x: c.runs.create(x["thread"], **RUN),
    "runs.create_batch": lambda c, _: c.runs.create_batch([RUN, RUN]),
    "runs.list": lambda c, x: c.runs.list(x["thread"]),
    "runs.get": lambda c, x: c.runs.get(x["thread"], x["run"]),
    "runs.join": lambda c, x: c.runs.join(x["thread"], x["run"]),
    "runs.join_stream": lambda c, x: read(c.runs.join_stream(x["thread"], x["run"], last_event_id="0")),
    "runs.cancel": lambda c, x: c.runs.cancel(x["thread"], x["run"], wait=True),
    "runs.cancel_many": lambda c, _: c.runs.cancel_many(status="all"),
    "runs.delete": lambda c, x: c.runs.delete(x["thread"], x["run"]),
    "crons.create_for_thread": lambda c, x: c.crons.create_for_thread(x["thread"], **RUN, schedule="@daily"),
    "crons.create": lambda c, _: c.crons.create(**RUN, schedule="0 9 * * *", timezone="Europe/Lisbon"),
    "crons.search": lambda c, x: c.crons.search(thread_id=x["thread"]),
    "crons.count": lambda c, _: c.crons.count(),
    "crons.update": lambda c, x: c.crons.update(x["cron"], enabled=False),
    "crons.delete": lambda c, x: c.crons.delete(x["cron"]),
    "store.put_item": lambda c, _: c.store.put_item(["a"], "k", {"b": 1}),
    "store.get_item": lambda c, _: c.store.get_item(["a"], "k"),
    "store.search_items": lambda c, _: c.store.search_items(["a"]),
    "store.list_namespaces": lambda c, _: c.store.list_namespaces(),
    "store.delete_item": lambda c, _: c.store.delete_item(["a"], "k"),
    "threads.delete": lambda c, x: c.threads.delete(x["thread"]),
}
NOT_OFFERED: dict[str, Call] = {
    "assistants.create": lambda c, _: c.assistants.create("pipewise"),
    "assistants.update": lambda c, _: c.assistants.update("pipewise", name="other"),
    "assistants.delete": lambda c, _: c.assistants.delete("pipewise"),
    "assistants.set_latest": lambda c, _: c.assistants.set_latest("pipewise", 1),
    "threads.join_stream": lambda c, x: _join_thread(c, x["thread"]),
    "threads.stream": lambda c, _: start_thread_stream(c),
}


async def _join_thread(client: LangGraphClient, thread_id: str) -> None:
    async for _ in await client.threads.join_stream(thread_id):
        pass


def public_methods() -> set[str]:
    client = LangGraphClient(httpx.AsyncClient())
    return {
        f"{part}.{name}"
        for part in PARTS
        for name, _ in inspect.getmembers(type(getattr(client, part)), inspect.isfunction)
        if not name.startswith("_")
    }


def test_every_stream_mode_of_the_client_is_known() -> None:
    assert set(get_args(StreamMode)) == MODES | OTHER_MODES


def test_the_table_holds_every_method_of_the_client() -> None:
    assert public_methods() == {*WORKS, *NOT_OFFERED}
    assert not WORKS.keys() & NOT_OFFERED.keys()


async def test_every_method_works_or_says_that_it_is_not_offered(world: World) -> None:
    client = client_of(world)
    thread = (await client.threads.create())["thread_id"]
    run = await client.runs.create(thread, **RUN)
    await client.runs.join(thread, run["run_id"])
    cron: Any = await client.crons.create(**RUN, schedule="@daily")
    known = {"thread": thread, "run": run["run_id"], "cron": cron["cron_id"]}
    for name, call in NOT_OFFERED.items():
        with pytest.raises((APIStatusError, httpx.HTTPStatusError)) as refused:
            await call(client, known)
        assert refused.value.response.status_code == 501, name
        assert (await refused.value.response.aread() and refused.value.response.json())["code"] == "not_offered", name
    for name, call in WORKS.items():
        try:
            await call(client, known)
        except Exception as error:  # noqa: BLE001  whatever it is, the method is named
            pytest.fail(f"{name}: {error!r}")
