"""The same event through a webhook, the client on both servers and the graph itself: the same intent, route, calls, reply and status."""

from pathlib import Path
from typing import Any, get_args

from langgraph_sdk import get_client

from graph.compose import open_collaborators
from graph.main import build_graph
from graph.routing import Specialist
from pipewise.resources import Resources
from tests.integration.model_server import open_model_server
from tests.integration.protocol.in_process import client_of
from tests.integration.protocol.servers import serving
from tests.integration.test_conversation import text_of
from tests.integration.world import World, open_world

TEXTS = (
    "Schedule a demo",
    "Can we talk on Thursday afternoon?",
    "What does it cost for 40 people?",
    "hello",
    "are you a bot?",
    "thanks, I will come back next week",
    "I want to talk to a human",
    "blue seventeen",
    "agenda una demo, por favor",
    "STOP",
)
Told = dict[str, Any]


def calls_of(actions: list[Told]) -> list[Any]:
    """What was called and what came of it, without what time itself changes."""
    made = [action for action in actions if action["type"] == "tool_call"]
    return [
        (
            call["tool"],
            call["arguments"],
            call["result"]["kind"],
            [slot["start"] for slot in call["result"].get("slots", ())],
        )
        for call in made
    ]


def told(run: Told, reply: str | None) -> Told:
    """`status` is the lead's after it."""
    return {
        "intent": run["intent"],
        "route": run["route"],
        "calls": calls_of(run["actions"]),
        "reply": reply,
        "status": run["lead"]["status"],
    }


async def by_webhook(world: World, sender: str, text: str, number: int) -> Told:
    await world.lead_says(text, sender=sender)
    sent = text_of((await world.until_sends(number))[-1])
    [lead] = (await world.api.get("/api/leads", params={"q": sender})).json()["items"]
    path = f"/api/leads/{lead['id']}/runs"
    [run] = (await world.api.get(path)).json()["items"]
    full = (await world.api.get(f"{path}/{run['id']}")).json()
    assert sent == full["reply"], "what is told of the turn is what the phone shows"
    after = (await world.api.get(f"/api/leads/{lead['id']}")).json()
    return told({**full, "intent": full["intent"]["label"], "lead": after}, sent)


async def through_client(client: Any, event: Told) -> Told:
    output = await client.runs.wait(None, "pipewise", input={"event": event})
    return told(output, output["reply"])


async def test_one_event_gets_one_answer_by_whatever_way_it_comes(tmp_path: Path) -> None:
    answers: list[Told] = []
    async with open_world(tmp_path / "data", burst_ms=0) as world:
        resources: Resources = world.app.state.services.resources
        async with open_collaborators(resources) as parts:
            graph = build_graph(parts).compile(name="pipewise")
            for number, text in enumerate(TEXTS):
                event = {"platform": "whatsapp", "sender": f"35191200010{number}", "name": "Ana Silva", "text": text}
                answers.append(await by_webhook(world, f"35191200020{number}", text, number + 1))
                assert await through_client(client_of(world), event) == answers[-1], text
                output = await graph.ainvoke({"event": {**event, "sender": f"35191200030{number}"}})
                assert told(output, output["reply"]) == answers[-1], text
                assert set(output) >= {"intent", "reply", "lead_id", "lead", "actions", "route", "success"}, text
        await world.settle()
        assert len(await world.sends()) == len(TEXTS), "only the webhooks' answers left"
    assert {answer["route"] for answer in answers} >= set(get_args(Specialist)), "every route of the graph is taken"
    assert any(answer["calls"] for answer in answers)
    await compare_with_the_dev_server(tmp_path, answers)


async def compare_with_the_dev_server(folder: Path, answers: list[Told]) -> None:
    """On the same data, with vendors of the same kind behind it."""
    async with open_model_server() as vendors:
        urls = {"PIPEWISE_CALENDLY_API_URL": vendors.url, "PIPEWISE_WHATSAPP_API_URL": vendors.url}
        with serving("dev", folder, **urls) as server:
            async with get_client(url=server.url, api_key=None) as client:
                for number, text in enumerate(TEXTS):
                    sender = f"35191200040{number}"
                    event = {"platform": "whatsapp", "sender": sender, "name": "Ana Silva", "text": text}
                    assert await through_client(client, event) == answers[number], text
