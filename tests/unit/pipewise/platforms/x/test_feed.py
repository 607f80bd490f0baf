"""Messages and mentions by asking: in the shapes of X's lists, with the keys of its webhooks."""

from datetime import UTC, datetime
from typing import Any

import httpx

from pipewise.events import EventKind
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.x.envelopes import read_activity
from pipewise.platforms.x.feed import XFeed
from pipewise.platforms.x.models import XCredentials
from tests.unit.pipewise.platforms.answering import Answering, answer, vendor_http

ACCOUNT, LEAD = "1800000000000000001", "1800000000000000002"
SINCE = datetime(2026, 11, 3, 9, tzinfo=UTC)
EMPTY = {"meta": {"result_count": 0}}


def message(number: int, text: str = "hello", sender: str = LEAD, **more: Any) -> dict[str, Any]:
    return {
        "id": str(2050000000000000000 + number),
        "event_type": "MessageCreate",
        "text": text,
        "sender_id": sender,
        "dm_conversation_id": f"{ACCOUNT}-{LEAD}",
        "created_at": f"2026-11-03T09:20:{number % 60:02}.000Z",
        **more,
    }


def listed(*items: dict[str, Any], **meta: str) -> httpx.Response:
    users = [{"id": LEAD, "name": "Lina Example", "username": "lina_example"}]
    return answer({"data": list(items), "includes": {"users": users}, "meta": {"result_count": len(items), **meta}})


def feed(*answers: httpx.Response) -> tuple[XFeed, Answering]:
    vendor = Answering(*answers)
    given = {"access_token": "t", "account_id": ACCOUNT, "consumer_secret": "s"}
    return XFeed(XCredentials.model_validate(given), vendor_http(vendor, "x")), vendor


async def test_messages_come_in_order_with_their_writer_s_name_and_the_webhook_s_keys() -> None:
    asked, _ = feed(listed(message(2, "second"), message(1, "first")), answer(EMPTY))
    polled = await asked.poll(None, SINCE)
    first, second = polled.delivery.events
    assert [one.content["text"] for one in (first, second)] == ["first", "second"]
    assert (first.dedupe_key, first.sender and first.sender.name) == ("dm:2050000000000000001", "Lina Example")
    assert polled.cursor == {"messages": "2050000000000000002", "posts": ""}


async def test_a_message_of_ours_is_an_echo_to_the_other_of_the_conversation() -> None:
    asked, _ = feed(listed(message(1, sender=ACCOUNT)), answer(EMPTY))
    (event,) = (await asked.poll(None, SINCE)).delivery.events
    assert (event.kind, event.content["to"]) == (EventKind.ECHO, LEAD)


async def test_mentions_are_told_as_the_webhook_tells_them() -> None:
    post = {
        "id": "2050000000000000007",
        "text": "@shop_example do you have this in green?",
        "author_id": LEAD,
        "created_at": "2026-11-03T09:20:07.000Z",
        "entities": {"mentions": [{"start": 0, "end": 13, "username": "shop_example", "id": ACCOUNT}]},
    }
    asked, vendor = feed(answer(EMPTY), answer({"data": [post], "meta": {"newest_id": post["id"]}}))
    polled = await asked.poll({"messages": "", "posts": "2050000000000000006"}, SINCE)
    delivery = Delivery()
    read_activity({"filter": {"user_id": ACCOUNT}, "event_type": "post.mention.create", "payload": post}, delivery)
    (delivered,) = delivery.result().events
    (event,) = polled.delivery.events
    assert (event.dedupe_key, event.content, event.needs_turn) == (delivered.dedupe_key, delivered.content, True)
    assert vendor.requests[1].url.params["since_id"] == "2050000000000000006"


async def test_what_is_known_is_not_told_again_and_pages_end_there() -> None:
    pages = [
        listed(*[message(100 - n) for n in range(50)], next_token="more"),
        listed(*[message(50 - n) for n in range(50)]),
    ]
    asked, vendor = feed(*pages, answer(EMPTY))
    polled = await asked.poll({"messages": str(2050000000000000000 + 40), "posts": ""}, SINCE)
    assert len(polled.delivery.events) == 60
    assert [request.url.params.get("pagination_token") for request in vendor.requests] == [None, "more", None]
    again, vendor = feed(listed(*[message(100 - n) for n in range(50)], next_token="more"), answer(EMPTY))
    assert not (await again.poll(polled.cursor, SINCE)).delivery.events
    assert len(vendor.requests) == 2, "nothing is paid for twice"


async def test_the_first_look_leaves_out_what_was_written_before() -> None:
    old = message(1, created_at="2026-11-02T09:00:00.000Z")
    asked, _ = feed(listed(message(2), old), answer(EMPTY))
    polled = await asked.poll(None, SINCE)
    assert [one.dedupe_key for one in polled.delivery.events] == ["dm:2050000000000000002"]


async def test_one_that_cannot_be_read_costs_no_other() -> None:
    asked, _ = feed(listed(message(3), message(2, created_at="yesterday"), message(1, "")), answer(EMPTY))
    polled = await asked.poll(None, SINCE)
    assert (len(polled.delivery.events), len(polled.delivery.rejected)) == (1, 2)
