"""A vendor that answers in turn and remembers what it was asked, with a messenger of either platform before it."""

import json
from typing import Any

import httpx

from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.instagram.client import InstagramMessenger
from pipewise.platforms.instagram.models import InstagramCredentials
from pipewise.platforms.x.client import XMessenger
from pipewise.platforms.x.models import XCredentials
from tests.fakes import FixedClock

PLANTED = "planted-token"
REQUEST = httpx.Request("POST", "https://vendor.example")


class Answering:
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
    return httpx.Response(
        status, json=document, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def vendor_http(vendor: Answering, platform: str) -> VendorHTTP:
    client = httpx.AsyncClient(transport=httpx.MockTransport(vendor))
    return VendorHTTP(client, platform=platform, base_url="https://vendor.example", clock=FixedClock())


def instagram(vendor: Answering) -> InstagramMessenger:
    given = {"access_token": PLANTED, "account_id": "17841400000000077", "app_secret": "s", "verify_token": "v"}
    return InstagramMessenger(InstagramCredentials.model_validate(given), vendor_http(vendor, "instagram"))


def x(vendor: Answering) -> XMessenger:
    given = {"access_token": PLANTED, "account_id": "1800000000000000077", "consumer_secret": "s"}
    return XMessenger(XCredentials.model_validate(given), vendor_http(vendor, "x"))
