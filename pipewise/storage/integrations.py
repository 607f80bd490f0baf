"""Integration rows and their counters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.storage import notices
from pipewise.storage.conflict import insert_for
from pipewise.storage.integration_changes import note_change
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import integration_stats, integrations

STATS_PARTS = 64
A_SECOND = timedelta(seconds=1)
AS_IT_STANDS = integrations.c.credentials
"""As a value of `previous_credentials`: the secret moves within the row."""


class IntegrationStatus(StrEnum):
    CONNECTED = "connected"
    DEGRADED = "degraded"
    ERROR = "error"
    DISCONNECTED = "disconnected"
    RECONNECT_REQUIRED = "reconnect_required"


@dataclass(frozen=True)
class Integration:
    """A row of `integrations` with its secrets still sealed."""

    id: str
    account_id: str
    platform: str
    name: str
    status: IntegrationStatus
    settings: Mapping[str, Any]
    hints: Mapping[str, str]
    account_ref: str | None
    vendor_state: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    credentials: bytes | None = None
    previous_credentials: bytes | None = None
    previous_until: datetime | None = None
    last_event_at: datetime | None = None
    last_success_at: datetime | None = None
    last_error: Mapping[str, Any] | None = None
    deleted_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Integration(id={self.id!r}, platform={self.platform!r}, status={self.status.value!r})"


async def insert_integration(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    await connection.execute(insert(integrations).values(row))
    await notices.announce_config(connection)


async def update_integration(
    connection: AsyncConnection, account_id: str, integration_id: str, values: Mapping[str, Any], now: datetime
) -> None:
    await connection.execute(
        update(integrations)
        .where(integrations.c.id == integration_id, integrations.c.account_id == account_id)
        .values({**values, "updated_at": now})
    )
    await notices.announce_config(connection)


async def get_integration(
    connection: AsyncConnection, account_id: str, integration_id: str, *, to_change: bool = False
) -> Integration:
    """A live integration of this account. `to_change`: nobody else changes it before the transaction ends."""
    statement = select(integrations).where(
        integrations.c.id == integration_id,
        integrations.c.account_id == account_id,
        integrations.c.deleted_at.is_(None),
    )
    if to_change:
        statement = statement.with_for_update(key_share=True)  # deliveries that name it go on
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NotFound("There is no such integration.")
    return read_integration(row)


async def find_for_webhook(connection: AsyncConnection, platform: str, integration_id: str) -> Integration | None:
    """By the id in a webhook URL, whichever account it belongs to."""
    statement = select(integrations).where(
        integrations.c.id == integration_id, integrations.c.platform == platform, integrations.c.deleted_at.is_(None)
    )
    row = (await connection.execute(statement)).mappings().first()
    return read_integration(row) if row else None


async def list_for_account_ref(connection: AsyncConnection, platform: str, account_ref: str) -> list[Integration]:
    """By the vendor's account id, for callbacks shared by many accounts."""
    statement = (
        select(integrations)
        .where(
            integrations.c.platform == platform,
            integrations.c.account_ref == account_ref,
            integrations.c.deleted_at.is_(None),
        )
        .order_by(integrations.c.created_at)
    )
    return [read_integration(row) for row in (await connection.execute(statement)).mappings()]


async def list_for_platform(connection: AsyncConnection, platform: str) -> list[Integration]:
    """Every live integration of a platform, for handshakes on a shared callback."""
    statement = select(integrations).where(integrations.c.platform == platform, integrations.c.deleted_at.is_(None))
    return [read_integration(row) for row in (await connection.execute(statement)).mappings()]


async def list_integrations(
    connection: AsyncConnection, account_id: str, platform: str | None = None
) -> list[Integration]:
    """Live ones, oldest first."""
    statement = select(integrations).where(integrations.c.account_id == account_id, integrations.c.deleted_at.is_(None))
    if platform:
        statement = statement.where(integrations.c.platform == platform)
    statement = statement.order_by(integrations.c.created_at, integrations.c.id)
    return [read_integration(row) for row in (await connection.execute(statement)).mappings()]


async def list_accounts(connection: AsyncConnection) -> list[str]:
    """Accounts that have any live integration."""
    statement = select(integrations.c.account_id).where(integrations.c.deleted_at.is_(None)).distinct()
    return sorted((await connection.execute(statement)).scalars())


