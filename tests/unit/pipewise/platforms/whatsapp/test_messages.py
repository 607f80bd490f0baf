"""What leads write and send on WhatsApp, and who they are."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from pipewise.events import EventKind, Identity
from tests.contract.payloads import read_sample
from tests.fakes import NOON
from tests.unit.pipewise.platforms.whatsapp.deliveries import PHONE, USER, WEBHOOK, delivery, only, parse, text
from tests.unit.pipewise.platforms.whatsapp.graph_api import NUMBER_ID


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("inbound_text", {"type": "text", "text": "Good morning, can we talk about a démo on Thursday? ☕"}),
        ("inbound_audio_voice", {"type": "audio", "text": "", "media_id": "577000000000003"}),
        ("inbound_image", {"type": "image", "text": "A sketch of our process", "media_id": "577000000000001"}),
        ("inbound_video", {"type": "video", "text": "Walk-through", "media_id": "577000000000002"}),
        ("inbound_document", {"type": "document", "text": "Our requirements", "media_id": "577000000000004"}),
        ("inbound_sticker", {"type": "sticker", "text": "", "media_id": "577000000000005"}),
        ("inbound_location", {"type": "location", "text": "Imaginary Works, 7 Invented Row, Graz"}),
        ("inbound_contacts", {"type": "contacts", "text": "Otto Invented, +44 7700 900234, otto@example.org"}),
        ("inbound_order", {"type": "order", "text": "Invoice to the company please\n2 x plan-team"}),
        ("inbound_unsupported", {"type": "unsupported", "text": ""}),
        ("inbound_message_type_unknown_future", {"type": "unknown", "text": ""}),
        ("inbound_text_forwarded", {"type": "text", "text": "See the note below"}),
    ],
)
def test_what_a_message_says(name: str, content: dict[str, Any]) -> None:
    event = only(name)
    assert event.kind is EventKind.MESSAGE
    assert event.content == content | {"vendor_id": event.dedupe_key.removeprefix("message:")}
    assert event.needs_turn
    assert event.account_ref == NUMBER_ID


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("inbound_button_template_quick_reply", ("No more offers", "NO_MORE_OFFERS")),
        ("inbound_interactive_button_reply", ("Book it", "book-it")),
        ("inbound_interactive_list_reply", ("Thu 10:00", "slot_1")),
    ],
)
def test_a_tap_is_a_choice_that_answers_our_message(name: str, choice: tuple[str, str]) -> None:
    content = only(name).content
    assert (content["type"], content["text"], content["choice_id"]) == ("choice", *choice)
    assert content["reply_to"].startswith("wamid.")


def test_a_form_s_answers_become_text_without_its_token() -> None:
    assert only("inbound_interactive_nfm_reply").content["text"] == "team_size: 5\nstart: 2026-04-06"


@pytest.mark.parametrize("answers", ["not json", "[]", "{}", '{"flow_token": "x"}', "[" * 9000, 7, None])
def test_a_form_without_readable_answers_says_what_it_shows(answers: object) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": answers}}
    (event,) = delivery({"messages": [text(type="interactive", interactive=reply)]}).events
    assert event.content == {"type": "text", "text": "Sent", "vendor_id": "wamid.A"}


def test_an_interactive_answer_without_its_body_is_unknown_and_kept() -> None:
    assert only("inbound_interactive_without_body").content["type"] == "unknown"


def test_a_reply_names_the_message_it_answers() -> None:
    assert only("inbound_text_contextual_reply").content["reply_to"].startswith("wamid.")


def test_where_a_lead_comes_from() -> None:
    assert only("inbound_text_referral_ctwa").content["referral"] == {
        "source_type": "ad",
        "source_id": "466000000000000077",
        "source_url": "https://fb.example/ad7",
        "headline": "Write to us",
        "body": "Answer every lead in a minute",
        "ctwa_clid": "ARinventedClick77",
    }
    assert only("inbound_text_product_inquiry").content["referral"] == {
        "source_type": "product",
        "source_id": "plan-team",
    }


def test_a_reaction_owes_no_answer_and_its_removal_is_another_event() -> None:
    added, removed = only("inbound_reaction_added"), only("inbound_reaction_removed")
    assert (added.content["text"], removed.content["text"]) == ("👍", "")
    assert not added.needs_turn
    assert not removed.needs_turn
    given = text(type="reaction", reaction={"message_id": "wamid.Z", "emoji": "👍"})
    taken = text(type="reaction", reaction={"message_id": "wamid.Z"})
    keys = {event.dedupe_key for event in delivery({"messages": [given, taken]}).events}
    assert len(keys) == 2, "the removal may come under the id of the reaction"


def test_an_edit_says_the_new_words_and_a_revocation_none() -> None:
    edit, revoke = only("inbound_edit"), only("inbound_revoke")
    assert edit.content["text"] == "Good morning, can we talk about a demo on FRIDAY?"
    assert edit.content["edits"].startswith("wamid.")
    assert edit.needs_turn
    assert (revoke.content["type"], revoke.content["text"]) == ("revoke", "")
    assert revoke.content["revokes"] == edit.content["edits"]
    assert not revoke.needs_turn


@pytest.mark.parametrize("kind", ["edit", "revoke", "reaction", "system"])
def test_an_edit_cannot_smuggle_in_another_kind(kind: str) -> None:
    inner = {"type": kind, kind: {"original_message_id": "wamid.Q", "message_id": "wamid.Q"}}
    edit = {"original_message_id": "wamid.Z", "message": inner}
    assert len(delivery({"messages": [text(type="edit", edit=edit)]}).rejected) == 1


def test_a_group_message_is_kept_and_not_answered() -> None:
    event = only("inbound_group_text")
    assert event.content["group_id"]
    assert not event.needs_turn


# Senders


@pytest.mark.parametrize(
    ("name", "identities", "phone"),
    [
        ("inbound_text", [("whatsapp", PHONE), ("whatsapp", USER), ("phone", f"+{PHONE}")], f"+{PHONE}"),
        ("inbound_text_legacy_no_bsuid", [("whatsapp", PHONE), ("phone", f"+{PHONE}")], f"+{PHONE}"),
        ("inbound_text_username_no_phone", [("whatsapp", USER)], None),
        (
            "inbound_text_parent_bsuid",
            [
                ("whatsapp", PHONE),
                ("whatsapp", USER),
                ("whatsapp", "GB.ENT.90110000000000000123"),
                ("phone", f"+{PHONE}"),
            ],
            f"+{PHONE}",
        ),
    ],
)
def test_a_sender_s_keys_begin_with_the_address_for_a_reply(
    name: str, identities: list[tuple[str, str]], phone: str | None
) -> None:
    sender = only(name).sender
    assert sender is not None
    assert sender.identities == tuple(Identity(*each) for each in identities)
    assert (sender.phone, sender.name) == (phone, "Noor Imaginary")


def test_contacts_are_matched_by_key_and_not_by_place() -> None:
    events = [event for event in parse("webhook_batch_mixed").events if event.kind is EventKind.MESSAGE]
    names = {event.content["text"]: event.sender and event.sender.name for event in events}
    assert names["a colleague of mine asked too"] == "Otto Invented"
    assert names["here is my question"] == "Noor Imaginary"


def test_a_contact_completes_the_message_and_strangers_do_not() -> None:
    contacts = [
        {"profile": {"name": "Someone Else"}, "wa_id": "447700900999", "user_id": "GB.999"},
        {"profile": {"name": "Noor"}, "wa_id": PHONE, "user_id": USER},
    ]
    (event,) = delivery({"contacts": contacts, "messages": [text(**{"from": None}, from_user_id=USER)]}).events
    assert event.sender is not None
    assert event.sender.phone == f"+{PHONE}"
    assert event.sender.name == "Noor"
    (event,) = delivery({"contacts": contacts[:1], "messages": [text()]}).events
    assert event.sender is not None
    assert event.sender.name is None
    assert Identity("whatsapp", "GB.999") not in event.sender.identities


def test_a_number_shared_on_request_is_the_lead_s_own() -> None:
    sender = only("inbound_contacts_shared_own_number").sender
    assert sender is not None
    assert sender.phone == f"+{PHONE}"
    assert sender.identities[0] == Identity("whatsapp", PHONE)
    document = copy.deepcopy(read_sample("whatsapp", "inbound_contacts_shared_own_number").document)
    document["entry"][0]["changes"][0]["value"]["messages"][0]["contacts"][0]["origin"] = "other"
    (event,) = WEBHOOK.parse(document, NOON, {}).events
    assert event.sender is not None
    assert event.sender.phone is None, "a card of somebody else must not become the lead's number"


def test_a_user_id_of_digits_alone_is_none_for_it_would_be_dialled() -> None:
    assert len(delivery({"messages": [text(**{"from": None}, from_user_id="447700900999")]}).rejected) == 1


def test_a_name_is_one_visible_line() -> None:
    contacts = [{"profile": {"name": "  No\u202eor\n\x07 Imag\u200binary " + "x" * 900}, "wa_id": PHONE}]
    (event,) = delivery({"contacts": contacts, "messages": [text()]}).events
    assert event.sender is not None
    assert event.sender.name is not None
    assert event.sender.name.startswith("Noor Imaginary x")
    assert len(event.sender.name) <= 200


def test_a_changed_number_names_the_old_keys_and_the_new() -> None:
    event = only("inbound_system_user_changed_number")
    assert event.kind is EventKind.IDENTITY
    assert event.content["previous"] == PHONE
    assert event.content["current"] == "447700900345"
    assert event.sender is not None
    keys = [identity.external_id for identity in event.sender.identities]
    assert keys[0] == "447700900345"
    assert {PHONE, USER} <= set(keys)
    assert not event.needs_turn


def test_a_changed_user_id() -> None:
    event = only("inbound_system_user_changed_user_id")
    assert (event.content["previous"], event.content["current"]) == (USER, "GB.70110000000000000234")


def test_other_system_notices_are_ignored_and_incomplete_changes_rejected() -> None:
    other = text(type="system", system={"type": "customer_identity_changed", "body": "x"})
    incomplete = text(type="system", system={"type": "user_changed_number", "body": "x"})
    parsed = delivery({"messages": [other, incomplete]})
    assert (parsed.ignored, len(parsed.rejected), parsed.events) == (1, 1, ())


# Times


def test_times_are_aware_and_the_vendor_s() -> None:
    assert only("inbound_text").occurred_at == datetime(2026, 3, 2, 8, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp", [None, "", "soon", "0", "-1", "1e9", "4102444800", "1772438400000", 10**30, True, 1.5, [], "٣٣٣٣٣٣٣٣٣٣"]
)
def test_an_absurd_time_costs_its_message_alone(stamp: object) -> None:
    parsed = delivery({"messages": [text(timestamp=stamp), text(id="wamid.B")]})
    assert len(parsed.rejected) == 1
    assert "time" in parsed.rejected[0].reason
    assert parsed.rejected[0].account_ref == NUMBER_ID
    assert [event.dedupe_key for event in parsed.events] == ["message:wamid.B"]
