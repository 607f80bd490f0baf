"""Integrations over HTTP: connected, shown without secrets, tested, changed, taken away."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from graph.capabilities import describe_capabilities
from pipewise.storage.tables import integrations as table
from pipewise.storage.tables import metadata
from pipewise.storage.tenancy import acting_for
from tests.contract.signing import SIGNERS
from tests.integration.api.running import CALENDLY_USER, Running, make_settings, open_api

NUMBER_PATH_END = SIGNERS["whatsapp"].credentials["phone_number_id"]
CALENDLY = {"platform": "calendly", "credentials": {"access_token": "planted-token-0001"}}


def subscription(url: str) -> httpx.Response:
    resource = {
        "uri": "https://api.calendly.com/webhook_subscriptions/EEEE0000000000EE",
        "callback_url": url,
        "state": "active",
        "created_at": "2026-03-02T12:00:00.000000Z",
        "updated_at": "2026-03-02T12:00:00.000000Z",
        "retry_started_at": None,
        "events": ["invitee.created"],
        "scope": "user",
        "organization": "https://api.calendly.com/organizations/BBBB0000000000BB",
        "user": CALENDLY_USER,
        "creator": CALENDLY_USER,
    }
    return httpx.Response(201, json={"resource": resource})


async def test_the_catalogue_describes_every_platform_with_its_forms(api_on_sqlite: Running) -> None:
    items = (await api_on_sqlite.get("/api/integrations/platforms", who="viewer"))["items"]
    assert [item["name"] for item in items] == ["calendly", "form", "instagram", "whatsapp", "x"]
    whatsapp = items[3]
    assert (whatsapp["sends"], whatsapp["schedules"]) == (True, False)
    assert set(whatsapp["credentials"]["required"]) == {"access_token", "phone_number_id", "app_secret", "verify_token"}
    assert whatsapp["credentials"]["properties"]["app_secret"]["writeOnly"] is True
    assert "reply_mode" in whatsapp["settings"]["properties"]


@pytest.mark.parametrize("platform", sorted(SIGNERS))
async def test_a_connected_platform_shows_its_url_and_no_secret(api: Running, platform: str) -> None:
    made = await api.connect(platform)
    assert made["webhook_url"] == f"https://pipewise.example/webhooks/{platform}/{made['id']}"
    assert set(made["credentials"]) == set(SIGNERS[platform].credentials)
    one = await api.get(f"/api/integrations/{made['id']}", who="viewer")
    listed = (await api.get("/api/integrations", who="viewer"))["items"]
    assert one == made == listed[0]
    secrets = [
        value for name, value in SIGNERS[platform].credentials.items() if name not in {"phone_number_id", "account_id"}
    ]
    shown = f"{made} {one} {listed} {await api.get('/api/integrations/health')}"
    assert not [secret for secret in secrets if secret in shown]
    async with api.resources.database.read() as connection:
        for kept in metadata.sorted_tables:
            for row in await connection.execute(select(kept)):
                assert not [secret for secret in secrets if secret.encode() in _raw(row)], kept.name


def _raw(row: Any) -> bytes:
    return b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row)


async def test_status_says_what_the_vendor_answered_and_a_vendor_that_is_down_is_no_obstacle(api: Running) -> None:
    for answer, status, code in (
        (httpx.ConnectError("refused"), "degraded", "calendly_unavailable"),
        (httpx.Response(500), "degraded", "calendly_unavailable"),
        (httpx.Response(401, json={"title": "Unauthenticated"}), "reconnect_required", "calendly_auth_failed"),
        (httpx.Response(200, content=b"<html>"), "degraded", "calendly_unavailable"),
    ):
        api.vendor.answers["GET", "/users/me"] = answer
        made = await api.call("POST", "/api/integrations", json=CALENDLY)
        assert (made.status_code, made.json()["status"]) == (201, status), answer
        assert made.json()["last_error"]["code"] == code
    await api.services.background.settle()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"platform": "telegram", "credentials": {}}, "platform"),
        ({"platform": "form", "credentials": {}}, "credentials.secret"),
        ({"platform": "form", "credentials": {"secret": "long-enough-1", "more": "x"}}, "credentials.more"),
        ({"platform": "form", "credentials": {"secret": "short"}}, "credentials.secret"),
        ({"platform": "form", "credentials": {"secret": "long-enough-1"}, "settings": {"x": 1}}, "settings.x"),
        ({"platform": "form", "credentials": {"secret": "long-enough-1"}, "account_id": "x"}, "account_id"),
        ({"platform": "whatsapp", "credentials": {}, "settings": []}, "settings"),
        ({"platform": "form"}, "credentials"),
    ],
)
async def test_wrong_forms_are_told_field_by_field_and_never_echoed(
    api_on_sqlite: Running, body: dict[str, Any], field: str
) -> None:
    answer = await api_on_sqlite.call("POST", "/api/integrations", json=body)
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["details"]], answer.text
    assert "short" not in answer.text.replace("shorter", "")
    assert "long-enough-1" not in answer.text
    assert (await api_on_sqlite.get("/api/integrations"))["items"] == []


async def test_settings_are_merged_key_by_key(api: Running) -> None:
    made = await api.connect("whatsapp", settings={"reply_mode": "approve"})
    path = f"/api/integrations/{made['id']}"
    template = {"first_contact": {"name": "hello", "language": "en"}}
    changed = await api.call("PATCH", path, json={"name": "Sales", "settings": {"templates": template}})
    assert changed.json()["name"] == "Sales"
    assert changed.json()["settings"] == {"reply_mode": "approve", "templates": template}
    removed = await api.call("PATCH", path, json={"settings": {"reply_mode": None}})
    assert removed.json()["settings"]["reply_mode"] == "auto"
    wrong = await api.call("PATCH", path, json={"settings": {"reply_mode": "shout"}})
    assert (wrong.status_code, wrong.json()["details"][0]["field"]) == (422, "settings.reply_mode")
    for name in ("credentials", "status", "account_ref", "platform", "hints"):
        assert (await api.call("PATCH", path, json={name: "x"})).status_code == 422


async def test_a_test_asks_the_vendor_though_the_circuit_is_open(api: Running) -> None:
    api.vendor.serve_calendly()
    made = (await api.call("POST", "/api/integrations", json=CALENDLY)).json()
    circuit = api.resources.connections.circuit(api.account_id, "calendly")
    for _ in range(10):
        circuit.record_failure()
    assert (await api.get("/api/integrations/health"))["calendly"]["circuit"] == "open"
    before = len(api.vendor.asked("GET", "/users/me"))
    answer = await api.call("POST", f"/api/integrations/{made['id']}/test")
    assert answer.status_code == 200
    assert len(api.vendor.asked("GET", "/users/me")) == before + 1
    checks = {check["name"]: check for check in answer.json()["checks"]}
    assert all(set(check) == {"name", "ok", "detail", "fix"} for check in checks.values())
    assert (checks["token"]["ok"], checks["event_types"]["ok"]) == (True, False)
    assert answer.json()["status"] == "degraded"
    usage = (await api.get("/api/analytics/usage", platform="calendly", action="test"))["items"]
    assert len(usage) == 2
    assert set(usage[0]) >= {"user_id", "platform", "action", "timestamp", "success", "response_time_ms"}
    await api.services.background.settle()


async def test_a_platform_that_only_receives_is_tested_without_a_call(api_on_sqlite: Running) -> None:
    made = await api_on_sqlite.connect("form")
    answer = await api_on_sqlite.call("POST", f"/api/integrations/{made['id']}/test")
    assert answer.json()["status"] == "connected"
    assert api_on_sqlite.vendor.requests == []


async def test_health_tells_of_every_platform_what_to_do(api: Running) -> None:
    api.vendor.answers["GET", "/users/me"] = httpx.Response(401, json={"title": "Unauthenticated"})
    await api.call("POST", "/api/integrations", json=CALENDLY)
    await api.connect("form")
    health = await api.get("/api/integrations/health", who="viewer")
    assert set(health) == set(SIGNERS)
    names = {
        "status",
        "last_event_at",
        "last_success_at",
        "last_error",
        "circuit",
        "token_expires_at",
        "quota",
        "action",
    }
    assert all(set(one) == names for one in health.values())
    assert (health["form"]["status"], health["form"]["action"]) == ("connected", None)
    assert health["calendly"]["status"] == "reconnect_required"
    assert "credentials" in health["calendly"]["action"]
    assert (health["x"]["status"], health["x"]["circuit"]) == ("disconnected", "closed")
    await api.services.background.settle()


async def test_a_calendly_connection_without_a_key_gets_a_subscription_with_a_key_of_our_own(api: Running) -> None:
    api.vendor.serve_calendly()
    api.vendor.answers["POST", "/webhook_subscriptions"] = subscription("https://pipewise.example/x")
    api.vendor.answers["DELETE", "/webhook_subscriptions/EEEE0000000000EE"] = httpx.Response(204)
    made = (await api.call("POST", "/api/integrations", json=CALENDLY)).json()
    await api.services.background.settle()
    (asked,) = api.vendor.asked("POST", "/webhook_subscriptions")
    assert asked["url"] == made["webhook_url"]
    body = b'{"event": "routing_form_submission.created"}'
    headers = SIGNERS["calendly"].sign(body, asked["signing_key"], api.resources.clock.now())
    path = made["webhook_url"].removeprefix(api.settings.public_url)
    delivered = await api.http.post(path, content=body, headers={**headers, "content-type": "application/json"})
    assert (delivered.status_code, delivered.json()["ignored"]) == (200, 1)
    assert asked["signing_key"] not in str(await api.get(f"/api/integrations/{made['id']}"))

    new_token = {"credentials": {"access_token": "planted-token-0002"}}
    await api.call("POST", f"/api/integrations/{made['id']}/rotate", json=new_token)
    assert (await api.http.post(path, content=body, headers={**headers, "content-type": "application/json"})).is_success

    assert (await api.call("DELETE", f"/api/integrations/{made['id']}")).status_code == 204
    await api.services.background.settle()
    assert len(api.vendor.asked("DELETE", "/webhook_subscriptions/EEEE0000000000EE")) == 1


async def test_no_subscription_is_made_for_an_owner_who_has_one_nor_where_it_could_not_be_reached(
    sqlite_url: str, api: Running, tmp_path: Any
) -> None:
    api.vendor.serve_calendly()
    await api.connect("calendly")
    await api.services.background.settle()
    assert api.vendor.asked("POST", "/webhook_subscriptions") == []
    settings = make_settings(sqlite_url + ".other", tmp_path / "other", public_url="http://127.0.0.1:8000")
    async with open_api(settings) as local:
        local.vendor.serve_calendly()
        await local.call("POST", "/api/integrations", json=CALENDLY)
        await local.services.background.settle()
        assert local.vendor.asked("POST", "/webhook_subscriptions") == []


async def test_a_plan_without_webhooks_is_no_failure(api: Running) -> None:
    api.vendor.serve_calendly()
    refusal = {"title": "Permission Denied", "message": "Please upgrade your Calendly account to Standard"}
    api.vendor.answers["POST", "/webhook_subscriptions"] = httpx.Response(403, json=refusal)
    made = (await api.call("POST", "/api/integrations", json=CALENDLY)).json()
    await api.services.background.settle()
    assert (await api.get(f"/api/integrations/{made['id']}"))["status"] == made["status"]


async def test_rotation_takes_the_new_secret_and_keeps_what_is_left_out(api: Running) -> None:
    made = await api.connect("whatsapp")
    path = f"/api/integrations/{made['id']}"
    new = {"access_token": "planted-token-9999"}
    rotated = (await api.call("POST", f"{path}/rotate", json={"credentials": new})).json()
    assert rotated["credentials"] == {**made["credentials"], "access_token": "…9999"}
    wrong = await api.call("POST", f"{path}/rotate", json={"credentials": {"access_token": "has a space"}})
    assert (wrong.status_code, wrong.json()["details"][0]["field"]) == (422, "credentials.access_token")
    assert "has a space" not in wrong.text
    assert (await api.call("POST", f"{path}/rotate", json={"credentials": {}})).status_code == 422


async def test_disconnecting_destroys_the_secrets(api: Running) -> None:
    made = await api.connect("whatsapp")
    path = f"/api/integrations/{made['id']}"
    assert (await api.call("DELETE", path)).status_code == 204
    for method, place in (("GET", path), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/test")):
        assert (await api.call(method, place, json={"name": "x"})).status_code == 404
    async with api.resources.database.read() as connection:
        row = (await connection.execute(select(table).where(table.c.id == made["id"]))).one()
    assert (row.status, row.credentials, row.previous_credentials) == ("disconnected", None, None)


async def test_a_connection_whose_token_is_refused_leaves_another_one_in_use(api: Running) -> None:
    """Whoever connects anew instead of entering a new token is served all the same."""
    api.vendor.answers["GET", "/users/me"] = httpx.Response(401, json={"title": "Unauthenticated"})
    refused = (await api.call("POST", "/api/integrations", json=CALENDLY)).json()
    assert refused["status"] == "reconnect_required"
    with acting_for(api.account_id):
        told = await describe_capabilities(api.resources, api.account_id)
    assert told["meeting_scheduler"]["calendly"] == "fallback"
    api.vendor.serve_calendly()
    second = (await api.call("POST", "/api/integrations", json=CALENDLY)).json()
    api.resources.connections.drop(second["id"])
    with acting_for(api.account_id):
        used = await api.resources.connections.scheduling(api.account_id)
        told = await describe_capabilities(api.resources, api.account_id)
    assert used
    assert used.integration
    assert used.integration.id == second["id"]
    assert told["meeting_scheduler"]["calendly"] == "connected"
    await api.services.background.settle()


async def test_a_rotation_says_what_the_vendor_made_of_it(api: Running) -> None:
    api.vendor.serve_calendly()
    made = (await api.call("POST", "/api/integrations", json=CALENDLY)).json()
    api.vendor.answers["GET", "/users/me"] = httpx.Response(401, json={"title": "Unauthenticated"})
    new = {"credentials": {"access_token": "planted-token-0003"}}
    rotated = await api.call("POST", f"/api/integrations/{made['id']}/rotate", json=new)
    assert (rotated.status_code, rotated.json()["status"]) == (200, "reconnect_required")
    await api.services.background.settle()


async def test_capabilities_come_from_the_application(api_on_sqlite: Running) -> None:
    told = await api_on_sqlite.get("/api/integrations/capabilities", who="viewer")
    assert told["meeting_scheduler"]["calendly"] == "fallback"
