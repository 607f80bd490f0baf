"""`POST /invitees`: every refusal in its own words, the quotas, and what a booking leaves behind."""

from typing import Any

import pytest

from tests.unit.pipewise.sandbox.world import Json, Sandbox

KIND_NOT_CONFIGURED = "Specified location kind is not configured for this event type."
LOCATION_REQUIRED = (
    "location.location is required when location.kind is 'outbound_call', 'ask_invitee', 'physical' or 'custom'"
)
QUESTIONS_BLANK = "Required Questions and Answers cannot be blank."
ADDRESS = "Rua do Cais 18, 2nd floor, Lisbon"
TOPIC = {"question": "What would you like to talk about?", "answer": "Prices", "position": 0}
TRACKING = {
    "utm_campaign": None,
    "utm_source": "pipewise",
    "utm_medium": None,
    "utm_content": "lead-1",
    "utm_term": None,
    "salesforce_uuid": None,
}
PERSON = {"name": "Aino Laine", "email": "aino@customer.example", "timezone": "Europe/Helsinki"}


async def consultation(sandbox: Sandbox, **changes: Any) -> Json:
    event_type = (await sandbox.event_types())[1]["uri"]
    request = {
        "event_type": event_type,
        "start_time": (await sandbox.slots(event_type))[0],
        "location": {"kind": "outbound_call", "location": "+358 40 1234567"},
        "questions_and_answers": [TOPIC],
    }
    return await sandbox.booking_request(**{**request, **changes})


async def refusal_of(sandbox: Sandbox, request: Json) -> Json:
    answer = await sandbox.calendly("POST", "/invitees", json=request)
    assert answer.status_code == 400, answer.text
    body: Json = answer.json()
    assert body["title"] == "Invalid Argument"
    assert await sandbox.ledger("booking") == []
    return body


async def test_a_booking_is_answered_with_the_invitee_and_kept_in_the_ledger(sandbox: Sandbox) -> None:
    request = await sandbox.booking_request(tracking=TRACKING, event_guests=["colleague@customer.example"])
    answer = await sandbox.calendly("POST", "/invitees", json=request)
    invitee = answer.json()["resource"]
    assert answer.status_code == 201
    assert (invitee["name"], invitee["first_name"], invitee["scheduling_method"]) == ("Aino Laine", None, "api")
    assert invitee["tracking"] == TRACKING
    assert "join_url" not in answer.text
    event = (await sandbox.calendly("GET", invitee["event"])).json()["resource"]
    assert event["start_time"] == request["start_time"].replace("Z", ".000000Z")
    assert [guest["email"] for guest in event["event_guests"]] == ["colleague@customer.example"]
    [entry] = await sandbox.ledger("booking")
    assert entry["detail"]["start_time"] == event["start_time"]
    assert (entry["detail"]["email"], entry["detail"]["tracking"]["utm_content"]) == ("aino@customer.example", "lead-1")


async def test_first_and_last_name_make_the_name(sandbox: Sandbox) -> None:
    person = {"first_name": "Aino", "last_name": "Laine", "email": "aino@customer.example", "timezone": "UTC"}
    invitee = (await sandbox.book(invitee=person)).json()["resource"]
    assert (invitee["name"], invitee["first_name"], invitee["last_name"]) == ("Aino Laine", "Aino", "Laine")


async def test_the_conference_link_arrives_after_a_while(sandbox: Sandbox) -> None:
    event = (await sandbox.book()).json()["resource"]["event"]
    seen = []
    for wait in (0, 1, 2):
        sandbox.clock.advance(wait)
        location = (await sandbox.calendly("GET", event)).json()["resource"]["location"]
        seen.append((location["status"], bool(location["join_url"])))
    assert seen == [("initiated", False), ("processing", False), ("pushed", True)]


