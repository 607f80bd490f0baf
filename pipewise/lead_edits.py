"""What a person may change of a lead by hand, with the record of who changed what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict
from pipewise.events import Identity
from pipewise.leads import Lead, Status, require_move
from pipewise.storage import leads as rows
from pipewise.storage.tables import identities

EDITABLE = frozenset({"name", "email", "phone", "company", "owner", "tags", "timezone", "language"})
_KEYS = ("email", "phone")


async def edit_lead(
    connection: AsyncConnection,
    lead: Lead,
    change: Mapping[str, Any],
    status: Status | None,
    *,
    by: str,
    now: datetime,
) -> Lead:
    """Only what differs is written. Raises Conflict for a status the machine does not allow, or an address of another lead."""
    differing = {name: value for name, value in change.items() if name in EDITABLE and value != _current(lead, name)}
    for name in _KEYS:
        if name in differing:
            await _move_address(connection, lead, name, differing[name], now)
    for name, value in differing.items():
        kind = "owner" if name == "owner" else "fact"
        before, after = _shown(_current(lead, name)), _shown(value)
        await rows.record_change(connection, lead, kind, before, after, actor=by, reason=f"{name} entered", now=now)
    if differing:
        values = {**differing, "timezone_certain": True} if differing.get("timezone") else differing
        await rows.update_lead(connection, lead.account_id, lead.id, values, now)
    if status is not None and status is not lead.status:
        await _move_status(connection, lead, status, by, now)
    return await rows.get_lead(connection, lead.account_id, lead.id)


async def _move_status(connection: AsyncConnection, lead: Lead, status: Status, by: str, now: datetime) -> None:
    require_move(lead.status, status)
    await rows.move_status(connection, lead, status, actor=by, reason="set by a person", now=now)
    if status is Status.OPTED_OUT:
        # A turn that began before must not send its answer any more.
        version = {"ownership_version": lead.ownership_version + 1}
        await rows.update_lead(connection, lead.account_id, lead.id, version, now)


async def _move_address(connection: AsyncConnection, lead: Lead, name: str, address: str | None, now: datetime) -> None:
    """The exact key by which the next message is known to be this lead's follows the corrected address."""
    if address:
        key = Identity(name, address)
        owner = await rows.find_by_identity(connection, lead.account_id, [key])
        if owner is None:
            await rows.claim_identities(connection, lead.account_id, lead.id, [key], now)
        elif owner != lead.id:
            raise Conflict(f"Another lead has this {name}.", code="identity_taken")
    former = _current(lead, name)
    if former:
        await connection.execute(
            delete(identities).where(
                identities.c.account_id == lead.account_id,
                identities.c.lead_id == lead.id,
                identities.c.platform == name,
                identities.c.external_id == former,
            )
        )


def _current(lead: Lead, name: str) -> Any:
    value = getattr(lead, name)
    return list(value) if name == "tags" else value


def _shown(value: Any) -> str | None:
    return ", ".join(value) if isinstance(value, list) else value
