"""Accounts, their users and API tokens."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.api_tokens import make_token
from pipewise.errors import Conflict, NotFound
from pipewise.storage import notices
from pipewise.storage.tables import accounts, api_tokens, users
from pipewise.storage.types import new_id

FIRST_USER_EMAIL = "admin@pipewise.local"
USED_RESOLUTION = timedelta(minutes=1)


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


@dataclass(frozen=True)
class User:
    id: str
    account_id: str
    email: str
    role: Role


@dataclass(frozen=True)
class Token:
    """A stored API token: never the token itself, only its hint (last four characters). `scope` is the role that it may act
    as at most, None for its user's own."""

    id: str
    user_id: str
    name: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    scope: Role | None = None
    expires_at: datetime | None = None


_TOKEN_COLUMNS = (
    "id",
    "user_id",
    "name",
    "hint",
    "created_at",
    "last_used_at",
    "revoked_at",
    "scope",
    "expires_at",
)
_RISING = tuple(Role)  # each may what the one before it may


def scoped(role: Role, scope: str | None) -> Role:
    """The smaller of a user's role and what a token of theirs may act as."""
    return min(role, Role(scope), key=_RISING.index) if scope else role


async def add_user(
    connection: AsyncConnection, email: str, role: Role, now: datetime, *, account_id: str | None = None
) -> User:
    """A user with an account of their own, or in an existing one. An own account has the id of its first user."""
    if await _is_taken(connection, email.lower()):
        raise Conflict(f"There is already a user {email}.", code="user_exists")
    user_id = new_id()
    if account_id is None:
        account_id = user_id
        await connection.execute(insert(accounts).values(id=account_id, paused=False, settings={}, created_at=now))
    row = {"id": user_id, "account_id": account_id, "email": email.lower(), "role": role, "created_at": now}
    await connection.execute(insert(users).values(row))
    return User(user_id, account_id, email.lower(), role)


async def _is_taken(connection: AsyncConnection, email: str) -> bool:
    """In whichever account: on PostgreSQL the caller sees its own alone, and is told this much of the others."""
    if connection.dialect.name == "postgresql":
        return bool((await connection.execute(select(func.email_is_taken(email)))).scalar())
    return (await connection.execute(select(users.c.id).where(users.c.email == email))).first() is not None


async def find_user(connection: AsyncConnection, email: str) -> User:
    row = (await connection.execute(select(users).where(users.c.email == email.lower()))).first()
    if row is None:
        raise NotFound(f"There is no user {email}; `pipewise users add` makes one.")
    return User(row.id, row.account_id, row.email, Role(row.role))


async def get_user(connection: AsyncConnection, user_id: str) -> User:
    row = (await connection.execute(select(users).where(users.c.id == user_id))).first()
    if row is None:
        raise NotFound("There is no such user.")
    return User(row.id, row.account_id, row.email, Role(row.role))


async def first_user(connection: AsyncConnection) -> User | None:
    """The oldest user: the account that Studio, the demo and an embedding caller without an id work for."""
    row = (await connection.execute(select(users).order_by(users.c.created_at, users.c.id).limit(1))).first()
    return User(row.id, row.account_id, row.email, Role(row.role)) if row else None


async def first_admin(connection: AsyncConnection, account_id: str) -> User | None:
    statement = (
        select(users)
        .where(users.c.account_id == account_id, users.c.role == Role.ADMIN)
        .order_by(users.c.created_at, users.c.id)
        .limit(1)
    )
    row = (await connection.execute(statement)).first()
    return User(row.id, row.account_id, row.email, Role(row.role)) if row else None


async def list_users(connection: AsyncConnection, account_id: str) -> list[User]:
    statement = select(users).where(users.c.account_id == account_id).order_by(users.c.created_at, users.c.id)
    return [User(row.id, row.account_id, row.email, Role(row.role)) for row in await connection.execute(statement)]


async def ensure_first_user(connection: AsyncConnection, token: str, now: datetime) -> tuple[User, Token | None]:
    """The first user exists and `token` works for it. The stored token if it was made just now."""
    user = await first_user(connection) or await add_user(connection, FIRST_USER_EMAIL, Role.ADMIN, now)
    known = (await connection.execute(select(api_tokens.c.id).where(api_tokens.c.digest == digest(token)))).first()
    if known:
        return user, None
    return user, await _insert_token(connection, user.id, token, "first token", now)


