"""Single-use links, cancellations, reschedules and no-shows."""

import pytest

from tests.unit.pipewise.sandbox.world import Json, Sandbox

FORM = {
    "name": "Aino Laine",
    "email": "aino@customer.example",
    "timezone": "Europe/Helsinki",
    "start_time": "2026-03-02T14:00:00Z",
}


async def make_link(sandbox: Sandbox, number: int = 0) -> str:
    owner = (await sandbox.event_types())[number]["uri"]
    request = {"max_event_count": 1, "owner": owner, "owner_type": "EventType"}
    answer = await sandbox.calendly("POST", "/scheduling_links", json=request)
    assert answer.status_code == 201
    url: str = answer.json()["resource"]["booking_url"]
    assert url.startswith("https://calendly.com/d/")
    return url.removeprefix("https://calendly.com")


async def test_a_link_books_exactly_once(sandbox: Sandbox) -> None:
    link = await make_link(sandbox)
    page = await sandbox.http.get(link, params={"name": "Aino <b>", "email": "aino@customer.example"})
    assert page.status_code == 200
    assert "Aino &lt;b&gt;" in page.text
    assert "Aino <b>" not in page.text
    assert "2026-03-02T14:00:00Z" in page.text
    booked = await sandbox.http.post(link, data=FORM)
    assert "You are booked" in booked.text
    assert "16:00" in booked.text, "the invitee reads Helsinki time"
    again = await sandbox.http.post(link, data={**FORM, "start_time": "2026-03-02T15:00:00Z"})
    assert again.status_code == 410
    assert (await sandbox.http.get(link)).status_code == 410
    assert len(await sandbox.ledger("booking")) == 1
    assert [entry["detail"]["code"] for entry in await sandbox.ledger("link_used")] == [link.split("/")[2]]


async def test_a_refused_booking_leaves_the_link_open(sandbox: Sandbox) -> None:
    link = await make_link(sandbox)
    refused = await sandbox.http.post(link, data={**FORM, "email": "nobody"})
    assert refused.status_code == 400
    assert "is not a valid email" in refused.text
    assert (await sandbox.http.post(link, data=FORM)).status_code == 200


async def test_a_page_booking_says_that_no_api_made_it(sandbox: Sandbox) -> None:
    await sandbox.subscribe()
    link = await make_link(sandbox, 1)
    form = {**FORM, "location_kind": "outbound_call", "location": "+358401234567", "a1": "Prices"}
    await sandbox.http.post(link, params={"utm_source": "pipewise"}, data=form)
    await sandbox.settle(1)
    [document] = sandbox.receiver.documents
    payload = document["payload"]
    assert (payload["scheduling_method"], payload["invitee_scheduled_by"]) == (None, None)
    assert payload["tracking"]["utm_source"] == "pipewise"
    assert payload["questions_and_answers"][0]["answer"] == "Prices"


async def test_an_unused_link_lapses_after_ninety_days(sandbox: Sandbox) -> None:
    link = await make_link(sandbox)
    sandbox.clock.advance(days=90)
    assert (await sandbox.http.get(link)).status_code == 410
    assert (await sandbox.http.get("/d/no-such-one/discovery-call")).status_code == 410


@pytest.mark.parametrize(
    "change", [{"max_event_count": 2}, {"max_event_count": True}, {"owner_type": "User"}, {"owner": "x"}]
)
async def test_links_are_for_one_booking_of_an_event_type(sandbox: Sandbox, change: Json) -> None:
    owner = (await sandbox.event_types())[0]["uri"]
    request = {"max_event_count": 1, "owner": owner, "owner_type": "EventType", **change}
    assert (await sandbox.calendly("POST", "/scheduling_links", json=request)).status_code == 400
    assert await sandbox.ledger("link") == []


async def test_links_point_to_the_sandbox_when_told_so(sandbox: Sandbox) -> None:
    await sandbox.http.post("/_sandbox/calendly/switches", json={"local_links": True})
    invitee = (await sandbox.book()).json()["resource"]
    assert invitee["cancel_url"].startswith("http://sandbox/cancellations/")
    assert (await sandbox.http.get(invitee["cancel_url"])).status_code == 200


async def test_the_public_page_books_the_slot_of_its_address(sandbox: Sandbox) -> None:
    event_type = (await sandbox.event_types())[0]["uri"]
    query = {"event_type": event_type, "start_time": "2026-03-03T00:00:00Z", "end_time": "2026-03-04T00:00:00Z"}
    slots = (await sandbox.calendly("GET", "/event_type_available_times", params=query)).json()["collection"]
    path = slots[2]["scheduling_url"].removeprefix("https://calendly.com")
    page = await sandbox.http.get(path)
    assert 'value="2026-03-03T10:00:00Z" checked' in page.text
    form = {key: value for key, value in FORM.items() if key != "start_time"}
    assert (await sandbox.http.post(path, data=form)).status_code == 200
    [entry] = await sandbox.ledger("booking")
    assert entry["detail"]["start_time"] == "2026-03-03T10:00:00.000000Z"


async def test_a_cancellation_is_told_once_and_refused_twice(sandbox: Sandbox) -> None:
    await sandbox.subscribe()
    event = (await sandbox.book()).json()["resource"]["event"]
    answer = await sandbox.calendly("POST", event + "/cancellation", json={"reason": "The host is ill"})
    assert answer.status_code == 201
    assert answer.json()["resource"]["canceler_type"] == "host"
    assert (await sandbox.booking_request())["start_time"] == "2026-03-02T14:00:00Z", "the time is free again"
    again = await sandbox.calendly("POST", event + "/cancellation", json={})
    assert (again.status_code, again.json()["message"]) == (403, "Event is already canceled")
    await sandbox.settle(1)
    created, canceled = sandbox.receiver.documents
    assert (created["event"], canceled["event"]) == ("invitee.created", "invitee.canceled")
    assert canceled["payload"]["rescheduled"] is False
    assert canceled["payload"]["scheduled_event"]["status"] == "canceled"


