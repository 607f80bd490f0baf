"""What is put around steps: each lets acknowledgements go first, and some tell how far the turn is."""

from collections.abc import Awaitable, Callable
from typing import Any

from langgraph.config import get_stream_writer

from pipewise.journal import current_journal
from pipewise.priority import AckPriority

Step = Callable[[Any], Awaitable[dict[str, Any]]]


def paced(step: Step, priority: AckPriority) -> Any:
    """A node that gives way and then takes the step."""

    async def run(state: Any) -> dict[str, Any]:
        journal = current_journal()
        if journal:
            await priority.give_way(journal.account_id, journal.order)
        else:
            await priority.give_way()
        return await step(state)

    return run


def telling(step: Step, progress: str, *names: str) -> Step:
    """The step, which then tells whoever streams `custom` what it came to."""

    async def run(state: Any) -> dict[str, Any]:
        update = await step(state)
        told = {name: update[name] for name in names if name in update}
        get_stream_writer()({"progress": progress, **told})
        return update

    return run
