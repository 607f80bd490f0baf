"""How each platform's deliveries are signed: one row per platform, so that the conformance suite can play every vendor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipewise.platforms.calendly import webhook as calendly
from pipewise.platforms.form import webhook as form
from pipewise.platforms.instagram import webhook as instagram
from pipewise.platforms.whatsapp import webhook as whatsapp
from pipewise.platforms.x import webhook as x

MESSAGE_ID = "msg_contract_0001"


@dataclass(frozen=True)
class Signer:
    """Sample credentials, the field that signs, two more secrets of its kind, and the sign function."""

    credentials: Mapping[str, str]
    secret_field: str
    sign: Callable[[bytes, str, datetime], dict[str, str]]
    signs_time: bool = False

    @property
    def secret(self) -> str:
        return self.credentials[self.secret_field]


def _sign_calendly(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {calendly.HEADER: calendly.sign(body, secret, int(at.timestamp()))}


def _sign_form(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return form.sign(body, secret, message_id=MESSAGE_ID, at=at)


META = {
    "access_token": "planted-token-0001",
    "app_secret": "planted-app-secret",
    "verify_token": "planted-verify-token",
}

SIGNERS: Mapping[str, Signer] = {
    "calendly": Signer(
        {
            "access_token": "planted-token-0001",
            "refresh_token": "planted-refresh-0001",
            "webhook_signing_key": "planted-signing-key",
        },
        "webhook_signing_key",
        _sign_calendly,
        signs_time=True,
    ),
    "form": Signer({"secret": "whsec_cGxhbnRlZC1mb3JtLXNlY3JldC0wMDAx"}, "secret", _sign_form, signs_time=True),
    "instagram": Signer(
        {**META, "account_id": "17841477000000011"}, "app_secret", lambda body, secret, _: instagram.sign(body, secret)
    ),
    "whatsapp": Signer(
        {**META, "phone_number_id": "211000000000077"},
        "app_secret",
        lambda body, secret, _: whatsapp.sign(body, secret),
    ),
    "x": Signer(
        {
            "access_token": "planted-token-0001",
            "refresh_token": "planted-refresh-0001",
            "consumer_secret": "planted-consumer-secret",
            "account_id": "1911000000000000011",
        },
        "consumer_secret",
        lambda body, secret, _: x.sign(body, secret),
    ),
}
