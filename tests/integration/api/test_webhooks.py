"""Deliveries and challenges over HTTP: what is accepted, counted, refused."""

import asyncio
import copy
import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from pipewise.storage.tables import events
from tests.contract.payloads import read_sample
from tests.contract.signing import SIGNERS
from tests.integration.api.running import JSON, Running, make_settings, open_api

NUMBER = SIGNERS["whatsapp"].credentials["phone_number_id"]


def text_message(
    message_id: str = "wamid.HBgTEST1", text: str = "Schedule a demo", number: str = NUMBER
) -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(read_sample("whatsapp", "inbound_text").document)
    value = document["entry"][0]["changes"][0]["value"]
    value["metadata"]["phone_number_id"] = number
    value["messages"][0] |= {"id": message_id, "text": {"body": text}}
    return document


def encode(document: Any) -> bytes:
    return json.dumps(document).encode()


def counts(accepted: int = 0, duplicates: int = 0, ignored: int = 0, rejected: int = 0) -> dict[str, int]:
    return {"accepted": accepted, "duplicates": duplicates, "ignored": ignored, "rejected": rejected}


async def stored(api: Running) -> int:
    async with api.resources.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(events))).scalar_one())


@pytest.fixture
async def path(api: Running) -> str:
    return str((await api.connect("whatsapp"))["webhook_url"].removeprefix(api.settings.public_url))


async def test_a_message_is_stored_wakes_its_lead_and_is_answered_with_counts(api: Running, path: str) -> None:
    answer = await api.deliver(path, "whatsapp", encode(text_message()))
    assert (answer.status_code, answer.json()) == (200, counts(accepted=1))
    (lead,) = (await api.get("/api/leads"))["items"]
    assert api.application.engine.woken == [lead["id"]]
    (message,) = (await api.get(f"/api/leads/{lead['id']}/messages"))["items"]
    assert (message["direction"], message["text"], message["status"]) == ("in", "Schedule a demo", "received")


async def test_the_same_delivery_five_times_at_once_counts_once(api: Running, path: str) -> None:
    body = encode(text_message())
    answers = await asyncio.gather(*(api.deliver(path, "whatsapp", body) for _ in range(5)))
    assert sorted(answer.json()["accepted"] for answer in answers) == [0, 0, 0, 0, 1]
    assert sum(answer.json()["duplicates"] for answer in answers) == 4
    assert await stored(api) == 1


async def test_one_malformed_item_of_a_batch_costs_none_of_its_neighbours(api: Running, path: str) -> None:
    document = text_message("wamid.1")
    for position, (message_id, into_new_entry) in enumerate(
        (("wamid.2", False), ("wamid.3", True), ("wamid.4", False))
    ):
        change = text_message(message_id)["entry"][0]["changes"][0]
        if into_new_entry:
            document["entry"].append({"id": "322000000000077", "changes": [change]})
        else:
            document["entry"][-1]["changes"].append(change)
        if position == 0:
            del change["value"]["messages"][0]["from"], change["value"]["messages"][0]["from_user_id"]
            del change["value"]["contacts"]
    answer = await api.deliver(path, "whatsapp", encode(document))
    assert answer.json() == counts(accepted=3, rejected=1)
    (dead,) = (await api.get("/api/events", status="dead_letter"))["items"]
    assert dead["content"]["raw"]["id"] == "wamid.2"
    again = await api.deliver(path, "whatsapp", encode(document))
    assert again.json() == counts(duplicates=4)


async def test_items_for_another_number_are_ignored_on_an_own_url(api: Running, path: str) -> None:
    document = text_message("wamid.1", number="999000000000001")
    document["entry"].append(text_message("wamid.2")["entry"][0])
    broken = text_message("wamid.3", number="999000000000001")["entry"][0]
    del broken["changes"][0]["value"]["messages"][0]["id"]
    document["entry"].append(broken)
    answer = await api.deliver(path, "whatsapp", encode(document))
    assert answer.json() == counts(accepted=1, ignored=2)


async def test_any_changed_byte_is_refused_and_stores_nothing(api: Running, path: str) -> None:
    body = encode(text_message())
    signer = SIGNERS["whatsapp"]
    headers = {**JSON, **signer.sign(body, signer.secret, api.resources.clock.now())}
    rng = random.Random(7)
    for shared in (path, "/webhooks/whatsapp"):
        for _ in range(40):
            place = rng.randrange(len(body))
            changed = body[:place] + bytes([body[place] ^ (1 << rng.randrange(7))]) + body[place + 1 :]
            answer = await api.http.post(shared, content=changed, headers=headers)
            # On a shared callback a changed number may be nobody's.
            assert answer.status_code == 401 or (shared != path and answer.status_code == 404), answer.text
            assert answer.json()["success"] is False
    assert await stored(api) == 0


