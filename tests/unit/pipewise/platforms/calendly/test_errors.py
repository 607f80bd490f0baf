"""Every error answer that Calendly documents or was seen to give, as the error a caller acts on."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, SlotTaken, Unavailable
from pipewise.platforms.calendly.errors import booking_error, read_error, write_error

INVALID = "The supplied parameters are invalid."


def body(message: str, *details: dict[str, str], title: str = "Invalid Argument", **extra: Any) -> dict[str, Any]:
    return {"title": title, "message": message, **({"details": list(details)} if details else {}), **extra}


def detail(parameter: str, message: str, code: str | None = None) -> dict[str, str]:
    return {"parameter": parameter, "message": message, **({"code": code} if code else {})}


ALREADY_FILLED = body(INVALID, detail("event.start_time", "That start time has been filled", "already_filled"))

REFUSALS = [
    ("invalid_location_choice", 400, body("Specified location kind is not configured for this event type.",
        detail("event.location_configuration.location", "invalid location choice", "invalid_location_choice"))),
    ("invalid_location_choice", 400, body(INVALID,
        detail("event.location_configuration.kind", "invalid location choice", "invalid_location_choice"))),
    ("location_required", 400, body(
        "location.location is required when location.kind is 'outbound_call', 'ask_invitee', 'physical' or 'custom'")),
    ("required_questions", 400, body("Required Questions and Answers cannot be blank.")),
    ("phone_answer", 400, body(INVALID, detail("questions_and_answers", "Mobile is not a valid phone number"))),
    ("tracking_incomplete", 400, body(INVALID, detail("tracking.utm_term", "is missing"))),
    ("name_missing", 400, body(INVALID, detail("invitee", "either name or first_name must be filled"))),
    ("date_range", 400, body(INVALID, detail("end_time", "date range can be no greater than 31 days"))),
    ("start_in_past", 400, body(INVALID, detail("start_time", "start_time must be in the future"))),
    (None, 400, body(INVALID, detail("invitee.email", "is not a valid email"))),
    ("already_canceled", 403, body("Event is already canceled", title="Permission Denied")),
    ("event_in_past", 403, body("Event in the past", title="Permission Denied")),
    ("cancel_not_allowed", 403, body("You are not allowed to cancel this event", title="Permission Denied")),
    ("plan_required", 403, body("Please upgrade to a paid Calendly account.", title="Permission Denied")),
    ("plan_required", 403, body("This is part of the Standard plan.", title="Permission Denied")),
    (None, 422, None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status", "document"), REFUSALS)
def test_a_refusal_is_rejected_and_is_never_a_taken_slot(code: str | None, status: int, document: Any) -> None:
    for read in (read_error, write_error, booking_error):
        error = read(status, document, {})
        assert type(error) is Rejected
        assert (error.vendor_code, error.http_status, error.outcome) == (code, status, Outcome.REFUSED)
        assert not error.retryable


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (400, ALREADY_FILLED),
        (400, body(INVALID, detail("x", "?"), detail("event.start_time", "", "already_filled"))),
        (400, body(INVALID, detail("event.start_time", "That start time has been filled"))),
        (400, body("This time is no longer available.")),
        (400, body("The selected time is unavailable")),
        (404, body("The server could not find the requested resource.", title="Resource Not Found")),
        (409, body("Conflict")),
        (409, None),
    ],
)
def test_a_taken_slot_is_known_by_code_then_by_words(status: int, document: Any) -> None:
    error = booking_error(status, document, {})
    assert type(error) is SlotTaken
    assert (error.outcome, error.http_status, error.code) == (Outcome.REFUSED, status, "calendly_slot_taken")


def test_outside_booking_nothing_is_a_taken_slot() -> None:
    assert type(read_error(400, ALREADY_FILLED, {})) is Rejected
    assert read_error(404, body("Not here"), {}).vendor_code == "not_found"
    assert write_error(409, body("Hook with this url already exists"), {}).vendor_code == "already_exists"


@pytest.mark.parametrize(
    "document",
    [
        body(INVALID, detail("event.location_configuration.kind", "this place is unavailable")),
        body("The supplied parameters are unavailable.", detail("invitee.email", "is not valid")),
        body("Name needs to be filled"),
        {"title": "That time has been filled", "message": INVALID},
    ],
)
def test_words_about_something_else_than_the_time_are_not_a_taken_slot(document: Any) -> None:
    assert type(booking_error(400, document, {})) is Rejected


def test_a_dead_token_needs_a_person() -> None:
    error = read_error(401, body("The access token is invalid", title="Unauthenticated"), {})
    assert isinstance(error, AuthFailed)
    assert (error.manual_action_required, error.vendor_code) == (True, "unauthenticated")


def test_a_missing_scope_is_named() -> None:
    document = body(
        "This operation requires the scopes listed.", title="Insufficient scope", required_scopes=["webhooks:write"]
    )
    error = read_error(403, document, {})
    assert isinstance(error, AuthFailed)
    assert error.vendor_code == "insufficient_scope"
    assert "webhooks:write" in error.message


def test_a_foreign_account_is_an_authorization_failure() -> None:
    error = read_error(403, body("You do not have permission to access this resource.", title="Permission Denied"), {})
    assert isinstance(error, AuthFailed)
    assert error.vendor_code == "permission_denied"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x-ratelimit-reset": "60"}, 60.0),
        ({"x-ratelimit-reset": "7", "retry-after": "3"}, 3.0),
        ({"x-ratelimit-reset": "0"}, 0.0),
        ({}, 60.0),
        ({"x-ratelimit-reset": "1772452800"}, 60.0),  # a date where seconds belong
        ({"x-ratelimit-reset": "-5"}, 60.0),
        ({"x-ratelimit-reset": "nan"}, 60.0),
        ({"retry-after": "Mon, 02 Mar 2026 12:00:30 GMT", "x-ratelimit-reset": "30"}, 30.0),
    ],
)
def test_the_reset_header_holds_seconds_to_wait(headers: dict[str, str], wait: float) -> None:
    for read in (read_error, write_error, booking_error):
        error = read(429, {"title": "Too Many Requests", "message": "Rate limit exceeded"}, headers)
        assert isinstance(error, RateLimited)
        assert (error.retry_after, error.outcome) == (wait, Outcome.REFUSED)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 302])
def test_a_failing_server_leaves_a_write_unknown_and_a_read_undone(status: int) -> None:
    for read, outcome in (
        (read_error, Outcome.NOT_SENT),
        (write_error, Outcome.UNKNOWN),
        (booking_error, Outcome.UNKNOWN),
    ):
        error = read(status, None, {})
        assert type(error) is Unavailable
        assert error.outcome is outcome
        assert error.retryable == (outcome is Outcome.NOT_SENT and status != 302)


def test_an_unreachable_calendar_is_not_a_free_one() -> None:
    error = read_error(424, body("There is a problem accessing your calendar.", title="External Calendar Error"), {})
    assert isinstance(error, Unavailable)
    assert error.vendor_code == "external_calendar_error"


def test_calendlys_own_words_are_not_repeated() -> None:
    secret = "tok-secret-ABC123"
    document = body(f"bad {secret}", detail(f"invitee.{secret}", secret, secret), required_scopes=[secret])
    for status in (400, 401, 403, 404, 409, 422, 424, 429, 500):
        for read in (read_error, write_error, booking_error):
            assert secret not in json.dumps(read(status, document, {"x-ratelimit-reset": secret}).body().as_dict())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
error_bodies = json_values | st.fixed_dictionaries(
    {},
    optional={
        "title": json_values,
        "message": json_values,
        "details": json_values
        | st.lists(
            st.fixed_dictionaries({}, optional={"parameter": json_values, "message": json_values, "code": json_values})
        ),
        "required_scopes": json_values,
    },
)


@given(status=st.integers(300, 599), document=error_bodies, reset=st.text(max_size=12))
def test_any_error_answer_becomes_a_typed_error(status: int, document: Any, reset: str) -> None:
    for read in (read_error, write_error, booking_error):
        assert isinstance(read(status, document, {"x-ratelimit-reset": reset}), PlatformError)
