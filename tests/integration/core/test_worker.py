"""What a lane does: one turn for a burst, drafts that are overtaken stay unsent, failures back off and end as dead letters."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from pipewise.bursts import BurstWindow
from pipewise.errors import Unavailable
from pipewise.events import EventKind, Identity, InboundEvent, Sender
from pipewise.handover import release, take_over
from pipewise.leads import Status
from pipewise.lease_keeper import LeaseKeeper
from pipewise.storage import lanes
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.database import Database
from pipewise.storage.tables import events, lead_changes, messages, runs, tasks, usage
from pipewise.storage.tables import lanes as lane_table
from pipewise.turns import NewTask, TurnRequest, TurnResult, UsageRecord
from tests.fakes import NOON
from tests.fakes_vendors import lost_answer
from tests.integration.core.harness import ANA, Core, RunningClock, heard, open_core, reply


async def outcomes(core: Core) -> list[str]:
    return [row["outcome"] for row in sorted(await core.rows(runs), key=lambda row: row["started_at"])]


async def test_a_turn_becomes_true_in_one_transaction(core: Core) -> None:
    async def answer(request: TurnRequest) -> TurnResult:
        return reply(
            "Hello!",
            lead_values={"company": "Silva Lda"},
            status=Status.CONTACTED,
            status_reason="answered",
            tasks=(NewTask("look", "Look here"),),
            usage=(UsageRecord("model", "classify", success=True, response_time_ms=7),),
            checkpoint_id="cp-1",
        )

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    assert await core.worker.run_lane(lead_id) is None
    lead = await core.lead(lead_id)
    assert (lead.company, lead.status, lead.checkpoint_id) == ("Silva Lda", Status.CONTACTED, "cp-1")
    assert await core.event_states() == ["processed"]
    assert core.messenger.texts == ["Hello!"]
    assert await outcomes(core) == ["committed"]
    (task,) = await core.rows(tasks)
    assert (task["kind"], task["owner"]) == ("look", "owner@shop.example")
    (change,) = await core.rows(lead_changes)
    assert (change["before"], change["after"], change["reason"]) == ("new", "contacted", "answered")
    assert change["event_id"] == core.turns.requests[0].events[0].id
    assert {row["action"] for row in await core.rows(usage)} == {"classify", "send_message"}
    assert await core.count(usage) == 2


async def test_a_burst_is_one_turn(database: Database) -> None:
    async with open_core(database, clock=RunningClock(), burst=BurstWindow(0.15, 2.0)) as core:
        lead_id = await core.hear("Hi,", at=NOON)
        lane = asyncio.create_task(core.worker.run_lane(lead_id))
        for second, text in enumerate(("I saw your page", "can we talk?"), 1):
            await asyncio.sleep(0.05)
            await core.hear(text, at=NOON + timedelta(seconds=second))
        await lane
        assert core.messenger.texts == ["You said: Hi, | I saw your page | can we talk?"]


async def test_a_lead_who_never_stops_is_answered_all_the_same(database: Database) -> None:
    async with open_core(database, clock=RunningClock(), burst=BurstWindow(0.2, 0.4)) as core:
        lead_id = await core.hear("message 0")
        lane = asyncio.create_task(core.worker.run_lane(lead_id))
        for number in range(1, 7):
            await asyncio.sleep(0.1)
            await core.hear(f"message {number}")
            if core.turns.requests:
                break
        assert len(core.turns.requests[0].events) < 7
        await lane


async def test_an_old_arrival_does_not_cut_a_new_burst_short(database: Database) -> None:
    """A booking wakes the lane and owes no answer; the burst that begins later is waited for in full."""
    async with open_core(database, clock=RunningClock(), burst=BurstWindow(0.2, 0.3)) as core:
        lead_id = await core.hear("hi")
        await core.worker.run_lane(lead_id)
        core.worker.note_arrival(lead_id)
        await asyncio.sleep(0.35)
        await core.hear("one")
        lane = asyncio.create_task(core.worker.run_lane(lead_id))
        await asyncio.sleep(0.1)
        await core.hear("two")
        await lane
        assert core.messenger.texts[1:] == ["You said: one | two"]


async def test_a_message_during_the_turn_supersedes_its_draft(core: Core) -> None:
    async def answer(request: TurnRequest) -> TurnResult:
        if len(core.turns.requests) == 1:
            await core.hear("wait, on Tuesday")
        return reply(f"You said: {heard(request)}", status=Status.CONTACTED)

    core.turns.answer = answer
    lead_id = await core.hear("on Monday")
    await core.worker.run_lane(lead_id)
    assert core.messenger.texts == ["You said: on Monday | wait, on Tuesday"]
    assert sorted(await outcomes(core)) == ["committed", "superseded"]
    assert await core.count(lead_changes) == 1
    assert len(await core.sent_statuses()) == 1


async def test_a_takeover_during_the_turn_supersedes_its_draft(core: Core) -> None:
    async def answer(request: TurnRequest) -> TurnResult:
        if request.lead.agent == "paused":
            return TurnResult(None, {})
        async with core.database.write() as connection:
            await take_over(connection, request.lead, by="rita@shop.example", reason="took it", now=NOON)
        return reply("too late")

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    assert core.messenger.tries == []
    assert await core.sent_statuses() == []
    assert sorted(await outcomes(core)) == ["committed", "superseded"]
    lead = await core.lead(lead_id)
    assert (lead.agent, lead.owner) == ("paused", "rita@shop.example")
    async with core.database.write() as connection:
        await release(connection, lead, by="rita@shop.example", now=NOON)
    assert (await core.lead(lead_id)).agent == "active"


async def test_a_message_that_is_being_stored_while_the_turn_commits_is_waited_for(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both lock the lead before its lane: none of them waits for the other in vain, and the draft is overtaken."""
    lead_id = await core.hear("hi")
    mark_due, storing, deliveries = lanes.mark_due, asyncio.Event(), []

    loop = asyncio.get_running_loop()

    async def mark_slowly(*given: Any) -> None:
        if core.database.dialect == "sqlite":  # in a thread of its own, which nothing else waits for
            loop.call_soon_threadsafe(storing.set)
            time.sleep(0.2)  # noqa: ASYNC251
        else:
            storing.set()
            await asyncio.sleep(0.2)
        await mark_due(*given)

    async def answer(request: TurnRequest) -> TurnResult:
        if len(core.turns.requests) == 1:
            deliveries.append(asyncio.create_task(core.hear("and more", at=NOON + timedelta(seconds=1))))
            await storing.wait()
        return reply(f"You said: {heard(request)}")

    monkeypatch.setattr(lanes, "mark_due", mark_slowly)
    core.turns.answer = answer
    await core.worker.run_lane(lead_id)
    await asyncio.gather(*deliveries)
    assert core.messenger.texts == ["You said: hi | and more"]
    assert sorted(await outcomes(core)) == ["committed", "superseded"]


