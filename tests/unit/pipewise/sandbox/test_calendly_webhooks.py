"""Subscriptions, signatures checked by code of our own, and what failing receivers do to a subscription."""

import hashlib
import hmac
from typing import Any

import pytest

from tests.unit.pipewise.sandbox.world import CALENDLY, Sandbox


def valid_signature(header: str, body: bytes, key: str) -> bool:
    parts = dict(part.split("=", 1) for part in header.split(","))
    message = parts["t"].encode() + b"." + body
    return hmac.compare_digest(parts["v1"], hmac.new(key.encode(), message, hashlib.sha256).hexdigest())


async def test_webhooks_are_signed_over_the_raw_bytes(sandbox: Sandbox) -> None:
    await sandbox.subscribe()
    await sandbox.book(invitee={"name": "Zoë", "email": "zoe@customer.example", "timezone": "Europe/Paris"})
    await sandbox.settle(1)
    [request] = sandbox.receiver.requests
    header = request.headers["Calendly-Webhook-Signature"]
    assert valid_signature(header, request.content, "a-signing-key")
    assert not valid_signature(header, request.content + b" ", "a-signing-key")
    assert header.startswith(f"t={int(sandbox.clock.now().timestamp())},v1=")
    assert request.headers["Content-Type"] == "application/json"


async def test_without_a_signing_key_nothing_is_signed(sandbox: Sandbox) -> None:
    assert (await sandbox.subscribe(signing_key=None)).status_code == 201
    await sandbox.book()
    await sandbox.settle(1)
    assert "Calendly-Webhook-Signature" not in sandbox.receiver.requests[0].headers


async def test_the_payload_is_the_invitee_with_its_event(sandbox: Sandbox) -> None:
    await sandbox.subscribe()
    invitee = (await sandbox.book()).json()["resource"]
    await sandbox.settle(1)
    [document] = sandbox.receiver.documents
    event = document["payload"].pop("scheduled_event")
    assert document["payload"] == invitee
    assert document["created_by"] == (await sandbox.me())["uri"]
    assert "calendar_event" not in event
    assert set(event["event_memberships"][0]) == {"user", "user_email", "user_name"}


async def test_a_url_can_be_subscribed_once(sandbox: Sandbox) -> None:
    first = await sandbox.subscribe()
    second = await sandbox.subscribe()
    assert "signing_key" not in first.text
    assert (second.status_code, second.json()) == (
        409,
        {"title": "Already Exists", "message": "Hook with this url already exists"},
    )


async def test_subscriptions_are_listed_read_and_removed(sandbox: Sandbox) -> None:
    made = (await sandbox.subscribe()).json()["resource"]
    query = {"organization": (await sandbox.me())["current_organization"], "scope": "user"}
    listed = (await sandbox.calendly("GET", "/webhook_subscriptions", params=query)).json()["collection"]
    assert listed == [made]
    assert (await sandbox.calendly("GET", "/webhook_subscriptions", params={"scope": "user"})).status_code == 400
    assert (await sandbox.calendly("GET", made["uri"])).json()["resource"] == made
    assert (await sandbox.calendly("DELETE", made["uri"])).status_code == 204
    assert (await sandbox.calendly("GET", made["uri"])).status_code == 404
    await sandbox.book()
    await sandbox.settle(1)
    assert sandbox.receiver.requests == []


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"url": "receiver.example"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["meeting.created"]}, "events"),
        ({"events": ["routing_form_submission.created"]}, "events"),
        ({"scope": "organization", "events": ["meeting_recap.created"]}, "events"),
        ({"scope": "world"}, "scope"),
        ({"organization": None}, "organization"),
        ({"user": None}, "user"),
        ({"signing_key": ""}, "signing_key"),
    ],
)
async def test_a_subscription_is_checked(sandbox: Sandbox, change: dict[str, Any], parameter: str) -> None:
    answer = await sandbox.subscribe(**change)
    assert answer.status_code == 400
    assert [item["parameter"] for item in answer.json()["details"]] == [parameter]


async def test_plan_and_scopes_gate_subscriptions(sandbox: Sandbox) -> None:
    await sandbox.http.post("/_sandbox/calendly/accounts", json={"plan": "free"})
    gated = await sandbox.subscribe(scope="organization", events=["routing_form_submission.created"])
    assert (gated.status_code, gated.json()["message"]) == (403, "Please upgrade to a paid Calendly account.")
    scopes = ["users:read", "webhooks:write"]
    await sandbox.http.post("/_sandbox/calendly/accounts", json={"scopes": scopes})
    unread = await sandbox.subscribe()
    assert unread.json()["required_scopes"] == ["scheduled_events:read"]


async def test_a_failed_delivery_is_repeated_with_a_fresh_signature(sandbox: Sandbox) -> None:
    made = (await sandbox.subscribe()).json()["resource"]
    sandbox.receiver.statuses = [500, 302, 204]
    await sandbox.book()
    await sandbox.settle(1)
    retrying = (await sandbox.calendly("GET", made["uri"])).json()["resource"]
    assert (retrying["state"], bool(retrying["retry_started_at"])) == ("active", True)
    await sandbox.settle(0.5)
    await sandbox.settle(1)
    first, second, third = sandbox.receiver.requests
    assert first.content == second.content == third.content
    stamps = [r.headers["Calendly-Webhook-Signature"] for r in (first, third)]
    assert stamps[0] != stamps[1]
    assert valid_signature(stamps[1], third.content, "a-signing-key")
    recovered = (await sandbox.calendly("GET", made["uri"])).json()["resource"]
    assert recovered["retry_started_at"] is None
    await sandbox.settle(60)
    assert len(sandbox.receiver.requests) == 3


async def test_a_receiver_that_never_accepts_disables_the_subscription(sandbox: Sandbox) -> None:
    made = (await sandbox.subscribe()).json()["resource"]
    sandbox.receiver.statuses = [500] * 50
    await sandbox.book()
    for _ in range(30):
        await sandbox.settle(20)
    disabled = (await sandbox.calendly("GET", made["uri"])).json()["resource"]
    assert disabled["state"] == "disabled"
    before = len(sandbox.receiver.requests)
    await sandbox.book()
    await sandbox.settle(60)
    assert len(sandbox.receiver.requests) == before == 20
    assert len(await sandbox.ledger("subscription_disabled")) == 1


@pytest.mark.parametrize("event", ["invitee.created", "invitee.canceled", "invitee_no_show.created"])
async def test_sample_data_is_a_bare_document_about_no_real_meeting(sandbox: Sandbox, event: str) -> None:
    query = {"event": event, "organization": (await sandbox.me())["current_organization"], "scope": "user"}
    answer = await sandbox.http.get("/sample_webhook_data", params=query, headers=CALENDLY)
    assert answer.json()["event"] == event
    assert (answer.json()["payload"]["status"] == "canceled") == (event == "invitee.canceled")
    assert await sandbox.ledger("booking") == []
    unknown = await sandbox.http.get("/sample_webhook_data", params={**query, "event": "x"}, headers=CALENDLY)
    assert unknown.status_code == 400
