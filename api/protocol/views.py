"""Runs as the protocol shows them."""

from typing import Any

from api.dependencies import Services
from graph.assistant import ASSISTANT_ID
from graph.live_run import LiveRun
from graph.protocol_json import describe_interrupt
from graph.run_output import output_of
from pipewise.lead_view import format_time
from pipewise.storage.thread_runs import ThreadRun
from pipewise.storage.threads import Thread


def run_view(live: LiveRun | None, row: ThreadRun | None) -> dict[str, Any]:
    """As it is in this process, which may know more than the row, or as it is stored."""
    thread = live.thread if live else None
    source: Any = row or thread
    return {
        "run_id": row.run_id if row else live.run_id if live else None,
        "thread_id": source.thread_id,
        "assistant_id": ASSISTANT_ID,
        "created_at": format_time(source.created_at),
        "updated_at": format_time(source.updated_at),
        "status": live.status if live else source.status,
        "metadata": dict(row.metadata) if row else {},
        "kwargs": {},
        "multitask_strategy": row.strategy if row else "enqueue",
    }


async def finished_body(services: Services, thread: Thread, row: ThreadRun | None) -> dict[str, Any]:
    """The output of a run that left none in this process: what its thread holds."""
    if row and row.error:
        return {"__error__": {**row.error, "error": row.error["code"], "message": row.error["error"]}}
    state = await services.application.protocol.states.snapshot(thread)
    body = output_of(state.values)
    if state.interrupts:
        body["__interrupt__"] = [describe_interrupt(one) for one in state.interrupts]
    return body
