"""What the scheduling vendor reports of its meetings becomes true here: made, moved, cancelled, missed.

Deliveries come twice and in any order. A meeting that is moved gets a new invitee each time; all of them are one chain, one
row: `invitee_uri` is its newest link, `history` holds the former ones.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Status
from pipewise.meetings import (
    UNCONFIRMED,
    VENDOR,
    booking_values,
    confirm_booking,
    open_links,
    schedule_lead,
    seal_links,
)
from pipewise.scheduling import Booking
from pipewise.storage import events as event_rows
from pipewise.storage import integrations, leads
from pipewise.storage import meetings as rows
from pipewise.storage.events import StoredEvent
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.types import new_id
from pipewise.vault import Vault

NOT_MISSED = ("scheduled", "held")
UNMATCHED_MARK = "no meeting is known for this mark yet"


async def apply_vendor_event(
    connection: AsyncConnection, vault: Vault, event: StoredEvent, now: datetime
) -> str | None:
    """Returns why nothing could be done yet, for a mark that came before its meeting; it is applied with the meeting."""
    content = event.content
    match content["change"]:
        case "created":
            await _apply_created(connection, vault, event, now)
        case "canceled":
            await _apply_canceled(connection, vault, event, now)
        case change:
            meeting = await rows.find_by_invitee(connection, event.account_id, content["invitee_uri"])
            if meeting is None:
                return UNMATCHED_MARK
            await _apply_mark(connection, event, meeting, now, missed=change == "no_show")
    return None


def booking_of(event: StoredEvent) -> Booking:
    """The booking a vendor event speaks of."""
    content, sender = event.content, event.sender or {}
    return Booking(
        event_uri=content["event_uri"],
        invitee_uri=content["invitee_uri"],
        event_type=content.get("event_type") or "",
        start=datetime.fromisoformat(content["start_time"]),
        end=datetime.fromisoformat(content["end_time"]) if content.get("end_time") else None,
        status=content.get("status") or "active",
        email=sender.get("email") or "",
        name=sender.get("name"),
        timezone=content.get("timezone"),
        key=(content.get("tracking") or {}).get("utm_content"),
        join_url=content.get("join_url"),
        cancel_url=content.get("cancel_url"),
        reschedule_url=content.get("reschedule_url"),
        old_invitee=content.get("old_invitee"),
        new_invitee=content.get("new_invitee"),
        rescheduled=bool(content.get("rescheduled")),
    )


async def _apply_created(
    connection: AsyncConnection, vault: Vault, event: StoredEvent, now: datetime
) -> MeetingRow | None:
    """The meeting that the event speaks of, as it stands; None if the event tells no time."""
    if event.lead_id is None or not event.content.get("start_time"):
        return None
    booking = booking_of(event)
    intended = await rows.find_by_intent(connection, event.account_id, booking.key) if booking.key else None
    if intended and intended.status in UNCONFIRMED:
        await confirm_booking(connection, vault, intended, booking, now)
        return await _complete(connection, vault, event, intended, now)
    known = await _find_in_chain(connection, event.account_id, event.lead_id, booking.invitee_uri)
    if known:
        # Stored from our own call, or overtaken by a later event: a late "created" never brings a former state back.
        return await _join_former(connection, vault, known, booking, now)
    former = await _find_current(connection, event.account_id, booking.old_invitee)
    if former:
        await _move(connection, vault, former, booking, now)
        reason = "the meeting was moved"
        await schedule_lead(connection, event.account_id, former.lead_id, reason, now, event_id=event.id)
        return await _complete(connection, vault, event, former, now)
    return await _complete(connection, vault, event, await _insert(connection, vault, event, booking, now), now)


async def _complete(
    connection: AsyncConnection, vault: Vault, event: StoredEvent, meeting: MeetingRow, now: datetime
) -> MeetingRow:
    """Marks that came before their meeting are applied now, in the order in which they were made."""
    latest = await rows.get_meeting(connection, meeting.account_id, meeting.id)
    for mark in await event_rows.list_ignored(connection, event.account_id, latest.lead_id, UNMATCHED_MARK):
        if await apply_vendor_event(connection, vault, mark, now) is None:
            await event_rows.mark_events(connection, event.account_id, [mark.id], "processed", now=now)
    return await rows.get_meeting(connection, meeting.account_id, meeting.id)


async def _find_current(connection: AsyncConnection, account_id: str, invitee_uri: str | None) -> MeetingRow | None:
    return await rows.find_by_invitee(connection, account_id, invitee_uri) if invitee_uri else None


async def _find_in_chain(
    connection: AsyncConnection, account_id: str, lead_id: str, invitee_uri: str
) -> MeetingRow | None:
    """The meeting that has this invitee now, or had it before it was moved."""
    current = await rows.find_by_invitee(connection, account_id, invitee_uri)
    return current or await rows.find_former_invitee(connection, account_id, lead_id, invitee_uri)


async def _join_former(
    connection: AsyncConnection, vault: Vault, meeting: MeetingRow, booking: Booking, now: datetime
) -> MeetingRow:
    """The chain's earlier part, known as a meeting of its own until now, and its later part become one row: the earlier."""
    if booking.old_invitee is None or await _is_in(connection, meeting, booking.old_invitee):
        return meeting
    former = await rows.find_by_invitee(connection, meeting.account_id, booking.old_invitee)
    if former is None:
        history = [{"invitee_uri": booking.old_invitee}, *meeting.history]
        await rows.update_meeting(connection, meeting.account_id, meeting.id, {"history": history}, now)
        return await rows.get_meeting(connection, meeting.account_id, meeting.id)
    links = open_links(vault, meeting)
    await rows.delete_meeting(connection, meeting.account_id, meeting.id)
    values: dict[str, Any] = {
        name: getattr(meeting, name)
        for name in ("status", "event_uri", "invitee_uri", "start_time", "end_time", "join_url", "timezone")
    }
    values |= {
        "links": seal_links(vault, former.account_id, former.id, links) if links else None,
        "history": [*former.history, _past(former, now), *meeting.history],
        "version": former.version + meeting.version,
    }
    await rows.update_meeting(connection, former.account_id, former.id, values, now)
    return await rows.get_meeting(connection, former.account_id, former.id)


