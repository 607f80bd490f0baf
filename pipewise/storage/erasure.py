"""Erasing a person: every row about a lead, and what names it in rows that belong to no lead."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, and_, cast, delete, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.leads import Lead
from pipewise.storage.tables import events, idempotency_keys, leads, meetings, messages, tasks

SHORTEST_TRACE = 5  # a shorter name or id would match rows about other people


async def erase_lead(connection: AsyncConnection, lead: Lead, merged: Sequence[str] = ()) -> None:
    """Rows that point at the lead go with it, by the schema's cascades; the rest is found by what it holds. `merged` are the
    ids of leads that were merged into this one."""
    sent = select(messages.c.external_id).where(
        messages.c.account_id == lead.account_id,
        messages.c.lead_id == lead.id,
        messages.c.direction == "out",
        messages.c.external_id.is_not(None),
    )
    told = [trace for trace in traces(lead) if len(trace) >= SHORTEST_TRACE]
    reports = and_(events.c.kind == "status", events.c.ref.in_(sent))
    await connection.execute(
        delete(events).where(
            events.c.account_id == lead.account_id,
            events.c.lead_id.is_(None),
            or_(reports, *_mentions(events.c.content, told), *_mentions(events.c.sender, told)),
        )
    )
    await _forget_answers(connection, lead, [lead.id, *merged, *told])
    nobodys = (tasks.c.account_id == lead.account_id, tasks.c.lead_id.is_(None))
    named = or_(false(), *_mentions(tasks.c.title, told), *_mentions(tasks.c.detail, told))
    await connection.execute(delete(tasks).where(*nobodys, named))
    await connection.execute(delete(leads).where(leads.c.account_id == lead.account_id, leads.c.id == lead.id))


async def _forget_answers(connection: AsyncConnection, lead: Lead, texts: list[str]) -> None:
    """Answers that were kept for a repetition: the key has the lead's id where the path has, a booking's answer its meeting's."""
    answer = cast(idempotency_keys.c.answer, Text)
    booked = select(meetings.c.id).where(
        meetings.c.account_id == lead.account_id, meetings.c.lead_id == lead.id, answer.contains(meetings.c.id)
    )
    named = [*_mentions(idempotency_keys.c.answer, texts), *_mentions(idempotency_keys.c.key, texts), booked.exists()]
    await connection.execute(
        delete(idempotency_keys).where(idempotency_keys.c.account_id == lead.account_id, or_(*named))
    )


def _mentions(column: Column[Any], texts: Iterable[str]) -> list[ColumnElement[bool]]:
    """Also as JSON writes what is not ASCII."""
    forms = {form for text in texts for form in (text, json.dumps(text)[1:-1])}
    return [cast(column, Text).like(_containing(form), escape="\\") for form in sorted(forms)]


def traces(lead: Lead) -> list[str]:
    """What tells this person from others."""
    found = {identity.external_id for identity in lead.identities} | {lead.email or "", lead.phone or ""}
    return sorted(filter(None, found))


def _containing(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
