"""Runs by the clock. A due date and the run that comes of it are one transaction: none is lost, and none comes twice."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.live_run import LiveRun
from graph.run_spec import RunSpec, read_spec
from graph.thread_runs import ThreadRuns
from pipewise.cron_schedule import check_schedule, next_date
from pipewise.engine.due_watch import DueWatch
from pipewise.engine.planned import Planned
from pipewise.errors import Conflict, InvalidInput
from pipewise.lead_desk import read_sender
from pipewise.resources import Resources
from pipewise.storage import crons as rows
from pipewise.storage import leads, threads
from pipewise.storage.accounts import User
from pipewise.storage.crons import Cron, Due
from pipewise.storage.tenancy import Key, Purpose, acting_for_owner, for_every_account
from pipewise.storage.types import new_id

log = logging.getLogger(__name__)
AT_ONCE = 20
MOST = 1000  # of one account
STOP_SECONDS = 2.0
# Any process may be the one that hears of a new cron: others look this often.
LOOK_SECONDS = 2.0


class CronRuns:
    def __init__(self, resources: Resources, runs: ThreadRuns) -> None:
        self._resources = resources
        self._runs = runs
        self._planned = Planned()
        longest = resources.clock.recheck
        if not resources.settings.is_embedded:
            longest = min(longest, LOOK_SECONDS)
        self._watch = DueWatch(
            self._scan, self._fire_all, resources.clock, self._planned, longest=longest, name="due crons"
        )

    def start(self) -> None:
        self._watch.start()

    async def stop(self) -> None:
        await self._watch.stop(STOP_SECONDS)

    def note_change(self) -> None:
        """A cron was made or changed, committed already."""
        self._planned.note(self._resources.clock.now())

    async def add(self, connection: AsyncConnection, user: User, spec: RunSpec, given: Mapping[str, Any]) -> Cron:
        """`given` has thread_id, on_run_completed, schedule, timezone, end_time, enabled. Raises InvalidInput, NotFound."""
        now = self._resources.clock.now()
        check_schedule(given["schedule"], given["timezone"], now)
        if await rows.count(connection, user.account_id, rows.Search()) >= MOST:
            raise Conflict(f"There are {MOST} crons already; delete some first.", code="too_many_crons")
        if given["thread_id"]:
            thread = await threads.get(connection, user.account_id, given["thread_id"])
            await threads.ensure_row(connection, thread, now)
        cron = Cron(
            new_id(),
            user.account_id,
            user.id,
            metadata=spec.metadata,
            asked=spec.as_dict(),
            next_run_at=_next(given["schedule"], given["timezone"], given["end_time"], now),
            created_at=now,
            updated_at=now,
            **given,
        )
        await rows.insert(connection, cron)
        return cron

    async def change(
        self, connection: AsyncConnection, cron: Cron, given: Mapping[str, Any], asked: Mapping[str, Any]
    ) -> Cron:
        """`given` are columns, `asked` parts of the specification of its runs; both as far as they change."""
        now = self._resources.clock.now()
        metadata = {**cron.metadata, **asked.get("metadata", {})}
        spec = replace(read_spec(cron.asked), **{**asked, "metadata": metadata})
        if cron.thread_id is None and spec.input is None:
            raise InvalidInput("Without a thread, a cron needs an event.")
        changed = replace(cron, **given, metadata=metadata, asked=spec.as_dict(), updated_at=now)
        check_schedule(changed.schedule, changed.timezone, now)
        if {"schedule", "timezone", "end_time", "enabled"} & set(given):
            changed = replace(changed, next_run_at=_next(changed.schedule, changed.timezone, changed.end_time, now))
        names = (*given, "metadata", "asked", "updated_at", "next_run_at")
        await rows.update_cron(connection, cron, {name: getattr(changed, name) for name in names})
        return changed

    async def forget_lead(self, account_id: str, lead_id: str) -> None:
        """Crons whose event names the lead: they would bring an erased lead back."""
        async with self._resources.database.write() as connection:
            for cron in await rows.list_all(connection, account_id):
                event = (cron.asked.get("input") or {}).get("event")
                if not event:
                    continue
                named = await leads.find_by_identity(connection, account_id, leads.identity_keys(read_sender(event)))
                if named == lead_id:
                    await rows.remove(connection, cron)

    async def _scan(self, now: datetime) -> tuple[list[str], datetime | None]:
        with for_every_account(Purpose.CRONS):
            return await self._resources.database.ask(lambda connection: rows.list_due(connection, now, AT_ONCE))

    async def _fire_all(self, cron_ids: list[str]) -> None:
        for cron_id in cron_ids:
            try:
                with acting_for_owner(Key.CRON, cron_id):
                    await self._fire(cron_id)
            except Exception:
                # A loop of the worker: one that cannot be fired holds no other back.
                log.exception("a cron could not be fired", extra={"cron_id": cron_id})

    async def _fire(self, cron_id: str) -> None:
        """Dates that passed while no process was there come as one run."""
        now = self._resources.clock.now()
        async with self._resources.database.write() as connection:
            due = await rows.find_due(connection, cron_id, now)
            if due is None:
                return
            cron = due.cron
            moved_to = _next(cron.schedule, cron.timezone, cron.end_time, now)
            if not await rows.claim(connection, cron, moved_to):
                return
            live = await self._add_run(connection, due, now) if due.may_run else None
        if live:
            self._runs.launch(live)

    async def _add_run(self, connection: AsyncConnection, due: Due, now: datetime) -> LiveRun | None:
        cron, spec = due.cron, read_spec(due.cron.asked)
        spec = replace(spec, metadata={**cron.metadata, "cron_id": cron.cron_id})
        thread_id = cron.thread_id or new_id()
        if cron.thread_id is None:
            temporary = cron.on_run_completed != "keep"
            metadata = {"graph_id": "pipewise", "cron_id": cron.cron_id}
            await threads.create(connection, cron.account_id, thread_id, metadata, now, temporary=temporary)
        thread = await threads.get(connection, cron.account_id, thread_id)
        try:
            return await self._runs.add(connection, thread, spec, asked_by=due.email)
        except Conflict:
            log.info("a cron's run was left out: its thread is busy", extra={"cron_id": cron.cron_id})
            return None


def _next(schedule: str, zone: str | None, end: datetime | None, now: datetime) -> datetime | None:
    found = next_date(schedule, zone, now)
    return None if found and end and found > end else found