async def _is_in(connection: AsyncConnection, meeting: MeetingRow, invitee_uri: str) -> bool:
    found = await _find_in_chain(connection, meeting.account_id, meeting.lead_id, invitee_uri)
    return found is not None and found.id == meeting.id


async def _move(
    connection: AsyncConnection, vault: Vault, meeting: MeetingRow, booking: Booking, now: datetime
) -> None:
    """One meeting, moved: the former time goes into its history, its version rises."""
    values = {
        **booking_values(vault, meeting.account_id, meeting.id, booking),
        "status": "scheduled",
        "join_url": booking.join_url,
        "end_time": booking.end,
        "history": [*meeting.history, _past(meeting, now)],
        "version": meeting.version + 1,
    }
    await rows.update_meeting(connection, meeting.account_id, meeting.id, values, now)


def _past(meeting: MeetingRow, now: datetime) -> Mapping[str, Any]:
    return {
        "invitee_uri": meeting.invitee_uri,
        "event_uri": meeting.event_uri,
        "start_time": meeting.start_time.isoformat(),
        "until": now.isoformat(),
    }


async def _insert(
    connection: AsyncConnection, vault: Vault, event: StoredEvent, booking: Booking, now: datetime
) -> MeetingRow:
    """A meeting made at the vendor."""
    assert event.lead_id is not None  # noqa: S101  the caller checked; tells the type checker
    meeting_id = new_id()
    row = {
        "id": meeting_id,
        "account_id": event.account_id,
        "lead_id": event.lead_id,
        "integration_id": event.integration_id,
        "status": "scheduled",
        "source": "vendor",
        "title": event.content.get("title") or "",
        "event_type": booking.event_type,
        "timezone": booking.timezone or "UTC",
        "invitee": {"email": booking.email, "name": booking.name},
        # Known only by name, so that its own "created", should it come late, is known to be of the past.
        "history": [{"invitee_uri": booking.old_invitee}] if booking.old_invitee else [],
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **booking_values(vault, event.account_id, meeting_id, booking),
    }
    await rows.insert_meeting(connection, row)
    await schedule_lead(connection, event.account_id, event.lead_id, "booked at the vendor", now, event_id=event.id)
    if event.integration_id:
        await integrations.count(connection, event.account_id, event.integration_id, "meetings_scheduled")
    return await rows.get_meeting(connection, event.account_id, meeting_id)


async def _apply_canceled(connection: AsyncConnection, vault: Vault, event: StoredEvent, now: datetime) -> None:
    content = event.content
    if content.get("rescheduled"):
        # Half of a move. The other half, joined by the old invitee, changes the meeting, before or after this one.
        return
    meeting = await rows.find_by_invitee(connection, event.account_id, content["invitee_uri"])
    if meeting is None or meeting.status in UNCONFIRMED:
        # It overtook its own "created", and tells all that the other one would.
        meeting = await _apply_created(connection, vault, event, now)
    if meeting is None or meeting.invitee_uri != content["invitee_uri"] or meeting.status == "canceled":
        return
    await rows.update_meeting(connection, event.account_id, meeting.id, {"status": "canceled"}, now)
    lead = await leads.lock_lead(connection, event.account_id, meeting.lead_id, whole=True)
    if lead.meeting and lead.meeting.status == "scheduled":
        return  # another meeting of the lead stands
    reason = f"canceled by {content.get('canceled_by') or 'the other side'}"
    await leads.move_status(
        connection, lead, Status.MEETING_CANCELED, actor=VENDOR, reason=reason, now=now, event_id=event.id
    )


async def _apply_mark(
    connection: AsyncConnection, event: StoredEvent, meeting: MeetingRow, now: datetime, *, missed: bool
) -> None:
    """The host marked the invitee as missing, or took the mark back."""
    before, after = (NOT_MISSED, "no_show") if missed else (("no_show",), "scheduled")
    if meeting.status not in before or await _is_overtaken(connection, event):
        return
    await rows.update_meeting(connection, event.account_id, meeting.id, {"status": after}, now)
    lead = await leads.lock_lead(connection, event.account_id, meeting.lead_id)
    if missed and lead.status is Status.MEETING_HELD:
        # Held is what was assumed when its time was over; the host knows better.
        reason = "the meeting was not held after all"
        await schedule_lead(connection, event.account_id, meeting.lead_id, reason, now, event_id=event.id)
        lead = await leads.lock_lead(connection, event.account_id, meeting.lead_id)
    if missed:
        await leads.move_status(
            connection, lead, Status.NO_SHOW, actor=VENDOR, reason="marked by the host", now=now, event_id=event.id
        )
    elif lead.status is Status.NO_SHOW:
        reason = "the host took the no-show back"
        await schedule_lead(connection, event.account_id, meeting.lead_id, reason, now, event_id=event.id)


async def _is_overtaken(connection: AsyncConnection, mark: StoredEvent) -> bool:
    """Whether the vendor's later word on the same invitee came first."""
    later = await event_rows.list_later(connection, mark)
    return any(
        event.content.get("invitee_uri") == mark.content["invitee_uri"]
        and event.content.get("change") in {"no_show", "no_show_cleared"}
        for event in later
    )
