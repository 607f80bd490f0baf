"""The checkpoints' part of a key rotation: every envelope sealed anew, batch by batch."""

from graph.checkpoint_rows import CheckpointRows, Key, RowKind, SealedRow
from pipewise.errors import CredentialUnreadable
from pipewise.key_rotation import BATCH, Rotation
from pipewise.vault import VERSION, Vault


class SealedCheckpoints:
    """A `pipewise.key_rotation.SealedStore`."""

    def __init__(self, rows: CheckpointRows) -> None:
        self._rows = rows

    async def reseal(self, vault: Vault, rotation: Rotation) -> None:
        for kind in self._rows.kinds:
            rotation.resealed[kind.title] = rotation.current[kind.title] = 0
            last: Key | None = None
            while rows := await self._rows.read_after(kind, last, BATCH):
                await self._reseal_batch(kind, rows, vault, rotation)
                last = rows[-1].key

    async def _reseal_batch(self, kind: RowKind, rows: list[SealedRow], vault: Vault, rotation: Rotation) -> None:
        fresh: list[tuple[SealedRow, bytes]] = []
        for row in rows:
            envelope = row.envelope or b""
            try:
                plain = vault.open(envelope, row.place)
            except CredentialUnreadable as error:
                rotation.unreadable.append(f"{kind.title} {' '.join(map(str, row.key))}: {error.message}")
                continue
            if vault.is_current(envelope):
                rotation.current[kind.title] += 1
            else:
                fresh.append((row, vault.seal(plain, row.place)))
        if fresh:
            await self._rows.replace(kind, fresh)
        rotation.resealed[kind.title] += len(fresh)

    async def has_older(self, vault: Vault) -> bool:
        newest = bytes([VERSION]) + bytes.fromhex(vault.newest_key_id)
        return any([await self._rows.has_other(kind, newest) for kind in self._rows.kinds])
