"""Who may be written to and when: tokens, recipients, the 24-hour window, the pair limit, receipts."""

import hashlib
import hmac

import pytest

from tests.unit.pipewise.sandbox.world import NUMBER, WHATSAPP, Json, Sandbox

HELLO = {"type": "text", "text": {"body": "Hello"}}
SECRET = b"sandbox-whatsapp-app-secret"


async def statuses(sandbox: Sandbox) -> list[Json]:
    """Receive until nothing is left, in order."""
    for _ in range(12):
        await sandbox.settle(0.1)
    values = [document["entry"][0]["changes"][0]["value"] for document in sandbox.receiver.documents]
    return [value["statuses"][0] for value in values if "statuses" in value]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
async def test_a_bad_token_is_190(sandbox: Sandbox, headers: dict[str, str]) -> None:
    answer = await sandbox.http.post(NUMBER + "/messages", headers=headers, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)


async def test_an_unknown_or_foreign_number_is_100_33(sandbox: Sandbox) -> None:
    account = {"phone_number_id": "100000000000002", "access_token": "another", "app_secret": "s", "verify_token": "v"}
    await sandbox.http.post("/_sandbox/whatsapp/accounts", json=account)
    for number in ("999", "100000000000002"):
        answer = await sandbox.http.post(f"/v25.0/{number}/messages", headers=WHATSAPP, json={})
        error = answer.json()["error"]
        assert (error["code"], error["error_subcode"], error["type"]) == (100, 33, "GraphMethodException")


@pytest.mark.parametrize("version", ["v21.0", "v26.0"])
async def test_the_version_is_a_part_of_the_path(sandbox: Sandbox, version: str) -> None:
    await sandbox.write()
    body = {"messaging_product": "whatsapp", "to": "+351910000001", **HELLO}
    answer = await sandbox.http.post(f"/{version}/100000000000001/messages", headers=WHATSAPP, json=body)
    assert answer.status_code == 200


@pytest.mark.parametrize("to", ["+351910000001", "351910000001", "+351 910 000 001"])
async def test_the_recipient_is_answered_as_written_and_as_known(sandbox: Sandbox, to: str) -> None:
    await sandbox.write()
    answer = (await sandbox.send(to=to, **HELLO)).json()
    assert answer["contacts"] == [{"input": to, "wa_id": "351910000001"}]
    assert answer["messages"][0]["id"].startswith("wamid.")


async def test_a_person_without_phone_is_written_to_by_user_id(sandbox: Sandbox) -> None:
    await sandbox.http.post("/_sandbox/whatsapp/inbound", json={"bsuid": "PT.12345", "text": "Hi"})
    answer = await sandbox.send(to=None, recipient="PT.12345", **HELLO)
    assert answer.json()["contacts"] == [{"input": "PT.12345", "user_id": "PT.12345"}]
    both = await sandbox.send(to="+351910000009", recipient="PT.12345", **HELLO)
    assert both.json()["error"]["code"] == 131047, "`to` wins, and that number never wrote"


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        ({"to": None}, 131008),
        ({"to": "abc"}, 131009),
        ({"to": "+351210001000"}, 131021),
        ({"to": None, "recipient": "no id"}, 131009),
        ({"to": None, "recipient": "PT.99999"}, 131026),
    ],
)
async def test_recipients_are_checked(sandbox: Sandbox, recipient: Json, code: int) -> None:
    assert (await sandbox.send(**{**HELLO, **recipient})).json()["error"]["code"] == code


async def test_the_window_opens_with_each_inbound_message_and_closes_after_24_hours(sandbox: Sandbox) -> None:
    assert (await sandbox.send(**HELLO)).json()["error"]["code"] == 131047
    await sandbox.write()
    sandbox.clock.advance(hours=23, minutes=59)
    assert (await sandbox.send(**HELLO)).status_code == 200
    sandbox.clock.advance(minutes=1)
    assert (await sandbox.send(**HELLO)).json()["error"]["code"] == 131047
    await sandbox.write()
    assert (await sandbox.send(**HELLO)).status_code == 200
    assert (await sandbox.send(to="+351910000002", **HELLO)).json()["error"]["code"] == 131047


