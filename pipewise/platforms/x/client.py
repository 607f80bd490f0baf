"""Sends through X's API v2, for one account: direct messages, and answers to posts that turned to it."""

from collections.abc import Mapping
from typing import Any

from pipewise.errors import Outcome, PlatformError, Rejected
from pipewise.events import OutboundMessage, SendReceipt
from pipewise.platforms.base import ItemLimits, MessagingLimits
from pipewise.platforms.fields import id_at
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.x.checks import check_account
from pipewise.platforms.x.errors import STOPPING, garbled_answer, read_error
from pipewise.platforms.x.models import XCredentials
from pipewise.platforms.x.rendering import DIRECT_LIMIT, render_direct, render_post
from pipewise.platforms.x.weights import POST_LIMIT, weighted_length
from pipewise.public_items import item_id
from pipewise.scheduling import Check


class XMessenger:
    """Limits: X API docs, "Rate limits" (15 direct messages in 15 minutes, 1,440 a day, 100 posts in 15 minutes)."""

    limits = MessagingLimits(
        text=DIRECT_LIMIT,
        window=None,
        pair_interval=6.0,
        pair_burst=3,
        account_per_second=1.0,
        account_windows=((15, 900.0), (1440, 86_400.0)),
        items=ItemLimits(text=POST_LIMIT, measure=weighted_length, account_windows=((100, 900.0), (10_000, 86_400.0))),
    )

    def __init__(self, credentials: XCredentials, http: VendorHTTP) -> None:
        self._credentials = credentials
        self._http = http

    @staticmethod
    def stops_account(vendor_code: str | None) -> bool:
        """True if this error means that automatic sending must stop until a person has looked."""
        return vendor_code in STOPPING

    async def send(self, to: str, message: OutboundMessage, *, callback: str) -> SendReceipt:
        """X takes no key of ours."""
        del callback
        if not to or not message.text.strip():
            raise Rejected("A message needs a recipient and a text.", platform="x", outcome=Outcome.NOT_SENT)
        post = item_id(to)
        if post:
            answer = await self._post("/2/tweets", render_post(post, message))
            vendor_id = id_at(answer, "data", "id")
        else:
            answer = await self._post(f"/2/dm_conversations/with/{_user(to)}/messages", render_direct(message))
            vendor_id = id_at(answer, "data", "dm_event_id")
        if not vendor_id:
            raise garbled_answer()
        return SendReceipt(vendor_id)

    async def show_typing(self, message_id: str) -> None:
        """X offers no call for it."""

    async def check(self) -> tuple[Check, ...]:
        return await check_account(self._read, self._credentials.account_id)

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        return await self._http.call(
            "POST",
            path,
            token=self._credentials.access_token.get_secret_value(),
            read_error=self._read_error,
            safe=False,
            body=body,
        )

    async def _read(self, path: str) -> Any:
        return await self._http.call(
            "GET",
            path,
            token=self._credentials.access_token.get_secret_value(),
            read_error=self._read_error,
            safe=True,
        )

    def _read_error(self, status: int, document: Any, headers: Mapping[str, str]) -> PlatformError:
        return read_error(status, document, headers, self._http.clock.now())


def _user(to: str) -> str:
    """A user's id is digits alone, and goes into the path."""
    if to.isascii() and to.isdigit():
        return to
    raise Rejected("X knows its users by numbers alone.", platform="x", outcome=Outcome.NOT_SENT)
