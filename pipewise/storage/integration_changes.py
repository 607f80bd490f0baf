"""Rows about changes of an integration's status, written in the transaction that changes it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import integrations
from pipewise.storage.tables_trust import integration_changes
from pipewise.storage.types import new_id

LONGEST_CODE, LONGEST_MESSAGE = 120, 1000


async def note_change(
    connection: AsyncConnection,
    account_id: str,
    integration_id: str,
    status: str,
    error: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    """Before the status is set. Nothing is written where it stands already, whatever the caller last read."""
    told = error or {}
    values = {
        **keys({"id": integration_id, "account_id": account_id}),
        "row_id": new_id(),
        "after": status,
        "code": str(told["code"])[:LONGEST_CODE] if "code" in told else None,
        "message": str(told["message"])[:LONGEST_MESSAGE] if "message" in told else None,
        "now": now,
    }
    await connection.execute(_noting(), values)


@cache
def _noting() -> Insert:
    to, here = integration_changes.c, integrations.c
    given = {
        to.id: bindparam("row_id", type_=to.id.type),
        to.account_id: here.account_id,
        to.integration_id: here.id,
        to.platform: here.platform,
        to.before: here.status,
        to.after: bindparam("after", type_=to.after.type),
        to.code: bindparam("code", type_=to.code.type),
        to.message: bindparam("message", type_=to.message.type),
        to.created_at: bindparam("now", type_=to.created_at.type),
    }
    found = select(*given.values()).where(
        *conditions(integrations, ("id", "account_id")),
        here.status != bindparam("after", type_=here.status.type),
        here.deleted_at.is_(None),
    )
    return insert(integration_changes).from_select(list(given), found)


async def forget_older(connection: AsyncConnection, before: datetime, limit: int = 1000) -> int:
    """Retention: at most `limit` rows at a time, of any account. Returns how many went."""
    table = integration_changes
    old = select(table.c.id).where(table.c.created_at < before).limit(limit)
    return (await connection.execute(delete(table).where(table.c.id.in_(old)))).rowcount