async def test_a_reaction_does_not_supersede(core: Core) -> None:
    async def answer(request: TurnRequest) -> TurnResult:
        await core.deliver(core.message("👍", needs_turn=False))
        return reply("Hello!")

    core.turns.answer = answer
    await core.worker.run_lane(await core.hear("hi"))
    assert core.messenger.texts == ["Hello!"]
    assert len(core.turns.requests) == 1
    assert await core.event_states() == ["processed", "processed"]


async def test_a_failing_turn_backs_off_then_becomes_a_dead_letter(core: Core) -> None:
    async def fail(_: TurnRequest) -> TurnResult:
        raise Unavailable("The model is away.", platform="model")

    core.turns.answer = fail
    lead_id = await core.hear("hi")
    waits = []
    for _ in range(4):
        due = await core.worker.run_lane(lead_id)
        assert due
        assert await core.worker.run_lane(lead_id) == due  # held back, not tried
        waits.append((due - core.clock.now()).total_seconds())
        core.clock.jump(due)
    assert all(longest / 2 <= wait <= longest for wait, longest in zip(waits, [2, 4, 8, 16], strict=True))
    assert await core.worker.run_lane(lead_id) is None
    (event,) = await core.rows(events)
    assert (event["status"], event["reason"]) == ("dead_letter", "The model is away.")
    (task,) = await core.rows(tasks)
    assert (task["kind"], task["owner"]) == ("dead_letter", "owner@shop.example")
    assert await outcomes(core) == ["failed"] * 5
    assert len(core.turns.requests) == 5
    (run, *_) = await core.rows(runs)
    assert run["record"]["error"]["code"] == "model_unavailable"


