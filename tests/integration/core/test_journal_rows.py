"""Rows of the journal: segments of a turn under way, one row of a committed one, and what is forgotten with time."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from pipewise.retention import forget_expired
from pipewise.storage import journal as rows
from pipewise.storage import lanes
from pipewise.storage.journal import TURN, JournalRow, row_id
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.tables import journal
from pipewise.storage.types import new_id
from tests.integration.core.harness import Core

DAYS = 30


async def make_row(core: Core, run_id: str, ordinal: int, request: str = "q", sealed: bytes = b"x") -> JournalRow:
    lead_id = await core.hear("Schedule a demo", key=new_id())
    now = core.clock.now()
    return JournalRow(row_id(run_id, ordinal), core.account_id, lead_id, run_id, ordinal, request, sealed, now)


async def test_a_segment_that_asks_the_same_stands_and_another_takes_its_place(core: Core) -> None:
    run_id = new_id()
    first, second = await make_row(core, run_id, 0, "a", b"first"), await make_row(core, run_id, 1, "b", b"second")
    for row in (first, second):
        assert await core.database.transact(lambda c, row=row: rows.put_segment(c, row)) == row
    same = await make_row(core, run_id, 0, "a", b"later")
    assert (await core.database.transact(lambda c: rows.put_segment(c, same))).sealed == b"first"
    other = await make_row(core, run_id, 0, "z", b"other way")
    assert (await core.database.transact(lambda c: rows.put_segment(c, other))).sealed == b"other way"
    found = await core.database.ask(lambda c: rows.list_segments(c, core.account_id, run_id))
    assert [row.sealed for row in found] == [b"other way"]


async def test_who_lost_the_lane_takes_nothing_from_its_new_holder(core: Core) -> None:
    run_id = new_id()
    row = await make_row(core, run_id, 0, "a", b"of the new holder")
    await core.database.transact(lambda c: rows.put_segment(c, row))
    lost = Lease(core.account_id, row.lead_id, "a worker that was paused", 0)
    late = replace(row, request="z", sealed=b"of the old one")
    with pytest.raises(LeaseLost):
        await core.database.transact(lambda c: rows.put_segment(c, late, lost))
    found = await core.database.ask(lambda c: rows.list_segments(c, core.account_id, run_id))
    assert [row.sealed for row in found] == [b"of the new holder"]
    lease = await core.database.transact(lambda c: lanes.take(c, row.lead_id, "the new holder"))
    assert lease
    assert (await core.database.transact(lambda c: rows.put_segment(c, late, lease))).sealed == b"of the old one"


async def test_segments_of_one_run_are_in_order_and_of_no_other_account(core: Core) -> None:
    run_id = new_id()
    for ordinal in (1, 0, TURN):
        row = await make_row(core, run_id, ordinal)
        await core.database.transact(lambda c, row=row: rows.put_segment(c, row))
    found = await core.database.ask(lambda c: rows.list_segments(c, core.account_id, run_id))
    assert [row.ordinal for row in found] == [0, 1]
    assert await core.database.ask(lambda c: rows.list_segments(c, new_id(), run_id)) == []


async def test_journals_are_forgotten_when_their_time_is_over(core: Core) -> None:
    old = await make_row(core, new_id(), TURN)
    await core.database.transact(lambda c: rows.put_turn(c, old))
    core.clock.advance(days=DAYS - 1)
    young = await make_row(core, new_id(), TURN)
    await core.database.transact(lambda c: rows.put_turn(c, young))
    assert await forget_expired(core.database, core.clock, DAYS) == 0
    core.clock.advance(days=2)
    assert await forget_expired(core.database, core.clock, DAYS) == 1
    async with core.database.read() as connection:
        assert list((await connection.execute(select(journal.c.id))).scalars()) == [young.id]
