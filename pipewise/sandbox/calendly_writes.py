"""Calendly's writes: book, cancel, single-use links, no-shows."""

from typing import Any

from fastapi import APIRouter, Request, Response

from pipewise.sandbox.answers import read_object
from pipewise.sandbox.calendly_answers import denied, detail, invalid, invitee_json, link_json, microseconds, missing
from pipewise.sandbox.calendly_auth import AccountDep, malformed_body, need_scope, own_event_type, spend, uuid_of
from pipewise.sandbox.calendly_booking import (
    check_answers,
    check_guests,
    check_invitee,
    check_location,
    check_tracking,
    read_start,
)
from pipewise.sandbox.calendly_calendar import book, cancel, need_open_slot, record
from pipewise.sandbox.calendly_hooks import announce
from pipewise.sandbox.calendly_quota import BOOKINGS
from pipewise.sandbox.calendly_reads import own_booking
from pipewise.sandbox.calendly_state import API, Account, Booking, Link
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(tags=["calendly"])
MAX_REASON_LENGTH = 10_000


@router.post("/invitees", status_code=201)
async def create_invitee(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:write")
    # Whether refused bookings cost quota is not documented: the sandbox counts them, the worse case for a client.
    spend(request, account, "bookings", BOOKINGS[account.plan])
    body = await read_object(request, malformed_body())
    if not body.get("event_type"):
        raise invalid(detail("event_type", "is missing"))
    event_type = own_event_type(state.calendly, account, uuid_of(body["event_type"], "event_types", "event_type"))
    asked = {
        "invitee": check_invitee(body.get("invitee")),
        "location": check_location(event_type, body.get("location")),
        "answers": check_answers(event_type, body.get("questions_and_answers")),
        "tracking": check_tracking(body.get("tracking")),
        "guests": check_guests(body.get("event_guests")),
        "method": "api",
    }
    start = read_start(body.get("start_time"), state.clock.now())
    need_open_slot(state, account, event_type, start)
    booking = book(state, account, event_type, start, asked)
    announce(state, "invitee.created", booking)
    return {"resource": invitee_json(state.calendly, booking)}


@router.post("/scheduled_events/{uuid}/cancellation", status_code=201)
async def cancel_event(uuid: str, request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:write")
    booking = own_booking(state, account, uuid)
    body = await read_object(request, malformed_body())
    reason = body.get("reason")
    if reason is not None and (not isinstance(reason, str) or len(reason) > MAX_REASON_LENGTH):
        raise invalid(detail("reason", f"is too long (maximum is {MAX_REASON_LENGTH} characters)"))
    return {"resource": cancel(state, booking, by="host", reason=reason)}


@router.post("/scheduling_links", status_code=201)
async def create_link(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduling_links:write")
    body = await read_object(request, malformed_body())
    problems = []
    # The reference types the only allowed value as a string, clients send the number: both are taken.
    if body.get("max_event_count") not in (1, "1") or body.get("max_event_count") is True:
        problems.append(detail("max_event_count", "must be 1"))
    if body.get("owner_type") != "EventType":
        problems.append(detail("owner_type", "must be EventType"))
    if problems:
        raise invalid(*problems)
    event_type = own_event_type(state.calendly, account, uuid_of(body.get("owner"), "event_types", "owner"))
    link = Link(account, event_type, state.calendly.new_code(), state.clock.now())
    state.calendly.links[link.code] = link
    answer = link_json(state.calendly, link)
    state.ledger.record("calendly", "link", **answer)
    return {"resource": answer}


@router.post("/invitee_no_shows", status_code=201)
async def create_no_show(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:write")
    body = await read_object(request, malformed_body())
    booking = booking_of_invitee(state, account, body.get("invitee"))
    if booking.no_show is not None:
        raise invalid(detail("invitee", "is already marked as a no-show"))
    created = microseconds(state.clock.now())
    booking.no_show = {"uri": f"{API}/invitee_no_shows/{state.calendly.new_uuid()}", "created_at": created}
    record(state, "no_show", booking)
    announce(state, "invitee_no_show.created", booking)
    return {"resource": no_show_json(booking)}


def booking_of_invitee(state: SandboxState, account: Account, uri: object) -> Booking:
    event_uuid, _, invitee_uuid = uuid_of(uri, "scheduled_events", "invitee").partition("/invitees/")
    booking = own_booking(state, account, event_uuid)
    if booking.invitee_uuid != invitee_uuid:
        raise missing()
    return booking


def no_show_json(booking: Booking) -> Json:
    if booking.no_show is None:
        raise missing()
    no_show = booking.no_show
    return {"uri": no_show["uri"], "invitee": booking.invitee_uri, "created_at": no_show["created_at"]}


def booking_of_no_show(state: SandboxState, account: Account, uuid: str) -> Booking:
    uri = f"{API}/invitee_no_shows/{uuid}"
    for booking in state.calendly.bookings:
        if booking.no_show and booking.no_show["uri"] == uri:
            if booking.account is not account:
                raise denied()
            return booking
    raise missing()


@router.get("/invitee_no_shows/{uuid}")
async def get_no_show(uuid: str, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "scheduled_events:read")
    return {"resource": no_show_json(booking_of_no_show(state, account, uuid))}


@router.delete("/invitee_no_shows/{uuid}", status_code=204)
async def delete_no_show(uuid: str, account: AccountDep, state: StateDep) -> Response:
    need_scope(account, "scheduled_events:write")
    booking = booking_of_no_show(state, account, uuid)
    booking.no_show = None
    record(state, "no_show_removed", booking)
    announce(state, "invitee_no_show.deleted", booking)
    return Response(status_code=204)