async def test_a_poisoned_lead_does_not_hold_up_others(core: Core) -> None:
    async def answer(request: TurnRequest) -> TurnResult:
        if "poison" in heard(request):
            raise RuntimeError("boom")
        return reply("fine")

    core.turns.answer = answer
    poisoned, other = await core.hear("poison"), await core.hear("hi", sender="351911000002")
    await asyncio.gather(core.worker.run_lane(poisoned), core.worker.run_lane(other))
    assert [sent.to for sent in core.messenger.taken] == ["351911000002"]
    (run,) = await core.rows(runs, runs.c.outcome == "failed")
    assert "boom" not in str(run["record"])


async def test_eight_workers_give_one_answer(core: Core) -> None:
    lead_id = await core.hear("hi")
    await asyncio.gather(*(core.new_worker().run_lane(lead_id) for _ in range(8)))
    assert len(core.messenger.tries) == len(core.turns.requests) == 1


async def test_a_worker_that_lost_its_lane_keeps_nothing_of_its_turn(core: Core) -> None:
    """It renewed nothing, as one that was stopped for a while: the fence alone holds it back."""
    other = core.new_worker()
    core.worker._leases = LeaseKeeper(core.database, every=3600)

    async def answer(request: TurnRequest) -> TurnResult:
        if len(core.turns.requests) == 1:
            async with core.database.write() as connection:
                await connection.execute(update(lane_table).values(leased_until=lanes.DatabaseSeconds() - 1))
            await other.run_lane(request.lead.id)
        return reply("Hello!")

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    assert await core.worker.run_lane(lead_id) is None
    assert core.messenger.texts == ["Hello!"]
    assert await outcomes(core) == ["committed"]
    assert await core.sent_statuses() == ["sent"]


async def test_a_stop_during_a_turn_gives_the_events_back(core: Core) -> None:
    started = asyncio.Event()

    async def answer(_: TurnRequest) -> TurnResult:
        started.set()
        await asyncio.sleep(60)
        return reply("never")

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    lane = asyncio.create_task(core.worker.run_lane(lead_id))
    await started.wait()
    lane.cancel()
    await asyncio.gather(lane, return_exceptions=True)
    (row,) = await core.rows(lane_table)
    assert (row["holder"], row["due_at"]) == (None, NOON + timedelta(seconds=2))
    assert await core.event_states() == ["accepted"]


async def test_a_restart_answers_and_never_sends_twice(core: Core) -> None:
    """The former process died with a turn under way for one lead and a send under way for another."""
    first, second = await core.hear("hi"), await core.hear("hi", key="2", sender="351911000002")
    core.messenger.outcomes = [lost_answer()]
    await core.worker.run_lane(second)
    async with core.database.write() as connection:
        await connection.execute(update(messages.metadata.tables["outbox"]).values(state="sending"))
        await lanes.take(connection, first, "the dead")
        await lanes.take(connection, second, "the dead")
        await lanes.release_all(connection, core.clock.now())
        for account_id, lead_id in await outbox_rows.interrupt_sending(connection, core.clock.now()):
            await lanes.mark_due(connection, account_id, lead_id, core.clock.now())
    worker = core.new_worker()
    due, _ = await worker.scan(core.clock.now())
    assert sorted(due) == sorted([first, second])
    for lead_id in due:
        await worker.run_lane(lead_id)
    assert [sent.to for sent in core.messenger.tries] == ["351911000002", ANA]
    assert sorted(await core.outbox_states()) == ["done", "unknown"]


async def test_a_colleague_in_the_vendors_app_silences_the_agent(core: Core) -> None:
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    echo = InboundEvent(
        EventKind.ECHO,
        "echo:1",
        core.clock.now(),
        Sender((Identity("whatsapp", ANA),)),
        {"text": "I'll take over", "to": ANA, "vendor_id": "wamid.app"},
        needs_turn=False,
    )
    await core.deliver(echo)
    await core.worker.run_lane(lead_id)
    lead = await core.lead(lead_id)
    assert (lead.agent, lead.owner) == ("paused", "owner@shop.example")
    (shown,) = await core.rows(messages, messages.c.author == "human")
    assert (shown["text"], shown["status"], shown["external_id"]) == ("I'll take over", "sent", "wamid.app")