async def test_a_taken_slot_is_a_400_already_filled(sandbox: Sandbox) -> None:
    request = await sandbox.booking_request()
    await sandbox.calendly("POST", "/invitees", json=request)
    answer = await sandbox.calendly("POST", "/invitees", json=request)
    assert answer.status_code == 400
    assert answer.json()["details"] == [
        {"parameter": "event.start_time", "message": "That start time has been filled", "code": "already_filled"}
    ]
    assert len(await sandbox.ledger("booking")) == 1


@pytest.mark.parametrize(
    "start", ["2026-03-02T14:10:00Z", "2026-03-02T13:30:00Z", "2026-03-07T10:00:00Z", "2026-03-03T17:00:00Z"]
)
async def test_only_an_exactly_offered_start_can_be_booked(sandbox: Sandbox, start: str) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(start_time=start))
    assert refused["details"][0]["code"] == "already_filled"


async def test_the_same_instant_may_be_written_with_another_offset(sandbox: Sandbox) -> None:
    assert (await sandbox.book(start_time="2026-03-02T15:00:00+01:00")).status_code == 201


@pytest.mark.parametrize("start", ["2026-03-02T12:00:00Z", "2020-01-01T10:00:00Z"])
async def test_the_past_is_refused(sandbox: Sandbox, start: str) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(start_time=start))
    assert refused["details"] == [{"parameter": "start_time", "message": "start_time must be in the future"}]


@pytest.mark.parametrize("start", [None, "tomorrow", "2026-03-02T14:00:00", 5])
async def test_a_start_that_is_no_utc_time_is_refused(sandbox: Sandbox, start: object) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(start_time=start))
    assert refused["details"][0]["parameter"] == "start_time"


@pytest.mark.parametrize(
    ("change", "parameter", "message"),
    [
        ({"name": None}, "invitee", "either name or first_name must be filled"),
        ({"name": "  "}, "invitee", "either name or first_name must be filled"),
        ({"email": None}, "invitee.email", "is missing"),
        ({"email": "not an address"}, "invitee.email", "is not a valid email"),
        ({"email": "aino@customer"}, "invitee.email", "is not a valid email"),
        ({"timezone": None}, "invitee.timezone", "is missing"),
        ({"timezone": "EST"}, "invitee.timezone", "is not a valid IANA time zone"),
        ({"timezone": "+02:00"}, "invitee.timezone", "is not a valid IANA time zone"),
        ({"timezone": "Europe/"}, "invitee.timezone", "is not a valid IANA time zone"),
        ({"timezone": "../etc/passwd"}, "invitee.timezone", "is not a valid IANA time zone"),
        ({"timezone": "Europe/Atlantis"}, "invitee.timezone", "is not a valid IANA time zone"),
        ({"text_reminder_number": "call me"}, "invitee.text_reminder_number", "is not a valid phone number"),
    ],
)
async def test_the_invitee_is_checked(sandbox: Sandbox, change: Json, parameter: str, message: str) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(invitee={**PERSON, **change}))
    assert refused["details"] == [{"parameter": parameter, "message": message}]


@pytest.mark.parametrize("location", [None, {"kind": "zoom_conference"}, {"kind": ""}, "google_conference"])
async def test_the_kind_of_place_must_be_configured(sandbox: Sandbox, location: object) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(location=location))
    assert refused["message"] == KIND_NOT_CONFIGURED
    assert refused["details"] == [
        {
            "parameter": "event.location_configuration.kind",
            "message": "invalid location choice",
            "code": "invalid_location_choice",
        }
    ]


async def test_a_conference_takes_no_place(sandbox: Sandbox) -> None:
    location = {"kind": "google_conference", "location": "my own room"}
    refused = await refusal_of(sandbox, await sandbox.booking_request(location=location))
    assert refused["details"][0]["parameter"] == "event.location_configuration.location"


@pytest.mark.parametrize("location", [{"kind": "outbound_call"}, {"kind": "physical", "location": " "}])
async def test_a_call_or_a_visit_needs_its_place(sandbox: Sandbox, location: Json) -> None:
    refused = await refusal_of(sandbox, await consultation(sandbox, location=location))
    assert refused == {"title": "Invalid Argument", "message": LOCATION_REQUIRED}


