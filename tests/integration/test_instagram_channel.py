"""Instagram from end to end: direct messages, comments with their one private reply, echoes, windows, a person's message."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipewise.errors import Unavailable
from pipewise.storage import accounts, oauth
from pipewise.storage import integrations as rows
from tests.integration.channels import (
    LEAD_ON_INSTAGRAM,
    messages,
    open_channel,
    open_tasks,
    says,
    until_sent,
)
from tests.integration.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_channel(tmp_path, "instagram") as opened:
        yield opened


async def test_a_lead_is_answered_where_they_wrote_and_the_echo_is_our_own(world: World) -> None:
    await says(world, "instagram", "Hello, do you ship to Porto?")
    (sent,) = await until_sent(world, "instagram", 1)
    assert (sent["to"], sent["tag"]) == (LEAD_ON_INSTAGRAM, None)
    assert len(sent["message"]["text"].encode()) <= 1000

    async def echo() -> bool:
        found = (await world.api.get("/api/events", params={"platform": "instagram"})).json()["items"]
        return any(event["kind"] == "echo" and event["status"] == "processed" for event in found)

    await world.until(echo, "the echo of our answer")
    lead = await world.lead()
    assert lead["agent"] == "active"
    assert [message["direction"] for message in await messages(world)] == ["in", "out"]
    stats = (await world.api.get(f"/api/integrations/{world.integrations['instagram']}")).json()["stats"]
    assert (stats["messages_received"], stats["messages_sent"]) == (1, 1)


async def test_a_colleague_in_the_app_silences_the_agent(world: World) -> None:
    await says(world, "instagram", "Hello, do you ship to Porto?")
    await until_sent(world, "instagram", 1)
    await world.vendors.post(
        "/_sandbox/instagram/echo", json={"to": LEAD_ON_INSTAGRAM, "text": "Ana here, let me see."}
    )

    async def paused() -> bool:
        return bool((await world.lead())["agent"] == "paused")

    await world.until(paused, "the takeover")
    assert (await messages(world))[-1]["author"] == "human"
    (entry,) = (await world.api.get("/api/audit", params={"action": "lead.taken_over"})).json()["items"]
    assert (entry["actor"], entry["detail"]["platform"]) == ("colleague", "instagram")


async def test_a_lost_answer_is_settled_by_its_echo_and_never_sent_twice(world: World) -> None:
    await world.break_vendor("instagram", "drop_after_accept", route="/messages", times=1)
    await says(world, "instagram", "Hello, do you ship to Porto?")

    async def settled() -> bool:
        found = await messages(world)
        return len(found) == 2 and found[1]["status"] == "sent"

    await world.until(settled, "the message that the echo settles")
    await world.settle()
    assert len(await world.ledger("instagram", "send")) == 1
    assert (await world.lead())["agent"] == "active"


async def test_a_comment_is_answered_privately_and_once(world: World) -> None:
    comment = await says(world, "instagram", "How much is the blue one?", "comment", direct_id="1000000000000099")
    (sent,) = await until_sent(world, "instagram", 1)
    assert sent["comment_id"] == comment["comment_id"]
    lead = await world.lead()

    async def linked() -> bool:
        known = (await world.api.get(f"/api/leads/{lead['id']}")).json()["identities"]
        return {"platform": "instagram", "external_id": "1000000000000099"} in known

    await world.until(linked, "the id that the private reply told")
    again = await world.api.post(f"/api/leads/{lead['id']}/messages", json={"text": "One more thing"})
    assert (again.status_code, again.json()["code"]) == (409, "window_closed")
    assert again.json()["manual_action_required"] is True
    await world.settle()
    assert len(await world.ledger("instagram", "send")) == 1


async def test_who_answers_a_private_reply_is_the_same_lead_and_is_answered_directly(world: World) -> None:
    await says(world, "instagram", "How much is the blue one?", "comment", direct_id="1000000000000099")
    await until_sent(world, "instagram", 1)

    async def linked() -> bool:
        return len((await world.lead())["identities"]) == 2

    await world.until(linked, "the id that the private reply told")
    await says(world, "instagram", "And the green one?", **{"from": "1000000000000099"})
    sent = await until_sent(world, "instagram", 2)
    assert (sent[1]["to"], sent[1]["comment_id"]) == ("1000000000000099", None)
    assert len((await world.api.get("/api/leads")).json()["items"]) == 1


async def test_a_person_is_told_the_channel_s_length(world: World) -> None:
    await says(world, "instagram", "Hello, do you ship to Porto?")
    await until_sent(world, "instagram", 1)
    lead = await world.lead()
    long = await world.api.post(f"/api/leads/{lead['id']}/messages", json={"text": "é" * 501})
    assert long.status_code == 422
    assert "1000 bytes" in long.json()["details"][0]["problem"]
    fits = await world.api.post(f"/api/leads/{lead['id']}/messages", json={"text": "é" * 500})
    assert fits.status_code == 201
    sent = await until_sent(world, "instagram", 2)
    assert (sent[1]["message"]["text"], sent[1]["tag"]) == ("é" * 500, None)


async def test_refusals_reach_a_person(world: World) -> None:
    await world.break_vendor("instagram", "plan_required", route="/messages", times=1)
    await says(world, "instagram", "Hello, do you ship to Porto?")

    async def told() -> list[dict[str, Any]]:
        return [task for task in await open_tasks(world) if task["kind"] == "send_failed"]

    (task,) = await world.until(told, "a task about the refusal")
    assert "not available" in task["detail"]
    assert not await world.ledger("instagram", "send")


async def test_the_checks_name_what_is_missing(world: World) -> None:
    async def check() -> dict[str, Any]:
        tested = await world.api.post(f"/api/integrations/{world.integrations['instagram']}/test")
        return {one["name"]: one for one in tested.json()["checks"]} | {"status": tested.json()["status"]}

    healthy = await check()
    assert [healthy[name]["ok"] for name in ("token", "account", "permissions", "webhook")] == [True] * 4
    await world.vendors.post("/_sandbox/instagram/switches", json={"access_to_messages": False})
    assert "Allow access to messages" in (await check())["permissions"]["fix"]
    await world.vendors.post("/_sandbox/instagram/tokens", json={"age_hours": 24 * 61})
    expired = await check()
    assert expired["status"] == "reconnect_required"
    assert "token" in expired["token"]["fix"]
    health = (await world.api.get("/api/integrations/health")).json()["instagram"]
    assert health["status"] == "reconnect_required"


async def test_a_token_entered_by_hand_is_renewed_when_it_is_old_enough(world: World) -> None:
    resources = world.app.state.services.resources
    async with resources.database.read() as connection:
        first = await accounts.first_user(connection)
        assert first is not None
        account_id = first.account_id
        integration = await rows.get_integration(connection, account_id, world.integrations["instagram"])
    keeper = resources.connections.tokens
    with pytest.raises(Unavailable):
        await keeper.renew(integration, None)
    kept = (await world.api.get(f"/api/integrations/{integration.id}")).json()
    assert kept["status"] == "connected", "too young is no failure"
    await world.vendors.post("/_sandbox/instagram/tokens", json={"age_hours": 30})
    async with resources.database.write() as connection:
        await oauth.change_token(connection, account_id, integration.id, {"renew_at": resources.clock.now()})
    assert await keeper.renew_due() == 1
    renewed = (await world.api.get(f"/api/integrations/{integration.id}")).json()
    assert renewed["credentials"]["access_token"] != kept["credentials"]["access_token"]
    ends = (await world.api.get("/api/integrations/health")).json()["instagram"]["token_expires_at"]
    days = (datetime.fromisoformat(ends) - resources.clock.now()).days
    assert days in {59, 60}
    await says(world, "instagram", "Hello, do you ship to Porto?")
    assert await until_sent(world, "instagram", 1)
