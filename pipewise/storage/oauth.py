"""Rows of requests to connect, each taken once, and of tokens, each renewed by one process at a time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.tables_oauth import integration_tokens, oauth_states


@dataclass(frozen=True)
class PendingConsent:
    """A request to connect. `id` and `browser` are digests: the database alone lets nobody finish it."""

    id: str
    account_id: str
    user_id: str
    platform: str
    integration_id: str | None
    browser: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class TokenRow:
    integration_id: str
    account_id: str
    issued_at: datetime
    expires_at: datetime | None
    renew_at: datetime | None
    claimed_by: str | None
    claimed_at: datetime | None
    attempts: int
    dead: bool
    warned_days: int | None


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def put_consent(connection: AsyncConnection, row: Mapping[str, Any], now: datetime) -> None:
    await connection.execute(delete(oauth_states).where(oauth_states.c.expires_at < now))
    await connection.execute(insert(oauth_states).values(dict(row)))


async def find_consent(connection: AsyncConnection, platform: str, state: str) -> PendingConsent | None:
    statement = select(oauth_states).where(oauth_states.c.id == digest(state), oauth_states.c.platform == platform)
    row = (await connection.execute(statement)).mappings().first()
    return PendingConsent(**row) if row else None


async def take_consent(connection: AsyncConnection, pending: PendingConsent) -> bool:
    """False if somebody has taken it: each is good for once."""
    statement = delete(oauth_states).where(
        oauth_states.c.account_id == pending.account_id, oauth_states.c.id == pending.id
    )
    return (await connection.execute(statement)).rowcount == 1


async def put_token(
    connection: AsyncConnection,
    account_id: str,
    integration_id: str,
    *,
    issued_at: datetime,
    expires_at: datetime | None,
    renew_at: datetime | None,
) -> None:
    """For credentials that are new: whatever was known of the former ones is over."""
    await forget_token(connection, account_id, integration_id)
    row = {
        "integration_id": integration_id,
        "account_id": account_id,
        "issued_at": issued_at,
        "expires_at": expires_at,
        "renew_at": renew_at,
        "attempts": 0,
        "dead": False,
    }
    await connection.execute(insert(integration_tokens).values(row))


async def forget_token(connection: AsyncConnection, account_id: str, integration_id: str) -> None:
    await connection.execute(
        delete(integration_tokens).where(
            integration_tokens.c.account_id == account_id, integration_tokens.c.integration_id == integration_id
        )
    )


async def find_token(connection: AsyncConnection, account_id: str, integration_id: str) -> TokenRow | None:
    statement = select(integration_tokens).where(
        integration_tokens.c.account_id == account_id, integration_tokens.c.integration_id == integration_id
    )
    row = (await connection.execute(statement)).mappings().first()
    return TokenRow(**row) if row else None


async def list_tokens(connection: AsyncConnection, account_id: str) -> dict[str, TokenRow]:
    """Of an account, by integration."""
    statement = select(integration_tokens).where(integration_tokens.c.account_id == account_id)
    return {row["integration_id"]: TokenRow(**row) for row in (await connection.execute(statement)).mappings()}


async def list_due(connection: AsyncConnection, now: datetime) -> list[TokenRow]:
    """Of every account: tokens whose time to be renewed has come."""
    statement = select(integration_tokens).where(
        integration_tokens.c.renew_at <= now, integration_tokens.c.dead.is_(False)
    )
    return [TokenRow(**row) for row in (await connection.execute(statement)).mappings()]


async def list_ending(connection: AsyncConnection, before: datetime) -> list[TokenRow]:
    """Of every account: tokens that end before this moment."""
    statement = select(integration_tokens).where(integration_tokens.c.expires_at <= before)
    return [TokenRow(**row) for row in (await connection.execute(statement)).mappings()]


async def claim_token(
    connection: AsyncConnection, account_id: str, integration_id: str, holder: str, now: datetime, stale: datetime
) -> bool:
    """Whether `holder` is the one that renews it now. A claim that lies before `stale`, or ahead of the clock, is void: its
    holder is gone."""
    row = {
        "integration_id": integration_id,
        "account_id": account_id,
        "issued_at": now,
        "attempts": 0,
        "dead": False,
    }
    await insert_unless_there(connection, integration_tokens, row)
    claimed_at = integration_tokens.c.claimed_at
    statement = (
        update(integration_tokens)
        .where(
            integration_tokens.c.account_id == account_id,
            integration_tokens.c.integration_id == integration_id,
            or_(integration_tokens.c.claimed_by.is_(None), claimed_at < stale, claimed_at > now),
        )
        .values(claimed_by=holder, claimed_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def change_token(
    connection: AsyncConnection, account_id: str, integration_id: str, values: Mapping[str, Any]
) -> None:
    await connection.execute(
        update(integration_tokens)
        .where(integration_tokens.c.account_id == account_id, integration_tokens.c.integration_id == integration_id)
        .values(dict(values))
    )
