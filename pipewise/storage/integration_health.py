"""Rows about the last look at each integration: when, what was found, and who was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.integrations import Integration, read_integration
from pipewise.storage.statements import change
from pipewise.storage.tables import integrations
from pipewise.storage.tables_trust import integration_health

AHEAD = timedelta(seconds=1)


@dataclass(frozen=True)
class Look:
    integration_id: str
    account_id: str
    looked_at: datetime
    circuit: str
    quota: Mapping[str, Any] | None
    action: str | None
    task_id: str | None
    failing: Mapping[str, Any] | None


async def list_due(connection: AsyncConnection, now: datetime, every: timedelta, limit: int) -> list[Integration]:
    """Live integrations of every account that nobody has looked at for that long; the clock may have gone back since."""
    looked = integration_health.c.looked_at
    statement = (
        select(integrations)
        .join(integration_health, integration_health.c.integration_id == integrations.c.id, isouter=True)
        .where(
            integrations.c.deleted_at.is_(None),
            integrations.c.credentials.is_not(None),
            or_(looked.is_(None), looked <= now - every, looked > now + AHEAD),
        )
        .order_by(integrations.c.id)  # as they are claimed: two processes wait for each other in a line
        .limit(limit)
    )
    return [read_integration(row) for row in (await connection.execute(statement)).mappings()]


async def claim(connection: AsyncConnection, integration: Integration, now: datetime, every: timedelta) -> bool:
    """True if the look is this process's. The first is due a whole while after the integration was seen: connecting asked."""
    first = {"integration_id": integration.id, "account_id": integration.account_id, "looked_at": now}
    if await insert_unless_there(connection, integration_health, {**first, "circuit": "closed"}):
        return False
    looked = integration_health.c.looked_at
    statement = (
        integration_health.update()
        .where(
            integration_health.c.integration_id == integration.id,
            integration_health.c.account_id == integration.account_id,
            or_(looked <= now - every, looked > now + AHEAD),
        )
        .values(looked_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def note_failing(
    connection: AsyncConnection, integration: Integration, now: datetime, failing: Mapping[str, Any] | None
) -> None:
    """What a process sees of its own calls; the row may not be there yet."""
    mine = {"integration_id": integration.id, "account_id": integration.account_id}
    await insert_unless_there(connection, integration_health, {**mine, "looked_at": now, "circuit": "closed"})
    await change(connection, integration_health, mine, {"failing": failing})


async def note(connection: AsyncConnection, integration: Integration, values: Mapping[str, Any]) -> None:
    mine = {"integration_id": integration.id, "account_id": integration.account_id}
    await change(connection, integration_health, mine, values)


async def read_looks(connection: AsyncConnection, account_id: str) -> dict[str, Look]:
    """By integration id."""
    statement = select(integration_health).where(integration_health.c.account_id == account_id)
    found = [Look(**row) for row in (await connection.execute(statement)).mappings()]
    return {look.integration_id: look for look in found}


async def read_look(connection: AsyncConnection, integration: Integration) -> Look | None:
    return (await read_looks(connection, integration.account_id)).get(integration.id)
