"""What can be booked: weekly hours in the host's zone, minimum notice, buffers, minus what is booked already."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipewise.sandbox.calendly_event_types import EventType
from pipewise.sandbox.calendly_state import Account, Booking, CalendlyWorld

OPENS = time(9, 0)
CLOSES = time(17, 0)
WORKING_DAYS = frozenset(range(5))
MINIMUM_NOTICE = timedelta(hours=2)
BOOKING_HORIZON = timedelta(days=60)


def open_slots(
    world: CalendlyWorld,
    account: Account,
    event_type: EventType,
    start: datetime,
    end: datetime,
    *,
    ignoring: Booking | None = None,
) -> list[datetime]:
    """UTC starts in [start, end) that are free now. `ignoring` is the meeting that a reschedule would move."""
    now = world.clock.now()
    first, last = max(start, now + MINIMUM_NOTICE), min(end, now + BOOKING_HORIZON)
    taken = [booking for booking in world.busy(account) if booking is not ignoring]
    return [
        slot
        for slot in scheduled_slots(account.timezone, event_type, first, last)
        if first <= slot < last and not any(overlap(event_type, slot, booking) for booking in taken)
    ]


def is_open(
    world: CalendlyWorld, account: Account, event_type: EventType, start: datetime, *, ignoring: Booking | None = None
) -> bool:
    around = open_slots(world, account, event_type, start, start + timedelta(seconds=1), ignoring=ignoring)
    return start in around


def scheduled_slots(timezone: str, event_type: EventType, start: datetime, end: datetime) -> Iterable[datetime]:
    """Every start of the weekly schedule that touches the range, whether taken or not."""
    zone = ZoneInfo(timezone)
    day = start.astimezone(zone).date()
    last_day = end.astimezone(zone).date()
    while day <= last_day:
        if day.weekday() in WORKING_DAYS:
            yield from day_slots(zone, event_type, day)
        day += timedelta(days=1)


def day_slots(zone: ZoneInfo, event_type: EventType, day: date) -> Iterable[datetime]:
    # Steps are taken on the host's wall clock, so a summer-time change moves the UTC times and not the hours.
    local = datetime.combine(day, OPENS)
    closing = datetime.combine(day, CLOSES)
    while local + timedelta(minutes=event_type.duration) <= closing:
        yield local.replace(tzinfo=zone).astimezone(UTC)
        local += timedelta(minutes=event_type.increment)


def overlap(event_type: EventType, start: datetime, booking: Booking) -> bool:
    """Whether a meeting at `start`, with its buffers, touches a booked one with the buffers of its own type."""
    other = booking.event_type
    before = max(event_type.before_buffer, other.after_buffer)
    after = max(event_type.after_buffer, other.before_buffer)
    end = start + timedelta(minutes=event_type.duration)
    return start - timedelta(minutes=before) < booking.end and end + timedelta(minutes=after) > booking.start
