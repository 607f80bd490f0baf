"""A person is asked for, answers, or does not; and the agent that goes on knows what the person said."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from graph.checkpoints import thread_id_of
from nodes.history import COLLEAGUE
from pipewise.conversation_summary import render_summary
from pipewise.language.phrases import say
from pipewise.storage.tables import leads
from tests.integration.clocked import NINE_ON_MONDAY, ClockedWorld, open_clocked
from tests.integration.model_server import ModelServer, open_model_server, says
from tests.integration.world import World


@pytest.fixture
async def clocked(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, database_url=database_url) as opened:
        yield opened


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path) as opened:
        yield opened


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with open_model_server() as server:
        yield server


async def tasks_of(clocked: ClockedWorld, kind: str) -> list[dict[str, Any]]:
    items = (await clocked.world.api.get("/api/tasks")).json()["items"]
    return [task for task in items if task["kind"] == kind]


async def ask_for_a_person(clocked: ClockedWorld) -> dict[str, Any]:
    await clocked.world.lead_says("I want to talk to a human, my company is Silva Lda")
    await clocked.world.until_sends(1)
    (task,) = await tasks_of(clocked, "human_request")
    return task


async def test_a_hand_off_has_an_owner_a_summary_and_a_time_within_working_hours(embedded: ClockedWorld) -> None:
    began = embedded.now
    task = await ask_for_a_person(embedded)
    assert task["owner"]
    assert "Ana Silva" in task["detail"]
    assert "I want to talk to a human" in task["detail"]
    due = datetime.fromisoformat(task["due_at"])
    assert began + timedelta(minutes=59) < due < began + timedelta(minutes=61)


async def test_a_hand_off_in_the_night_is_due_in_the_morning(tmp_path: Path) -> None:
    async with open_clocked(tmp_path, NINE_ON_MONDAY.replace(hour=22)) as clocked:
        task = await ask_for_a_person(clocked)
        assert datetime.fromisoformat(task["due_at"]) == NINE_ON_MONDAY + timedelta(days=1, hours=1)


async def test_an_overdue_hand_off_is_told_once(clocked: ClockedWorld) -> None:
    world = clocked.world
    await ask_for_a_person(clocked)
    clocked.advance(hours=1, minutes=1)
    await clocked.until_state("overdue", "fired")
    clocked.advance(days=1)
    await world.settle(1.0)
    (alert,) = await tasks_of(clocked, "overdue")
    assert alert["owner"]
    entries = [(one["change"], one["follow_up"]) for one in await clocked.timeline() if one["kind"] == "follow_up"]
    assert entries == [("planned", "overdue"), ("fired", "overdue")]
    assert "pipewise_overdue_hand_offs 1.0" in (await world.api.get("/metrics")).text
    assert len(await world.sends()) == 1


@pytest.mark.parametrize("act", ["writes", "closes", "gives it back"])
async def test_who_was_answered_in_time_is_not_overdue(embedded: ClockedWorld, act: str) -> None:
    world = embedded.world
    task = await ask_for_a_person(embedded)
    if act == "writes":
        body = {"text": "Hello, this is Rui."}
        (await world.api.post(f"/api/leads/{task['lead_id']}/messages", json=body)).raise_for_status()
    elif act == "gives it back":
        (await world.api.post(f"/api/leads/{task['lead_id']}/release")).raise_for_status()
    else:
        (await world.api.patch(f"/api/tasks/{task['id']}", json={"status": "done"})).raise_for_status()
    embedded.advance(hours=1, minutes=1)
    await embedded.until_state("overdue", "canceled")
    assert await tasks_of(embedded, "overdue") == []


async def test_the_agent_knows_what_a_person_promised(tmp_path: Path, model: ModelServer) -> None:
    promise = "I will give you a discount of ten percent."
    async with open_clocked(tmp_path, **model.settings) as clocked:
        world = clocked.world
        await model.will(says("Thank you for writing. What would you like to solve?"))
        await world.lead_says("tell me about your product")
        await world.until_sends(1)
        lead_id = (await world.lead())["id"]
        (await world.api.post(f"/api/leads/{lead_id}/takeover")).raise_for_status()
        (await world.api.post(f"/api/leads/{lead_id}/messages", json={"text": promise})).raise_for_status()
        await world.until_sends(2)
        (await world.api.post(f"/api/leads/{lead_id}/release")).raise_for_status()
        await model.will(says("As promised by my colleague."), says("As promised by my colleague."))
        await world.lead_says("great, and how does your product handle invoices?")
        await world.until_sends(3)
        state = await memory_of(world, lead_id)
        assert f"{COLLEAGUE} {promise}" in [message.content for message in state["messages"]]
        assert promise in render_summary(state["summary"])


async def memory_of(world: World, lead_id: str) -> dict[str, Any]:
    """The conversation's state after the last committed turn."""
    application: Any = world.app.state.services.application
    services = world.app.state.services
    async with services.resources.database.read() as connection:
        account = (await connection.execute(select(leads.c.account_id).where(leads.c.id == lead_id))).scalar_one()
    saver = application.turns._checkpoints.saver
    config = {"configurable": {"thread_id": thread_id_of(account, lead_id), "checkpoint_ns": ""}}
    found = await saver.aget_tuple(config)
    values: dict[str, Any] = found.checkpoint["channel_values"]
    return values


async def test_the_agent_knows_of_its_own_nudge(embedded: ClockedWorld) -> None:
    world = embedded.world
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await embedded.until_state("nudge", "planned")
    embedded.advance(hours=4, minutes=1)
    await world.until_sends(2)
    await world.lead_says("the second one, ana@silva.example")
    await world.until_sends(3)
    lead = await world.lead()
    assert lead["status"] == "meeting_scheduled"
    state = await memory_of(world, lead["id"])
    asked = say("nudge_times", "en", timezone="Europe/Lisbon, UTC+0")
    assert any(message.content.startswith(asked) for message in state["messages"])
