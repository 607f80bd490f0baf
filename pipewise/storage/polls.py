"""Rows about integrations whose vendor is asked for events."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.integrations import Integration, read_integration
from pipewise.storage.statements import change, fetch
from pipewise.storage.tables import integrations
from pipewise.storage.tables_polls import integration_polls

LONGEST_WAIT = timedelta(hours=2)
LEASE = timedelta(seconds=90)  # after which another process takes over from one that died
SKEW = timedelta(minutes=1)  # between the vendor's clock and ours


@dataclass(frozen=True)
class Poll:
    integration_id: str
    account_id: str
    mode: str
    next_at: datetime
    claimed_until: datetime | None
    since: datetime
    cursor: Mapping[str, Any] | None
    ask_webhook_at: datetime | None
    problem: str | None


async def list_due(
    connection: AsyncConnection, platforms: Collection[str], now: datetime, limit: int
) -> list[Integration]:
    """Live integrations of every account that nobody has attended to in time; the clock may have gone back since."""
    next_at = integration_polls.c.next_at
    statement = (
        select(integrations)
        .join(integration_polls, integration_polls.c.integration_id == integrations.c.id, isouter=True)
        .where(
            integrations.c.platform.in_(platforms),
            integrations.c.deleted_at.is_(None),
            integrations.c.credentials.is_not(None),
            or_(next_at.is_(None), next_at <= now, next_at > now + LONGEST_WAIT),
        )
        .order_by(integrations.c.id)
        .limit(limit)
    )
    return [read_integration(row) for row in (await connection.execute(statement)).mappings()]


async def claim(connection: AsyncConnection, integration: Integration, now: datetime) -> Poll | None:
    """The row, if attending to it is this process's now."""
    mine = {"integration_id": integration.id, "account_id": integration.account_id}
    first = {**mine, "mode": "polling", "next_at": now, "claimed_until": now + LEASE}
    if not await insert_unless_there(connection, integration_polls, {**first, "since": integration.created_at - SKEW}):
        next_at, claimed = integration_polls.c.next_at, integration_polls.c.claimed_until
        statement = (
            update(integration_polls)
            .where(
                integration_polls.c.integration_id == integration.id,
                integration_polls.c.account_id == integration.account_id,
                or_(next_at <= now, next_at > now + LONGEST_WAIT),
                or_(claimed.is_(None), claimed <= now, claimed > now + LEASE),
            )
            .values(claimed_until=now + LEASE)
        )
        if (await connection.execute(statement)).rowcount != 1:
            return None
    return Poll(**await fetch(connection, integration_polls, mine))


async def note(connection: AsyncConnection, poll: Poll, values: Mapping[str, Any]) -> None:
    mine = {"integration_id": poll.integration_id, "account_id": poll.account_id}
    await change(connection, integration_polls, mine, {**values, "claimed_until": None})


async def hasten(connection: AsyncConnection, integration: Integration, now: datetime) -> None:
    """Something about it was changed: attend to it at once, and ask for a webhook again."""
    mine = {"integration_id": integration.id, "account_id": integration.account_id}
    await change(connection, integration_polls, mine, {"next_at": now, "ask_webhook_at": None})
