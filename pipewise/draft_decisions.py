"""A person decides on a draft: send it, change it, write something else, or let it be. A stale draft is made anew."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import follow_ups
from pipewise.connections import Connections
from pipewise.errors import Conflict
from pipewise.events import OutboundMessage
from pipewise.follow_up_checks import why_pointless
from pipewise.leads import Lead
from pipewise.person_replies import ReplyChannel, queue_reply
from pipewise.public_items import item_address
from pipewise.storage import approvals as rows
from pipewise.storage import follow_ups as follow_up_rows
from pipewise.storage import lanes, leads
from pipewise.storage.approvals import Approval
from pipewise.storage.tables import events

REPEATING = frozenset({"accept", "edit"})
"""What sends the draft, or something like it."""
LOOK_AHEAD = timedelta(minutes=1)
OUTCOMES: Mapping[str, str] = {"accept": "accepted", "edit": "edited", "respond": "responded", "ignore": "ignored"}


@dataclass(frozen=True)
class Decision:
    """`text` is what the person wrote, for edit and respond."""

    action: str
    by: str
    text: str | None = None


async def find_draft_channel(connections: Connections, approval: Approval, lead: Lead) -> ReplyChannel:
    """Where the draft was meant to go. Raises Conflict if that channel is gone."""
    found = await connections.messaging(approval.account_id, approval.payload["integration_id"])
    if found:
        # An opening template goes to the phone number of a lead who has not written yet.
        recipient = item_address(approval.payload.get("recipient", ""))
        recipient = recipient or lead.address(found.integration.platform) or (lead.phone or "").lstrip("+")
        if recipient:
            return ReplyChannel(found, recipient)
    raise Conflict(
        "The platform of this draft is not connected any more.", code="no_channel", manual_action_required=True
    )


async def times_stand(connections: Connections, approval: Approval, decision: Decision, now: datetime) -> bool:
    """Whether the times that the draft offers can still be had. Raises PlatformError if the calendar cannot be asked."""
    offered = approval.payload.get("offered") or ()
    if decision.action not in REPEATING or not offered:
        return True
    starts = {slot["start"]: datetime.fromisoformat(slot["start"]) for slot in offered}
    if min(starts.values()) <= now + LOOK_AHEAD:
        return False
    calendar = await connections.scheduling(approval.account_id)
    if calendar is None:
        return False
    for slot in offered:
        start = starts[slot["start"]]
        free = await calendar.client.free_times(slot["event_type"], start, start + timedelta(minutes=1))
        if not any(one.start == start for one in free):
            return False
    return True


async def decide(
    connection: AsyncConnection,
    approval: Approval,
    channel: ReplyChannel | None,
    decision: Decision,
    now: datetime,
    *,
    times_hold: bool = True,
) -> str | None:
    """None, or why the draft was stale and what became of it. Raises Conflict if already decided."""
    if decision.action in REPEATING:
        why = await _why_stale(connection, approval, now)
        if why or not times_hold:
            await _settle(connection, approval, "stale", decision, now)
            return await _replace(connection, approval, why, now)
    shown = decision.text if decision.action == "edit" else None
    await _settle(connection, approval, OUTCOMES[decision.action], decision, now, text=shown)
    message = _message(approval, decision)
    if message and channel:
        author = "agent" if decision.action == "accept" else "human"
        await queue_reply(
            connection,
            approval.lead_id,
            channel,
            message,
            message_id=approval.id,
            author=author,
            now=now,
            by_hand=decision.action == "respond",
        )
        await _await_answer(connection, approval, decision, now)
    return None


async def _why_stale(connection: AsyncConnection, approval: Approval, now: datetime) -> str | None:
    """A follow-up's draft is also overtaken by what would have stopped the follow-up, such as a booking."""
    lead = await leads.lock_lead(connection, approval.account_id, approval.lead_id)
    pointless = await why_pointless(connection, lead, approval.id, now)
    if pointless:
        return pointless
    return "the conversation went on" if await rows.is_overtaken(connection, approval) else None


async def _await_answer(connection: AsyncConnection, approval: Approval, decision: Decision, now: datetime) -> None:
    """A draft that asks for an answer was sent: only now does the lead's silence begin to count."""
    what = approval.payload.get("awaits")
    if what and approval.run_id and decision.action in REPEATING:
        lead = await leads.get_lead(connection, approval.account_id, approval.lead_id)
        about = follow_ups.About(what, approval.payload.get("offered") or ())
        await follow_ups.plan_nudge(
            connection, lead, message_id=approval.id, run_id=approval.run_id, about=about, now=now
        )


def _message(approval: Approval, decision: Decision) -> OutboundMessage | None:
    drafted = OutboundMessage.from_dict(approval.payload["message"])
    match decision.action:
        case "accept":
            return drafted
        case "edit":
            return replace(drafted, text=decision.text or "")
        case "respond":
            return OutboundMessage(decision.text or "")
    return None


async def _settle(
    connection: AsyncConnection,
    approval: Approval,
    status: str,
    decision: Decision,
    now: datetime,
    *,
    text: str | None = None,
) -> None:
    if not await rows.settle(connection, approval, status, by=decision.by, now=now, text=text):
        latest = await rows.get_approval(connection, approval.account_id, approval.id)
        raise Conflict(f"This draft was decided already: {latest.status}.", code="already_decided")


async def _replace(connection: AsyncConnection, approval: Approval, why: str | None, now: datetime) -> str:
    """What becomes of a stale draft, in a sentence for the person."""
    follow_up = await follow_up_rows.find_by_message(connection, approval.account_id, approval.id)
    if follow_up and why:
        return f"This follow-up is not needed any more: {why}. Nothing was sent."
    if follow_up:
        await follow_up_rows.fire_again(connection, follow_up, now)
        await lanes.mark_due(connection, approval.account_id, approval.lead_id, now)
        return "A time that it offers is gone; it is drafted anew with times that are free."
    reason = "A time that it offers is gone" if why is None else "The conversation went on since this draft was made"
    return f"{reason}; {await _draft_again(connection, approval, now)}."


async def _draft_again(connection: AsyncConnection, approval: Approval, now: datetime) -> str:
    """The events that the draft answered are open again, unless a newer draft waits or a person has the conversation."""
    lead = await leads.get_lead(connection, approval.account_id, approval.lead_id)
    if lead.agent == "paused":
        return "a person has the conversation, so no other draft is made"
    if lead.opted_out:
        return "the lead opted out, so no other draft is made"
    if await rows.has_newer(connection, approval):
        return "a newer draft waits already"
    reopened: dict[str, Any] = {"status": "accepted", "processed_at": None, "run_id": None, "attempts": 0}
    await connection.execute(
        update(events)
        .where(
            events.c.account_id == approval.account_id,
            events.c.lead_id == approval.lead_id,
            events.c.run_id == approval.run_id,
        )
        .values(reopened)
    )
    await lanes.mark_due(connection, approval.account_id, approval.lead_id, now)
    return "it is drafted anew"
