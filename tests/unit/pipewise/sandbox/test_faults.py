"""The switch board: each fault strikes where and as often as it should, and the ledger tells what really happened."""

import asyncio
import json

import httpx
import pytest

from tests.unit.pipewise.sandbox.world import MODEL, NUMBER, WHATSAPP, Sandbox

HELLO = {"type": "text", "text": {"body": "Hello"}}


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("http_400", 400, "Invalid Argument"),
        ("http_401", 401, "Unauthenticated"),
        ("http_403", 403, "Permission Denied"),
        ("http_404", 404, "Resource Not Found"),
        ("http_429", 429, "Too Many Requests"),
        ("http_500", 500, "Internal Server Error"),
        ("http_503", 503, "Service Unavailable"),
        ("insufficient_scope", 403, "Insufficient scope"),
        ("plan_required", 403, "Permission Denied"),
    ],
)
async def test_calendly_fails_in_its_own_words(sandbox: Sandbox, kind: str, status: int, title: str) -> None:
    await sandbox.fault("calendly", kind, times=1)
    broken = await sandbox.calendly("GET", "/users/me")
    assert (broken.status_code, broken.json()["title"]) == (status, title)
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("http_400", 400, 100),
        ("http_401", 401, 190),
        ("http_403", 403, 10),
        ("http_404", 404, 100),
        ("http_429", 400, 130429),
        ("http_500", 500, 131000),
        ("http_503", 503, 2),
        ("insufficient_scope", 403, 131005),
        ("plan_required", 400, 131042),
    ],
)
async def test_graph_errors_carry_their_codes(sandbox: Sandbox, kind: str, status: int, code: int) -> None:
    await sandbox.write()
    await sandbox.fault("whatsapp", kind, times=1)
    broken = await sandbox.send(**HELLO)
    assert (broken.status_code, broken.json()["error"]["code"]) == (status, code)
    assert await sandbox.ledger("send") == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("http_400", 400),
        ("http_401", 401),
        ("http_403", 403),
        ("http_404", 404),
        ("http_429", 429),
        ("http_500", 500),
        ("http_503", 503),
        ("insufficient_scope", 403),
        ("plan_required", 429),
    ],
)
async def test_the_model_fails_too(sandbox: Sandbox, kind: str, status: int) -> None:
    await sandbox.fault("model", kind, retry_after=7)
    broken = await sandbox.http.post("/v1/chat/completions", headers=MODEL, json={})
    assert (broken.status_code, broken.headers["retry-after"]) == (status, "7")
    assert broken.json()["error"]["message"]


async def test_calendlys_pause_is_told_in_its_rate_limit_headers(sandbox: Sandbox) -> None:
    await sandbox.fault("calendly", "http_429", retry_after=17)
    headers = (await sandbox.calendly("GET", "/users/me")).headers
    assert (headers["x-ratelimit-reset"], headers["x-ratelimit-remaining"]) == ("17", "0")
    assert "retry-after" not in headers


async def test_a_fault_strikes_its_route_and_vendor_only(sandbox: Sandbox) -> None:
    await sandbox.fault("calendly", "http_500", route="POST /invitees")
    request = await sandbox.booking_request()
    assert (await sandbox.calendly("POST", "/invitees", json=request)).status_code == 500
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200
    await sandbox.write()
    assert (await sandbox.send(**HELLO)).status_code == 200


async def test_a_fault_can_wait_and_be_counted_and_be_switched_off(sandbox: Sandbox) -> None:
    await sandbox.fault("calendly", "http_500", after=60)
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200
    sandbox.clock.advance(60)
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 500
    [fault] = (await sandbox.http.get("/_sandbox/faults")).json()["items"]
    assert (fault["struck"], fault["remaining"]) == (1, None)
    assert (await sandbox.http.delete(f"/_sandbox/faults/{fault['id']}")).status_code == 200
    assert (await sandbox.http.delete(f"/_sandbox/faults/{fault['id']}")).status_code == 404
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200
    await sandbox.fault("calendly", "http_500")
    await sandbox.http.delete("/_sandbox/faults")
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200
    nonsense = await sandbox.http.post("/_sandbox/faults", json={"vendor": "calendly", "kind": "earthquake"})
    assert nonsense.status_code == 422


async def test_garbage_is_no_json_and_empty_is_empty(sandbox: Sandbox) -> None:
    await sandbox.fault("calendly", "garbage", times=1)
    garbage = await sandbox.calendly("GET", "/users/me")
    with pytest.raises(json.JSONDecodeError):
        garbage.json()
    await sandbox.fault("calendly", "empty", times=1)
    empty = await sandbox.calendly("GET", "/users/me")
    assert (empty.status_code, empty.content) == (200, b"")


