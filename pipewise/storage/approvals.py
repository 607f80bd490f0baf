"""Drafts that wait for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.leads import Lead
from pipewise.storage.paging import Position, after
from pipewise.storage.tables import approvals, leads, messages
from pipewise.storage.types import derived_id


@dataclass(frozen=True)
class Approval:
    """`payload` is {"message": OutboundMessage as JSON, "integration_id"}; `status`: pending | accepted | edited |
    responded | ignored | stale."""

    id: str
    account_id: str
    lead_id: str
    run_id: str | None
    text: str
    payload: Mapping[str, Any]
    status: str
    ownership_version: int
    decided_by: str | None
    decided_at: datetime | None
    created_at: datetime


async def list_approvals(
    connection: AsyncConnection,
    account_id: str,
    *,
    limit: int,
    status: str | None = None,
    lead_id: str | None = None,
    position: Position | None = None,
) -> list[Approval]:
    """Longest waiting first."""
    statement = select(approvals).where(approvals.c.account_id == account_id)
    if status:
        statement = statement.where(approvals.c.status == status)
    if lead_id:
        statement = statement.where(approvals.c.lead_id == lead_id)
    if position:
        statement = statement.where(after(approvals.c.created_at, approvals.c.id, position))
    statement = statement.order_by(approvals.c.created_at, approvals.c.id).limit(limit)
    return [_read(row) for row in (await connection.execute(statement)).mappings()]


async def get_approval(connection: AsyncConnection, account_id: str, approval_id: str) -> Approval:
    statement = select(approvals).where(approvals.c.account_id == account_id, approvals.c.id == approval_id)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise NotFound("There is no such draft.")
    return _read(row)


async def put_draft(
    connection: AsyncConnection, lead: Lead, *, run_id: str, text: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """The draft of a run, under the id that its message will have."""
    row = {
        "id": derived_id(run_id, 0),
        "account_id": lead.account_id,
        "lead_id": lead.id,
        "run_id": run_id,
        "text": text,
        "payload": dict(payload),
        "status": "pending",
        "ownership_version": lead.ownership_version,
        "created_at": now,
    }
    await connection.execute(insert(approvals).values(row))


async def supersede(connection: AsyncConnection, lead: Lead, now: datetime) -> None:
    """A newer draft answers all that the former ones did."""
    mine = (approvals.c.account_id == lead.account_id, approvals.c.lead_id == lead.id, approvals.c.status == "pending")
    await connection.execute(update(approvals).where(*mine).values(status="stale", decided_at=now))


async def settle(
    connection: AsyncConnection, approval: Approval, status: str, *, by: str, now: datetime, text: str | None = None
) -> bool:
    """Decide a pending draft. False if somebody else did before."""
    values: dict[str, Any] = {"status": status, "decided_by": by, "decided_at": now}
    if text is not None:
        values["text"] = text
    statement = (
        update(approvals)
        .where(
            approvals.c.account_id == approval.account_id,
            approvals.c.id == approval.id,
            approvals.c.status == "pending",
        )
        .values(values)
    )
    return bool((await connection.execute(statement)).rowcount)


async def is_overtaken(connection: AsyncConnection, approval: Approval) -> bool:
    """Whether the conversation went on since the draft was made: the lead wrote, something was sent, or its ownership changed."""
    newer = (
        select(func.count())
        .select_from(messages)
        .where(
            messages.c.account_id == approval.account_id,
            messages.c.lead_id == approval.lead_id,
            messages.c.created_at > approval.created_at,
            or_(messages.c.direction == "in", messages.c.author == "human"),
        )
    )
    version = select(leads.c.ownership_version).where(
        leads.c.account_id == approval.account_id, leads.c.id == approval.lead_id
    )
    if (await connection.execute(newer)).scalar():
        return True
    return bool((await connection.execute(version)).scalar() != approval.ownership_version)


async def has_newer(connection: AsyncConnection, approval: Approval) -> bool:
    """Whether a later draft for the same lead waits already."""
    statement = (
        select(approvals.c.id)
        .where(
            approvals.c.account_id == approval.account_id,
            approvals.c.lead_id == approval.lead_id,
            approvals.c.status == "pending",
            approvals.c.created_at > approval.created_at,
        )
        .limit(1)
    )
    return (await connection.execute(statement)).first() is not None


def _read(row: RowMapping) -> Approval:
    return Approval(**row)
