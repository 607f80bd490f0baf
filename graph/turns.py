"""From a turn's request to the graph and back: the one way by which webhooks and HTTP runs use it."""

import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import Checkpoint
from langgraph.types import Command, Interrupt

from graph.checkpoints import Checkpoints, present, thread_id_of
from graph.run_options import RunOptions
from graph.state import EventInput, GraphInput, SaidInput, TurnInput
from graph.turn_results import read_result
from graph.turn_state import digests, read_state
from pipewise.desk_builder import DeskBuilder
from pipewise.journal import Journal, run_in
from pipewise.journal_codec import typed
from pipewise.language.late_intent_model import LateIntentModel
from pipewise.leads import Lead
from pipewise.storage.events import StoredEvent
from pipewise.turn_journals import RecordedTurn, TurnJournals
from pipewise.turns import Said, TurnRequest, TurnResult, UsageRecord

RECURSION_LIMIT = 40
INTERRUPT = "__interrupt__"
EVENTS = "events"  # a mode of the protocol, which LangGraph has a call of its own for
MEMORY_LOST = "begun anew: the checkpoint that the lead pointed at is missing"

log = logging.getLogger(__name__)
Part = tuple[tuple[str, ...], str, Any]


@dataclass(frozen=True)
class Ran:
    """What a run wrote. `result` is None where it is not a whole turn; `stopped`: before its end, `interrupts` being the
    questions to a person that it waits for."""

    checkpoint: Checkpoint
    result: TurnResult | None = None
    stopped: bool = False
    interrupts: tuple[Interrupt, ...] = ()


