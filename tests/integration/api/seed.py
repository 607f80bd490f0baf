"""Rows that a running agent would have left: written directly, since no graph runs in these tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from pipewise import outbox
from pipewise.events import Identity, OutboundMessage, Sender
from pipewise.storage import leads
from pipewise.storage.tables import approvals, events, meetings, messages, runs, tasks
from pipewise.storage.tables import leads as lead_table
from pipewise.storage.tables import outbox as outbox_table
from pipewise.storage.types import new_id
from tests.integration.api.running import Running

PHONE = "+447700900123"


async def add_lead(api: Running, account_id: str | None = None, *, phone: str = PHONE, **values: Any) -> str:
    """Someone who wrote by WhatsApp."""
    account_id, now = account_id or api.account_id, api.resources.clock.now()
    number = phone.lstrip("+")
    sender = Sender((Identity("whatsapp", number),), "Noor Imaginary", f"{number}@example.com", phone, "Example Ltd")
    async with api.resources.database.write() as connection:
        lead_id, _ = await leads.find_or_create(connection, account_id, sender, now)
        await connection.execute(
            update(lead_table).where(lead_table.c.id == lead_id).values({"last_inbound_at": now, **values})
        )
    return lead_id


async def add_event(api: Running, lead_id: str | None, **values: Any) -> str:
    now = api.resources.clock.now()
    row = {
        "id": new_id(),
        "account_id": api.account_id,
        "lead_id": lead_id,
        "platform": "whatsapp",
        "kind": "message",
        "dedupe_key": new_id(),
        "status": "processed",
        "needs_turn": True,
        "content": {"type": "text", "text": "Hi"},
        "attempts": 0,
        "occurred_at": now,
        "received_at": now,
        **values,
    }
    await write(api, events, row)
    return str(row["id"])


async def add_run(api: Running, lead_id: str, account_id: str | None = None, **record: Any) -> str:
    now, run_id = api.resources.clock.now(), new_id()
    row = {
        "id": run_id,
        "account_id": account_id or api.account_id,
        "lead_id": lead_id,
        "trigger": "webhook",
        "outcome": "committed",
        "record": {"events": [], "intent": {"label": "greeting", "confidence": 0.9}, "route": "follow_up", **record},
        "started_at": now,
        "finished_at": now,
    }
    await write(api, runs, row)
    return run_id


async def add_task(api: Running, lead_id: str | None, account_id: str | None = None, **values: Any) -> str:
    now, task_id = api.resources.clock.now(), new_id()
    row = {
        "id": task_id,
        "account_id": account_id or api.account_id,
        "lead_id": lead_id,
        "kind": "reply",
        "title": "A lead waits",
        "detail": "",
        "owner": None,
        "status": "open",
        "created_at": now,
        "updated_at": now,
        **values,
    }
    await write(api, tasks, row)
    return task_id


async def add_approval(
    api: Running, lead_id: str, integration_id: str, account_id: str | None = None, **values: Any
) -> str:
    now, approval_id = api.resources.clock.now(), new_id()
    message = OutboundMessage("Shall we talk on Tuesday?")
    row = {
        "id": approval_id,
        "account_id": account_id or api.account_id,
        "lead_id": lead_id,
        "text": message.text,
        "payload": {"message": message.as_dict(), "integration_id": integration_id},
        "status": "pending",
        "ownership_version": 0,
        "created_at": now,
        **values,
    }
    await write(api, approvals, row)
    return approval_id


async def add_meeting(api: Running, lead_id: str, account_id: str | None = None, **values: Any) -> str:
    now, meeting_id = api.resources.clock.now(), new_id()
    row = {
        "id": meeting_id,
        "account_id": account_id or api.account_id,
        "lead_id": lead_id,
        "status": "scheduled",
        "source": "pipewise",
        "event_type": "https://api.calendly.com/event_types/CCCC0000000000CC",
        "title": "Intro call",
        "event_uri": "https://api.calendly.com/scheduled_events/DDDD0000000000DD",
        "start_time": now,
        "timezone": "Europe/Lisbon",
        "invitee": {"email": "noor@example.com", "name": "Noor"},
        "history": [],
        "version": 1,
        "created_at": now,
        "updated_at": now,
        **values,
    }
    await write(api, meetings, row)
    return meeting_id


async def add_outgoing(
    api: Running,
    lead_id: str,
    integration_id: str,
    account_id: str | None = None,
    *,
    state: str = "pending",
    status: str = "queued",
    claimed_at: datetime | None = None,
) -> str:
    message_id, account_id = new_id(), account_id or api.account_id
    draft = outbox.Draft(
        message_id, OutboundMessage("Hello from the agent"), integration_id, "whatsapp", "447700900123"
    )
    async with api.resources.database.write() as connection:
        await outbox.queue(connection, account_id, lead_id, draft, api.resources.clock.now())
        where = outbox_table.c.message_id == message_id
        await connection.execute(update(outbox_table).where(where).values(state=state, claimed_at=claimed_at))
        await connection.execute(update(messages).where(messages.c.id == message_id).values(status=status))
    return message_id


async def write(api: Running, table: Any, row: Mapping[str, Any]) -> None:
    async with api.resources.database.write() as connection:
        await connection.execute(insert(table).values(row))
