"""Sending on X: direct messages and answers to posts, every documented error, limits and credits."""

from typing import Any

import httpx
import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.events import Link, OutboundMessage
from pipewise.platforms.x.errors import read_error, read_quota
from pipewise.platforms.x.rendering import direct_text, post_text
from pipewise.platforms.x.weights import POST_LIMIT, weighted_length
from tests.fakes import NOON
from tests.unit.pipewise.platforms.answering import PLANTED, REQUEST, Answering, answer, x

LEAD = "1800000000000000002"
DIRECT = {"data": {"dm_conversation_id": "1-2", "dm_event_id": "2050000000000000101"}}
POSTED = {"data": {"id": "2050000000000000102", "text": "hello"}}
HELLO = OutboundMessage("hello")
PROBLEM = "https://api.twitter.com/2/problems/"


async def failed_send(vendor: Answering, to: str = LEAD, message: OutboundMessage = HELLO) -> PlatformError:
    with pytest.raises(PlatformError) as failure:
        await x(vendor).send(to, message, callback="outbox-1")
    return failure.value


async def test_a_direct_message_and_an_answer_to_a_post() -> None:
    vendor = Answering(answer(DIRECT, 201), answer(POSTED, 201))
    assert (await x(vendor).send(LEAD, HELLO, callback="o")).vendor_id == "2050000000000000101"
    assert vendor.requests[0].url.path == f"/2/dm_conversations/with/{LEAD}/messages"
    assert vendor.body == {"text": "hello"}
    assert (await x(vendor).send("post:2050000000000000007", HELLO, callback="o")).vendor_id == "2050000000000000102"
    assert vendor.requests[1].url.path == "/2/tweets"
    assert vendor.body == {"text": "hello", "reply": {"in_reply_to_tweet_id": "2050000000000000007"}}


def test_a_post_is_short_and_mentions_and_tags_nobody() -> None:
    text = post_text(OutboundMessage("Ask @anna about #deals and $TSLA, or write to ana@shop.example for $20."))
    assert text == "Ask anna about deals and TSLA, or write to ana@shop.example for $20."
    assert weighted_length(post_text(OutboundMessage("日本語 " * 200))) <= POST_LIMIT
    assert post_text(OutboundMessage("Book here", link=Link("Book", "https://book.example"))) == "Book here"


def test_a_direct_message_keeps_its_link_whole() -> None:
    url = "https://book.example/" + "a" * 40
    text = direct_text(OutboundMessage("word " * 4000, link=Link("Book", url)))
    assert len(text) <= 10_000
    assert text.endswith(url)


def problem(status: int, title: str = "Forbidden", tail: str | None = None) -> tuple[int, dict[str, Any]]:
    return status, {"title": title, "detail": "planted words", "type": PROBLEM + tail if tail else "about:blank"}


@pytest.mark.parametrize(
    ("told", "kind", "code", "manual"),
    [
        (problem(400, "Invalid Request", "invalid-request"), Rejected, "invalid_request", False),
        (problem(401, "Unauthorized"), AuthFailed, "unauthorized", True),
        (problem(402, "CreditsDepleted", "credits"), Rejected, "credits_depleted", True),
        (problem(403, "Client Forbidden", "client-forbidden"), AuthFailed, "client_forbidden", True),
        (problem(403, "x", "unsupported-authentication"), AuthFailed, "client_forbidden", True),
        (problem(403, "x", "not-authorized-for-resource"), Rejected, "forbidden", False),
        (problem(403), Rejected, "forbidden", False),
        (problem(404, "Not Found Error", "resource-not-found"), Rejected, "not_found", False),
        (problem(429, "Too Many Requests"), RateLimited, "rate_limited", False),
        (problem(429, "x", "rate-limit-exceeded"), RateLimited, "rate_limited", False),
        (problem(429, "UsageCapExceeded", "usage-capped"), Rejected, "usage_capped", True),
        ((403, {"errors": [{"code": 349, "message": "planted"}]}), Rejected, "not_allowed", False),
        ((403, {"errors": [{"code": 187, "message": "planted"}]}), Rejected, "duplicate", False),
        ((403, {"errors": [{"code": 326, "message": "planted"}]}), Rejected, "account_locked", True),
        ((401, {"errors": [{"code": 89, "message": "planted"}]}), AuthFailed, "unauthorized", True),
        ((404, None), Rejected, "not_found", False),
        ((418, {"type": 7, "title": [], "errors": {}}), Rejected, "invalid_request", False),
        ((500, {"title": "Internal Server Error"}), Unavailable, "unavailable", False),
        ((503, None), Unavailable, "unavailable", False),
        ((302, None), Unavailable, "unavailable", False),
    ],
)
def test_every_documented_error(told: tuple[int, Any], kind: type[PlatformError], code: str, manual: bool) -> None:
    error = read_error(*told, {}, NOON)
    assert (type(error), error.vendor_code, error.manual_action_required) == (kind, code, manual)
    assert error.outcome is (Outcome.UNKNOWN if kind is Unavailable else Outcome.REFUSED)
    assert error.retryable is (kind in {RateLimited, Unavailable})
    assert "planted" not in error.message


