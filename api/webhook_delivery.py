"""From the bytes of a delivery to the inbox: verify, then parse, then keep what belongs to whose secret signed it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.webhook_directory import Recipient, WebhookDirectory
from pipewise.accepted import Accepted
from pipewise.errors import InvalidSignature, MalformedPayload, NotFound
from pipewise.events import ParsedDelivery, RejectedItem
from pipewise.inbox import Inbox
from pipewise.platforms.base import Platform

KEPT_CHARACTERS = 64 * 1024
MOST_ACCOUNTS = 50  # of one document: each is looked up and verified
NOT_VERIFIED = "The signature is missing or wrong, or no secret is configured for it."


@dataclass(frozen=True)
class _Items:
    """A parsed delivery split by account: `foreign` items are nobody's whose secret signed."""

    delivery: ParsedDelivery
    foreign: int


async def accept_for_one(
    inbox: Inbox, platform: Platform, recipient: Recipient, body: bytes, headers: Mapping[str, str], now: datetime
) -> Accepted:
    """A delivery to an integration's own URL; items for another account's number are ignored."""
    _verify(platform, recipient, body, headers, now)
    integration = recipient.integration
    delivery = _parse(platform, body, headers, now, integration.settings)
    items = _keep(delivery, integration.account_ref, with_unaddressed=True)
    kept = replace(items.delivery, ignored=items.delivery.ignored + items.foreign)
    return await inbox.accept(integration.account_id, integration, platform.name, kept)


async def accept_for_many(
    directory: WebhookDirectory,
    inbox: Inbox,
    platform: Platform,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> Accepted:
    """A delivery to a shared callback: each account's items count only if that account's own secret signed the bytes."""
    recipients = await _find_recipients(directory, platform, body, headers, now)
    delivery = _parse(platform, body, headers, now)
    total = Accepted(ignored=delivery.ignored)
    seen = 0
    for position, (account_ref, recipient) in enumerate(recipients.items()):
        kept = replace(_keep(delivery, account_ref, with_unaddressed=position == 0).delivery, ignored=0)
        seen += len(kept.events) + len(kept.rejected)
        integration = recipient.integration
        part = await inbox.accept(integration.account_id, integration, platform.name, kept)
        total.accepted += part.accepted
        total.duplicates += part.duplicates
        total.ignored += part.ignored
        total.rejected += part.rejected
    total.ignored += len(delivery.events) + len(delivery.rejected) - seen
    return total


async def _find_recipients(
    directory: WebhookDirectory, platform: Platform, body: bytes, headers: Mapping[str, str], now: datetime
) -> dict[str, Recipient]:
    """By account, those whose secret signed. Raises NotFound if no account is known, InvalidSignature if none signed."""
    found: dict[str, Recipient] = {}
    known = False
    for account_ref in _account_refs(platform, body, headers)[:MOST_ACCOUNTS]:
        for recipient in await directory.by_account(platform, account_ref):
            known = True
            if _is_signed(platform, recipient, body, headers, now):
                # The oldest one that signs: a number that was connected twice is answered once.
                found[account_ref] = recipient
                break
    if not known:
        raise NotFound("No account of this delivery is connected here.")
    if not found:
        raise InvalidSignature(NOT_VERIFIED)
    return found


def _account_refs(platform: Platform, body: bytes, headers: Mapping[str, str]) -> tuple[str, ...]:
    try:
        document = platform.webhook.decode(body, headers.get("content-type", ""))
    except MalformedPayload:
        # Whose secret should have signed this cannot be known, so nobody's did.
        raise InvalidSignature(NOT_VERIFIED) from None
    return platform.webhook.account_refs(document)


def _verify(platform: Platform, recipient: Recipient, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
    if not recipient.secrets:
        raise InvalidSignature("No signing secret is configured for this integration, so no delivery is accepted.")
    platform.webhook.verify(body, headers, recipient.secrets, now)


def _is_signed(
    platform: Platform, recipient: Recipient, body: bytes, headers: Mapping[str, str], now: datetime
) -> bool:
    try:
        _verify(platform, recipient, body, headers, now)
    except InvalidSignature:
        return False
    return True


def _parse(
    platform: Platform,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
    settings: Mapping[str, Any] | None = None,
) -> ParsedDelivery:
    """A body that is authentic and cannot be read is one rejected item."""
    try:
        document: Any = platform.webhook.decode(body, headers.get("content-type", ""))
        if platform.arrange and settings:
            document = platform.arrange(document, settings)
        return platform.webhook.parse(document, now, headers)
    except MalformedPayload as error:
        text = body[:KEPT_CHARACTERS].decode("utf-8", "replace").replace("\x00", "\ufffd")
        key = f"body:{hashlib.sha256(body).hexdigest()}"
        return ParsedDelivery(rejected=(RejectedItem(key, error.message, text),))


def _keep(delivery: ParsedDelivery, account_ref: str | None, *, with_unaddressed: bool) -> _Items:
    """The items of one account. Those that name no account go with the first."""

    def is_mine(item_ref: str | None) -> bool:
        if item_ref is None:
            return with_unaddressed
        return account_ref is None or item_ref == account_ref

    events = tuple(event for event in delivery.events if is_mine(event.account_ref))
    rejected = tuple(item for item in delivery.rejected if is_mine(item.account_ref))
    foreign = len(delivery.events) + len(delivery.rejected) - len(events) - len(rejected)
    return _Items(replace(delivery, events=events, rejected=rejected), foreign)
