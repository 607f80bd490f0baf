"""Instagram's deliveries in each of their shapes."""

import copy
from typing import Any

import pytest

from pipewise.errors import InvalidSignature
from pipewise.events import EventKind, Identity, InboundEvent, ParsedDelivery
from pipewise.platforms.instagram.models import InstagramCredentials
from pipewise.platforms.instagram.webhook import InstagramWebhook
from tests.contract.payloads import read_sample
from tests.fakes import NOON

WEBHOOK = InstagramWebhook()
ACCOUNT, LEAD, VISITOR = "17841477000000011", "7711000000000011", "7711000000000022"
CREDENTIALS = InstagramCredentials.model_validate(
    {
        "access_token": "planted-token",
        "account_id": ACCOUNT,
        "app_secret": "planted-secret",
        "verify_token": "planted-verify",
    }
)


def parse(name: str) -> ParsedDelivery:
    return WEBHOOK.parse(read_sample("instagram", name).document, NOON, {})


def only(name: str) -> InboundEvent:
    (event,) = parse(name).events
    return event


def direct(**event: Any) -> ParsedDelivery:
    base = {"sender": {"id": LEAD}, "recipient": {"id": ACCOUNT}, "timestamp": 1772438400000}
    entry = {"id": ACCOUNT, "time": 1772438400, "messaging": [base | event]}
    return WEBHOOK.parse({"object": "instagram", "entry": [entry]}, NOON, {})


def test_the_handshake_is_meta_s() -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "2099887766", "hub.verify_token": "planted-verify"}
    assert WEBHOOK.handshake(query, (CREDENTIALS,)).body == "2099887766"
    assert WEBHOOK.handshake(query | {"hub.verify_token": "other"}, (CREDENTIALS,)).status == 403


def test_either_of_an_app_s_two_secrets_may_sign() -> None:
    body = b'{"object":"instagram","entry":[]}'
    # printf '%s' '{"object":"instagram","entry":[]}' | openssl dgst -sha256 -hmac planted-secret
    headers = {"x-hub-signature-256": "sha256=eb32d221d5a452955513fa8cc8e3c4a13c18df2f17e4c1d7dfa8cf7658884e17"}
    WEBHOOK.verify(body, headers, ("the-other-app-secret", "planted-secret"), NOON)
    with pytest.raises(InvalidSignature):
        WEBHOOK.verify(body, headers, ("the-other-app-secret",), NOON)


@pytest.mark.parametrize("name", ["dm_text", "dm_text_top_level_array", "dm_text_entry_messages_change_form"])
def test_a_text_in_every_envelope(name: str) -> None:
    event = only(name)
    assert event.kind is EventKind.MESSAGE
    assert event.content == {
        "type": "text",
        "text": "Bonjour, can your planner handle café rotas?",
        "vendor_id": event.dedupe_key.removeprefix("message:"),
    }
    assert event.sender is not None
    assert event.sender.identities == (Identity("instagram", LEAD),)
    assert event.account_ref == ACCOUNT
    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == "2026-03-02T08:00:01+00:00"
    assert event.needs_turn
    assert event.dedupe_key == only("dm_text").dedupe_key


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("dm_attachment_image", "image"),
        ("dm_attachment_multiple", "image"),
        ("dm_attachment_audio", "audio"),
        ("dm_attachment_video", "video"),
        ("dm_attachment_file", "document"),
        ("dm_unsupported", "unsupported"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, kind: str) -> None:
    assert (only(name).content["type"], only(name).content["text"]) == (kind, "")
    assert only(name).needs_turn


