"""Bookings by asking: what a list shows becomes what a webhook would have told, with the same keys."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from pipewise.errors import Unavailable
from pipewise.platforms.base import Polled
from pipewise.platforms.calendly.feed import EVENTS_A_LOOK, CalendlyFeed
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.calendly.webhook import CalendlyWebhook
from pipewise.platforms.http import VendorHTTP
from tests.fakes import FixedClock
from tests.unit.pipewise.platforms.calendly.vendor import API, EVENT_TYPE, TOKEN, FakeCalendly, page, refusal

BEGAN = datetime(2026, 11, 20, 8, tzinfo=UTC)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Calendar:
    """Events with their invitees, shown as Calendly lists them."""

    def __init__(self) -> None:
        self.clock = FixedClock(BEGAN)
        self.vendor = FakeCalendly()
        self.events: dict[str, dict[str, Any]] = {}
        self.invitees: dict[str, list[dict[str, Any]]] = {}
        self.cursor: Any = None
        self.vendor.on("GET /scheduled_events", lambda _: page(list(self.events.values())))

    def book(self, name: str, *, made: datetime | None = None, start: datetime | None = None, **more: Any) -> str:
        uri, at = f"{API}/scheduled_events/{name}", stamp(made or self.clock.now())
        start = start or self.clock.now() + timedelta(days=2)
        self.events[name] = {
            "uri": uri,
            "name": "Intro",
            "status": "active",
            "start_time": stamp(start),
            "end_time": stamp(start + timedelta(minutes=30)),
            "event_type": EVENT_TYPE,
            "invitees_counter": {"total": 1, "active": 1, "limit": 1},
            "created_at": at,
            "updated_at": at,
        }
        self.invitees[name] = [
            {
                "uri": f"{uri}/invitees/in-{name}",
                "email": f"{name}@example.com",
                "name": name,
                "status": "active",
                "created_at": at,
                "updated_at": at,
                "no_show": None,
                **more,
            }
        ]
        self.vendor.on(f"GET /scheduled_events/{name}/invitees", lambda _: page(self.invitees[name]))
        return f"{uri}/invitees/in-{name}"

    def cancel(self, name: str, **more: Any) -> None:
        at = stamp(self.clock.now())
        ended = {"canceler_type": "invitee", "reason": "ill", "created_at": at}
        self.events[name] |= {"status": "canceled", "updated_at": at, "cancellation": ended}
        self.invitees[name][0] |= {"status": "canceled", "cancellation": ended, "updated_at": at, **more}

    async def look(self, *, seconds: float = 60) -> Polled:
        self.clock.advance(seconds)
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.vendor.handle))
        credentials = CalendlyCredentials.model_validate({"access_token": TOKEN})
        feed = CalendlyFeed(credentials, VendorHTTP(http, platform="calendly", base_url=API, clock=self.clock))
        polled = await feed.poll(self.cursor, BEGAN)
        self.cursor = polled.cursor
        return polled

    async def told(self, **more: Any) -> list[str]:
        polled = await self.look(**more)
        assert not polled.delivery.rejected
        return [
            f"{one.content['change']} {one.content['invitee_uri'].rpartition('-')[2]}" for one in polled.delivery.events
        ]


async def test_what_was_there_before_is_none_of_ours_until_it_changes() -> None:
    calendar = Calendar()
    calendar.book("old", made=BEGAN - timedelta(days=1))
    assert await calendar.told() == []
    assert not calendar.vendor.sent("GET /scheduled_events/old/invitees"), "what is not needed is not asked for"
    calendar.cancel("old")
    assert await calendar.told() == ["canceled old"]
    assert await calendar.told() == []


async def test_a_booking_and_its_end_are_told_once_each() -> None:
    calendar = Calendar()
    calendar.book("ana")
    assert await calendar.told() == ["created ana"]
    asked = len(calendar.vendor.requests)
    assert await calendar.told() == []
    assert len(calendar.vendor.requests) == asked + 2, "an unchanged calendar costs two calls"
    calendar.cancel("ana")
    assert await calendar.told() == ["canceled ana"]
    calendar.book("bea")
    calendar.cancel("bea")
    assert await calendar.told() == ["created bea", "canceled bea"]


async def test_a_move_is_told_as_its_two_halves() -> None:
    calendar = Calendar()
    old = calendar.book("first")
    await calendar.look()
    new = calendar.book("second", old_invitee=old)
    calendar.cancel("first", rescheduled=True, new_invitee=new)
    polled = await calendar.look()
    found = {one.content["change"]: one.content for one in polled.delivery.events}
    assert (found["canceled"]["rescheduled"], found["canceled"]["new_invitee"]) == (True, new)
    assert found["created"]["old_invitee"] == old


async def test_a_mark_is_found_after_the_meeting_began_and_its_end_too() -> None:
    calendar = Calendar()
    calendar.book("ana", start=BEGAN + timedelta(hours=1))
    await calendar.look()
    mark = {"uri": f"{API}/invitee_no_shows/ns-1", "created_at": stamp(BEGAN + timedelta(hours=2))}
    calendar.invitees["ana"][0]["no_show"] = mark
    assert await calendar.told(seconds=7200) == ["no_show ana"]
    assert await calendar.told() == []
    calendar.invitees["ana"][0]["no_show"] = None
    assert await calendar.told(seconds=60) == [], "a meeting that began is read again every quarter of an hour"
    assert await calendar.told(seconds=900) == ["no_show_cleared ana"]
    assert await calendar.told(seconds=900) == []


async def test_the_keys_are_those_of_the_webhook() -> None:
    calendar = Calendar()
    calendar.book("ana")
    (event,) = (await calendar.look()).delivery.events
    payload = {**calendar.invitees["ana"][0], "scheduled_event": calendar.events["ana"]}
    document = {"event": "invitee.created", "created_at": stamp(BEGAN), "created_by": "x", "payload": payload}
    (delivered,) = CalendlyWebhook().parse(document, BEGAN, {}).events
    assert (event.dedupe_key, event.content) == (delivered.dedupe_key, delivered.content)


async def test_a_full_calendar_is_taken_in_pieces_and_none_of_it_is_forgotten() -> None:
    calendar = Calendar()
    for number in range(EVENTS_A_LOOK + 5):
        calendar.book(f"n{number:03}")
    first = await calendar.look()
    assert (len(first.delivery.events), first.more) == (EVENTS_A_LOOK, True)
    second = await calendar.look()
    assert (len(second.delivery.events), second.more) == (5, False)
    assert await calendar.told() == []


async def test_a_booking_whose_time_the_vendor_s_clock_puts_before_ours_is_told_all_the_same() -> None:
    calendar = Calendar()
    await calendar.look()
    calendar.book("late", made=BEGAN - timedelta(days=400))
    assert await calendar.told() == ["created late"]


async def test_one_that_cannot_be_read_costs_no_other() -> None:
    calendar = Calendar()
    calendar.book("bad")
    calendar.events["bad"]["start_time"] = "soon"
    calendar.events["none"] = {"uri": 7}
    calendar.book("good")
    polled = await calendar.look()
    assert [one.content["change"] for one in polled.delivery.events] == ["created"]
    assert len(polled.delivery.rejected) == 1


async def test_a_vendor_that_fails_leaves_the_cursor_alone() -> None:
    calendar = Calendar()
    calendar.book("ana")
    await calendar.look()
    before = calendar.cursor
    calendar.vendor.on("GET /scheduled_events", refusal(503, "Unavailable", "later"))
    with pytest.raises(Unavailable):
        await calendar.look()
    assert calendar.cursor is before
