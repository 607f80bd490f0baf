"""The pages an invitee sees: book by a single-use link or the public page, move a meeting, cancel it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from pipewise.sandbox.answers import VendorRefusalError
from pipewise.sandbox.calendly_answers import TRACKING_KEYS, whole_seconds
from pipewise.sandbox.calendly_booking import (
    check_answers,
    check_guests,
    check_invitee,
    check_location,
    check_tracking,
    is_iana_zone,
    read_start,
)
from pipewise.sandbox.calendly_calendar import book, cancel, need_open_slot, reschedule
from pipewise.sandbox.calendly_event_types import EventType
from pipewise.sandbox.calendly_hooks import announce
from pipewise.sandbox.calendly_page_forms import booking_form, cancel_form, message_page, move_form
from pipewise.sandbox.calendly_slots import open_slots
from pipewise.sandbox.calendly_state import Account, Booking, Link
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(tags=["calendly pages"])
SHOWN_DAYS = timedelta(days=14)
GONE = "This link is no longer valid"


def offered(
    state: SandboxState, account: Account, event_type: EventType, moving: Booking | None = None
) -> list[datetime]:
    now = state.clock.now()
    return open_slots(state.calendly, account, event_type, now, now + SHOWN_DAYS, ignoring=moving)


def shown_zone(request: Request, account: Account) -> ZoneInfo:
    asked = request.query_params.get("timezone", "")
    return ZoneInfo(asked if is_iana_zone(asked) else account.timezone)


def show_booking(
    state: SandboxState, account: Account, event_type: EventType, prefill: Mapping[str, str], problem: str = ""
) -> HTMLResponse:
    asked = prefill.get("timezone", "")
    zone = ZoneInfo(asked if is_iana_zone(asked) else account.timezone)
    slots = offered(state, account, event_type)
    page = booking_form(
        account=account, event_type=event_type, slots=slots, zone=zone, prefill=prefill, problem=problem
    )
    return HTMLResponse(page, 400 if problem else 200)


async def read_form(request: Request) -> dict[str, str]:
    """The posted fields over the prefill parameters of the address."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return {**request.query_params, **form}


def take_booking(state: SandboxState, account: Account, event_type: EventType, form: dict[str, str]) -> Booking:
    answers = [
        {"question": question["name"], "answer": form[f"a{index + 1}"], "position": index}
        for index, question in enumerate(event_type.questions)
        if form.get(f"a{index + 1}", "").strip()
    ]
    kind = form.get("location_kind") or next((place["kind"] for place in event_type.locations), None)
    place = form.get("location") or next((p.get("location") for p in event_type.locations if p["kind"] == kind), None)
    location = {"kind": kind, **({"location": place} if place else {})} if kind else None
    utm = {key: form.get(key) for key in TRACKING_KEYS}
    asked = {
        "invitee": check_invitee({key: form.get(key) or None for key in ("name", "email", "timezone")}),
        "location": check_location(event_type, location),
        "answers": check_answers(event_type, answers),
        "tracking": check_tracking(utm),
        "guests": check_guests(None),
        "method": None,
    }
    start = read_start(form.get("start_time"), state.clock.now())
    need_open_slot(state, account, event_type, start)
    booking = book(state, account, event_type, start, asked)
    announce(state, "invitee.created", booking)
    return booking


def booked(booking: Booking) -> HTMLResponse:
    local = booking.start.astimezone(ZoneInfo(booking.timezone))
    text = f"{booking.event_type.name} with {booking.account.name}, {local:%A %d %B %Y, %H:%M} ({booking.timezone})."
    return HTMLResponse(message_page("You are booked", text))


def problem_of(refusal: VendorRefusalError) -> str:
    details = refusal.body.get("details") or [{}]
    return str(details[0].get("message") or refusal.body.get("message"))


def open_link(state: SandboxState, code: str, slug: str) -> Link | None:
    link = state.calendly.links.get(code)
    fits = link is not None and link.event_type.slug == slug
    return link if fits and link and state.calendly.link_is_open(link) else None


@router.get("/d/{code}/{slug}")
async def show_link(code: str, slug: str, request: Request, state: StateDep) -> HTMLResponse:
    link = open_link(state, code, slug)
    if link is None:
        return HTMLResponse(message_page(GONE, "Ask for a new one: every link books one meeting."), 410)
    return show_booking(state, link.account, link.event_type, request.query_params)