async def test_a_closed_window_can_come_back_as_a_failed_status(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.http.post("/_sandbox/whatsapp/switches", json={"window_error": "status"})
    sent = await sandbox.send(**HELLO, biz_opaque_callback_data="outbox-1")
    assert sent.status_code == 200
    [failed] = await statuses(sandbox)
    assert (failed["id"], failed["status"]) == (sent.json()["messages"][0]["id"], "failed")
    assert (failed["errors"][0]["code"], failed["biz_opaque_callback_data"]) == (131047, "outbox-1")
    assert failed["recipient_id"] == "351910000001"
    assert "recipient_user_id" not in failed


async def test_one_message_in_six_seconds_needs_no_waiting(sandbox: Sandbox) -> None:
    await sandbox.write()
    for _ in range(60):
        assert (await sandbox.send(**HELLO)).status_code == 200
        sandbox.clock.advance(6)


async def test_a_burst_is_paid_for_with_silence(sandbox: Sandbox) -> None:
    await sandbox.write()
    for _ in range(20):
        assert (await sandbox.send(**HELLO)).status_code == 200
    sandbox.clock.advance(6)
    assert (await sandbox.send(**HELLO)).json()["error"]["code"] == 131056
    sandbox.clock.advance(113)
    assert (await sandbox.send(**HELLO)).status_code == 400
    sandbox.clock.advance(1)
    assert (await sandbox.send(**HELLO)).status_code == 200


async def test_a_burst_is_at_most_45_and_only_for_this_pair(sandbox: Sandbox) -> None:
    await sandbox.write()
    await sandbox.write(**{"from": "+351910000002"})
    codes = [(await sandbox.send(**HELLO)).status_code for _ in range(46)]
    assert codes == [200] * 45 + [400]
    assert (await sandbox.send(to="+351910000002", **HELLO)).status_code == 200
    await sandbox.http.post("/_sandbox/whatsapp/switches", json={"pair_limit": False})
    assert (await sandbox.send(**HELLO)).status_code == 200


async def test_receipts_follow_signed_and_with_the_callers_data(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.write()
    sent = await sandbox.send(**HELLO, biz_opaque_callback_data="outbox-7")
    seen = await statuses(sandbox)
    assert [status["status"] for status in seen] == ["sent", "delivered", "read"]
    assert {status["id"] for status in seen} == {sent.json()["messages"][0]["id"]}
    assert {status["biz_opaque_callback_data"] for status in seen} == {"outbox-7"}
    assert seen[0]["pricing"] == {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    assert "pricing" not in seen[2]
    for request in sandbox.receiver.requests:
        expected = hmac.new(SECRET, request.content, hashlib.sha256).hexdigest()
        assert request.headers["X-Hub-Signature-256"] == f"sha256={expected}"


async def test_readers_can_switch_off_receipts_and_a_reaction_is_only_sent(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.http.post("/_sandbox/whatsapp/switches", json={"receipts": ["sent", "delivered"]})
    written = await sandbox.write()
    await sandbox.send(**HELLO)
    reaction = {"type": "reaction", "reaction": {"message_id": written["message_id"], "emoji": "👍"}}
    assert (await sandbox.send(**reaction)).status_code == 200
    assert sorted(status["status"] for status in await statuses(sandbox)) == ["delivered", "sent", "sent"]


async def test_a_switch_makes_a_message_fail_after_it_was_accepted(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.write()
    await sandbox.fault("whatsapp", "status_failed", code=131049, times=1)
    assert (await sandbox.send(**HELLO)).status_code == 200
    [failed] = await statuses(sandbox)
    assert failed["errors"][0]["code"] == 131049


async def test_reading_and_typing(sandbox: Sandbox) -> None:
    first = await sandbox.write()
    second = await sandbox.write(text="and more")
    mark: Json = {"messaging_product": "whatsapp", "status": "read", "message_id": second["message_id"]}
    url = NUMBER + "/messages"
    typing = {**mark, "typing_indicator": {"type": "text"}}
    assert (await sandbox.http.post(url, headers=WHATSAPP, json=typing)).json() == {"success": True}
    [entry] = await sandbox.ledger("read_mark")
    assert entry["detail"] == {"message_id": second["message_id"], "typing": True}
    chat = (await sandbox.http.get("/_sandbox/whatsapp/conversations/+351910000001")).json()["items"]
    assert [(bubble["id"], bubble["status"]) for bubble in chat] == [
        (first["message_id"], "read"),
        (second["message_id"], "read"),
    ]
    for change, code in (
        ({"message_id": "wamid.none"}, 100),
        ({"message_id": ""}, 131008),
        ({"status": "seen"}, 100),
        ({"typing_indicator": {"type": "audio"}}, 131009),
    ):
        refused = await sandbox.http.post(url, headers=WHATSAPP, json={**mark, **change})
        assert refused.json()["error"]["code"] == code
    sandbox.clock.advance(days=31)
    assert (await sandbox.http.post(url, headers=WHATSAPP, json=mark)).json()["error"]["code"] == 131009