@pytest.mark.parametrize(
    ("name", "kind", "referral"),
    [
        ("dm_shared_post", "image", {"source_type": "ig_post", "headline": "Spring planners"}),
        ("dm_shared_post_legacy", "image", {"source_type": "share"}),
        ("dm_shared_reel", "video", {"source_type": "ig_reel", "headline": "How we plan"}),
        ("dm_story_mention", "image", {"source_type": "story_mention"}),
        ("dm_reply_to_story", "text", {"source_type": "story"}),
        (
            "dm_referral_ad",
            "text",
            {
                "source_type": "ADS",
                "source_id": "23877000000000011",
                "ref": "spring-trial",
                "headline": "Spring planners",
            },
        ),
    ],
)
def test_shared_things_stories_and_ads_say_where_the_lead_comes_from(
    name: str, kind: str, referral: dict[str, str]
) -> None:
    content = only(name).content
    assert content["type"] == kind
    assert content["referral"].items() >= referral.items()


@pytest.mark.parametrize(
    ("name", "choice"),
    [("dm_quick_reply", ("Show me times", "SHOW_TIMES")), ("postback", ("What does it cost?", "FAQ_COST"))],
)
def test_taps_are_choices(name: str, choice: tuple[str, str]) -> None:
    content = only(name).content
    assert (content["type"], content["text"], content["choice_id"]) == ("choice", *choice)


def test_replies_edits_and_revocations_point_at_their_message() -> None:
    assert only("dm_reply_to_message").content["reply_to"]
    edit, deleted = only("message_edit"), only("dm_deleted")
    assert (edit.content["text"], edit.needs_turn) == ("Bonjour, can your planner handle hotel rotas?", True)
    assert deleted.content["type"] == "revoke"
    assert deleted.content["revokes"] == edit.content["edits"]
    assert not deleted.needs_turn
    assert len({event.dedupe_key for event in (edit, deleted, only("dm_text"))}) == 3


@pytest.mark.parametrize("name", ["dm_echo", "dm_echo_with_app_id"])
def test_an_echo_is_never_a_lead_s_message(name: str) -> None:
    event = only(name)
    assert event.kind is EventKind.ECHO
    assert event.content["to"] == LEAD
    assert event.content["vendor_id"]
    assert event.sender is not None
    assert event.sender.identities == (Identity("instagram", LEAD),)
    assert not event.needs_turn


def test_a_message_of_our_account_is_an_echo_even_without_the_flag() -> None:
    message = {"mid": "m1", "text": "from us"}
    (event,) = direct(sender={"id": ACCOUNT}, recipient={"id": LEAD}, message=message).events
    assert event.kind is EventKind.ECHO
    assert direct(sender={"id": ACCOUNT}, recipient={"id": ACCOUNT}, message=message).ignored == 1


def test_notes_to_oneself_are_ignored() -> None:
    assert parse("dm_self").ignored == 1


@pytest.mark.parametrize(("name", "emoji"), [("reaction_added", "❤"), ("reaction_removed", "")])
def test_reactions_owe_no_answer(name: str, emoji: str) -> None:
    event = only(name)
    assert (event.content["type"], event.content["text"], event.needs_turn) == ("reaction", emoji, False)


def test_a_read_receipt_is_a_status() -> None:
    event = only("read")
    assert (event.kind, event.content["status"], event.needs_turn) == (EventKind.STATUS, "read", False)


def test_a_link_into_the_conversation_says_nothing_yet() -> None:
    event = only("referral_ig_me")
    assert event.content["referral"] == {"source_type": "IGME-SOURCE-LINK", "ref": "poster-07"}
    assert not event.needs_turn


def test_while_another_app_owns_the_conversation_we_only_listen() -> None:
    event = only("handover_standby")
    assert event.kind is EventKind.MESSAGE
    assert not event.needs_turn
    notice = only("handover_pass_thread_control")
    assert (notice.kind, notice.content["topic"]) == (EventKind.NOTICE, "handover")


