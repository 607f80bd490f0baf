"""A follow-up is planned once, fired once by whoever holds the lane, and looked at again before its message leaves."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from pipewise import follow_ups as planning
from pipewise import handover
from pipewise.events import Identity
from pipewise.follow_up_firing import FollowUps
from pipewise.platforms.base import TemplateRef
from pipewise.platforms.whatsapp import PLATFORM
from pipewise.storage import follow_ups as rows
from pipewise.storage import lanes, leads
from pipewise.storage.database import Database
from pipewise.storage.lanes import Lease
from pipewise.storage.tables import accounts, events, integrations, lead_changes, tasks
from pipewise.storage.tables import leads as lead_table
from pipewise.turns import TurnRequest, TurnResult
from tests.fakes import NOON
from tests.fakes_vendors import not_sent
from tests.integration.core.harness import Core, open_core, reply

QUESTION = "Shall we talk?"
FOUR_HOURS = timedelta(hours=4)


@pytest.fixture
async def core(database: Database) -> AsyncIterator[Core]:
    async with open_core(database) as opened:
        opened.turns.answer = ask
        yield opened


async def ask(_: TurnRequest) -> TurnResult:
    return reply(QUESTION, awaits="question")


async def answered(core: Core) -> str:
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    return lead_id


async def fire_without_sending(core: Core, lead_id: str, holder: str = "another") -> None:
    async with core.database.write() as connection:
        lease = await lanes.take(connection, lead_id, holder)
        assert lease
        planned = await rows.list_planned(connection, core.account_id, lead_id)
    await FollowUps(core.database, core.connections, core.clock).fire_due(lease, planned)
    async with core.database.write() as connection:
        await lanes.release(connection, lease, None)


async def test_the_lane_is_due_when_its_follow_up_is(core: Core) -> None:
    lead_id = await core.hear("hi")
    assert await core.worker.run_lane(lead_id) == NOON + FOUR_HOURS
    assert [row["due_at"] for row in await core.planned()] == [NOON + FOUR_HOURS]
    due, next_due = await core.worker.scan(NOON + FOUR_HOURS)
    assert due == [lead_id]
    assert next_due == NOON + FOUR_HOURS


async def test_a_worker_that_begins_anew_fires_what_another_planned(core: Core) -> None:
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    await core.new_worker().run_lane(lead_id)
    assert core.messenger.texts[0] == QUESTION
    assert len(core.messenger.texts) == 2


async def test_it_is_fired_once_however_often_the_lane_is_run(core: Core) -> None:
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    for worker in (core.worker, core.new_worker(), core.worker):
        await worker.run_lane(lead_id)
    assert len(core.messenger.texts) == 2
    assert [row["state"] for row in await core.planned()] == ["fired", "planned"]


async def test_who_lost_the_lane_fires_nothing(core: Core) -> None:
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    async with core.database.read() as connection:
        planned = await rows.list_planned(connection, core.account_id, lead_id)
    lost = Lease(core.account_id, lead_id, "a worker of the past", 0)
    with pytest.raises(lanes.LeaseLost):
        await FollowUps(core.database, core.connections, core.clock).fire_due(lost, planned)
    assert [row["state"] for row in await core.planned()] == ["planned"]
    assert len(core.messenger.texts) == 1


async def test_a_reply_between_firing_and_sending_stops_the_message(core: Core) -> None:
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    await fire_without_sending(core, lead_id)
    assert await core.outbox_states() == ["done", "pending"]
    await core.deliver(core.message("wait", key="reaction", needs_turn=False))
    await core.worker.run_lane(lead_id)
    assert await core.sent_statuses() == ["sent", "canceled"]
    assert (await core.planned())[0]["end_reason"] == "the lead wrote"
    assert core.messenger.texts == [QUESTION]


async def test_a_reply_that_is_answered_stops_the_message_too(core: Core) -> None:
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    await fire_without_sending(core, lead_id)
    await core.hear("wait")
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == [QUESTION, QUESTION]
    assert await core.sent_statuses() == ["sent", "canceled", "sent"]


async def test_a_takeover_between_firing_and_sending_stops_the_message(core: Core) -> None:
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    await fire_without_sending(core, lead_id)
    async with core.database.write() as connection:
        lead = await leads.get_lead(connection, core.account_id, lead_id)
        await handover.take_over(connection, lead, by="owner@shop.example", reason="took it", now=core.clock.now())
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == [QUESTION]
    assert [(row["state"], row["end_reason"]) for row in await core.planned()][1] == (
        "canceled",
        "a person has the conversation",
    )


async def test_planned_twice_it_stands_once(core: Core) -> None:
    lead_id = await answered(core)
    for _ in range(2):
        async with core.database.write() as connection:
            lead = await leads.get_lead(connection, core.account_id, lead_id)
            await planning.plan_nudge(
                connection, lead, message_id="m", run_id="r", about=planning.About("offer"), now=core.clock.now()
            )
    assert [row["basis_key"] for row in await core.planned()].count("r") == 1


async def test_the_message_that_was_not_delivered_is_not_followed(core: Core) -> None:
    core.messenger.outcomes = [not_sent()]
    lead_id = await answered(core)
    assert await core.outbox_states() == ["pending"]
    await fire_without_sending(core, lead_id)
    core.clock.advance(hours=4, minutes=1)
    await fire_without_sending(core, lead_id)
    assert [row["end_reason"] for row in await core.planned()] == ["the message before it did not reach the lead"]


async def test_what_is_not_asked_is_not_nudged(core: Core) -> None:
    async def tell(_: TurnRequest) -> TurnResult:
        return reply("You are welcome.")

    core.turns.answer = tell
    await answered(core)
    assert await core.planned() == []


async def held_reason(core: Core, lead_id: str) -> str | None:
    core.clock.advance(hours=4, minutes=1)
    await fire_without_sending(core, lead_id)
    (task,) = await core.rows(tasks, tasks.c.kind == "follow_up_held")
    (row,) = await core.planned()
    assert row["state"] == "held"
    assert task["owner"] == "owner@shop.example"
    assert row["end_reason"] in task["detail"]
    reason: str | None = row["end_reason"]
    return reason


async def test_x_takes_no_automated_message_that_answers_none(core: Core) -> None:
    lead_id = await answered(core)
    await _become(core, "x")
    assert await held_reason(core, lead_id) == "x allows no automated message that answers none"


async def test_instagram_has_no_template_for_a_closed_window(core: Core) -> None:
    lead_id = await answered(core)
    await _become(core, "instagram")
    await _window_closed(core, lead_id)
    assert "instagram is closed" in str(await held_reason(core, lead_id))


async def test_a_lead_who_refused_marketing_gets_no_template(core: Core) -> None:
    lead_id = await answered(core)
    await _set_template(core)
    await _window_closed(core, lead_id)
    change = {"id": "c1", "account_id": core.account_id, "lead_id": lead_id, "kind": "consent", "before": "True"}
    async with core.database.write() as connection:
        row = {**change, "after": "False", "actor": "lead", "reason": "set in whatsapp", "created_at": NOON}
        await connection.execute(insert(lead_changes).values(row))
    assert await held_reason(core, lead_id) == "the lead allows the company to open no conversation"


async def test_the_template_speaks_where_the_window_is_closed(core: Core) -> None:
    lead_id = await answered(core)
    await _set_template(core)
    await _window_closed(core, lead_id)
    core.clock.advance(hours=4, minutes=1)
    await core.worker.run_lane(lead_id)
    assert core.messenger.taken[-1].message.template is not None


async def test_a_week_has_no_more_follow_ups_than_the_account_allows(core: Core) -> None:
    async with core.database.write() as connection:
        settings = {"follow_up": {"max_per_lead_per_week": 1, "delays": ["4h", "5h"]}}
        await connection.execute(update(accounts).values(settings=settings))
    lead_id = await answered(core)
    core.clock.advance(hours=4, minutes=1)
    await core.worker.run_lane(lead_id)
    assert len(core.messenger.texts) == 2
    core.clock.advance(hours=24)
    await core.worker.run_lane(lead_id)
    assert len(core.messenger.texts) == 2
    moved = (await core.planned())[1]
    assert (moved["state"], moved["move_reason"]) == ("planned", "the lead had 1 follow-ups in a week")
    assert moved["due_at"] >= NOON + timedelta(days=7)


async def _become(core: Core, platform: str) -> None:
    """The lead wrote from another platform."""
    values: dict[str, Any] = {"platform": platform, "settings": {}}
    async with core.database.write() as connection:
        await connection.execute(update(integrations).values(values))
        await connection.execute(update(events).values(platform=platform))
        lead = (await connection.execute(lead_table.select())).mappings().one()
        await leads.claim_identities(
            connection, core.account_id, lead["id"], [Identity(platform, "1234567890")], core.clock.now()
        )
    core.connections.drop_all()


async def _window_closed(core: Core, lead_id: str) -> None:
    async with core.database.write() as connection:
        early = core.clock.now() - timedelta(hours=30)
        await connection.execute(update(lead_table).where(lead_table.c.id == lead_id).values(last_inbound_at=early))
        await connection.execute(update(events).where(events.c.lead_id == lead_id).values(occurred_at=early))


async def _set_template(core: Core) -> None:
    template = PLATFORM.settings.model_validate(
        {"templates": {"follow_up": TemplateRef(name="again", language="en").model_dump()}}
    )
    async with core.database.write() as connection:
        await connection.execute(update(integrations).values(settings=template.model_dump(mode="json")))
    core.connections.drop_all()