async def create_token(
    connection: AsyncConnection,
    user_id: str,
    name: str,
    now: datetime,
    *,
    scope: Role | None = None,
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """The stored token and the token itself, which is never to be had again."""
    plain = make_token()
    return await _insert_token(connection, user_id, plain, name, now, scope, expires_at), plain


async def find_token(connection: AsyncConnection, token: str, now: datetime) -> tuple[User, str] | None:
    """The user of a valid token, in the role that the token may act as, and the token's id."""
    statement = (
        select(
            users.c.id,
            users.c.account_id,
            users.c.email,
            users.c.role,
            api_tokens.c.scope,
            api_tokens.c.id.label("token_id"),
        )
        .join(api_tokens, api_tokens.c.user_id == users.c.id)
        .where(
            api_tokens.c.digest == digest(token),
            api_tokens.c.revoked_at.is_(None),
            or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at > now),
        )
    )
    row = (await connection.execute(statement)).first()
    return (User(row.id, row.account_id, row.email, scoped(Role(row.role), row.scope)), row.token_id) if row else None


async def find_token_user(connection: AsyncConnection, token: str, now: datetime) -> User | None:
    found = await find_token(connection, token, now)
    return found[0] if found else None


async def note_token_use(connection: AsyncConnection, token: str, now: datetime) -> None:
    """To the minute: an exact time would cost a write per request."""
    await connection.execute(
        update(api_tokens)
        .where(
            api_tokens.c.digest == digest(token),
            or_(api_tokens.c.last_used_at.is_(None), api_tokens.c.last_used_at < now - USED_RESOLUTION),
        )
        .values(last_used_at=now)
    )


async def list_tokens(connection: AsyncConnection, account_id: str | None = None) -> list[tuple[Token, str]]:
    """Tokens with their user's e-mail, oldest first."""
    columns = [api_tokens.c[name] for name in _TOKEN_COLUMNS]
    statement = select(*columns, users.c.email).join(users, users.c.id == api_tokens.c.user_id)
    if account_id:
        statement = statement.where(users.c.account_id == account_id)
    found = (await connection.execute(statement.order_by(api_tokens.c.created_at))).mappings()
    return [(_read_token(row), row["email"]) for row in found]


async def revoke_token(
    connection: AsyncConnection, token_id: str, now: datetime, *, account_id: str | None = None
) -> None:
    owned = select(users.c.id)
    if account_id:
        owned = owned.where(users.c.account_id == account_id)
    statement = (
        update(api_tokens)
        .where(api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None), api_tokens.c.user_id.in_(owned))
        .values(revoked_at=now)
    )
    if not (await connection.execute(statement)).rowcount:
        raise NotFound("There is no such live token.")
    await notices.announce_config(connection)


async def account_of_token(connection: AsyncConnection, token_id: str) -> str:
    statement = select(users.c.account_id).join(api_tokens, api_tokens.c.user_id == users.c.id)
    return str((await connection.execute(statement.where(api_tokens.c.id == token_id))).scalar_one())


async def set_paused(connection: AsyncConnection, account_id: str, *, paused: bool) -> None:
    await connection.execute(update(accounts).where(accounts.c.id == account_id).values(paused=paused))


def _read_token(row: RowMapping) -> Token:
    values: dict[str, Any] = {column: row[column] for column in _TOKEN_COLUMNS}
    return Token(**{**values, "scope": Role(row["scope"]) if row["scope"] else None})


def digest(token: str) -> str:
    """Tokens are random and long, so a plain hash is enough to store."""
    return hashlib.sha256(token.encode()).hexdigest()


async def _insert_token(
    connection: AsyncConnection,
    user_id: str,
    token: str,
    name: str,
    now: datetime,
    scope: Role | None = None,
    expires_at: datetime | None = None,
) -> Token:
    stored = Token(new_id(), user_id, name, token[-4:], now, None, None, scope, expires_at)
    await connection.execute(insert(api_tokens).values(**asdict(stored), digest=digest(token)))
    return stored
