"""The three changes of a calendar (book, cancel, move), each with its ledger line and its webhooks."""

from datetime import datetime
from typing import Any

from pipewise.sandbox.calendly_answers import denied, detail, invalid, microseconds
from pipewise.sandbox.calendly_event_types import EventType
from pipewise.sandbox.calendly_hooks import FIRST_DELIVERY_AFTER, SECOND_DELIVERY_AFTER, announce
from pipewise.sandbox.calendly_slots import is_open
from pipewise.sandbox.calendly_state import Account, Booking
from pipewise.sandbox.faults import BOOKING_KINDS
from pipewise.sandbox.state import SandboxState

Json = dict[str, Any]


def need_open_slot(
    state: SandboxState, account: Account, event_type: EventType, start: datetime, *, ignoring: Booking | None = None
) -> None:
    fault = state.faults.take("calendly", "POST /invitees", BOOKING_KINDS)
    if fault:
        state.ledger.record("calendly", "fault", kind=fault.kind, route="POST /invitees")
    if fault or not is_open(state.calendly, account, event_type, start, ignoring=ignoring):
        raise invalid(detail("event.start_time", "That start time has been filled", "already_filled"))


def book(state: SandboxState, account: Account, event_type: EventType, start: datetime, asked: Json) -> Booking:
    """Put a checked request into the calendar. `asked` holds what the checks of `calendly_booking` returned."""
    now = state.clock.now()
    invitee = asked["invitee"]
    booking = Booking(
        account=account,
        event_type=event_type,
        event_uuid=state.calendly.new_uuid(),
        invitee_uuid=state.calendly.new_uuid(),
        start=start,
        created_at=now,
        updated_at=now,
        name=invitee["name"],
        first_name=invitee["first_name"],
        last_name=invitee["last_name"],
        email=invitee["email"],
        timezone=invitee["timezone"],
        location=asked["location"],
        answers=asked["answers"],
        tracking=asked["tracking"],
        guests=asked["guests"],
        text_reminder_number=invitee["text_reminder_number"],
        method=asked["method"],
        old_invitee=asked.get("old_invitee"),
    )
    state.calendly.bookings.append(booking)
    record(state, "booking", booking, method=booking.method or "page", tracking=booking.tracking)
    return booking


def record(state: SandboxState, kind: str, booking: Booking, **more: Any) -> None:
    state.ledger.record(
        "calendly",
        kind,
        event=booking.event_uri,
        invitee=booking.invitee_uri,
        event_type=booking.event_type.name,
        start_time=microseconds(booking.start),
        end_time=microseconds(booking.end),
        name=booking.name,
        email=booking.email,
        timezone=booking.timezone,
        host=booking.account.uri,
        **more,
    )


def cancel(state: SandboxState, booking: Booking, *, by: str, reason: str | None) -> Json:
    """`by` is `host` or `invitee`. A repeat and a past event are refused."""
    now = state.clock.now()
    if booking.canceled:
        raise denied("Event is already canceled")
    if booking.end <= now:
        raise denied("Event in the past")
    cancellation = mark_canceled(booking, now, by=by, reason=reason)
    record(state, "booking_canceled", booking, by=by, reason=reason)
    announce(state, "invitee.canceled", booking)
    return cancellation


def mark_canceled(booking: Booking, now: datetime, *, by: str, reason: str | None) -> Json:
    booking.canceled = {
        "canceled_by": booking.account.name if by == "host" else booking.name,
        "reason": reason,
        "canceler_type": by,
        "created_at": microseconds(now),
    }
    booking.updated_at = now
    return booking.canceled


def reschedule(state: SandboxState, old: Booking, start: datetime, *, reason: str | None) -> Booking:
    """A new event with a new invitee; the old pair is canceled. Two webhooks, in the order of the switch."""
    now = state.clock.now()
    if old.canceled:
        raise denied("Event is already canceled")
    need_open_slot(state, old.account, old.event_type, start, ignoring=old)
    asked = {
        "invitee": {
            "name": old.name,
            "first_name": old.first_name,
            "last_name": old.last_name,
            "email": old.email,
            "timezone": old.timezone,
            "text_reminder_number": old.text_reminder_number,
        },
        "location": old.location,
        "answers": old.answers,
        "tracking": old.tracking,
        "guests": old.guests,
        "method": None,
        "old_invitee": old.invitee_uri,
    }
    mark_canceled(old, now, by="invitee", reason=reason)
    old.rescheduled = True
    new = book(state, old.account, old.event_type, start, asked)
    old.new_invitee = new.invitee_uri
    record(state, "booking_moved", old, to=new.event_uri, new_start_time=microseconds(new.start))
    created_first = state.calendly.reschedule_order == "created_first"
    first, second = FIRST_DELIVERY_AFTER, SECOND_DELIVERY_AFTER
    announce(state, "invitee.canceled", old, delay=second if created_first else first)
    announce(state, "invitee.created", new, delay=first if created_first else second)
    return new
