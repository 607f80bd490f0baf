"""What Calendly's deliveries say, item by item."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, Identity, InboundEvent
from pipewise.platforms.calendly.webhook import CalendlyWebhook
from tests.fakes import NOON

WEBHOOK = CalendlyWebhook()
PAYLOADS = Path(__file__).parents[4] / "payloads" / "calendly"
OLD = (
    "https://api.calendly.com/scheduled_events/2d7f9a10-35c8-4be6-8f04-a91e6c03d7b5"
    "/invitees/93b0e6d4-f18a-4c27-a5d9-0e72cb416f38"
)
NEW = (
    "https://api.calendly.com/scheduled_events/b80c45e3-9d21-4f76-ae5b-67f013c2d894"
    "/invitees/c51a7f02-6b3e-4d98-90c4-e8d2f7a15b63"
)


def body(name: str, /, **payload: Any) -> Any:
    document = json.loads((PAYLOADS / f"{name}.json").read_text())["body"]
    document["payload"].update(payload)
    return document


def parse(document: Any) -> InboundEvent:
    delivery = WEBHOOK.parse(document, NOON, {})
    assert (len(delivery.events), delivery.rejected, delivery.ignored) == (1, (), 0)
    return delivery.events[0]


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_is_counted_as_it_says(path: Path) -> None:
    sample = json.loads(path.read_text())
    raw = json.dumps(sample["body"]).encode()
    delivery = WEBHOOK.parse(WEBHOOK.decode(raw, "application/json"), NOON, {})
    counts = {"events": len(delivery.events), "ignored": delivery.ignored, "rejected": len(delivery.rejected)}
    assert counts == sample["expect"]


def test_a_booking_is_told_whole() -> None:
    event = parse(body("invitee_created"))
    assert (event.kind, event.needs_turn) == (EventKind.BOOKING, False)
    assert event.account_ref == "/users/6e0c2f5b-7c1d-4a8e-b3f9-51d2a07c94e6"
    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == "2026-03-02T10:20:31+00:00"
    assert event.content == {
        "change": "created",
        "title": "Roof survey call",
        "invitee_uri": OLD,
        "event_uri": OLD.rsplit("/invitees/", 1)[0],
        "event_type": "https://api.calendly.com/event_types/f4b81d27-0a63-4e9c-9d15-c7e28a3b60f1",
        "start_time": "2026-03-09T13:00:00+00:00",
        "end_time": "2026-03-09T13:45:00+00:00",
        "timezone": "Europe/Berlin",
        "status": "active",
        "rescheduled": False,
        "old_invitee": None,
        "new_invitee": None,
        "tracking": {
            "utm_campaign": None,
            "utm_source": "pipewise",
            "utm_medium": None,
            "utm_content": "0b9f3a52-77de-5c41-8a20-d4c6e1f7b935",
            "utm_term": None,
            "salesforce_uuid": None,
        },
        "join_url": "https://meet.google.com/qwe-rtyu-iop",
        "cancel_url": "https://calendly.com/cancellations/93b0e6d4-f18a-4c27-a5d9-0e72cb416f38",
        "reschedule_url": "https://calendly.com/reschedulings/93b0e6d4-f18a-4c27-a5d9-0e72cb416f38",
        "canceled_by": None,
        "reason": None,
    }
    json.dumps(dict(event.content))


def test_the_lead_is_known_by_email_in_lower_case() -> None:
    sender = parse(body("invitee_created")).sender
    assert sender is not None
    assert sender.identities == (Identity("email", "johanna.brandt@lindenhof.example"),)
    assert (sender.name, sender.email) == ("Johanna Brandt", "johanna.brandt@lindenhof.example")
    assert sender.phone == "+4915123456789"


@pytest.mark.parametrize(
    ("payload", "phone"),
    [
        ({"text_reminder_number": "+47 22 33 44 55"}, "+4722334455"),
        ({"text_reminder_number": "22334455"}, "+4915123456789"),
        ({"questions_and_answers": [{"question": "Order number", "answer": "+4915123456789"}]}, None),
        ({"questions_and_answers": [{"question": "Teléfono", "answer": "+34 612 34 56 78"}]}, "+34612345678"),
        ({"questions_and_answers": [{"question": "Mobile", "answer": "+1 555 000 1111"}]}, None),
        ({"questions_and_answers": [{"question": "Phone", "answer": "+" + "4" * 5000}]}, None),
        ({"questions_and_answers": [{"question": None, "answer": 5}, 7, None]}, None),
        ({"questions_and_answers": "none"}, None),
    ],
)
def test_a_phone_is_kept_when_it_is_one(payload: dict[str, Any], phone: str | None) -> None:
    sender = parse(body("invitee_created", **payload)).sender
    assert sender is not None
    assert sender.phone == phone


def test_the_number_that_the_host_will_call_is_the_leads() -> None:
    document = body("invitee_created", questions_and_answers=[])
    document["payload"]["scheduled_event"]["location"] = {"type": "outbound_call", "location": "+4722334455"}
    sender = parse(document).sender
    assert sender is not None
    assert sender.phone == "+4722334455"
    document["payload"]["scheduled_event"]["location"]["type"] = "inbound_call"
    sender = parse(document).sender
    assert sender is not None
    assert sender.phone is None


@pytest.mark.parametrize(
    "email", [None, "", "nobody", "@x.example", "a@", "a b@x.example", "a@b@c.example", 7, "a" * 300 + "@x.example"]
)
def test_without_an_address_there_is_no_sender(email: Any) -> None:
    event = parse(body("invitee_created", email=email))
    assert event.sender is None
    assert event.content["invitee_uri"] == OLD


def test_a_name_may_come_in_parts() -> None:
    sender = parse(body("invitee_created", name=None, first_name="Johanna", last_name="Brandt")).sender
    assert sender is not None
    assert sender.name == "Johanna Brandt"


def test_a_cancellation_says_who_and_why() -> None:
    content = parse(body("invitee_canceled_group")).content
    assert (content["change"], content["status"], content["rescheduled"]) == ("canceled", "canceled", False)
    assert (content["canceled_by"], content["reason"]) == ("host", "Fully booked")


def test_a_reschedule_is_two_events_that_name_each_other_in_either_order() -> None:
    pair = [body("invitee_canceled_rescheduled"), body("invitee_created_rescheduled")]
    for documents in (pair, pair[::-1]):
        told = {e.content["change"]: e for e in map(parse, documents)}
        canceled, created = told["canceled"].content, told["created"].content
        assert (canceled["rescheduled"], canceled["invitee_uri"], canceled["new_invitee"]) == (True, OLD, NEW)
        assert (created["rescheduled"], created["invitee_uri"], created["old_invitee"]) == (False, NEW, OLD)
        assert canceled["event_uri"] != created["event_uri"]
        assert created["start_time"] == "2026-03-11T08:30:00+00:00"


@pytest.mark.parametrize("name", ["invitee_created", "invitee_canceled", "no_show_created"])
def test_a_delivery_repeated_at_another_time_is_the_same(name: str) -> None:
    again = body(name, updated_at="2026-03-20T00:00:00.000000Z")
    again["created_at"] = "2026-03-19T23:00:00.000000Z"
    assert parse(again).dedupe_key == parse(body(name)).dedupe_key


def test_different_things_are_never_taken_for_one_another() -> None:
    names = ["invitee_created", "invitee_canceled", "invitee_created_rescheduled", "no_show_created", "no_show_deleted"]
    assert len({parse(body(name)).dedupe_key for name in names}) == len(names)


def test_a_no_show_marked_again_is_new() -> None:
    first, second = body("no_show_created"), body("no_show_created")
    second["payload"]["no_show"]["uri"] = "https://api.calendly.com/invitee_no_shows/second-mark"
    assert parse(first).dedupe_key != parse(second).dedupe_key
    for document in (first, second):
        document["payload"]["no_show"] = None
    second["created_at"] = "2026-03-10T09:00:00.000000Z"
    assert parse(first).dedupe_key != parse(second).dedupe_key
    cleared_twice = [body("no_show_deleted"), body("no_show_deleted")]
    cleared_twice[1]["created_at"] = "2026-03-12T09:00:00.000000Z"
    assert len({parse(document).dedupe_key for document in cleared_twice}) == 2


def test_no_shows_say_what_changed() -> None:
    assert [parse(body(name)).content["change"] for name in ("no_show_created", "no_show_deleted")] == [
        "no_show",
        "no_show_cleared",
    ]


def test_a_document_of_2020_has_no_times() -> None:
    content = parse(body("invitee_created_of_2020")).content
    assert (content["start_time"], content["event_type"], content["join_url"]) == (None, None, None)
    assert (content["status"], content["invitee_uri"]) == ("active", OLD)
    assert parse(body("invitee_created_of_2020", canceled=True)).content["status"] == "canceled"


def test_a_late_created_of_a_cancelled_invitee_says_so() -> None:
    assert parse(body("invitee_created", status="canceled")).content["status"] == "canceled"


def test_keys_of_very_long_ids_stay_short() -> None:
    uri = f"https://api.calendly.com/scheduled_events/{'e' * 250}/invitees/{'i' * 250}"
    other = uri[:-1] + "j"
    keys = {parse(body("invitee_created", uri=u)).dedupe_key for u in (uri, other)}
    assert len(keys) == 2
    assert all(len(key) <= 200 for key in keys)


@pytest.mark.parametrize("field", ["cancel_url", "reschedule_url"])
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x.example/a b", "//x.example", 5, "https://u:p@x.example"]
)
def test_links_that_are_none_are_left_out(field: str, url: Any) -> None:
    assert parse(body("invitee_created", **{field: url})).content[field] is None


@pytest.mark.parametrize(
    "change",
    [
        {"uri": None},
        {"uri": "https://api.calendly.com/scheduled_events/x"},
        {"uri": "https://api.calendly.com/scheduled_events/../invitees/x"},
        {"scheduled_event": "gone"},
        {"scheduled_event": {}},
        {"scheduled_event": {"uri": OLD.rsplit("/invitees/", 1)[0], "start_time": "soon"}},
        {"scheduled_event": {"uri": OLD.rsplit("/invitees/", 1)[0], "start_time": "2026-03-09T13:00:00"}},
    ],
)
def test_what_cannot_be_read_is_set_aside_without_its_values(change: dict[str, Any]) -> None:
    document = body("invitee_created", **change)
    delivery = WEBHOOK.parse(document, NOON, {})
    assert (delivery.events, delivery.ignored, len(delivery.rejected)) == ((), 0, 1)
    item = delivery.rejected[0]
    assert item.raw == document
    assert item.reason.startswith("invitee.created: ")
    assert "Johanna" not in item.reason
    assert item.dedupe_key == WEBHOOK.parse(copy.deepcopy(document), NOON, {}).rejected[0].dedupe_key


@pytest.mark.parametrize("document", [None, [], "x", 5, {}, {"event": None}, {"event": ["invitee.created"]}])
def test_a_document_that_names_no_event_is_set_aside(document: Any) -> None:
    assert len(WEBHOOK.parse(document, NOON, {}).rejected) == 1
    assert WEBHOOK.account_refs(document) == ()


def test_account_refs_are_paths_of_users() -> None:
    assert WEBHOOK.account_refs(body("invitee_created")) == ("/users/6e0c2f5b-7c1d-4a8e-b3f9-51d2a07c94e6",)
    assert WEBHOOK.account_refs({"created_by": "https://api.calendly.com/organizations/1"}) == ()


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 100 + b"]" * 100])
def test_what_is_not_json_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedPayload):
        WEBHOOK.decode(raw, "application/json")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=10), children, max_size=4),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield from places(child, (*path, key))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    document = copy.deepcopy(document)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return document


def check_total(document: Any) -> None:
    delivery = WEBHOOK.parse(document, NOON, {})
    assert len(delivery.events) + len(delivery.rejected) + delivery.ignored == 1
    for event in delivery.events:
        json.dumps(dict(event.content))
        assert 0 < len(event.dedupe_key) <= 200
        assert event.occurred_at is None or event.occurred_at.tzinfo is not None
    WEBHOOK.account_refs(document)


SAMPLES = [json.loads(path.read_text())["body"] for path in sorted(PAYLOADS.glob("*.json"))]
PLACES = [(sample, path) for sample in SAMPLES for path in places(sample)]


@given(json_values)
def test_any_document_is_parsed_without_an_exception(document: Any) -> None:
    check_total(document)


@given(place=st.sampled_from(PLACES), value=json_values)
def test_a_sample_with_any_one_value_replaced_is_parsed_without_an_exception(
    place: tuple[Any, tuple[Any, ...]], value: Any
) -> None:
    check_total(replaced(*place, value))
