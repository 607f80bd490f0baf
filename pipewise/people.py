"""Finding out that two leads are one person, and making them one, beside the lanes' work."""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit import SYSTEM, Act, Audit
from pipewise.clock import Clock
from pipewise.errors import Conflict, NotFound
from pipewise.merging import Pair, merge_leads, unmerge_leads, when_free
from pipewise.storage import lead_merges as rows
from pipewise.storage.database import Database
from pipewise.storage.lead_merges import Merge
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account

log = logging.getLogger(__name__)
EVERY_SECONDS = 2.0
AT_ONCE = 20


class People:
    """Merges in transactions of their own, each with its entry in the audit. `wake` is told of leads with work."""

    def __init__(self, database: Database, audit: Audit, clock: Clock, wake: Callable[[str], None]) -> None:
        self._database = database
        self._audit = audit
        self._clock = clock
        self._wake = wake

    async def merge(self, pair: Pair, *, actor: str, reason: str, merge_id: str | None = None) -> Merge:
        """Raises NotFound, or Conflict where a lead's conversation stays at work."""

        async def work(connection: AsyncConnection) -> Merge:
            now = self._clock.now()
            made = await merge_leads(connection, pair, actor=actor, reason=reason, now=now, merge_id=merge_id)
            detail = {"other": pair.other_id, "merge": made.id, "reason": reason}
            target = f"lead:{pair.lead_id}"
            await self._audit.record(
                connection, pair.account_id, Act.LEAD_MERGED, target, actor=actor, now=now, detail=detail
            )
            return made

        merge: Merge = await when_free(lambda: self._database.transact(work), self._clock)
        self._wake(pair.lead_id)
        return merge

    async def unmerge(self, account_id: str, lead_id: str, merge_id: str, *, actor: str) -> Merge:
        async def work(connection: AsyncConnection) -> Merge:
            merge = await rows.get_merge(connection, account_id, merge_id)
            if merge is None or merge.lead_id != lead_id:
                raise NotFound("There is no such merge.")
            now = self._clock.now()
            await unmerge_leads(connection, merge, now=now)
            detail = {"other": merge.other_id, "merge": merge.id}
            await self._audit.record(
                connection, account_id, Act.LEAD_UNMERGED, f"lead:{lead_id}", actor=actor, now=now, detail=detail
            )
            return merge

        merge: Merge = await when_free(lambda: self._database.transact(work), self._clock)
        for one in (merge.lead_id, merge.other_id):
            self._wake(one)
        return merge

    async def merge_due(self) -> int:
        """Leads that an exact key showed to be one person. One whose lane is busy is left for the next look."""
        done = 0
        with for_every_account(Purpose.UPKEEP):
            found = await self._database.ask(lambda connection: rows.list_due(connection, AT_ONCE))
        for due in found:
            with acting_for(due.account_id):
                done += await self._merge_due(due)
        return done

    async def _merge_due(self, due: Merge) -> bool:
        # The other one may have gone into a third meanwhile; what pointed at that lead went with it.
        gone_to = await self._database.ask(
            lambda connection: rows.survivor_of(connection, due.account_id, due.other_id)
        )
        pair = Pair(due.account_id, due.lead_id, gone_to or due.other_id)
        try:
            if pair.lead_id != pair.other_id:
                await self.merge(pair, actor=SYSTEM, reason=due.reason, merge_id=due.id)
                return True
        except NotFound:
            log.info("one of two leads to merge is gone", extra={"lead_id": due.lead_id})
        except Conflict:
            log.info("a merge waits for a conversation at work", extra={"lead_id": due.lead_id})
            return False
        await self._database.transact(lambda connection: rows.set_void(connection, due))
        return False

    async def keep_merging(self) -> None:
        """Until it is cancelled. Several processes may do so at once: a merge is made once."""
        while True:
            try:
                await self.merge_due()
            except Exception:
                # A loop of the worker: a database that is away comes back.
                log.exception("leads could not be merged")
            await asyncio.sleep(EVERY_SECONDS)
