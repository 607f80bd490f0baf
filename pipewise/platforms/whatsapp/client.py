"""Sends through WhatsApp's Cloud API, for one business number."""

from datetime import timedelta
from typing import Any

from pipewise.errors import Outcome, Rejected
from pipewise.events import OutboundMessage, SendReceipt
from pipewise.platforms.base import MessagingLimits
from pipewise.platforms.fields import id_at, list_at, text_at
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.whatsapp.checks import check_number
from pipewise.platforms.whatsapp.codes import stops_account, wants_template
from pipewise.platforms.whatsapp.errors import garbled_answer, read_error
from pipewise.platforms.whatsapp.models import WhatsAppCredentials
from pipewise.platforms.whatsapp.rendering import TEXT_LIMIT, render
from pipewise.scheduling import Check

GRAPH_VERSION = "v25.0"
TYPING_DEADLINE_SECONDS = 5.0


class WhatsAppMessenger:
    """Messages from one business number. Limits: Cloud API docs, "Send messages" (pair rate) and "Throughput"."""

    limits = MessagingLimits(
        text=TEXT_LIMIT, window=timedelta(hours=24), pair_interval=6.0, pair_burst=3, account_per_second=80.0
    )

    def __init__(self, credentials: WhatsAppCredentials, http: VendorHTTP) -> None:
        self._credentials = credentials
        self._http = http
        self._number = f"/{GRAPH_VERSION}/{credentials.phone_number_id}"

    @staticmethod
    def stops_account(vendor_code: str | None) -> bool:
        """True if this error means that automatic sending must stop until a person has looked."""
        return vendor_code is not None and vendor_code.isdecimal() and stops_account(int(vendor_code))

    @staticmethod
    def wants_template(vendor_code: str | None) -> bool:
        """True if this error means that only an approved template may reach the person now."""
        return vendor_code is not None and vendor_code.isdecimal() and wants_template(int(vendor_code))

    async def send(self, to: str, message: OutboundMessage, *, callback: str) -> SendReceipt:
        if not to or not (message.text.strip() or message.template):
            raise Rejected("A message needs a recipient and a text.", platform="whatsapp", outcome=Outcome.NOT_SENT)
        answer = await self._post(render(to, message, callback))
        return _read_receipt(answer)

    async def show_typing(self, message_id: str) -> None:
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        await self._post(body | {"typing_indicator": {"type": "text"}}, deadline=TYPING_DEADLINE_SECONDS)

    async def check(self) -> tuple[Check, ...]:
        return await check_number(self._read)

    async def _post(self, body: dict[str, Any], *, deadline: float | None = None) -> Any:
        return await self._http.call(
            "POST",
            f"{self._number}/messages",
            token=self._credentials.access_token.get_secret_value(),
            read_error=read_error,
            safe=False,
            body=body,
            deadline=deadline,
        )

    async def _read(self, fields: str) -> Any:
        return await self._http.call(
            "GET",
            self._number,
            token=self._credentials.access_token.get_secret_value(),
            read_error=read_error,
            safe=True,
            params={"fields": fields},
        )


def _read_receipt(answer: Any) -> SendReceipt:
    messages, contacts = list_at(answer, "messages"), list_at(answer, "contacts")
    vendor_id = id_at(messages[0], "id") if messages else ""
    if not vendor_id:
        raise garbled_answer()
    contact = contacts[0] if contacts else None
    # Brazilian and Mexican numbers may come back in another form: the vendor's is the one to keep.
    recipient = id_at(contact, "wa_id") or id_at(contact, "user_id") or None
    standing = text_at(messages[0], "message_status")
    return SendReceipt(vendor_id, recipient, {"message_status": standing} if standing else {})
