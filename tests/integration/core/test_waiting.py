"""A lead who waits sees typing, then one holding message; a turn without end is ended."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import update

from pipewise.storage.database import Database
from pipewise.storage.tables import lead_changes, runs
from pipewise.turns import TurnRequest, TurnResult
from pipewise.waiting import Patience
from tests.integration.core.harness import open_core, reply, soon


async def test_slow_turns_show_typing_then_one_holding_message(database: Database) -> None:
    async with open_core(database, patience=Patience(typing=0.05, holding=0.15, longest=5)) as core:
        done = asyncio.Event()

        async def answer(request: TurnRequest) -> TurnResult:
            if len(core.turns.requests) == 1:
                await soon(lambda: bool(core.messenger.taken))
                await core.hear("hello?")  # the second turn takes long too, and holds nobody any more
            else:
                await asyncio.sleep(0.3)
            done.set()
            return reply("At last.")

        core.turns.answer = answer
        lead_id = await core.hear("Olá, bom dia, gostaria de marcar uma reunião", key="1")
        await core.worker.run_lane(lead_id)
        assert len(core.messenger.texts) == 2
        assert core.messenger.texts[1] == "At last."
        assert "momento" in core.messenger.texts[0]
        assert core.messenger.typing[0] == "wamid.1"


async def test_quick_turns_show_nothing(database: Database) -> None:
    async with open_core(database, patience=Patience(typing=0.5, holding=1, longest=5)) as core:
        await core.worker.run_lane(await core.hear("hi"))
        assert core.messenger.typing == []
        assert len(core.messenger.tries) == 1


@pytest.mark.parametrize("change", [{"agent": "paused"}, {"opted_out": True}])
async def test_a_lead_who_may_get_no_answer_is_not_told_to_wait(database: Database, change: dict[str, Any]) -> None:
    async with open_core(database, patience=Patience(typing=0.02, holding=0.05, longest=5)) as core:

        async def answer(_: TurnRequest) -> TurnResult:
            await asyncio.sleep(0.15)
            return TurnResult(None, {})

        core.turns.answer = answer
        lead_id = await core.hear("hi")
        async with core.database.write() as connection:
            await connection.execute(update(lead_changes.metadata.tables["leads"]).values(change))
        await core.worker.run_lane(lead_id)
        assert core.messenger.tries == []
        assert core.messenger.typing == []


async def test_a_turn_without_end_is_ended(database: Database) -> None:
    async with open_core(database, patience=Patience(typing=0.01, holding=0.02, longest=0.1)) as core:
        cancelled = asyncio.Event()

        async def answer(_: TurnRequest) -> TurnResult:
            try:
                await asyncio.sleep(60)
            finally:
                cancelled.set()
            return reply("never")

        core.turns.answer = answer
        lead_id = await core.hear("hi")
        async with asyncio.timeout(20):
            due = await core.worker.run_lane(lead_id)
        assert due
        assert due > core.clock.now()
        assert cancelled.is_set()
        (run,) = await core.rows(runs)
        assert run["outcome"] == "failed"
