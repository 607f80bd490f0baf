"""Writing to an account: links, bookings and their reconciling, cancelling, no-shows."""

from typing import Any

import httpx
import pytest

from pipewise.circuit import Circuit
from pipewise.errors import Outcome, PlatformError, RateLimited, Rejected, SlotTaken, Unavailable
from pipewise.platforms.calendly.client import CalendlyClient
from pipewise.scheduling import Location, Question
from tests.fakes import FixedClock
from tests.unit.pipewise.platforms.calendly.vendor import (
    API,
    EVENT,
    EVENT_TYPE,
    INVITEE,
    USER,
    FakeCalendly,
    booking_request,
    event,
    invitee,
    make_client,
    ok,
    page,
    refusal,
    tracking,
)

BOOK = "POST /invitees"
INVALID = "The supplied parameters are invalid."
PHONE_REFUSED = refusal(
    400,
    "Invalid Argument",
    INVALID,
    {"parameter": "questions_and_answers", "message": "Mobile is not a valid phone number"},
)
ZOOM = Location("zoom_conference")
CALL = Location("outbound_call", needs_value=True)
ASK = Location("ask_invitee", needs_value=True)
OFFICE = Location("physical", "Kai 4, Bergen", needs_value=True)
MOBILE = Question("Mobile", "phone_number", 1, required=False)
TOPIC = Question("What is it about?", "text", 0, required=True)


async def test_a_link_is_single_use_and_repeated_when_the_answer_is_lost(
    client: CalendlyClient, vendor: FakeCalendly, clock: FixedClock
) -> None:
    created = ok({"booking_url": "https://calendly.com/d/abc-123", "owner": EVENT_TYPE, "owner_type": "EventType"}, 201)
    vendor.on("POST /scheduling_links", httpx.Response(500), created)
    link = await client.create_link(EVENT_TYPE)
    assert (link.url, link.event_type) == ("https://calendly.com/d/abc-123", EVENT_TYPE)
    assert link.expires_at is not None
    assert (link.expires_at - clock.now()).days == 90
    body = {"max_event_count": 1, "owner": EVENT_TYPE, "owner_type": "EventType"}
    assert vendor.bodies("POST /scheduling_links") == [body, body]


