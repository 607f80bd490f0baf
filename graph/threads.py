"""Threads as the protocol's clients handle them: made, looked for, copied, pruned, removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointTuple

from graph.checkpoints import Checkpoints, present
from graph.protocol_json import describe_interrupt
from graph.thread_states import ThreadStates
from pipewise.errors import Conflict, InvalidInput
from pipewise.lead_view import format_time
from pipewise.resources import Resources
from pipewise.storage import threads as rows
from pipewise.storage.accounts import User
from pipewise.storage.threads import Search, Thread
from pipewise.storage.types import new_id, thread_id_of

GRAPH = "pipewise"
MOST_COPIED = 2000


class Threads:
    def __init__(self, resources: Resources, states: ThreadStates, checkpoints: Checkpoints) -> None:
        self._resources = resources
        self._checkpoints = checkpoints
        self.states = states

    async def get(self, user: User, thread_id: str) -> Thread:
        """Raises NotFound, also for another account's."""
        return await self._resources.database.ask(lambda c: rows.get(c, user.account_id, thread_id))

    async def create(
        self,
        user: User,
        thread_id: str | None,
        metadata: Mapping[str, Any],
        *,
        may_exist: bool,
        temporary: bool = False,
    ) -> Thread:
        """Raises Conflict if it is there and may not be."""
        wanted, now = thread_id or new_id(), self._resources.clock.now()
        async with self._resources.database.write() as connection:
            found = await rows.find(connection, user.account_id, wanted) if thread_id else None
            if found is None:
                made = await rows.create(connection, user.account_id, wanted, metadata, now, temporary=temporary)
                return await rows.get(connection, user.account_id, wanted) if made or may_exist else _exists()
            if not may_exist:
                _exists()
            await rows.ensure_row(connection, found, now)
            return found

    async def change(self, user: User, thread_id: str, metadata: Mapping[str, Any]) -> Thread:
        async with self._resources.database.write() as connection:
            thread = await rows.get(connection, user.account_id, thread_id)
            await rows.change_metadata(connection, thread, metadata, self._resources.clock.now())
            return await rows.get(connection, user.account_id, thread_id)

    async def search(self, user: User, wanted: Search) -> list[Thread]:
        """With a lead's id in the metadata, its conversation is found even if no client has used it yet."""
        async with self._resources.database.read() as connection:
            found = await rows.search(connection, user.account_id, wanted)
            lead_id = wanted.metadata.get("lead_id")
            if isinstance(lead_id, str) and not wanted.offset and not any(one.lead_id == lead_id for one in found):
                found += await self._own_conversation(connection, user, lead_id, wanted)
        return found

    async def _own_conversation(self, connection: Any, user: User, lead_id: str, wanted: Search) -> list[Thread]:
        thread_id = thread_id_of(user.account_id, lead_id)
        thread = await rows.find(connection, user.account_id, thread_id)
        fits = thread and wanted.status in {None, thread.status} and wanted.metadata.items() <= thread.metadata.items()
        return [thread] if thread and fits and (wanted.ids is None or thread_id in wanted.ids) else []

    async def count(self, user: User, wanted: Search) -> int:
        return await self._resources.database.ask(lambda c: rows.count(c, user.account_id, wanted))

    async def describe(self, thread: Thread, *, with_values: bool = True) -> dict[str, Any]:
        """`values` are those of the state that the thread stands at."""
        described: dict[str, Any] = {
            "thread_id": thread.thread_id,
            "created_at": format_time(thread.created_at),
            "updated_at": format_time(thread.updated_at),
            "metadata": dict(thread.metadata),
            "status": thread.status,
            "config": {},
            "error": None,
            "values": None,
            "interrupts": {},
        }
        if with_values:
            state = await self.states.snapshot(thread)
            described["values"] = state.values or None
            described["interrupts"] = {
                task.id: [describe_interrupt(one) for one in task.interrupts] for task in state.tasks if task.interrupts
            }
        return described

    async def remove(self, thread: Thread) -> None:
        """Raises Conflict for a lead's conversation: that ends with the lead."""
        if thread.lead_id:
            raise Conflict(
                "This is a lead's conversation; erase the lead with DELETE /api/leads/{id}.", code="lead_conversation"
            )
        async with self._resources.database.write() as connection:
            await rows.remove(connection, thread)
        await self._checkpoints.forget(thread.place)

    async def forget_lead(self, account_id: str, lead_id: str) -> None:
        """Every other thread in which this lead was spoken with; before the lead itself is erased."""
        for thread in await self._resources.database.ask(lambda c: rows.list_of_lead(c, account_id, lead_id)):
            await self.remove(thread)

    async def prune(self, user: User, thread_ids: Sequence[str], *, keep_latest: bool) -> int:
        """How many there were. Ids that are not the account's count for nothing."""
        done = 0
        for thread_id in thread_ids:
            async with self._resources.database.read() as connection:
                thread = await rows.find(connection, user.account_id, thread_id)
            if thread is None or thread.lead_id:
                continue
            if keep_latest:
                state = await self.states.snapshot(thread)
                if state.created_at:
                    newest = state.config["configurable"]["checkpoint_id"]
                    await self._checkpoints.keep_only(thread.place, newest, present())
            else:
                await self.remove(thread)
            done += 1
        return done

    async def copy(self, user: User, thread: Thread) -> Thread:
        """A thread of its own with the same history; a lead's conversation is copied as it stands."""
        copied = await self.create(user, None, {**thread.metadata, "copied_from": thread.thread_id}, may_exist=False)
        for saved in reversed(await self._list_saved(thread)):
            await self._put(saved, copied.place)
        async with self._resources.database.write() as connection:
            await rows.set_status(connection, copied, _resting(thread.status), self._resources.clock.now())
        return copied

    async def _list_saved(self, thread: Thread) -> list[CheckpointTuple]:
        place = {"thread_id": thread.place, "checkpoint_ns": ""}
        pointer = await self.states.pointer(thread)
        if thread.lead_id:
            config: RunnableConfig = {"configurable": {**place, "checkpoint_id": pointer or "none"}}
            found = await self._checkpoints.saver.aget_tuple(config)
            return [found] if found else []
        listed = [
            saved async for saved in self._checkpoints.saver.alist({"configurable": place}, limit=MOST_COPIED + 1)
        ]
        if len(listed) > MOST_COPIED:
            problem = {"field": "thread_id", "problem": f"has more than {MOST_COPIED} checkpoints; prune it first"}
            raise InvalidInput("The thread is too long to be copied.", details=(problem,))
        return listed

    async def _put(self, saved: CheckpointTuple, place: str) -> None:
        saver = self._checkpoints.saver
        base: dict[str, Any] = {"thread_id": place, "checkpoint_ns": ""}
        if saved.parent_config:
            base["checkpoint_id"] = saved.parent_config["configurable"]["checkpoint_id"]
        config = await saver.aput({"configurable": base}, saved.checkpoint, saved.metadata, {})
        by_task: dict[str, list[tuple[str, Any]]] = {}
        for task_id, channel, value in saved.pending_writes or ():
            by_task.setdefault(task_id, []).append((channel, value))
        for task_id, writes in by_task.items():
            await saver.aput_writes(config, writes, task_id)


def _resting(status: str) -> str:
    return "interrupted" if status == "interrupted" else "idle"


def _exists() -> Thread:
    raise Conflict("A thread of this id is there already; use if_exists=do_nothing to take it.", code="thread_exists")