@pytest.mark.parametrize(
    "name",
    [
        "comment_changes_form",
        "comment_flat_form",
        "comment_comment_id_key",
        "comment_on_ad",
        "comment_reply",
        "live_comment",
    ],
)
def test_comments_in_every_form(name: str) -> None:
    event = only(name)
    assert event.kind is EventKind.MESSAGE
    assert event.sender is not None
    assert event.sender.identities == (Identity("instagram", VISITOR),)
    assert event.sender.name == "otto.invented"
    assert event.content["referral"]["source_id"] == event.dedupe_key.removeprefix("comment:")
    assert event.content["referral"]["media_id"]
    assert event.needs_turn is (name != "comment_reply"), "who answers another comment talks to others"


def test_a_comment_is_the_same_in_either_form_and_under_either_key() -> None:
    names = ("comment_changes_form", "comment_flat_form", "comment_comment_id_key")
    assert len({only(name).dedupe_key for name in names}) == 1
    assert only("comment_reply").content["reply_to"] == only("comment_flat_form").content["referral"]["source_id"]


def test_our_own_comments_are_ignored() -> None:
    assert parse("comment_own_account").ignored == 1
    document = copy.deepcopy(read_sample("instagram", "comment_own_account").document)
    del document["entry"][0]["changes"][0]["value"]["from"]["self_ig_scoped_id"]
    assert WEBHOOK.parse(document, NOON, {}).ignored == 1


@pytest.mark.parametrize(("name", "word"), [("mention_in_caption", "caption"), ("mention_in_comment", "comment")])
def test_mentions_elsewhere_are_notices(name: str, word: str) -> None:
    event = only(name)
    assert (event.kind, event.content["topic"]) == (EventKind.NOTICE, "mention")
    assert word in event.content["detail"]


def test_two_accounts_in_one_delivery() -> None:
    refs = WEBHOOK.account_refs(read_sample("instagram", "batch_multiple_entries").document)
    assert refs == (ACCOUNT, "17841477000000022")
    assert [event.account_ref for event in parse("batch_multiple_entries").events] == [
        ACCOUNT,
        ACCOUNT,
        "17841477000000022",
        ACCOUNT,
    ]


def test_a_redelivery_has_the_same_key() -> None:
    assert only("redelivery_first").dedupe_key == only("redelivery_second").dedupe_key


@pytest.mark.parametrize(
    ("stamp", "iso"), [(1772438400, "2026-03-02T08:00:00+00:00"), (1772438400123, "2026-03-02T08:00:00.123000+00:00")]
)
def test_an_entry_s_time_may_be_in_seconds_or_milliseconds(stamp: int, iso: str) -> None:
    change = {"field": "mentions", "value": {"media_id": "1"}}
    document = {"object": "instagram", "entry": [{"id": ACCOUNT, "time": stamp, "changes": [change]}]}
    (event,) = WEBHOOK.parse(document, NOON, {}).events
    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == iso


@pytest.mark.parametrize(
    "event",
    [
        {"message": {"text": "no id"}},
        {"message": {"mid": "m1"}},
        {"message": 7},
        {"message": {"mid": "m1", "text": "x"}, "timestamp": "soon"},
        {"message": {"mid": "m1", "text": "x"}, "timestamp": 1772438400},
        {"message": {"mid": "m1", "text": "x"}, "sender": None},
        {"reaction": {"mid": "m1"}},
        {"postback": {"mid": "m1", "title": "x"}},
    ],
)
def test_unreadable_events_are_rejected(event: dict[str, Any]) -> None:
    parsed = direct(**event)
    assert (len(parsed.rejected), parsed.events) == (1, ())
    assert parsed.rejected[0].account_ref == ACCOUNT


def test_what_is_not_needed_is_ignored() -> None:
    assert direct(delivery={"mids": []}).ignored == 1
    assert parse("story_insights").ignored == 1
    assert WEBHOOK.parse({"object": "page", "entry": [{}]}, NOON, {}).ignored == 1


@pytest.mark.parametrize("document", [None, {}, 7, "x", [7], {"object": "instagram"}])
def test_what_is_no_delivery_is_one_rejected_item(document: object) -> None:
    parsed = WEBHOOK.parse(document, NOON, {})
    assert (len(parsed.rejected), parsed.events) == (1, ())
