"""The Calendly client against recorded answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, SlotTaken, Unavailable
from pipewise.scheduling import Booking, BookingRequest
from tests.contract.cassettes import replayed
from tests.contract.scenarios.calendly import HOOK, RECORDINGS

pytestmark = pytest.mark.disable_socket


async def replay(name: str) -> tuple[Any, datetime]:
    async with replayed(RECORDINGS, name) as (result, stage):
        return result, stage.clock.now()


async def test_an_account_is_read() -> None:
    (host, event_types, first, checks), _ = await replay("read_account")
    assert host.uri.startswith("https://api.calendly.com/users/")
    assert host.organization.startswith("https://api.calendly.com/organizations/")
    assert host.timezone
    assert event_types[0] == first
    assert first.bookable
    assert [check.name for check in checks] == ["token", "event_types", "webhook"]
    assert all(check.ok for check in checks)


async def test_free_times_cross_the_border_of_two_requests() -> None:
    slots, now = await replay("free_times_of_forty_days")
    starts = [slot.start for slot in slots]
    assert starts == sorted(set(starts))
    assert now < starts[0] < now + timedelta(days=31) < starts[-1] < now + timedelta(days=40)
    assert all(datetime.fromisoformat(slot.raw_start) == slot.start and slot.start.tzinfo is UTC for slot in slots)


async def test_a_link_for_one_booking() -> None:
    (event_type, link), now = await replay("single_use_link")
    assert link.url.startswith("https://")
    assert link.event_type == event_type.uri
    assert link.expires_at == now + timedelta(days=90)


async def test_a_booking_from_its_making_to_its_end() -> None:
    result, _ = await replay("book_find_and_cancel")
    request, booked, found, read, (mark, marked), (after, found_after) = result
    assert (booked.start, booked.end, booked.key) == (request.slot.start, None, request.key)
    assert found == read
    assert read.end == request.slot.start + timedelta(minutes=request.event_type.minutes)
    assert (read.invitee_uri, read.event_uri, read.key) == (booked.invitee_uri, booked.event_uri, request.key)
    assert (read.email, read.name, read.timezone) == (request.email, request.name, request.timezone)
    assert marked.no_show_uri == mark
    assert (after.status, after.no_show_uri) == ("canceled", None)
    assert found_after is None


async def test_a_taken_time_is_told_as_such_and_no_longer_offered() -> None:
    (request, error, left), _ = await replay("book_a_taken_time")
    assert isinstance(error, SlotTaken)
    assert (error.outcome, error.http_status, error.vendor_code) == (Outcome.REFUSED, 400, "already_filled")
    assert request.slot.start not in [slot.start for slot in left]


async def test_a_place_and_answers_are_accepted_and_missing_ones_named() -> None:
    (booked, read, error), _ = await replay("book_with_place_and_answers")
    assert isinstance(read, Booking)
    assert read.invitee_uri == booked.invitee_uri
    assert type(error) is Rejected
    assert error.vendor_code == "required_questions"


async def test_a_second_subscription_for_a_url_replaces_the_first() -> None:
    (first, second, listed, after), _ = await replay("subscribe_twice")
    assert first.uri != second.uri
    assert [(found.uri, found.active) for found in listed if found.callback_url == HOOK] == [(second.uri, True)]
    assert HOOK not in [found.callback_url for found in after]


async def test_a_dead_token_asks_for_a_person() -> None:
    (error, checks), _ = await replay("dead_token")
    assert isinstance(error, AuthFailed)
    assert error.manual_action_required
    assert [(check.name, check.ok) for check in checks] == [("token", False)]


@pytest.mark.parametrize(
    ("name", "kind", "outcome"),
    [
        ("booking_quota_spent", RateLimited, Outcome.REFUSED),
        ("booking_fails_at_the_vendor", Unavailable, Outcome.UNKNOWN),
        ("booking_answered_with_garbage", Unavailable, Outcome.UNKNOWN),
        ("booking_refused_for_its_scope", AuthFailed, Outcome.REFUSED),
    ],
)
async def test_a_failed_booking_says_what_is_known_and_reading_settles_it(
    name: str, kind: type[PlatformError], outcome: Outcome
) -> None:
    (request, error, found), _ = await replay(name)
    assert isinstance(request, BookingRequest)
    assert type(error) is kind
    assert error.outcome is outcome
    assert found is None


async def test_the_reset_header_is_a_number_of_seconds() -> None:
    (_, error, _), _ = await replay("booking_quota_spent")
    assert error.retry_after == 45.0
