"""The end of a lane's work, in the transaction that records its last send where there is one."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.lease_keeper import LeaseKeeper
from pipewise.storage import lanes
from pipewise.storage.lanes import Lease


class LaneEnd:
    """Gives the lane back until `due_at`, or until what came meanwhile. `reached` once that is committed."""

    def __init__(self, lease: Lease, leases: LeaseKeeper, due_at: datetime | None) -> None:
        self._lease = lease
        self._leases = leases
        self.due_at = due_at
        self.reached = False

    async def reach(self, connection: AsyncConnection) -> datetime | None:
        """In the transaction that is the lane's last. Returns when the lane is due now."""
        return await lanes.release(connection, self._lease, self.due_at)

    def note_committed(self, due_at: datetime | None) -> None:
        """Nothing of this lane may be done any more: it may be another's by now."""
        self.reached, self.due_at = True, due_at
        self._leases.let_go(self._lease)
