"""The owner's part of the demo: Calendly and WhatsApp connected over the API, webhooks registered at the sandbox."""

import secrets
from typing import Any

import httpx

from pipewise.sandbox.calendly_state import DEFAULT_TOKEN as CALENDLY_TOKEN
from pipewise.sandbox.whatsapp_state import DEFAULT_NUMBER_ID
from pipewise.sandbox.whatsapp_state import DEFAULT_TOKEN as WHATSAPP_TOKEN

Json = dict[str, Any]

CALENDLY_EVENTS = ["invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted"]


async def connect_calendly(api: httpx.AsyncClient, sandbox: httpx.AsyncClient) -> Json:
    """With a signing key of the owner's, so the subscription is the owner's too."""
    signing_key = secrets.token_urlsafe(32)
    integration = await _connect(api, "calendly", {"access_token": CALENDLY_TOKEN, "webhook_signing_key": signing_key})
    headers = {"Authorization": f"Bearer {CALENDLY_TOKEN}"}
    user = (await sandbox.get("/users/me", headers=headers)).raise_for_status().json()["resource"]
    subscription = {
        "url": integration["webhook_url"],
        "events": CALENDLY_EVENTS,
        "organization": user["current_organization"],
        "user": user["uri"],
        "scope": "user",
        "signing_key": signing_key,
    }
    (await sandbox.post("/webhook_subscriptions", json=subscription, headers=headers)).raise_for_status()
    return integration


async def connect_whatsapp(api: httpx.AsyncClient, sandbox: httpx.AsyncClient) -> Json:
    """The sandbox does Meta's handshake with the webhook before it uses it."""
    known = {
        "phone_number_id": DEFAULT_NUMBER_ID,
        "access_token": WHATSAPP_TOKEN,
        "app_secret": secrets.token_hex(16),
        "verify_token": secrets.token_urlsafe(24),
    }
    integration = await _connect(api, "whatsapp", known)
    account = {**known, "callback_url": integration["webhook_url"]}
    answer = (await sandbox.post("/_sandbox/whatsapp/accounts", json=account)).raise_for_status().json()
    return {**integration, "handshake": answer["handshake"]}


async def _connect(api: httpx.AsyncClient, platform: str, credentials: Json) -> Json:
    body = {"platform": platform, "name": f"Demo {platform}", "credentials": credentials}
    integration: Json = (await api.post("/api/integrations", json=body)).raise_for_status().json()
    return integration
