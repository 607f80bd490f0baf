"""Leads that come by form."""

from typing import Any

import pytest
from pydantic import ValidationError

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery
from pipewise.platforms.form.models import FormCredentials
from pipewise.platforms.form.reachable import read_email, read_phone
from pipewise.platforms.form.webhook import MAX_FIELDS, URLENCODED, FormWebhook
from tests.contract.payloads import read_sample
from tests.fakes import NOON

WEBHOOK = FormWebhook()
HEADERS = {"webhook-id": "msg_1"}


def parse(lead: Any, headers: dict[str, str] = HEADERS) -> ParsedDelivery:
    return WEBHOOK.parse(lead, NOON, headers)


def only(lead: Any, headers: dict[str, str] = HEADERS) -> InboundEvent:
    (event,) = parse(lead, headers).events
    return event


def urlencoded(body: str) -> Any:
    return WEBHOOK.decode(body.encode(), f"{URLENCODED}; charset=UTF-8")


def test_a_complete_lead() -> None:
    event = only(read_sample("form", "lead_complete").document)
    assert event.kind is EventKind.FORM
    assert event.dedupe_key == "event:intake-0077"
    assert event.occurred_at == NOON
    assert event.needs_turn
    assert event.content == {
        "message": "We lose leads on weekends, can we talk?",
        "source": "pricing page",
        "consent": True,
        "fields": {"team_size": 5, "topics": ["rota", "calendar"]},
    }
    sender = event.sender
    assert sender is not None
    assert (sender.name, sender.company) == ("Noor Imaginary", "Imaginary Works")
    assert (sender.email, sender.phone) == ("noor@imaginary.example", "+447700900123")
    assert sender.identities == (Identity("phone", "+447700900123"), Identity("email", "noor@imaginary.example"))


def test_an_address_is_enough() -> None:
    event = only({"email": "otto@invented.example"})
    assert event.content == {"message": "", "source": None, "consent": False, "fields": {}}
    assert event.sender is not None
    assert event.sender.phone is None


@pytest.mark.parametrize("name", ["lead_without_address", "lead_bad_addresses", "not_an_object"])
def test_without_an_address_the_lead_is_rejected(name: str) -> None:
    parsed = parse(read_sample("form", name).document)
    assert (parsed.events, len(parsed.rejected)) == ((), 1)


def test_an_address_that_cannot_be_used_is_kept_for_a_person_to_see() -> None:
    event = only(read_sample("form", "lead_bad_phone_good_email").document)
    assert event.sender is not None
    assert event.sender.phone is None
    assert event.content["fields"] == {"phone": "07700 900234"}


@pytest.mark.parametrize("consent", [None, False, "true", "yes", 1, [True], {}])
def test_consent_is_a_clear_yes_or_none(consent: object) -> None:
    assert only({"email": "otto@invented.example", "consent": consent}).content["consent"] is False


@pytest.mark.parametrize(
    ("value", "consent"),
    [("on", True), ("true", True), ("YES", True), ("1", True), ("off", False), ("", False), ("no", False)],
)
def test_a_ticked_box_is_consent(value: str, consent: bool) -> None:
    assert only(urlencoded(f"email=otto%40invented.example&consent={value}")).content["consent"] is consent


def test_a_consent_that_came_twice_is_none() -> None:
    assert urlencoded("consent=on&consent=off")["consent"] is False


def test_the_key_is_the_sender_s_own_id_else_the_delivery_s() -> None:
    lead = {"email": "otto@invented.example"}
    assert only(lead).dedupe_key == "delivery:msg_1"
    assert only(lead | {"event_id": "e1"}).dedupe_key == "event:e1"
    assert only(lead | {"event_id": 7}).dedupe_key == "event:7"
    assert only(lead | {"event_id": None}).dedupe_key == "delivery:msg_1"
    assert only(lead, {}).dedupe_key == only(dict(lead), {}).dedupe_key
    assert only(lead, {}).dedupe_key != only(lead | {"name": "Otto"}, {}).dedupe_key


def test_urlencoded_fields_are_read_as_browsers_send_them() -> None:
    document = urlencoded("name=Noor+Imaginary&message=Gr%C3%BC%C3%9Fe+%26+mehr%0D%0Abis+bald&topic=a&topic=b&empty=")
    assert document == {
        "name": "Noor Imaginary",
        "message": "Grüße & mehr\r\nbis bald",
        "topic": "a, b",
        "empty": "",
    }


def test_characters_that_no_database_stores_are_replaced() -> None:
    assert urlencoded("na%00me=a%00b") == {"na\ufffdme": "a\ufffdb"}


@pytest.mark.parametrize("body", ["a=%ff", "é=1", "&".join(f"f{n}=1" for n in range(MAX_FIELDS + 1))])
def test_unreadable_fields_are_malformed(body: str) -> None:
    with pytest.raises(MalformedPayload):
        urlencoded(body)


def test_the_content_type_decides_how_a_body_is_read() -> None:
    assert WEBHOOK.decode(b'{"a": 1}', "application/json") == {"a": 1}
    assert WEBHOOK.decode(b"a=1", URLENCODED.upper()) == {"a": "1"}
    with pytest.raises(MalformedPayload):
        WEBHOOK.decode(b"a=1", "application/json")


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700-900123", "+447700900123"),
        ("0044 7700 900234", "+447700900234"),
        ("+1 (555) 000-1111", "+15550001111"),
        (" +4366012345678 ", "+4366012345678"),
        ("07700 900234", None),
        ("7700900234", None),
        ("+12", None),
        ("+999 123456789", None),
        ("+1 555 000 1111 22", None),
        ("+", None),
        ("", None),
        ("call me", None),
        ("+44" + "7" * 60, None),
    ],
)
def test_phone_numbers(typed: str, phone: str | None) -> None:
    assert read_phone(typed) == phone


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        (" Noor@Imaginary.EXAMPLE ", "noor@imaginary.example"),
        ("a.b+c@d.co", "a.b+c@d.co"),
        ("nöör@bücher.example", "nöör@bücher.example"),
        ("a@b", None),
        ("a@@b.co", None),
        ("a@b..co", None),
        ("a b@c.co", None),
        ("a@b.co, d@e.co", None),
        ("a@b.co\nbcc: d@e.co", None),
        ("<a@b.co>", None),
        ("@b.co", None),
        ("a" * 65 + "@b.co", None),
        ("a@" + "b." * 130 + "co", None),
    ],
)
def test_email_addresses(typed: str, email: str | None) -> None:
    assert read_email(typed) == email


def test_a_name_is_one_visible_line() -> None:
    event = only({"email": "otto@invented.example", "name": "Otto\u202e\n Invented\x07"})
    assert event.sender is not None
    assert event.sender.name == "Otto Invented"


def test_there_is_no_handshake() -> None:
    held = FormCredentials.model_validate({"secret": "long enough"})
    assert WEBHOOK.handshake({"hub.challenge": "1"}, (held,)).status == 404


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValidationError):
        FormCredentials.model_validate({"secret": "short"})
