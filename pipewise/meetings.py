"""Meetings as the vendor confirmed them: a booking of ours made true, its links kept sealed, the lead moved on."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import follow_ups
from pipewise.leads import Status
from pipewise.scheduling import Booking
from pipewise.storage import integrations, leads
from pipewise.storage import meetings as rows
from pipewise.storage.meetings import MeetingRow
from pipewise.vault import Place, Vault

VENDOR = "calendly"
UNCONFIRMED = ("intended", "unknown", "failed")


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
    if meeting.status not in UNCONFIRMED:
        return False
    values = {**booking_values(vault, meeting.account_id, meeting.id, booking), "status": "scheduled"}
    await rows.update_meeting(connection, meeting.account_id, meeting.id, values, now)
    reason = "booked in the conversation"
    await schedule_lead(connection, meeting.account_id, meeting.lead_id, reason, now, run_id=run_id)
    await follow_ups.note_meetings(connection, meeting.account_id, meeting.lead_id, now)
    if meeting.integration_id:
        await integrations.count(connection, meeting.account_id, meeting.integration_id, "meetings_scheduled")
    return True


async def add_details(
    connection: AsyncConnection, vault: Vault, meeting: MeetingRow, booking: Booking, now: datetime
) -> None:
    """What the vendor tells only after booking: end time and join link."""
    values = booking_values(vault, meeting.account_id, meeting.id, booking)
    await rows.update_meeting(connection, meeting.account_id, meeting.id, values, now)


def open_links(vault: Vault, meeting: MeetingRow) -> Mapping[str, str]:
    """{"cancel": url, "reschedule": url} as far as known. They act without a login: only the invitee may see them."""
    if meeting.links is None:
        return {}
    links: Mapping[str, str] = json.loads(vault.open(meeting.links, _links_place(meeting.account_id, meeting.id)))
    return links


def seal_links(vault: Vault, account_id: str, meeting_id: str, links: Mapping[str, str]) -> bytes:
    return vault.seal(json.dumps(dict(links)).encode(), _links_place(account_id, meeting_id))


async def schedule_lead(
    connection: AsyncConnection,
    account_id: str,
    lead_id: str,
    reason: str,
    now: datetime,
    *,
    event_id: str | None = None,
    run_id: str | None = None,
) -> None:
    lead = await leads.lock_lead(connection, account_id, lead_id)
    await leads.move_status(
        connection,
        lead,
        Status.MEETING_SCHEDULED,
        actor=VENDOR,
        reason=reason,
        now=now,
        vendor_proof=True,
        event_id=event_id,
        run_id=run_id,
    )


def booking_values(vault: Vault, account_id: str, meeting_id: str, booking: Booking) -> dict[str, Any]:
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
        values["links"] = seal_links(vault, account_id, meeting_id, known)
    return values


def _links_place(account_id: str, meeting_id: str) -> Place:
    return Place("meetings", "links", account_id, meeting_id)
