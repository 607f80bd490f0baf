"""`langgraph dev` opens the same graph beside our webhooks and API, with no key and no network."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from tests.integration.command_line import ROOT, environment, free_port

START_SECONDS = 60.0
EVENT = {"platform": "whatsapp", "sender": "351911000222", "text": "Schedule a demo"}
TOKEN = "pw_" + "s" * 40


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("studio")
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = {
        "PIPEWISE_DATA_DIR": str(folder / "data"),
        "PIPEWISE_API_TOKEN": TOKEN,
        "LANGGRAPH_CLI_NO_ANALYTICS": "1",
        "LANGGRAPH_NO_VERSION_CHECK": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    arguments = ["dev", "--no-browser", "--no-reload", "--port", str(port), "--config", str(ROOT / "langgraph.json")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "langgraph"), *arguments],
            cwd=folder,
            env=environment(settings),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(base, process, folder / "log")
            yield base
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{base}/ok", timeout=2).is_success:
                return
        time.sleep(0.2)
    raise AssertionError(f"langgraph dev did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
async def client(url: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=url) as opened:
        yield opened


async def test_a_run_answers_and_its_state_can_be_read(client: LangGraphClient) -> None:
    assert [assistant["graph_id"] for assistant in await client.assistants.search()] == ["pipewise"]
    thread = await client.threads.create()
    output = await client.runs.wait(thread["thread_id"], "pipewise", input={"event": EVENT})
    assert isinstance(output, dict)
    assert output["intent"] == "meeting_request"
    assert output["reply"]
    assert output["lead"]["id"] == output["lead_id"]
    state = await client.threads.get_state(thread["thread_id"])
    assert isinstance(state["values"], dict)
    assert len(state["values"]["messages"]) == 2


async def test_every_step_can_be_watched(client: LangGraphClient) -> None:
    thread = await client.threads.create()
    steps = [
        step
        async for part in client.runs.stream(
            thread["thread_id"], "pipewise", input={"event": EVENT}, stream_mode=["updates"]
        )
        if part.event == "updates"
        for step in part.data
    ]
    assert steps == ["load_lead", "gate", "classify_intent", "scheduler", "check_reply", "update_lead", "plan_send"]


async def test_the_drawing_shows_the_three_agents_with_their_steps(client: LangGraphClient) -> None:
    graph = await client.assistants.get_graph("pipewise", xray=True)
    names = {str(node["id"]) for node in graph["nodes"]}
    assert {"gate", "classify_intent", "hand_off", "scheduler:think", "scheduler:act", "qualifier:ask_next"} <= names


async def test_our_webhooks_and_api_answer_in_the_same_process(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as http:
        assert (await http.get("/api/leads")).status_code == 401
        listed = await http.get("/api/integrations/platforms", headers={"Authorization": f"Bearer {TOKEN}"})
        assert {item["name"] for item in listed.json()["items"]} >= {"whatsapp", "calendly"}
        assert (await http.post("/webhooks/whatsapp/none", json={})).status_code == 404
