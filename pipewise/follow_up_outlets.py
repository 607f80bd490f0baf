"""Where a follow-up may go: the platform the lead uses, as far as its rules let a machine speak first."""

from dataclasses import dataclass, replace
from datetime import datetime

from pipewise.connections import Connections, MessagingConnection
from pipewise.events import Template
from pipewise.follow_up_plan import Kind
from pipewise.leads import Lead
from pipewise.outbox import window_open
from pipewise.platforms.base import TemplateRef
from pipewise.reply_limits import as_written_on
from pipewise.reply_plan import Channel
from pipewise.storage.database import Database
from pipewise.storage.events import last_used_integration

WITH_TEMPLATES = "whatsapp"
# X allows one automated reply to each message of a person: docs.x.com/developer-guidelines.
NEVER_FIRST = frozenset({"x"})


@dataclass(frozen=True)
class Outlet:
    """The connection that reaches the lead, the lead's address there, and the lead as last heard from there."""

    connection: MessagingConnection
    recipient: str
    there: Lead

    @property
    def platform(self) -> str:
        return self.connection.integration.platform

    def channel(self, kind: Kind, now: datetime) -> Channel | str:
        """With the approved template where free text may not be sent; else why nothing may be sent."""
        settings = self.connection.settings
        channel = Channel(self.connection.integration.id, self.platform, self.recipient, settings.reply_mode)
        if settings.reply_mode == "off":
            return f"replies are off on {self.platform}"
        if self.platform in NEVER_FIRST:
            return f"{self.platform} allows no automated message that answers none"
        if window_open(self.there, self.connection.messenger.limits, now):
            return channel
        reference = self._template(kind)
        if reference is None:
            return f"the reply window on {self.platform} is closed and there is no template for this"
        return replace(channel, template=Template(reference.name, reference.language))

    def _template(self, kind: Kind) -> TemplateRef | None:
        if self.platform != WITH_TEMPLATES or kind is Kind.THANKS:
            return None
        templates = self.connection.settings.templates
        found: TemplateRef | None = templates.reminder if kind is Kind.REMINDER else templates.follow_up
        return found


async def find_outlet(database: Database, connections: Connections, lead: Lead) -> Outlet | None:
    """Where the lead wrote last; else any connected platform that knows the lead."""
    used = await database.ask(lambda c: last_used_integration(c, lead.account_id, lead.id))
    if used and (outlet := await _outlet(database, await connections.messaging(lead.account_id, used), lead)):
        return outlet
    for platform in dict.fromkeys(identity.platform for identity in lead.identities):
        outlet = await _outlet(database, await connections.messaging_for_platform(lead.account_id, platform), lead)
        if outlet:
            return outlet
    return None


async def _outlet(database: Database, found: MessagingConnection | None, lead: Lead) -> Outlet | None:
    address = lead.address(found.integration.platform) if found else None
    if found is None or not address:
        return None
    there = await database.ask(lambda connection: as_written_on(connection, lead, found))
    return Outlet(found, address, there)
