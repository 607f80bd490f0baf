"""What our own server promises beyond the client's expectations: nothing lost, nothing twice, in order; and what it does not offer."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import ConflictError

from api.protocol.not_offered import MISSING
from tests.integration.protocol.servers import AUTHORIZED, Server, serving
from tests.integration.protocol.test_sdk import ABSENT, STEPS, event, new_thread

MANY = 50


async def test_fifty_runs_at_once_on_one_thread_are_done_in_order(own: LangGraphClient) -> None:
    thread_id = await new_thread(own)
    made = await asyncio.gather(
        *(own.runs.create(thread_id, "pipewise", input=event(f"hello {number}")) for number in range(MANY))
    )
    texts = {run["run_id"]: f"hello {number}" for number, run in enumerate(made)}
    outputs: list[Any] = await asyncio.gather(*(own.runs.join(thread_id, run["run_id"]) for run in made))
    assert all(output["reply"] for output in outputs)
    listed = await own.runs.list(thread_id, limit=100)
    assert [run["status"] for run in listed] == ["success"] * MANY
    assert {run["run_id"] for run in listed} == set(texts)
    state: Any = await own.threads.get_state(thread_id)
    # The window of the conversation holds the last ten.
    said = [message["content"] for message in state["values"]["messages"] if message["type"] == "human"]
    assert said == [texts[run["run_id"]] for run in reversed(listed[:10])]


async def test_fifty_threads_that_name_one_lead_share_its_lane(own: LangGraphClient) -> None:
    threads = [await new_thread(own) for _ in range(10)]
    outputs: list[Any] = await asyncio.gather(
        *(own.runs.wait(threads[number % 10], "pipewise", input=event("hello")) for number in range(MANY))
    )
    assert all(output["reply"] for output in outputs)
    assert len({output["lead_id"] for output in outputs}) == 1


async def test_of_many_that_will_not_wait_one_is_taken(own: LangGraphClient) -> None:
    thread_id = await new_thread(own)
    tries = await asyncio.gather(
        *(own.runs.create(thread_id, "pipewise", input=event("hello"), multitask_strategy="reject") for _ in range(10)),
        return_exceptions=True,
    )
    refused = [one for one in tries if isinstance(one, ConflictError)]
    assert len(refused) >= 1
    assert [one for one in tries if isinstance(one, BaseException) and one not in refused] == []
    assert refused[0].body["code"] == "busy"  # type: ignore[index]


async def read_events(http: httpx.AsyncClient, method: str, path: str, most: int, **more: Any) -> tuple[list[Any], str]:
    """(id, name, data) of the first events, and where to come back to; then the connection is cut."""
    found: list[Any] = []
    async with http.stream(method, path, **more) as answer:
        assert answer.status_code == 200
        fields: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            found.append((int(fields["id"]), fields["event"], fields["data"]))
            fields = {}
            if len(found) == most:
                break
        return found, answer.headers["location"]


@pytest.fixture
async def http(own_server: Server) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=own_server.url, headers=AUTHORIZED, timeout=30) as opened:
        yield opened


@pytest.mark.parametrize("with_thread", [True, False])
async def test_a_client_that_was_cut_off_misses_and_repeats_nothing(
    own: LangGraphClient, http: httpx.AsyncClient, with_thread: bool
) -> None:
    body = {"assistant_id": "pipewise", "input": event(), "stream_mode": ["updates", "values", "debug"]}
    path = f"/threads/{await new_thread(own)}/runs/stream" if with_thread else "/runs/stream"
    first, location = await read_events(http, "POST", path, 3, json=body)
    got = list(first)
    for most in (1, 5, 1000):
        cut = {"Last-Event-ID": str(got[-1][0])}
        more, _ = await read_events(http, "GET", location, most, headers=cut)
        got += more
    assert [number for number, _, _ in got] == list(range(1, len(got) + 1))
    whole, _ = await read_events(http, "GET", location, 1000)
    assert whole == got, "and whoever comes later is told the same from the beginning"
    steps = [step for _, name, data in got if name == "updates" for step in httpx.Response(200, text=data).json()]
    assert steps == STEPS


async def test_a_run_that_waits_is_cancelled_and_never_begins(own: LangGraphClient) -> None:
    thread_id = await new_thread(own)
    runs = [await own.runs.create(thread_id, "pipewise", input=event(f"hello {number}")) for number in range(8)]
    await own.runs.cancel(thread_id, runs[-1]["run_id"])
    await asyncio.gather(*(own.runs.join(thread_id, run["run_id"]) for run in runs))
    assert (await own.runs.get(thread_id, runs[-1]["run_id"]))["status"] == "interrupted"
    state: Any = await own.threads.get_state(thread_id)
    said = [message["content"] for message in state["values"]["messages"] if message["type"] == "human"]
    assert said == [f"hello {number}" for number in range(7)]
    await own.runs.cancel(thread_id, runs[0]["run_id"])
    assert (await own.runs.get(thread_id, runs[0]["run_id"]))["status"] == "success", "what has ended stays"


async def test_the_history_goes_on_from_any_point(own: LangGraphClient) -> None:
    thread_id = await new_thread(own)
    await own.runs.wait(thread_id, "pipewise", input=event("hello"))
    history: Any = await own.threads.get_history(thread_id, limit=50)
    for before in (history[2]["checkpoint"], history[2]["checkpoint"]["checkpoint_id"]):
        earlier: Any = await own.threads.get_history(thread_id, limit=2, before=before)
        assert [one["checkpoint"] for one in earlier] == [one["checkpoint"] for one in history[3:5]]


async def test_threads_are_pruned(own: LangGraphClient) -> None:
    kept, gone = await new_thread(own), await new_thread(own)
    await own.runs.wait(kept, "pipewise", input=event("hello"))
    assert await own.threads.prune([kept, ABSENT], strategy="keep_latest") == {"pruned_count": 1}
    assert len(await own.threads.get_history(kept)) == 1
    assert (await own.threads.get(kept))["values"]
    assert await own.threads.prune([gone]) == {"pruned_count": 1}
    assert await own.threads.search(ids=[gone]) == []


async def test_what_is_not_offered_says_so(http: httpx.AsyncClient) -> None:
    for method, path in MISSING:
        filled = "/".join(ABSENT if part.startswith("{") else part for part in path.split("/"))
        answer = await http.request(method, filled, json={})
        assert (answer.status_code, answer.json()["code"]) == (501, "not_offered"), path
    for body in (
        {"supersteps": [{"updates": []}]},
        {"ttl": {"ttl": 5, "strategy": "delete"}},
    ):
        assert (await http.post("/threads", json=body)).status_code == 501
    assert (await http.post("/threads/search", json={"values": {"intent": "greeting"}})).status_code == 501
    assert (await http.post("/store/items/search", json={"query": "near"})).status_code == 501


async def test_the_state_is_not_a_way_to_another_lead(own: LangGraphClient, http: httpx.AsyncClient) -> None:
    thread_id = await new_thread(own)
    await own.runs.wait(thread_id, "pipewise", input=event("hello"))
    turn = {"account_id": ABSENT, "lead_id": ABSENT, "run_id": ABSENT, "effects": True}
    for values in ({"turn": turn}, {"lead_id": ABSENT}, [{"language": "pt"}, {"turn": turn}]):
        answer = await http.post(f"/threads/{thread_id}/state", json={"values": values})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    for command in ({"update": {"turn": turn}}, {"goto": {"node": "load_lead", "input": {"turn": turn}}}):
        body = {"assistant_id": "pipewise", "command": command}
        assert (await http.post(f"/threads/{thread_id}/runs/wait", json=body)).status_code == 422
    resumed = {"assistant_id": "pipewise", "command": {"resume": {"action": "accept"}}}
    ended = (await http.post(f"/threads/{thread_id}/runs/wait", json=resumed)).json()
    assert ended["__error__"]["code"] == "not_interrupted"


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_runs_that_a_killed_process_left_are_done_by_the_next(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    # Asked for by name, so that the run on SQLite does not start a database server.
    url = str(request.getfixturevalue("postgres_url")) if kind == "postgresql" else None
    with serving(kind, tmp_path, url) as server:
        async with get_client(url=server.url, api_key=None, headers=AUTHORIZED) as client:
            thread_id = await new_thread(client)
            made = await asyncio.gather(
                *(client.runs.create(thread_id, "pipewise", input=event(f"hello {number}")) for number in range(20))
            )
            os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    with serving(kind, tmp_path, url) as server:
        async with get_client(url=server.url, api_key=None, headers=AUTHORIZED) as client:
            await asyncio.gather(*(client.runs.join(thread_id, run["run_id"]) for run in made))
            listed = await client.runs.list(thread_id, limit=100)
            assert [run["status"] for run in listed] == ["success"] * 20
            texts = {run["run_id"]: f"hello {number}" for number, run in enumerate(made)}
            state: Any = await client.threads.get_state(thread_id)
            said = [message["content"] for message in state["values"]["messages"] if message["type"] == "human"]
            assert said == [texts[run["run_id"]] for run in reversed(listed[:10])]
