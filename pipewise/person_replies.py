"""A person writes to a lead: on the channel where the lead wrote last, within what that channel allows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import outbox
from pipewise.connections import Connections, MessagingConnection
from pipewise.errors import Conflict, InvalidInput
from pipewise.events import OutboundMessage
from pipewise.leads import Lead
from pipewise.platforms.base import MessagingLimits
from pipewise.public_items import item_id
from pipewise.reply_address import address_of
from pipewise.reply_limits import as_written_on, refuse_item
from pipewise.storage import lanes, leads, messages
from pipewise.storage.database import Database
from pipewise.storage.messages import Message
from pipewise.storage.tables import events


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
        last = await _last_message(connection, lead)
    found = await connections.messaging(lead.account_id, last.integration_id) if last else None
    if last and found:
        platform, limits = found.integration.platform, found.messenger.limits
        address = address_of(lead, platform, limits, last.dedupe_key, last.sender)
        if address:
            return ReplyChannel(found, address)
    for platform in dict.fromkeys(identity.platform for identity in lead.identities):
        found, address = await connections.messaging_for_platform(lead.account_id, platform), lead.address(platform)
        if found and address:
            return ReplyChannel(found, address)
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
    by_hand: bool = False,
) -> Message:
    """Write the intent and make the lane due. Raises Conflict where the channel or the lead's wish forbids it. `by_hand`: the
    words are a person's own, for which some channels leave more time than for a program's."""
    account_id, limits = channel.connection.integration.account_id, channel.connection.messenger.limits
    lead = await leads.get_lead(connection, account_id, lead_id)
    lead = await as_written_on(connection, lead, channel.connection)
    if by_hand and item_id(channel.recipient) is None and not outbox.window_open(lead, limits, now):
        message = replace(message, human_agent=limits.person_window is not None)
    _require_allowed(lead, channel, message, author, now)
    await _require_unanswered(connection, channel, now)
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


def _require_allowed(lead: Lead, channel: ReplyChannel, message: OutboundMessage, author: str, now: datetime) -> None:
    limits = channel.connection.messenger.limits
    if lead.opted_out:
        raise Conflict("This lead asked to receive nothing more.", code="opted_out")
    if author == "human":
        _require_short(channel, limits, message)
    if message.template or item_id(channel.recipient):
        return
    unopened = limits.items is not None and lead.last_inbound_at is None
    if unopened or not outbox.window_open(lead, limits, now, by_hand=message.human_agent):
        raise Conflict(
            f"The reply window on {channel.platform} is closed; reach the lead by e-mail or phone, or wait until they write.",
            code="window_closed",
            manual_action_required=True,
        )


def _require_short(channel: ReplyChannel, limits: MessagingLimits, message: OutboundMessage) -> None:
    """A person's words are not cut."""
    most, measure, unit = limits.text, limits.measure, limits.unit
    if limits.items and limits.items.text and item_id(channel.recipient):
        most, measure = limits.items.text, limits.items.measure
    if measure(message.text) > most:
        problem = {"field": "text", "problem": f"{channel.platform} takes at most {most} {unit}"}
        raise InvalidInput("The message is too long for its channel.", details=(problem,))


async def _require_unanswered(connection: AsyncConnection, channel: ReplyChannel, now: datetime) -> None:
    if item_id(channel.recipient) is None:
        return
    where, limits = channel.connection.integration, channel.connection.messenger.limits
    reason = await refuse_item(connection, where.account_id, where.id, channel.recipient, limits, now)
    if reason:
        raise Conflict(
            f"Nothing more can be sent there: {reason}. Wait until the lead writes, or use another channel.",
            code="window_closed",
            manual_action_required=True,
        )


async def _last_message(connection: AsyncConnection, lead: Lead) -> Any:
    statement = (
        select(events.c.integration_id, events.c.dedupe_key, events.c.sender)
        .where(
            events.c.account_id == lead.account_id,
            events.c.lead_id == lead.id,
            events.c.kind == "message",
            events.c.integration_id.is_not(None),
        )
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).first()
