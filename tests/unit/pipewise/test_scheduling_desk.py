"""The scheduling desk: real times or an honest way out, and nothing written where nothing may be."""

from dataclasses import replace
from datetime import datetime

import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, SlotTaken, Unavailable
from pipewise.leads import Lead
from pipewise.scheduling import EventType, Location, Question, Slot
from pipewise.scheduling_desk import DEMO_URL, Memory
from pipewise.slot_offers import nearest_slots
from tests.fakes_vendors import BASE, CALL, lost_answer, not_sent
from tests.unit.pipewise.desk import FREE, LEAD, Opened, meeting

OWN_PAGE = "https://calendly.com/ana"


async def test_offered_times_are_free_and_shown_in_the_leads_zone() -> None:
    opened = Opened()
    offer = await opened.desk.find_slots(None, None)
    starts = [datetime.fromisoformat(slot["start"]) for slot in offer["slots"]]
    assert (offer["kind"], offer["reason"], offer["title"]) == ("offer", "fits", "Intro call")
    assert len(starts) == 3
    assert set(starts) <= set(FREE)
    assert offer["timezone_label"] == "Europe/Lisbon, UTC+0"
    assert [slot["handle"] for slot in offer["slots"]] == ["slot_1", "slot_2", "slot_3"]
    assert opened.desk.memory.awaiting == "slot_choice"
    assert [one["start"] for one in opened.desk.memory.offered] == [slot["start"] for slot in offer["slots"]]
    assert [record.action for record in opened.desk.usage] == ["event_types", "available_times"]


@pytest.mark.parametrize(
    ("wish", "reason", "days", "hours"),
    [
        ("Wednesday", "fits", {4}, None),
        ("in the afternoon", "fits", None, {13, 15}),
        ("Wednesday at 8 in the morning", "nearest", {4}, None),
        ("Friday afternoon", "nearest", None, {13, 15}),
    ],
)
async def test_a_wish_is_met_or_its_nearest_said_to_be_so(
    wish: str, reason: str, days: set[int] | None, hours: set[int] | None
) -> None:
    offer = await Opened().desk.find_slots(None, wish)
    starts = [datetime.fromisoformat(slot["start"]) for slot in offer["slots"]]
    assert offer["reason"] == reason
    assert days is None or {start.day for start in starts} <= days
    assert hours is None or {start.hour for start in starts} <= hours


async def test_without_any_free_time_there_is_a_link() -> None:
    opened = Opened(free=())
    assert (await opened.desk.find_slots(None, None))["kind"] == "link"
    assert opened.calendar.calls.count("free_times") == 2  # the second time further ahead


async def test_a_kind_of_meeting_that_slots_cannot_book_gets_a_link() -> None:
    paid = replace(CALL, uri=f"{BASE}/event_types/PAID", bookable=False)
    assert (await Opened(paid).desk.find_slots(None, None))["kind"] == "link"
    both = Opened(paid, CALL)
    assert (await both.desk.find_slots(None, None))["kind"] == "offer"
    assert both.desk.memory.offered[0]["event_type"] == CALL.uri
    assert (await both.desk.find_slots("type_1", None))["kind"] == "link"


async def test_the_owners_choice_of_event_type_is_the_only_one_asked_for() -> None:
    opened = Opened(settings={"event_type": CALL.uri})
    listed = await opened.desk.list_event_types()
    assert listed["event_types"] == [{"handle": "type_1", "name": "Intro call", "minutes": 30}]
    assert "event_types" not in opened.calendar.calls


@pytest.mark.parametrize(("missing", "what"), [({"email": None}, "email"), ({"name": None}, "name")])
async def test_what_a_booking_needs_is_asked_for_first(missing: dict[str, None], what: str) -> None:
    opened = Opened(lead=replace(LEAD, **missing))  # type: ignore[arg-type]
    need = await opened.picked(2)
    assert (need["kind"], need["what"]) == ("need", what)
    assert (opened.desk.memory.awaiting, opened.desk.memory.chosen) == (what, "slot_2")
    assert need["start"] == opened.desk.memory.offered[1]["start"]
    assert opened.bookings.intents == []


