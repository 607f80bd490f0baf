"""Follow-ups on the clock: planned by what the agent says, fired when due, stopped by what happens, seen in the timeline."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.clocked import TEMPLATES, ClockedWorld, approve_templates, open_clocked
from tests.integration.test_conversation import TIMES


@pytest.fixture
async def clocked(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, database_url=database_url) as opened:
        yield opened


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path) as opened:
        yield opened


async def offer(clocked: ClockedWorld) -> None:
    await clocked.world.lead_says("Schedule a demo")
    await clocked.world.until_sends(1)
    await clocked.until_state("nudge", "planned")


async def test_an_offer_without_an_answer_is_followed_by_three_nudges(clocked: ClockedWorld) -> None:
    """The first within the window, the others by the owner's template; then there is silence."""
    world = clocked.world
    await approve_templates(clocked)
    began = clocked.now
    await offer(clocked)
    (first,) = await clocked.follow_ups("nudge")
    assert timedelta(hours=4) <= first["due_at"] - began < timedelta(hours=4, minutes=1)
    for count, hours in ((2, 4), (3, 20), (4, 48)):
        clocked.advance(hours=hours, minutes=1)
        await world.until_sends(count)
    nudge, *by_template = [send["detail"]["content"] for send in (await world.sends())[1:]]
    assert len(TIMES.findall(nudge["interactive"]["body"]["text"])) == 3
    assert [one["template"]["name"] for one in by_template] == [TEMPLATES["follow_up"]["name"]] * 2
    clocked.advance(days=8)
    await world.settle(1.0)
    assert len(await world.sends()) == 4
    fired = await clocked.follow_ups("nudge")
    assert [(row["step"], row["state"]) for row in fired] == [(1, "fired"), (2, "fired"), (3, "fired")]


async def test_a_fired_nudge_is_a_run_of_its_own_and_counted(embedded: ClockedWorld) -> None:
    world = embedded.world
    await offer(embedded)
    embedded.advance(hours=4, minutes=1)
    await world.until_sends(2)
    lead = await world.lead()
    runs = (await world.api.get(f"/api/leads/{lead['id']}/runs")).json()["items"]
    assert [(run["trigger"], run["route"]) for run in runs] == [("webhook", "scheduler"), ("timer", "follow_up")]
    assert runs[1]["actions"][0]["kind"] == "nudge"
    used = (await world.api.get("/api/analytics/usage", params={"action": "follow_up_nudge"})).json()["items"]
    assert len(used) == 1
    integration = (await world.api.get(f"/api/integrations/{world.integrations['whatsapp']}")).json()
    assert integration["stats"]["follow_ups_fired"] == 1
    entries = [(one["change"], one["follow_up"]) for one in await embedded.timeline() if one["kind"] == "follow_up"]
    assert entries == [("planned", "nudge"), ("fired", "nudge"), ("planned", "nudge")]


async def test_a_reply_stops_the_nudge_and_starts_another(clocked: ClockedWorld) -> None:
    world = clocked.world
    await offer(clocked)
    clocked.advance(hours=3, minutes=59)
    await world.lead_says("do you have anything on Friday?")
    await world.until_sends(2)
    clocked.advance(minutes=5)
    await world.settle(1.2)
    assert len(await world.sends()) == 2
    rows = await clocked.follow_ups("nudge")
    assert [(row["state"], row["end_reason"]) for row in rows] == [("canceled", "the lead wrote"), ("planned", None)]


@pytest.mark.parametrize("act", ["takeover", "human", "opt_out", "lost"])
async def test_what_else_stops_a_nudge(embedded: ClockedWorld, act: str) -> None:
    world = embedded.world
    await offer(embedded)
    lead = await world.lead()
    if act == "takeover":
        (await world.api.post(f"/api/leads/{lead['id']}/takeover")).raise_for_status()
    elif act == "lost":
        (await world.api.patch(f"/api/leads/{lead['id']}", json={"status": "lost"})).raise_for_status()
    else:
        await world.lead_says("STOP" if act == "opt_out" else "I want to talk to a human")
        await world.until_sends(2)
    sent = len(await world.sends())
    embedded.advance(hours=4, minutes=1)
    await embedded.until_state("nudge", "canceled")
    await world.settle(1.0)
    assert len(await world.sends()) == sent


