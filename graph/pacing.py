"""Every step of a turn lets acknowledgements go first."""

from collections.abc import Awaitable, Callable
from typing import Any

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
