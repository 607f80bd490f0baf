"""Checkpoints as sealed values: LangGraph's own savers keep the rows, and see ids and ciphertext only.

What is read is taken for an attacker's until its seal opened: nothing is deserialized before. One envelope a checkpoint (values,
versions, metadata, parent) and one a pending write, each bound to its place: a row that was copied elsewhere does not open.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    PendingWrite,
    writes_sort_key,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graph.turn_writes import TurnWrites
from pipewise.errors import CredentialUnreadable, PipewiseError
from pipewise.vault import Place, Vault

SEALED = "pipewise-sealed-1"
CHANNEL = "sealed"
CLEAR_METADATA = ("source", "step")
FORMAT = 4  # of LangGraph's checkpoints; the savers migrate older ones
MALFORMED = (AttributeError, KeyError, TypeError, ValueError)  # what a saver raises on rows that it cannot have written
_MALFORMED = "A stored checkpoint has no known form."
RECENT = 512  # checkpoints of about 8 kB
_FAST = 1  # zlib's level: the higher ones take three times as long for a tenth less


class CheckpointRefused(PipewiseError):
    """A stored checkpoint is not sealed, was changed or moved, or its key is not known."""

    code = "checkpoint_refused"


class EnvelopeSerializer:
    """What the wrapped saver serializes with: envelopes as they are. Whatever carries another mark is refused unread."""

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """A pending write comes as an envelope; on SQLite a checkpoint comes whole, and its envelope is all there is."""
        if isinstance(obj, bytes):
            return SEALED, obj
        return SEALED, b64decode(obj["channel_values"][CHANNEL])

    def loads_typed(self, data: tuple[str, bytes]) -> bytes:
        if data[0] != SEALED:
            raise CheckpointRefused("A stored checkpoint is not sealed.", manual_action_required=True)
        return data[1]


class Sealer:
    """Envelopes of what was serialized, compressed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def seal(self, plain: bytes, place: Place) -> bytes:
        return self._vault.seal(zlib.compress(plain, _FAST), place)

    def open(self, envelope: object, place: Place) -> bytes:
        """Raises CheckpointRefused."""
        if not isinstance(envelope, bytes):
            raise CheckpointRefused("A stored checkpoint is not sealed.", manual_action_required=True)
        try:
            return zlib.decompress(self._vault.open(envelope, place))
        except CredentialUnreadable as error:
            raise CheckpointRefused(
                f"A stored checkpoint was refused. {error.message}", manual_action_required=True
            ) from error


