"""What WhatsApp reports: fates of our messages, a colleague's words, preferences, news of the account."""

import pytest

from pipewise.events import EventKind, Identity
from tests.unit.pipewise.platforms.whatsapp.deliveries import PHONE, delivery, only


def test_a_status_carries_our_callback_and_its_price() -> None:
    event = only("status_sent_with_callback_data")
    assert event.kind is EventKind.STATUS
    assert event.content["callback"] == "outbox-4b1d9e0a"
    assert event.content["billable"] is False
    assert only("status_sent_service_billable").content["billable"] is True
    assert only("status_read").content["callback"] is None
    assert "billable" not in only("status_read").content


def test_a_price_that_is_no_yes_or_no_is_left_out() -> None:
    status = {"id": "wamid.A", "status": "sent", "timestamp": "1772438400", "pricing": {"billable": "maybe"}}
    (event,) = delivery({"statuses": [status]}).events
    assert "billable" not in event.content


@pytest.mark.parametrize("word", ["sent", "delivered", "read"])
def test_each_step_of_a_message_is_its_own_event(word: str) -> None:
    event = only(f"status_{word}")
    assert event.content["status"] == word
    assert event.dedupe_key == f"status:{event.content['vendor_id']}:{word}"
    assert not event.needs_turn


def test_a_voice_message_that_was_played_was_read() -> None:
    event = only("status_played")
    assert event.content["status"] == "read"
    assert event.dedupe_key.endswith(":played")


@pytest.mark.parametrize(
    ("name", "code", "flag"),
    [
        ("status_failed_131047_window_closed", "131047", "wants_template"),
        ("status_failed_131048_spam_rate", "131048", "stops_account"),
        ("status_failed_131050_marketing_opt_out", "131050", "opts_out"),
        ("status_failed_131026_undeliverable", "131026", None),
        ("status_failed_sent_to_bsuid", "131026", None),
    ],
)
def test_a_failed_message_says_why(name: str, code: str, flag: str | None) -> None:
    content = only(name).content
    assert content["status"] == "failed"
    assert content["error"]["code"] == code
    assert content["error"]["message"].endswith(".")
    assert [key for key in ("wants_template", "stops_account", "opts_out") if content["error"][key]] == (
        [flag] if flag else []
    )


@pytest.mark.parametrize("errors", [None, [], [7], [{"code": "131047"}], [{"code": 10**30}], [{"code": True}]])
def test_a_failure_without_a_readable_code_is_still_a_failure(errors: object) -> None:
    status = {"id": "wamid.A", "status": "failed", "timestamp": "1772438400", "errors": errors}
    (event,) = delivery({"statuses": [status]}).events
    assert event.content["error"]["code"] == "unknown"


def test_a_colleague_s_words_are_an_echo_for_the_lead() -> None:
    event = only("smb_message_echoes")
    assert event.kind is EventKind.ECHO
    assert event.content["text"] == "I am taking over from here, Noor"
    assert event.content["to"] == PHONE
    assert event.sender is not None
    assert event.sender.identities[0] == Identity("whatsapp", PHONE)


@pytest.mark.parametrize("word", ["stop", "resume"])
def test_marketing_preferences_name_the_person(word: str) -> None:
    event = only(f"user_preferences_{word}")
    assert event.content == {"topic": "marketing_preference", "detail": word}
    assert event.sender is not None
    assert event.sender.identities[0] == Identity("whatsapp", PHONE)


def test_news_of_the_account_are_notices_and_the_grave_ones_say_so() -> None:
    assert only("account_update_disabled").content["stops_account"]
    assert only("account_update_violation").content["stops_account"]
    assert not only("account_alerts").content["stops_account"]
    paused = only("template_status_paused")
    assert paused.content["topic"] == "message_template_status_update"
    assert "event: PAUSED" in paused.content["detail"]
    assert "call_reminder" in paused.content["detail"]
    assert only("webhook_value_errors").content["topic"] == "account_error"


def test_two_notices_with_other_words_or_times_are_two() -> None:
    first, second = only("template_status_paused").dedupe_key, only("template_status_approved").dedupe_key
    assert first != second
