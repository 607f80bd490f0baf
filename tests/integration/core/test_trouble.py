"""A database that is full, locked or away: no try of an event is counted, no send forgotten or repeated."""

import asyncio
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from pipewise import sender, worker
from pipewise.storage import lanes as lane_rows
from pipewise.storage.tables import events, lanes, outbox, runs, tasks
from pipewise.turns import Superseded, TurnRequest, TurnResult
from pipewise.worker import TRIES
from tests.integration.core.harness import PARKED, Core, reply


def trouble() -> OperationalError:
    return OperationalError("INSERT", {}, Exception("database or disk is full"))


@pytest.mark.parametrize("error", [trouble(), psycopg.OperationalError("the server closed the connection")], ids=repr)
async def test_trouble_during_turns_is_no_try_of_the_event(core: Core, error: Exception) -> None:
    left = TRIES * 2

    async def answer(_: TurnRequest) -> TurnResult:
        if len(core.turns.requests) <= left:
            raise error
        return reply("Hello!")

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    waits = []
    for _ in range(left):
        due = await core.worker.run_lane(lead_id)
        assert due
        waits.append((due - core.clock.now()).total_seconds())
        core.clock.jump(due)
    longest = [2, 4, 8, 16, *[30] * (left - 4)]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=True))
    (event,) = await core.rows(events)
    assert (event["status"], event["attempts"]) == ("accepted", 0)
    assert await core.worker.run_lane(lead_id) is None
    assert core.messenger.texts == ["Hello!"]
    assert (await core.count(tasks), [run["outcome"] for run in await core.rows(runs)]) == (0, ["committed"])


async def test_an_event_without_answer_waits_too(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    await core.deliver(core.message("👍", needs_turn=False))

    async def fail(*_: Any) -> None:
        raise trouble()

    monkeypatch.setattr(core.worker._lead_events, "apply", fail)
    for _ in range(TRIES + 1):
        assert await core.worker.run_lane(lead_id)
    monkeypatch.undo()
    assert await core.worker.run_lane(lead_id) is None
    assert await core.event_states() == ["processed", "processed"]


async def test_a_send_that_could_not_be_recorded_is_recorded_later_and_not_sent_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise trouble()

    monkeypatch.setattr(sender, "RECORD_PAUSES", (0.0,))
    monkeypatch.setattr(sender, "record_sent", fail)
    lead_id = await core.hear("hi")
    due = await core.worker.run_lane(lead_id)
    assert due is not None
    assert await core.outbox_states() == ["sending"]
    core.clock.jump(core.clock.now() + PARKED)
    assert await core.worker.run_lane(lead_id) is not None
    assert await core.outbox_states() == ["unknown"], "what is known to have left is not parked"
    monkeypatch.undo()
    assert await core.worker.run_lane(lead_id) is None
    assert (await core.outbox_states(), await core.sent_statuses()) == (["done"], ["sent"])
    assert len(core.messenger.tries) == 1
    (lane,) = await core.rows(lanes)
    assert lane["holder"] is None
    (row,) = await core.rows(outbox)
    assert row["error"] is None


async def test_a_lane_is_given_back_after_a_bad_moment_of_the_database(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, release = [trouble(), trouble()], lane_rows.release

    async def fail_at_first(*arguments: Any) -> Any:
        if left:
            raise left.pop()
        return await release(*arguments)

    monkeypatch.setattr(worker, "RELEASE_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(lane_rows, "release", fail_at_first)
    lead_id = await core.hear("hi")
    assert await core.worker.run_lane(lead_id) is None
    (lane,) = await core.rows(lanes)
    assert (lane["holder"], left) == (None, [])


async def test_a_turn_whose_answer_has_no_way_out_is_a_try_of_the_event(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise ValueError("settings of another release")

    monkeypatch.setattr(core.connections, "build_messaging", refuse)
    lead_id = await core.hear("hi")
    assert await core.worker.run_lane(lead_id)
    (event,) = await core.rows(events)
    assert (event["status"], event["attempts"], event["reason"]) == ("accepted", 1, "ValueError")


async def test_a_running_turn_is_looked_at_again_after_trouble(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    async def look(_: Any) -> Superseded | None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise trouble()
        return Superseded("The lead wrote again.") if looks == 2 else None

    watch = core.worker._watch
    monkeypatch.setattr(watch, "_look", look)

    async def answer(request: TurnRequest) -> TurnResult:
        assert request.withdrawal
        for _ in range(2):
            watch.poke(request.lead.id)
            await asyncio.sleep(0.05)
        request.withdrawal.check()
        return reply("Hello!")

    core.turns.answer = answer
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    assert (len(core.turns.requests), core.messenger.texts) == (2, ["Hello!"])