@router.post("/d/{code}/{slug}")
async def use_link(code: str, slug: str, request: Request, state: StateDep) -> HTMLResponse:
    form = await read_form(request)
    # Looked up after the form was read: from here to the booking nothing waits, so two clicks cannot both win.
    link = open_link(state, code, slug)
    if link is None:
        return HTMLResponse(message_page(GONE, "Ask for a new one: every link books one meeting."), 410)
    try:
        booking = take_booking(state, link.account, link.event_type, form)
    except VendorRefusalError as refusal:
        return show_booking(state, link.account, link.event_type, form, problem_of(refusal))
    link.used_by = booking.invitee_uri
    state.ledger.record("calendly", "link_used", code=code, invitee=booking.invitee_uri)
    return booked(booking)


def booking_of(state: SandboxState, uuid: str) -> Booking | None:
    booking = state.calendly.booking_by_invitee(uuid)
    return booking if booking and booking.canceled is None and booking.end > state.clock.now() else None


def no_meeting() -> HTMLResponse:
    return HTMLResponse(
        message_page("Nothing to change here", "The meeting is over, canceled or was never booked."), 410
    )


@router.get("/cancellations/{uuid}")
async def show_cancellation(uuid: str, state: StateDep) -> HTMLResponse:
    booking = booking_of(state, uuid)
    return HTMLResponse(cancel_form(booking)) if booking else no_meeting()


@router.post("/cancellations/{uuid}")
async def cancel_meeting(uuid: str, request: Request, state: StateDep) -> HTMLResponse:
    reason = str((await request.form()).get("reason") or "") or None
    booking = booking_of(state, uuid)
    if booking is None:
        return no_meeting()
    cancel(state, booking, by="invitee", reason=reason)
    return HTMLResponse(message_page("Your meeting is canceled", f"{booking.event_type.name} will not take place."))


@router.get("/reschedulings/{uuid}")
async def show_rescheduling(uuid: str, request: Request, state: StateDep) -> HTMLResponse:
    booking = booking_of(state, uuid)
    if booking is None:
        return no_meeting()
    slots = offered(state, booking.account, booking.event_type, booking)
    return HTMLResponse(move_form(booking, slots, shown_zone(request, booking.account)))


@router.post("/reschedulings/{uuid}")
async def move_meeting(uuid: str, request: Request, state: StateDep) -> HTMLResponse:
    form = await request.form()
    booking = booking_of(state, uuid)
    if booking is None:
        return no_meeting()
    try:
        start = read_start(form.get("start_time"), state.clock.now())
        return booked(reschedule(state, booking, start.astimezone(UTC), reason=str(form.get("reason") or "") or None))
    except VendorRefusalError as refusal:
        slots = offered(state, booking.account, booking.event_type, booking)
        zone = shown_zone(request, booking.account)
        return HTMLResponse(move_form(booking, slots, zone, problem_of(refusal)), 400)


def public_page(state: SandboxState, user_slug: str, slug: str) -> tuple[Account, EventType]:
    for account in state.calendly.accounts.values():
        for event_type in account.event_types:
            if (account.slug, event_type.slug) == (user_slug, slug):
                return account, event_type
    raise HTTPException(404)


@router.get("/{user_slug}/{slug}/{start}")
@router.get("/{user_slug}/{slug}")
async def show_public_page(
    user_slug: str, slug: str, request: Request, state: StateDep, start: str = ""
) -> HTMLResponse:
    account, event_type = public_page(state, user_slug, slug)
    prefill = {"start_time": slot_in_path(start), **request.query_params}
    return show_booking(state, account, event_type, prefill)


@router.post("/{user_slug}/{slug}/{start}")
@router.post("/{user_slug}/{slug}")
async def book_on_public_page(
    user_slug: str, slug: str, request: Request, state: StateDep, start: str = ""
) -> HTMLResponse:
    account, event_type = public_page(state, user_slug, slug)
    form = {"start_time": slot_in_path(start), **await read_form(request)}
    try:
        return booked(take_booking(state, account, event_type, form))
    except VendorRefusalError as refusal:
        return show_booking(state, account, event_type, form, problem_of(refusal))


def slot_in_path(start: str) -> str:
    """The address of one slot ends in its local start; an unreadable one just selects nothing."""
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        return ""
    return whole_seconds(moment) if moment.tzinfo else ""