@pytest.mark.parametrize(
    "location", [{"kind": "outbound_call", "location": "by phone"}, {"kind": "physical", "location": "At the station"}]
)
async def test_the_place_itself_must_fit(sandbox: Sandbox, location: Json) -> None:
    refused = await refusal_of(sandbox, await consultation(sandbox, location=location))
    assert refused["details"][0]["code"] == "invalid_location_choice"


async def test_the_configured_address_can_be_booked(sandbox: Sandbox) -> None:
    location = {"kind": "physical", "location": ADDRESS}
    booked = await sandbox.calendly("POST", "/invitees", json=await consultation(sandbox, location=location))
    event = (await sandbox.calendly("GET", booked.json()["resource"]["event"])).json()["resource"]
    assert event["location"] == {
        "type": "physical",
        "location": ADDRESS,
        "additional_info": "The bell says Harbourline",
    }
    assert event["event_memberships"][0]["buffered_end_time"] == "2026-03-02T15:00:00.000000Z"


@pytest.mark.parametrize(
    "answers", [None, [], [{**TOPIC, "answer": " "}], [{**TOPIC, "question": "what would you like to talk about?"}]]
)
async def test_required_questions_must_be_answered_under_their_exact_name(sandbox: Sandbox, answers: object) -> None:
    refused = await refusal_of(sandbox, await consultation(sandbox, questions_and_answers=answers))
    assert refused == {"title": "Invalid Argument", "message": QUESTIONS_BLANK}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"question": "Phone Number", "answer": "later", "position": 2}, "Phone Number is not a valid phone number"),
        ({"question": "Shoe size", "answer": "43", "position": 3}, "question is not one of this event type"),
        ({"question": "Team size", "answer": "1-10"}, "position is missing"),
    ],
)
async def test_optional_answers_are_checked_too(sandbox: Sandbox, answer: Json, message: str) -> None:
    refused = await refusal_of(sandbox, await consultation(sandbox, questions_and_answers=[TOPIC, answer]))
    assert refused["details"] == [{"parameter": "questions_and_answers", "message": message}]


async def test_answers_come_back(sandbox: Sandbox) -> None:
    answers = [TOPIC, {"question": "Phone Number", "answer": "+358401234567", "position": 2}]
    request = await consultation(sandbox, questions_and_answers=answers)
    invitee = (await sandbox.calendly("POST", "/invitees", json=request)).json()["resource"]
    assert invitee["questions_and_answers"] == answers


async def test_tracking_needs_all_six_keys(sandbox: Sandbox) -> None:
    partial = {
        "utm_source": "pipewise",
        "utm_campaign": None,
        "utm_medium": None,
        "utm_content": None,
        "utm_term": None,
    }
    refused = await refusal_of(sandbox, await sandbox.booking_request(tracking=partial))
    assert refused["details"] == [{"parameter": "tracking.salesforce_uuid", "message": "is missing"}]
    too_long = {**TRACKING, "utm_content": "x" * 256}
    refused = await refusal_of(sandbox, await sandbox.booking_request(tracking=too_long))
    assert refused["details"][0]["parameter"] == "tracking.utm_content"


@pytest.mark.parametrize("guests", [["g@customer.example"] * 11, ["nobody"], "g@customer.example"])
async def test_guests_are_at_most_ten_addresses(sandbox: Sandbox, guests: object) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(event_guests=guests))
    assert refused["details"][0]["parameter"] == "event_guests"


async def test_the_event_type_is_needed_and_must_exist(sandbox: Sandbox) -> None:
    refused = await refusal_of(sandbox, await sandbox.booking_request(event_type=None))
    assert refused["details"] == [{"parameter": "event_type", "message": "is missing"}]
    unknown = await sandbox.book(event_type="https://api.calendly.com/event_types/nope")
    assert unknown.status_code == 404
    not_json = await sandbox.calendly("POST", "/invitees", content=b"[1")
    assert not_json.status_code == 400
