"""Conversations with Calendly. The lead's values are invented; event types and times are what the account offers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipewise.errors import PlatformError
from pipewise.platforms.calendly.client import CalendlyClient
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.http import VendorHTTP
from pipewise.scheduling import BookingRequest, EventType
from tests.contract.cassettes import Recordings, Scenario, Stage

HOOK = "https://leads.cascadia.example/webhooks/calendly/scenario"
FREE_DAYS = timedelta(days=3)


def client(stage: Stage, token: str | None = None) -> CalendlyClient:
    http = VendorHTTP(stage.http, platform="calendly", base_url=stage.base_url, clock=stage.clock)
    return CalendlyClient(
        CalendlyCredentials.model_validate({"access_token": token or stage.given["access_token"]}), http
    )


async def bookable(calendly: CalendlyClient) -> EventType:
    return next(event_type for event_type in await calendly.event_types() if event_type.bookable)


async def first_free(calendly: CalendlyClient, stage: Stage, event_type: EventType) -> BookingRequest:
    now = stage.clock.now()
    slots = await calendly.free_times(event_type.uri, now, now + FREE_DAYS)
    return BookingRequest(
        key="5d0e8c11-94a7-5b32-9f60-2c7be1a4d083",
        event_type=event_type,
        slot=slots[0],
        name="Noor van Dijk",
        email="noor.vandijk@windmolen.example",
        timezone="Europe/Amsterdam",
    )


async def read_account(stage: Stage) -> Any:
    calendly = client(stage)
    event_types = await calendly.event_types()
    return await calendly.host(), event_types, await calendly.event_type(event_types[0].uri), await calendly.check()


async def free_times_of_forty_days(stage: Stage) -> Any:
    calendly, now = client(stage), stage.clock.now()
    event_type = await bookable(calendly)
    return await calendly.free_times(event_type.uri, now, now + timedelta(days=40))


async def single_use_link(stage: Stage) -> Any:
    calendly = client(stage)
    event_type = await bookable(calendly)
    return event_type, await calendly.create_link(event_type.uri)


async def book_find_and_cancel(stage: Stage) -> Any:
    calendly = client(stage)
    request = await first_free(calendly, stage, await bookable(calendly))
    booked = await calendly.book(request)
    found = await calendly.find_booking(request)
    read = await calendly.booking(booked.event_uri, booked.invitee_uri)
    mark = await calendly.mark_no_show(booked.invitee_uri)
    marked = await calendly.booking(booked.event_uri)
    await calendly.clear_no_show(mark)
    await calendly.cancel(booked.event_uri, "The scenario ends here.")
    await calendly.cancel(booked.event_uri, "A second time.")
    after = await calendly.booking(booked.event_uri, booked.invitee_uri)
    return request, booked, found, read, (mark, marked), (after, await calendly.find_booking(request))


async def book_a_taken_time(stage: Stage) -> Any:
    calendly = client(stage)
    request = await first_free(calendly, stage, await bookable(calendly))
    booked = await calendly.book(request)
    error = await failure(calendly.book(replace(request, key="another-intent", email="hugo@windmolen.example")))
    now = stage.clock.now()
    left = await calendly.free_times(request.event_type.uri, now, now + FREE_DAYS)
    await calendly.cancel(booked.event_uri, "The scenario ends here.")
    return request, error, left


async def book_with_place_and_answers(stage: Stage) -> Any:
    calendly = client(stage)
    event_type = next(found for found in await calendly.event_types() if found.questions)
    request = replace(
        await first_free(calendly, stage, event_type),
        answers=tuple((question.name, "+31 20 794 0000") for question in event_type.questions),
    )
    booked = await calendly.book(request)
    stale = replace(event_type, questions=())  # as if the host had added its questions meanwhile
    error = await failure(calendly.book(replace(request, event_type=stale, key="another-intent")))
    return booked, await calendly.booking(booked.event_uri), error


async def subscribe_twice(stage: Stage) -> Any:
    calendly = client(stage)
    first = await calendly.subscribe(HOOK, "scenario-signing-key-1")
    second = await calendly.subscribe(HOOK, "scenario-signing-key-2")
    listed = await calendly.subscriptions()
    await calendly.unsubscribe(second.uri)
    await calendly.unsubscribe(second.uri)
    return first, second, listed, await calendly.subscriptions()


async def dead_token(stage: Stage) -> Any:
    calendly = client(stage, "a-token-that-nobody-has")
    return await failure(calendly.host()), await calendly.check()


async def book_and_reconcile(stage: Stage) -> Any:
    """The answer of the booking is lost; whether it was made is found by reading."""
    calendly = client(stage)
    request = await first_free(calendly, stage, await bookable(calendly))
    return request, await failure(calendly.book(request)), await calendly.find_booking(request)


async def failure(call: Any) -> PlatformError:
    try:
        answer = await call
    except PlatformError as error:
        return error
    raise AssertionError(f"this should have failed and gave {answer!r}")


def booking_fault(kind: str, **more: Any) -> tuple[dict[str, Any], ...]:
    return ({"kind": kind, "route": "POST /invitees", "times": 1, **more},)


RECORDINGS = Recordings(
    platform="calendly",
    vendor_url="https://api.calendly.com",
    url_setting="PIPEWISE_CALENDLY_API_URL",
    given={"access_token": ("CALENDLY_ACCESS_TOKEN", "sandbox-calendly-token")},
    scenarios=(
        Scenario("read_account", read_account),
        Scenario("free_times_of_forty_days", free_times_of_forty_days),
        Scenario("single_use_link", single_use_link),
        Scenario("book_find_and_cancel", book_find_and_cancel),
        Scenario("book_a_taken_time", book_a_taken_time),
        Scenario("book_with_place_and_answers", book_with_place_and_answers, needs_sandbox=True),
        Scenario("subscribe_twice", subscribe_twice),
        Scenario("dead_token", dead_token),
        Scenario("booking_quota_spent", book_and_reconcile, booking_fault("http_429", retry_after=45)),
        Scenario("booking_fails_at_the_vendor", book_and_reconcile, booking_fault("http_500")),
        Scenario("booking_answered_with_garbage", book_and_reconcile, booking_fault("garbage")),
        Scenario("booking_refused_for_its_scope", book_and_reconcile, booking_fault("insufficient_scope")),
    ),
    personal=(("/users/me", ("email", "name", "slug")),),
)