async def test_an_account_that_is_paused_nudges_once_it_goes_on(embedded: ClockedWorld) -> None:
    world = embedded.world
    await offer(embedded)
    (await world.api.post("/api/pause")).raise_for_status()
    embedded.advance(hours=4, minutes=1)

    async def moved() -> bool:
        return (await embedded.follow_ups("nudge"))[0]["moved_at"] is not None

    await world.until(moved, "the nudge to wait")
    assert len(await world.sends()) == 1
    (await world.api.post("/api/resume")).raise_for_status()
    embedded.advance(minutes=1)
    await world.until_sends(2)


async def test_quiet_hours_of_the_leads_zone_move_a_nudge_to_the_morning(tmp_path: Path) -> None:
    """17:00 in Lisbon: four hours later is after hours."""
    async with open_clocked(tmp_path, datetime(2027, 3, 1, 17, 0, tzinfo=UTC)) as clocked:
        await offer(clocked)
        (row,) = await clocked.follow_ups("nudge")
        assert row["due_at"] == datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


async def test_the_closed_window_without_a_template_is_a_task_for_the_owner(clocked: ClockedWorld) -> None:
    world = clocked.world
    await offer(clocked)
    clocked.advance(hours=4, minutes=1)
    await world.until_sends(2)
    clocked.advance(hours=20, minutes=1)
    (held,) = await clocked.until_state("nudge", "held")
    assert "window" in held["end_reason"]
    tasks = (await world.api.get("/api/tasks")).json()["items"]
    assert [task["kind"] for task in tasks] == ["follow_up_held"]
    assert tasks[0]["owner"]
    assert held["end_reason"] in tasks[0]["detail"]
    assert len(await world.sends()) == 2


async def test_in_approval_mode_the_nudge_is_a_draft(embedded: ClockedWorld) -> None:
    """It begins to count once the draft before it was accepted."""
    world = embedded.world
    path = f"/api/integrations/{world.integrations['whatsapp']}"
    (await world.api.patch(path, json={"settings": {"reply_mode": "approve"}})).raise_for_status()
    await world.lead_says("Schedule a demo")

    async def drafts() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await world.api.get("/api/approvals")).json()["items"]
        return items

    (draft,) = await world.until(drafts, "a draft")
    assert await embedded.follow_ups("nudge") == []
    (await world.api.post(f"/api/approvals/{draft['id']}", json={"action": "accept"})).raise_for_status()
    await world.until_sends(1)
    embedded.advance(hours=4, minutes=1)
    (nudge,) = await world.until(drafts, "a draft of the nudge")
    assert len(await world.sends()) == 1
    (await world.api.post(f"/api/approvals/{nudge['id']}", json={"action": "accept"})).raise_for_status()
    await world.until_sends(2)


async def test_where_replies_are_off_the_owner_is_told(embedded: ClockedWorld) -> None:
    world = embedded.world
    await offer(embedded)
    path = f"/api/integrations/{world.integrations['whatsapp']}"
    (await world.api.patch(path, json={"settings": {"reply_mode": "off"}})).raise_for_status()
    embedded.advance(hours=4, minutes=1)
    (held,) = await embedded.until_state("nudge", "held")
    assert held["end_reason"] == "replies are off on whatsapp"


async def test_a_day_that_the_lead_names_is_kept(embedded: ClockedWorld) -> None:
    world = embedded.world
    await approve_templates(embedded)
    await world.lead_says("Not now, please contact me again in two weeks")
    await world.until_sends(1)
    (planned,) = await embedded.until_state("return", "planned")
    assert planned["due_at"] == datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
    assert await embedded.follow_ups("nudge") == []
    await world.lead_says("thanks")
    await world.until_sends(2)
    embedded.advance(days=14, hours=1)
    await world.until_sends(3)
    assert [row["state"] for row in await embedded.follow_ups("return")] == ["fired"]


async def test_a_lead_who_goes_on_talking_is_not_come_back_to(embedded: ClockedWorld) -> None:
    world = embedded.world
    await world.lead_says("Not now, please contact me again in two weeks")
    await world.until_sends(1)
    await world.lead_says("Actually, schedule a demo")
    await world.until_sends(2)
    (stopped,) = await embedded.until_state("return", "canceled")
    assert stopped["end_reason"] == "the lead wrote"
