"""Runs on threads: one after the other on each thread, in the order in which they were asked for, none lost."""

import asyncio
import logging
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from graph.live_run import LiveRun, RunCancelled
from graph.run_spec import RunSpec, check_spec, read_spec
from graph.run_stream import FinishedStreams
from graph.run_work import RunWork
from pipewise.errors import Conflict, ErrorBody, PipewiseError
from pipewise.keyed_locks import KeyedLocks
from pipewise.resources import Resources
from pipewise.storage import thread_runs as runs
from pipewise.storage import threads
from pipewise.storage.accounts import User
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.storage.thread_runs import ThreadRun
from pipewise.storage.threads import Thread
from pipewise.storage.types import new_id

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.05
HOLD_SECONDS = 3.0
DRAIN_SECONDS = 1.0
ELSEWHERE = (
    "Another process carries out the run, which cannot be rolled back from here; interrupt it, or wait for its end."
)
PUSHING = frozenset({"interrupt", "rollback"})


class ThreadRuns:
    """`adopts`: whether this process takes over the runs of those that are gone."""

    def __init__(self, resources: Resources, work: RunWork, *, adopts: bool) -> None:
        self._resources = resources
        self._work = work
        self._adopts = adopts
        self._holder = work.holder
        self._live: dict[str, LiveRun] = {}
        self._finished = FinishedStreams()
        self._in_line = KeyedLocks()
        self._places = asyncio.Semaphore(resources.settings.max_concurrent_runs)
        self._tasks: set[asyncio.Task[None]] = set()
        self._keeping: asyncio.Task[None] | None = None

    async def open(self) -> None:
        if self._adopts:
            await self._adopt(whole=self._resources.settings.is_embedded)
            await self._work.clear_temporary()
        self._keeping = asyncio.create_task(self._keep_holding(), name="thread runs")

    async def close(self) -> None:
        """What runs may end; what does not is taken up again by the next process."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
        going = [task for task in (*self._tasks, self._keeping) if task]
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def start(self, user: User, thread: Thread, spec: RunSpec) -> LiveRun:
        """On a thread that has, or gets, a row. Raises Conflict if the strategy is `reject` and the thread is busy."""
        check_spec(spec, self._work.nodes)
        return self.launch(
            await self._resources.database.transact(lambda c: self.add(c, thread, spec, asked_by=user.email))
        )

    async def add(self, connection: AsyncConnection, thread: Thread, spec: RunSpec, *, asked_by: str) -> LiveRun:
        """To be launched once it is committed; if this process ends before that, the next one takes it up."""
        run_id, now = new_id(), self._resources.clock.now()
        await threads.ensure_row(connection, thread, now)
        row = await runs.add(
            connection,
            thread,
            run_id,
            spec.as_dict(),
            strategy=spec.strategy,
            metadata=spec.metadata,
            asked_by=asked_by,
            holder=self._holder,
            now=now,
        )
        aside = await runs.push_aside(connection, row, now) if spec.strategy in PUSHING else []
        if spec.strategy == "rollback" and any(self._is_elsewhere(one) for one in aside):
            raise Conflict(ELSEWHERE, code="busy")
        is_first = not await runs.must_wait(connection, row)
        return LiveRun(thread, run_id, spec, row, tuple(aside), is_first=is_first)

    def _is_elsewhere(self, row: ThreadRun) -> bool:
        """Whether another process may have written for it."""
        return row.status == "running" and row.run_id not in self._live

    def start_without_thread(self, user: User, spec: RunSpec) -> LiveRun:
        """The client waits for the end: if this process ends first, the client knows."""
        check_spec(spec, self._work.nodes)
        now = self._resources.clock.now()
        thread = Thread(user.account_id, new_id(), None, {}, "busy", temporary=True, created_at=now, updated_at=now)
        return self.launch(LiveRun(thread, new_id(), spec, None))

    def find(self, account_id: str, thread_id: str, run_id: str) -> LiveRun | None:
        """A run of this process that goes on, or ended lately."""
        found: LiveRun | None = self._live.get(run_id) or self._finished.get(run_id)
        mine = found and (found.thread.account_id, found.thread.thread_id) == (account_id, thread_id)
        return found if mine else None

    async def cancel(self, row: ThreadRun, live: LiveRun | None, *, undo: bool) -> None:
        """`undo` takes back what the run wrote to its thread, and the run with it. One that has ended stays as it is. One that
        another process carries out is stopped there within moments."""
        if undo and live is None and self._is_elsewhere(row):
            raise Conflict(ELSEWHERE, code="busy")
        async with self._resources.database.write() as connection:
            stopped = await runs.cancel(connection, row, self._resources.clock.now())
        if live and stopped:
            live.cancel()
            await live.ended.wait()
        if undo:
            await self._take_back(row, live if stopped else None)

    async def cancel_all(self, account_id: str, thread: Thread) -> None:
        """Whatever goes on on a thread."""
        async with self._resources.database.read() as connection:
            going = await runs.list_unfinished(connection, account_id, threads.UNFINISHED)
        for row in (run for run in going if run.thread_id == thread.thread_id):
            await self.cancel(row, self._live.get(row.run_id), undo=False)

    def cancel_without_thread(self, live: LiveRun) -> None:
        if not live.ended.is_set():
            live.cancel()

    def forget(self, run_id: str) -> None:
        self._finished.remove(run_id)

    async def wait_for(self, row: ThreadRun, thread: Thread) -> ThreadRun:
        """The end of a run that another process carries out. Raises NotFound if it is removed meanwhile."""
        while not row.is_finished:
            await asyncio.sleep(LOOK_SECONDS * 4)
            async with self._resources.database.read() as connection:
                row = await runs.get(connection, thread, row.run_id)
        return row

    def launch(self, live: LiveRun) -> LiveRun:
        self._live[live.run_id] = live
        with acting_for(live.thread.account_id):
            task = asyncio.create_task(self._see_through(live), name=f"run {live.run_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return live

    async def _see_through(self, live: LiveRun) -> None:
        """From its turn in the line to its end, whatever that is."""
        work = live.work = asyncio.create_task(self._carry_out(live))
        try:
            await asyncio.wait({work})
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
                live.end("interrupted", ErrorBody("The server is stopping; the run goes on later.", "stopping"))
                self._live.pop(live.run_id, None)
        await self._settle(live, work)
        self._finished.add(live.run_id, live)
        self._live.pop(live.run_id, None)

    async def _carry_out(self, live: LiveRun) -> None:
        row = live.row
        if row is None:
            async with self._places:
                await self._work.carry_out(live)
            return
        await self._push_aside(live)
        while True:
            async with self._in_line.hold((row.account_id, row.thread_id)):
                if live.is_first or not await self._resources.database.ask(lambda c: runs.must_wait(c, row)):
                    async with self._places:
                        await self._work.carry_out(live)
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def _push_aside(self, live: LiveRun) -> None:
        """The rows say already that these were stopped: here they are waited for, and taken back where that was asked."""
        for row in live.aside:
            other: LiveRun | None = self._live.get(row.run_id) or self._finished.get(row.run_id)
            if other:
                if not other.ended.is_set():
                    other.cancel()
                await other.ended.wait()
                await self._push_aside(other)  # what it had not come to
            await self._until_let_go(row)
            if live.spec.strategy == "rollback":
                await self._take_back(row, other)

    async def _until_let_go(self, row: ThreadRun) -> None:
        while True:
            async with self._resources.database.read() as connection:
                if not await runs.is_held(connection, row, self._holder):
                    return
            await asyncio.sleep(LOOK_SECONDS * 4)

    async def _take_back(self, row: ThreadRun, live: LiveRun | None) -> None:
        """What the run wrote to its thread, and the run with it."""
        if live:
            await self._work.undo(live)
        async with self._resources.database.write() as connection:
            await runs.remove(connection, row)
        self._finished.remove(row.run_id)

    async def _settle(self, live: LiveRun, work: asyncio.Task[None]) -> None:
        problem = None if work.cancelled() else work.exception()
        if isinstance(problem, RunCancelled):
            live.status, problem = "interrupted", None
        if live.status == "interrupted" and isinstance(problem, PipewiseError):
            problem = None
        error = _describe(live, problem) if problem else None
        status = "error" if error else live.status
        with suppress(SQLAlchemyError):  # a run that could not be ended is taken up again
            await self._work.record_end(live, status, error)
        live.end(status, error)

    async def _keep_holding(self) -> None:
        """Others may take over only what is not held any more."""
        while True:
            await asyncio.sleep(HOLD_SECONDS)
            try:
                if self._live:
                    with for_every_account(Purpose.THREAD_RUNS):
                        async with self._resources.database.write() as connection:
                            await runs.hold(connection, self._holder)
                            stopped = await runs.list_stopped(connection, self._holder)
                    for live in (self._live[run_id] for run_id in stopped if run_id in self._live):
                        live.cancel()
                if self._adopts and not self._resources.settings.is_embedded:
                    await self._adopt(whole=False)
            except SQLAlchemyError:
                log.warning("the runs of threads could not be held", exc_info=True)

    async def _adopt(self, *, whole: bool) -> None:
        with for_every_account(Purpose.THREAD_RUNS):
            async with self._resources.database.write() as connection:
                adopted = await runs.adopt(connection, self._holder, whole=whole)
        for run in adopted:
            thread = await self._find_thread(run)
            if thread and run.asked is not None and run.run_id not in self._live:
                self.launch(LiveRun(thread, run.run_id, read_spec(run.asked), run))

    async def _find_thread(self, run: ThreadRun) -> Thread | None:
        with acting_for(run.account_id):
            async with self._resources.database.read() as connection:
                return await threads.find(connection, run.account_id, run.thread_id)


def _describe(live: LiveRun, problem: BaseException) -> ErrorBody:
    if isinstance(problem, PipewiseError) and problem.status != PipewiseError.status:
        return problem.body()
    log.error("a run failed", exc_info=problem, extra={"run_id": live.run_id})
    return ErrorBody("Something unexpected went wrong; the log has it under the run's id.", "internal_error")
