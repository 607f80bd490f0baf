"""From turn to turn: what is remembered, what is not, and what a turn that was overtaken leaves behind."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from graph.checkpoints import thread_id_of
from pipewise.storage.accounts import first_user
from pipewise.storage.leads import get_lead
from tests.integration.test_conversation import TIMES, buttons_of, text_of
from tests.integration.world import NUMBER_ID, World, connect_vendors, open_world

OTHER = "351911222444"
NEWEST = "ffffffff-ffff-6fff-bfff-ffffffffffff"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0) as opened:
        yield opened


async def say(world: World, text: str, count: int) -> str:
    """The lead writes; the words of the answer. It may still wait its turn: a phone gets few messages at once."""
    await world.lead_says(text)

    async def answers() -> Any:
        lead = await world.lead()
        items = (await world.api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
        found = [item["text"] for item in items if item["direction"] == "out"]
        return found if len(found) >= count else None

    found: list[str] = await world.until(answers, f"{count} answers")
    return found[-1]


async def runs_of(world: World) -> list[dict[str, Any]]:
    lead = await world.lead()
    path = f"/api/leads/{lead['id']}/runs"
    listed = (await world.api.get(path)).json()["items"]
    return [(await world.api.get(f"{path}/{run['id']}")).json() for run in listed]


async def state_of(world: World) -> dict[str, Any]:
    """The lead's conversation as the graph keeps it."""
    application: Any = world.app.state.services.application
    async with application.resources.database.read() as connection:
        user = await first_user(connection)
        assert user
        lead = await get_lead(connection, user.account_id, (await world.lead())["id"])
    config = {"configurable": {"thread_id": thread_id_of(user.account_id, lead.id)}}
    snapshot = await application.turns.graph.aget_state(config)
    assert snapshot.config["configurable"]["checkpoint_id"] == lead.checkpoint_id
    values: dict[str, Any] = snapshot.values
    return values


