"""What a channel allows at this moment, as far as the record of the conversation tells: looked at again before every send."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.connections import MessagingConnection
from pipewise.leads import Lead
from pipewise.platforms.base import MessagingLimits
from pipewise.public_items import COMMENT, POST
from pipewise.storage.tables import events, integrations, messages, outbox

NOT_MESSAGING = frozenset({"email", "phone"})
TAKEN = ("sending", "unknown", "parked")
ARRIVED = ("sent", "delivered", "read")
ALREADY_ANSWERED = "this comment or post was answered already"
TOO_OLD = "this comment or post is too old to be answered"


async def as_written_on(connection: AsyncConnection, lead: Lead, channel: MessagingConnection) -> Lead:
    """The lead with the time of the last message written to this very account on this platform: one elsewhere, to another
    number of ours, or under a post, opens no window here. A number that was connected anew is the same number."""
    integration, limits = channel.integration, channel.messenger.limits
    elsewhere = {one.platform for one in lead.identities} - {integration.platform} - NOT_MESSAGING
    if limits.items is None and not elsewhere and channel.alone:
        return lead
    statement = select(func.max(events.c.occurred_at)).where(
        events.c.account_id == lead.account_id,
        events.c.lead_id == lead.id,
        events.c.platform == integration.platform,
        events.c.kind == "message",
        events.c.needs_turn.is_(True),
        events.c.dedupe_key.not_like(f"{COMMENT}:%"),
        events.c.dedupe_key.not_like(f"{POST}:%"),
    )
    if not channel.alone:
        same = select(integrations.c.id).where(
            integrations.c.account_id == lead.account_id,
            integrations.c.platform == integration.platform,
            integrations.c.account_ref == integration.account_ref,
        )
        statement = statement.where(events.c.integration_id.in_(same))
    return replace(lead, last_inbound_at=(await connection.execute(statement)).scalar())


async def refuse_item(
    connection: AsyncConnection,
    account_id: str,
    integration_id: str,
    address: str,
    limits: MessagingLimits,
    now: datetime,
    *,
    message_id: str = "",
) -> str | None:
    """Why this comment or post must not be answered (any more); None if it may be."""
    if limits.items is None:
        return "this channel answers no comments or posts"
    other = (
        select(outbox.c.message_id)
        .join(messages, messages.c.id == outbox.c.message_id)
        .where(
            outbox.c.account_id == account_id,
            outbox.c.integration_id == integration_id,
            outbox.c.recipient == address,
            outbox.c.message_id != message_id,
            or_(outbox.c.state.in_(TAKEN), messages.c.status.in_(ARRIVED)),
        )
    )
    if (await connection.execute(other.limit(1))).first():
        return ALREADY_ANSWERED
    written = select(events.c.occurred_at).where(
        events.c.account_id == account_id,
        events.c.integration_id == integration_id,
        events.c.dedupe_key == address,
    )
    written_at = (await connection.execute(written)).scalar()
    if written_at is None or (limits.items.window and now >= written_at + limits.items.window):
        return TOO_OLD
    return None
