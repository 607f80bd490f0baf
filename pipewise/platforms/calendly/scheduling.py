"""Calendly's documents as PipeWise's scheduling objects, and a booking request as the body of POST /invitees."""

from datetime import timedelta
from typing import Any

from pipewise.errors import Outcome
from pipewise.platforms.calendly.errors import malformed, refused_here
from pipewise.platforms.calendly.models import (
    WireEvent,
    WireEventType,
    WireInvitee,
    WireSlot,
    WireSubscription,
    WireUser,
    read_moment,
    read_resource,
)
from pipewise.platforms.calendly.phones import as_e164
from pipewise.platforms.calendly.uris import event_uri_of
from pipewise.scheduling import Booking, BookingRequest, EventType, Host, Location, Question, Slot, Subscription

LINK_LIFE = timedelta(days=90)  # unused single-use links lapse then (Calendly's API FAQ)
# developer.calendly.com, "Create Event Invitee": these kinds want `location.location`, all others want none.
_KINDS_WITH_VALUE = frozenset({"physical", "outbound_call", "ask_invitee", "custom"})


def to_host(user: WireUser) -> Host:
    return Host(
        uri=user.uri,
        organization=user.current_organization,
        name=user.name or "",
        email=user.email or "",
        timezone=user.timezone or "UTC",
        scheduling_url=user.scheduling_url or "",
    )


def to_event_type(wire: WireEventType) -> EventType:
    active = wire.active and wire.deleted_at is None
    instant = wire.booking_method in {None, "instant"}
    return EventType(
        uri=wire.uri,
        name=wire.name or "Meeting",
        minutes=wire.duration,
        active=active,
        bookable=active and instant and wire.kind == "solo" and not (wire.is_paid or wire.secret),
        scheduling_url=wire.scheduling_url or "",
        locations=_locations(wire),
        questions=tuple(
            Question(
                name=question.name,
                kind=question.type or "string",
                position=question.position,
                required=question.required,
                choices=question.answer_choices,
                include_other=question.include_other,
            )
            for question in wire.custom_questions
            if question.enabled and question.name
        ),
    )


def _locations(wire: WireEventType) -> tuple[Location, ...]:
    # A round robin's place depends on the host that gets the meeting: a booking must not name one.
    if "round_robin" in {wire.pooling_type, (wire.kind_description or "").lower().replace(" ", "_")}:
        return ()
    return tuple(
        Location(choice.kind, choice.location, needs_value=choice.kind in _KINDS_WITH_VALUE)
        for choice in wire.locations
        if choice.kind
    )


def to_slot(wire: WireSlot, event_type: str) -> Slot | None:
    start = read_moment(wire.start_time)
    if start is None or wire.status not in {None, "available"} or wire.invitees_remaining < 1:
        return None
    return Slot(start, wire.start_time, event_type)


def to_subscription(wire: WireSubscription) -> Subscription:
    return Subscription(
        uri=wire.uri,
        callback_url=wire.callback_url,
        active=wire.state == "active",
        retrying_since=wire.retry_started_at,
        events=wire.events,
    )


def to_booking(event: WireEvent, invitee: WireInvitee) -> Booking:
    status = "canceled" if "canceled" in {event.status, invitee.present_status} else "active"
    return Booking(
        event_uri=event.uri,
        invitee_uri=invitee.uri,
        event_type=event.event_type or "",
        start=event.start_time,
        end=event.end_time,
        status=status,
        email=(invitee.email or "").lower(),
        name=invitee.full_name,
        timezone=invitee.timezone,
        key=invitee.tracking["utm_content"],
        join_url=event.join_url,
        location_status=event.location.status if event.location else None,
        cancel_url=invitee.cancel_url,
        reschedule_url=invitee.reschedule_url,
        rescheduled=invitee.rescheduled,
        old_invitee=invitee.old_invitee,
        new_invitee=invitee.new_invitee,
        no_show_uri=invitee.no_show.uri if invitee.no_show else None,
    )


def to_new_booking(document: Any, request: BookingRequest) -> Booking:
    """The answer of POST /invitees: an invitee, with neither end nor join link. One that cannot be read may yet have booked."""
    invitee = read_resource(document, WireInvitee, outcome=Outcome.UNKNOWN)
    if invitee.present_status == "canceled":
        raise malformed(Outcome.UNKNOWN)
    return Booking(
        event_uri=event_uri_of(invitee.uri),
        invitee_uri=invitee.uri,
        event_type=request.event_type.uri,
        start=request.slot.start,
        end=None,
        status="active",
        email=(invitee.email or request.email).lower(),
        name=invitee.full_name or request.name,
        timezone=invitee.timezone or request.timezone,
        key=request.key,
        cancel_url=invitee.cancel_url,
        reschedule_url=invitee.reschedule_url,
    )


def booking_body(request: BookingRequest, *, optional_phones: bool = True) -> dict[str, Any]:
    """The body of POST /invitees. Raises Rejected, not sent, for what Calendly would refuse."""
    if not request.event_type.bookable:
        raise refused_here("This event type cannot be booked by time; give the lead its booking link.", "not_bookable")
    body: dict[str, Any] = {
        "event_type": request.event_type.uri,
        "start_time": request.slot.raw_start,
        "invitee": {"name": request.name, "email": request.email, "timezone": request.timezone},
        "tracking": {
            # All six keys or none: Calendly refuses a partial object.
            "utm_campaign": None,
            "utm_source": "pipewise",
            "utm_medium": None,
            "utm_content": request.key,
            "utm_term": None,
            "salesforce_uuid": None,
        },
    }
    if request.event_type.locations:
        body["location"] = _choose_location(request)
    if answers := _answers(request, optional_phones=optional_phones):
        body["questions_and_answers"] = answers
    return body


def _choose_location(request: BookingRequest) -> dict[str, str]:
    """The first place that needs no value, else the first whose value is known: the host's own, or the lead's."""
    locations = request.event_type.locations
    given = (request.location_value or "").strip()
    phone = as_e164(given)
    for location in locations:
        if not location.needs_value:
            return {"kind": location.kind}
    for location in locations:
        if location.value:
            return {"kind": location.kind, "location": location.value}
    for location in locations:
        if location.kind == "outbound_call" and phone:
            return {"kind": location.kind, "location": phone}
    for location in locations:
        if location.kind == "ask_invitee" and given:
            return {"kind": location.kind, "location": given}
    wanted = "phone number" if any(place.kind == "outbound_call" for place in locations) else "meeting place"
    raise refused_here(f"The meeting needs a {wanted} from the lead; ask for it.", "location_required")


def _answers(request: BookingRequest, *, optional_phones: bool) -> list[dict[str, Any]]:
    """Answers by the exact name of their question; blanks and optional numbers that are none are left out."""
    given, entries = dict(request.answers), []
    for question in request.event_type.questions:
        answer = given.get(question.name, "").strip()
        if question.kind == "phone_number" and answer:
            answer = _phone_answer(question, answer, optional=optional_phones)
        if answer:
            entries.append({"question": question.name, "answer": answer, "position": question.position})
        elif question.required:
            raise refused_here("The event type has a required question without an answer.", "required_questions")
    return entries


def _phone_answer(question: Question, answer: str, *, optional: bool) -> str:
    number = as_e164(answer)
    if question.required and number is None:
        raise refused_here("A phone number must be in international form, like +351 912 345 678.", "phone_answer")
    return number or "" if question.required or optional else ""
