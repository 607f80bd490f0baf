"""What the scheduling vendor says of a meeting becomes true here: made, moved, cancelled, missed; in whatever order it comes."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Status
from pipewise.scheduling import Booking
from pipewise.storage import integrations, leads
from pipewise.storage import meetings as rows
from pipewise.storage.events import StoredEvent
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.types import new_id
from pipewise.vault import Place, Vault

VENDOR = "calendly"


async def apply_vendor_event(
    connection: AsyncConnection, vault: Vault, event: StoredEvent, now: datetime
) -> MeetingRow | None:
    """Returns the meeting if the lead made it at the vendor and has not been told by us."""
    content = event.content
    meeting = await rows.find_by_invitee(connection, event.account_id, content["invitee_uri"])
    match content["change"]:
        case "created":
            return await _apply_created(connection, vault, event, meeting, now)
        case "canceled":
            await _apply_canceled(connection, event, meeting, now)
        case "no_show":
            await _apply_mark(connection, event, meeting, Status.NO_SHOW, now)
        case "no_show_cleared" if meeting and meeting.status == "no_show":
            await rows.update_meeting(connection, event.account_id, meeting.id, {"status": "scheduled"}, now)
    return None


async def confirm_booking(
    connection: AsyncConnection,
    vault: Vault,
    meeting: MeetingRow,
    booking: Booking,
    now: datetime,
    *,
    run_id: str | None = None,
) -> bool:
    """The vendor confirmed an intended meeting: by its answer, by our asking, or by webhook; counted once."""
    if meeting.status not in {"intended", "unknown", "failed"}:
        return False
    values = {**_booking_values(vault, meeting.account_id, meeting.id, booking), "status": "scheduled"}
    await rows.update_meeting(connection, meeting.account_id, meeting.id, values, now)
    await _schedule_lead(
        connection, meeting.account_id, meeting.lead_id, "booked in the conversation", now, run_id=run_id
    )
    if meeting.integration_id:
        await integrations.count(connection, meeting.account_id, meeting.integration_id, "meetings_scheduled")
    return True


async def add_details(
    connection: AsyncConnection, vault: Vault, meeting: MeetingRow, booking: Booking, now: datetime
) -> None:
    """What the vendor tells only after booking: end time and join link."""
    await rows.update_meeting(
        connection, meeting.account_id, meeting.id, _booking_values(vault, meeting.account_id, meeting.id, booking), now
    )


def open_links(vault: Vault, meeting: MeetingRow) -> Mapping[str, str]:
    """{"cancel": url, "reschedule": url} as far as known. They act without a login: only the invitee may see them."""
    if meeting.links is None:
        return {}
    links: Mapping[str, str] = json.loads(vault.open(meeting.links, _links_place(meeting.account_id, meeting.id)))
    return links


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
    connection: AsyncConnection, vault: Vault, event: StoredEvent, known: MeetingRow | None, now: datetime
) -> MeetingRow | None:
    if event.lead_id is None or not event.content.get("start_time"):
        return None
    booking = booking_of(event)
    if known:
        # Already stored from our own call, or already cancelled: a late "created" never brings it back.
        return None
    if booking.key:
        intended = await rows.find_by_intent(connection, event.account_id, booking.key)
        if intended and intended.status in {"intended", "unknown", "failed"}:
            await confirm_booking(connection, vault, intended, booking, now)
            return None
    if booking.old_invitee:
        former = await rows.find_by_invitee(connection, event.account_id, booking.old_invitee)
        if former:
            await _move(connection, vault, former, booking, now)
            await _schedule_lead(
                connection, event.account_id, former.lead_id, "the meeting was moved", now, event=event
            )
            return None
    return await _insert_vendor_meeting(connection, vault, event, booking, now)


async def _move(
    connection: AsyncConnection, vault: Vault, meeting: MeetingRow, booking: Booking, now: datetime
) -> None:
    """One meeting, moved: the former time goes into its history, its version rises."""
    former = {
        "invitee_uri": meeting.invitee_uri,
        "event_uri": meeting.event_uri,
        "start_time": meeting.start_time.isoformat(),
        "until": now.isoformat(),
    }
    values = {
        **_booking_values(vault, meeting.account_id, meeting.id, booking),
        "status": "scheduled",
        "join_url": booking.join_url,
        "end_time": booking.end,
        "history": [*meeting.history, former],
        "version": meeting.version + 1,
    }
    await rows.update_meeting(connection, meeting.account_id, meeting.id, values, now)


async def _insert_vendor_meeting(
    connection: AsyncConnection, vault: Vault, event: StoredEvent, booking: Booking, now: datetime
) -> MeetingRow:
    meeting_id = new_id()
    row = {
        "id": meeting_id,
        "account_id": event.account_id,
        "lead_id": event.lead_id,
        "integration_id": event.integration_id,
        "status": "scheduled" if booking.status == "active" else "canceled",
        "source": "vendor",
        "title": event.content.get("title") or "",
        "event_type": booking.event_type,
        "timezone": booking.timezone or "UTC",
        "invitee": {"email": booking.email, "name": booking.name},
        "history": [],
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **_booking_values(vault, event.account_id, meeting_id, booking),
    }
    await rows.insert_meeting(connection, row)
    if booking.status == "active" and event.lead_id:
        await _schedule_lead(connection, event.account_id, event.lead_id, "booked at the vendor", now, event=event)
        if event.integration_id:
            await integrations.count(connection, event.account_id, event.integration_id, "meetings_scheduled")
    return await rows.get_meeting(connection, event.account_id, meeting_id)


async def _apply_canceled(
    connection: AsyncConnection, event: StoredEvent, meeting: MeetingRow | None, now: datetime
) -> None:
    if event.content.get("rescheduled"):
        # Half of a move. The other half, joined by the old invitee, changes the meeting, before or after this one.
        return
    if meeting is None:
        await _remember_canceled(connection, event, now)
        return
    if meeting.status == "canceled":
        return
    await rows.update_meeting(connection, event.account_id, meeting.id, {"status": "canceled"}, now)
    lead = await leads.get_lead(connection, event.account_id, meeting.lead_id)
    reason = f"canceled by {event.content.get('canceled_by') or 'the other side'}"
    await leads.move_status(
        connection, lead, Status.MEETING_CANCELED, actor=VENDOR, reason=reason, now=now, event_id=event.id
    )


async def _remember_canceled(connection: AsyncConnection, event: StoredEvent, now: datetime) -> None:
    """A cancellation that overtook its own "created": remembered, so that the late one cannot bring it back."""
    former = None
    if event.lead_id:
        former = await rows.find_former_invitee(
            connection, event.account_id, event.lead_id, event.content["invitee_uri"]
        )
    if former or event.lead_id is None or not event.content.get("start_time"):
        return
    booking = booking_of(event)
    await rows.insert_meeting(
        connection,
        {
            "id": new_id(),
            "account_id": event.account_id,
            "lead_id": event.lead_id,
            "integration_id": event.integration_id,
            "status": "canceled",
            "source": "vendor",
            "event_type": booking.event_type,
            "event_uri": booking.event_uri,
            "invitee_uri": booking.invitee_uri,
            "start_time": booking.start,
            "end_time": booking.end,
            "timezone": booking.timezone or "UTC",
            "invitee": {"email": booking.email, "name": booking.name},
            "history": [],
            "version": 1,
            "created_at": now,
            "updated_at": now,
        },
    )


async def _apply_mark(
    connection: AsyncConnection, event: StoredEvent, meeting: MeetingRow | None, status: Status, now: datetime
) -> None:
    if meeting is None or meeting.status == status:
        return
    await rows.update_meeting(connection, event.account_id, meeting.id, {"status": status}, now)
    lead = await leads.get_lead(connection, event.account_id, meeting.lead_id)
    await leads.move_status(
        connection, lead, status, actor=VENDOR, reason="marked by the host", now=now, event_id=event.id
    )


async def _schedule_lead(
    connection: AsyncConnection,
    account_id: str,
    lead_id: str,
    reason: str,
    now: datetime,
    *,
    event: StoredEvent | None = None,
    run_id: str | None = None,
) -> None:
    lead = await leads.get_lead(connection, account_id, lead_id)
    await leads.move_status(
        connection,
        lead,
        Status.MEETING_SCHEDULED,
        actor=VENDOR,
        reason=reason,
        now=now,
        vendor_proof=True,
        event_id=event.id if event else None,
        run_id=run_id,
    )


def _booking_values(vault: Vault, account_id: str, meeting_id: str, booking: Booking) -> dict[str, Any]:
    """Columns that a booking tells; what it does not tell stays as it is."""
    values: dict[str, Any] = {
        "event_uri": booking.event_uri,
        "invitee_uri": booking.invitee_uri,
        "start_time": booking.start,
    }
    if booking.end:
        values["end_time"] = booking.end
    if booking.join_url:
        values["join_url"] = booking.join_url
    links = {"cancel": booking.cancel_url, "reschedule": booking.reschedule_url}
    known = {name: url for name, url in links.items() if url}
    if known:
        values["links"] = vault.seal(json.dumps(known).encode(), _links_place(account_id, meeting_id))
    return values


def _links_place(account_id: str, meeting_id: str) -> Place:
    return Place("meetings", "links", account_id, meeting_id)
