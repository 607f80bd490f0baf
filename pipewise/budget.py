"""What an account has spent on models today, against its daily cap."""

from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from pipewise.clock import Clock
from pipewise.storage.database import Database
from pipewise.storage.tables import usage

LOOK_AGAIN_SECONDS = 5.0


class ModelBudget:
    """Days are UTC. The sum is read at most every few seconds, so a burst may pass the cap by what it costs."""

    def __init__(self, database: Database, clock: Clock, cap_usd: float) -> None:
        self._database = database
        self._clock = clock
        self._cap = round(cap_usd * 1_000_000)
        self._known: dict[str, tuple[float, int, datetime]] = {}

    async def allows(self, account_id: str) -> bool:
        day = datetime.combine(self._clock.now().date(), time(), self._clock.now().tzinfo)
        known = self._known.get(account_id)
        if known is None or known[2] != day or self._clock.monotonic() - known[0] > LOOK_AGAIN_SECONDS:
            known = (self._clock.monotonic(), await self._spent(account_id, day), day)
            self._known[account_id] = known
        return known[1] < self._cap

    async def _spent(self, account_id: str, day: datetime) -> int:
        statement = select(func.coalesce(func.sum(usage.c.cost_microusd), 0)).where(
            usage.c.account_id == account_id, usage.c.created_at >= day, usage.c.created_at < day + timedelta(days=1)
        )
        async with self._database.read() as connection:
            return int((await connection.execute(statement)).scalar_one())
