"""A new task for a person: whose it is, and by when it should be done."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.assignment import assign
from pipewise.business_time import answer_due
from pipewise.leads import Lead
from pipewise.settings_document import read_settings
from pipewise.storage.account_settings import read_document
from pipewise.storage.tables import tasks
from pipewise.storage.types import new_id
from pipewise.turns import NewTask


async def add_task(
    connection: AsyncConnection, account_id: str, lead: Lead | None, task: NewTask, now: datetime
) -> tuple[str, datetime]:
    """Always with an owner, and a time by which a person should have seen to it. Returns the task's id and that time."""
    settings = read_settings(await read_document(connection, account_id))
    owner = (await assign(connection, account_id, lead, settings)).email
    task_id, due_at = new_id(), task.due_at or answer_due(settings, now)
    await connection.execute(
        insert(tasks).values(
            id=task_id,
            account_id=account_id,
            lead_id=lead.id if lead else None,
            kind=task.kind,
            title=task.title,
            detail=task.detail,
            owner=owner,
            status="open",
            due_at=due_at,
            created_at=now,
            updated_at=now,
        )
    )
    return task_id, due_at