class GraphTurns:
    """Runs turns on a compiled graph, each with a journal."""

    def __init__(
        self,
        graph: Any,
        checkpoints: Checkpoints,
        desks: DeskBuilder,
        journals: TurnJournals,
        intents: LateIntentModel,
        *,
        has_provider: bool,
    ) -> None:
        self.graph = graph
        self.saver = checkpoints.saver
        self._checkpoints = checkpoints
        self._desks = desks
        self._journals = journals
        self.intents = intents
        self._has_provider = has_provider

    async def ready(self) -> None:
        """Until turns are answered with all that there is, and not by rules alone."""
        await self.intents.loaded()

    async def run(self, request: TurnRequest) -> TurnResult:
        """Start from the lead's pointer, whatever torn turns left behind; nothing is committed here."""
        ran = await self.run_with(request, RunOptions())
        if ran.result is None:
            raise AssertionError("a turn without breakpoints stopped before its end")
        return ran.result

    async def run_with(self, request: TurnRequest, options: RunOptions) -> Ran:
        """On a lead's own thread from the pointer, on another from its newest checkpoint, unless the options name one."""
        started_at = present()
        thread_id = request.thread_id or thread_id_of(request.account_id, request.lead.id)
        pointer = request.lead.checkpoint_id if request.thread_id is None else None
        if request.thread_id is None and options.checkpoint_id is None:
            await self._checkpoints.keep_only(thread_id, pointer, started_at)
        config = _config(thread_id, request.run_id, options.checkpoint_id or pointer)
        started = time.perf_counter()
        journal = self._journals.open(request)
        given = graph_input(request)
        if self.intents.model is None:
            given["turn"]["by_rules"] = True
        self.saver.given.add(request.run_id)
        try:
            stopped, interrupts = await self._invoke(request, journal, given, config, options)
            # What this run wrote, not the thread's newest: a worker that was paused past its lease may write to it as well.
            before, after = self.saver.loaded.get(request.run_id), self.saver.written[request.run_id]
        finally:
            self.saver.forget_turn(request.run_id)
        if stopped and not interrupts:
            return Ran(after, stopped=True)
        result = self._result(request, journal, given, before, after, _since(started))
        return Ran(after, result, stopped, interrupts)

    def _result(
        self,
        request: TurnRequest,
        journal: Journal,
        given: GraphInput,
        before: Checkpoint | None,
        after: Checkpoint,
        took_ms: int,
    ) -> TurnResult:
        values = after["channel_values"]
        took = UsageRecord(request.events[0].platform, "run", success=True, response_time_ms=took_ms)
        turn = RecordedTurn(
            versions=self._journals.versions,
            has_provider=self._has_provider,
            lead=typed(Lead).encode(journal.lead or request.lead),
            given=dict(given),
            before=read_state(before["channel_values"]) if before else {},
            after=digests(values),
            recording=journal.recording,
            outbound={},
        )
        checkpoint_id = after["id"] if request.thread_id is None else None
        result = read_result(values, took, checkpoint_id, self._journals.versions)
        if request.thread_id is None and request.lead.checkpoint_id and before is None:
            # The transcript still has what was said; the conversation's memory begins anew.
            log.warning("the conversation's memory is missing", extra={"lead_id": request.lead.id})
            result = replace(result, record={**result.record, "memory": MEMORY_LOST})
        return replace(result, journal=self._journals.keep(request, journal, turn))

    async def _invoke(
        self, request: TurnRequest, journal: Journal, given: GraphInput, config: RunnableConfig, options: RunOptions
    ) -> tuple[bool, tuple[Interrupt, ...]]:
        if request.effects:
            self._desks.live_turns.begin(request.run_id, request.lease)
        try:
            return await run_in(journal, lambda: self._carry_out(given, config, options))
        finally:
            self._desks.live_turns.end(request.run_id)
            self._desks.close(request.run_id)

    async def go_on(self, run_id: str, thread_id: str, given: Command[Any] | None, options: RunOptions) -> Ran:
        """Without a turn of its own: an interrupt is answered, or the steps after a checkpoint are taken. Nothing reaches a
        vendor."""
        try:
            stopped, interrupts = await self._carry_out(
                given, _config(thread_id, run_id, options.checkpoint_id), options
            )
            return Ran(self.saver.written[run_id], None, stopped, interrupts)
        finally:
            self.saver.forget_turn(run_id)

    async def _carry_out(
        self, given: Any, config: RunnableConfig, options: RunOptions
    ) -> tuple[bool, tuple[Interrupt, ...]]:
        """Whether it stopped before its end, and what it asks."""
        if options.emit is None:
            done = await self.graph.ainvoke(
                given, config, durability=options.durability, version="v2", **options.stops()
            )
            return bool(done.interrupts), tuple(done.interrupts)
        stopped, interrupts = False, ()
        async with aclosing(self._stream(given, config, options)) as parts:
            async for namespace, mode, told in parts:
                if mode == "updates" and INTERRUPT in told and not namespace:
                    stopped, interrupts = True, tuple(told[INTERRUPT])
                options.emit(namespace, mode, told)
        return stopped, interrupts

    async def _stream(self, given: Any, config: RunnableConfig, options: RunOptions) -> AsyncGenerator[Part]:
        """Namespace, mode and what is told; with `events` among the modes, what each step and model does as well."""
        more: dict[str, Any] = {
            "stream_mode": list(dict.fromkeys([*(set(options.modes) - {EVENTS}), "updates"])),
            "output_keys": self.graph.output_channels,
            "subgraphs": True,
            "durability": options.durability,
            **options.stops(),
        }
        if EVENTS not in options.modes:
            async with aclosing(self.graph.astream(given, config, **more)) as parts:
                async for part in parts:
                    yield part
            return
        async with aclosing(self.graph.astream_events(given, config, version="v2", **more)) as events:
            async for event in events:
                if event["event"] == "on_chain_stream" and not event["parent_ids"]:
                    yield event["data"]["chunk"]
                else:
                    yield (), EVENTS, event

    async def forget(self, account_id: str, lead_id: str) -> None:
        """Remove every checkpoint of a lead."""
        await self._checkpoints.forget(thread_id_of(account_id, lead_id))

    async def forget_thread(self, thread_id: str) -> None:
        """Remove a thread that only one run needed."""
        await self._checkpoints.forget(thread_id)


def _config(thread_id: str, run_id: str, checkpoint_id: str | None) -> RunnableConfig:
    place = {"thread_id": thread_id, "turn": run_id}
    if checkpoint_id:
        place["checkpoint_id"] = checkpoint_id
    return RunnableConfig(configurable=place, recursion_limit=RECURSION_LIMIT)


def graph_input(request: TurnRequest) -> GraphInput:
    turn = TurnInput(
        account_id=request.account_id, lead_id=request.lead.id, run_id=request.run_id, effects=request.effects
    )
    if request.approve:
        turn["approve"] = True
    given = GraphInput(events=[event_input(event) for event in request.events], turn=turn)
    if request.said:
        given["said"] = [_said_input(one) for one in request.said]
    return given


def _said_input(said: Said) -> SaidInput:
    given = SaidInput(id=said.id, by=said.by, text=said.text)
    if said.offered:
        given["offered"] = [dict(slot) for slot in said.offered]
    return given


def event_input(event: StoredEvent) -> EventInput:
    content = event.content
    given = EventInput(
        platform=event.platform,
        sender=_sender_of(event),
        text=str(content.get("text") or content.get("message") or ""),
        type=str(content.get("type") or event.kind),
        id=event.id,
    )
    if content.get("choice_id"):
        given["choice_id"] = str(content["choice_id"])
    return given


def _sender_of(event: StoredEvent) -> str:
    identities = (event.sender or {}).get("identities") or ()
    return str(identities[0]["external_id"]) if identities else ""


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
