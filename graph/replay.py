"""Runs committed turns again from their journals, asking nobody, and tells the first thing that comes out differently."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from sqlalchemy import select

from graph.journaled_models import JournaledModels
from graph.main import Collaborators, build_graph
from graph.turn_results import read_result
from graph.turn_state import digests, open_state
from graph.turns import RECURSION_LIMIT
from graph.versions import read_versions
from pipewise.clock import Clock
from pipewise.desk_builder import DeskBuilder, LiveTurns
from pipewise.errors import NotFound, PipewiseError
from pipewise.journal import Journal, TurnClock, run_in
from pipewise.journal_codec import digest, typed
from pipewise.journaled import JournaledBookings, JournaledKnowledge, JournaledLeads, JournaledLinks
from pipewise.language.intent_model import load_intent_model
from pipewise.language.late_intent_model import LateIntentModel
from pipewise.leads import Lead
from pipewise.priority import AckPriority
from pipewise.reply_plan import plan_reply, read_channel
from pipewise.resources import open_resources
from pipewise.settings import Settings
from pipewise.storage.journal import JournalRow, list_turns
from pipewise.storage.row_security import act_within
from pipewise.storage.tables import leads
from pipewise.storage.tenancy import Purpose, for_every_account
from pipewise.turn_journals import RecordedTurn, open_document, read_turn
from pipewise.turns import UsageRecord
from pipewise.vault import Vault

# What code that was changed may trip over when it meets a recorded state.
BROKEN = (PipewiseError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RuntimeError)
LAST_STEP = "review"


@dataclass(frozen=True)
class Verdict:
    """`problem` names the first difference; None if the run came out as recorded."""

    run_id: str
    steps: int
    problem: str | None

    def line(self) -> str:
        if self.problem:
            return f"{self.run_id}  differs: {self.problem}"
        return f"{self.run_id}  holds: {self.steps} steps, state, route and outbox as recorded"


class Nobody:
    """Whom a replay would ask: no database, vendor or model answers here."""

    has_provider = False

    async def refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a replay asked outside of its journal")

    ask = scheduling = refuse


async def verify_turns(
    rows: Sequence[JournalRow], vault: Vault, clock: Clock, settings: Settings, versions: Mapping[str, str]
) -> list[Verdict]:
    """A verdict for each row; `versions` are of the code and prompts that run now."""
    return [await _verify(row, vault, clock, settings, versions) for row in rows]


async def _verify(
    row: JournalRow, vault: Vault, clock: Clock, settings: Settings, versions: Mapping[str, str]
) -> Verdict:
    try:
        turn = read_turn(open_document(vault, row))
    except BROKEN as error:
        return Verdict(row.run_id, 0, f"step 0 (journal): {_tell(error)}")
    try:
        problem = await _first_difference(row.run_id, turn, clock, settings, versions)
    except BROKEN as error:
        problem = _tell(error)
    changed = [
        f"{name} was {turn.versions.get(name)} and is {versions.get(name)}"
        for name in sorted({*turn.versions, *versions})
        if turn.versions.get(name) != versions.get(name)
    ]
    told = "; ".join(filter(None, [problem, *changed]))
    return Verdict(row.run_id, len(turn.recording.steps), told or None)


async def _first_difference(
    run_id: str, turn: RecordedTurn, clock: Clock, settings: Settings, versions: Mapping[str, str]
) -> str | None:
    journal = Journal(lead=typed(Lead).decode(turn.lead), recorded=turn.recording, replaying=True)
    parts = _collaborators(turn, clock, settings)
    graph: Any = build_graph(parts).compile(checkpointer=InMemorySaver(), name="pipewise")
    config = RunnableConfig(configurable={"thread_id": run_id}, recursion_limit=RECURSION_LIMIT)
    effects = bool(turn.given["turn"]["effects"])
    if effects:
        parts.desks.live_turns.begin(run_id)
    if turn.before:
        await graph.aupdate_state(config, open_state(turn.before), as_node=LAST_STEP)
    await run_in(journal, lambda: graph.ainvoke(dict(turn.given), config, durability="exit", version="v2"))
    values = (await graph.aget_state(config)).values
    reply = _reply_digest(run_id, turn, values, versions, effects=effects)
    if journal.left:
        place = len(turn.recording.steps) - len(journal.left) + 1
        return f"step {place} ({journal.left[0].kind}): it was recorded and is not asked for"
    if journal.clock_left:
        return journal.clock_left
    return _compare(turn, digests(values), reply)


def _tell(error: Exception) -> str:
    return error.message if isinstance(error, PipewiseError) else f"{type(error).__name__}: {error}"


def _compare(turn: RecordedTurn, after: Mapping[str, str], reply: str) -> str | None:
    for name in sorted({*turn.after, *after}):
        if turn.after.get(name) != after.get(name):
            return f"state ({name}): it comes out differently"
    return None if turn.outbound["reply"] == reply else "outbox: another message would be sent"


def _reply_digest(
    run_id: str, turn: RecordedTurn, values: Mapping[str, Any], versions: Mapping[str, str], *, effects: bool
) -> str:
    result = read_result(values, UsageRecord("replay", "run", success=True, response_time_ms=0), None, versions)
    channel = read_channel(turn.outbound["channel"]) if turn.outbound["channel"] else None
    return digest(plan_reply(run_id, result, channel, effects=effects).as_dict())


def _collaborators(turn: RecordedTurn, clock: Clock, settings: Settings) -> Collaborators:
    nobody: Any = Nobody()
    read = TurnClock(clock)
    desk = JournaledLeads(nobody, clock, nobody)
    bookings = JournaledBookings(nobody, nobody, clock, nobody)
    return Collaborators(
        clock=read,
        leads=desk,
        desks=DeskBuilder(desk, nobody, bookings, read, settings, LiveTurns()),
        links=JournaledLinks(nobody, nobody),
        knowledge=JournaledKnowledge(settings.data_dir),
        models=JournaledModels(nobody, has_provider=turn.has_provider),
        intents=LateIntentModel(load_intent_model()),
        priority=AckPriority(),
    )


async def replay_turns(settings: Settings, lead_id: str | None, run_id: str | None = None) -> list[Verdict]:
    """A verdict on each committed turn of a lead, or on one; without a lead on all. Raises NotFound if there is no journal."""
    async with open_resources(settings) as resources:
        wanted = [leads.c.id == lead_id] if lead_id else []
        with for_every_account(Purpose.COMMAND_LINE):
            async with resources.database.read() as connection:
                found = (await connection.execute(select(leads.c.account_id, leads.c.id).where(*wanted))).all()
        async with resources.database.read() as connection:
            rows = []
            for account, lead in found:
                await act_within(connection, account)
                rows += await list_turns(connection, account, lead, run_id)
        vault, clock = resources.vault, resources.clock
    if not rows:
        raise NotFound("There is no journal of this lead or run: wrong id, or older than journals are kept.")
    forbid_network()
    return await verify_turns(rows, vault, clock, settings, read_versions())


def forbid_network() -> None:
    """For the rest of this process, which does nothing else any more: a replay that would reach out fails loudly."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo"}:
            raise AssertionError("a replay reached for the network")

    sys.addaudithook(refuse)
