"""A stand-in for the Graph API that answers in turn and remembers what it was asked."""

from typing import Any

import httpx

from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.whatsapp.client import WhatsAppMessenger
from pipewise.platforms.whatsapp.models import WhatsAppCredentials
from tests.fakes import FixedClock
from tests.unit.pipewise.platforms.answering import Answering, answer

NUMBER_ID = "211000000000077"
CREDENTIALS = WhatsAppCredentials.model_validate(
    {
        "access_token": "planted-token",
        "phone_number_id": NUMBER_ID,
        "app_secret": "planted-secret",
        "verify_token": "planted-verify",
    }
)
SENT = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+447700900123", "wa_id": "447700900123"}],
    "messages": [{"id": "wamid.aW52ZW50ZWQ="}],
}


def refusal(code: int, status: int = 400, **more: Any) -> httpx.Response:
    return answer(
        {"error": {"message": "planted vendor words", "type": "OAuthException", "code": code, **more}}, status
    )


def messenger(api: Answering) -> WhatsAppMessenger:
    client = httpx.AsyncClient(transport=httpx.MockTransport(api))
    http = VendorHTTP(client, platform="whatsapp", base_url="https://graph.example", clock=FixedClock())
    return WhatsAppMessenger(CREDENTIALS, http)
