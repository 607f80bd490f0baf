"""Users, event types, available times and pages of lists, as Calendly serves them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.pipewise.sandbox.world import CALENDLY, Sandbox

SUMMER_TIME = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


async def test_a_request_without_a_known_token_is_refused(sandbox: Sandbox) -> None:
    for headers in ({}, {"Authorization": "Bearer stolen"}, {"Authorization": "Basic abc"}):
        answer = await sandbox.http.get("/users/me", headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {"title": "Unauthenticated", "message": "The access token is invalid"}


async def test_uris_are_those_of_the_real_host_and_are_accepted_back(sandbox: Sandbox) -> None:
    me = await sandbox.me()
    assert me["uri"].startswith("https://api.calendly.com/users/")
    assert me["current_organization"].startswith("https://api.calendly.com/organizations/")
    by_id = await sandbox.calendly("GET", me["uri"])
    assert by_id.json()["resource"] == me
    by_organization = await sandbox.calendly("GET", "/event_types", params={"organization": me["current_organization"]})
    assert len(by_organization.json()["collection"]) == 2


async def test_one_event_type_is_simple_and_the_other_has_a_required_question(sandbox: Sandbox) -> None:
    discovery, consultation = await sandbox.event_types()
    assert (discovery["duration"], discovery["locations"]) == (30, [{"kind": "google_conference"}])
    assert discovery["custom_questions"] == []
    assert [place["kind"] for place in consultation["locations"]] == ["outbound_call", "physical"]
    assert [q["required"] for q in consultation["custom_questions"]] == [True, False, False]
    single = await sandbox.calendly("GET", consultation["uri"])
    assert single.json()["resource"] == consultation


async def test_event_types_need_an_owner_that_is_the_callers_own(sandbox: Sandbox) -> None:
    assert (await sandbox.calendly("GET", "/event_types")).status_code == 400
    foreign = {"user": "https://api.calendly.com/users/somebody-else"}
    assert (await sandbox.calendly("GET", "/event_types", params=foreign)).status_code == 403
    malformed = await sandbox.calendly("GET", "/event_types", params={"user": "me"})
    assert malformed.json()["details"][0]["parameter"] == "user"


async def test_pages_really_page(sandbox: Sandbox) -> None:
    query = {"user": (await sandbox.me())["uri"], "count": "1", "sort": "position:asc"}
    first = (await sandbox.calendly("GET", "/event_types", params=query)).json()
    assert (first["pagination"]["count"], first["pagination"]["previous_page"]) == (1, None)
    following = {**query, "page_token": first["pagination"]["next_page_token"]}
    second = (await sandbox.calendly("GET", "/event_types", params=following)).json()
    assert first["collection"][0]["uri"] != second["collection"][0]["uri"]
    assert second["pagination"]["next_page_token"] is None
    assert second["pagination"]["previous_page_token"]
    assert first["pagination"]["next_page"].startswith("https://api.calendly.com/event_types?")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"count": "0"}, "count"),
        ({"count": "101"}, "count"),
        ({"page_token": "???"}, "page_token"),
        ({"sort": "color:asc"}, "sort"),
    ],
)
async def test_bad_paging_is_refused(sandbox: Sandbox, query: dict[str, str], parameter: str) -> None:
    answer = await sandbox.calendly("GET", "/event_types", params={"user": (await sandbox.me())["uri"], **query})
    assert answer.status_code == 400
    assert answer.json()["details"][0]["parameter"] == parameter


async def test_times_follow_the_hosts_working_hours_and_notice(sandbox: Sandbox) -> None:
    event_type = (await sandbox.event_types())[0]["uri"]
    slots = [datetime.fromisoformat(slot) for slot in await sandbox.slots(event_type, days=7)]
    # Monday noon in Lisbon: two hours' notice, and the last half hour starts at 16:30.
    assert slots[0] == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert {slot.weekday() for slot in slots} == {0, 1, 2, 3, 4}
    assert max(slot.time() for slot in slots).isoformat() == "16:30:00"
    assert min(slot.time() for slot in slots if slot.date() != slots[0].date()).isoformat() == "09:00:00"


async def test_hours_stay_and_utc_times_move_when_summer_time_begins(sandbox: Sandbox) -> None:
    sandbox.clock.jump(SUMMER_TIME - timedelta(days=3))
    event_type = (await sandbox.event_types())[0]["uri"]
    slots = await sandbox.slots(event_type, days=7)
    firsts = {slot[:10]: slot[11:16] for slot in reversed(slots)}
    assert firsts["2026-03-27"] == "09:00"
    assert firsts["2026-03-30"] == "08:00"


async def test_the_range_of_times_is_at_most_31_days_and_starts_in_the_future(sandbox: Sandbox) -> None:
    event_type, now = (await sandbox.event_types())[0]["uri"], sandbox.clock.now()

    async def ask(start: datetime, end: datetime) -> tuple[int, str]:
        query = {"event_type": event_type, "start_time": start.isoformat(), "end_time": end.isoformat()}
        answer = await sandbox.calendly("GET", "/event_type_available_times", params=query)
        details = answer.json().get("details", [{}])
        return answer.status_code, details[0].get("message", "")

    later = now + timedelta(minutes=1)
    assert (await ask(later, later + timedelta(days=31)))[0] == 200
    assert await ask(later, later + timedelta(days=31, seconds=1)) == (400, "date range can be no greater than 31 days")
    assert await ask(now, now + timedelta(days=1)) == (400, "start_time must be in the future")
    assert (await ask(later, later))[0] == 400


@pytest.mark.parametrize("absent", ["event_type", "start_time", "end_time"])
async def test_available_times_need_all_three_parameters(sandbox: Sandbox, absent: str) -> None:
    event_type, now = (await sandbox.event_types())[0]["uri"], sandbox.clock.now()
    query = {
        "event_type": event_type,
        "start_time": (now + timedelta(hours=1)).isoformat(),
        "end_time": (now + timedelta(days=1)).isoformat(),
    }
    del query[absent]
    answer = await sandbox.calendly("GET", "/event_type_available_times", params=query)
    assert answer.json()["details"] == [{"parameter": absent, "message": "is missing"}]


async def test_what_is_booked_is_neither_offered_nor_overlapped(sandbox: Sandbox) -> None:
    discovery, consultation = [item["uri"] for item in await sandbox.event_types()]
    booked = (await sandbox.booking_request())["start_time"]
    assert (await sandbox.book()).status_code == 201
    assert booked not in await sandbox.slots(discovery)
    # 14:00-14:30 is taken: the 45 minutes, with a quarter of an hour after them, first fit at 14:30.
    assert (await sandbox.slots(consultation))[0] == "2026-03-02T14:30:00Z"
    busy = await sandbox.calendly(
        "GET",
        "/user_busy_times",
        params={
            "user": (await sandbox.me())["uri"],
            "start_time": "2026-03-02T13:00:00Z",
            "end_time": "2026-03-03T13:00:00Z",
        },
    )
    assert [item["start_time"] for item in busy.json()["collection"]] == ["2026-03-02T14:00:00.000000Z"]


async def test_an_unknown_thing_is_a_404_in_calendlys_words(sandbox: Sandbox) -> None:
    for path in ("/event_types/nope", "/scheduled_events/nope", "/users/nope", "/routing_forms/nope", "/nope"):
        answer = await sandbox.calendly("GET", path)
        assert (answer.status_code, answer.json()["title"]) == (404, "Resource Not Found")


async def test_accounts_cannot_see_each_other(sandbox: Sandbox) -> None:
    other = (await sandbox.http.post("/_sandbox/calendly/accounts", json={"access_token": "second"})).json()
    foreign = other["event_types"]["discovery-call"]
    assert (await sandbox.calendly("GET", foreign)).status_code == 403
    assert (await sandbox.book(event_type=foreign)).status_code == 403
    booked = (await sandbox.book()).json()["resource"]
    path = booked["event"].removeprefix("https://api.calendly.com")
    answer = await sandbox.http.get(path, headers={"Authorization": "Bearer second"})
    assert answer.status_code == 403


async def test_scopes_are_asked_for_where_the_token_has_a_list(sandbox: Sandbox) -> None:
    account = {"scopes": ["users:read", "event_types:read", "scheduled_events:write"]}
    await sandbox.http.post("/_sandbox/calendly/accounts", json=account)
    event_type = (await sandbox.event_types())[0]["uri"]
    refused = await sandbox.calendly("GET", "/event_type_available_times", params={"event_type": event_type})
    assert (refused.status_code, refused.json()["required_scopes"]) == (403, ["availability:read"])
    # `write` includes `read`.
    allowed = await sandbox.calendly("GET", "/scheduled_events", params={"user": (await sandbox.me())["uri"]})
    assert allowed.status_code == 200


async def test_any_call_counts_against_the_minute_and_says_so(sandbox: Sandbox) -> None:
    await sandbox.http.post("/_sandbox/calendly/accounts", json={"plan": "free"})
    first = await sandbox.calendly("GET", "/users/me")
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("50", "49")
    for _ in range(49):
        await sandbox.http.get("/users/me", headers=CALENDLY)
    sandbox.clock.advance(20)
    refused = await sandbox.calendly("GET", "/users/me")
    assert (refused.status_code, refused.headers["x-ratelimit-reset"]) == (429, "40")
    sandbox.clock.advance(41)
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200
