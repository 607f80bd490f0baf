"""X from end to end: direct messages, summoned posts that wait for a person until X's conditions are met, credits."""

from pathlib import Path
from typing import Any

from tests.integration.channels import LEAD_ON_X, messages, open_channel, open_tasks, says, until_sent
from tests.integration.world import World

APPROVED = {"ai_replies_approved": True, "automated_label": True}


async def pending(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.api.get("/api/approvals")).json()["items"]
    return [draft for draft in found if draft["status"] == "pending"]


async def test_a_direct_message_is_answered_directly(tmp_path: Path) -> None:
    async with open_channel(tmp_path, "x") as world:
        await says(world, "x", "Hello, do you ship to Porto?")
        (sent,) = await until_sent(world, "x", 1)
        assert (sent["kind"], sent["to"]) == ("dm", LEAD_ON_X)
        await world.settle()
        assert (await world.lead())["agent"] == "active", "the echo of our own answer is no takeover"
        health = (await world.api.get("/api/integrations/health")).json()["x"]
        assert health["quota"]["remaining"] < health["quota"]["limit"]


async def test_a_public_answer_waits_for_a_person(tmp_path: Path) -> None:
    async with open_channel(tmp_path, "x") as world:
        post = await says(world, "x", "@harbourline do you ship to Porto?", "post")

        async def drafted() -> list[dict[str, Any]]:
            return await pending(world)

        (draft,) = await world.until(drafted, "a draft")
        assert not await world.ledger("x", "send")
        decided = await world.api.post(f"/api/approvals/{draft['id']}", json={"action": "accept"})
        assert decided.status_code == 200, decided.text
        (sent,) = await until_sent(world, "x", 1)
        assert (sent["kind"], sent["to"]) == ("post", post["post_id"])


async def test_with_x_s_approval_and_label_a_summoned_post_is_answered_once(tmp_path: Path) -> None:
    async with open_channel(tmp_path, "x", **APPROVED) as world:
        post = await says(world, "x", "@harbourline do you ship to Porto?", "post", copies=3)
        (sent,) = await until_sent(world, "x", 1)
        assert (sent["kind"], sent["to"]) == ("post", post["post_id"])
        lead = await world.lead()
        again = await world.api.post(f"/api/leads/{lead['id']}/messages", json={"text": "One more thing"})
        assert again.status_code == 409
        await world.settle()
        assert len(await world.ledger("x", "send")) == 1


async def test_who_did_not_summon_the_account_gets_no_answer(tmp_path: Path) -> None:
    async with open_channel(tmp_path, "x", **APPROVED) as world:
        await says(world, "x", "Nice, how much is it?", "post", how="reply")
        await world.settle(0.6)
        assert not await world.ledger("x", "send")
        assert (await messages(world))[0]["text"] == "Nice, how much is it?"


async def test_without_credits_sending_stops_until_a_person_looks(tmp_path: Path) -> None:
    async with open_channel(tmp_path, "x") as world:
        await world.vendors.post("/_sandbox/x/switches", json={"credits": False})
        await says(world, "x", "Hello, do you ship to Porto?")

        async def told() -> list[dict[str, Any]]:
            return [task for task in await open_tasks(world) if task["kind"] == "send_failed"]

        (task,) = await world.until(told, "a task about the credits")
        assert "credits" in task["detail"]

        async def stopped() -> bool:
            shown = (await world.api.get(f"/api/integrations/{world.integrations['x']}")).json()
            return bool(shown["status"] == "error")

        await world.until(stopped, "an integration that is in error")


async def test_a_lost_answer_is_settled_by_the_sent_event(tmp_path: Path) -> None:
    async with open_channel(tmp_path, "x") as world:
        await world.break_vendor("x", "drop_after_accept", route="/messages", times=1)
        await says(world, "x", "Hello, do you ship to Porto?")

        async def settled() -> bool:
            found = await messages(world)
            return len(found) == 2 and found[1]["status"] == "sent"

        await world.until(settled, "the message that the echo settles")
        assert len(await world.ledger("x", "send")) == 1
