"""Books at the vendor at most once per lead and slot: intent committed first, one call, the outcome committed at once.

It stands outside a turn's fate. A turn that is superseded, or runs again after a crash, finds the meeting of this lead and
slot and confirms it; a lost answer is reconciled by asking the vendor, never by booking again.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from pipewise import meetings
from pipewise.clock import Clock
from pipewise.connections import SchedulingConnection
from pipewise.crash import CrashPoints
from pipewise.errors import Outcome, PlatformError, RateLimited
from pipewise.leads import Lead
from pipewise.scheduling import Booking, BookingRequest
from pipewise.storage import lanes
from pipewise.storage import leads as lead_rows
from pipewise.storage import meetings as rows
from pipewise.storage.booking_tries import take_place
from pipewise.storage.database import Database
from pipewise.storage.lanes import Lease
from pipewise.storage.meetings import MeetingRow
from pipewise.storage.types import derived_id, new_id
from pipewise.vault import Vault

RECONCILE_WAITS = (1.0, 2.0)  # seconds: the vendor's reads may lag behind its writes, so it is asked twice
DETAILS_SECONDS = 3.0


@dataclass(frozen=True)
class BookingIntent:
    """Who meets whom and when. One intent per lead, event type and start, however often it is asked for. `lease` is that of
    the lane in which it is asked for."""

    account_id: str
    lead: Lead
    request: BookingRequest
    run_id: str
    lease: Lease | None = None


def intent_key(lead: Lead, event_type: str, start: datetime) -> str:
    return derived_id("booking", lead.account_id, lead.id, event_type, start.isoformat())


class Bookings:
    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        crash: CrashPoints,
        reconcile_waits: tuple[float, ...] = RECONCILE_WAITS,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._crash = crash
        self._reconcile_waits = reconcile_waits

    async def find(self, lead: Lead, event_type: str, start: datetime) -> MeetingRow | None:
        """The meeting of this lead and slot if the vendor has confirmed it, or may have taken it."""
        async with self._database.read() as connection:
            found = await rows.find_by_intent(connection, lead.account_id, intent_key(lead, event_type, start))
        return found if found and found.status in {"scheduled", "intended", "unknown"} else None

    async def book(self, connection: SchedulingConnection, intent: BookingIntent) -> MeetingRow:
        """The confirmed meeting. Raises SlotTaken, or PlatformError, whose outcome UNKNOWN means that it may exist; LeaseLost if
        another worker has the lane, and then nothing was asked of the vendor."""
        meeting, known_before = await self._intend(connection, intent)
        if meeting.status == "scheduled":
            return meeting
        if known_before:
            found = await connection.client.find_booking(intent.request)
            if found:
                return await self._confirm(connection, intent, meeting, found)
        self._crash.reach("before:booking")
        try:
            await self._take_place(connection, intent)
            booking = await connection.client.book(intent.request)
        except PlatformError as error:
            return await self._settle_failure(connection, intent, meeting, error)
        except asyncio.CancelledError:
            await asyncio.shield(self._set_status(meeting, "unknown", only_in=meetings.UNCONFIRMED))
            raise
        self._crash.reach("after:booking")
        return await self._confirm(connection, intent, meeting, booking)

    async def _take_place(self, connection: SchedulingConnection, intent: BookingIntent) -> None:
        """One of the bookings that the vendor takes in a while, whichever process asks. RateLimited where none is left."""
        calendar = connection.integration.id if connection.integration else None
        async with self._database.write() as transaction:
            wait = await take_place(transaction, intent.account_id, calendar, self._clock.now())
        if wait:
            raise RateLimited(
                "The booking budget of this calendar is used up for now.",
                platform="calendly",
                outcome=Outcome.NOT_SENT,
                vendor_code="booking_quota",
                retry_after=round(wait, 1),
            )

    async def cancel(self, connection: SchedulingConnection, meeting: MeetingRow, reason: str) -> None:
        """Cancel at the vendor; the meeting and the lead follow when the vendor says so, or at once for our own record."""
        if meeting.event_uri:
            await connection.client.cancel(meeting.event_uri, reason)
        await self._set_status(meeting, "canceled")

    async def _intend(self, connection: SchedulingConnection, intent: BookingIntent) -> tuple[MeetingRow, bool]:
        """The committed intent, and whether an earlier try with an unknown end has to be looked for at the vendor."""
        request, now = intent.request, self._clock.now()
        async with self._database.write() as transaction:
            if intent.lease:
                await lead_rows.lock_lead(transaction, intent.account_id, intent.lead.id)
                await lanes.check(transaction, intent.lease)
            known = await rows.find_by_intent(transaction, intent.account_id, request.key)
            if known and known.status in {"scheduled", "intended", "unknown"}:
                return known, True
            values = {
                "status": "intended",
                "invitee": {"email": request.email, "name": request.name},
                "timezone": request.timezone,
                "run_id": intent.run_id,
                "invitee_uri": None,
                "event_uri": None,
            }
            if known:
                await rows.update_meeting(transaction, intent.account_id, known.id, values, now)
            else:
                await rows.insert_meeting(transaction, self._new_row(connection, intent, now) | values)
            stored = await rows.find_by_intent(transaction, intent.account_id, request.key)
        if stored is None:
            raise AssertionError("an intent vanished inside its own transaction")
        return stored, False

    def _new_row(self, connection: SchedulingConnection, intent: BookingIntent, now: datetime) -> dict[str, object]:
        return {
            "id": new_id(),
            "account_id": intent.account_id,
            "lead_id": intent.lead.id,
            "integration_id": connection.integration.id if connection.integration else None,
            "intent_key": intent.request.key,
            "source": "pipewise",
            "event_type": intent.request.event_type.uri,
            "title": intent.request.event_type.name,
            "start_time": intent.request.slot.start,
            "history": [],
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }

    async def _settle_failure(
        self, connection: SchedulingConnection, intent: BookingIntent, meeting: MeetingRow, error: PlatformError
    ) -> MeetingRow:
        if error.outcome is not Outcome.UNKNOWN:
            await self._set_status(meeting, "failed", only_in=meetings.UNCONFIRMED)
            raise error
        await self._set_status(meeting, "unknown", only_in=meetings.UNCONFIRMED)
        for wait in self._reconcile_waits:
            await asyncio.sleep(wait)
            try:
                found = await connection.client.find_booking(intent.request)
            except PlatformError:
                continue
            if found:
                return await self._confirm(connection, intent, meeting, found)
        raise error

    async def _confirm(
        self, connection: SchedulingConnection, intent: BookingIntent, meeting: MeetingRow, booking: Booking
    ) -> MeetingRow:
        async with self._database.write() as transaction:
            latest = await rows.find_by_intent(transaction, intent.account_id, intent.request.key)
            if latest:
                await meetings.confirm_booking(
                    transaction, self._vault, latest, booking, self._clock.now(), run_id=intent.run_id
                )
        await self._add_details(connection, meeting, booking)
        async with self._database.read() as transaction:
            return await rows.get_meeting(transaction, intent.account_id, meeting.id)

    async def _add_details(self, connection: SchedulingConnection, meeting: MeetingRow, booking: Booking) -> None:
        """End time and join link come from a second look. The booking stands without them."""
        try:
            async with asyncio.timeout(DETAILS_SECONDS):
                details = await connection.client.booking(booking.event_uri, booking.invitee_uri)
        except (PlatformError, TimeoutError):
            return
        async with self._database.write() as transaction:
            await meetings.add_details(transaction, self._vault, meeting, details, self._clock.now())

    async def _set_status(self, meeting: MeetingRow, status: str, *, only_in: tuple[str, ...] = ()) -> None:
        async with self._database.write() as transaction:
            values = {"status": status}
            await rows.update_meeting(
                transaction, meeting.account_id, meeting.id, values, self._clock.now(), only_in=only_in
            )
