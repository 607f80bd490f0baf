"""The bookings that every process together has lately tried of one calendar: what the vendor's quota is held against."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.booking_quota import bookings_left, recent, wait_for
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.tables_trust import booking_tries

DEFAULT_CALENDAR = "default"  # that of the installation's own token, which no integration holds


async def take_place(connection: AsyncConnection, account_id: str, integration_id: str | None, now: datetime) -> float:
    """0 and one try counted, or the seconds until one is allowed. Nobody else counts until this transaction ends."""
    calendar, moment = integration_id or DEFAULT_CALENDAR, now.timestamp()
    row = {"account_id": account_id, "calendar": calendar, "tries": []}
    await insert_unless_there(connection, booking_tries, row)
    tries = recent(await _tries(connection, account_id, calendar, lock=True), moment)
    wait = wait_for(tries, moment)
    if not wait:
        mine = (booking_tries.c.account_id == account_id, booking_tries.c.calendar == calendar)
        await connection.execute(update(booking_tries).where(*mine).values(tries=[*tries, moment]))
    return wait


async def quota_left(
    connection: AsyncConnection, account_id: str, integration_id: str | None, now: datetime
) -> dict[str, Any]:
    tries = await _tries(connection, account_id, integration_id or DEFAULT_CALENDAR, lock=False)
    return bookings_left(recent(tries, now.timestamp()), now.timestamp())


async def _tries(connection: AsyncConnection, account_id: str, calendar: str, *, lock: bool) -> list[float]:
    statement = select(booking_tries.c.tries).where(
        booking_tries.c.account_id == account_id, booking_tries.c.calendar == calendar
    )
    found: list[float] | None = (await connection.execute(statement.with_for_update() if lock else statement)).scalar()
    return found or []
