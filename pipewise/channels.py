"""Which integration answers a lead: the one the lead wrote to, else one that may open a conversation."""

from datetime import datetime
from typing import Any

from pipewise.connections import Connections, MessagingConnection
from pipewise.events import Template
from pipewise.leads import Lead
from pipewise.outbox import window_open
from pipewise.platforms.registry import OPENING_PLATFORM
from pipewise.public_items import is_public
from pipewise.reply_address import address_of
from pipewise.reply_limits import NOT_MESSAGING, as_written_on
from pipewise.reply_plan import Channel
from pipewise.storage.events import StoredEvent


async def choose_channel(
    connections: Connections, lead: Lead, events: tuple[StoredEvent, ...], now: datetime
) -> Channel | None:
    """Where the reply to these events goes; None if no connected platform can reach the lead."""
    for event in reversed(events):
        if event.integration_id is None:
            continue
        found = await connections.messaging(lead.account_id, event.integration_id)
        if found is None:
            continue
        platform, limits = found.integration.platform, found.messenger.limits
        address = address_of(lead, platform, limits, event.dedupe_key, event.sender)
        if address:
            return _channel(found, address)
    return await _opening_channel(connections, lead, now) or await _running_channel(connections, lead, now)


async def _running_channel(connections: Connections, lead: Lead, now: datetime) -> Channel | None:
    """Another platform on which the lead has written lately, for events that came from none."""
    for platform in dict.fromkeys(identity.platform for identity in lead.identities):
        if platform in NOT_MESSAGING or platform == OPENING_PLATFORM:
            continue
        found = await connections.messaging_for_platform(lead.account_id, platform)
        address = lead.address(platform)
        if found and address and await _is_open(connections, lead, found, now):
            return _channel(found, address)
    return None


async def _opening_channel(connections: Connections, lead: Lead, now: datetime) -> Channel | None:
    """WhatsApp for a lead who came by form or API: free text while its window is open, else the approved template, which
    needs a phone number and consent."""
    found = await connections.messaging_for_platform(lead.account_id, OPENING_PLATFORM)
    if found is None:
        return None
    address = lead.address(OPENING_PLATFORM)
    if address and await _is_open(connections, lead, found, now):
        return _channel(found, address)
    reference = found.settings.templates.first_contact
    if not lead.phone or not lead.consent or reference is None:
        return None
    # The owner's template is used as it is approved: without variables, since nothing tells which it would have.
    template = Template(reference.name, reference.language)
    recipient = lead.phone.removeprefix("+")
    return Channel(found.integration.id, OPENING_PLATFORM, recipient, found.settings.reply_mode, template)


async def _is_open(connections: Connections, lead: Lead, found: MessagingConnection, now: datetime) -> bool:
    there = await connections.database.ask(lambda connection: as_written_on(connection, lead, found))
    return window_open(there, found.messenger.limits, now)


def _channel(found: MessagingConnection, address: str) -> Channel:
    mode = found.settings.reply_mode
    if is_public(address) and not _may_answer_publicly(found.settings):
        mode = "approve" if mode == "auto" else mode
    return Channel(found.integration.id, found.integration.platform, address, mode)


def _may_answer_publicly(settings: Any) -> bool:
    """X allows it to apps that it has approved and to accounts that say that they are automated."""
    return bool(getattr(settings, "ai_replies_approved", False) and getattr(settings, "automated_label", False))
