"""X's challenge, signature and both envelopes."""

import copy
import json
from typing import Any

import pytest

from pipewise.errors import InvalidSignature
from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery
from pipewise.platforms.x.models import XCredentials
from pipewise.platforms.x.webhook import XWebhook
from tests.contract.payloads import read_sample
from tests.fakes import NOON

WEBHOOK = XWebhook()
ACCOUNT, LEAD = "1911000000000000011", "1911000000000000022"
CREDENTIALS = XCredentials.model_validate(
    {"access_token": "planted-token", "consumer_secret": "planted-secret", "account_id": ACCOUNT}
)
BODY = '{"text":"café"}'.encode()
# printf '%s' "$BODY" | openssl dgst -sha256 -hmac planted-secret -binary | base64
VECTOR = "sha256=CONopDlP2avmnnKwnNfVHmX1toh3c6yFvMQRE7a3WVc="


def parse(name: str) -> ParsedDelivery:
    return WEBHOOK.parse(read_sample("x", name).document, NOON, {})


def only(name: str) -> InboundEvent:
    (event,) = parse(name).events
    return event


# Challenge and signature


def test_the_challenge_is_answered_with_the_newest_secret() -> None:
    older = CREDENTIALS.model_copy(update={"consumer_secret": type(CREDENTIALS.consumer_secret)("older")})
    answer = WEBHOOK.handshake({"crc_token": "Token.1+/=_-"}, (CREDENTIALS, older))
    # printf '%s' 'Token.1+/=_-' | openssl dgst -sha256 -hmac planted-secret -binary | base64
    assert json.loads(answer.body) == {"response_token": "sha256=MukBPxFor+d6RVKsMGsXNu1uvpc3WwADezQDNJ2pA7A="}
    assert (answer.status, answer.media_type) == (200, "application/json")


@pytest.mark.parametrize("token", ["", "a b", "{}", '{"data":{}}', "a" * 257, "a\n", "é", "a&b", "a:b", "\x00"])
def test_nothing_but_a_token_is_signed(token: str) -> None:
    answer = WEBHOOK.handshake({"crc_token": token}, (CREDENTIALS,))
    assert answer.status == 400
    assert "sha256" not in answer.body


def test_the_longest_token_is_signed_and_without_credentials_none() -> None:
    assert WEBHOOK.handshake({"crc_token": "a" * 256}, (CREDENTIALS,)).status == 200
    assert WEBHOOK.handshake({"crc_token": "a"}, ()).status == 400
    assert WEBHOOK.handshake({}, (CREDENTIALS,)).status == 400


def test_the_signature_is_base64_of_the_raw_body() -> None:
    WEBHOOK.verify(BODY, {"x-twitter-webhooks-signature": VECTOR}, ("new", "planted-secret"), NOON)
    with pytest.raises(InvalidSignature):
        WEBHOOK.verify(
            json.dumps(json.loads(BODY)).encode(), {"x-twitter-webhooks-signature": VECTOR}, ("planted-secret",), NOON
        )


@pytest.mark.parametrize("form", ["{}=", " {}", "{}\n", "sha256=", "", "é"])
def test_only_the_exact_form_of_the_header_passes(form: str) -> None:
    with pytest.raises(InvalidSignature):
        WEBHOOK.verify(BODY, {"x-twitter-webhooks-signature": form.format(VECTOR)}, ("planted-secret",), NOON)


# Direct messages


@pytest.mark.parametrize("name", ["xaa_dm_received", "aaa_direct_message_events"])
def test_a_direct_message_in_either_envelope(name: str) -> None:
    event = only(name)
    assert event.kind is EventKind.MESSAGE
    assert event.content == {
        "type": "text",
        "text": "Bonjour, can your planner handle café rotas?",
        "vendor_id": event.dedupe_key.removeprefix("dm:"),
    }
    assert event.sender is not None
    assert (event.sender.identities, event.sender.name) == ((Identity("x", LEAD),), "Noor Imaginary")
    assert event.account_ref == ACCOUNT
    assert event.needs_turn


def test_media_and_quick_replies() -> None:
    assert only("xaa_dm_received_media").content["type"] == "image"
    assert only("xaa_dm_received_media").content["media_id"]
    choice = only("aaa_direct_message_quick_reply_response").content
    assert (choice["type"], choice["text"], choice["choice_id"]) == ("choice", "Show me times", "SHOW_TIMES")


def test_our_own_direct_message_is_an_echo() -> None:
    event = only("xaa_dm_sent")
    assert (event.kind, event.content["text"], event.content["to"]) == (EventKind.ECHO, "Yes, from today.", LEAD)
    assert event.sender is not None
    assert event.sender.identities == (Identity("x", LEAD),)
    assert not event.needs_turn


@pytest.mark.parametrize("name", ["xaa_dm_read", "aaa_direct_message_mark_read"])
def test_a_read_receipt_is_a_status_of_our_message(name: str) -> None:
    event = only(name)
    assert (event.kind, event.content["status"]) == (EventKind.STATUS, "read")


