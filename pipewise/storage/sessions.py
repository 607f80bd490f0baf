"""Sessions of browsers, and the passwords they are opened with. What the browser holds is stored as a digest alone."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage import accounts, notices
from pipewise.storage.accounts import Role, User
from pipewise.storage.tables import api_tokens, users
from pipewise.storage.tables_access import sessions
from pipewise.storage.types import new_id

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_RESOLUTION = timedelta(minutes=1)
MOST_OF_A_USER = 20


@dataclass(frozen=True)
class Session:
    """`user` as they are now; by a token of a smaller scope, as that token may act."""

    id: str
    user: User
    created_at: datetime
    seen_at: datetime
    ends_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When it ends if it is not used any more."""
        return min(self.ends_at, self.seen_at + IDLE)


async def open_session(
    connection: AsyncConnection, user: User, now: datetime, *, token_id: str | None = None
) -> tuple[Session, str]:
    """The session and the secret that the browser gets, which is never to be had again. The oldest give way."""
    secret = secrets.token_urlsafe(32)
    session = Session(new_id(), user, now, now, now + LONGEST)
    row = {
        "id": session.id,
        "account_id": user.account_id,
        "user_id": user.id,
        "token_id": token_id,
        "digest": accounts.digest(secret),
        "created_at": now,
        "seen_at": now,
        "ends_at": session.ends_at,
    }
    await connection.execute(insert(sessions).values(row))
    mine = (sessions.c.account_id == user.account_id, sessions.c.user_id == user.id)
    newest = select(sessions.c.id).where(*mine).order_by(sessions.c.created_at.desc(), sessions.c.id)
    surplus = list((await connection.execute(newest.offset(MOST_OF_A_USER))).scalars())
    if surplus:
        await connection.execute(delete(sessions).where(*mine, sessions.c.id.in_(surplus)))
    return session, secret


async def find_session(connection: AsyncConnection, secret: str, now: datetime) -> Session | None:
    """A session that has not ended, and whose token, if it has one, still works."""
    statement = (
        select(
            sessions.c.id,
            sessions.c.created_at,
            sessions.c.seen_at,
            sessions.c.ends_at,
            sessions.c.token_id,
            users.c.id.label("user_id"),
            users.c.account_id,
            users.c.email,
            users.c.role,
            api_tokens.c.scope,
            api_tokens.c.revoked_at,
            api_tokens.c.expires_at,
        )
        .join(users, users.c.id == sessions.c.user_id)
        .outerjoin(api_tokens, api_tokens.c.id == sessions.c.token_id)
        .where(sessions.c.digest == accounts.digest(secret), sessions.c.ends_at > now, sessions.c.seen_at > now - IDLE)
    )
    row = (await connection.execute(statement)).first()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    user = User(row.user_id, row.account_id, row.email, accounts.scoped(Role(row.role), row.scope))
    ends_at = min(row.ends_at, row.expires_at) if row.expires_at else row.ends_at
    return Session(row.id, user, row.created_at, row.seen_at, ends_at)


async def note_seen(connection: AsyncConnection, session: Session, now: datetime) -> None:
    await connection.execute(
        update(sessions)
        .where(sessions.c.account_id == session.user.account_id, sessions.c.id == session.id, sessions.c.seen_at < now)
        .values(seen_at=now)
    )


async def end_session(connection: AsyncConnection, account_id: str, session_id: str) -> bool:
    """False if it had ended before."""
    mine = (sessions.c.account_id == account_id, sessions.c.id == session_id)
    ended = (await connection.execute(delete(sessions).where(*mine))).rowcount
    await notices.announce_config(connection)
    return bool(ended)


async def end_all_of(connection: AsyncConnection, account_id: str, user_id: str) -> int:
    """How many ended."""
    mine = (sessions.c.account_id == account_id, sessions.c.user_id == user_id)
    ended = (await connection.execute(delete(sessions).where(*mine))).rowcount
    await notices.announce_config(connection)
    return int(ended)


async def forget_ended(connection: AsyncConnection, now: datetime) -> int:
    """Of every account. How many rows went."""
    over = or_(sessions.c.ends_at <= now, sessions.c.seen_at <= now - IDLE)
    return int((await connection.execute(delete(sessions).where(over))).rowcount)


async def find_password(connection: AsyncConnection, email: str) -> tuple[User, str | None] | None:
    """A user with the hash of their password, if they have one."""
    row = (await connection.execute(select(users).where(users.c.email == email.lower()))).first()
    return (User(row.id, row.account_id, row.email, Role(row.role)), row.password) if row else None


async def set_password(connection: AsyncConnection, user: User, hashed: str) -> int:
    """Whoever is logged in as this user is so no longer. How many sessions ended."""
    mine: tuple[Any, ...] = (users.c.account_id == user.account_id, users.c.id == user.id)
    await connection.execute(update(users).where(*mine).values(password=hashed))
    return await end_all_of(connection, user.account_id, user.id)
