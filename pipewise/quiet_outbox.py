"""Waiting until no message of the agent to a lead is on its way, so that a takeover means silence."""

import asyncio

from sqlalchemy import select

from pipewise.clock import Clock
from pipewise.storage.database import Database
from pipewise.storage.tables import outbox

LOOK_SECONDS = 0.05


async def wait_until_quiet(database: Database, clock: Clock, account_id: str, lead_id: str, longest: float) -> bool:
    """False if a send was still under way after `longest` seconds."""
    deadline = clock.monotonic() + longest
    statement = select(outbox.c.seq).where(
        outbox.c.account_id == account_id,
        outbox.c.lead_id == lead_id,
        outbox.c.state == "sending",
        outbox.c.author != "human",
    )
    while True:
        async with database.read() as connection:
            if (await connection.execute(statement.limit(1))).first() is None:
                return True
        if clock.monotonic() >= deadline:
            return False
        await asyncio.sleep(LOOK_SECONDS)
