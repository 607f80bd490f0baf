"""The state of a thread: read, listed and changed. A lead's conversation stands where the lead's pointer points."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.errors import InvalidUpdateError
from langgraph.types import StateSnapshot

from graph.http_runs import HttpRuns
from graph.protocol_json import describe_checkpoint, describe_state
from graph.run_spec import check_values
from graph.sealed_saver import CLEAR_METADATA
from pipewise.audit import Act
from pipewise.errors import InvalidInput, NotFound
from pipewise.resources import Resources
from pipewise.storage import leads
from pipewise.storage import threads as rows
from pipewise.storage.threads import Thread

MOST_HISTORY = 100
MOST_LOOKED_AT = 1000


@dataclass(frozen=True)
class HistoryQuery:
    limit: int = 10
    before: str | None = None
    metadata: Mapping[str, Any] | None = None


class ThreadStates:
    def __init__(self, resources: Resources, runs: HttpRuns) -> None:
        self._resources = resources
        self._runs = runs
        self._graph = runs.turns.graph

    async def pointer(self, thread: Thread) -> str | None:
        """Where a lead's conversation stands; other threads stand at their newest checkpoint."""
        if thread.lead_id is None:
            return None
        async with self._resources.database.read() as connection:
            return (await leads.get_lead(connection, thread.account_id, thread.lead_id)).checkpoint_id

    async def snapshot(
        self, thread: Thread, checkpoint_id: str | None = None, *, subgraphs: bool = False
    ) -> StateSnapshot:
        """Raises NotFound if that checkpoint is not the thread's."""
        wanted = checkpoint_id or await self.pointer(thread)
        if wanted is None and thread.lead_id:
            wanted = "none"  # torn turns may lie about, which no one has seen the end of
        found: StateSnapshot = await self._graph.aget_state(_config(thread, wanted), subgraphs=subgraphs)
        if checkpoint_id and found.created_at is None:
            raise NotFound("There is no such checkpoint of this thread.")
        return found

    async def get(self, thread: Thread, checkpoint_id: str | None = None, *, subgraphs: bool = False) -> dict[str, Any]:
        found = await self.snapshot(thread, checkpoint_id, subgraphs=subgraphs)
        if found.created_at is None:
            found = found._replace(config={"configurable": {}})
        return describe_state(found, thread.thread_id)

    async def history(self, thread: Thread, query: HistoryQuery) -> list[dict[str, Any]]:
        """Newest first. Of a lead's conversation: what led to where it stands."""
        unknown = sorted(set(query.metadata or ()) - set(CLEAR_METADATA))
        if unknown:
            problem = {"field": f"metadata.{unknown[0][:100]}", "problem": f"only {' and '.join(CLEAR_METADATA)}"}
            raise InvalidInput("The history can be searched by what lies in clear alone.", details=(problem,))
        limit = min(query.limit, MOST_HISTORY)
        wanted, passed = await self.pointer(thread), query.before is None
        shown: list[dict[str, Any]] = []
        listed = self._graph.aget_state_history(
            _config(thread, None), filter=dict(query.metadata or {}) or None, limit=MOST_LOOKED_AT
        )
        async with aclosing(listed) as states:
            async for found in states:
                checkpoint_id = found.config["configurable"]["checkpoint_id"]
                if thread.lead_id:
                    if checkpoint_id != wanted:
                        continue
                    parent = found.parent_config
                    wanted = parent["configurable"]["checkpoint_id"] if parent else None
                if passed:
                    shown.append(describe_state(found, thread.thread_id))
                passed = passed or checkpoint_id == query.before
                if len(shown) >= limit:
                    break
        return shown

    async def update(
        self, thread: Thread, values: Any, *, as_node: str | None, checkpoint_id: str | None, by: str
    ) -> dict[str, Any]:
        """Returns the place of the new checkpoint. On a lead's conversation the pointer moves with it, and the change is recorded."""
        if values is not None:
            check_values(values)
        if as_node is not None and as_node not in self._graph.nodes:
            problem = {"field": "as_node", "problem": "there is no such node"}
            raise InvalidInput("The state cannot be changed like this.", details=(problem,))
        if thread.lead_id is None:
            config = await self._write(thread, checkpoint_id, values, as_node)
            async with self._resources.database.write() as connection:
                await rows.set_status(connection, thread, "idle", self._resources.clock.now())
        else:
            async with self._runs.lane(thread.account_id, thread.lead_id):
                config = await self._write(thread, checkpoint_id, values, as_node)
                await self._move_pointer(thread, thread.lead_id, config, by)
        return {"checkpoint": describe_checkpoint(config, thread.thread_id)}

    async def _write(
        self, thread: Thread, checkpoint_id: str | None, values: Any, as_node: str | None
    ) -> RunnableConfig:
        base = await self.snapshot(thread, checkpoint_id)
        known = base.config["configurable"]["checkpoint_id"] if base.created_at else None
        try:
            config: RunnableConfig = await self._graph.aupdate_state(_config(thread, known), values, as_node=as_node)
        except (InvalidUpdateError, ValueError, TypeError, KeyError) as error:
            problem = {
                "field": "values",
                "problem": "do not fit the state, or name as_node: the last node is not clear",
            }
            raise InvalidInput("The state cannot be changed like this.", details=(problem,)) from error
        return config

    async def _move_pointer(self, thread: Thread, lead_id: str, config: RunnableConfig, by: str) -> None:
        now, moved_to = self._resources.clock.now(), str(config["configurable"]["checkpoint_id"])
        async with self._resources.database.write() as connection:
            lead = await leads.lock_lead(connection, thread.account_id, lead_id)
            await leads.update_lead(connection, thread.account_id, lead_id, {"checkpoint_id": moved_to}, now)
            await leads.record_change(
                connection,
                lead,
                "memory",
                lead.checkpoint_id,
                moved_to,
                actor=by,
                reason="changed the state of the conversation",
                now=now,
            )
            audit, target = self._resources.audit, f"lead:{lead_id}"
            await audit.record(connection, thread.account_id, Act.MEMORY_CHANGED, target, actor=by, now=now)


def _config(thread: Thread, checkpoint_id: str | None) -> RunnableConfig:
    place = {"thread_id": thread.place, "checkpoint_ns": ""}
    return {"configurable": {**place, "checkpoint_id": checkpoint_id} if checkpoint_id else place}
