"""Changing an account's people."""

from dataclasses import replace

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import Conflict, NotFound
from pipewise.storage import notices, sessions
from pipewise.storage.accounts import Role, User
from pipewise.storage.tables import users


async def get_member(connection: AsyncConnection, account_id: str, user_id: str) -> User:
    """Raises NotFound, also for a user of another account."""
    row = (await connection.execute(select(users).where(*_mine(account_id, user_id)))).first()
    if row is None:
        raise NotFound("There is no such user.")
    return User(row.id, row.account_id, row.email, Role(row.role))


async def remove_user(connection: AsyncConnection, account_id: str, user_id: str) -> None:
    """The user, their tokens and sessions. Raises Conflict for the last admin."""
    await _require_another_admin(connection, await get_member(connection, account_id, user_id))
    await connection.execute(delete(users).where(*_mine(account_id, user_id)))
    await notices.announce_config(connection)


async def change_role(connection: AsyncConnection, account_id: str, user_id: str, role: Role) -> tuple[User, Role]:
    """The user as they are now, and their former role. Their sessions end. Raises Conflict for the last admin."""
    user = await get_member(connection, account_id, user_id)
    if role != Role.ADMIN:
        await _require_another_admin(connection, user)
    await connection.execute(update(users).where(*_mine(account_id, user_id)).values(role=role))
    await sessions.end_all_of(connection, account_id, user_id)
    return replace(user, role=role), user.role


async def _require_another_admin(connection: AsyncConnection, user: User) -> None:
    """Somebody must be able to add people again. The rows are locked: of two who remove each other, one is refused."""
    admins = select(users.c.id).where(users.c.account_id == user.account_id, users.c.role == Role.ADMIN)
    locked = (await connection.execute(admins.order_by(users.c.id).with_for_update(key_share=True))).all()
    if user.role == Role.ADMIN and len(locked) == 1:
        raise Conflict("This is the account's last admin; make another one first.", code="last_admin")


def _mine(account_id: str, user_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (users.c.account_id == account_id, users.c.id == user_id)
