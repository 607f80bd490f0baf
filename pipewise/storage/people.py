"""Changing an account's people and its own facts."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict, NotFound
from pipewise.storage import notices
from pipewise.storage.accounts import Role
from pipewise.storage.tables import accounts, users


async def remove_user(connection: AsyncConnection, account_id: str, user_id: str) -> None:
    """The user and their tokens. Raises Conflict for the last admin: somebody must be able to add people again."""
    mine = (users.c.account_id == account_id, users.c.id == user_id)
    role = (await connection.execute(select(users.c.role).where(*mine))).scalar()
    if role is None:
        raise NotFound("There is no such user.")
    admins = select(func.count()).select_from(users).where(users.c.account_id == account_id, users.c.role == Role.ADMIN)
    if role == Role.ADMIN and (await connection.execute(admins)).scalar() == 1:
        raise Conflict("This is the account's last admin; make another one first.", code="last_admin")
    await connection.execute(delete(users).where(*mine))
    await notices.announce_config(connection)


async def change_settings(connection: AsyncConnection, account_id: str, change: Mapping[str, Any]) -> Mapping[str, Any]:
    """Key by key; None removes a key. Returns what holds now."""
    statement = select(accounts.c.settings).where(accounts.c.id == account_id).with_for_update()
    current = (await connection.execute(statement)).scalar_one()
    merged = {name: value for name, value in {**current, **change}.items() if value is not None}
    await connection.execute(update(accounts).where(accounts.c.id == account_id).values(settings=merged))
    return merged
