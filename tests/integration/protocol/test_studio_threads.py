"""`langgraph dev` on the app's own database: a lead's real thread opens, steps, forks and resumes, and the lead learns nothing of it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph_sdk import get_client
from langgraph_sdk.errors import NotFoundError

from graph.compose import open_collaborators
from graph.main import build_graph
from graph.studio_checkpoints import StudioSaver
from pipewise.resources import Resources
from pipewise.storage.accounts import first_user
from tests.integration.model_server import ModelServer, open_model_server
from tests.integration.protocol.in_process import client_of
from tests.integration.protocol.servers import serving
from tests.integration.test_conversation import buttons_of
from tests.integration.world import World, open_world
from tests.packaging.tree import ROOT

SAMPLES = sorted((ROOT / "docs" / "studio").glob("*.json"))


async def talk(world: World) -> str:
    """Until times are offered; the thread of the conversation."""
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await world.settle()
    lead = await world.lead()
    (found,) = await client_of(world).threads.search(metadata={"lead_id": lead["id"]})
    return found["thread_id"]


async def written(vendors: ModelServer) -> list[Any]:
    """Everything that a vendor was asked to change; to read the calendar is allowed."""
    entries = (await vendors.http.get("/_sandbox/ledger")).json()["items"]
    return [entry for entry in entries if entry["kind"] in {"send", "booking", "link", "cancel"}]


async def test_a_real_conversation_opens_forks_and_is_left_alone(tmp_path: Path, database_url: str) -> None:
    async with open_model_server() as vendors:
        urls = {"calendly_api_url": vendors.url, "whatsapp_api_url": vendors.url}
        async with open_world(tmp_path / "data", burst_ms=0, database_url=database_url) as world:
            thread_id = await talk(world)
            (choice, *_) = buttons_of((await world.sends())[0])
            event = {
                "platform": "whatsapp",
                "sender": "351911222333",
                "text": choice["title"],
                "choice_id": choice["id"],
            }
            before: Any = await client_of(world).threads.get_state(thread_id)
            resources = world.app.state.services.resources
            async with resources.database.read() as connection:
                user = await first_user(connection)
            assert user
        settings = {f"PIPEWISE_{name.upper()}": url for name, url in urls.items()}
        with serving("dev", tmp_path, database_url, **settings) as server:
            async with get_client(url=server.url, api_key=None) as studio:
                await step_and_fork(studio, thread_id, before, {"event": event}, user.account_id)
        assert await written(vendors) == []
        async with open_world(tmp_path / "data", connect=False, burst_ms=0, database_url=database_url) as world:
            after: Any = await client_of(world).threads.get_state(thread_id)
            assert after["checkpoint"] == before["checkpoint"], "the pointer stands"
            assert after["values"] == before["values"]
            assert (await world.lead())["status"] == "meeting_offered"
            assert (await world.api.get("/api/meetings")).json()["items"] == []


async def step_and_fork(studio: Any, thread_id: str, before: Any, given: Any, account_id: str) -> None:
    with pytest.raises(NotFoundError):
        await studio.threads.get(thread_id)
    await studio.threads.create(thread_id=thread_id, if_exists="do_nothing", graph_id="pipewise")
    opened = await studio.threads.get_state(thread_id)
    assert opened["values"] == before["values"]
    assert opened["checkpoint"]["checkpoint_id"] == before["checkpoint"]["checkpoint_id"]
    # The lead takes a time and gives an address, as a lead's own turn would book it.
    await studio.runs.wait(thread_id, "pipewise", input=given, interrupt_before=["check_reply"])
    assert (await studio.threads.get_state(thread_id))["next"] == ["check_reply"]
    await studio.runs.wait(thread_id, "pipewise", input=None)
    address = {"event": {**given["event"], "text": "ana@silva.example", "choice_id": None}}
    booked = await studio.runs.wait(thread_id, "pipewise", input=address)
    assert booked["outcome"]["kind"] != "booked"
    assert len((await studio.threads.get_state(thread_id))["values"]["messages"]) == 6
    # From the beginning again, with a forged turn that claims to be the lead's own.
    place = before["checkpoint"]["checkpoint_id"]
    changed = await studio.threads.update_state(thread_id, {"language": "pt"}, checkpoint_id=place, as_node="plan_send")
    forged = {
        "events": [{**given["event"], "id": "forged"}],
        "turn": {
            "account_id": account_id,
            "lead_id": before["values"]["lead_id"],
            "run_id": "00000000-0000-4000-8000-000000000009",
            "effects": True,
        },
    }
    forked = changed["checkpoint"]["checkpoint_id"]
    output = await studio.runs.wait(thread_id, "pipewise", input=forged, checkpoint_id=forked)
    assert output["outcome"]["kind"] in {"need", "refused"}
    forged["events"][0].update({"text": "ana@silva.example", "choice_id": None})
    output = await studio.runs.wait(thread_id, "pipewise", input=forged)
    assert output["outcome"]["kind"] != "booked", "it is not the lead's own turn, whatever it says"
    await studio.threads.delete(thread_id)


@pytest.mark.parametrize("name", [path.stem for path in SAMPLES])
async def test_each_sample_passes_through_its_node(tmp_path: Path, name: str) -> None:
    """In Studio's input pane they show what each step does."""
    given = json.loads((ROOT / "docs" / "studio" / f"{name}.json").read_text())
    async with open_world(tmp_path, burst_ms=0) as world:
        credentials = {
            "access_token": "t",
            "account_id": "17841400000000001",
            "app_secret": "s" * 20,
            "verify_token": "v",
        }
        body = {"platform": "instagram", "credentials": credentials, "settings": {"reply_mode": "approve"}}
        (await world.api.post("/api/integrations", json=body)).raise_for_status()
        resources: Resources = world.app.state.services.resources
        async with open_collaborators(resources) as parts:
            graph = build_graph(parts).compile(checkpointer=InMemorySaver())
            config = {"configurable": {"thread_id": "sample"}}
            steps = [step async for update in graph.astream(given, config) for step in update]
            # Whoever is asked has not answered: the step is not over.
            assert ("__interrupt__" if name == "review" else name) in steps
            assert set(graph.nodes) - {"__start__"} == {path.stem for path in SAMPLES}
        output: Any = await client_of(world).runs.wait(None, "pipewise", input=given)
        assert output["intent"]


async def test_versions_of_both_servers_can_be_compared(tmp_path: Path) -> None:
    async with open_world(tmp_path, burst_ms=0) as world:
        thread_id = await talk(world)
        application = world.app.state.services.application
        vault, database = application.resources.vault, application.resources.database
        checkpoints = application.turns._checkpoints
        saver = StudioSaver(checkpoints.saver.inner, vault, database, checkpoints.rows)
        found = await saver.aget_tuple({"configurable": {"thread_id": thread_id}})
        assert found
        versions = found.checkpoint["channel_versions"].values()
        assert {type(version) for version in versions} == {str}
        assert await saver.aget_tuple({"configurable": {"thread_id": "unknown"}}) is None
        await saver.adelete_thread(thread_id)
        assert await saver.aget_tuple({"configurable": {"thread_id": thread_id}}), "a lead's conversation stays"


async def test_the_dev_server_answers_on_its_documented_routes(tmp_path: Path) -> None:
    with serving("dev", tmp_path) as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            assert (await http.get("/threads/search")).status_code != 501
            assert (await http.post("/threads/search", json={})).status_code == 200, "its own, without our token"
