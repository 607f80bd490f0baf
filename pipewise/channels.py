"""Which integration answers a lead: the one the lead wrote to, else one that may open a conversation."""

from datetime import datetime

from pipewise.connections import Connections, MessagingConnection
from pipewise.events import Template
from pipewise.leads import Lead
from pipewise.outbox import window_open
from pipewise.reply_plan import Channel
from pipewise.storage.events import StoredEvent

OPENING_PLATFORM = "whatsapp"


async def choose_channel(
    connections: Connections, lead: Lead, events: tuple[StoredEvent, ...], now: datetime
) -> Channel | None:
    """Where the reply to these events goes; None if no connected platform can reach the lead."""
    for event in reversed(events):
        if event.integration_id is None:
            continue
        found = await connections.messaging(lead.account_id, event.integration_id)
        channel = _channel(found, lead) if found else None
        if channel:
            return channel
    return await _opening_channel(connections, lead, now)


async def _opening_channel(connections: Connections, lead: Lead, now: datetime) -> Channel | None:
    """WhatsApp for a lead who came by form or API: free text while its window is open, else the approved template, which
    needs a phone number and consent."""
    found = await connections.messaging_for_platform(lead.account_id, OPENING_PLATFORM)
    if found is None:
        return None
    running = _channel(found, lead)
    if running and window_open(lead, found.messenger.limits, now):
        return running
    reference = found.settings.templates.first_contact
    if not lead.phone or not lead.consent or reference is None:
        return None
    # The owner's template is used as it is approved: without variables, since nothing tells which it would have.
    template = Template(reference.name, reference.language)
    recipient = lead.phone.removeprefix("+")
    return Channel(found.integration.id, OPENING_PLATFORM, recipient, found.settings.reply_mode, template)


def _channel(found: MessagingConnection, lead: Lead) -> Channel | None:
    address = lead.address(found.integration.platform)
    if address is None:
        return None
    return Channel(found.integration.id, found.integration.platform, address, found.settings.reply_mode)
