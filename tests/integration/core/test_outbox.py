"""A queued message leaves once, and how it ended is never guessed."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from pipewise import delivery_reports, outbox, parked_messages
from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.storage import messages as message_rows
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.tables import integration_stats, integrations, leads, messages, tasks
from tests.fakes import NOON
from tests.fakes_vendors import lost_answer, not_sent
from tests.integration.core.harness import PARKED, Core, soon
from tests.integration.core.queueing import queue, queue_more, shown


async def test_a_message_is_sent_once_and_counted_once(core: Core) -> None:
    lead_id, message_id = await queue(core)
    assert await core.worker.run_lane(lead_id) is None
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["Hello!"]
    assert await shown(core, message_id) == ("sent", "done")
    (message,) = await core.rows(messages, messages.c.id == message_id)
    assert message["external_id"] == f"wamid.{message_id}"
    stats = {row["name"]: row["value"] for row in await core.rows(integration_stats)}
    assert stats["messages_sent"] == 2
    assert (await core.lead(lead_id)).last_outbound_at == NOON


async def test_the_claim_is_committed_before_the_message_leaves(core: Core) -> None:
    """What a process that is killed now leaves behind says that the message may have left."""
    lead_id, message_id = await queue(core)
    core.messenger.door.clear()
    core.messenger.waiting.clear()
    lane = asyncio.create_task(core.worker.run_lane(lead_id))
    await core.messenger.waiting.wait()
    assert await shown(core, message_id) == ("sending", "sending")
    core.messenger.door.set()
    await lane
    assert await shown(core, message_id) == ("sent", "done")


async def test_what_a_worker_that_vanished_was_sending_is_unknown(core: Core) -> None:
    lead_id, message_id = await queue(core)
    (row,) = await core.database.ask(lambda c: outbox_rows.list_unfinished(c, core.account_id, lead_id))
    assert await core.database.transact(lambda c: outbox.claim(c, row, core.clock.now()))
    assert await core.new_worker().run_lane(lead_id) == core.clock.now() + outbox.PARK_AFTER
    assert (await shown(core, message_id))[1] == "unknown"
    assert core.messenger.tries == []


@pytest.mark.parametrize(
    "error",
    [
        Rejected("Bad number.", platform="whatsapp"),
        AuthFailed("The token is dead.", platform="whatsapp", outcome=Outcome.NOT_SENT),
    ],
)
async def test_a_refusal_is_final_and_told_to_a_person(core: Core, error: PlatformError) -> None:
    lead_id, message_id = await queue(core)
    core.messenger.outcomes = [error]
    assert await core.worker.run_lane(lead_id) is None
    assert await shown(core, message_id) == ("failed", "done")
    assert [row["kind"] for row in await core.rows(tasks)] == ["send_failed"]
    (integration,) = await core.rows(integrations)
    assert integration["status"] == ("reconnect_required" if isinstance(error, AuthFailed) else "connected")


async def test_an_account_that_the_vendor_stopped_sends_nothing_by_itself(core: Core) -> None:
    lead_id, first = await queue(core, "first")
    second = await queue_more(core, lead_id, "second")
    core.messenger.outcomes = [Rejected("Policy.", platform="whatsapp", vendor_code="368")]
    await core.worker.run_lane(lead_id)
    assert [sent.message.text for sent in core.messenger.tries] == ["first"]
    assert [await shown(core, first), await shown(core, second)] == [("failed", "done")] * 2
    (integration,) = await core.rows(integrations)
    assert integration["status"] == "error"


async def test_a_failed_status_can_stop_the_account_too(core: Core) -> None:
    lead_id, message_id = await queue(core)
    await core.worker.run_lane(lead_id)
    error = {"code": "131048", "message": "Spam rate.", "stops_account": True}
    content = {"vendor_id": f"wamid.{message_id}", "callback": message_id, "status": "failed", "error": error}
    async with core.database.write() as connection:
        await delivery_reports.apply_status(connection, core.account_id, content, core.clock.now())
    (integration,) = await core.rows(integrations)
    assert integration["status"] == "error"
    assert integration["last_error"]["stops_account"] is True


async def test_what_never_left_is_tried_again_and_holds_later_ones_back(core: Core) -> None:
    lead_id, first = await queue(core, "first")
    await queue_more(core, lead_id, "second")
    core.messenger.outcomes = [not_sent()]
    due = await core.worker.run_lane(lead_id)
    assert due == NOON + timedelta(seconds=2)
    assert await shown(core, first) == ("queued", "pending")
    assert [sent.message.text for sent in core.messenger.tries] == ["first"]
    core.clock.advance(2)
    assert await core.worker.run_lane(lead_id) is None
    assert core.messenger.texts == ["first", "second"]


async def test_tries_come_to_an_end(core: Core) -> None:
    lead_id, message_id = await queue(core)
    core.messenger.outcomes = [not_sent() for _ in range(outbox.MAX_ATTEMPTS)]
    for _ in range(outbox.MAX_ATTEMPTS):
        await core.worker.run_lane(lead_id)
        core.clock.advance(minutes=10)
    assert len(core.messenger.tries) == outbox.MAX_ATTEMPTS
    assert await shown(core, message_id) == ("failed", "done")


@pytest.mark.parametrize(("told", "wait"), [(30.0, 30), (None, 1), (86_400.0, 3600)])
async def test_a_rate_limit_is_waited_for(core: Core, told: float | None, wait: int) -> None:
    lead_id, _ = await queue(core)
    core.messenger.outcomes = [RateLimited("Slow down.", platform="whatsapp", retry_after=told)]
    assert await core.worker.run_lane(lead_id) == NOON + timedelta(seconds=wait)


async def test_an_open_circuit_costs_no_try_and_no_message(core: Core) -> None:
    lead_id, message_id = await queue(core)
    closed = Unavailable(
        "Not asked.",
        platform="whatsapp",
        outcome=Outcome.NOT_SENT,
        vendor_code="circuit_open",
        retry_after=30,
        retryable=False,
    )
    for _ in range(3 * outbox.MAX_ATTEMPTS):
        core.messenger.outcomes = [closed]
        assert await core.worker.run_lane(lead_id) == core.clock.now() + timedelta(seconds=30)
        core.clock.advance(30)
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["Hello!"]
    assert await shown(core, message_id) == ("sent", "done")


async def test_a_lost_answer_is_never_sent_again_and_parks_after_five_minutes(core: Core) -> None:
    lead_id, message_id = await queue(core)
    core.messenger.outcomes = [lost_answer()]
    due = await core.worker.run_lane(lead_id)
    assert due == NOON + timedelta(seconds=300)
    assert await shown(core, message_id) == ("sending", "unknown")
    core.clock.advance(299)
    assert await core.worker.run_lane(lead_id) == NOON + timedelta(seconds=300)
    core.clock.jump(NOON + PARKED)
    assert await core.worker.run_lane(lead_id) is None
    assert await shown(core, message_id) == ("parked", "parked")
    for _ in range(3):
        core.clock.advance(hours=1)
        await core.worker.run_lane(lead_id)
    assert len(core.messenger.tries) == 1
    assert [row["kind"] for row in await core.rows(tasks)] == ["parked"]


@pytest.mark.parametrize("by", ["callback", "vendor_id"])
@pytest.mark.parametrize("when", ["while_sending", "while_unknown", "when_parked"])
async def test_the_vendors_status_settles_what_is_unknown(core: Core, by: str, when: str) -> None:
    lead_id, message_id = await queue(core)
    status = core.status("delivered", vendor_id="wamid.late", callback=message_id if by == "callback" else None)
    if by == "vendor_id":
        # A vendor that echoes no key of ours names the message by the id it gave it.
        async with core.database.write() as connection:
            await message_rows.set_status(connection, core.account_id, message_id, "queued", external_id="wamid.late")
    core.messenger.outcomes = [lost_answer()]
    if when == "while_sending":
        core.messenger.door.clear()
        lane = asyncio.create_task(core.worker.run_lane(lead_id))
        await soon(lambda: bool(core.messenger.tries))
        await core.deliver(status)
        core.messenger.door.set()
        assert await lane is None
    else:
        await core.worker.run_lane(lead_id)
        if when == "when_parked":
            core.clock.jump(NOON + PARKED)
            await core.worker.run_lane(lead_id)
        await core.deliver(status)
    core.clock.advance(hours=1)
    assert await core.worker.run_lane(lead_id) is None
    assert await shown(core, message_id) == ("delivered", "done")
    assert len(core.messenger.tries) == 1


async def test_statuses_that_overtake_the_answer_are_found_by_it(core: Core) -> None:
    lead_id, message_id = await queue(core)
    await core.deliver(core.status("delivered", vendor_id=f"wamid.{message_id}"))
    assert (await core.event_states())[-1] == "ignored"
    await core.worker.run_lane(lead_id)
    assert await shown(core, message_id) == ("delivered", "done")
    assert (await core.event_states())[-1] == "processed"


async def test_statuses_only_rise(core: Core) -> None:
    lead_id, message_id = await queue(core)
    await core.worker.run_lane(lead_id)
    for status in ("read", "delivered", "sent", "failed"):
        await core.deliver(core.status(status, callback=message_id, vendor_id=f"wamid.{message_id}"))
        assert await shown(core, message_id) == ("read", "done")
    assert await core.count(tasks) == 0


async def test_a_failure_reported_later_is_told_to_a_person(core: Core) -> None:
    lead_id, message_id = await queue(core)
    await core.worker.run_lane(lead_id)
    await core.deliver(core.status("failed", callback=message_id))
    assert await shown(core, message_id) == ("failed", "done")
    (task,) = await core.rows(tasks)
    assert task["kind"] == "send_failed"
    assert "not on WhatsApp" in task["detail"]


async def test_a_status_of_a_message_that_a_colleague_wrote_elsewhere_is_harmless(core: Core) -> None:
    lead_id = await core.hear("hi")
    await core.put(
        messages,
        id="echoed",
        account_id=core.account_id,
        lead_id=lead_id,
        direction="out",
        platform="whatsapp",
        author="human",
        text="from the app",
        status="sent",
        external_id="wamid.app",
        created_at=NOON,
    )
    accepted = await core.deliver(core.status("delivered", vendor_id="wamid.app"))
    assert accepted.counts()["accepted"] == 1
    (echoed,) = await core.rows(messages, messages.c.id == "echoed")
    assert echoed["status"] == "delivered"


async def test_a_status_for_a_message_thought_unsent_prevents_the_next_try(core: Core) -> None:
    lead_id, message_id = await queue(core)
    core.messenger.outcomes = [not_sent()]
    await core.worker.run_lane(lead_id)
    await core.deliver(core.status("sent", callback=message_id))
    core.clock.advance(60)
    await core.worker.run_lane(lead_id)
    assert len(core.messenger.tries) == 1
    assert await shown(core, message_id) == ("sent", "done")


async def test_a_person_decides_about_a_parked_message(core: Core) -> None:
    lead_id, message_id = await queue(core)
    core.messenger.outcomes = [lost_answer()]
    await core.worker.run_lane(lead_id)
    core.clock.jump(NOON + PARKED)
    await core.worker.run_lane(lead_id)
    async with core.database.write() as connection:
        message = await message_rows.get_message(connection, core.account_id, message_id)
        await parked_messages.resend(connection, message, core.clock.now())
    await core.worker.run_lane(lead_id)
    assert len(core.messenger.tries) == 2
    assert await shown(core, message_id) == ("sent", "done")


async def test_a_stop_during_a_send_leaves_it_unknown(core: Core) -> None:
    lead_id, message_id = await queue(core)
    core.messenger.door.clear()
    lane = asyncio.create_task(core.worker.run_lane(lead_id))
    await soon(lambda: bool(core.messenger.tries))
    lane.cancel()
    await asyncio.gather(lane, return_exceptions=True)
    assert await shown(core, message_id) == ("sending", "unknown")
    (integration,) = await core.rows(integrations)
    assert integration["status"] == "degraded"


async def test_a_clock_that_went_back_years_delays_nothing(core: Core) -> None:
    core.clock.jump(NOON + timedelta(days=700))
    lead_id, first = await queue(core, "first")
    second = await queue_more(core, lead_id, "second")
    core.messenger.outcomes = [lost_answer(), not_sent()]
    await core.worker.run_lane(lead_id)
    core.clock.jump(NOON)
    async with core.database.write() as connection:
        await connection.execute(update(leads).values(last_inbound_at=NOON))
    assert await core.worker.run_lane(lead_id) == NOON + timedelta(seconds=300)
    assert await shown(core, second) == ("sent", "done")
    core.clock.advance(301)
    await core.worker.run_lane(lead_id)
    assert await shown(core, first) == ("parked", "parked")


async def test_a_bad_moment_of_the_database_does_not_make_a_sent_message_uncertain(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_id, message_id = await queue(core)
    failures = [OperationalError("UPDATE outbox", {}, Exception("deadlock detected"))]

    async def record(*given: Any) -> None:
        if failures:
            raise failures.pop()
        await delivery_reports.record_sent(*given)

    monkeypatch.setattr("pipewise.sender.record_sent", record)
    assert await core.worker.run_lane(lead_id) is None
    assert failures == []
    assert await shown(core, message_id) == ("sent", "done")