class SealedSaver(BaseCheckpointSaver[int]):
    """Around a saver whose serializer is EnvelopeSerializer. `loaded` holds what the runs that are under way started from and
    `written` what they have written, by the `turn` in their configuration, so that a run's result is its own, whatever another
    one wrote to the thread. Those in `given` begin with an input, and so take up none that was broken off.

    `alone`: no other process writes here, so that what was written lately need not be read and opened again."""

    def __init__(self, inner: BaseCheckpointSaver[Any], vault: Vault, *, alone: bool = False) -> None:
        # Named, not left to the environment: no type but LangChain's messages is ever built from a checkpoint.
        super().__init__(serde=JsonPlusSerializer(allowed_msgpack_modules=None, pickle_fallback=False))
        self.inner = inner
        self.sealer = Sealer(vault)
        self.written: dict[str, Checkpoint] = {}
        self.loaded: dict[str, Checkpoint | None] = {}
        self.given: set[str] = set()
        self.writes = TurnWrites()
        self._alone = alone
        self._recent: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Raises CheckpointRefused."""
        turn = config["configurable"].get("turn")
        if turn in self.given and turn in self.loaded and not any(_ids(_bare(config))[1:]):
            # LangGraph asks for the thread's newest as well, to learn whether a run that takes up an earlier one was overtaken.
            return None
        opened = await self._get(config)
        if turn:
            # The first look alone is where a run starts from.
            self.loaded.setdefault(turn, opened.checkpoint if opened else None)
        return opened

    async def _get(self, config: RunnableConfig) -> CheckpointTuple | None:
        bare = _bare(config)
        recent = self._recent.get(_ids(bare)) if config["configurable"].get("turn") else None
        if recent is not None:
            return self._read(bare, recent, [])
        try:
            saved = await self.inner.aget_tuple(bare)
        except MALFORMED as error:
            raise CheckpointRefused(_MALFORMED, manual_action_required=True) from error
        return self._open(saved) if saved else None

    def forget_turn(self, turn: str) -> None:
        """The run has ended: what it was started from and what it wrote need not be remembered."""
        self.given.discard(turn)
        self.loaded.pop(turn, None)
        self.written.pop(turn, None)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002  the base class's name
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """Newest first. Only what lies in clear can be filtered by."""
        if not set(filter or ()) <= set(CLEAR_METADATA):
            raise ValueError(f"checkpoints can be filtered by {' and '.join(CLEAR_METADATA)} only")
        listed = self.inner.alist(config and _bare(config), filter=filter, before=before, limit=limit)
        # Closed with us: a saver holds its lock or connection until its listing ends.
        async with aclosing(cast("AsyncGenerator[CheckpointTuple]", listed)) as rows:
            while True:
                try:
                    saved = await anext(rows)
                except StopAsyncIteration:
                    return
                except MALFORMED as error:
                    raise CheckpointRefused(_MALFORMED, manual_action_required=True) from error
                yield self._open(saved)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,  # noqa: ARG002  all values stand in one envelope
    ) -> RunnableConfig:
        bare = _bare(config)
        thread_id, namespace, parent = _ids(bare)
        plain = self._dump({"checkpoint": checkpoint, "metadata": metadata, "parent": parent})
        envelope = self.sealer.seal(plain, checkpoint_place(thread_id, namespace, checkpoint["id"]))
        outer = Checkpoint(
            v=FORMAT,
            id=checkpoint["id"],
            ts="",
            channel_values={CHANNEL: b64encode(envelope).decode()},
            channel_versions={},
            versions_seen={},
            updated_channels=None,
        )
        turn = config["configurable"].get("turn")
        with self.writes.writing(turn) as is_open:
            if not is_open:
                return _config(thread_id, namespace, checkpoint["id"])
            saved = await self.inner.aput(bare, outer, clear_part(metadata), {})
        if self._alone:
            self._remember((thread_id, namespace, checkpoint["id"]), plain)
        if turn and not namespace:
            self.written[turn] = checkpoint
        return saved

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        bare = _bare(config)
        thread_id, namespace, checkpoint_id = _ids(bare)
        sealed = []
        for number, (channel, value) in enumerate(writes):
            place = write_place(thread_id, namespace, checkpoint_id, task_id, channel)
            plain = self._dump([task_path, WRITES_IDX_MAP.get(channel, number), value])
            sealed.append((channel, self.sealer.seal(plain, place)))
        self._recent.pop((thread_id, namespace, checkpoint_id), None)
        await self.inner.aput_writes(bare, sealed, task_id, task_path)

    def _remember(self, place: tuple[str, str, str], plain: bytes) -> None:
        self._recent[place] = plain
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def forget_recent(self, thread_id: str) -> None:
        for place in [place for place in self._recent if place[0] == thread_id]:
            del self._recent[place]

    async def adelete_thread(self, thread_id: str) -> None:
        self.forget_recent(thread_id)
        await self.inner.adelete_thread(thread_id)

    def seal_checkpoint(
        self,
        thread_id: str,
        namespace: str,
        parent: str | None,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
    ) -> bytes:
        plain = self._dump({"checkpoint": checkpoint, "metadata": metadata, "parent": parent})
        return self.sealer.seal(plain, checkpoint_place(thread_id, namespace, checkpoint["id"]))

    def _dump(self, value: Any) -> bytes:
        return self.serde.dumps_typed(value)[1]

    def _load(self, plain: bytes) -> Any:
        return self.serde.loads_typed(("msgpack", plain))

    def _open(self, saved: CheckpointTuple) -> CheckpointTuple:
        thread_id, namespace, checkpoint_id = _ids(saved.config)
        envelope = _envelope_of(saved.checkpoint)
        plain = self.sealer.open(envelope, checkpoint_place(thread_id, namespace, checkpoint_id))
        writes = [self._open_write(saved.config, *write) for write in saved.pending_writes or ()]
        if len({write[:3] for write in writes}) < len(writes):
            raise CheckpointRefused("A pending write is stored twice.", manual_action_required=True)
        writes.sort(key=lambda write: writes_sort_key(*write[:3]))
        return self._read(saved.config, plain, [write[3] for write in writes])

    def _read(self, config: RunnableConfig, plain: bytes, writes: list[PendingWrite]) -> CheckpointTuple:
        thread_id, namespace, _ = _ids(config)
        opened = self._load(plain)
        return CheckpointTuple(
            config=config,
            checkpoint=opened["checkpoint"],
            metadata=opened["metadata"],
            parent_config=_config(thread_id, namespace, opened["parent"]) if opened["parent"] else None,
            pending_writes=writes,
        )

    def _open_write(
        self, config: RunnableConfig, task_id: str, channel: str, envelope: object
    ) -> tuple[str, str, int, PendingWrite]:
        """Its order among the others, as sealed with it, and the write."""
        place = write_place(*_ids(config), task_id, channel)
        task_path, number, value = self._load(self.sealer.open(envelope, place))
        return task_path, task_id, number, (task_id, channel, value)


def clear_part(metadata: CheckpointMetadata) -> CheckpointMetadata:
    return cast("CheckpointMetadata", {name: value for name, value in metadata.items() if name in CLEAR_METADATA})


def checkpoint_place(thread_id: str, namespace: str, checkpoint_id: str) -> Place:
    return Place("checkpoints", "checkpoint", "", json.dumps([thread_id, namespace, checkpoint_id]))


def write_place(thread_id: str, namespace: str, checkpoint_id: str, task_id: str, channel: str) -> Place:
    """The number of the write is sealed with it: savers do not tell it when they read."""
    return Place("checkpoint_writes", "value", "", json.dumps([thread_id, namespace, checkpoint_id, task_id, channel]))


def _envelope_of(stored: Any) -> object:
    """SQLite keeps bytes; PostgreSQL JSON, with the envelope as the only value."""
    if isinstance(stored, bytes):
        return stored
    values = stored.get("channel_values") if isinstance(stored, Mapping) else None
    text = values.get(CHANNEL) if isinstance(values, Mapping) else None
    if not isinstance(text, str):
        return None
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return None


def _bare(config: RunnableConfig) -> RunnableConfig:
    """The ids alone: savers copy everything else of a configuration into the row's metadata, in clear."""
    given = config["configurable"]
    return _config(str(given["thread_id"]), given.get("checkpoint_ns", ""), given.get("checkpoint_id"))


def _config(thread_id: str, namespace: str, checkpoint_id: str | None) -> RunnableConfig:
    configurable = {"thread_id": thread_id, "checkpoint_ns": namespace}
    return {"configurable": {**configurable, "checkpoint_id": checkpoint_id} if checkpoint_id else configurable}


def _ids(config: RunnableConfig) -> tuple[str, str, Any]:
    given = config["configurable"]
    return given["thread_id"], given["checkpoint_ns"], given.get("checkpoint_id")