async def test_a_chosen_time_is_booked_as_the_vendor_spelled_it() -> None:
    opened = Opened()
    booked = await opened.picked(2)
    (intent,) = opened.bookings.intents
    assert booked["kind"] == "booked"
    assert (booked["reference"], booked["email"], booked["join_url"]) == (
        "EV1",
        LEAD.email,
        "https://meet.example/room",
    )
    assert intent.request.slot.raw_start == intent.request.slot.start.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert booked["start"] == intent.request.slot.start.isoformat()
    assert (intent.request.timezone, intent.request.name) == ("Europe/Lisbon", "Ana")
    assert opened.desk.memory == Memory()


@pytest.mark.parametrize("slot", ["slot_9", "", "2026-03-03T12:00:00Z", "type_1"])
async def test_only_what_was_offered_can_be_booked(slot: str) -> None:
    opened = Opened()
    await opened.desk.find_slots(None, None)
    assert (await opened.desk.schedule(slot))["kind"] == "refused"
    assert opened.bookings.intents == []


async def test_a_time_taken_meanwhile_leads_to_others() -> None:
    opened = Opened()
    await opened.desk.find_slots(None, None)
    first = datetime.fromisoformat(opened.desk.memory.offered[0]["start"])
    opened.calendar.free.remove(first)
    offer = await opened.desk.schedule("slot_1")
    assert (offer["kind"], offer["reason"]) == ("offer", "taken")
    assert first.isoformat() not in [slot["start"] for slot in offer["slots"]]
    assert opened.bookings.intents == []


async def test_a_time_taken_in_the_last_moment_leads_to_others_too() -> None:
    opened = Opened()
    opened.calendar.failures["book"] = [SlotTaken("Gone.", platform="calendly")]
    assert (await opened.picked())["reason"] == "taken"


async def test_a_time_that_has_passed_since_leads_to_others() -> None:
    """Whatever the vendor says of it."""
    opened = Opened()
    await opened.desk.find_slots(None, None)
    first = datetime.fromisoformat(opened.desk.memory.offered[0]["start"])
    opened.clock.jump(first)
    assert (await opened.desk.schedule("slot_1"))["reason"] == "taken"
    assert opened.bookings.intents == []


async def test_a_lost_answer_is_uncertain_and_no_fallback() -> None:
    opened = Opened(page=OWN_PAGE)
    opened.calendar.failures["book"] = [lost_answer("calendly")]
    uncertain = await opened.picked()
    assert uncertain["kind"] == "uncertain"
    assert "url" not in uncertain
    assert opened.desk.counters == {}


@pytest.mark.parametrize(("status", "posts"), [("scheduled", 0), ("unknown", 1)])
async def test_what_an_earlier_turn_left_is_taken_up(status: str, posts: int) -> None:
    """Booked by a turn that was superseded, or with an unknown end, which `Bookings` looks into: its time is not free."""
    opened = Opened(known=meeting(FREE[0], status))
    await opened.desk.find_slots(None, None)
    opened.calendar.free.clear()
    assert (await opened.desk.schedule("slot_1"))["kind"] == "booked"
    assert len(opened.bookings.intents) == posts


QUESTION = Question("What is your budget?", "single_select", 0, required=True, choices=("1", "2"))
PHONE = Question("Your phone", "phone_number", 1, required=True)


@pytest.mark.parametrize(
    ("event_type", "lead", "missing"),
    [
        (replace(CALL, questions=(QUESTION,)), LEAD, "What is your budget?"),
        (replace(CALL, questions=(PHONE,)), LEAD, "Your phone"),
        (replace(CALL, locations=(Location("outbound_call", needs_value=True),)), LEAD, "location"),
        (replace(CALL, questions=(PHONE,)), replace(LEAD, phone="+351911"), None),
        (replace(CALL, questions=(replace(QUESTION, required=False),)), LEAD, None),
        (replace(CALL, questions=(Question("Need?", "text", 0, required=True),)), replace(LEAD, company="Silva"), None),
    ],
)
async def test_what_only_the_booking_page_can_ask_goes_there(
    event_type: EventType, lead: Lead, missing: str | None
) -> None:
    opened = Opened(event_type, lead=lead)
    result = await opened.picked()
    assert result["kind"] == ("link" if missing else "booked")
    assert result.get("missing") == missing