async def test_a_past_event_cannot_be_canceled_nor_a_reason_be_endless(sandbox: Sandbox) -> None:
    event = (await sandbox.book()).json()["resource"]["event"]
    endless = await sandbox.calendly("POST", event + "/cancellation", json={"reason": "x" * 10_001})
    assert endless.status_code == 400
    sandbox.clock.advance(hours=3)
    answer = await sandbox.calendly("POST", event + "/cancellation")
    assert (answer.status_code, answer.json()["message"]) == (403, "Event in the past")


async def test_the_invitee_cancels_on_a_page(sandbox: Sandbox) -> None:
    invitee = (await sandbox.book()).json()["resource"]
    page = invitee["cancel_url"].removeprefix("https://calendly.com")
    assert "Cancel this meeting?" in (await sandbox.http.get(page)).text
    await sandbox.http.post(page, data={"reason": "Found another"})
    event = (await sandbox.calendly("GET", invitee["event"])).json()["resource"]
    assert event["cancellation"]["canceler_type"] == "invitee"
    assert event["cancellation"]["canceled_by"] == "Aino Laine"
    assert (await sandbox.http.get(page)).status_code == 410


@pytest.mark.parametrize(
    ("order", "events"),
    [
        ("canceled_first", ["invitee.canceled", "invitee.created"]),
        ("created_first", ["invitee.created", "invitee.canceled"]),
    ],
)
async def test_a_reschedule_is_two_webhooks_in_either_order(sandbox: Sandbox, order: str, events: list[str]) -> None:
    await sandbox.http.post("/_sandbox/calendly/switches", json={"reschedule_order": order})
    old = (await sandbox.book()).json()["resource"]
    await sandbox.subscribe()
    page = old["reschedule_url"].removeprefix("https://calendly.com")
    assert "Choose another time" in (await sandbox.http.get(page)).text
    moved = await sandbox.http.post(page, data={"start_time": "2026-03-03T10:00:00Z", "reason": "Moved"})
    assert moved.status_code == 200
    for _ in range(4):
        await sandbox.settle(0.1)
    documents = {document["event"]: document["payload"] for document in sandbox.receiver.documents}
    assert list(documents) == events
    canceled, created = documents["invitee.canceled"], documents["invitee.created"]
    assert (canceled["uri"], canceled["rescheduled"], canceled["new_invitee"]) == (old["uri"], True, created["uri"])
    assert (created["old_invitee"], created["rescheduled"]) == (old["uri"], False)
    assert created["event"] != old["event"]
    assert created["scheduled_event"]["start_time"] == "2026-03-03T10:00:00.000000Z"


async def test_a_reschedule_to_a_taken_time_changes_nothing(sandbox: Sandbox) -> None:
    await sandbox.book(start_time="2026-03-03T10:00:00Z")
    old = (await sandbox.book()).json()["resource"]
    page = old["reschedule_url"].removeprefix("https://calendly.com")
    refused = await sandbox.http.post(page, data={"start_time": "2026-03-03T10:00:00Z"})
    assert refused.status_code == 400
    assert (await sandbox.calendly("GET", old["uri"])).json()["resource"]["status"] == "active"
    assert await sandbox.ledger("booking_moved") == []


async def test_a_meeting_may_move_into_its_own_time(sandbox: Sandbox) -> None:
    old = (
        await sandbox.book(
            event_type=(await sandbox.event_types())[1]["uri"],
            location={"kind": "outbound_call", "location": "+358401234567"},
            questions_and_answers=[
                {"question": "What would you like to talk about?", "answer": "Prices", "position": 0}
            ],
        )
    ).json()["resource"]
    page = old["reschedule_url"].removeprefix("https://calendly.com")
    moved = await sandbox.http.post(page, data={"start_time": "2026-03-02T14:30:00Z"})
    assert moved.status_code == 200
    [entry] = await sandbox.ledger("booking_moved")
    assert entry["detail"]["new_start_time"] == "2026-03-02T14:30:00.000000Z"


async def test_no_shows_are_marked_and_taken_back(sandbox: Sandbox) -> None:
    await sandbox.subscribe(events=["invitee_no_show.created", "invitee_no_show.deleted"])
    invitee = (await sandbox.book()).json()["resource"]["uri"]
    marked = await sandbox.calendly("POST", "/invitee_no_shows", json={"invitee": invitee})
    assert (marked.status_code, marked.json()["resource"]["invitee"]) == (201, invitee)
    uri = marked.json()["resource"]["uri"]
    assert (await sandbox.calendly("GET", uri)).json() == marked.json()
    assert (await sandbox.calendly("POST", "/invitee_no_shows", json={"invitee": invitee})).status_code == 400
    await sandbox.settle(1)
    assert (await sandbox.calendly("DELETE", uri)).status_code == 204
    assert (await sandbox.calendly("DELETE", uri)).status_code == 404
    await sandbox.settle(1)
    created, deleted = sandbox.receiver.documents
    assert created["payload"]["no_show"]["uri"] == uri
    assert (deleted["event"], deleted["payload"]["no_show"]) == ("invitee_no_show.deleted", None)
    unknown = "https://api.calendly.com/scheduled_events/nope/invitees/nope"
    assert (await sandbox.calendly("POST", "/invitee_no_shows", json={"invitee": unknown})).status_code == 404
