"""Carries out one run of a thread: a lead's event is answered, an interrupt is, or the steps after a checkpoint are taken."""

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from graph.checkpoints import Checkpoints, present
from graph.http_runs import EventRun, HttpRuns
from graph.live_run import LiveRun, RunCancelled
from graph.protocol_json import describe_interrupt
from graph.run_options import RunOptions
from graph.run_output import output_of
from graph.run_spec import build_command, read_answer
from graph.thread_states import ThreadStates
from graph.turns import Ran
from pipewise import draft_decisions
from pipewise.draft_answers import DraftAnswer
from pipewise.draft_decisions import Decision
from pipewise.errors import Conflict, ErrorBody, InvalidInput, NotFound
from pipewise.person_replies import ReplyChannel
from pipewise.resources import Resources
from pipewise.storage import approvals, leads, threads
from pipewise.storage import thread_runs as runs
from pipewise.storage.approvals import Approval
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.storage.threads import Thread
from pipewise.storage.types import derived_id, new_id

LEFTOVER_AGE = timedelta(hours=1)
STALE = "What this draft answers or offers does not stand any more; write to the lead yourself, or ignore the draft."


class RunWork:
    def __init__(self, resources: Resources, http: HttpRuns, states: ThreadStates, checkpoints: Checkpoints) -> None:
        self.holder = new_id()
        self._resources = resources
        self._http = http
        self._states = states
        self._checkpoints = checkpoints

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset(self._http.turns.graph.nodes) - {"__start__"}

    async def carry_out(self, live: LiveRun) -> None:
        live.begun_at = present()
        live.teller.tell("metadata", {"run_id": live.run_id, "attempt": 1})
        if live.spec.input is not None:
            await self._answer_event(live)
        else:
            await self._go_on(live)
        live.status = live.ends_as

    async def _begin(self, connection: AsyncConnection, live: LiveRun, lead_id: str) -> None:
        """Raises RunCancelled if it was cancelled while it waited, or is another process's by now."""
        now = self._resources.clock.now()
        if live.row and not await runs.begin(connection, live.row, self.holder, lead_id, now):
            raise RunCancelled("The run was cancelled.")
        if live.status == "pending":
            live.status = "running"

    async def _answer_event(self, live: LiveRun) -> None:
        account_id, given = live.thread.account_id, live.spec.input or {}
        thread = live.thread if live.row else None
        lead_id = await self._http.find_lead(account_id, given, thread)
        run = EventRun(live.run_id, account_id, given, thread, self._options(live), live.withdrawal)
        live.output = await self._http.answer(
            run, lead_id, lambda c: self._begin(c, live, lead_id), lambda c, ran: self._end(c, live, ran)
        )
        live.is_recorded = True

    def _options(self, live: LiveRun, checkpoint_id: str | None = None) -> RunOptions:
        spec = live.spec
        kept_once = live.row is None or live.thread.lead_id is not None
        return RunOptions(
            durability="exit" if kept_once else spec.durability or "async",  # type: ignore[arg-type]
            checkpoint_id=checkpoint_id or spec.checkpoint_id,
            modes=live.teller.graph_modes,
            emit=live.teller.emit,
            stop_before=spec.stop_before,
            stop_after=spec.stop_after,
        )

    async def _end(self, connection: AsyncConnection, live: LiveRun, ran: Ran) -> None:
        """With the turn's commit: a run that was cancelled, or that another process has taken over, leaves nothing."""
        live.ends_as = "interrupted" if ran.stopped else "success"
        if live.row is None:
            live.withdrawal.check()
            return
        now = self._resources.clock.now()
        # The thread's row comes before its runs', as for whoever adds a run: no two of us wait for each other.
        await threads.set_status(connection, live.thread, "interrupted" if ran.stopped else "idle", now)
        if not await runs.finish(connection, live.row, self.holder, live.ends_as, now):
            raise RunCancelled("The run was cancelled.")

    async def _go_on(self, live: LiveRun) -> None:
        """An interrupt is answered, or the thread goes on from where it stands."""
        account_id, command = live.thread.account_id, live.spec.command
        stands = await self._states.snapshot(live.thread, live.spec.checkpoint_id)
        lead_id = live.thread.lead_id or stands.values.get("lead_id")
        if stands.created_at is None or lead_id is None:
            raise InvalidInput("The thread has no state to go on from; give it an event first.", code="empty_thread")
        if command and "resume" in command and not stands.interrupts:
            raise Conflict("The thread waits for no answer.", code="not_interrupted")
        async with self._http.lane(account_id, str(lead_id), lambda c: self._begin(c, live, str(lead_id))):
            await self._go_on_in_lane(live, stands, str(lead_id))

    async def _go_on_in_lane(self, live: LiveRun, stands: Any, lead_id: str) -> None:
        command, resources = live.spec.command, self._resources
        answer = read_answer(command["resume"]) if command and "resume" in command else None
        draft = await self._find_draft(live, stands.values) if answer else None
        channel = await self._find_channel(draft, answer)
        times_hold = await self._times_hold(draft, answer)
        given = build_command(command) if command else None
        options = self._options(live, await self._states.pointer(live.thread))
        ran = await self._http.turns.go_on(live.run_id, live.thread.place, given, options)
        async with resources.database.write() as connection:
            now = resources.clock.now()
            if live.thread.lead_id:
                await leads.update_lead(
                    connection, live.thread.account_id, lead_id, {"checkpoint_id": ran.checkpoint["id"]}, now
                )
            if draft and answer:
                by = live.row.asked_by if live.row else ""
                decision = Decision(answer.action, by, answer.text)
                await self._decide(connection, draft, channel, decision, times_hold=times_hold)
            await self._end(connection, live, ran)
        live.output = output_of(ran.checkpoint["channel_values"])
        if ran.interrupts:
            live.output = {**live.output, "__interrupt__": [describe_interrupt(one) for one in ran.interrupts]}

    async def _find_draft(self, live: LiveRun, values: dict[str, Any]) -> Approval | None:
        """Of an interrupted run that was to deliver."""
        turn = values.get("turn") or {}
        if not turn.get("effects"):
            return None
        async with self._resources.database.read() as connection:
            try:
                return await approvals.get_approval(connection, live.thread.account_id, derived_id(turn["run_id"], 0))
            except NotFound:
                return None

    async def _find_channel(self, draft: Approval | None, answer: DraftAnswer | None) -> ReplyChannel | None:
        """Raises Conflict if the draft was decided elsewhere, or has no way to its lead any more."""
        if draft is None or answer is None:
            return None
        if draft.status != "pending":
            raise Conflict(f"This draft was decided already: {draft.status}.", code="already_decided")
        if answer.action == "ignore":
            return None
        async with self._resources.database.read() as connection:
            lead = await leads.get_lead(connection, draft.account_id, draft.lead_id)
        return await draft_decisions.find_draft_channel(self._resources.connections, draft, lead)

    async def _times_hold(self, draft: Approval | None, answer: DraftAnswer | None) -> bool:
        """A late accept is looked at again, as one over /api/approvals is."""
        if draft is None or answer is None:
            return True
        decision = Decision(answer.action, "", answer.text)
        return await draft_decisions.times_stand(
            self._resources.connections, draft, decision, self._resources.clock.now()
        )

    async def _decide(
        self,
        connection: AsyncConnection,
        draft: Approval,
        channel: ReplyChannel | None,
        decision: Decision,
        *,
        times_hold: bool,
    ) -> None:
        now = self._resources.clock.now()
        stale = await draft_decisions.decide(connection, draft, channel, decision, now, times_hold=times_hold)
        if stale:  # nothing of this is kept: the question stands, and the person may write something else
            raise Conflict(STALE, code="stale_draft")

    async def undo(self, live: LiveRun) -> None:
        """Remove what the run has written to its thread. It has ended."""
        await self._checkpoints.saver.writes.close(live.run_id)
        if live.begun_at:
            await self._checkpoints.drop_after(live.thread.place, live.begun_at)

    async def clear_temporary(self) -> None:
        """Threads of runs without one, whose process ended before it could remove them."""
        before = self._resources.clock.now() - LEFTOVER_AGE
        with for_every_account(Purpose.THREAD_RUNS):
            left = await self._resources.database.ask(lambda c: threads.list_temporary(c, before))
        for thread in left:
            with acting_for(thread.account_id):
                await self._forget(thread)

    async def _forget(self, thread: Thread) -> None:
        await self._checkpoints.forget(thread.place)
        async with self._resources.database.write() as connection:
            await threads.remove(connection, thread)

    async def record_end(self, live: LiveRun, status: str, error: ErrorBody | None) -> None:
        """Of a run that did not end in a commit of its own; and a thread that was for one run goes with it."""
        if live.row is None:
            return
        if live.is_recorded and not live.thread.temporary:
            return
        now = self._resources.clock.now()
        async with self._resources.database.write() as connection:
            await threads.lock(connection, live.thread)
            ended = await runs.finish(
                connection, live.row, self.holder, status, now, error.as_dict() if error else None
            )
            if not ended:
                await runs.let_go(connection, live.row, self.holder)
            else:
                await threads.set_status(connection, live.thread, "error" if error else "idle", now)
            gone = not ended and await threads.find(connection, live.thread.account_id, live.thread.thread_id) is None
        if gone:
            # The lead was erased, or the thread removed, while the run wrote to it.
            await self._checkpoints.forget(live.thread.place)
        elif live.thread.temporary:
            await self._forget(live.thread)
