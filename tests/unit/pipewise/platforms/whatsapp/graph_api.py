"""A stand-in for the Graph API that answers in turn and remembers what it was asked."""

import json
from typing import Any

import httpx

from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.whatsapp.client import WhatsAppMessenger
from pipewise.platforms.whatsapp.models import WhatsAppCredentials
from tests.fakes import FixedClock

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


class GraphAPI:
    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def body(self) -> Any:
        return json.loads(self.requests[-1].content)


def answer(document: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=document, headers=headers)


def refusal(code: int, status: int = 400, **more: Any) -> httpx.Response:
    return answer(
        {"error": {"message": "planted vendor words", "type": "OAuthException", "code": code, **more}}, status
    )


def messenger(api: GraphAPI) -> WhatsAppMessenger:
    client = httpx.AsyncClient(transport=httpx.MockTransport(api))
    http = VendorHTTP(client, platform="whatsapp", base_url="https://graph.example", clock=FixedClock())
    return WhatsAppMessenger(CREDENTIALS, http)