@pytest.mark.parametrize("platform", sorted(SIGNERS))
async def test_a_wrong_or_missing_signature_never_reaches_a_parser(api: Running, platform: str) -> None:
    made = await api.connect(platform)
    path = made["webhook_url"].removeprefix(api.settings.public_url)
    for body in (b"{not json", b'{"a": 1}', b"\xff\xfe\x00"):
        unsigned = await api.http.post(path, content=body, headers=JSON)
        forged = SIGNERS[platform].sign(body, "another secret", api.resources.clock.now())
        wrong = await api.http.post(path, content=body, headers={**JSON, **forged})
        assert (unsigned.status_code, wrong.status_code) == (401, 401)
    assert await stored(api) == 0


async def test_an_integration_without_a_signing_secret_accepts_nothing(sqlite_url: str, tmp_path: Path) -> None:
    # At an address that the vendor cannot reach, no subscription with a key of our own is made.
    async with open_api(make_settings(sqlite_url, tmp_path, public_url="http://127.0.0.1:8000")) as local:
        body = {"platform": "calendly", "credentials": {"access_token": "planted-token-0001"}}
        made = (await local.call("POST", "/api/integrations", json=body)).json()
        path = made["webhook_url"].removeprefix(local.settings.public_url)
        empty = SIGNERS["calendly"].sign(b"{}", "", local.resources.clock.now())
        answer = await local.http.post(path, content=b"{}", headers={**JSON, **empty})
        assert answer.status_code == 401
        assert "No signing secret is configured" in answer.json()["error"]


async def test_an_authentic_body_that_is_no_json_becomes_one_dead_letter(api: Running, path: str) -> None:
    answer = await api.deliver(path, "whatsapp", b'{"entry": [\x00')
    assert (answer.status_code, answer.json()) == (200, counts(rejected=1))
    (dead,) = (await api.get("/api/events", status="dead_letter"))["items"]
    assert dead["content"]["raw"].startswith('{"entry": [')


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": ""}, 415),
        ({"content-encoding": "gzip"}, 415),
        ({"content-encoding": "identity, deflate"}, 415),
        ({"content-encoding": "identity"}, 200),
        ({"content-type": "Application/JSON; charset=utf-8"}, 200),
    ],
)
async def test_content_types(api: Running, path: str, headers: dict[str, str], status: int) -> None:
    answer = await api.deliver(path, "whatsapp", encode(text_message()), **headers)
    assert answer.status_code == status


async def test_two_content_types_are_refused(api: Running, path: str) -> None:
    twice = [("content-type", "application/json"), ("content-type", "text/plain")]
    assert (await api.http.post(path, content=b"{}", headers=twice)).status_code == 415


async def test_a_form_may_come_urlencoded_and_needs_an_address(api: Running) -> None:
    made = await api.connect("form")
    path = made["webhook_url"].removeprefix(api.settings.public_url)
    urlencoded = {"content-type": "application/x-www-form-urlencoded"}
    good = await api.deliver(path, "form", b"email=lead%40example.com&message=Hello", **urlencoded)
    assert good.json() == counts(accepted=1)
    nobody = await api.deliver(path, "form", b'{"message": "who am I"}')
    assert (nobody.status_code, nobody.json()) == (200, counts(rejected=1))


async def test_unknown_platforms_integrations_and_accounts_are_not_found(api: Running, path: str) -> None:
    body = encode(text_message(number="999000000000001"))
    for unknown in ("/webhooks/telegram/x", "/webhooks/telegram", f"/webhooks/calendly/{path.rsplit('/', 1)[1]}"):
        answer = await api.deliver(unknown, "whatsapp", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await api.deliver("/webhooks/whatsapp", "whatsapp", body)).status_code == 404
    assert (await api.http.get("/webhooks/telegram/x")).status_code == 404
    assert (await api.http.get("/webhooks/whatsapp/nobody")).status_code == 404


async def test_a_body_over_one_mebibyte_is_refused(api: Running, path: str) -> None:
    just = await api.deliver(path, "whatsapp", b" " * (1024 * 1024 - 2) + b"{}")
    assert just.status_code == 200
    over = await api.deliver(path, "whatsapp", b" " * (1024 * 1024 - 1) + b"{}")
    assert (over.status_code, over.json()["code"]) == (413, "too_large")


