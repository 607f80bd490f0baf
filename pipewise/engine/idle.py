"""The engine of a process that only accepts: work is marked due in the tables, and another process takes it."""


class IdleEngine:
    @property
    def active(self) -> int:
        return 0

    def wake(self, lead_id: str) -> None:
        """Nothing to do: the due time was committed with the work."""

    async def start(self) -> None:
        """Nothing to start."""

    async def stop(self, grace_seconds: float) -> None:
        """Nothing to stop."""
