"""The sandbox's Instagram refuses what Instagram refuses."""

from typing import Any

import httpx
import pytest

from tests.unit.pipewise.sandbox.world import Sandbox

TOKEN = {"Authorization": "Bearer sandbox-instagram-token"}
ACCOUNT = "/v25.0/17841400000000001"
LEAD = "1000000000000001"
DAY = 86_400


async def control(sandbox: Sandbox, path: str, **body: Any) -> dict[str, Any]:
    answer = await sandbox.http.post(f"/_sandbox/instagram/{path}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def writes(sandbox: Sandbox) -> None:
    await control(sandbox, "inbound", **{"from": LEAD, "text": "Olá"})


async def send(sandbox: Sandbox, to: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    body = {"recipient": to or {"id": LEAD}, "message": {"text": "hello"}, **more}
    return await sandbox.http.post(f"{ACCOUNT}/messages", headers=TOKEN, json=body)


def code_of(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


async def test_a_message_is_taken_by_id_and_by_me_and_comes_back_as_an_echo(sandbox: Sandbox) -> None:
    await control(sandbox, "accounts", callback_url="https://receiver.example/ig")
    await writes(sandbox)
    sent = await send(sandbox)
    assert sent.status_code == 200
    body = {"recipient": {"id": LEAD}, "message": {"text": "again"}}
    assert (await sandbox.http.post("/v25.0/me/messages", headers=TOKEN, json=body)).status_code == 200
    await sandbox.settle(1)
    events = [document["entry"][0]["messaging"][0]["message"] for document in sandbox.receiver.documents]
    assert [event.get("is_echo", False) for event in events] == [False, True, True]
    assert events[1]["mid"] == sent.json()["message_id"]


async def test_windows_and_the_human_agent_tag(sandbox: Sandbox) -> None:
    assert code_of(await send(sandbox)) == (100, 2018001)
    await writes(sandbox)
    sandbox.clock.advance(DAY)
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert code_of(await send(sandbox)) == (10, 2018278)
    assert (await send(sandbox, **tagged)).status_code == 200
    assert code_of(await send(sandbox, messaging_type="MESSAGE_TAG", tag="ACCOUNT_UPDATE")) == (100, None)
    await control(sandbox, "switches", human_agent=False)
    assert code_of(await send(sandbox, **tagged)) == (10, None)
    sandbox.clock.advance(6 * DAY)
    await control(sandbox, "switches", human_agent=True)
    assert code_of(await send(sandbox, **tagged)) == (10, 2018278)


async def test_a_comment_takes_one_private_reply_within_seven_days(sandbox: Sandbox) -> None:
    comment = (await control(sandbox, "comment", **{"from": LEAD, "text": "How much?"}))["comment_id"]
    late = (await control(sandbox, "comment", **{"from": LEAD, "text": "And this?"}))["comment_id"]
    answered = await send(sandbox, {"comment_id": comment})
    assert answered.json()["recipient_id"] == LEAD
    assert code_of(await send(sandbox, {"comment_id": comment})) == (10900, None)
    assert code_of(await send(sandbox)) == (100, 2018001), "a comment opens no conversation"
    sandbox.clock.advance(7 * DAY)
    assert code_of(await send(sandbox, {"comment_id": late})) == (10903, None)
    assert code_of(await send(sandbox, {"comment_id": "7"})) == (100, 2534025)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": " "},
        {"text": "é" * 501},
        {"text": "x", "quick_replies": [{"content_type": "text", "title": "t" * 21, "payload": "p"}]},
        {"text": "x", "quick_replies": [{"content_type": "text", "title": "t", "payload": "p"}] * 14},
        {"text": "x", "quick_replies": [{"content_type": "user_email", "title": "t", "payload": "p"}]},
        {"text": "x", "quick_replies": [{"content_type": "text", "title": "t", "payload": ""}]},
    ],
)
async def test_what_a_message_may_hold(sandbox: Sandbox, message: dict[str, Any]) -> None:
    await writes(sandbox)
    assert code_of(await send(sandbox, message=message)) == (100, None)


async def test_tokens_age_and_are_renewed_between_a_day_and_their_end(sandbox: Sandbox) -> None:
    query = {"grant_type": "ig_refresh_token", "access_token": "sandbox-instagram-token"}
    young = await sandbox.http.get("/refresh_access_token", params=query)
    assert young.status_code == 400
    sandbox.clock.advance(30 * DAY)
    renewed = (await sandbox.http.get("/refresh_access_token", params=query)).json()
    assert renewed["expires_in"] == 60 * DAY
    sandbox.clock.advance(31 * DAY)
    assert code_of(await sandbox.http.get("/refresh_access_token", params=query)) == (190, 463)
    me = await sandbox.http.get("/v25.0/me", headers={"Authorization": f"Bearer {renewed['access_token']}"})
    assert me.status_code == 200
    assert code_of(await sandbox.http.get("/v25.0/me", headers=TOKEN)) == (190, 463)


async def test_whatsapp_and_calendly_keep_their_own_paths(sandbox: Sandbox) -> None:
    assert code_of(await sandbox.http.get("/v25.0/17841400000000999", headers=TOKEN)) == (190, None)
    assert [entry["vendor"] for entry in await sandbox.ledger("refused")] == ["whatsapp"]
    await sandbox.http.get("/refresh_access_token")
    assert [(entry["vendor"], entry["detail"]["path"]) for entry in await sandbox.ledger("refused", "instagram")] == [
        ("instagram", "/refresh_access_token")
    ]


async def test_public_replies_subscriptions_and_conversations(sandbox: Sandbox) -> None:
    comment = (await control(sandbox, "comment", **{"from": LEAD, "text": "How much?"}))["comment_id"]
    reply = await sandbox.http.post(f"/v25.0/{comment}/replies", headers=TOKEN, json={"message": "In your messages."})
    assert reply.json()["id"]
    assert (await sandbox.http.get("/v25.0/me/conversations", headers=TOKEN)).json() == {"data": []}
    fields = {"subscribed_fields": "messages,comments"}
    assert (await sandbox.http.post("/v25.0/me/subscribed_apps", headers=TOKEN, params=fields)).json()["success"]
    wrong = await sandbox.http.post("/v25.0/me/subscribed_apps", headers=TOKEN, params={"subscribed_fields": "all"})
    assert code_of(wrong) == (100, None)
    listed = (await sandbox.http.get("/v25.0/me/subscribed_apps", headers=TOKEN)).json()
    assert listed["data"][0]["subscribed_fields"] == ["messages", "comments"]


@pytest.mark.parametrize(("kind", "code"), [("http_429", 613), ("http_500", 1), ("plan_required", 36103)])
async def test_faults_speak_instagram(sandbox: Sandbox, kind: str, code: int) -> None:
    await writes(sandbox)
    await sandbox.fault("instagram", kind, times=1)
    assert code_of(await send(sandbox))[0] == code
