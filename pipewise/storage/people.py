"""Changing an account's people."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict, NotFound
from pipewise.storage import notices
from pipewise.storage.accounts import Role
from pipewise.storage.tables import users


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