async def test_a_disconnected_integration_is_gone_at_once(api: Running, path: str) -> None:
    assert (await api.deliver(path, "whatsapp", encode(text_message("wamid.1")))).status_code == 200
    await api.call("DELETE", f"/api/integrations/{path.rsplit('/', 1)[1]}")
    for address in (path, "/webhooks/whatsapp"):
        assert (await api.deliver(address, "whatsapp", encode(text_message("wamid.2")))).status_code == 404
    assert (await api.http.get(path, params={"hub.mode": "subscribe"})).status_code == 404


async def test_what_cannot_be_stored_is_answered_503_and_asked_for_again(
    api: Running, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = encode(text_message())

    async def disk_is_full(*_: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(api.application.inbox, "accept", disk_is_full)
    answer = await api.deliver(path, "whatsapp", body)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "disk" not in answer.text
    monkeypatch.undo()
    assert (await api.deliver(path, "whatsapp", body)).json() == counts(accepted=1)


async def test_a_shared_callback_finds_each_account_and_believes_only_its_own_secret(api: Running) -> None:
    await api.connect("whatsapp")
    credentials = {
        **SIGNERS["whatsapp"].credentials,
        "phone_number_id": "777000000000001",
        "app_secret": "other-secret",
    }
    await api.call(
        "POST", "/api/integrations", who="stranger", json={"platform": "whatsapp", "credentials": credentials}
    )
    document = text_message("wamid.mine")
    document["entry"].append(text_message("wamid.theirs", number="777000000000001")["entry"][0])
    document["entry"].append(text_message("wamid.nobodys", number="999000000000001")["entry"][0])
    answer = await api.deliver("/webhooks/whatsapp", "whatsapp", encode(document))
    assert answer.json() == counts(accepted=1, ignored=2)
    assert [event["external_id"] for event in (await api.get("/api/events"))["items"]] != []
    assert (await api.get("/api/events", who="stranger"))["items"] == []


async def test_a_shared_callback_serves_several_accounts_of_one_app(api: Running) -> None:
    await api.connect("whatsapp")
    await api.connect("whatsapp")  # connected twice: answered once
    credentials = {**SIGNERS["whatsapp"].credentials, "phone_number_id": "777000000000001"}
    await api.call(
        "POST", "/api/integrations", who="stranger", json={"platform": "whatsapp", "credentials": credentials}
    )
    document = text_message("wamid.mine")
    document["entry"].append(text_message("wamid.theirs", number="777000000000001")["entry"][0])
    answer = await api.deliver("/webhooks/whatsapp", "whatsapp", encode(document))
    assert answer.json() == counts(accepted=2)
    for who in ("admin", "stranger"):
        assert len((await api.get("/api/events", who=who))["items"]) == 1


async def test_a_rotated_secret_counts_at_once_and_the_former_one_for_a_day(api: Running, path: str) -> None:
    integration = path.rsplit("/", 1)[1]
    rotated = await api.call(
        "POST", f"/api/integrations/{integration}/rotate", json={"credentials": {"app_secret": "a-brand-new-secret"}}
    )
    assert rotated.status_code == 200

    async def deliver(message_id: str, secret: str) -> int:
        body = encode(text_message(message_id))
        signed = SIGNERS["whatsapp"].sign(body, secret, api.resources.clock.now())
        return (await api.http.post(path, content=body, headers={**JSON, **signed})).status_code

    former = SIGNERS["whatsapp"].secret
    assert [await deliver("wamid.1", former), await deliver("wamid.2", "a-brand-new-secret")] == [200, 200]
    api.move_clock(timedelta(hours=25))
    await asyncio.sleep(0.6)
    assert [await deliver("wamid.3", former), await deliver("wamid.4", "a-brand-new-secret")] == [401, 200]


async def test_metas_handshake(api: Running, path: str) -> None:
    token = SIGNERS["whatsapp"].credentials["verify_token"]
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": token}
    for address in (path, "/webhooks/whatsapp"):
        good = await api.http.get(address, params=query)
        assert (good.status_code, good.text) == (200, "1158201444")
        assert good.headers["content-type"].startswith("text/plain")
        wrong = await api.http.get(address, params={**query, "hub.verify_token": "guess"})
        assert wrong.status_code == 403


async def test_xs_challenge(api: Running) -> None:
    path = (await api.connect("x"))["webhook_url"].removeprefix(api.settings.public_url)
    for address in (path, "/webhooks/x"):
        good = await api.http.get(address, params={"crc_token": "challenge_string"})
        assert good.json()["response_token"].startswith("sha256=")
        assert (await api.http.get(address, params={"crc_token": '{"a":1}'})).status_code == 400


async def test_a_handshake_on_a_shared_callback_without_integrations_is_refused(api: Running) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}
    assert (await api.http.get("/webhooks/whatsapp", params=query)).status_code == 403
    assert (await api.http.get("/webhooks/x", params={"crc_token": "abc"})).status_code == 400