async def test_a_turn_leaves_no_trace_in_the_next_but_its_memory(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    await say(world, "what does it cost for 40 people?", 2)
    first, second = await runs_of(world)
    assert [action["type"] for action in first["actions"]] == ["tool_call", "tool_call"]
    assert [action["type"] for action in second["actions"]] == ["fact", "score"]
    assert (second["tool_calls"], second["result"], second["error"]) == ([], {}, None)
    assert [row["action"] for row in second["models"]] == ["qualify"]
    state = await state_of(world)
    assert [message.type for message in state["messages"]] == ["human", "ai", "human", "ai"]
    assert len(state["memory"]["offered"]) == 3, "the offer stands"
    assert (state["turn"], state["events"], state["event"]) == (None, None, None)


async def test_a_record_tells_the_whole_why_of_a_turn(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    [run] = await runs_of(world)
    assert len(run["events"]) == 1
    assert (run["intent"]["label"], run["intent"]["by"], run["route"]) == ("meeting_request", "offline", "scheduler")
    assert run["intent"]["confidence"] > 0.7
    assert run["intent"]["evidence"] in "Schedule a demo"
    assert [(call["tool"], call["result"]["kind"]) for call in run["tool_calls"]] == [
        ("get_calendly_event_types", "event_types"),
        ("find_best_meeting_slot", "offer"),
    ]
    assert (run["model"], run["cost_usd"], run["success"], run["checks"]) == ("offline", 0, True, [])
    assert run["reply"] == text_of((await world.until_sends(1))[0])
    assert run["versions"]["code"]


async def test_the_same_question_twice_gets_two_answers_and_asks_for_nothing_twice(world: World) -> None:
    first = await say(world, "what does it cost?", 1)
    second = await say(world, "what does it cost?", 2)
    assert "automated assistant" in first
    assert "automated assistant" not in second
    asked = [re.findall(r"[^.?!]+\?", text)[-1] for text in (first, second)]
    assert asked[0] != asked[1]


async def test_from_questions_to_a_meeting_by_a_yes(world: World) -> None:
    await say(world, "what does it cost? we are 40 people and have 5000 euros", 1)
    proposal = await say(world, "we need fewer missed calls", 2)
    assert "call" in proposal
    assert len(TIMES.findall(await say(world, "yes please", 3))) == 3
    facts = [action for run in await runs_of(world) for action in run["actions"] if action["type"] == "fact"]
    assert {fact["field"] for fact in facts} == {"company_size", "budget", "need"}
    runs = await runs_of(world)
    cited = [action["message_id"] for run in runs for action in run["actions"] if action["type"] == "fact"]
    assert set(cited) <= {event for run in runs for event in run["events"]}


async def test_the_language_follows_the_lead_in_the_middle_of_a_conversation(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    spanish = await say(world, "mejor el jueves por la tarde, por favor", 2)
    assert "Responda" in spanish or "horarios" in spanish or "libre" in spanish
    assert (await world.lead())["language"] == "es"
    assert "correo" in await say(world, "la segunda", 3)


async def test_without_a_profile_name_the_name_is_asked_before_booking(world: World) -> None:
    async def says(text: str, count: int) -> str:
        body = {"phone_number_id": NUMBER_ID, "from": OTHER, "name": " ", "text": text}
        (await world.vendors.post("/_sandbox/whatsapp/inbound", json=body)).raise_for_status()
        return text_of((await world.until_sends(count))[-1])

    await says("Schedule a demo", 1)
    assert "name" in await says("1, eva@uno.example", 2)
    assert "Eva" not in str(await world.ledger("calendly", "booking"))
    confirmation = await says("Eva Lopes", 3)
    assert "eva@uno.example" in confirmation
    [booking] = await world.ledger("calendly", "booking")
    assert booking["detail"]["name"] == "Eva Lopes"


async def test_a_known_email_is_not_asked_again(world: World) -> None:
    await say(world, "Schedule a demo, my email is ana@silva.example", 1)
    confirmation = await say(world, "1", 2)
    assert "ana@silva.example" in confirmation
    assert len(await world.ledger("calendly", "booking")) == 1


async def test_who_is_asked_for_an_email_and_wants_another_day_gets_other_times(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    assert "email" in await say(world, "1", 2)
    assert len(TIMES.findall(await say(world, "could we do next Thursday morning instead?", 3))) == 3
    assert await world.ledger("calendly", "booking") == []


async def test_who_has_a_meeting_is_not_offered_a_second_one(world: World) -> None:
    await say(world, "Schedule a demo", 1)
    await say(world, "1, ana@silva.example", 2)
    again = await say(world, "Schedule a demo", 3)
    assert "already" in again
    links = await say(world, "yes, move it", 4)
    assert "calendly.com/reschedulings/" in links
    assert len(await world.ledger("calendly", "booking")) == 1


async def test_a_button_of_an_older_offer_does_not_book_another_time(world: World) -> None:
    await say(world, "Schedule a demo, my email is ana@silva.example", 1)
    former = buttons_of((await world.until_sends(1))[0])
    await say(world, "better on Friday afternoon", 2)
    offered = buttons_of((await world.until_sends(2))[1])
    old = next(button for button in former if button["title"] not in {new["title"] for new in offered})
    assert old["id"] in {new["id"] for new in offered}
    await world.taps(old["id"], old["title"])
    await world.until_sends(3)
    assert await world.ledger("calendly", "booking") == []
    assert old["title"] in text_of((await world.sends())[2]), "it is offered again, if it is still free"


async def test_two_leads_at_once_do_not_hear_each_other(world: World) -> None:
    await asyncio.gather(
        world.lead_says("Schedule a demo", sender=OTHER),
        world.lead_says("agenda una demo, por favor", sender="34600111222"),
    )
    sends = {send["detail"]["to"]: text_of(send) for send in await world.until_sends(2)}
    assert "Europe/Madrid" in sends["34600111222"]
    assert "Europe/Lisbon" in sends[OTHER]
    await asyncio.gather(
        world.lead_says("1, eva@uno.example", sender=OTHER), world.lead_says("3, ivo@dos.example", sender="34600111222")
    )
    await world.until_sends(4)
    bookings = await world.ledger("calendly", "booking")
    assert len(bookings) == 2
    leads = (await world.api.get("/api/leads")).json()["items"]
    assert {lead["meeting"]["invitee"]["email"]: lead["phone"] for lead in leads} == {
        "eva@uno.example": f"+{OTHER}",
        "ivo@dos.example": "+34600111222",
    }


async def test_what_an_overtaken_turn_thought_is_forgotten(world: World) -> None:
    """The calendar is slow, the lead writes again: one answer to both messages, from the memory before the first."""
    await world.break_vendor("calendly", "slow", times=1, seconds=2.0)
    await world.lead_says("Schedule a demo")
    await world.until(lambda: world.ledger("calendly", "fault"), "the first turn to wait for the calendar")
    await world.lead_says("what does it cost for 40 people?")
    await world.until_sends(1)
    await world.settle()
    assert len(await world.sends()) == 1
    runs = await runs_of(world)
    assert [run["outcome"] if isinstance(run["outcome"], str) else "committed" for run in runs] == [
        "superseded",
        "committed",
    ]
    assert len(runs[1]["events"]) == 2
    state = await state_of(world)
    assert [message.type for message in state["messages"]] == ["human", "human", "ai"]


@pytest.mark.parametrize("mode", ["approve", "off"])
async def test_where_replies_wait_for_a_person_none_leaves_by_itself(tmp_path: Path, mode: str) -> None:
    async with open_world(tmp_path, connect=False, burst_ms=0) as world:
        await connect_vendors(world)
        path = f"/api/integrations/{world.integrations['whatsapp']}"
        changed = await world.api.patch(path, json={"settings": {"reply_mode": mode}})
        assert changed.status_code == 200, changed.text
        await world.lead_says("Schedule a demo")

        async def waiting() -> Any:
            route = "/api/approvals" if mode == "approve" else "/api/tasks"
            return (await world.api.get(route)).json()["items"]

        found = await world.until(waiting, "something for a person")
        await world.settle()
        assert await world.sends() == []
        if mode == "approve":
            decided = await world.api.post(f"/api/approvals/{found[0]['id']}", json={"action": "accept"})
            assert decided.status_code == 200, decided.text
            sent = (await world.until_sends(1))[0]
            assert len(TIMES.findall(text_of(sent))) == 3
            assert "automated assistant" in text_of(sent)
            await world.taps("slot_1", buttons_of(sent)[0]["title"])
            [draft] = [one for one in await world.until(waiting, "a second draft") if one["status"] == "pending"]
            assert "email" in draft["text"]


async def test_a_lead_whose_checkpoint_is_missing_is_answered_from_the_beginning(world: World) -> None:
    """As after a restore of the tables alone."""
    await say(world, "Schedule a demo", 1)
    application: Any = world.app.state.services.application
    lead = await world.lead()
    async with application.resources.database.read() as connection:
        user = await first_user(connection)
        assert user
    await application.forget_thread(user.account_id, lead["id"])
    await say(world, "what does it cost for 40 people?", 2)
    first, second = await runs_of(world)
    assert "memory" not in first
    assert "is missing" in second["memory"]
    state = await state_of(world)
    assert [message.type for message in state["messages"]] == ["human", "ai"]


async def test_a_zombies_checkpoint_is_neither_read_nor_kept(world: World) -> None:
    """A worker that was paused past its lease writes to the lead's thread: newer than what the lead points at."""
    await say(world, "Schedule a demo", 1)
    application: Any = world.app.state.services.application
    thread = thread_id_of(*await lead_key(world))
    config = {"configurable": {"thread_id": thread}}
    await application.turns.graph.aupdate_state(config, {"messages": [HumanMessage("never committed", id="z")]})
    zombie = (await application.turns.graph.aget_state(config)).config["configurable"]["checkpoint_id"]
    await say(world, "what does it cost for 40 people?", 2)
    state = await state_of(world)
    assert [message.type for message in state["messages"]] == ["human", "ai", "human", "ai"]
    listed = [
        saved.config["configurable"]["checkpoint_id"]
        async for saved in application.turns.graph.aget_state_history(config)
    ]
    assert zombie not in listed
    assert len(listed) == 2


async def test_a_zombie_that_writes_while_a_turn_begins_is_not_read(world: World) -> None:
    """Too new to be cleared away: it might be of a turn that is under way."""
    await say(world, "Schedule a demo", 1)
    turns: Any = world.app.state.services.application.turns
    place = {"thread_id": thread_id_of(*await lead_key(world)), "checkpoint_ns": ""}
    saved = await turns.saver.aget_tuple({"configurable": place})
    values = saved.checkpoint["channel_values"]
    messages = [*values["messages"], HumanMessage("never committed", id="z")]
    newest = {**saved.checkpoint, "id": NEWEST, "channel_values": {**values, "messages": messages}}
    await turns.saver.aput({"configurable": place}, newest, saved.metadata, {})
    await say(world, "what does it cost for 40 people?", 2)
    account_id, lead_id = await lead_key(world)
    async with world.app.state.services.resources.database.read() as connection:
        pointer = (await get_lead(connection, account_id, lead_id)).checkpoint_id
    state = await turns.graph.aget_state({"configurable": {**place, "checkpoint_id": pointer}})
    assert [message.type for message in state.values["messages"]] == ["human", "ai", "human", "ai"]


async def lead_key(world: World) -> tuple[str, str]:
    application: Any = world.app.state.services.application
    async with application.resources.database.read() as connection:
        user = await first_user(connection)
    assert user
    return user.account_id, (await world.lead())["id"]
