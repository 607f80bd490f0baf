"""Leads, their identities and the record of their changes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.events import Identity, Sender
from pipewise.leads import Lead, Status, may_move
from pipewise.storage.conflict import insert_or_ignore
from pipewise.storage.lead_parts import complete_leads, read_lead
from pipewise.storage.tables import identities, lead_changes, leads
from pipewise.storage.types import new_id


async def get_lead(connection: AsyncConnection, account_id: str, lead_id: str) -> Lead:
    return await _get(connection, account_id, select(leads).where(leads.c.id == lead_id))


async def lock_lead(connection: AsyncConnection, account_id: str, lead_id: str, *, whole: bool = False) -> Lead:
    """The lead, which nobody else changes until this transaction ends. Not `whole`: its own row alone, without identities and
    meeting."""
    statement = select(leads).where(leads.c.id == lead_id).with_for_update(key_share=True)
    return await _get(connection, account_id, statement, whole=whole)


async def list_leads(
    connection: AsyncConnection,
    account_id: str,
    *,
    limit: int,
    status: str | None = None,
    platform: str | None = None,
    query: str | None = None,
    before: tuple[datetime, str] | None = None,
) -> list[Lead]:
    """Newest first; `before` is the (created_at, id) of the last lead of the page before."""
    statement = select(leads).where(leads.c.account_id == account_id)
    if status:
        statement = statement.where(leads.c.status == status)
    if platform:
        statement = statement.where(
            leads.c.id.in_(
                select(identities.c.lead_id).where(
                    identities.c.account_id == account_id, identities.c.platform == platform
                )
            )
        )
    if query:
        wanted = query.lower()
        statement = statement.where(
            or_(
                *(
                    func.lower(column).contains(wanted, autoescape=True)
                    for column in (leads.c.name, leads.c.email, leads.c.phone, leads.c.company)
                )
            )
        )
    if before:
        at, lead_id = before
        statement = statement.where(or_(leads.c.created_at < at, and_(leads.c.created_at == at, leads.c.id < lead_id)))
    statement = statement.order_by(leads.c.created_at.desc(), leads.c.id.desc()).limit(limit)
    return await complete_leads(connection, account_id, (await connection.execute(statement)).mappings().all())


async def find_by_identity(connection: AsyncConnection, account_id: str, wanted: Iterable[Identity]) -> str | None:
    """The id of the oldest lead that owns any of these identities."""
    keys = [and_(identities.c.platform == i.platform, identities.c.external_id == i.external_id) for i in wanted]
    if not keys:
        return None
    statement = (
        select(identities.c.lead_id)
        .join(leads, leads.c.id == identities.c.lead_id)
        .where(identities.c.account_id == account_id, or_(*keys))
        .order_by(leads.c.created_at, leads.c.id)
        .limit(1)
    )
    return (await connection.execute(statement)).scalar()


async def find_or_create(
    connection: AsyncConnection, account_id: str, sender: Sender, now: datetime
) -> tuple[str, bool]:
    """The lead behind a sender and whether it is new. Two first messages at once make one lead: whoever loses the race
    for an identity gives way to the winner's lead."""
    keys = identity_keys(sender)
    found = await find_by_identity(connection, account_id, keys)
    if found:
        await learn_of(connection, account_id, found, sender, now)
        return found, False
    lead_id = new_id()
    row = {
        "id": lead_id,
        "account_id": account_id,
        "status": Status.NEW,
        "name": sender.name,
        "email": sender.email,
        "phone": sender.phone,
        "company": sender.company,
        "created_at": now,
        "updated_at": now,
    }
    await connection.execute(insert(leads).values(row))
    if await claim_identities(connection, account_id, lead_id, keys, now) == len(keys):
        return lead_id, True
    await connection.execute(leads.delete().where(leads.c.id == lead_id, leads.c.account_id == account_id))
    winner = await find_by_identity(connection, account_id, keys)
    if winner is None:
        raise AssertionError("an identity conflicted and then vanished inside one transaction")
    await learn_of(connection, account_id, winner, sender, now)
    return winner, False


