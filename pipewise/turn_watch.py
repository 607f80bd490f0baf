"""Looks, while a turn runs, whether its answer is still wanted: a turn that will not be sent need not be finished."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.events import EventKind
from pipewise.storage.database import Database
from pipewise.storage.statements import conditions, keys
from pipewise.storage.tables import events, leads
from pipewise.turns import Superseded, TurnRequest, Withdrawal

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
TAKEN = "A person took the conversation, or the lead opted out, before the answer was committed."
WROTE_AGAIN = "The lead wrote again before the answer was committed."


async def find_reason(connection: AsyncConnection, request: TurnRequest, ownership_version: int) -> Superseded | None:
    """Why the draft of this turn must not be sent. `ownership_version` is the lead's present one."""
    if ownership_version != request.lead.ownership_version:
        return Superseded(TAKEN)
    known = {event.id for event in request.events}
    waiting = await connection.execute(_WAITING, keys({"account_id": request.account_id, "lead_id": request.lead.id}))
    return Superseded(WROTE_AGAIN) if set(waiting.scalars()) - known else None


_VERSION = select(leads.c.ownership_version).where(*conditions(leads, ("account_id", "id")))
_WAITING = select(events.c.id).where(
    *conditions(events, ("account_id", "lead_id")),
    events.c.status == "accepted",
    events.c.kind.in_((EventKind.MESSAGE, EventKind.FORM)),
    events.c.needs_turn.is_(True),
)


class TurnWatch:
    """`poke` makes the running turn of a lead be looked at now; without it every second, since other processes poke nobody."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: dict[str, asyncio.Event] = {}

    def poke(self, lead_id: str) -> None:
        if event := self._running.get(lead_id):
            event.set()

    @asynccontextmanager
    async def over(self, request: TurnRequest) -> AsyncIterator[None]:
        """While the block runs, the request's withdrawal is told as soon as there is a reason."""
        if request.withdrawal is None:
            yield
            return
        event = self._running[request.lead.id] = asyncio.Event()
        task = asyncio.create_task(self._watch(request, request.withdrawal, event), name="turn watch")
        try:
            yield
        finally:
            del self._running[request.lead.id]
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self, request: TurnRequest, withdrawal: Withdrawal, poked: asyncio.Event) -> None:
        while True:
            await _wait(poked)
            poked.clear()
            try:
                reason = await self._look(request)
            except (SQLAlchemyError, OSError) as error:
                # The commit looks again; until then a turn that is not wanted costs a model call at most.
                log.info("a running turn could not be looked at", extra={"problem": type(error).__name__})
                continue
            if reason:
                withdrawal.withdraw(reason)
                return

    async def _look(self, request: TurnRequest) -> Superseded | None:
        async def look(connection: AsyncConnection) -> Superseded | None:
            wanted = keys({"account_id": request.account_id, "id": request.lead.id})
            version = (await connection.execute(_VERSION, wanted)).scalar()
            return None if version is None else await find_reason(connection, request, version)

        return await self._database.ask(look)


async def _wait(poked: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await poked.wait()
    except TimeoutError:
        return