def test_the_pause_ends_with_the_window_that_is_used_up() -> None:
    now = int(NOON.timestamp())
    headers = {"x-rate-limit-limit": "15", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(now + 90)}
    assert read_error(*problem(429), headers, NOON).retry_after == 91.0
    day = {"x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": str(now + 3600)}
    assert read_error(*problem(429), headers | day, NOON).retry_after == 3601.0
    assert (
        read_error(*problem(429), {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, NOON).retry_after
        is None
    )
    assert read_error(*problem(403), headers, NOON).retry_after is None
    assert read_quota(headers) == {"limit": 15, "remaining": 0, "reset": now + 90}
    assert read_quota({}) is None


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (httpx.ConnectError("refused", request=REQUEST), Outcome.NOT_SENT),
        (httpx.ReadTimeout("slow", request=REQUEST), Outcome.UNKNOWN),
        (httpx.Response(201, content=b"<html>"), Outcome.UNKNOWN),
        (answer({"errors": [{"title": "planted"}]}, 200), Outcome.UNKNOWN),
        (httpx.Response(503, content=b"oops"), Outcome.UNKNOWN),
        (answer(problem(429)[1], 429), Outcome.REFUSED),
    ],
)
async def test_no_failure_makes_it_send_twice(fault: httpx.Response | Exception, outcome: Outcome) -> None:
    vendor = Answering(fault, answer(DIRECT, 201))
    error = await failed_send(vendor)
    assert error.outcome is outcome
    assert len(vendor.requests) == 1
    assert PLANTED not in str(error)


@pytest.mark.parametrize(("to", "text"), [("", "hello"), (LEAD, " \n"), ("../2/users", "hello"), ("post:", "hello")])
async def test_nothing_leaves_for_nobody(to: str, text: str) -> None:
    vendor = Answering(answer(DIRECT, 201))
    assert (await failed_send(vendor, to, OutboundMessage(text))).outcome is Outcome.NOT_SENT
    assert vendor.requests == []


def test_the_errors_that_stop_an_account() -> None:
    messenger = x(Answering(answer(DIRECT)))
    codes = ("credits_depleted", "usage_capped", "account_locked", "rate_limited", "forbidden", None)
    assert [code for code in codes if messenger.stops_account(code)] == list(codes[:3])


ME = {"data": {"id": "1800000000000000077", "username": "shop"}}


async def test_what_only_an_app_may_read_is_left_out_of_the_checks() -> None:
    forbidden = answer(problem(403, "x", "unsupported-authentication")[1], 403)
    checks = await x(Answering(answer(ME), forbidden)).check()
    assert [(check.name, check.ok) for check in checks] == [("token", True), ("account", True)]


async def test_every_finding_comes_with_its_fix() -> None:
    hooks = {"data": [{"url": "https://us.example/webhooks/x/1", "valid": False}]}
    checks = await x(Answering(answer({"data": {"id": "7"}}), answer(hooks), answer({"data": []}))).check()
    assert [(check.name, check.ok, bool(check.fix)) for check in checks[1:]] == [
        ("account", False, True),
        ("webhook", False, True),
        ("subscriptions", False, True),
    ]
    (token,) = await x(Answering(answer(problem(401)[1], 401))).check()
    assert (token.ok, token.code, bool(token.fix)) == (False, "x_auth_failed", True)
