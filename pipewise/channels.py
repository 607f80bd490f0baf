"""Which integration answers a lead, and whether it may: the one the lead wrote to, else one that may open a conversation."""

from pipewise.connections import Connections, MessagingConnection
from pipewise.events import OutboundMessage, Template
from pipewise.leads import Lead
from pipewise.storage.events import StoredEvent
from pipewise.turn_commit import Channel

OPENING_PLATFORM = "whatsapp"


async def choose_channel(connections: Connections, lead: Lead, events: tuple[StoredEvent, ...]) -> Channel | None:
    """Where the reply to these events goes; None if no connected platform can reach the lead."""
    for event in reversed(events):
        if event.integration_id is None:
            continue
        found = await connections.messaging(lead.account_id, event.integration_id)
        channel = _channel(found, lead) if found else None
        if channel:
            return channel
    return await opening_channel(connections, lead)


async def opening_channel(connections: Connections, lead: Lead) -> Channel | None:
    """WhatsApp by template, for a lead who came by form or API with a phone number and consent."""
    found = await connections.messaging_for_platform(lead.account_id, OPENING_PLATFORM)
    if found is None or not lead.phone or not lead.consent or found.settings.templates.first_contact is None:
        return None
    return Channel(found.integration.id, OPENING_PLATFORM, lead.phone.lstrip("+"), found.settings.reply_mode)


def opening_message(connection: MessagingConnection, lead: Lead, text: str) -> OutboundMessage:
    """The approved template that opens a conversation; its one parameter, if it takes one, is the lead's name."""
    reference = connection.settings.templates.first_contact
    return OutboundMessage(
        text=text, template=Template(reference.name, reference.language, (lead.name,) if lead.name else ())
    )


def _channel(found: MessagingConnection, lead: Lead) -> Channel | None:
    address = lead.address(found.integration.platform)
    if address is None:
        return None
    return Channel(found.integration.id, found.integration.platform, address, found.settings.reply_mode)
