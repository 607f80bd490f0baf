"""Runs over HTTP beside real conversations: what is sent, who decides, whose thread it is, and what erasing takes along."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from langgraph_sdk.errors import ConflictError, NotFoundError

from pipewise.storage import thread_runs, threads
from pipewise.storage.accounts import first_user
from tests.integration.model_server import label, open_model_server
from tests.integration.protocol.in_process import client_of
from tests.integration.test_conversation import text_of
from tests.integration.world import LEAD, World, open_world

Given = dict[str, Any]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0) as opened:
        yield opened


def event(text: str, *, sender: str = LEAD, deliver: bool = False) -> Given:
    given: Given = {"event": {"platform": "whatsapp", "sender": sender, "text": text}}
    return {**given, "deliver": True} if deliver else given


async def let_a_person_approve(world: World) -> None:
    path = f"/api/integrations/{world.integrations['whatsapp']}"
    (await world.api.patch(path, json={"settings": {"reply_mode": "approve"}})).raise_for_status()


async def meet(world: World, text: str = "hello") -> Given:
    """A lead who wrote, so that the window is open."""
    await world.lead_says(text)
    await world.until_sends(1)
    await world.settle()
    return await world.lead()


async def own_thread(world: World, lead: Given) -> str:
    (found,) = await client_of(world).threads.search(metadata={"lead_id": lead["id"]})
    return found["thread_id"]


async def test_a_reply_leaves_only_where_it_is_asked_for(world: World) -> None:
    await meet(world)
    client = client_of(world)
    thread = await client.threads.create()
    quiet: Any = await client.runs.wait(thread["thread_id"], "pipewise", input=event("what does it cost?"))
    await world.settle()
    assert len(await world.sends()) == 1
    assert quiet["delivered"] is False
    loud: Any = await client.runs.wait(thread["thread_id"], "pipewise", input=event("good morning", deliver=True))
    assert text_of((await world.until_sends(2))[1]) == loud["reply"]
    await world.settle()
    assert len(await world.sends()) == 2


async def test_a_person_answers_the_interrupt_and_the_words_leave_once(world: World) -> None:
    await meet(world)
    await let_a_person_approve(world)
    client = client_of(world)
    thread_id = (await client.threads.create())["thread_id"]
    asked: Any = await client.runs.wait(thread_id, "pipewise", input=event("good morning", deliver=True))
    (question,) = asked["__interrupt__"]
    (draft,) = (await world.api.get("/api/approvals")).json()["items"]
    assert draft["text"] == question["value"]["text"]
    await world.settle()
    assert len(await world.sends()) == 1, "nothing leaves before the answer"
    answer = {"resume": {question["id"]: {"action": "edit", "text": "Good morning to you."}}}
    ended: Any = await client.runs.wait(thread_id, "pipewise", command=answer)
    assert ended["reply"] == "Good morning to you."
    assert text_of((await world.until_sends(2))[1]) == "Good morning to you."
    assert (await world.api.get("/api/approvals")).json()["items"] == []
    again: Any = await client.runs.wait(thread_id, "pipewise", command=answer, raise_error=False)
    assert again["__error__"]["code"] == "not_interrupted"
    await world.settle()
    assert len(await world.sends()) == 2


async def test_a_draft_that_was_decided_elsewhere_is_not_sent_again(world: World) -> None:
    await meet(world)
    await let_a_person_approve(world)
    client = client_of(world)
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "pipewise", input=event("good morning", deliver=True))
    (draft,) = (await world.api.get("/api/approvals")).json()["items"]
    decided = await world.api.post(f"/api/approvals/{draft['id']}", json={"action": "accept"})
    assert decided.status_code == 200, decided.text
    await world.until_sends(2)
    late: Any = await client.runs.wait(
        thread_id, "pipewise", command={"resume": {"action": "accept"}}, raise_error=False
    )
    assert late["__error__"]["code"] == "already_decided"
    await world.settle()
    assert len(await world.sends()) == 2


async def test_without_delivery_it_is_asked_but_not_listed(world: World) -> None:
    await let_a_person_approve(world)
    client = client_of(world)
    thread_id = (await client.threads.create())["thread_id"]
    asked: Any = await client.runs.wait(thread_id, "pipewise", input=event("hello"))
    assert asked["__interrupt__"]
    assert (await world.api.get("/api/approvals")).json()["items"] == []
    ended: Any = await client.runs.wait(thread_id, "pipewise", command={"resume": {"action": "accept"}})
    assert ended["reply"]
    stateless: Any = await client.runs.wait(None, "pipewise", input=event("hello"))
    assert stateless["__interrupt__"]
    stop: Any = await client.runs.wait(None, "pipewise", input=event("STOP", sender="351900000777"))
    assert "__interrupt__" not in stop, "an opt-out is confirmed without asking"
    await world.settle()
    assert await world.sends() == []


async def test_a_leads_conversation_is_a_thread(world: World) -> None:
    lead = await meet(world)
    client = client_of(world)
    thread_id = await own_thread(world, lead)
    state: Any = await client.threads.get_state(thread_id)
    assert [message["type"] for message in state["values"]["messages"]] == ["human", "ai"]
    ran: Any = await client.runs.wait(thread_id, "pipewise", input=event("good morning"))
    assert ran["lead_id"] == lead["id"]
    after: Any = await client.threads.get_state(thread_id)
    assert len(after["values"]["messages"]) == 4
    await world.lead_says("what does it cost?")
    await world.until_sends(2)
    last: Any = await client.threads.get_state(thread_id)
    assert len(last["values"]["messages"]) == 6, "the next turn goes on from there"
    history: Any = await client.threads.get_history(thread_id)
    counts = [len(one["values"].get("messages", [])) for one in history]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 6
    with pytest.raises(ConflictError):
        await client.threads.delete(thread_id)


async def test_another_leads_event_has_no_place_on_it(world: World) -> None:
    thread_id = await own_thread(world, await meet(world))
    other = event("hello", sender="351900000888")
    refused: Any = await client_of(world).runs.wait(thread_id, "pipewise", input=other, raise_error=False)
    assert refused["__error__"]["code"] == "invalid_input"


async def test_a_changed_state_moves_the_pointer_and_is_recorded(world: World) -> None:
    lead = await meet(world)
    client = client_of(world)
    thread_id = await own_thread(world, lead)
    changed = await client.threads.update_state(
        thread_id, {"memory": {"offered": [], "chosen": None, "awaiting": "email", "clarified": 0, "asked": []}}
    )
    state: Any = await client.threads.get_state(thread_id)
    assert state["values"]["memory"]["awaiting"] == "email"
    assert state["checkpoint"]["checkpoint_id"] == changed["checkpoint"]["checkpoint_id"]
    entries = (await world.api.get(f"/api/leads/{lead['id']}/timeline")).json()["items"]
    (entry,) = [one for one in entries if one.get("actor") and "state of the conversation" in str(one)]
    assert "@" in entry["actor"]
    await world.lead_says("good morning")
    await world.until_sends(2)
    last: Any = await client.threads.get_state(thread_id)
    assert len(last["values"]["messages"]) == 4


async def test_a_torn_turns_checkpoint_is_never_shown(world: World) -> None:
    """Whatever is newer than the pointer is of a turn that did not end."""
    lead = await meet(world)
    client = client_of(world)
    thread_id = await own_thread(world, lead)
    before: Any = await client.threads.get_state(thread_id)
    turns = world.app.state.services.application.turns
    config = {"configurable": {"thread_id": thread_id, "checkpoint_ns": ""}}
    await turns.graph.aupdate_state(config, {"language": "xx"}, as_node="review")
    after: Any = await client.threads.get_state(thread_id)
    assert after["checkpoint"] == before["checkpoint"]
    history: Any = await client.threads.get_history(thread_id)
    assert history[0]["checkpoint"] == before["checkpoint"]
    copied: Any = await client.threads.copy(thread_id)
    assert copied["values"]["language"] != "xx"


async def test_erasing_a_lead_takes_its_other_threads_along(world: World) -> None:
    lead = await meet(world)
    client = client_of(world)
    mine = (await client.threads.create())["thread_id"]
    await client.runs.wait(mine, "pipewise", input=event("good morning"))
    others = (await client.threads.create())["thread_id"]
    await client.runs.wait(others, "pipewise", input=event("hello", sender="351900000999"))
    conversation = await own_thread(world, lead)
    assert (await world.api.delete(f"/api/leads/{lead['id']}")).status_code == 204
    for gone in (mine, conversation):
        with pytest.raises(NotFoundError):
            await client.threads.get(gone)
    assert (await client.threads.get(others))["values"]
    saver = world.app.state.services.application.turns.saver
    left = [saved async for saved in saver.alist(None)]
    assert {
        saved.checkpoint["channel_values"]["lead_id"]
        for saved in left
        if "lead_id" in saved.checkpoint["channel_values"]
    } == {(await world.lead())["id"]}


async def test_a_run_that_thinks_is_cancelled(tmp_path: Path) -> None:
    async with open_model_server() as model, open_world(tmp_path, burst_ms=0, **model.settings) as world:
        await model.breaks("slow", seconds=20)
        client = client_of(world)
        thread_id = (await client.threads.create())["thread_id"]
        for action, stored in (("interrupt", 1), ("rollback", 0)):
            given = event("what does it cost for 40 people?", deliver=action == "interrupt")
            run = await client.runs.create(thread_id, "pipewise", input=given)
            await asyncio.sleep(0.6)
            assert (await client.runs.get(thread_id, run["run_id"]))["status"] == "running"
            async with asyncio.timeout(5):
                await client.runs.cancel(thread_id, run["run_id"], action=action, wait=True)  # type: ignore[arg-type]
            listed = await client.runs.list(thread_id, status="interrupted")
            assert len([one for one in listed if one["run_id"] == run["run_id"]]) == stored
        assert (await client.threads.get(thread_id))["status"] == "idle"
        await model.http.delete("/_sandbox/faults")
        await model.will(label("greeting"))
        output: Any = await client.runs.wait(thread_id, "pipewise", input=event("hello"))
        assert output["reply"]
        assert await world.sends() == []


async def test_a_client_that_leaves_may_take_its_run_along(tmp_path: Path) -> None:
    async with open_model_server() as model, open_world(tmp_path, burst_ms=0, **model.settings) as world:
        await model.breaks("slow", seconds=20)
        client = client_of(world)
        thread_id = (await client.threads.create())["thread_id"]
        for mode, status in (("cancel", "interrupted"), ("continue", "running")):
            body = {"assistant_id": "pipewise", "input": event("what does it cost?"), "on_disconnect": mode}
            with pytest.raises((TimeoutError, httpx.HTTPError)):
                async with asyncio.timeout(1):
                    await client.http.client.post(f"/threads/{thread_id}/runs/wait", json=body)
            await world.settle()
            (newest, *_) = await client.runs.list(thread_id)
            assert newest["status"] == status
        await client.runs.cancel(thread_id, newest["run_id"])


async def test_a_run_that_another_process_stopped_in_the_tables_ends_here(world: World) -> None:
    """And lets go, so that what pushed it aside may begin."""
    application = world.app.state.services.application
    client = client_of(world)
    thread_id = (await client.threads.create())["thread_id"]
    async with application.resources.database.read() as connection:
        user = await first_user(connection)
    assert user
    protocol, database = application.protocol, application.resources.database
    lead: Any = await client.runs.wait(thread_id, "pipewise", input=event("hello"))
    async with application.http_runs.lane(user.account_id, lead["lead_id"]):
        run = await client.runs.create(thread_id, "pipewise", input=event("good morning"))
        async with database.write() as connection:
            thread = await threads.get(connection, user.account_id, thread_id)
            row = await thread_runs.get(connection, thread, run["run_id"])
            assert await thread_runs.cancel(connection, row, application.resources.clock.now())
        live = protocol.runs.find(thread.account_id, thread_id, run["run_id"])
        async with asyncio.timeout(10):
            await live.ended.wait()
    async with database.read() as connection:
        ended = await thread_runs.get(connection, thread, run["run_id"])
    assert (ended.status, ended.holder, live.status) == ("interrupted", None, "interrupted")
