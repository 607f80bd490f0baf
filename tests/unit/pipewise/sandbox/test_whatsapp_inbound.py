"""What the business receives: Meta's bytes, redelivery, duplicates, every kind of sender, staff echoes."""

import httpx

from tests.unit.pipewise.sandbox.world import NUMBER, WHATSAPP, Json, Receiver, Sandbox


def message_of(document: Json) -> Json:
    value: Json = document["entry"][0]["changes"][0]["value"]
    message: Json = value["messages"][0]
    return message


async def test_a_callback_is_used_only_after_the_handshake(sandbox: Sandbox, receiver: Receiver) -> None:
    asked: list[httpx.URL] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, text="something else")

    receiver.answer_handshake = refuse
    request = {"callback_url": "https://receiver.example/wa", "verify_token": "my-token"}
    refused = (await sandbox.http.post("/_sandbox/whatsapp/accounts", json=request)).json()
    assert (refused["handshake"]["ok"], refused["callback_url"]) == (False, None)
    assert asked[0].params["hub.mode"] == "subscribe"
    assert asked[0].params["hub.verify_token"] == "my-token"
    assert asked[0].params["hub.challenge"].isdecimal()
    assert (await sandbox.write())["delivering"] is False
    receiver.answer_handshake = None
    accepted = (await sandbox.http.post("/_sandbox/whatsapp/accounts", json=request)).json()
    assert accepted["handshake"]["ok"] is True
    assert (await sandbox.write())["delivering"] is True


async def test_bytes_are_escaped_the_way_meta_does(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.write(text="Olá 👋 a/b")
    await sandbox.settle()
    body = sandbox.receiver.requests[0].content
    assert body.isascii()
    assert rb'"body":"Ol\u00e1 \ud83d\udc4b a\/b"' in body
    assert message_of(sandbox.receiver.documents[0])["text"]["body"] == "Olá 👋 a/b"


async def test_the_document_is_routed_by_the_number_id(sandbox: Sandbox) -> None:
    await sandbox.listen()
    written = await sandbox.write()
    await sandbox.settle()
    [document] = sandbox.receiver.documents
    value = document["entry"][0]["changes"][0]["value"]
    assert document["entry"][0]["id"] == "200000000000001"
    assert value["metadata"] == {"display_phone_number": "351210001000", "phone_number_id": "100000000000001"}
    contact = {"profile": {"name": "Zoë"}, "wa_id": "351910000001", "user_id": written["user_id"]}
    assert value["contacts"] == [contact]
    assert message_of(document)["timestamp"] == str(int(sandbox.clock.now().timestamp()))


async def test_a_username_hides_the_phone(sandbox: Sandbox) -> None:
    await sandbox.listen()
    request = {"bsuid": "PT.555", "name": "Zoë", "username": "@zoe", "text": "Hi"}
    await sandbox.http.post("/_sandbox/whatsapp/inbound", json=request)
    await sandbox.settle()
    [document] = sandbox.receiver.documents
    [contact] = document["entry"][0]["changes"][0]["value"]["contacts"]
    assert contact == {"profile": {"name": "Zoë", "username": "@zoe"}, "user_id": "PT.555"}
    assert message_of(document)["from_user_id"] == "PT.555"
    assert "from" not in message_of(document)
    nobody = await sandbox.http.post("/_sandbox/whatsapp/inbound", json={"text": "Hi"})
    assert nobody.status_code == 422


async def test_any_raw_message_can_be_written(sandbox: Sandbox) -> None:
    await sandbox.listen()
    reply = {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "a", "title": "09:00"}}}
    await sandbox.write(message={**reply, "id": "wamid.chosen"})
    await sandbox.settle()
    message = message_of(sandbox.receiver.documents[0])
    assert message["interactive"] == reply["interactive"]
    assert (message["id"], message["from"]) == ("wamid.chosen", "351910000001")


async def test_a_delivery_is_repeated_until_200(sandbox: Sandbox) -> None:
    await sandbox.listen()
    sandbox.receiver.statuses = [503, 202, 401]
    await sandbox.write()
    for _ in range(5):
        await sandbox.settle(4)
    assert len(sandbox.receiver.requests) == 4
    assert len({request.content for request in sandbox.receiver.requests}) == 1
    outcomes = [entry["detail"]["status"] for entry in await sandbox.ledger("webhook", "whatsapp")]
    assert outcomes == [503, 202, 401, 200]


async def test_repeating_ends(sandbox: Sandbox) -> None:
    await sandbox.listen()
    sandbox.receiver.statuses = [500] * 100
    await sandbox.write()
    for _ in range(60):
        await sandbox.settle(20)
    assert len(sandbox.receiver.requests) == 20
    assert sandbox.state.deliveries.pending == 0


