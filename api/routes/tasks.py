"""Things for a person to do."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Actor, Filter, Id, PageDep, Reader, ServicesDep
from api.schemas import TaskChange
from api.views import task_view
from pipewise.storage import tasks

router = APIRouter(prefix="/api/tasks", tags=["tasks"])


@router.get("")
async def list_tasks(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    status: Annotated[Literal["open", "done"] | None, Query()] = None,
    lead_id: Filter = None,
    owner: Filter = None,
) -> dict[str, Any]:
    """Longest waiting first."""
    position = read_cursor("tasks", page.cursor) if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await tasks.list_tasks(
            connection,
            user.account_id,
            limit=page.limit + 1,
            status=status,
            lead_id=lead_id,
            owner=owner,
            position=(position[0], position[1]) if position else None,
        )
    return page_of(page, found, task_view, lambda task: write_cursor("tasks", task.created_at, task.id))


@router.patch("/{task_id}")
async def change_task(user: Actor, services: ServicesDep, task_id: Id, body: TaskChange) -> dict[str, Any]:
    values = body.model_dump(exclude_unset=True)
    async with services.resources.database.write() as connection:
        await tasks.get_task(connection, user.account_id, task_id)
        return task_view(await tasks.update_task(connection, user.account_id, task_id, values, services.now()))
