"""A lead's way from the first message to a booked meeting, over signed webhooks and the vendors' own validation."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.integration.world import BASE, World, connect_vendors, open_world

TIMES = re.compile(r"\b\d{1,2}:\d{2}\b")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


def text_of(send: dict[str, Any]) -> str:
    body = send["detail"]["content"]
    return str(body.get("text", {}).get("body") or body["interactive"]["body"]["text"])


def buttons_of(send: dict[str, Any]) -> list[dict[str, str]]:
    body = send["detail"]["content"]
    action = body["interactive"]["action"]
    if "buttons" in action:
        return [button["reply"] for button in action["buttons"]]
    return [row for section in action["sections"] for row in section["rows"]]


async def free_times(world: World) -> set[str]:
    auth = {"Authorization": "Bearer sandbox-calendly-token"}
    me = (await world.vendors.get("/users/me", headers=auth)).json()["resource"]
    types = (await world.vendors.get("/event_types", headers=auth, params={"user": me["uri"]})).json()["collection"]
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=2)
    found = await world.vendors.get(
        "/event_type_available_times",
        headers=auth,
        params={
            "event_type": types[0]["uri"],
            "start_time": start.isoformat().replace("+00:00", "Z"),
            "end_time": (start + timedelta(days=30)).isoformat().replace("+00:00", "Z"),
        },
    )
    return {item["start_time"] for item in found.json()["collection"]}


async def test_from_the_first_message_to_a_booked_meeting(world: World) -> None:
    await world.lead_says("Schedule a demo")
    first = (await world.until_sends(1))[0]
    zone = ZoneInfo("Europe/Lisbon")
    free = {datetime.fromisoformat(start).astimezone(zone).strftime("%H:%M") for start in await free_times(world)}
    offered = TIMES.findall(text_of(first))
    assert len(offered) == 3
    assert set(offered) <= free
    assert "Europe/Lisbon" in text_of(first)
    assert (await world.lead())["status"] == "meeting_offered"

    await world.taps("slot_2")
    asks = (await world.until_sends(2))[1]
    assert "email" in text_of(asks).lower()
    await world.lead_says("ana@silva.example")
    confirmation = (await world.until_sends(3))[2]

    bookings = await world.ledger("calendly", "booking")
    assert len(bookings) == 1
    start = datetime.fromisoformat(bookings[0]["detail"]["start_time"])
    assert start.astimezone(zone).strftime("%H:%M") == offered[1]
    assert offered[1] in text_of(confirmation)
    lead = await world.lead()
    assert lead["status"] == "meeting_scheduled"
    assert datetime.fromisoformat(lead["meeting"]["start_time"]) == start
    assert lead["meeting"]["invitee"]["email"] == "ana@silva.example"
    await world.settle()
    assert len(await world.sends()) == 3, "the vendor's own webhook must not confirm a second time"
    changes = (await world.api.get(f"/api/leads/{lead['id']}/timeline")).json()["items"]
    statuses = [(item["before"], item["after"]) for item in map(_change, changes) if item.get("after")]
    assert ("new", "meeting_offered") in statuses
    assert ("meeting_offered", "meeting_scheduled") in statuses


def _change(item: dict[str, Any]) -> dict[str, Any]:
    detail = item.get("detail") or item
    return detail if detail.get("kind", item.get("type")) == "status" or "before" in detail else {}


async def test_a_pick_by_words_and_everything_in_one_message_books_at_once(world: World) -> None:
    await world.lead_says("Hello, I would like to book a call")
    await world.until_sends(1)
    await world.lead_says("the second one please, my email is ana@silva.example")
    confirmation = (await world.until_sends(2))[1]
    assert len(await world.ledger("calendly", "booking")) == 1
    assert "ana@silva.example" in text_of(confirmation)


async def test_the_same_delivery_five_times_gets_one_reply(world: World) -> None:
    await world.break_vendor("whatsapp", "duplicate_delivery", times=5)
    await asyncio.gather(*(world.lead_says("Schedule a demo", sender="351911222333") for _ in range(1)))
    await world.until_sends(1)
    await world.settle()
    assert len(await world.sends()) == 1


async def test_a_burst_is_answered_once(tmp_path: Path) -> None:
    async with open_world(tmp_path, burst_ms=250) as world:
        for text in ("hi", "can we talk tomorrow", "around 3?"):
            await world.lead_says(text)
        await world.until_sends(1)
        await world.settle(0.6)
        assert len(await world.sends()) == 1
        lead = await world.lead()
        runs = (await world.api.get(f"/api/leads/{lead['id']}/runs")).json()["items"]
        assert [len(run["events"]) for run in runs if run["outcome"] == "committed"] == [3]


@pytest.mark.parametrize("fault", ["http_401", "http_403", "http_429", "http_500", "reset", "garbage", "empty"])
async def test_a_broken_calendar_gets_one_honest_fallback(world: World, fault: str) -> None:
    await world.break_vendor("calendly", fault, times=100)
    await world.lead_says("Schedule a demo")
    reply = (await world.until_sends(1))[0]
    await world.settle()
    assert len(await world.sends()) == 1
    assert not TIMES.findall(text_of(reply))
    lead = await world.lead()
    run = (await world.api.get(f"/api/leads/{lead['id']}/runs")).json()["items"][0]
    full = (await world.api.get(f"/api/leads/{lead['id']}/runs/{run['id']}")).json()
    error = full["error"]
    assert error["success"] is False
    assert error["code"].startswith("calendly_")
    assert {"error", "fallback_available", "manual_action_required", "retry_after"} <= set(error)
    assert lead["status"] != "lost"


async def test_without_calendly_the_owners_page_or_a_person_helps(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False) as world:
        await connect_vendors(world, calendly=False)
        await world.lead_says("Schedule a demo")
        reply = (await world.until_sends(1))[0]
        assert not TIMES.findall(text_of(reply))


async def test_a_slot_that_was_just_taken_gets_fresh_alternatives_in_the_same_turn(world: World) -> None:
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await world.break_vendor("calendly", "already_filled", route="/invitees", times=1)
    await world.lead_says("2, ana@silva.example")
    second = (await world.until_sends(2))[1]
    assert len(TIMES.findall(text_of(second))) == 3
    assert await world.ledger("calendly", "booking") == []
    await world.lead_says("1")
    await world.until_sends(3)
    assert len(await world.ledger("calendly", "booking")) == 1


async def test_a_booking_whose_answer_is_lost_is_found_and_never_made_twice(world: World) -> None:
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await world.break_vendor("calendly", "drop_after_accept", route="/invitees", times=1)
    await world.lead_says("1, ana@silva.example")
    confirmation = (await world.until_sends(2))[1]
    assert len(await world.ledger("calendly", "booking")) == 1
    assert "ana@silva.example" in text_of(confirmation)


async def test_opt_out_is_confirmed_once_and_then_silence(world: World) -> None:
    await world.lead_says("STOP")
    await world.until_sends(1)
    lead = await world.lead()
    assert (lead["status"], lead["opted_out"]) == ("opted_out", True)
    await world.lead_says("stop")
    await world.settle()
    assert len(await world.sends()) == 1
    await world.lead_says("START")
    await world.until_sends(2)
    assert (await world.lead())["opted_out"] is False


async def test_asking_for_a_person_hands_over_and_the_agent_falls_silent(world: World) -> None:
    await world.lead_says("I want to talk to a human")
    await world.until_sends(1)
    lead = await world.lead()
    assert (lead["status"], lead["agent"]) == ("handed_off", "paused")
    assert lead["owner"]
    await world.lead_says("hello? schedule a demo")
    await world.settle()
    assert len(await world.sends()) == 1


async def test_link_mode_sends_a_single_use_link(tmp_path: Path) -> None:
    async with open_world(tmp_path, connect=False) as world:
        await connect_vendors(world)
        patched = await world.api.patch(
            f"/api/integrations/{world.integrations['calendly']}", json={"settings": {"mode": "link"}}
        )
        assert patched.status_code == 200, patched.text
        await world.lead_says("Schedule a demo")
        reply = (await world.until_sends(1))[0]
        links = await world.ledger("calendly", "link")
        assert len(links) == 1
        assert "calendly.com/d/" in str(reply)
        assert (await world.lead())["status"] == "meeting_offered"


@pytest.mark.parametrize(
    "message",
    [
        {"type": "audio", "audio": {"id": "1", "mime_type": "audio/ogg", "sha256": "x", "voice": True}},
        {"type": "sticker", "sticker": {"id": "1", "mime_type": "image/webp", "sha256": "x", "animated": False}},
        {"type": "unsupported", "errors": [{"code": 131051, "title": "Unsupported"}]},
    ],
    ids=["voice", "sticker", "unsupported"],
)
async def test_a_message_without_words_is_never_met_with_silence(world: World, message: dict[str, Any]) -> None:
    await world.lead_says(**message)
    await world.until_sends(1)
    await world.settle()
    assert len(await world.sends()) == 1


async def test_http_runs_answer_the_same_and_send_nothing(world: World) -> None:
    run = await world.api.post(
        "/runs/wait",
        json={
            "assistant_id": "pipewise",
            "input": {"event": {"platform": "whatsapp", "sender": "351900000001", "text": "Schedule a demo"}},
        },
    )
    assert run.status_code == 200, run.text
    output = run.json()
    assert output["intent"] == "meeting_request"
    assert len(TIMES.findall(output["reply"])) == 3
    assert output["lead"]["id"] == output["lead_id"]
    assert any(action["type"] == "tool_call" for action in output["actions"])
    assert await world.sends() == []


async def test_the_webhook_urls_are_on_this_host(world: World) -> None:
    integrations = (await world.api.get("/api/integrations")).json()["items"]
    assert all(item["webhook_url"].startswith(BASE) for item in integrations)
