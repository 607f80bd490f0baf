"""WhatsApp's handshake, signature and envelope."""

import base64
import json
from typing import Any

import pytest

from pipewise.errors import InvalidSignature
from pipewise.platforms.meta import answer_challenge
from pipewise.platforms.whatsapp.models import WhatsAppCredentials
from tests.contract.payloads import read_sample
from tests.fakes import NOON
from tests.unit.pipewise.platforms.whatsapp.deliveries import WEBHOOK, delivery, only, parse, text
from tests.unit.pipewise.platforms.whatsapp.graph_api import CREDENTIALS, NUMBER_ID

QUERY = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "planted-verify"}
BODY = b'{"object":"whatsapp_business_account","entry":[]}'
# printf '%s' "$BODY" | openssl dgst -sha256 -hmac planted-secret
VECTOR = "f8f84bf7560cb1754f4ebc250f97d6c6c597cc2ed751207f65864811081c1382"


def test_the_handshake_echoes_the_challenge_alone() -> None:
    answer = WEBHOOK.handshake(QUERY, (CREDENTIALS,))
    assert (answer.status, answer.body, answer.media_type) == (200, "1158201444", "text/plain")


def test_the_verify_token_of_any_connected_number_is_accepted() -> None:
    other = WhatsAppCredentials.model_validate(
        {"access_token": "t", "phone_number_id": "1", "app_secret": "s", "verify_token": "other"}
    )
    assert WEBHOOK.handshake(QUERY, (other, CREDENTIALS)).status == 200
    assert WEBHOOK.handshake(QUERY, (other,)).status == 403


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "planted-verif"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>alert(1)</script>"},
        {"hub.challenge": "1" * 257},
        {"hub.challenge": "1\n"},
    ],
)
def test_any_other_handshake_is_refused(change: dict[str, str]) -> None:
    answer = WEBHOOK.handshake(QUERY | change, (CREDENTIALS,))
    assert answer.status == 403
    assert change.get("hub.challenge", "") not in answer.body or not change.get("hub.challenge")


def test_an_empty_verify_token_matches_nothing() -> None:
    assert answer_challenge(QUERY | {"hub.verify_token": ""}, ("",)).status == 403


def test_names_with_underscores_are_not_meta_s() -> None:
    assert (
        WEBHOOK.handshake({key.replace(".", "_"): value for key, value in QUERY.items()}, (CREDENTIALS,)).status == 403
    )


def test_a_vector_signed_by_hand() -> None:
    WEBHOOK.verify(BODY, {"x-hub-signature-256": f"sha256={VECTOR}"}, ("new", "planted-secret"), NOON)


def test_the_raw_bytes_are_signed_and_not_the_document() -> None:
    raw = b'{"text":"caf\\u00e9 \\/"}'
    from_meta = {"x-hub-signature-256": "sha256=c54edfa4d1809227dfa84e96f73e40889efd82290f081b6f70deb85f4458f52a"}
    WEBHOOK.verify(raw, from_meta, ("planted-secret",), NOON)
    with pytest.raises(InvalidSignature):
        WEBHOOK.verify(json.dumps(json.loads(raw)).encode(), from_meta, ("planted-secret",), NOON)


@pytest.mark.parametrize("form", ["{}", "sha1={}", "SHA256={}", " sha256={}", "sha256={} ", "sha256=", "sha256={}\n"])
def test_only_the_exact_form_of_the_header_passes(form: str) -> None:
    with pytest.raises(InvalidSignature):
        WEBHOOK.verify(BODY, {"x-hub-signature-256": form.format(VECTOR)}, ("planted-secret",), NOON)


def test_a_batch_of_two_numbers_keeps_them_apart() -> None:
    document = read_sample("whatsapp", "webhook_batch_mixed").document
    assert WEBHOOK.account_refs(document) == (NUMBER_ID, "211000000000088")
    assert {event.account_ref for event in parse("webhook_batch_mixed").events} == {NUMBER_ID, "211000000000088"}


def test_a_redelivery_has_the_same_key() -> None:
    assert only("webhook_duplicate_redelivery").dedupe_key == only("inbound_text").dedupe_key


@pytest.mark.parametrize("document", [None, [], {}, {"entry": {}}, {"object": "page"}, 7, "x"])
def test_what_is_no_delivery_is_one_rejected_item(document: object) -> None:
    parsed = WEBHOOK.parse(document, NOON, {})
    assert (len(parsed.rejected), parsed.events, parsed.ignored) == (1, (), 0)


def test_another_product_s_delivery_and_unneeded_fields_are_ignored() -> None:
    assert WEBHOOK.parse({"object": "page", "entry": [{}]}, NOON, {}).ignored == 1
    assert delivery({}, field="history").ignored == 1
    assert delivery({}, field="a_field_of_the_future").ignored == 1


@pytest.mark.parametrize(
    "value", [{}, {"messages": {}}, {"metadata": {}, "messages": [text()]}, {"metadata": None, "statuses": []}]
)
def test_a_change_without_its_lists_or_its_number_is_rejected(value: dict[str, Any]) -> None:
    parsed = delivery(value)
    assert (len(parsed.rejected), parsed.events) == (1, ())


def test_an_identifier_of_absurd_length_is_rejected() -> None:
    assert len(delivery({"messages": [text(id="w" * 513)]}).rejected) == 1
    (event,) = delivery({"messages": [text(id="w" * 512)]}).events
    assert len(event.dedupe_key) <= 512


def test_base64_of_ids_keeps_its_case() -> None:
    upper, lower = base64.b64encode(b"\x00\x10").decode(), base64.b64encode(b"\x00\x10").decode().lower()
    parsed = delivery({"messages": [text(id=upper), text(id=lower)]})
    assert len({event.dedupe_key for event in parsed.events}) == 2
