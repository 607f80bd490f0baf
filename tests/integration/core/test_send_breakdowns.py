"""Our own code breaks on a message: its tries are counted, they lie further and further apart, and a person sees how it ended."""

from typing import Any

import pytest

from pipewise import outbox
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.tables import tasks
from tests.integration.core.harness import Core
from tests.integration.core.queueing import queue, queue_more, shown


async def row_of(core: Core, message_id: str) -> OutboxRow:
    return await core.database.ask(lambda c: outbox_rows.get_row(c, core.account_id, message_id))


async def test_a_message_that_breaks_its_sender_is_given_up_after_as_many_tries_as_any(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_id, message_id = await queue(core)

    async def broken(*_: Any) -> None:
        raise KeyError("phone_number_id")

    with monkeypatch.context() as patched:
        patched.setattr(core.connections, "messaging", broken)
        waits = []
        for tries in range(1, outbox.MAX_ATTEMPTS):
            due = await core.worker.run_lane(lead_id)
            assert due
            assert (await row_of(core, message_id)).attempts == tries
            waits.append((due - core.clock.now()).total_seconds())
            core.clock.jump(due)
        assert await core.worker.run_lane(lead_id) is None
    longest = [outbox.backoff(tries).total_seconds() for tries in range(1, outbox.MAX_ATTEMPTS)]
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=True))
    assert await shown(core, message_id) == ("failed", "done")
    assert (await row_of(core, message_id)).error == {"code": "failed", "message": "KeyError"}
    (task,) = await core.rows(tasks)
    assert (task["kind"], task["detail"]) == ("send_failed", "KeyError: Hello!")
    assert core.messenger.tries == []


async def test_the_next_message_waits_for_one_that_breaks_and_leaves_when_that_is_given_up(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_id, first = await queue(core, "first")
    await queue_more(core, lead_id, "second")
    found = core.connections.messaging

    async def broken_once(*given: Any) -> Any:
        if (await row_of(core, first)).attempts == 0:
            raise KeyError("phone_number_id")
        return await found(*given)

    monkeypatch.setattr(core.connections, "messaging", broken_once)
    due = await core.worker.run_lane(lead_id)
    assert due
    assert core.messenger.texts == []
    core.clock.jump(due)
    assert await core.worker.run_lane(lead_id) is None
    assert core.messenger.texts == ["first", "second"]


async def test_a_break_after_the_claim_leaves_the_outcome_unknown_with_its_cause(core: Core) -> None:
    lead_id, message_id = await queue(core)
    mistake: Any = ZeroDivisionError("in the client")
    mistake.outcome = None
    core.messenger.outcomes = [mistake]
    due = await core.worker.run_lane(lead_id)
    assert due == core.clock.now() + outbox.PARK_AFTER
    row = await row_of(core, message_id)
    assert (row.state, row.error) == ("unknown", {"code": "internal_error", "message": "ZeroDivisionError"})
    core.clock.jump(due)
    assert await core.worker.run_lane(lead_id) is None
    assert await shown(core, message_id) == ("parked", "parked")
    assert [row["kind"] for row in await core.rows(tasks)] == ["parked"]
    assert len(core.messenger.tries) == 1


async def test_a_receipt_that_cannot_be_recorded_leaves_the_outcome_unknown(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_id, message_id = await queue(core)

    async def broken(*_: Any) -> None:
        raise ValueError("a receipt of an unknown form")

    monkeypatch.setattr("pipewise.sender.record_sent", broken)
    await core.worker.run_lane(lead_id)
    await core.worker.run_lane(lead_id)
    assert (await row_of(core, message_id)).state == "unknown"
    assert core.messenger.texts == ["Hello!"]


async def test_a_row_that_breaks_while_it_is_parked_is_parked_all_the_same(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_id, message_id = await queue(core)
    row = await row_of(core, message_id)
    assert await core.database.transact(lambda c: outbox.claim(c, row, core.clock.now()))
    due = await core.worker.run_lane(lead_id)
    assert due
    core.clock.jump(due)

    async def broken(*_: Any) -> bool:
        monkeypatch.undo()
        raise KeyError("text")

    monkeypatch.setattr("pipewise.outbox.park", broken)
    assert await core.worker.run_lane(lead_id) is None
    assert await shown(core, message_id) == ("parked", "parked")
    assert (await row_of(core, message_id)).error == {"code": "internal_error", "message": "KeyError"}
