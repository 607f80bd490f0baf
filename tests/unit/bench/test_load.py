"""Leads who take turns, and what they send."""

import itertools
import json

from bench.load import Crowd, message, statuses


def test_a_lead_writes_its_messages_and_makes_room_for_the_next() -> None:
    crowd = Crowd(itertools.count(1), size=2, messages=3)
    assert [crowd.writer(0) for _ in range(4)] == ["1", "1", "1", "3"]
    assert crowd.writer(1) == "2"


def test_a_message_is_written_when_it_was_said_to_be() -> None:
    (entry,) = json.loads(message("351", "hello", 7, 1_700_000_000.9))["entry"]
    (written,) = entry["changes"][0]["value"]["messages"]
    assert (written["from"], written["timestamp"], written["text"]["body"]) == ("351", "1700000000", "hello")


def test_a_status_carries_what_the_sender_gave_along() -> None:
    (entry,) = json.loads(statuses([{"id": "wamid.1", "recipient": "351", "callback": "key"}]))["entry"]
    (status,) = entry["changes"][0]["value"]["statuses"]
    assert (status["id"], status["biz_opaque_callback_data"]) == ("wamid.1", "key")
