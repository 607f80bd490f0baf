"""Sending on Instagram: what leaves, what every documented error means, and what is not tried twice."""

import httpx
import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.events import Choice, Link, OutboundMessage
from pipewise.platforms.graph_errors import read_usage
from pipewise.platforms.instagram.errors import read_error
from pipewise.platforms.instagram.rendering import complete_text, render
from tests.unit.pipewise.platforms.answering import PLANTED, REQUEST, Answering, answer, instagram

LEAD = "1000000000000001"
SENT = {"recipient_id": LEAD, "message_id": "aWdfZAG1"}
HELLO = OutboundMessage("hello")


async def failed_send(vendor: Answering, to: str = LEAD, message: OutboundMessage = HELLO) -> PlatformError:
    with pytest.raises(PlatformError) as failure:
        await instagram(vendor).send(to, message, callback="outbox-1")
    return failure.value


async def test_a_message_is_posted_once_and_its_receipt_read() -> None:
    vendor = Answering(answer(SENT))
    receipt = await instagram(vendor).send(LEAD, HELLO, callback="outbox-1")
    assert (receipt.vendor_id, receipt.recipient) == ("aWdfZAG1", LEAD)
    (request,) = vendor.requests
    assert request.url.path == "/v25.0/17841400000000077/messages"
    assert request.headers["authorization"] == f"Bearer {PLANTED}"
    assert vendor.body == {"recipient": {"id": LEAD}, "messaging_type": "RESPONSE", "message": {"text": "hello"}}


def test_a_comment_is_answered_in_plain_text() -> None:
    choices = (Choice("slot_1", "Thu 10:00"),)
    body = render("comment:17920000000000001", OutboundMessage("1) Thu 10:00", choices=choices, human_agent=True))
    assert body == {"recipient": {"comment_id": "17920000000000001"}, "message": {"text": "1) Thu 10:00"}}


def test_only_a_person_s_message_carries_the_human_agent_tag() -> None:
    assert "tag" not in render(LEAD, HELLO)
    by_hand = render(LEAD, OutboundMessage("Ana here", human_agent=True))
    assert (by_hand["messaging_type"], by_hand["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    stored = OutboundMessage.from_dict(OutboundMessage("x", human_agent=True).as_dict())
    assert stored.human_agent
    assert "human_agent" not in HELLO.as_dict()


def test_choices_become_quick_replies_and_fall_back_to_the_text() -> None:
    choices = tuple(Choice(f"slot_{n}", f"Thu {n}:00") for n in range(15))
    replies = render(LEAD, OutboundMessage("When?", choices=choices))["message"]["quick_replies"]
    assert len(replies) == 13
    assert replies[0] == {"content_type": "text", "title": "Thu 0:00", "payload": "slot_0"}
    for odd in (
        (Choice("a", "a title of more than twenty characters"),),
        (Choice("a", "same"), Choice("b", "same")),
        (Choice("a", "one"), Choice("a", "two")),
        (Choice("", "one"),),
        (Choice("a" * 1001, "one"),),
        (Choice("a", "  "),),
    ):
        assert "quick_replies" not in render(LEAD, OutboundMessage("When?", choices=odd))["message"]


def test_a_text_is_counted_in_bytes_and_its_link_is_kept_whole() -> None:
    url = "https://book.example/" + "a" * 40
    text = complete_text(OutboundMessage("Olá é " * 400, link=Link("Book", url)))
    assert len(text.encode()) <= 1000
    assert text.endswith(url)
    assert len(complete_text(OutboundMessage("😀" * 400)).encode()) <= 1000
    assert complete_text(OutboundMessage("\ud83d half")).encode()


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "outcome", "manual"),
    [
        (10, 2018278, Rejected, Outcome.REFUSED, True),
        (10, 2534022, Rejected, Outcome.REFUSED, True),
        (10, None, AuthFailed, Outcome.REFUSED, True),
        (200, None, AuthFailed, Outcome.REFUSED, True),
        (230, None, AuthFailed, Outcome.REFUSED, True),
        (36103, None, Rejected, Outcome.REFUSED, True),
        (100, None, Rejected, Outcome.REFUSED, False),
        (100, 33, Rejected, Outcome.REFUSED, True),
        (100, 2018001, Rejected, Outcome.REFUSED, False),
        (100, 2534014, Rejected, Outcome.REFUSED, False),
        (100, 2534025, Rejected, Outcome.REFUSED, False),
        (100, 2534039, Rejected, Outcome.REFUSED, False),
        (100, 2534040, Rejected, Outcome.REFUSED, False),
        (10900, None, Rejected, Outcome.REFUSED, False),
        (10903, None, Rejected, Outcome.REFUSED, False),
        (190, 460, AuthFailed, Outcome.REFUSED, True),
        (190, 463, AuthFailed, Outcome.REFUSED, True),
        (190, 467, AuthFailed, Outcome.REFUSED, True),
        (551, 1545041, Rejected, Outcome.REFUSED, False),
        (4, None, RateLimited, Outcome.REFUSED, False),
        (17, None, RateLimited, Outcome.REFUSED, False),
        (32, None, RateLimited, Outcome.REFUSED, False),
        (613, None, RateLimited, Outcome.REFUSED, False),
        (80002, None, RateLimited, Outcome.REFUSED, False),
        (80004, None, RateLimited, Outcome.REFUSED, False),
        (1, None, Unavailable, Outcome.UNKNOWN, False),
        (2, None, Unavailable, Outcome.UNKNOWN, False),
        (1200, None, Unavailable, Outcome.UNKNOWN, False),
    ],
)
def test_every_documented_code(
    code: int, subcode: int | None, kind: type[PlatformError], outcome: Outcome, manual: bool
) -> None:
    error = read_error(400, {"error": {"code": code, "error_subcode": subcode, "message": "planted words"}}, {})
    assert (type(error), error.outcome, error.manual_action_required) == (kind, outcome, manual)
    assert error.vendor_code == str(code)
    assert error.code.startswith("instagram_")
    assert error.retryable is (kind in {RateLimited, Unavailable})
    assert (error.retry_after is not None) is (kind is RateLimited)
    assert "planted" not in error.message