async def test_a_booking_sends_everything_calendly_wants(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on(BOOK, ok(invitee(), 201))
    booking = await client.book(
        booking_request(
            questions=(TOPIC, MOBILE, Question("Notes", "text", 2, required=False)),
            answers=(
                ("What is it about?", "Pricing"),
                ("Mobile", "+47 22 33 44 55"),
                ("Notes", "  "),
                ("Unknown", "x"),
            ),
        )
    )
    assert vendor.bodies(BOOK) == [
        {
            "event_type": EVENT_TYPE,
            "start_time": "2026-03-05T13:00:00Z",
            "invitee": {"name": "Lena Moreau", "email": "lena.moreau@atelier.example", "timezone": "Europe/Paris"},
            "location": {"kind": "zoom_conference"},
            "questions_and_answers": [
                {"question": "What is it about?", "answer": "Pricing", "position": 0},
                {"question": "Mobile", "answer": "+4722334455", "position": 1},
            ],
            "tracking": tracking("intent-1"),
        }
    ]
    assert (booking.event_uri, booking.invitee_uri, booking.end) == (EVENT, INVITEE, None)
    assert (booking.key, booking.status, booking.event_type) == ("intent-1", "active", EVENT_TYPE)
    assert booking.reschedule_url == "https://calendly.com/reschedulings/in-1"


@pytest.mark.parametrize(
    ("locations", "value", "sent"),
    [
        ((), None, None),
        ((), "+4722334455", None),
        ((CALL, OFFICE, ZOOM), "+4722334455", {"kind": "zoom_conference"}),
        ((CALL, OFFICE), None, {"kind": "physical", "location": "Kai 4, Bergen"}),
        ((ASK, CALL), "+47 22 33 44 55", {"kind": "outbound_call", "location": "+4722334455"}),
        ((ASK, CALL), "Café Sol", {"kind": "ask_invitee", "location": "Café Sol"}),
        ((Location("inbound_call"), CALL), None, {"kind": "inbound_call"}),
    ],
)
async def test_the_place_follows_the_event_type(
    client: CalendlyClient, vendor: FakeCalendly, locations: tuple[Location, ...], value: str | None, sent: Any
) -> None:
    vendor.on(BOOK, ok(invitee(), 201))
    await client.book(booking_request(locations=locations, location_value=value))
    assert vendor.bodies(BOOK)[0].get("location") == sent


@pytest.mark.parametrize(
    ("request_parts", "code"),
    [
        ({"locations": (CALL,)}, "location_required"),
        ({"locations": (CALL,), "location_value": "ring me"}, "location_required"),
        ({"locations": (ASK,), "location_value": "  "}, "location_required"),
        ({"locations": (Location("custom", needs_value=True),), "location_value": "x"}, "location_required"),
        ({"questions": (TOPIC,)}, "required_questions"),
        ({"questions": (TOPIC,), "answers": ((TOPIC.name, " "),)}, "required_questions"),
        ({"questions": (TOPIC,), "answers": ((TOPIC.name.upper(), "Pricing"),)}, "required_questions"),
        (
            {
                "questions": (Question("Mobile", "phone_number", 1, required=True),),
                "answers": (("Mobile", "22334455"),),
            },
            "phone_answer",
        ),
        ({"bookable": False}, "not_bookable"),
    ],
)
async def test_what_calendly_would_refuse_is_not_sent(
    client: CalendlyClient, vendor: FakeCalendly, request_parts: dict[str, Any], code: str
) -> None:
    with pytest.raises(Rejected) as caught:
        await client.book(booking_request(**request_parts))
    assert type(caught.value) is Rejected
    assert (caught.value.vendor_code, caught.value.outcome) == (code, Outcome.NOT_SENT)
    assert vendor.requests == []


async def test_an_optional_number_that_is_none_is_left_out(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on(BOOK, ok(invitee(), 201))
    await client.book(booking_request(questions=(MOBILE,), answers=(("Mobile", "later"),)))
    assert "questions_and_answers" not in vendor.bodies(BOOK)[0]


async def test_a_refused_optional_number_is_dropped_once(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on(BOOK, PHONE_REFUSED, ok(invitee(), 201))
    request = booking_request(
        questions=(TOPIC, MOBILE), answers=(("What is it about?", "Pricing"), ("Mobile", "+4722334455"))
    )
    await client.book(request)
    assert [[a["question"] for a in body["questions_and_answers"]] for body in vendor.bodies(BOOK)] == [
        ["What is it about?", "Mobile"],
        ["What is it about?"],
    ]
    vendor.on(BOOK, PHONE_REFUSED)
    with pytest.raises(Rejected) as caught:
        await client.book(request)
    assert caught.value.vendor_code == "phone_answer"
    assert len(vendor.sent(BOOK)) == 4


async def test_a_refused_required_number_is_told(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on(BOOK, PHONE_REFUSED)
    required = Question("Mobile", "phone_number", 1, required=True)
    with pytest.raises(Rejected):
        await client.book(booking_request(questions=(required,), answers=(("Mobile", "+4722334455"),)))
    assert len(vendor.sent(BOOK)) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        (
            refusal(
                400,
                "Invalid Argument",
                INVALID,
                {"parameter": "event.start_time", "message": "x", "code": "already_filled"},
            ),
            SlotTaken,
            Outcome.REFUSED,
        ),
        (httpx.Response(404), SlotTaken, Outcome.REFUSED),
        (httpx.Response(409), SlotTaken, Outcome.REFUSED),
        (
            refusal(400, "Invalid Argument", "Required Questions and Answers cannot be blank."),
            Rejected,
            Outcome.REFUSED,
        ),
        (httpx.Response(429, headers={"X-RateLimit-Reset": "1"}), RateLimited, Outcome.REFUSED),
        (httpx.Response(500), Unavailable, Outcome.UNKNOWN),
        (httpx.Response(502, content=b"<html>"), Unavailable, Outcome.UNKNOWN),
        (httpx.Response(201, content=b"<html>"), Unavailable, Outcome.UNKNOWN),
        (httpx.Response(201, json={}), Unavailable, Outcome.UNKNOWN),
        (httpx.Response(201, json=[1]), Unavailable, Outcome.UNKNOWN),
        (ok(invitee(uri="https://evil.example/x"), 201), Unavailable, Outcome.UNKNOWN),
        (ok(invitee(status="canceled"), 201), Unavailable, Outcome.UNKNOWN),
        (httpx.ReadTimeout("slow"), Unavailable, Outcome.UNKNOWN),
        (httpx.RemoteProtocolError("reset"), Unavailable, Outcome.UNKNOWN),
        (httpx.ConnectError("refused"), Unavailable, Outcome.NOT_SENT),
    ],
)
async def test_a_booking_is_sent_once_and_its_outcome_is_known_or_said_to_be_unknown(
    client: CalendlyClient, vendor: FakeCalendly, answer: Any, kind: type[PlatformError], outcome: Outcome
) -> None:
    vendor.on(BOOK, answer)
    with pytest.raises(PlatformError) as caught:
        await client.book(booking_request())
    assert type(caught.value) is kind
    assert caught.value.outcome is outcome
    assert len(vendor.requests) == 1


async def test_an_open_circuit_sends_nothing(vendor: FakeCalendly, clock: FixedClock) -> None:
    circuit = Circuit(clock)
    for _ in range(10):
        circuit.record_failure()
    with pytest.raises(Unavailable) as caught:
        await make_client(vendor, clock, circuit=circuit).book(booking_request())
    assert (caught.value.outcome, vendor.requests) == (Outcome.NOT_SENT, [])


async def test_after_a_429_no_booking_is_sent_until_the_reset(vendor: FakeCalendly, clock: FixedClock) -> None:
    client = make_client(vendor, clock)
    vendor.on(BOOK, httpx.Response(429, headers={"X-RateLimit-Reset": "3600"}), ok(invitee(), 201))
    for outcome in (Outcome.REFUSED, Outcome.NOT_SENT):
        with pytest.raises(RateLimited) as caught:
            await client.book(booking_request())
        assert (caught.value.outcome, caught.value.retry_after) == (outcome, 3600.0)
    assert len(vendor.sent(BOOK)) == 1
    clock.advance(3601)
    await client.book(booking_request())


def two_events(vendor: FakeCalendly, first: dict[str, Any], second: dict[str, Any]) -> str:
    other = f"{API}/scheduled_events/ev-2"
    vendor.on(
        "GET /scheduled_events", page([event()], "next"), page([event(uri=other, start_time="2026-03-05T09:00:00Z")])
    )
    vendor.on("GET /scheduled_events/ev-1/invitees", page([invitee(**first)]))
    vendor.on("GET /scheduled_events/ev-2/invitees", page([invitee(uri=f"{other}/invitees/in-2", **second)]))
    return other


async def test_a_lost_booking_is_found_by_its_key_first(client: CalendlyClient, vendor: FakeCalendly) -> None:
    other = two_events(vendor, {"tracking": tracking("someone-else")}, {"tracking": tracking("intent-1")})
    found = await client.find_booking(booking_request())
    assert found is not None
    assert (found.event_uri, found.key) == (other, "intent-1")
    params = vendor.sent("GET /scheduled_events")[0].url.params
    assert (params["user"], params["invitee_email"], params["status"]) == (
        USER,
        "lena.moreau@atelier.example",
        "active",
    )
    assert params["min_start_time"] < "2026-03-05T13:00:00Z" < params["max_start_time"]


async def test_a_booking_of_this_lead_at_this_time_is_found_without_the_key(
    client: CalendlyClient, vendor: FakeCalendly
) -> None:
    two_events(vendor, {"tracking": None}, {"tracking": tracking("another")})
    found = await client.find_booking(booking_request())
    assert found is not None
    assert (found.event_uri, found.key) == (EVENT, None)


@pytest.mark.parametrize(
    ("event_changes", "invitee_changes"),
    [
        ({"start_time": "2026-03-05T13:30:00Z"}, {}),
        ({"event_type": f"{API}/event_types/et-other"}, {}),
        ({"status": "canceled"}, {"tracking": tracking("intent-1")}),
        ({}, {"status": "canceled", "tracking": tracking("intent-1")}),
        ({}, {"email": "somebody@else.example"}),
    ],
)
async def test_what_is_not_this_booking_is_not_found(
    client: CalendlyClient, vendor: FakeCalendly, event_changes: Any, invitee_changes: Any
) -> None:
    vendor.on("GET /scheduled_events", page([event(**event_changes)]))
    vendor.on("GET /scheduled_events/ev-1/invitees", page([invitee(**{"tracking": None, **invitee_changes})]))
    assert await client.find_booking(booking_request()) is None


async def test_no_event_means_no_booking(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on("GET /scheduled_events", page([]))
    assert await client.find_booking(booking_request()) is None


async def test_cancelling_twice_is_success(client: CalendlyClient, vendor: FakeCalendly) -> None:
    again = refusal(403, "Permission Denied", "Event is already canceled")
    vendor.on("POST /scheduled_events/ev-1/cancellation", ok({"canceled_by": "Torvald Ness"}, 201), again)
    await client.cancel(EVENT, "r" * 20_000)
    await client.cancel(EVENT, "")
    assert vendor.bodies("POST /scheduled_events/ev-1/cancellation") == [{"reason": "r" * 10_000}, {}]


@pytest.mark.parametrize("message", ["Event in the past", "You are not allowed to cancel this event"])
async def test_a_refused_cancel_is_an_error(client: CalendlyClient, vendor: FakeCalendly, message: str) -> None:
    vendor.on("POST /scheduled_events/ev-1/cancellation", refusal(403, "Permission Denied", message))
    with pytest.raises(Rejected):
        await client.cancel(EVENT, "moved")


async def test_a_cancel_whose_answer_is_lost_is_unknown_and_not_repeated(
    client: CalendlyClient, vendor: FakeCalendly
) -> None:
    vendor.on("POST /scheduled_events/ev-1/cancellation", httpx.Response(500))
    with pytest.raises(Unavailable) as caught:
        await client.cancel(EVENT, "moved")
    assert caught.value.outcome is Outcome.UNKNOWN
    assert len(vendor.requests) == 1


async def test_no_shows_are_marked_and_cleared(client: CalendlyClient, vendor: FakeCalendly) -> None:
    mark = f"{API}/invitee_no_shows/ns-4"
    vendor.on("POST /invitee_no_shows", ok({"uri": mark, "invitee": INVITEE}, 201))
    vendor.on("DELETE /invitee_no_shows/ns-4", httpx.Response(204))
    assert await client.mark_no_show(INVITEE) == mark
    assert vendor.bodies("POST /invitee_no_shows") == [{"invitee": INVITEE}]
    await client.clear_no_show(mark)
    await client.clear_no_show(f"{API}/invitee_no_shows/gone")
    with pytest.raises(Rejected):
        await client.clear_no_show(INVITEE)
