"""Re-sealing every stored secret under the newest master key: batch by batch, so that it can be stopped and taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Column, LargeBinary, Table, bindparam, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import CredentialUnreadable
from pipewise.storage.database import Database
from pipewise.storage.tables import events, idempotency_keys, integrations, journal, key_checks, meetings
from pipewise.storage.tables_trust import audit_heads
from pipewise.storage.tenancy import Purpose, for_every_account
from pipewise.vault import KEY_ID_BYTES, Place, Vault

BATCH = 100


@dataclass(frozen=True)
class SealedColumn:
    """A column of envelopes. `bound_to` is the column that its ciphertext names as its place."""

    table: Table
    column: Column[Any]
    bound_to: str

    @property
    def title(self) -> str:
        return f"{self.table.name}.{self.column.name}"


SEALED_COLUMNS = (
    SealedColumn(integrations, integrations.c.credentials, "credentials"),
    # A rotated-out secret is moved as it is, so it stays bound to the column where it was sealed.
    SealedColumn(integrations, integrations.c.previous_credentials, "credentials"),
    SealedColumn(meetings, meetings.c.links, "links"),
    SealedColumn(events, events.c.sealed, "sealed"),
    SealedColumn(journal, journal.c.sealed, "sealed"),
    SealedColumn(audit_heads, audit_heads.c.sealed, "sealed"),
    SealedColumn(idempotency_keys, idempotency_keys.c.sealed, "sealed"),
)


@dataclass
class Rotation:
    """What became of the stored secrets; `unreadable` names rows, never contents."""

    resealed: dict[str, int] = field(default_factory=dict)
    current: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.unreadable


class SealedStore(Protocol):
    """Envelopes that are kept outside these tables. Counts and unreadable rows are added to the rotation."""

    async def reseal(self, vault: Vault, rotation: Rotation) -> None:
        """Each batch on its own; what is sealed under the newest key already is left alone."""

    async def has_older(self, vault: Vault) -> bool:
        """Whether anything is not sealed under the newest key."""


async def rotate_keys(database: Database, vault: Vault, stores: Sequence[SealedStore] = ()) -> Rotation:
    """Each batch is a transaction of its own; what is sealed under the newest key already is left alone."""
    with for_every_account(Purpose.KEY_ROTATION):
        return await _rotate(database, vault, stores)


async def _rotate(database: Database, vault: Vault, stores: Sequence[SealedStore]) -> Rotation:
    rotation = Rotation()
    for sealed in SEALED_COLUMNS:
        await _reseal_column(database, vault, sealed, rotation)
    for store in stores:
        await store.reseal(vault, rotation)
    await _reseal_late(database, vault, rotation)
    if not any([await store.has_older(vault) for store in stores]):
        await _forget_older_keys(database, vault)
    return rotation


async def _reseal_column(database: Database, vault: Vault, sealed: SealedColumn, rotation: Rotation) -> None:
    rotation.resealed[sealed.title] = rotation.current[sealed.title] = 0
    last: str | None = ""
    while last is not None:
        last = await _reseal_batch(database, vault, sealed, last, rotation)


async def _reseal_late(database: Database, vault: Vault, rotation: Rotation) -> None:
    """What came under an older key while the rotation went on elsewhere."""
    for sealed in SEALED_COLUMNS:
        async with database.read() as connection:
            came_late = await _has_older_envelope(connection, vault, sealed)
        if came_late:
            late = Rotation()
            await _reseal_column(database, vault, sealed, late)
            rotation.resealed[sealed.title] += late.resealed[sealed.title]


@dataclass
class _Look:
    """What a batch of rows holds: `fresh` are the new envelopes of those under an older key, by row."""

    last: str | None = None
    fresh: list[dict[str, Any]] = field(default_factory=list)
    current: int = 0
    unreadable: list[str] = field(default_factory=list)


async def _reseal_batch(
    database: Database, vault: Vault, sealed: SealedColumn, after: str, rotation: Rotation
) -> str | None:
    """The last row looked at; None when there are no more.

    No row is locked while envelopes are opened: a service that answers meanwhile never waits for more than one statement. An
    envelope that was written anew in between is left as it is, and its batch is looked at again."""
    replaced = 0
    while True:
        look = await _look_at(database, vault, sealed, after)
        now = await _replace(database, sealed, look.fresh)
        if now == len(look.fresh):
            break
        replaced += now
    rotation.resealed[sealed.title] += replaced + now
    rotation.current[sealed.title] += look.current - replaced
    rotation.unreadable += look.unreadable
    return look.last


async def _look_at(database: Database, vault: Vault, sealed: SealedColumn, after: str) -> _Look:
    table, look = sealed.table, _Look()
    statement = (
        select(table.c.id, table.c.account_id, sealed.column.label("envelope"))
        .where(sealed.column.is_not(None), table.c.id > after)
        .order_by(table.c.id)
        .limit(BATCH)
    )
    async with database.read() as connection:
        rows = (await connection.execute(statement)).all()
    for row in rows:
        look.last = row.id
        place = Place(table.name, sealed.bound_to, row.account_id, row.id)
        try:
            plain = vault.open(row.envelope, place)
        except CredentialUnreadable as error:
            look.unreadable.append(f"{sealed.title} {row.id}: {error.message}")
            continue
        if vault.is_current(row.envelope):
            look.current += 1
            continue
        keys = {"of_row": row.id, "of_account": row.account_id, "before": row.envelope}
        look.fresh.append({**keys, "after": vault.seal(plain, place)})
    return look


async def _replace(database: Database, sealed: SealedColumn, fresh: list[dict[str, Any]]) -> int:
    """How many rows still held what had been read."""
    if not fresh:
        return 0
    table = sealed.table
    statement = (
        update(table)
        .where(
            table.c.id == bindparam("of_row"),
            table.c.account_id == bindparam("of_account"),
            sealed.column == bindparam("before", type_=sealed.column.type),
        )
        .values({sealed.column.name: bindparam("after", type_=sealed.column.type)})
    )
    async with database.write() as connection:
        return (await connection.execute(statement, fresh)).rowcount


async def _forget_older_keys(database: Database, vault: Vault) -> None:
    """Once nothing is sealed under them any more, a start with only an older key has to be refused."""
    async with database.write() as connection:
        if not [sealed for sealed in SEALED_COLUMNS if await _has_older_envelope(connection, vault, sealed)]:
            await connection.execute(delete(key_checks).where(key_checks.c.key_id != vault.newest_key_id))


async def _has_older_envelope(connection: AsyncConnection, vault: Vault, sealed: SealedColumn) -> bool:
    """A service that still runs with the older key may have sealed something since its row was looked at."""
    key_id = func.substr(sealed.column, 2, KEY_ID_BYTES)  # after the version byte, counted from one
    newest = literal(bytes.fromhex(vault.newest_key_id), LargeBinary)
    statement = select(sealed.table.c.id).where(sealed.column.is_not(None), key_id != newest).limit(1)
    return (await connection.execute(statement)).first() is not None
