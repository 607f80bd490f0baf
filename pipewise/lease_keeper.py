"""Keeps the leases of a process while their lanes are worked, and ends the work on a lane that was lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from pipewise.storage import lanes
from pipewise.storage.database import Database
from pipewise.storage.lanes import Lease, LeaseLost
from pipewise.storage.tenancy import Purpose, for_every_account

log = logging.getLogger(__name__)
RENEW_SECONDS = 2.0


class LeaseKeeper:
    """One transaction renews all leases that are kept. A database that does not answer loses none by itself: nothing can be
    claimed or committed without it, and the fence decides once it is back."""

    def __init__(self, database: Database, every: float = RENEW_SECONDS) -> None:
        self._database = database
        self._every = every
        self._kept: dict[Lease, asyncio.Timeout] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._renewal: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def keep(self, lease: Lease) -> AsyncIterator[None]:
        """The block is cancelled, and LeaseLost raised in its place, when the lane is another's."""
        try:
            async with asyncio.timeout(None) as scope:
                self._kept[lease] = scope
                if self._timer is None:
                    self._set_timer()
                try:
                    yield
                finally:
                    self._kept.pop(lease, None)
        except TimeoutError:
            if scope.expired():
                raise LeaseLost("The lane was taken over by another worker.") from None
            raise

    def let_go(self, lease: Lease) -> None:
        """The lane was given back inside the block: that the lease does not stand any more is no loss."""
        self._kept.pop(lease, None)

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._every, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._kept:
            self._renewal = asyncio.create_task(self._renew(), name="leases")

    async def _renew(self) -> None:
        asked = set(self._kept)
        try:
            with for_every_account(Purpose.LANES):
                async with self._database.write(first=True) as connection:
                    standing = await lanes.renew(connection, asked)
        except SQLAlchemyError:
            log.warning("leases could not be renewed", exc_info=True)
        else:
            for lease in asked - standing:
                if scope := self._kept.get(lease):
                    scope.reschedule(asyncio.get_running_loop().time())
        finally:
            self._set_timer()
