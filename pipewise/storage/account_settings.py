"""The settings of an account: read as the document that was set, changed under a lock, every change on record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.account_settings import AccountSettings
from pipewise.errors import InvalidInput
from pipewise.settings_document import change_document
from pipewise.storage import notices
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.tables import accounts
from pipewise.storage.tables_settings import knowledge_folders, settings_changes


async def read_document(connection: AsyncConnection, account_id: str) -> Mapping[str, Any]:
    """What was set; everything else holds by default, as for an account that is not there any more."""
    found = await connection.execute(select(accounts.c.settings).where(accounts.c.id == account_id))
    document: Mapping[str, Any] | None = found.scalar_one_or_none()
    return document or {}


async def change_settings(
    connection: AsyncConnection, account_id: str, change: Mapping[str, Any], *, actor: str, now: datetime
) -> AccountSettings:
    """Key by key; None removes a key. Returns what holds now. Raises InvalidInput, and then nothing is changed."""
    statement = select(accounts.c.settings).where(accounts.c.id == account_id).with_for_update(key_share=True)
    current: Mapping[str, Any] = (await connection.execute(statement)).scalar_one()
    document, settings = change_document(current, change)
    if document.get("knowledge_folder") not in (None, current.get("knowledge_folder")):
        await _claim_folder(connection, account_id, document["knowledge_folder"], now)
    if document != current:
        await connection.execute(update(accounts).where(accounts.c.id == account_id).values(settings=document))
        await _put_on_record(connection, account_id, current, document, actor=actor, now=now)
        await notices.announce_config(connection)
    return settings


async def _claim_folder(connection: AsyncConnection, account_id: str, name: str, now: datetime) -> None:
    """A folder belongs to the first account that names it, for good. Raises InvalidInput for another's."""
    row = {"name": name, "account_id": account_id, "created_at": now}
    if await insert_unless_there(connection, knowledge_folders, row):
        return
    mine = select(knowledge_folders.c.name).where(
        knowledge_folders.c.name == name, knowledge_folders.c.account_id == account_id
    )
    if (await connection.execute(mine)).first() is None:
        problem = {"field": "knowledge_folder", "problem": "cannot be used; choose another name"}
        raise InvalidInput("The settings are not valid; nothing was changed.", details=(problem,))


async def _put_on_record(
    connection: AsyncConnection,
    account_id: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
) -> None:
    last = select(func.coalesce(func.max(settings_changes.c.version), 0)).where(
        settings_changes.c.account_id == account_id
    )
    version = (await connection.execute(last)).scalar_one() + 1
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    row = {
        "account_id": account_id,
        "version": version,
        "actor": actor,
        "before": {key: value for key, value in before.items() if key in changed},
        "after": {key: value for key, value in after.items() if key in changed},
        "created_at": now,
    }
    await connection.execute(insert(settings_changes).values(row))
