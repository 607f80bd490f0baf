"""The sandbox's X refuses what X refuses."""

from typing import Any

import httpx

from pipewise.platforms.x.signature import digest_base64
from tests.unit.pipewise.sandbox.world import Sandbox

TOKEN = {"Authorization": "Bearer sandbox-x-token"}
LEAD = "1800000000000000002"
SECRET = "sandbox-x-consumer-secret"


async def control(sandbox: Sandbox, path: str, **body: Any) -> dict[str, Any]:
    answer = await sandbox.http.post(f"/_sandbox/x/{path}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def direct(sandbox: Sandbox, text: str = "hello", to: str = LEAD) -> httpx.Response:
    return await sandbox.http.post(f"/2/dm_conversations/with/{to}/messages", headers=TOKEN, json={"text": text})


async def reply(sandbox: Sandbox, post_id: str, text: str = "hello") -> httpx.Response:
    body = {"text": text, "reply": {"in_reply_to_tweet_id": post_id}}
    return await sandbox.http.post("/2/tweets", headers=TOKEN, json=body)


def answer_challenge(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"response_token": digest_base64(SECRET, request.url.params["crc_token"].encode())})


async def test_a_webhook_is_valid_only_after_its_challenge(sandbox: Sandbox) -> None:
    sandbox.receiver.answer_handshake = lambda _: httpx.Response(200, json={"response_token": "sha256=wrong"})
    wrong = await control(sandbox, "accounts", callback_url="https://receiver.example/x")
    assert not wrong["handshake"]["ok"]
    assert not (await control(sandbox, "inbound", **{"from": LEAD, "text": "Hi"}))["delivering"]
    sandbox.receiver.answer_handshake = answer_challenge
    assert (await control(sandbox, "accounts", callback_url="https://receiver.example/x"))["handshake"]["ok"]
    await control(sandbox, "inbound", **{"from": LEAD, "text": "Hi"})
    await direct(sandbox)
    await sandbox.settle(1)
    kinds = [document["data"]["event_type"] for document in sandbox.receiver.documents]
    assert kinds == ["dm.received", "dm.sent"]
    body = sandbox.receiver.requests[0]
    assert body.headers["x-twitter-webhooks-signature"] == digest_base64(SECRET, body.content)


async def test_direct_messages_go_to_people_who_wrote_and_are_limited(sandbox: Sandbox) -> None:
    assert (await direct(sandbox)).status_code == 404
    await control(sandbox, "post", **{"from": LEAD, "text": "@harbourline hi"})
    assert (await direct(sandbox)).status_code == 403
    await control(sandbox, "inbound", **{"from": LEAD, "text": "Hi"})
    assert (await direct(sandbox, " ")).status_code == 400
    taken = [await direct(sandbox, f"number {number}") for number in range(15)]
    assert [answer.status_code for answer in taken] == [201] * 15
    assert taken[-1].headers["x-rate-limit-remaining"] == "0"
    refused = await direct(sandbox)
    assert refused.status_code == 429
    assert int(refused.headers["x-rate-limit-reset"]) > sandbox.clock.now().timestamp()
    sandbox.clock.advance(15 * 60)
    assert (await direct(sandbox)).status_code == 201


async def test_only_summoned_posts_are_answered_and_nobody_else_is_mentioned(sandbox: Sandbox) -> None:
    asked = {"from": LEAD, "username": "lina"}
    summoned = (await control(sandbox, "post", **asked, text="@harbourline hi"))["post_id"]
    quoted = (await control(sandbox, "post", **asked, text="look", how="quote"))["post_id"]
    replied = (await control(sandbox, "post", **asked, text="nice", how="reply"))["post_id"]
    assert (await reply(sandbox, summoned)).status_code == 201
    assert (await reply(sandbox, quoted)).status_code == 403, "the same text once more"
    assert (await reply(sandbox, quoted, "thank you")).status_code == 201
    assert (await reply(sandbox, replied, "you too")).status_code == 403
    assert (await reply(sandbox, "7", "to nobody")).status_code == 404
    assert (await reply(sandbox, summoned, "@lina yes")).status_code == 201
    assert (await reply(sandbox, summoned, "@somebody look")).status_code == 403
    assert (await reply(sandbox, summoned, "$AAA $BBB")).status_code == 400
    assert (await reply(sandbox, summoned, "日" * 141)).status_code == 400


async def test_credits_token_kinds_and_faults(sandbox: Sandbox) -> None:
    await control(sandbox, "inbound", **{"from": LEAD, "text": "Hi"})
    await control(sandbox, "switches", credits=False)
    assert (await direct(sandbox)).json()["title"] == "CreditsDepleted"
    await control(sandbox, "switches", credits=True)
    app = {"Authorization": "Bearer sandbox-x-app-token"}
    assert (await sandbox.http.get("/2/users/me", headers=app)).json()["type"].endswith("unsupported-authentication")
    assert (await sandbox.http.get("/2/webhooks", headers=TOKEN)).status_code == 403
    assert (await sandbox.http.get("/2/webhooks", headers=app)).status_code == 200
    assert len((await sandbox.http.get("/2/activity/subscriptions", headers=app)).json()["data"]) == 3
    assert (await sandbox.http.get("/2/nothing", headers=TOKEN)).json()["type"].endswith("resource-not-found")
    await sandbox.fault("x", "http_429", times=1)
    assert (await direct(sandbox)).status_code == 429


async def test_refresh_tokens_work_once(sandbox: Sandbox) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "sandbox-x-refresh-token", "client_id": "client"}
    first = (await sandbox.http.post("/2/oauth2/token", data=form)).json()
    assert (await sandbox.http.post("/2/oauth2/token", data=form)).json()["error"] == "invalid_request"
    fresh = {"Authorization": f"Bearer {first['access_token']}"}
    assert (await sandbox.http.get("/2/users/me", headers=fresh)).status_code == 200
    sandbox.clock.advance(7200)
    assert (await sandbox.http.get("/2/users/me", headers=fresh)).status_code == 401
