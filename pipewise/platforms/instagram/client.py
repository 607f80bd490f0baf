"""Sends through Instagram's messaging API, for one professional account."""

from datetime import timedelta
from typing import Any

from pipewise.errors import Outcome, Rejected
from pipewise.events import OutboundMessage, SendReceipt
from pipewise.platforms.base import ItemLimits, MessagingLimits
from pipewise.platforms.fields import id_at
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.instagram.checks import check_account
from pipewise.platforms.instagram.codes import stops_account
from pipewise.platforms.instagram.errors import garbled_answer, read_error
from pipewise.platforms.instagram.models import InstagramCredentials
from pipewise.platforms.instagram.rendering import TEXT_LIMIT, render
from pipewise.platforms.texts import utf8_bytes
from pipewise.scheduling import Check

GRAPH_VERSION = "v25.0"


class InstagramMessenger:
    """Messages from one account, through Instagram Login. Limits: Instagram Platform docs, "Messaging API", and Messenger
    Platform docs, "Rate limiting" and "Human agent"."""

    limits = MessagingLimits(
        text=TEXT_LIMIT,
        window=timedelta(hours=24),
        pair_interval=1.0,
        pair_burst=5,
        account_per_second=100.0,
        measure=utf8_bytes,
        unit="bytes",
        person_window=timedelta(days=7),
        items=ItemLimits(window=timedelta(days=7), account_windows=((750, 3600.0),)),
    )

    def __init__(self, credentials: InstagramCredentials, http: VendorHTTP) -> None:
        self._credentials = credentials
        self._http = http

    @staticmethod
    def stops_account(vendor_code: str | None) -> bool:
        """True if this error means that automatic sending must stop until a person has looked."""
        return vendor_code is not None and vendor_code.isdecimal() and stops_account(int(vendor_code))

    async def send(self, to: str, message: OutboundMessage, *, callback: str) -> SendReceipt:
        """Nothing that Instagram takes is known to come back, so our key stays here."""
        del callback
        if not to or not message.text.strip():
            raise Rejected("A message needs a recipient and a text.", platform="instagram", outcome=Outcome.NOT_SENT)
        answer = await self._http.call(
            "POST",
            f"/{GRAPH_VERSION}/{self._credentials.account_id}/messages",
            token=self._credentials.access_token.get_secret_value(),
            read_error=read_error,
            safe=False,
            body=render(to, message),
        )
        vendor_id = id_at(answer, "message_id")
        if not vendor_id:
            raise garbled_answer()
        return SendReceipt(vendor_id, id_at(answer, "recipient_id") or None)

    async def show_typing(self, message_id: str) -> None:
        """Nothing is shown: typing is documented for a person, not for a message, and not for every account."""

    async def check(self) -> tuple[Check, ...]:
        return await check_account(self._read, self._credentials.account_id)

    async def _read(self, path: str, params: dict[str, str | int]) -> Any:
        return await self._http.call(
            "GET",
            f"/{GRAPH_VERSION}{path}",
            token=self._credentials.access_token.get_secret_value(),
            read_error=read_error,
            safe=True,
            params=params or None,
        )
