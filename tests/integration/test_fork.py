"""What would have happened: a committed turn with something changed, beside what did, and nothing reaches a vendor."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.model_server import open_model_server, says
from tests.integration.test_conversation import TIMES, buttons_of
from tests.integration.world import World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, burst_ms=0) as opened:
        yield opened


async def fork(world: World, place: int, **changes: Any) -> dict[str, Any]:
    """Of the lead's turn at that place; the ledgers are as before."""
    lead = await world.lead()
    path = f"/api/leads/{lead['id']}/runs"
    run = (await world.api.get(path)).json()["items"][place]
    before = await ledgers(world)
    answer = await world.api.post(f"{path}/{run['id']}/fork", json=changes)
    assert answer.status_code == 200, answer.text
    await world.settle()
    assert await ledgers(world) == before
    found: dict[str, Any] = answer.json()
    assert found["sent"] is False
    assert found["recorded"]["summary"]["reply"] == run["reply"]
    return found


async def ledgers(world: World) -> list[Any]:
    """All that ever changed anything at a vendor."""
    bookings = await world.ledger("calendly", "booking")
    links = await world.ledger("calendly", "link")
    return [len(await world.sends()), bookings, links, len((await world.api.get("/api/meetings")).json()["items"])]


async def ask_for_a_meeting(world: World) -> None:
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)


async def test_with_nothing_changed_nothing_differs(world: World) -> None:
    await ask_for_a_meeting(world)
    same = await fork(world, 0)
    assert same["differences"] == []
    assert same["fork"] == same["recorded"]
    assert [entry["kind"] for entry in same["fork"]["entries"]] == ["message", "decision", "call", "call", "message"]


async def test_other_free_times_are_offered(world: World) -> None:
    await ask_for_a_meeting(world)
    start = (datetime.now(UTC) + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)
    changed = await fork(world, 0, slots=[start.isoformat(), (start + timedelta(hours=2)).isoformat()])
    assert {"reply", "outcome"} <= set(changed["differences"])
    offered = changed["fork"]["summary"]["outcome"]["slots"]
    assert [datetime.fromisoformat(slot["start"]) for slot in offered] == [start, start + timedelta(hours=2)]
    none = await fork(world, 0, slots=[])
    assert none["fork"]["summary"]["outcome"]["kind"] == "link", "with no time left, the link"


async def test_another_zone_and_language_of_the_lead(world: World) -> None:
    await ask_for_a_meeting(world)
    moved = await fork(world, 0, facts={"timezone": "America/New_York"})
    assert "America/New_York" in moved["fork"]["summary"]["reply"]
    assert "Europe/Lisbon" in moved["recorded"]["summary"]["reply"]


async def test_a_booking_that_would_have_been_made_is_not_made(world: World) -> None:
    await ask_for_a_meeting(world)
    slots = buttons_of((await world.sends())[-1])
    await world.taps(slots[0]["id"] if isinstance(slots[0], dict) else slots[0])
    await world.until_sends(2)
    asked = await fork(world, 1)
    assert asked["differences"] == []
    known = await fork(world, 1, facts={"email": "ana@silva.example"})
    assert known["recorded"]["summary"]["outcome"]["kind"] == "need"
    assert known["fork"]["summary"]["outcome"]["kind"] == "booked"
    assert len(TIMES.findall(known["fork"]["summary"]["reply"])) == 1
    await world.lead_says("ana@silva.example")
    await world.until_sends(3)
    assert len(await world.ledger("calendly", "booking")) == 1
    booked = await fork(world, 2)
    assert booked["differences"] == []
    elsewhere = await fork(world, 2, facts={"name": "Bruno Costa"})
    assert elsewhere["fork"]["summary"]["outcome"]["kind"] == "booked"


async def test_another_prompt_or_model_is_asked_anew(tmp_path: Path) -> None:
    async with open_model_server() as model, open_world(tmp_path, burst_ms=0, **model.settings) as world:
        await model.will(says("It is for 40, then. When do you want to begin?"))
        await world.lead_says("what does it cost for 40 people?")
        await world.until_sends(1)
        asked = len(await model.completions())
        same = await fork(world, 0)
        assert same["differences"] == []
        assert len(await model.completions()) == asked, "what was answered then is not asked again"
        await model.will(says("How soon do you need it?"))
        changed = await fork(world, 0, prompts={"qualifier": "Ask when. <context>{context}</context>"})
        assert changed["differences"] == ["reply"]
        assert "How soon do you need it?" in changed["fork"]["summary"]["reply"]
        assert len(await model.completions()) == asked + 1
        offline = await fork(world, 0, model="offline")
        assert "model" in offline["differences"]


async def test_what_cannot_be_forked_is_told(world: World) -> None:
    await ask_for_a_meeting(world)
    lead = await world.lead()
    path = f"/api/leads/{lead['id']}/runs"
    run = (await world.api.get(path)).json()["items"][0]
    for wrong in (
        {"model": "gpt"},
        {"model": "openai:some"},
        {"facts": {"status": "won"}},
        {"prompts": {"system": "x"}},
        {"slots": ["soon"]},
        {"prompts": {"intent": "Label this, whatever it is."}},
    ):
        answer = await world.api.post(f"{path}/{run['id']}/fork", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), wrong
    missing = await world.api.post(f"{path}/00000000-0000-4000-8000-000000000000/fork", json={})
    assert missing.status_code == 404
