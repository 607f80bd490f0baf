"""Every step of a turn lets acknowledgements go first."""

from collections.abc import Awaitable, Callable
from typing import Any

from pipewise.priority import AckPriority

Step = Callable[[Any], Awaitable[dict[str, Any]]]


def paced(step: Step, priority: AckPriority) -> Any:
    """A node that gives way and then takes the step."""

    async def run(state: Any) -> dict[str, Any]:
        turn = state.get("turn")
        await priority.give_way(turn["account_id"] if turn else "")
        return await step(state)

    return run