def test_that_we_read_something_is_ignored() -> None:
    document = copy.deepcopy(read_sample("x", "xaa_dm_read").document)
    document["data"]["payload"]["direct_message_mark_read_events"][0]["sender_id"] = ACCOUNT
    assert WEBHOOK.parse(document, NOON, {}).ignored == 1


def test_an_encrypted_message_is_unsupported_and_wants_an_answer() -> None:
    event = only("xaa_chat_received_encrypted")
    assert event.content == {"type": "unsupported", "text": ""}
    assert event.needs_turn


# Posts


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("xaa_post_mention_create", "mention"),
        ("xaa_post_reply_create", "reply"),
        ("xaa_post_quote_create", "quote"),
        ("xaa_negative_event_uuid", "mention"),
        ("aaa_tweet_create_mention", "mention"),
        ("aaa_tweet_create_reply", "reply"),
        ("aaa_tweet_create_extended", "mention"),
    ],
)
def test_posts_that_summon_us(name: str, how: str) -> None:
    event = only(name)
    assert event.kind is EventKind.MESSAGE
    assert event.content["referral"]["source_type"] == how
    assert event.dedupe_key == f"post:{event.content['referral']['source_id']}"
    assert event.needs_turn


def test_a_long_legacy_post_is_read_whole() -> None:
    assert only("aaa_tweet_create_extended").content["text"].endswith("as long ones do")


def test_a_reply_that_does_not_name_us_is_kept_without_an_answer() -> None:
    document = copy.deepcopy(read_sample("x", "xaa_post_reply_create").document)
    document["data"]["payload"]["entities"]["mentions"] = []
    (event,) = WEBHOOK.parse(document, NOON, {}).events
    assert not event.needs_turn
    assert event.content["reply_to"]


def test_the_same_post_as_mention_and_as_reply_has_one_key() -> None:
    document = copy.deepcopy(read_sample("x", "xaa_post_reply_create").document)
    document["data"] |= {"event_type": "post.mention.create", "event_uuid": "-7"}
    (event,) = WEBHOOK.parse(document, NOON, {}).events
    assert event.dedupe_key == only("xaa_post_reply_create").dedupe_key


@pytest.mark.parametrize("name", ["xaa_post_create_own", "aaa_tweet_create_own", "xaa_post_delete"])
def test_our_own_posts_are_ignored(name: str) -> None:
    assert parse(name).ignored == 1


@pytest.mark.parametrize("change", [{"retweeted_status": {}}, {"entities": {"user_mentions": []}}])
def test_reposts_and_posts_to_nobody_are_ignored(change: dict[str, Any]) -> None:
    document = copy.deepcopy(read_sample("x", "aaa_tweet_create_mention").document)
    document["tweet_create_events"][0] |= change
    assert WEBHOOK.parse(document, NOON, {}).ignored == 1


def test_a_deleted_post_is_revoked() -> None:
    event = only("aaa_tweet_delete")
    assert event.content == {
        "type": "revoke",
        "text": "",
        "revokes": only("aaa_tweet_create_mention").content["referral"]["source_id"],
    }
    assert not event.needs_turn


# The account


@pytest.mark.parametrize("name", ["xaa_oauth_revoke", "aaa_user_revoke"])
def test_a_revoked_access_is_told(name: str) -> None:
    event = only(name)
    assert (event.kind, event.content["topic"], event.account_ref) == (EventKind.NOTICE, "access_revoked", ACCOUNT)


def test_the_end_of_a_replay_is_told() -> None:
    assert only("replay_job_status").content["topic"] == "replay"


@pytest.mark.parametrize(
    "name",
    ["xaa_dm_typing", "aaa_direct_message_typing", "aaa_follow", "aaa_block", "xaa_unknown_event_type"],
)
def test_what_is_not_needed_is_ignored(name: str) -> None:
    assert parse(name) == ParsedDelivery(ignored=1)


def test_accounts_are_found_in_every_envelope() -> None:
    for name in ("xaa_dm_received", "aaa_direct_message_events", "aaa_user_revoke"):
        assert WEBHOOK.account_refs(read_sample("x", name).document) == (ACCOUNT,)


def test_a_redelivery_has_the_same_key() -> None:
    assert only("redelivery_first").dedupe_key == only("redelivery_second").dedupe_key


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        7,
        {"data": {}},
        {"data": {"filter": {"user_id": "1"}, "event_type": "dm.received"}},
        {"data": {"filter": {"user_id": "1"}, "event_type": "dm.received", "payload": {}}},
        {"data": {"filter": {"user_id": "1"}, "event_type": "post.mention.create", "payload": {"id": "1"}}},
        {"user_event": {}},
        {"replay_job_status": 7},
        {"for_user_id": "1", "direct_message_events": 7},
    ],
)
def test_what_cannot_be_read_is_one_rejected_item(document: object) -> None:
    parsed = WEBHOOK.parse(document, NOON, {})
    assert (len(parsed.rejected), parsed.events, parsed.ignored) == (1, (), 0)
