"""What the rest of PipeWise knows of the engine: it wakes lanes, now or at a time."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

RunLane = Callable[[str], Awaitable[datetime | None]]
"""Does all due work of a lead's lane; returns when there is work again, None if nothing is left."""


class Engine(Protocol):
    """Runs each woken lane once at a time; a wake-up during a run leads to another run."""

    @property
    def active(self) -> int:
        """Lanes at work in this process."""
        ...

    def wake(self, lead_id: str) -> None:
        """There is work for this lead, committed already."""
        ...

    async def start(self) -> None: ...

    async def stop(self, grace_seconds: float) -> None:
        """Take nothing new; let what runs end within the grace, then cancel it."""
        ...
