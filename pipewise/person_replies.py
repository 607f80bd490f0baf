"""A person writes to a lead: on the channel where the lead wrote last, within what that channel allows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import outbox
from pipewise.connections import Connections, MessagingConnection
from pipewise.errors import Conflict, InvalidInput
from pipewise.events import OutboundMessage
from pipewise.leads import Lead
from pipewise.storage import lanes, leads, messages
from pipewise.storage.database import Database
from pipewise.storage.events import last_used_integration
from pipewise.storage.messages import Message


@dataclass(frozen=True)
class ReplyChannel:
    """A live connection and the lead's address on it."""

    connection: MessagingConnection
    recipient: str

    @property
    def platform(self) -> str:
        return self.connection.integration.platform


async def find_channel(database: Database, connections: Connections, lead: Lead) -> ReplyChannel:
    """Where the lead wrote last; else any connected platform that knows the lead. Raises Conflict if there is none."""
    async with database.read() as connection:
        used = await last_used_integration(connection, lead.account_id, lead.id)
    if used:
        channel = _channel(await connections.messaging(lead.account_id, used), lead)
        if channel:
            return channel
    for platform in dict.fromkeys(identity.platform for identity in lead.identities):
        channel = _channel(await connections.messaging_for_platform(lead.account_id, platform), lead)
        if channel:
            return channel
    raise Conflict(
        "No connected platform can reach this lead; connect the platform where the lead wrote, or use e-mail or phone.",
        code="no_channel",
        manual_action_required=True,
    )


async def queue_reply(
    connection: AsyncConnection,
    lead_id: str,
    channel: ReplyChannel,
    message: OutboundMessage,
    *,
    message_id: str,
    author: str,
    now: datetime,
) -> Message:
    """Write the intent and make the lane due. Raises Conflict where the channel or the lead's wish forbids it."""
    account_id = channel.connection.integration.account_id
    lead = await leads.get_lead(connection, account_id, lead_id)
    _require_allowed(lead, channel, message, now)
    draft = outbox.Draft(
        message_id=message_id,
        message=message,
        integration_id=channel.connection.integration.id,
        platform=channel.platform,
        recipient=channel.recipient,
        author=author,
    )
    await outbox.queue(connection, account_id, lead_id, draft, now)
    await lanes.mark_due(connection, account_id, lead_id, now)
    return await messages.get_message(connection, account_id, message_id)


def _require_allowed(lead: Lead, channel: ReplyChannel, message: OutboundMessage, now: datetime) -> None:
    limits = channel.connection.messenger.limits
    if lead.opted_out:
        raise Conflict("This lead asked to receive nothing more.", code="opted_out")
    if len(message.text) > limits.text:
        problem = {"field": "text", "problem": f"{channel.platform} takes at most {limits.text} characters"}
        raise InvalidInput("The message is too long for its channel.", details=(problem,))
    if message.template is None and not outbox.window_open(lead, limits, now):
        raise Conflict(
            f"The reply window on {channel.platform} is closed; reach the lead by e-mail or phone, or wait until they write.",
            code="window_closed",
            manual_action_required=True,
        )


def _channel(found: MessagingConnection | None, lead: Lead) -> ReplyChannel | None:
    address = lead.address(found.integration.platform) if found else None
    return ReplyChannel(found, address) if found and address else None