def test_the_usage_headers_tell_how_much_is_left_and_how_long_to_wait() -> None:
    headers = {
        "x-business-use-case-usage": '{"178": [{"call_count": 42, "estimated_time_to_regain_access": 3}]}',
        "x-app-usage": '{"call_count": 71, "total_time": 25}',
    }
    assert read_usage(headers) == {"used_percent": 71, "retry_after": 180.0}
    assert read_usage({}) is None
    assert read_error(400, {"error": {"code": 80002}}, headers).retry_after == 180.0


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (httpx.ConnectError("refused", request=REQUEST), Outcome.NOT_SENT),
        (httpx.ReadTimeout("slow", request=REQUEST), Outcome.UNKNOWN),
        (httpx.Response(200, content=b"<html>"), Outcome.UNKNOWN),
        (answer({"recipient_id": LEAD}), Outcome.UNKNOWN),
        (answer([]), Outcome.UNKNOWN),
        (httpx.Response(500, content=b"oops"), Outcome.UNKNOWN),
        (answer({"error": {"code": 4}}, 400), Outcome.REFUSED),
    ],
)
async def test_no_failure_makes_it_send_twice(fault: httpx.Response | Exception, outcome: Outcome) -> None:
    vendor = Answering(fault, answer(SENT))
    error = await failed_send(vendor)
    assert error.outcome is outcome
    assert len(vendor.requests) == 1
    assert PLANTED not in str(error)


@pytest.mark.parametrize(("to", "text"), [("", "hello"), (LEAD, " \n")])
async def test_nothing_leaves_without_a_recipient_and_a_text(to: str, text: str) -> None:
    vendor = Answering(answer(SENT))
    assert (await failed_send(vendor, to, OutboundMessage(text))).outcome is Outcome.NOT_SENT
    assert vendor.requests == []


ME = {"user_id": "17841400000000077", "username": "shop.example", "account_type": "BUSINESS"}
FIELDS = {"data": [{"subscribed_fields": ["messages", "messaging_postbacks", "comments"]}]}


async def test_every_finding_comes_with_its_fix() -> None:
    healthy = await instagram(Answering(answer(ME), answer({"data": []}), answer(FIELDS))).check()
    assert [(check.name, check.ok) for check in healthy] == [
        ("token", True),
        ("account", True),
        ("permissions", True),
        ("webhook", True),
    ]
    bad = await instagram(
        Answering(answer(ME | {"user_id": "7"}), answer({"error": {"code": 200}}, 403), answer({"data": []}))
    ).check()
    assert [(check.name, check.ok, bool(check.fix)) for check in bad[1:]] == [
        ("account", False, True),
        ("permissions", False, True),
        ("webhook", False, True),
    ]
    (token,) = await instagram(Answering(answer({"error": {"code": 190}}, 401))).check()
    assert (token.ok, token.code) == (False, "instagram_auth_failed")


@pytest.mark.parametrize("document", [[], "text", 7, {"data": 7}, {"user_id": []}])
async def test_garbled_answers_break_no_check(document: object) -> None:
    assert await instagram(Answering(answer(document))).check()


def test_the_codes_that_stop_an_account() -> None:
    messenger = instagram(Answering(answer(SENT)))
    assert [code for code in ("368", "190", "10", None, "x") if messenger.stops_account(code)] == ["368"]
