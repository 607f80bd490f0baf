"""The app's own checkpoints for `langgraph dev`: a lead's real thread opens, steps, forks and resumes; the lead is never touched.

What is written from there lies beside the conversation: the lead's pointer stays, and the next turn goes on from it and clears
the rest away.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.serde.base import SerializerProtocol
from sqlalchemy import select

from graph.checkpoint_rows import CheckpointRows
from graph.sealed_saver import SealedSaver
from pipewise.resources import open_resources
from pipewise.settings import load_settings
from pipewise.storage.accounts import first_user
from pipewise.storage.database import Database
from pipewise.storage.sqlite import install_sound_sqlite
from pipewise.storage.tables import leads
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.vault import Vault

NOTHING = "none"


class FixedSerializer:
    """The strict serializer as it is. The dev server copies a saver whose serializer could be opened for more types, and its
    copies of savers such as ours do not end."""

    def __init__(self, strict: SerializerProtocol) -> None:
        self._strict = strict

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        return self._strict.dumps_typed(obj)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        return self._strict.loads_typed(data)


class StudioSaver(SealedSaver):
    """A lead's thread stands where the lead's pointer points, until this process has written to it."""

    def __init__(self, inner: BaseCheckpointSaver[Any], vault: Vault, database: Database, rows: CheckpointRows) -> None:
        super().__init__(inner, vault)
        self.serde = FixedSerializer(self.serde)
        self._database = database
        self._rows = rows
        self._forked: set[str] = set()
        self._begun: dict[str, tuple[str, str]] = {}

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        given = config["configurable"]
        if not given.get("checkpoint_id") and not given.get("checkpoint_ns") and given["thread_id"] not in self._forked:
            pointer = await self._pointer(str(given["thread_id"]))
            if pointer:
                config = {"configurable": {**given, "checkpoint_id": pointer}}
        with acting_for(await self._owner(str(given["thread_id"]))):
            found = await super().aget_tuple(config)
        return _with_text_versions(found) if found else None

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002  the base class's name
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        listed = super().alist(config, filter=filter, before=before, limit=limit)
        owner = await self._owner(str(config["configurable"]["thread_id"]) if config else "")
        with acting_for(owner):  # all at once: a block that waits for its reader would lend the reader its account
            saved = [found async for found in listed]
        for found in saved:
            yield _with_text_versions(found)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        thread_id = str(config["configurable"]["thread_id"])
        self._forked.add(thread_id)
        if metadata.get("run_id"):
            self._begun.setdefault(str(metadata["run_id"]), (thread_id, str(checkpoint["id"])))
        with acting_for(await self._owner(thread_id)):
            return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        with acting_for(await self._owner(str(config["configurable"]["thread_id"]))):
            await super().aput_writes(config, writes, task_id, task_path)

    async def adelete_for_runs(self, run_ids: Iterable[str]) -> None:
        """What runs that are rolled back wrote. Without this the dev server ends when a client asks for it."""
        for run_id in run_ids:
            thread_id, first = self._begun.pop(str(run_id), (None, ""))
            if thread_id:
                # From its first checkpoint on: no other id lies between one and the same without its last character.
                with acting_for(await self._owner(thread_id)):
                    await self._rows.drop_after(thread_id, first[:-1])
                self.forget_recent(thread_id)

    async def adelete_thread(self, thread_id: str) -> None:
        """A lead's conversation ends with the lead, in `pipewise serve`: here only the way to it is forgotten."""
        if await self._pointer(str(thread_id)) is None:
            with acting_for(await self._owner(str(thread_id))):
                await super().adelete_thread(thread_id)

    async def _pointer(self, thread_id: str) -> str | None:
        """None if it is no lead's thread; of a lead without a committed turn, nothing is shown."""
        row = await self._lead_of(thread_id)
        return (row.checkpoint_id or NOTHING) if row else None

    async def _owner(self, thread_id: str) -> str:
        """A lead's thread is its account's; one that was made here is the first user's, whom a run by hand is for."""
        row = await self._lead_of(thread_id)
        if row:
            return str(row.account_id)
        with for_every_account(Purpose.DEV_SERVER):
            first = await self._database.ask(first_user)
        return first.account_id if first else ""

    async def _lead_of(self, thread_id: str) -> Any:
        statement = select(leads.c.account_id, leads.c.checkpoint_id).where(leads.c.thread_id == thread_id)
        with for_every_account(Purpose.DEV_SERVER):
            async with self._database.read() as connection:
                return (await connection.execute(statement)).first()


def _with_text_versions(found: CheckpointTuple) -> CheckpointTuple:
    """The dev server numbers versions by text, ours by numbers, and the two cannot be compared."""
    checkpoint = found.checkpoint
    seen = {node: _as_text(versions) for node, versions in checkpoint["versions_seen"].items()}
    versions: Any = _as_text(checkpoint["channel_versions"])
    return found._replace(checkpoint={**checkpoint, "channel_versions": versions, "versions_seen": seen})


def _as_text(versions: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: f"{version:032}.{0:.16f}" if isinstance(version, int) else version for name, version in versions.items()
    }


@asynccontextmanager
async def open_checkpointer() -> AsyncIterator[StudioSaver]:
    """Called by the dev server, once for each of its event loops."""
    await asyncio.to_thread(install_sound_sqlite)
    open_checkpoints = await asyncio.to_thread(_import_checkpoints)
    settings = await asyncio.to_thread(load_settings)
    async with (
        open_resources(settings) as resources,
        open_checkpoints(settings, resources.vault) as checkpoints,
    ):
        yield StudioSaver(checkpoints.saver.inner, resources.vault, resources.database, checkpoints.rows)


def _import_checkpoints() -> Any:
    """Only now: it imports SQLite, which had to be chosen before."""
    from graph.checkpoints import open_checkpoints  # noqa: PLC0415

    return open_checkpoints
