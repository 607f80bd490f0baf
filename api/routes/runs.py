"""The graph over HTTP: one stateless run, as the LangGraph server's clients ask for it."""

from typing import Any

from fastapi import APIRouter

from api.dependencies import Actor, ServicesDep
from api.schemas import StatelessRun
from pipewise.errors import NotFound

ASSISTANT = "pipewise"

router = APIRouter(tags=["graph"])


@router.post("/runs/wait")
async def run_and_wait(user: Actor, services: ServicesDep, body: StatelessRun) -> dict[str, Any]:
    """Runs one event and returns intent, reply, lead and actions. Nothing is sent unless the input says `deliver`."""
    if body.assistant_id != ASSISTANT:
        raise NotFound(f"There is no assistant of this name; the one here is {ASSISTANT}.")
    return await services.application.run_event(user, body.input, thread_id=None)