def identity_keys(sender: Sender) -> tuple[Identity, ...]:
    """Platform ids first, then the exact keys that hold across platforms."""
    keys = list(sender.identities)
    if sender.phone:
        keys.append(Identity("phone", sender.phone))
    if sender.email:
        keys.append(Identity("email", sender.email.lower()))
    return tuple(dict.fromkeys(keys))


async def claim_identities(
    connection: AsyncConnection, account_id: str, lead_id: str, keys: Iterable[Identity], now: datetime
) -> int:
    """Give the lead those identities that no lead has yet; returns how many were new."""
    claimed = 0
    # Always in the same order: two that claim the same ones wait for each other in a line, not in a circle.
    for key in sorted(keys, key=lambda identity: (identity.platform, identity.external_id)):
        row = {
            "account_id": account_id,
            "platform": key.platform,
            "external_id": key.external_id,
            "lead_id": lead_id,
            "created_at": now,
        }
        result = await connection.execute(insert_or_ignore(connection, identities).values(row))
        claimed += result.rowcount
    return claimed


async def learn_of(connection: AsyncConnection, account_id: str, lead_id: str, sender: Sender, now: datetime) -> None:
    """Fill what is still unknown of a known lead; never overwrite what it or a person said."""
    await claim_identities(connection, account_id, lead_id, identity_keys(sender), now)
    known = {"name": sender.name, "email": sender.email, "phone": sender.phone, "company": sender.company}
    given = {column: value for column, value in known.items() if value}
    if not given:
        return
    values: dict[str, Any] = {column: func.coalesce(leads.c[column], value) for column, value in given.items()}
    unknown = or_(*(leads.c[column].is_(None) for column in given))
    await connection.execute(
        update(leads).where(leads.c.id == lead_id, leads.c.account_id == account_id, unknown).values(values)
    )


async def update_lead(
    connection: AsyncConnection, account_id: str, lead_id: str, values: Mapping[str, Any], now: datetime
) -> None:
    await connection.execute(
        update(leads)
        .where(leads.c.id == lead_id, leads.c.account_id == account_id)
        .values({**values, "updated_at": now})
    )


async def note_outbound(connection: AsyncConnection, account_id: str, lead_id: str, now: datetime) -> None:
    await connection.execute(
        update(leads).where(leads.c.id == lead_id, leads.c.account_id == account_id).values(last_outbound_at=now)
    )


async def move_status(
    connection: AsyncConnection,
    lead: Lead,
    target: Status,
    *,
    actor: str,
    reason: str,
    now: datetime,
    vendor_proof: bool = False,
    event_id: str | None = None,
    run_id: str | None = None,
) -> bool:
    """Move the lead if the machine allows it and record the change; False if it stays where it is."""
    if not may_move(lead.status, target, vendor_proof=vendor_proof):
        return False
    values: dict[str, Any] = {"status": target}
    if target is Status.OPTED_OUT:
        values |= {"status_before_opt_out": lead.status, "opted_out": True}
    await update_lead(connection, lead.account_id, lead.id, values, now)
    await record_change(
        connection,
        lead,
        "status",
        lead.status,
        target,
        actor=actor,
        reason=reason,
        now=now,
        event_id=event_id,
        run_id=run_id,
    )
    return True


async def record_change(
    connection: AsyncConnection,
    lead: Lead,
    kind: str,
    before: str | None,
    after: str | None,
    *,
    actor: str,
    reason: str,
    now: datetime,
    event_id: str | None = None,
    run_id: str | None = None,
) -> None:
    row = {
        "id": new_id(),
        "account_id": lead.account_id,
        "lead_id": lead.id,
        "kind": kind,
        "before": before,
        "after": after,
        "actor": actor,
        "reason": reason,
        "event_id": event_id,
        "run_id": run_id,
        "created_at": now,
    }
    await connection.execute(insert(lead_changes).values(row))


async def _get(connection: AsyncConnection, account_id: str, statement: Select[Any], *, whole: bool = True) -> Lead:
    row = (await connection.execute(statement.where(leads.c.account_id == account_id))).mappings().first()
    if row is None:
        raise NotFound("There is no such lead.")
    if not whole:
        return read_lead(row)
    return (await complete_leads(connection, account_id, [row]))[0]
