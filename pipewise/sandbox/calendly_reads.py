"""Calendly's reads: users, event types, available times, busy times, schedules, events, invitees."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request

from pipewise.sandbox.calendly_answers import (
    denied,
    detail,
    event_json,
    event_type_json,
    invalid,
    invitee_json,
    microseconds,
    missing,
    slot_json,
    user_json,
)
from pipewise.sandbox.calendly_auth import AccountDep, need_own, need_scope, own_event_type, uuid_of
from pipewise.sandbox.calendly_paging import page, sorted_by
from pipewise.sandbox.calendly_slots import CLOSES, OPENS, WORKING_DAYS, open_slots
from pipewise.sandbox.calendly_state import API, Account, Booking
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(tags=["calendly"])
AVAILABLE_RANGE = timedelta(days=31)
BUSY_RANGE = timedelta(days=7)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_time(request: Request, name: str) -> datetime:
    raw = request.query_params.get(name)
    if not raw:
        raise invalid(detail(name, "is missing"))
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        raise invalid(detail(name, "is not a valid time")) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def read_range(request: Request, now: datetime, longest: timedelta) -> tuple[datetime, datetime]:
    start, end = read_time(request, "start_time"), read_time(request, "end_time")
    if start <= now:
        raise invalid(detail("start_time", "start_time must be in the future"))
    if end <= start:
        raise invalid(detail("end_time", "end_time must be after start_time"))
    if end - start > longest:
        raise invalid(detail("end_time", f"date range can be no greater than {longest.days} days"))
    return start, end


@router.get("/users/{uuid}")
async def get_user(uuid: str, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "users:read")
    if uuid not in ("me", account.user_uuid):
        raise missing()
    return {"resource": user_json(state.calendly, account)}


@router.get("/event_types")
async def list_event_types(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "event_types:read")
    owner = request.query_params.get("user") or request.query_params.get("organization")
    if owner is None:
        raise invalid(detail("user", "either user or organization must be filled"))
    need_own(account, "user", owner)
    active = request.query_params.get("active")
    items = [
        event_type_json(state.calendly, account, event_type)
        for event_type in account.event_types
        if active is None or event_type.active == (active.lower() == "true")
    ]
    return page(request, sorted_by(request, items, "name:asc", ("name", "position", "created_at", "updated_at")))


@router.get("/event_types/{uuid}")
async def get_event_type(uuid: str, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "event_types:read")
    event_type = own_event_type(state.calendly, account, uuid)
    return {"resource": event_type_json(state.calendly, account, event_type)}


@router.get("/event_type_available_times")
async def list_available_times(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "availability:read")
    uri = request.query_params.get("event_type")
    if not uri:
        raise invalid(detail("event_type", "is missing"))
    event_type = own_event_type(state.calendly, account, uuid_of(uri, "event_types", "event_type"))
    start, end = read_range(request, state.clock.now(), AVAILABLE_RANGE)
    slots = open_slots(state.calendly, account, event_type, start, end)
    return {"collection": [slot_json(state.calendly, account, event_type, slot) for slot in slots]}


@router.get("/user_busy_times")
async def list_busy_times(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "availability:read")
    need_own(account, "user", request.query_params.get("user"))
    start, end = read_range(request, state.clock.now(), BUSY_RANGE)
    busy = [booking for booking in state.calendly.busy(account) if booking.start < end and booking.end > start]
    return {"collection": [busy_json(booking) for booking in busy]}


def busy_json(booking: Booking) -> Json:
    before = timedelta(minutes=booking.event_type.before_buffer)
    after = timedelta(minutes=booking.event_type.after_buffer)
    return {
        "type": "calendly",
        "start_time": microseconds(booking.start),
        "end_time": microseconds(booking.end),
        "buffered_start_time": microseconds(booking.start - before),
        "buffered_end_time": microseconds(booking.end + after),
        "event": {"uri": booking.event_uri},
    }


@router.get("/user_availability_schedules")
async def list_schedules(request: Request, account: AccountDep) -> Json:
    need_scope(account, "availability:read")
    need_own(account, "user", request.query_params.get("user"))
    hours = [{"from": f"{OPENS:%H:%M}", "to": f"{CLOSES:%H:%M}"}]
    rules = [
        {"type": "wday", "wday": name, "intervals": hours if number in WORKING_DAYS else []}
        for number, name in enumerate(WEEKDAYS)
    ]
    schedule = {
        "uri": f"{API}/user_availability_schedules/{account.user_uuid}",
        "default": True,
        "name": "Working hours",
        "user": account.uri,
        "timezone": account.timezone,
        "rules": rules,
    }
    return {"collection": [schedule]}


@router.get("/scheduled_events")
async def list_events(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:read")
    query = request.query_params
    owner = query.get("user") or query.get("organization")
    if owner is None:
        raise invalid(detail("user", "one of user, organization or group must be filled"))
    need_own(account, "user", owner)
    if query.get("status") not in (None, "active", "canceled"):
        raise invalid(detail("status", "must be active or canceled"))
    events = [
        event_json(state.calendly, booking) for booking in state.calendly.bookings if wanted(request, account, booking)
    ]
    return page(request, sorted_by(request, events, "start_time:asc", ("start_time",)))


def wanted(request: Request, account: Account, booking: Booking) -> bool:
    query = request.query_params
    status = "canceled" if booking.canceled else "active"
    return (
        booking.account is account
        and query.get("status") in (None, status)
        and query.get("invitee_email", booking.email).lower() == booking.email.lower()
        and ("min_start_time" not in query or booking.start >= read_time(request, "min_start_time"))
        and ("max_start_time" not in query or booking.start <= read_time(request, "max_start_time"))
    )


def own_booking(state: SandboxState, account: Account, event_uuid: str) -> Booking:
    booking = state.calendly.booking_by_event(event_uuid)
    if booking is None:
        raise missing()
    if booking.account is not account:
        raise denied()
    return booking


@router.get("/scheduled_events/{uuid}")
async def get_event(uuid: str, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:read")
    return {"resource": event_json(state.calendly, own_booking(state, account, uuid))}


@router.get("/scheduled_events/{uuid}/invitees")
async def list_invitees(uuid: str, request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:read")
    invitee = invitee_json(state.calendly, own_booking(state, account, uuid))
    query = request.query_params
    shown = query.get("status") in (None, invitee["status"]) and query.get("email") in (None, invitee["email"])
    return page(request, sorted_by(request, [invitee] if shown else [], "created_at:asc", ("created_at",)))


@router.get("/scheduled_events/{uuid}/invitees/{invitee_uuid}")
async def get_invitee(uuid: str, invitee_uuid: str, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:read")
    booking = own_booking(state, account, uuid)
    if booking.invitee_uuid != invitee_uuid:
        raise missing()
    return {"resource": invitee_json(state.calendly, booking)}