ERRORS: list[PlatformError] = [
    AuthFailed("Reconnect Calendly.", platform="calendly"),
    RateLimited("Wait.", platform="calendly", retry_after=60),
    Rejected("No.", platform="calendly"),
    not_sent("calendly"),
    Unavailable("Failing.", platform="calendly", outcome=Outcome.NOT_SENT, vendor_code="circuit_open", retry_after=30),
]
CODES = ["auth_failed", "rate_limited", "rejected", "unavailable", "unavailable"]


@pytest.mark.parametrize("method", ["event_types", "free_times", "create_link"])
@pytest.mark.parametrize(("error", "code"), list(zip(ERRORS, CODES, strict=True)))
async def test_every_failure_is_one_honest_fallback(method: str, error: PlatformError, code: str) -> None:
    opened = Opened(page=OWN_PAGE)
    opened.calendar.failures[method] = [error]
    desk = opened.desk
    result = await (desk.create_link(None) if method == "create_link" else desk.find_slots(None, None))
    assert (result["kind"], result["url"], result["fallback"], result["demo"]) == ("fallback", OWN_PAGE, True, False)
    body = result["error"]
    assert (body["success"], body["code"], body["error"]) == (False, f"calendly_{code}", error.message)
    assert (body["fallback_available"], body["retry_after"]) == (True, error.retry_after)
    assert body["manual_action_required"] == isinstance(error, AuthFailed)
    assert desk.counters == {"fallbacks": 1}
    assert desk.error is error


async def test_a_vendor_that_was_silent_is_not_waited_for_again_in_the_turn() -> None:
    opened = Opened(silent_vendor=not_sent("calendly"))
    assert (await opened.desk.find_slots(None, None))["kind"] == "fallback"
    assert (await opened.desk.create_link(None))["kind"] == "fallback"
    assert opened.calendar.calls == []


@pytest.mark.parametrize(
    ("page", "demo", "url"),
    [(OWN_PAGE, True, OWN_PAGE), (OWN_PAGE, False, OWN_PAGE), (None, True, DEMO_URL), (None, False, None)],
)
async def test_a_demo_link_stands_in_only_where_it_may(page: str | None, demo: bool, url: str | None) -> None:
    for connected in (False, True):
        opened = Opened(page=page, demo=demo, connected=connected)
        opened.calendar.failures["event_types"] = [not_sent("calendly")]
        result = await opened.desk.find_slots(None, None)
        assert (result["url"], result["demo"]) == (url, url == DEMO_URL)
        assert result["error"]["manual_action_required"] == (url is None or not connected)
        assert result["error"]["code"] == ("calendly_unavailable" if connected else "calendly_not_connected")


async def test_an_account_without_event_types_is_told_so() -> None:
    opened = Opened()
    opened.calendar.types.clear()
    for result in (await opened.desk.list_event_types(), await opened.desk.find_slots(None, None)):
        assert result["error"]["code"] == "calendly_no_event_type"


async def test_without_effects_nothing_is_written() -> None:
    opened = Opened(effects=False)
    link = await opened.desk.create_link(None)
    assert (link["url"], link["preview"]) == (CALL.scheduling_url, True)
    shown = await opened.picked()
    assert (shown["kind"], shown["preview"], "booking_id" in shown) == ("preview", True, False)
    assert shown["when"]
    assert set(opened.calendar.calls) <= {"event_types", "event_type", "free_times"}
    assert opened.bookings.intents == []
    assert opened.desk.counters == {}


async def test_a_link_carries_what_is_known_and_leads_back_to_the_lead() -> None:
    opened = Opened()
    link = await opened.desk.create_link(None)
    assert link["url"] == (
        "https://calendly.com/d/once?name=Ana&email=ana%40silva.example&utm_source=pipewise&utm_content=lead"
    )
    assert opened.desk.counters == {"links_created": 1}
    named = await opened.desk.create_link_for(CALL.uri)
    assert named["title"] == "Intro call"


async def test_in_place_of_a_time_that_is_taken_the_nearest_are_offered() -> None:
    taken = FREE[len(FREE) // 2]
    slots = [Slot(start, start.isoformat(), CALL.uri) for start in FREE if start != taken]
    nearest = [slot.start for slot in nearest_slots(slots, taken)]
    assert nearest == sorted(nearest)
    farthest = max(abs(start - taken) for start in nearest)
    assert all(abs(slot.start - taken) >= farthest for slot in slots if slot.start not in nearest)
