"""Sums say the same as the rows, however far they are, and are read by index: what a million rows cost is decided there."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.rollup import roll_up
from pipewise.storage import accounts, rollups, statistics, usage
from pipewise.storage.accounts import Role
from pipewise.storage.database import Database
from pipewise.storage.tables import leads, messages, outbox
from pipewise.storage.tables import usage as usage_table
from pipewise.storage.tables_trust import first_replies, usage_hours
from pipewise.storage.types import new_id
from pipewise.storage.usage import UsageFilter
from tests.fakes import NOON, FixedClock

DAYS = 10


async def add_account(database: Database, email: str = "ana@shop.example") -> str:
    async with database.write() as connection:
        return (await accounts.add_user(connection, email, Role.ADMIN, NOON)).account_id


async def use(database: Database, account_id: str, count: int, *, end: datetime = NOON, seed: int = 1) -> None:
    rng = random.Random(seed)
    rows = [
        {
            "account_id": account_id,
            "platform": rng.choice(("calendly", "whatsapp", "model")),
            "action": rng.choice(("send", "read")),
            "success": rng.random() < 0.9,
            "response_time_ms": rng.randrange(500),
            "cost_microusd": rng.randrange(1000),
            "created_at": end - timedelta(seconds=rng.randrange(DAYS * 86_400)),
        }
        for _ in range(count)
    ]
    async with database.write() as connection:
        await connection.execute(insert(usage_table), rows)


async def totals(database: Database, account_id: str, wanted: UsageFilter) -> list[Any]:
    async with database.read() as connection:
        return await usage.total_usage(connection, account_id, wanted)


def ranges() -> list[UsageFilter]:
    rng = random.Random(7)
    moments = [NOON - timedelta(seconds=rng.randrange(DAYS * 86_400)) for _ in range(12)]
    pairs = [sorted(rng.sample(moments, 2)) for _ in range(12)]
    hour = NOON - timedelta(days=3)
    return [
        UsageFilter(),
        UsageFilter(platform="calendly", action="send"),
        UsageFilter(hour, hour + timedelta(hours=1)),
        UsageFilter(hour + timedelta(minutes=10), hour + timedelta(minutes=20)),
        UsageFilter(NOON - timedelta(minutes=30)),
        *[UsageFilter(start, end) for start, end in pairs],
        *[UsageFilter(start) for start, _ in pairs],
        *[UsageFilter(None, end, "model") for _, end in pairs],
    ]


async def test_sums_say_what_the_rows_say(database: Database) -> None:
    account_id, other = await add_account(database), await add_account(database, "bea@shop.example")
    await use(database, account_id, 3000)
    await use(database, other, 500, seed=2)
    before = [await totals(database, account_id, wanted) for wanted in ranges()]
    clock = FixedClock(NOON - timedelta(days=5))
    await roll_up(database, clock, account_id)
    assert [await totals(database, account_id, wanted) for wanted in ranges()] == before
    clock.jump(NOON + timedelta(minutes=1))
    await roll_up(database, clock, account_id)
    await roll_up(database, clock, account_id)
    assert [await totals(database, account_id, wanted) for wanted in ranges()] == before
    async with database.read() as connection:
        hours = (await connection.execute(select(usage_hours.c.account_id).distinct())).scalars().all()
    assert hours == [account_id]


async def test_a_clock_that_had_been_ahead_loses_no_row(database: Database) -> None:
    account_id = await add_account(database)
    await use(database, account_id, 200)
    await roll_up(database, FixedClock(NOON + timedelta(days=400)), account_id)
    await use(database, account_id, 300, seed=3)
    found = await totals(database, account_id, UsageFilter())
    assert sum(total.count for total in found) == 500
    await roll_up(database, FixedClock(NOON), account_id)
    assert await totals(database, account_id, UsageFilter()) == found


async def add_answered(connection: AsyncConnection, account_id: str, waited: float | None, asked: datetime) -> str:
    """A lead who wrote; None waits still."""
    lead_id, message_id = new_id(), new_id()
    common = {"account_id": account_id, "created_at": asked}
    await connection.execute(insert(leads).values(id=lead_id, status="new", updated_at=asked, **common))
    told = {"lead_id": lead_id, "platform": "whatsapp", "text": "Hi", **common}
    await connection.execute(
        insert(messages).values(id=new_id(), direction="in", author="lead", status="received", **told)
    )
    status, state = ("queued", "pending") if waited is None else ("sent", "done")
    await connection.execute(
        insert(messages).values(id=message_id, direction="out", author="agent", status=status, **told)
    )
    await connection.execute(
        insert(outbox).values(
            message_id=message_id,
            account_id=account_id,
            lead_id=lead_id,
            integration_id="one",
            platform="whatsapp",
            recipient="447700900123",
            payload={},
            state=state,
            author="agent",
            claimed_at=None if waited is None else asked + timedelta(seconds=waited),
            created_at=asked,
        )
    )
    return lead_id


async def test_waits_are_counted_once_and_those_still_waiting_later(database: Database) -> None:
    account_id = await add_account(database)
    clock = FixedClock(NOON)
    async with database.write() as connection:
        for waited in (4.0, 1.0, None, 2.5, 60.0):
            await add_answered(connection, account_id, waited, NOON - timedelta(hours=1))
    for _ in range(2):
        await roll_up(database, clock, account_id)
        async with database.read() as connection:
            waits = await statistics.measure_waits(connection, account_id)
        assert waits == statistics.Waits(4, 2500, 60_000)
    async with database.write() as connection:
        await connection.execute(text("UPDATE messages SET status = 'sent' WHERE status = 'queued'"))
        late = NOON - timedelta(minutes=50)
        open_rows = outbox.c.state == "pending"
        await connection.execute(outbox.update().where(open_rows).values(state="done", claimed_at=late))
    await roll_up(database, clock, account_id)
    async with database.read() as connection:
        waits = await statistics.measure_waits(connection, account_id)
        early = await statistics.measure_waits(connection, account_id, end=NOON - timedelta(hours=2))
    assert waits == statistics.Waits(5, 4000, 600_000)
    assert early == statistics.Waits(0, None, None)


async def explain(connection: AsyncConnection, statement: Any) -> str:
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    sqlite = connection.dialect.name == "sqlite"
    asked = text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{compiled}".replace(":", r"\:"))
    return "\n".join(str(row[-1]) for row in await connection.execute(asked))


async def test_the_numbers_are_read_by_index(database: Database) -> None:
    """No scan of a table of all accounts, and no sort of one account's rows for a page of them."""
    account_id = await add_account(database)
    for number in range(4):
        await use(database, await add_account(database, f"{number}@shop.example"), 3000, seed=number)
    await use(database, account_id, 500)
    await roll_up(database, FixedClock(NOON + timedelta(minutes=1)), account_id)
    async with database.write() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ANALYZE"))
            await connection.execute(
                text("SET LOCAL enable_seqscan = off")
            )  # a table that fits a few pages is read whole
        mark = await rollups.read_mark(connection, account_id, rollups.USAGE)
        wanted = UsageFilter(NOON - timedelta(days=3), NOON)
        page = await explain(connection, usage.list_statement(account_id, wanted, 50))
        assert "ix_usage_account_id_created_at" in page
        assert "USE TEMP B-TREE FOR ORDER BY" not in page
        hours, *rows = [
            await explain(connection, statement) for statement in usage.total_statements(account_id, wanted, mark)
        ]
        assert "pk_usage_hours" in hours or "sqlite_autoindex_usage_hours_1" in hours
        indexes = ("ix_usage_account_id_created_at", "PRIMARY KEY", "pk_usage")
        assert all(any(index in plan for index in indexes) for plan in rows), rows
        mine = statistics.waits_in(account_id, None, None)
        waits = select(first_replies.c.waited_ms).where(*mine).order_by(first_replies.c.waited_ms).limit(1).offset(100)
        assert "ix_first_replies_account_id_waited_ms_asked_at" in await explain(connection, waits)
        counts = select(leads.c.status).where(leads.c.account_id == account_id).group_by(leads.c.status)
        assert "ix_leads_account_id_status" in await explain(connection, counts)
