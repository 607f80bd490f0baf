"""The engine of one process: each lane once at a time, due lanes in time, nothing new while stopping."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from pipewise.engine.embedded import EmbeddedEngine
from pipewise.events import ParsedDelivery
from pipewise.inbox import Inbox
from pipewise.storage.group_commit import GroupCommit
from pipewise.storage.tables import events, lanes
from pipewise.turns import TurnRequest, TurnResult
from tests.fakes import NOON, FixedClock
from tests.fakes_vendors import not_sent
from tests.integration.core.harness import Core, reply, soon


class Lanes:
    """Stands for the worker. `due` is what the tables would say."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.running: Counter[str] = Counter()
        self.most = 0
        self.door = asyncio.Event()
        self.door.set()
        self.due: dict[str, datetime] = {}
        self.broken = False
        self.scans = 0

    async def run(self, lead_id: str) -> datetime | None:
        self.due.pop(lead_id, None)
        self.runs[lead_id] += 1
        self.running[lead_id] += 1
        self.most = max(self.most, self.running[lead_id])
        try:
            await self.door.wait()
            if self.broken:
                raise RuntimeError("the lane broke")
        finally:
            self.running[lead_id] -= 1
        return None

    async def scan(self, now: datetime) -> tuple[list[str], datetime | None]:
        self.scans += 1
        ready = [lead_id for lead_id, at in self.due.items() if at <= now]
        return ready, min(self.due.values(), default=None)


@pytest.fixture
def played() -> Lanes:
    return Lanes()


@pytest.fixture
async def engine(played: Lanes) -> AsyncIterator[EmbeddedEngine]:
    made = EmbeddedEngine(played.run, played.scan, FixedClock())
    yield made
    await made.stop(1)


async def test_a_lane_runs_once_at_a_time_and_again_after_a_wake_up(played: Lanes, engine: EmbeddedEngine) -> None:
    played.door.clear()
    for _ in range(5):
        engine.wake("a")
        await asyncio.sleep(0)
    assert played.runs == {"a": 1}
    played.door.set()
    await soon(lambda: engine.active == 0)
    assert played.runs == {"a": 2}
    assert played.most == 1


async def test_lanes_run_beside_each_other(played: Lanes, engine: EmbeddedEngine) -> None:
    played.door.clear()
    for lead_id in "abc":
        engine.wake(lead_id)
    await asyncio.sleep(0)
    assert engine.active == 3
    played.door.set()


async def test_due_lanes_are_found_at_start_and_when_their_time_comes(played: Lanes) -> None:
    clock = FixedClock()
    engine = EmbeddedEngine(played.run, played.scan, clock)
    played.due = {"now": NOON, "later": NOON + timedelta(minutes=5)}
    await engine.start()
    await soon(lambda: played.runs == {"now": 1})
    clock.advance(300)
    await soon(lambda: played.runs == {"now": 1, "later": 1})
    await engine.stop(1)


async def test_a_broken_lane_or_scan_does_not_end_the_engine(
    played: Lanes, engine: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipewise.engine.lane_tasks.RETRY_SECONDS", 0.01)
    played.broken = True
    engine.wake("a")
    await soon(lambda: engine.active == 0)
    played.broken = False
    engine.wake("a")
    await soon(lambda: engine.active == 0)
    assert played.runs == {"a": 2}


async def test_stopping_takes_nothing_new_and_cancels_what_is_late(played: Lanes, engine: EmbeddedEngine) -> None:
    played.door.clear()
    engine.wake("slow")
    await soon(lambda: bool(played.running["slow"]))
    await engine.stop(0.05)
    engine.wake("new")
    assert engine.active == 0
    assert played.runs == {"slow": 1}


@pytest.fixture
async def live(core: Core) -> AsyncIterator[EmbeddedEngine]:
    """Inbox, worker and engine joined as a process joins them."""
    engine = EmbeddedEngine(core.worker.run_lane, core.worker.scan, core.clock)
    core.inbox = Inbox(core.commits, core.vault, core.clock, core.inbox._crash, engine.wake)
    await engine.start()
    yield engine
    await engine.stop(5)


async def test_thirty_leads_get_one_answer_each(core: Core, live: EmbeddedEngine) -> None:
    numbers = [f"3519110001{number:02d}" for number in range(30)]
    await asyncio.gather(*(core.hear("hi", key=number, sender=number) for number in numbers))
    await soon(lambda: len(core.messenger.taken) == 30, 20)
    await soon(lambda: live.active == 0)
    assert sorted(sent.to for sent in core.messenger.tries) == numbers


async def test_a_retry_happens_by_itself_when_its_time_comes(core: Core, live: EmbeddedEngine) -> None:
    core.messenger.outcomes = [not_sent()]
    await core.hear("hi")
    await soon(lambda: len(core.messenger.tries) == 1)
    await soon(lambda: live.active == 0)
    core.clock.advance(2)
    await soon(lambda: core.messenger.texts == ["You said: hi"])


async def test_no_answer_is_lost_when_messages_keep_coming(core: Core, live: EmbeddedEngine) -> None:
    async def answer(_: TurnRequest) -> TurnResult:
        await asyncio.sleep(0.01)
        return reply("Hello!")

    core.turns.answer = answer
    for number in range(10):
        await core.hear(f"message {number}")
        await asyncio.sleep(0.02)
    await soon(lambda: live.active == 0)
    assert set(await core.event_states()) == {"processed"}
    assert await core.outbox_states() == ["done"] * len(core.messenger.taken)


async def test_accepting_answering_and_reports_do_not_lock_each_other_out(
    core: Core, live: EmbeddedEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """Deliveries of several leads in every order, by two processes, while their turns commit and their reports come in."""
    chance = random.Random(5)
    numbers = [f"3519110002{number:02d}" for number in range(8)]
    other = Inbox(GroupCommit(core.database), core.vault, core.clock, core.inbox._crash, live.wake)
    for turn in range(12):
        batches = []
        for inbox in (core.inbox, other):
            writers = chance.sample(numbers, 4)
            items = [core.message("hi", key=f"{turn}{id(inbox)}{sender}", sender=sender) for sender in writers]
            taken = core.messenger.taken[-3:]
            items += [
                core.status("delivered", callback=sent.callback, vendor_id=f"wamid.{sent.callback}") for sent in taken
            ]
            batches.append(inbox.accept(core.account_id, core.whatsapp, "whatsapp", ParsedDelivery(tuple(items))))
        await asyncio.gather(*batches)
    await soon(lambda: live.active == 0, 20)
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
    assert {row["status"] for row in await core.rows(events, events.c.kind == "message")} == {"processed"}
    assert set(await core.outbox_states()) == {"done"}


async def test_due_times_of_another_year_are_not_believed_after_a_restart(core: Core) -> None:
    await core.hear("hi")
    async with core.database.write() as connection:
        await connection.execute(update(lanes).values(due_at=NOON + timedelta(days=500)))
    engine = EmbeddedEngine(core.worker.run_lane, core.worker.scan, core.clock)
    await engine.start()
    await soon(lambda: bool(core.messenger.taken))
    await engine.stop(5)