async def test_a_receiver_that_is_down_is_tried_again(sandbox: Sandbox, receiver: Receiver) -> None:
    await sandbox.listen()
    down = httpx.MockTransport(lambda request: (_ for _ in ()).throw(httpx.ConnectError("down", request=request)))
    up, sandbox.state.deliveries.http = sandbox.state.deliveries.http, httpx.AsyncClient(transport=down)
    await sandbox.write()
    await sandbox.settle()
    sandbox.state.deliveries.http = up
    await sandbox.settle(1)
    problems = [entry["detail"]["problem"] for entry in await sandbox.ledger("webhook", "whatsapp")]
    assert problems == ["ConnectError", None]
    assert len(receiver.requests) == 1


async def test_copies_and_the_duplicate_switch_repeat_the_same_bytes(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.write(copies=5)
    await sandbox.settle()
    assert len(sandbox.receiver.requests) == 5
    await sandbox.fault("whatsapp", "duplicate_delivery", times=1, copies=3)
    await sandbox.write()
    await sandbox.settle()
    assert len(sandbox.receiver.requests) == 8
    assert len({request.content for request in sandbox.receiver.requests}) == 2


async def test_the_reorder_switch_lets_the_next_one_overtake(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.fault("whatsapp", "reorder", times=1)
    await sandbox.write(text="first")
    await sandbox.write(text="second")
    await sandbox.settle()
    await sandbox.settle(1)
    texts = [message_of(document)["text"]["body"] for document in sandbox.receiver.documents]
    assert texts == ["second", "first"]


async def test_a_raw_document_is_delivered_signed(sandbox: Sandbox) -> None:
    await sandbox.listen()
    batch = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": []}, {"broken": True}]}
    await sandbox.http.post("/_sandbox/whatsapp/deliver", json={"body": batch})
    await sandbox.settle()
    assert sandbox.receiver.documents == [batch]
    assert sandbox.receiver.requests[0].headers["X-Hub-Signature-256"].startswith("sha256=")
    unknown = await sandbox.http.post("/_sandbox/whatsapp/deliver", json={"phone_number_id": "9", "body": batch})
    assert unknown.status_code == 404


async def test_what_staff_type_on_their_phone_is_echoed(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.http.post("/_sandbox/whatsapp/echo", json={"to": "+351910000001", "text": "I take over"})
    await sandbox.settle()
    change = sandbox.receiver.documents[0]["entry"][0]["changes"][0]
    assert change["field"] == "smb_message_echoes"
    [echo] = change["value"]["message_echoes"]
    assert (echo["from"], echo["to"], echo["text"]["body"]) == ("351210001000", "351910000001", "I take over")


async def test_a_reviewed_template_is_announced(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.http.post("/_sandbox/whatsapp/templates", json={"name": "reminder", "status": "PAUSED"})
    await sandbox.settle()
    change = sandbox.receiver.documents[0]["entry"][0]["changes"][0]
    assert (change["field"], change["value"]["event"]) == ("message_template_status_update", "PAUSED")
    gone = await sandbox.http.post("/_sandbox/whatsapp/templates", json={"name": "none", "status": "PAUSED"})
    assert gone.status_code == 404


async def test_ids_are_new_after_a_reset_while_people_stay_who_they_are(sandbox: Sandbox) -> None:
    before = await sandbox.write()
    await sandbox.http.post("/_sandbox/reset")
    after = await sandbox.write()
    assert before["message_id"] != after["message_id"]
    assert before["user_id"] == after["user_id"]


async def test_half_an_emoji_breaks_neither_the_ledger_nor_the_phone(sandbox: Sandbox) -> None:
    await sandbox.listen()
    content = b'{"from": "+351910000001", "text": "broken \\ud83d"}'
    headers = {"Content-Type": "application/json"}
    answer = await sandbox.http.post("/_sandbox/whatsapp/inbound", content=content, headers=headers)
    assert answer.status_code == 200
    await sandbox.settle()
    assert rb"broken \ud83d" in sandbox.receiver.requests[0].content
    assert (await sandbox.ledger("inbound"))[0]["detail"]["content"]["text"]["body"].startswith("broken")
    refused = await sandbox.http.post(
        NUMBER + "/messages", headers=WHATSAPP, content=b'{"messaging_product": "\\ud83d"}'
    )
    assert refused.json()["error"]["error_data"]["details"] == "The request body is not a JSON object."
    chat = await sandbox.http.get("/_sandbox/whatsapp/conversations/+351910000001")
    assert chat.json()["items"][0]["text"].startswith("broken")
