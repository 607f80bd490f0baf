"""Reading an account: host, event types, free times, bookings, pages."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from pipewise.errors import AuthFailed, Outcome, Rejected, Unavailable
from pipewise.platforms.calendly.client import CalendlyClient
from pipewise.scheduling import Location
from tests.fakes import NOON, FixedClock
from tests.unit.pipewise.platforms.calendly.vendor import (
    API,
    EVENT,
    EVENT_TYPE,
    INVITEE,
    ORGANIZATION,
    TOKEN,
    USER,
    FakeCalendly,
    event,
    event_type,
    invitee,
    ok,
    page,
    question,
    refusal,
    user,
)


def slot(start: str, **changes: Any) -> dict[str, Any]:
    return {
        "status": "available",
        "invitees_remaining": 1,
        "start_time": start,
        "scheduling_url": "https://x",
        **changes,
    }


async def test_host_is_asked_once_with_the_token(client: CalendlyClient, vendor: FakeCalendly) -> None:
    host = await client.host()
    assert await client.host() == host
    assert (host.uri, host.organization, host.timezone) == (USER, ORGANIZATION, "Europe/Oslo")
    assert [request.headers["authorization"] for request in vendor.requests] == [f"Bearer {TOKEN}"]


async def test_event_types_follow_the_page_token_and_not_the_url(client: CalendlyClient, vendor: FakeCalendly) -> None:
    second = f"{API}/event_types/et-2"
    vendor.on("GET /event_types", page([event_type()], "tok/2="), page([], "tok3"), page([event_type(uri=second)]))
    assert [found.uri for found in await client.event_types()] == [EVENT_TYPE, second]
    requests = vendor.sent("GET /event_types")
    assert [request.url.params.get("page_token") for request in requests] == [None, "tok/2=", "tok3"]
    assert {request.url.params["user"] for request in requests} == {USER}
    assert {request.url.params["count"] for request in requests} == {"100"}
    assert {request.url.host for request in requests} == {"api.calendly.com"}


async def test_an_endless_list_ends(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on("GET /event_types", page([event_type()], "again"))
    with pytest.raises(Unavailable) as caught:
        await client.event_types()
    assert caught.value.vendor_code == "too_many_pages"
    assert len(vendor.sent("GET /event_types")) == 20


@pytest.mark.parametrize(
    ("changes", "bookable"),
    [
        ({}, True),
        ({"kind_description": "Collective", "pooling_type": "collective"}, True),
        ({"type": "AdhocEventType"}, True),
        ({"kind": "group"}, False),
        ({"booking_method": "poll"}, False),
        ({"is_paid": True}, False),
        ({"secret": True}, False),
        ({"active": False}, False),
        ({"deleted_at": "2026-02-01T00:00:00.000000Z"}, False),
    ],
)
async def test_what_can_be_booked_by_time(
    client: CalendlyClient, vendor: FakeCalendly, changes: dict[str, Any], bookable: bool
) -> None:
    vendor.on("GET /event_types/et-intro", ok(event_type(**changes)))
    assert (await client.event_type(EVENT_TYPE)).bookable is bookable


async def test_an_event_type_is_read_with_its_questions_and_places(
    client: CalendlyClient, vendor: FakeCalendly
) -> None:
    document = event_type(
        name=None,
        locations=[{"kind": "physical", "location": "Kai 4"}, {"kind": "outbound_call"}, {"kind": "brand_new"}, 7],
        custom_questions=[
            question(
                " Budget? ", "single_select", required=True, position=2, answer_choices=["small", 3], include_other=True
            ),
            question("Gone", enabled=False),
            {"type": "text"},
        ],
        something_new={"a": 1},
    )
    vendor.on("GET /event_types/et-intro", ok(document))
    found = await client.event_type(EVENT_TYPE)
    assert found.locations == (
        Location("physical", "Kai 4", needs_value=True),
        Location("outbound_call", None, needs_value=True),
        Location("brand_new"),
    )
    assert [(q.name, q.kind, q.position, q.required, q.choices, q.include_other) for q in found.questions] == [
        (" Budget? ", "single_select", 2, True, ("small",), True)
    ]
    assert (found.name, found.minutes) == ("Meeting", 25)


@pytest.mark.parametrize(
    "changes", [{"locations": None}, {"pooling_type": "round_robin"}, {"kind_description": "Round Robin"}]
)
async def test_no_place_is_named_where_none_may_be(client: CalendlyClient, vendor: FakeCalendly, changes: Any) -> None:
    vendor.on("GET /event_types/et-intro", ok(event_type(**changes)))
    assert (await client.event_type(EVENT_TYPE)).locations == ()


async def test_inactive_and_unreadable_event_types_are_left_out(client: CalendlyClient, vendor: FakeCalendly) -> None:
    other = f"{API}/event_types/et-off"
    vendor.on("GET /event_types", page([event_type(), event_type(uri=other, active=False), {"uri": "?"}, None]))
    assert [found.uri for found in await client.event_types()] == [EVENT_TYPE]


async def test_free_times_keep_the_vendors_string(client: CalendlyClient, vendor: FakeCalendly) -> None:
    items = [
        slot("2026-03-05T13:30:00Z"),
        slot("2026-03-05T13:00:00Z"),
        slot("2026-03-05T14:00:00Z", status="unavailable"),
        slot("2026-03-05T15:00:00Z", invitees_remaining=0),
        slot("soon"),
        slot("2026-03-06T00:00:00Z"),
    ]
    vendor.on("GET /event_type_available_times", httpx.Response(200, json={"collection": items}))
    start, end = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)
    found = await client.free_times(EVENT_TYPE, start, end)
    assert [(s.start, s.raw_start) for s in found] == [
        (datetime(2026, 3, 5, 13, tzinfo=UTC), "2026-03-05T13:00:00Z"),
        (datetime(2026, 3, 5, 13, 30, tzinfo=UTC), "2026-03-05T13:30:00Z"),
    ]
    assert dict(vendor.requests[0].url.params) == {
        "event_type": EVENT_TYPE,
        "start_time": "2026-03-05T00:00:00Z",
        "end_time": "2026-03-06T00:00:00Z",
    }


async def test_free_times_are_asked_from_a_minute_ahead_in_slices_of_31_days(
    client: CalendlyClient, vendor: FakeCalendly, clock: FixedClock
) -> None:
    clock.advance(0.25)
    vendor.on("GET /event_type_available_times", httpx.Response(200, json={"collection": []}))
    east = timezone(timedelta(hours=5, minutes=30))
    assert (
        await client.free_times(EVENT_TYPE, (NOON - timedelta(days=3)).astimezone(east), NOON + timedelta(days=70))
        == ()
    )
    ranges = [(r.url.params["start_time"], r.url.params["end_time"]) for r in vendor.requests]
    assert ranges == [
        ("2026-03-02T12:01:01Z", "2026-04-02T12:01:01Z"),
        ("2026-04-02T12:01:01Z", "2026-05-03T12:01:01Z"),
        ("2026-05-03T12:01:01Z", "2026-05-11T12:00:00Z"),
    ]


async def test_a_range_in_the_past_asks_nothing(client: CalendlyClient, vendor: FakeCalendly) -> None:
    assert await client.free_times(EVENT_TYPE, NOON - timedelta(days=2), NOON) == ()
    assert vendor.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"collection": None}),
        httpx.Response(200, json=[]),
        httpx.Response(200, content=b""),
        httpx.Response(200, json={"collection": [{"start": "2026-03-05T13:00:00Z"}]}),
    ],
)
async def test_an_unreadable_list_is_a_failure_and_not_an_empty_calendar(
    client: CalendlyClient, vendor: FakeCalendly, answer: httpx.Response
) -> None:
    vendor.on("GET /event_type_available_times", answer)
    with pytest.raises(Unavailable) as caught:
        await client.free_times(EVENT_TYPE, NOON, NOON + timedelta(days=1))
    assert (caught.value.vendor_code, caught.value.outcome) == ("malformed_answer", Outcome.NOT_SENT)


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/scheduled_events/ev-1",
        "https://api.calendly.com/event_types/../users/me",
        "https://api.calendly.com/event_types/et%2F..%2Fx",
        "https://api.calendly.com/event_types/et?x=1",
        "https://api.calendly.com/event_types/et#x",
        "https://me@api.calendly.com/event_types/et",
        "https://api.calendly.com/event_types/et\n",
        "https://api.calendly.com/event_types/" + "a" * 2000,
        "file:///event_types/et",
        "/event_types/et",
        "",
    ],
)
async def test_an_address_of_another_shape_is_refused_unsent(
    client: CalendlyClient, vendor: FakeCalendly, uri: str
) -> None:
    for call in (
        client.event_type(uri),
        client.create_link(uri),
        client.free_times(uri, NOON, NOON + timedelta(days=1)),
    ):
        with pytest.raises(Rejected) as caught:
            await call
        assert (caught.value.outcome, caught.value.vendor_code) == (Outcome.NOT_SENT, "foreign_uri")
    assert vendor.requests == []


async def test_a_foreign_host_never_sees_the_token(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on("GET /event_types/et-intro", ok(event_type()))
    await client.event_type("https://evil.example/event_types/et-intro")
    assert [request.url.host for request in vendor.requests] == ["api.calendly.com"]


@pytest.mark.parametrize(
    "resource", [None, [], "x", {}, user(uri="https://x.example/"), user(current_organization=None)]
)
async def test_a_host_that_cannot_be_read_is_unavailable(
    client: CalendlyClient, vendor: FakeCalendly, resource: Any
) -> None:
    vendor.on("GET /users/me", ok(resource))
    with pytest.raises(Unavailable):
        await client.host()


async def test_a_booking_is_read_from_event_and_invitee(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on("GET /scheduled_events/ev-1", ok(event()))
    vendor.on("GET /scheduled_events/ev-1/invitees/in-1", ok(invitee()))
    booking = await client.booking(EVENT, INVITEE)
    assert (booking.start, booking.end) == (
        datetime(2026, 3, 5, 13, tzinfo=UTC),
        datetime(2026, 3, 5, 13, 25, tzinfo=UTC),
    )
    assert (booking.join_url, booking.location_status) == ("https://fjordline.zoom.us/j/55511122", "pushed")
    assert (booking.email, booking.key, booking.status) == ("lena.moreau@atelier.example", "intent-1", "active")
    assert (booking.event_type, booking.invitee_uri) == (EVENT_TYPE, INVITEE)


@pytest.mark.parametrize(
    "location",
    [
        None,
        "somewhere",
        {"type": "zoom", "status": "processing", "join_url": None},
        {"type": "zoom", "status": "failed", "join_url": "https://fjordline.zoom.us/j/1"},
        {"type": "zoom", "status": "pushed", "join_url": "javascript:alert(1)"},
        {"type": "outbound_call", "location": "+4722334455"},
        {"type": "of_tomorrow"},
    ],
)
async def test_there_is_a_join_link_only_once_pushed(
    client: CalendlyClient, vendor: FakeCalendly, location: Any
) -> None:
    vendor.on("GET /scheduled_events/ev-1", ok(event(location=location, end_time=None)))
    vendor.on("GET /scheduled_events/ev-1/invitees/in-1", ok(invitee()))
    booking = await client.booking(EVENT, INVITEE)
    assert (booking.join_url, booking.end) == (None, None)


async def test_without_an_invitee_the_active_one_is_meant(client: CalendlyClient, vendor: FakeCalendly) -> None:
    second = f"{EVENT}/invitees/in-2"
    vendor.on("GET /scheduled_events/ev-1", ok(event()))
    vendor.on("GET /scheduled_events/ev-1/invitees", page([invitee(status="canceled"), invitee(uri=second)]))
    assert (await client.booking(EVENT)).invitee_uri == second
    vendor.on("GET /scheduled_events/ev-1/invitees", page([invitee(status="canceled")]))
    assert (await client.booking(EVENT)).status == "canceled"
    vendor.on("GET /scheduled_events/ev-1/invitees", page([]))
    with pytest.raises(Rejected):
        await client.booking(EVENT)


async def test_an_invitee_of_another_event_is_refused(client: CalendlyClient, vendor: FakeCalendly) -> None:
    with pytest.raises(Rejected) as caught:
        await client.booking(EVENT, f"{API}/scheduled_events/ev-12/invitees/in-1")
    assert caught.value.outcome is Outcome.NOT_SENT
    assert vendor.requests == []


async def test_upcoming_lists_bookings_with_cancelled_ones(client: CalendlyClient, vendor: FakeCalendly) -> None:
    other = f"{API}/scheduled_events/ev-2"
    vendor.on("GET /scheduled_events", page([event()], "n"), page([event(uri=other, status="canceled")]))
    vendor.on("GET /scheduled_events/ev-1/invitees", page([invitee()]))
    vendor.on(
        "GET /scheduled_events/ev-2/invitees",
        page([invitee(uri=f"{other}/invitees/in-9", no_show={"uri": f"{API}/invitee_no_shows/ns-1"})]),
    )
    found = await client.upcoming(NOON, NOON + timedelta(days=7))
    assert [(b.event_uri, b.status, b.no_show_uri) for b in found] == [
        (EVENT, "active", None),
        (other, "canceled", f"{API}/invitee_no_shows/ns-1"),
    ]
    params = vendor.sent("GET /scheduled_events")[0].url.params
    assert (params["min_start_time"], params["max_start_time"]) == ("2026-03-02T12:00:00Z", "2026-03-09T12:00:00Z")
    assert "status" not in params


async def test_reads_are_repeated_on_a_server_error(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on("GET /event_types/et-intro", httpx.Response(503), httpx.ReadError("reset"), ok(event_type()))
    assert (await client.event_type(EVENT_TYPE)).uri == EVENT_TYPE


async def test_a_dead_token_is_not_tried_again(client: CalendlyClient, vendor: FakeCalendly) -> None:
    vendor.on("GET /users/me", refusal(401, "Unauthenticated", "The access token is invalid"))
    with pytest.raises(AuthFailed):
        await client.host()
    assert len(vendor.requests) == 1


async def test_an_invitee_of_another_event_in_a_list_is_passed_over(
    client: CalendlyClient, vendor: FakeCalendly
) -> None:
    foreign = invitee(uri=f"{API}/scheduled_events/ev-9/invitees/in-9")
    vendor.on("GET /scheduled_events/ev-1", ok(event()))
    vendor.on("GET /scheduled_events/ev-1/invitees", page([foreign, invitee()]))
    assert (await client.booking(EVENT)).invitee_uri == INVITEE
