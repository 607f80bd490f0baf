"""Leads, their identities and the record of their changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import RowMapping, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import NotFound
from pipewise.events import Identity, Sender
from pipewise.leads import Lead, Status, may_move
from pipewise.storage import lead_merges
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.lead_parts import complete_leads, read_lead
from pipewise.storage.statements import change, conditions, insert_into, keys, select_by
from pipewise.storage.tables import identities, lead_changes, leads
from pipewise.storage.types import new_id, thread_id_of

LEARNED = ("name", "email", "phone", "company")
_BY_ID = select_by(leads, ("id", "account_id"))
_LOCKED = _BY_ID.with_for_update(key_share=True)
_LOCKING = select(leads.c.id).where(*conditions(leads, ("id", "account_id"))).with_for_update(key_share=True)


async def get_lead(connection: AsyncConnection, account_id: str, lead_id: str) -> Lead:
    return await _get(connection, account_id, lead_id, _BY_ID)


async def lock_lead(connection: AsyncConnection, account_id: str, lead_id: str, *, whole: bool = False) -> Lead:
    """The lead, which nobody else changes until this transaction ends. Not `whole`: its own row alone, without identities and
    meeting."""
    return await _get(connection, account_id, lead_id, _LOCKED, whole=whole)


async def lock_row(connection: AsyncConnection, account_id: str, lead_id: str) -> None:
    """The same lock without a look. On SQLite whoever writes has the whole file already."""
    if connection.dialect.name != "sqlite":
        await connection.execute(_LOCKING, keys({"id": lead_id, "account_id": account_id}))


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
    rows = await _look_up(connection, account_id, tuple(wanted))
    return str(rows[0]["lead_id"]) if rows else None


async def _look_up(connection: AsyncConnection, account_id: str, wanted: tuple[Identity, ...]) -> Sequence[RowMapping]:
    """Each of these identities that a lead owns, with what is known of that lead; the oldest lead's first."""
    if not wanted:
        return []
    given = {"account_id": account_id}
    for number, identity in enumerate(wanted):
        given |= {f"platform_{number}": identity.platform, f"id_{number}": identity.external_id}
    found: Sequence[RowMapping] = (await connection.execute(_looking_up(len(wanted)), given)).mappings().all()
    return found


@cache
def _looking_up(count: int) -> Select[Any]:
    wanted = [
        and_(
            identities.c.platform == bindparam(f"platform_{number}"),
            identities.c.external_id == bindparam(f"id_{number}"),
        )
        for number in range(count)
    ]
    columns = (identities.c.platform, identities.c.external_id, identities.c.lead_id)
    return (
        select(*columns, *(leads.c[name] for name in LEARNED))
        .join(leads, leads.c.id == identities.c.lead_id)
        .where(identities.c.account_id == bindparam("account_id"), or_(*wanted))
        .order_by(leads.c.created_at, leads.c.id)
    )


async def find_or_create(
    connection: AsyncConnection, account_id: str, sender: Sender, now: datetime
) -> tuple[str, bool]:
    """The lead behind a sender and whether it is new. Two first messages at once make one lead: whoever loses the race
    for an identity gives way to the winner's lead."""
    wanted = identity_keys(sender)
    rows = await _look_up(connection, account_id, wanted)
    if rows:
        found = str(rows[0]["lead_id"])
        if len({row["lead_id"] for row in rows}) > 1:
            await lead_merges.note_same_person(connection, account_id, rows, now)
        if not _is_all_known(rows, wanted, sender):
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
        "thread_id": thread_id_of(account_id, lead_id),
        "created_at": now,
        "updated_at": now,
    }
    await connection.execute(insert_into(leads), row)
    if await claim_identities(connection, account_id, lead_id, wanted, now) == len(wanted):
        return lead_id, True
    await connection.execute(leads.delete().where(leads.c.id == lead_id, leads.c.account_id == account_id))
    winner = await find_by_identity(connection, account_id, wanted)
    if winner is None:
        raise AssertionError("an identity conflicted and then vanished inside one transaction")
    await learn_of(connection, account_id, winner, sender, now)
    return winner, False


def _is_all_known(rows: Sequence[RowMapping], wanted: tuple[Identity, ...], sender: Sender) -> bool:
    """Most messages come from a lead of whom there is nothing to learn."""
    owned = {(row["platform"], row["external_id"]) for row in rows}
    if any((identity.platform, identity.external_id) not in owned for identity in wanted):
        return False
    return all(rows[0][name] is not None for name in LEARNED if getattr(sender, name))


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
        claimed += await insert_unless_there(connection, identities, row)
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
    await change(connection, leads, {"id": lead_id, "account_id": account_id}, {**values, "updated_at": now})


async def note_outbound(connection: AsyncConnection, account_id: str, lead_id: str, now: datetime) -> None:
    await change(connection, leads, {"id": lead_id, "account_id": account_id}, {"last_outbound_at": now})


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
    await connection.execute(insert_into(lead_changes), row)


async def _get(
    connection: AsyncConnection, account_id: str, lead_id: str, statement: Select[Any], *, whole: bool = True
) -> Lead:
    wanted = keys({"id": lead_id, "account_id": account_id})
    row = (await connection.execute(statement, wanted)).mappings().first()
    if row is None:
        raise NotFound("There is no such lead.")
    if not whole:
        return read_lead(row)
    return (await complete_leads(connection, account_id, [row]))[0]