async def test_a_dropped_answer_leaves_its_effect(sandbox: Sandbox) -> None:
    request = await sandbox.booking_request()
    await sandbox.fault("calendly", "drop_after_accept", route="POST /invitees", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.calendly("POST", "/invitees", json=request)
    assert len(await sandbox.ledger("booking")) == 1
    again = await sandbox.calendly("POST", "/invitees", json=request)
    assert again.json()["details"][0]["code"] == "already_filled"


async def test_a_reset_connection_leaves_none(sandbox: Sandbox) -> None:
    request = await sandbox.booking_request()
    await sandbox.fault("calendly", "reset", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.calendly("POST", "/invitees", json=request)
    assert await sandbox.ledger("booking") == []
    assert [entry["detail"]["kind"] for entry in await sandbox.ledger("fault")] == ["reset"]


async def test_a_timeout_holds_the_answer_back(sandbox: Sandbox) -> None:
    await sandbox.fault("calendly", "timeout")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await sandbox.calendly("GET", "/users/me")
    await sandbox.http.delete("/_sandbox/faults")
    await sandbox.fault("calendly", "timeout", seconds=0.01)
    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.calendly("GET", "/users/me")


async def test_slow_is_late_but_right(sandbox: Sandbox) -> None:
    await sandbox.fault("calendly", "slow", seconds=0.01)
    assert (await sandbox.calendly("GET", "/users/me")).status_code == 200


async def test_a_free_slot_can_be_declared_filled(sandbox: Sandbox) -> None:
    request = await sandbox.booking_request()
    await sandbox.fault("calendly", "already_filled", times=1)
    refused = await sandbox.calendly("POST", "/invitees", json=request)
    assert refused.json()["details"][0]["code"] == "already_filled"
    assert (await sandbox.calendly("POST", "/invitees", json=request)).status_code == 201


async def test_calendlys_webhooks_can_double_and_swap(sandbox: Sandbox) -> None:
    await sandbox.subscribe()
    await sandbox.fault("calendly", "duplicate_delivery", route="invitee.created", times=1)
    await sandbox.fault("calendly", "reorder", route="invitee.created", times=1)
    event = (await sandbox.book()).json()["resource"]["event"]
    await sandbox.calendly("POST", event + "/cancellation")
    await sandbox.settle(0.2)
    await sandbox.settle(2)
    assert [document["event"] for document in sandbox.receiver.documents].count("invitee.created") == 2


async def test_the_ledger_holds_requests_and_refusals_in_order_and_no_token(sandbox: Sandbox) -> None:
    await sandbox.http.get("/users/me", headers={"Authorization": "Bearer secret-canary"})
    await sandbox.http.get("/debug_token", params={"input_token": "secret-canary"}, headers=WHATSAPP)
    await sandbox.calendly("GET", "/users/me")
    items = await sandbox.ledger()
    assert [(entry["vendor"], entry["kind"], entry["detail"]["status"]) for entry in items] == [
        ("calendly", "refused", 401),
        ("whatsapp", "request", 200),
        ("calendly", "request", 200),
    ]
    assert items[0]["detail"]["answer"]["title"] == "Unauthenticated"
    assert "canary" not in json.dumps(items)
    assert [entry["id"] for entry in items] == [1, 2, 3]
    later = (await sandbox.http.get("/_sandbox/ledger", params={"after": 2, "vendor": "calendly"})).json()["items"]
    assert [entry["id"] for entry in later] == [3]


async def test_a_reset_forgets_and_can_keep_the_accounts(sandbox: Sandbox) -> None:
    await sandbox.listen()
    await sandbox.http.post("/_sandbox/calendly/accounts", json={"access_token": "second"})
    await sandbox.book()
    await sandbox.fault("calendly", "http_500")
    await sandbox.http.post("/_sandbox/reset", json={"keep_accounts": True})
    assert await sandbox.ledger() == []
    assert (await sandbox.write())["delivering"] is True
    second = {"Authorization": "Bearer second"}
    assert (await sandbox.http.get("/users/me", headers=second)).status_code == 200
    assert (await sandbox.slots((await sandbox.event_types())[0]["uri"]))[0] == "2026-03-02T14:00:00Z"
    before = await sandbox.me()
    await sandbox.http.post("/_sandbox/reset")
    assert (await sandbox.http.get("/users/me", headers=second)).status_code == 401
    assert await sandbox.me() == before
    assert (await sandbox.write())["delivering"] is False
    assert (await sandbox.http.get(NUMBER, headers=WHATSAPP)).status_code == 200