async def count_by_status(connection: AsyncConnection) -> dict[tuple[str, str], int]:
    """Live integrations of every account, by platform and status."""
    columns = (integrations.c.platform, integrations.c.status)
    statement = select(*columns, func.count()).where(integrations.c.deleted_at.is_(None)).group_by(*columns)
    return {(row[0], row[1]): row[2] for row in await connection.execute(statement)}


async def update_status(
    connection: AsyncConnection,
    integration: Integration,
    status: IntegrationStatus,
    last_error: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Leaves `updated_at` alone: the configuration did not change, so live clients stay."""
    await note_change(connection, integration.account_id, integration.id, status, last_error, now)
    await connection.execute(
        update(integrations)
        .where(integrations.c.id == integration.id, integrations.c.account_id == integration.account_id)
        .values(status=status, last_error=last_error)
    )
    if (last_error or {}).get("stops_account"):
        await notices.announce_config(connection)


async def note_stopped(
    connection: AsyncConnection, account_id: str, integration_id: str, error: Mapping[str, Any], now: datetime
) -> None:
    """The vendor reported that the account may not go on sending: a person has to look."""
    told = {"code": str(error.get("code")), "message": str(error.get("message")), "at": now.isoformat()}
    await note_change(connection, account_id, integration_id, IntegrationStatus.ERROR, told, now)
    await connection.execute(
        update(integrations)
        .where(integrations.c.id == integration_id, integrations.c.account_id == account_id)
        .values(status=IntegrationStatus.ERROR, last_error={**told, "stops_account": True})
    )
    await notices.announce_config(connection)


async def note_event(connection: AsyncConnection, integration: Integration, now: datetime) -> None:
    """Something came from the vendor, to the second. Whoever finds the row in another transaction's hand leaves it to that
    one: the same integration receives many deliveries at a time."""
    row = {**keys({"id": integration.id, "account_id": integration.account_id}), "now": now, "before": now - A_SECOND}
    await connection.execute(_noting_event(), row)


@cache
def _noting_event() -> Any:
    last, now = integrations.c.last_event_at, bindparam("now", type_=integrations.c.last_event_at.type)
    # A time ahead of now was noted before the clock was put back.
    old = or_(last.is_(None), last <= bindparam("before", type_=last.type), last > now)
    mine = select(integrations.c.id).where(*conditions(integrations, ("id", "account_id")), old)
    return (
        update(integrations)
        .where(integrations.c.id.in_(mine.with_for_update(skip_locked=True, key_share=True)))
        .values(last_event_at=now)
    )


async def note_success(connection: AsyncConnection, integration: Integration, now: datetime) -> None:
    """The vendor answered well: whatever stood before, the integration works."""
    await note_change(connection, integration.account_id, integration.id, IntegrationStatus.CONNECTED, None, now)
    await connection.execute(
        update(integrations)
        .where(
            integrations.c.id == integration.id,
            integrations.c.account_id == integration.account_id,
            integrations.c.deleted_at.is_(None),
        )
        .values(last_success_at=now, status=IntegrationStatus.CONNECTED, last_error=None)
    )


async def count(connection: AsyncConnection, account_id: str, integration_id: str, name: str, by: int = 1) -> None:
    """Raise a statistics counter."""
    row = {"integration_id": integration_id, "account_id": account_id, "name": name, "value": by}
    await connection.execute(_counting(connection.dialect.name), row)


@cache
def _counting(dialect: str) -> Any:
    statement = insert_for(dialect, integration_stats)
    if dialect == "postgresql":
        statement = statement.values(part=func.mod(func.pg_backend_pid(), STATS_PARTS))
    return statement.on_conflict_do_update(
        index_elements=["integration_id", "name", "part"],
        set_={"value": integration_stats.c.value + statement.excluded.value},
    )


async def read_stats(connection: AsyncConnection, account_id: str) -> dict[str, dict[str, int]]:
    """Counters by integration id."""
    statement = select(integration_stats).where(integration_stats.c.account_id == account_id)
    found: dict[str, dict[str, int]] = {}
    for row in (await connection.execute(statement)).mappings():
        counters = found.setdefault(row["integration_id"], {})
        counters[row["name"]] = counters.get(row["name"], 0) + row["value"]
    return found


def read_integration(row: RowMapping) -> Integration:
    return Integration(**{**row, "status": IntegrationStatus(row["status"])})
