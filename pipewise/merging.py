"""Two leads that are one person become one, and two again if that was wrong: everything moves, and where it came from is kept.

Both lanes are taken first, in the transaction of the merge: no turn of either runs, and nothing is being sent. Both rows are
locked against new children, so that what arrives meanwhile waits and is then the surviving lead's.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.clock import Clock
from pipewise.errors import Conflict, NotFound, PipewiseError
from pipewise.leads import Lead, Status
from pipewise.storage import lanes, lead_rows, rollups
from pipewise.storage import lead_merges as merges
from pipewise.storage import leads as rows
from pipewise.storage.lead_merges import Merge
from pipewise.storage.tables import lanes as lane_table
from pipewise.storage.tables import lead_changes, leads
from pipewise.storage.types import UtcDateTime, new_id

WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.05
FILLED = ("name", "email", "phone", "company", "owner", "score", "qualified", "language")
# The further on, the more stands behind it.
_RANK = (
    Status.NEW,
    Status.LOST,
    Status.CONTACTED,
    Status.NURTURING,
    Status.QUALIFYING,
    Status.UNQUALIFIED,
    Status.QUALIFIED,
    Status.MEETING_CANCELED,
    Status.NO_SHOW,
    Status.MEETING_OFFERED,
    Status.HANDED_OFF,
    Status.MEETING_SCHEDULED,
    Status.MEETING_HELD,
    Status.OPTED_OUT,
)


class LaneBusy(PipewiseError):
    """A turn of one of the leads is running; raised to undo the transaction, and tried again."""


@dataclass(frozen=True)
class Pair:
    """`lead_id` goes on; `other_id` will be in it."""

    account_id: str
    lead_id: str
    other_id: str

    def in_order(self) -> list[str]:
        return sorted((self.lead_id, self.other_id))


async def when_free(work: Any, clock: Clock, longest: float = WAIT_SECONDS) -> Any:
    """Do `work`, a transaction that may find a lane taken, as soon as it is free. Raises Conflict if it never is."""
    deadline = clock.monotonic() + longest
    while True:
        try:
            return await work()
        except LaneBusy:
            if clock.monotonic() >= deadline:
                raise Conflict(
                    "A conversation of these leads is at work; try again in a moment.", code="lead_busy", retry_after=5
                ) from None
        await asyncio.sleep(LOOK_SECONDS)


async def merge_leads(
    connection: AsyncConnection, pair: Pair, *, actor: str, reason: str, now: datetime, merge_id: str | None = None
) -> Merge:
    """Raises NotFound, Conflict for a lead with itself, or LaneBusy."""
    lead, other = await _hold_both(connection, pair)
    other_row = await _read_row(connection, other)
    moved = await lead_rows.move_all(connection, pair.account_id, other.id, lead.id)
    change = _combine(lead, other)
    change_ids = await _write_changes(connection, lead, other, change, {"actor": actor, "reason": reason, "now": now})
    before = {name: _plain(getattr(lead, name)) for name in change}
    await rows.update_lead(connection, pair.account_id, lead.id, change, now)
    await connection.execute(delete(leads).where(leads.c.account_id == pair.account_id, leads.c.id == other.id))
    record: dict[str, Any] = {
        "other": lead_rows.as_json(other_row),
        "moved": moved,
        "before": before,
        "after": {name: _plain(value) for name, value in change.items()},
        "changes": change_ids,
    }
    merge = Merge(merge_id or new_id(), pair.account_id, lead.id, other.id, "done", reason, actor, record, now)
    await merges.put_merge(connection, merge)
    await _let_go(connection, pair.account_id, lead.id, now)
    return merge


async def unmerge_leads(connection: AsyncConnection, merge: Merge, *, now: datetime) -> None:
    """Raises Conflict if it is undone already, or LaneBusy. What came since stays with the lead that goes on."""
    if merge.status != "done" or merge.record is None:
        raise Conflict("This merge is undone already.", code="already_unmerged")
    pair = Pair(merge.account_id, merge.lead_id, merge.other_id)
    await _lock(connection, pair.account_id, pair.lead_id)
    await _take_lanes(connection, pair.account_id, [pair.lead_id])
    record = merge.record
    await connection.execute(insert(leads).values(_lead_row(pair, record["other"])))
    await lead_rows.move_back(connection, pair.account_id, record["moved"], pair.lead_id, pair.other_id)
    await _restore(connection, pair, record)
    await connection.execute(
        delete(lead_changes).where(
            lead_changes.c.account_id == pair.account_id, lead_changes.c.id.in_(record["changes"])
        )
    )
    await merges.put_merge(connection, replace(merge, status="undone", record=None))
    await rollups.note_first_replies(connection, pair.account_id, [pair.other_id])
    for lead_id in pair.in_order():
        await lanes.mark_due(connection, pair.account_id, lead_id, now)
    await _let_go(connection, pair.account_id, pair.lead_id, now)


async def _hold_both(connection: AsyncConnection, pair: Pair) -> tuple[Lead, Lead]:
    """Rows before lanes, as accepting a message does, and always in the same order."""
    for lead_id in pair.in_order():
        await _lock(connection, pair.account_id, lead_id)
    if pair.lead_id == pair.other_id:
        raise Conflict("A lead is not merged with itself.", code="same_lead")
    await _take_lanes(connection, pair.account_id, pair.in_order())
    lead = await rows.get_lead(connection, pair.account_id, pair.lead_id)
    return lead, await rows.get_lead(connection, pair.account_id, pair.other_id)


async def _lock(connection: AsyncConnection, account_id: str, lead_id: str) -> None:
    """Also against new rows that point at the lead, which `lock_lead` lets in."""
    mine = select(leads.c.id).where(leads.c.account_id == account_id, leads.c.id == lead_id).with_for_update()
    if (await connection.execute(mine)).first() is None:
        raise NotFound("There is no such lead.")


async def _take_lanes(connection: AsyncConnection, account_id: str, lead_ids: list[str]) -> None:
    holder = new_id()
    for lead_id in lead_ids:
        await lanes.ensure(connection, account_id, lead_id)
        if await lanes.take(connection, lead_id, holder) is None:
            raise LaneBusy("The lane is taken.")


async def _let_go(connection: AsyncConnection, account_id: str, lead_id: str, now: datetime) -> None:
    """There may be work again, of either; and the fence has moved on."""
    free = {"holder": None, "leased_until": None}
    mine = (lane_table.c.account_id == account_id, lane_table.c.lead_id == lead_id)
    await connection.execute(update(lane_table).where(*mine).values(free))
    await lanes.mark_due(connection, account_id, lead_id, now)


def _combine(lead: Lead, other: Lead) -> dict[str, Any]:
    """Columns of the lead that change: what it did not know, what is further on, and whatever asks for more care."""
    change: dict[str, Any] = {
        name: getattr(other, name)
        for name in FILLED
        if getattr(lead, name) is None and getattr(other, name) is not None
    }
    if other.timezone and (lead.timezone is None or (other.timezone_certain and not lead.timezone_certain)):
        change |= {"timezone": other.timezone, "timezone_certain": other.timezone_certain}
    combined = {
        "tags": list(dict.fromkeys([*lead.tags, *other.tags])),
        "facts": {**other.facts, **lead.facts},
        "agent": "paused" if "paused" in {lead.agent, other.agent} else lead.agent,
        "consent": lead.consent or other.consent,
        "last_inbound_at": max(filter(None, (lead.last_inbound_at, other.last_inbound_at)), default=None),
        "last_outbound_at": max(filter(None, (lead.last_outbound_at, other.last_outbound_at)), default=None),
        **_combine_status(lead, other),
    }
    change |= {name: value for name, value in combined.items() if _plain(value) != _plain(getattr(lead, name))}
    # A draft that waits for a person was made for half of the conversation.
    return {**change, "ownership_version": max(lead.ownership_version, other.ownership_version) + 1}


def _combine_status(lead: Lead, other: Lead) -> dict[str, Any]:
    if lead.opted_out:
        return {}
    if other.opted_out:
        return {"opted_out": True, "status": Status.OPTED_OUT, "status_before_opt_out": lead.status}
    return {"status": max(lead.status, other.status, key=_RANK.index)}


async def _write_changes(
    connection: AsyncConnection, lead: Lead, other: Lead, change: Mapping[str, Any], trace: Mapping[str, Any]
) -> list[str]:
    """Ids of the entries, so that an undo can take them back."""
    last = select(func.max(lead_changes.c.seq)).where(lead_changes.c.account_id == lead.account_id)
    before = (await connection.execute(last)).scalar() or 0
    await rows.record_change(connection, lead, "merge", other.id, lead.id, **trace)
    for name in ("status", "owner", "agent", "opted_out"):
        if name in change:
            was, becomes = getattr(lead, name), change[name]
            await rows.record_change(connection, lead, name, _told(was), _told(becomes), **trace)
    written = select(lead_changes.c.id).where(
        lead_changes.c.account_id == lead.account_id, lead_changes.c.lead_id == lead.id, lead_changes.c.seq > before
    )
    return list((await connection.execute(written.order_by(lead_changes.c.seq))).scalars())


async def _restore(connection: AsyncConnection, pair: Pair, record: Mapping[str, Any]) -> None:
    """What the merge set and nobody changed since."""
    lead = await rows.get_lead(connection, pair.account_id, pair.lead_id)
    same = [name for name, value in record["after"].items() if _plain(getattr(lead, name)) == value]
    values = _parse({name: record["before"][name] for name in same if name != "ownership_version"})
    values["ownership_version"] = lead.ownership_version + 1
    mine = (leads.c.account_id == pair.account_id, leads.c.id == pair.lead_id)
    await connection.execute(update(leads).where(*mine).values(values))


def _lead_row(pair: Pair, told: Mapping[str, Any]) -> dict[str, Any]:
    return {**_parse(told), "id": pair.other_id, "account_id": pair.account_id}


async def _read_row(connection: AsyncConnection, lead: Lead) -> RowMapping:
    mine = select(leads).where(leads.c.account_id == lead.account_id, leads.c.id == lead.id)
    return (await connection.execute(mine)).mappings().one()


def _parse(told: Mapping[str, Any]) -> dict[str, Any]:
    """Columns out of JSON; what a later release does not know any more is left out."""
    return {
        name: datetime.fromisoformat(value) if value and isinstance(leads.c[name].type, UtcDateTime) else value
        for name, value in told.items()
        if name in leads.c
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Status):
        return str(value)
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _told(value: Any) -> str | None:
    return None if value is None else str(value)
