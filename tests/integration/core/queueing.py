"""Messages put into the outbox, and what became of them."""

from typing import Any

from pipewise import outbox
from pipewise.events import OutboundMessage
from pipewise.outbox import Draft
from pipewise.storage import lanes
from pipewise.storage.tables import messages
from pipewise.storage.tables import outbox as outbox_table
from pipewise.storage.types import new_id
from tests.integration.core.harness import ANA, Core


async def queue(core: Core, text: str = "Hello!", **more: Any) -> tuple[str, str]:
    """A lead who has been answered before gets a message; returns the ids of both."""
    lead_id = await core.hear("hi")
    await core.worker.run_lane(lead_id)
    core.messenger.taken.clear()
    core.messenger.tries.clear()
    return lead_id, await queue_more(core, lead_id, text, **more)


async def queue_more(core: Core, lead_id: str, text: str, **more: Any) -> str:
    draft = Draft(new_id(), OutboundMessage(text), core.whatsapp.id, "whatsapp", ANA, **more)
    async with core.database.write() as connection:
        await outbox.queue(connection, core.account_id, lead_id, draft, core.clock.now())
        await lanes.mark_due(connection, core.account_id, lead_id, core.clock.now())
    return draft.message_id


async def shown(core: Core, message_id: str) -> tuple[str, str]:
    (message,) = await core.rows(messages, messages.c.id == message_id)
    (row,) = await core.rows(outbox_table, outbox_table.c.message_id == message_id)
    return message["status"], row["state"]
