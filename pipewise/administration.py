"""What the operator of an installation does from its own machine, over all accounts: users, tokens, dead letters."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit import COMMAND_LINE, Act, Verdict
from pipewise.errors import InvalidInput, NotFound
from pipewise.event_replay import Replayed, replay_all, replay_event
from pipewise.passwords import PasswordHasher
from pipewise.resources import Resources
from pipewise.storage import accounts, sessions
from pipewise.storage import audit as audit_rows
from pipewise.storage.accounts import Role, User
from pipewise.storage.row_security import act_within
from pipewise.storage.tables import events, users
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account

EMAIL_FORM = re.compile(r"[^@\s]+@[^@\s]+\.?[^@\s]*")
EMAIL_LENGTH = 320


async def add_user(
    resources: Resources, email: str, role: Role, account_of: str | None, *, password: str | None = None
) -> tuple[User, str]:
    """The user, in an account of their own or that of another user, and their first token."""
    if len(email) > EMAIL_LENGTH or not EMAIL_FORM.fullmatch(email):
        raise InvalidInput(f"{email!r} is not an e-mail address.")
    now = resources.clock.now()
    hashed = await PasswordHasher().hash(password) if password else None
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.write() as connection:
            account_id = (await accounts.find_user(connection, account_of)).account_id if account_of else None
            user = await accounts.add_user(connection, email, role, now, account_id=account_id)
            made, token = await accounts.create_token(connection, user.id, "first token", now)
            if hashed:
                await sessions.set_password(connection, user, hashed)
            detail = {"email": user.email, "role": str(user.role), "token": made.id, "password": hashed is not None}
            await _record(resources, connection, user.account_id, Act.USER_ADDED, f"user:{user.id}", **detail)
    return user, token


async def set_password(resources: Resources, email: str, password: str) -> int:
    """How many sessions of the user ended with it."""
    hashed = await PasswordHasher().hash(password)
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.write() as connection:
            user = await accounts.find_user(connection, email)
            ended = await sessions.set_password(connection, user, hashed)
            target = f"user:{user.id}"
            await _record(resources, connection, user.account_id, Act.PASSWORD_CHANGED, target, sessions=ended)
    return ended


async def create_token(
    resources: Resources, email: str, name: str, *, scope: str | None = None, days: int | None = None
) -> str:
    """`days`: how long it works; for ever without."""
    now = resources.clock.now()
    expires_at = now + timedelta(days=days) if days else None
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.write() as connection:
            user = await accounts.find_user(connection, email)
            made, token = await accounts.create_token(
                connection, user.id, name, now, scope=Role(scope) if scope else None, expires_at=expires_at
            )
            detail = {"owner": user.email, "scope": scope}
            await _record(resources, connection, user.account_id, Act.TOKEN_CREATED, f"token:{made.id}", **detail)
    return token


async def revoke_token(resources: Resources, token_id: str) -> None:
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.write() as connection:
            await accounts.revoke_token(connection, token_id, resources.clock.now())
            account_id = await accounts.account_of_token(connection, token_id)
            await _record(resources, connection, account_id, Act.TOKEN_REVOKED, f"token:{token_id}")


async def list_users(resources: Resources) -> list[str]:
    statement = select(users.c.id, users.c.email, users.c.role, users.c.account_id, users.c.created_at)
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            found = (await connection.execute(statement.order_by(users.c.created_at, users.c.id))).all()
    header = ("id", "email", "role", "account", "added")
    return align(header, [(row.id, row.email, row.role, row.account_id, _when(row.created_at)) for row in found])


async def list_tokens(resources: Resources) -> list[str]:
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            found = await accounts.list_tokens(connection)
    header = ("id", "user", "name", "ends with", "scope", "created", "last used", "expires", "revoked")
    return align(
        header,
        [
            (
                token.id,
                email,
                token.name,
                token.hint,
                str(token.scope or "-"),
                _when(token.created_at),
                _when(token.last_used_at),
                _when(token.expires_at),
                _when(token.revoked_at),
            )
            for token, email in found
        ],
    )


async def list_events(resources: Resources, status: str | None, limit: int) -> list[str]:
    """Newest first, of every account."""
    columns = (events.c.id, events.c.received_at, events.c.platform, events.c.kind, events.c.status, events.c.reason)
    statement = select(*columns).order_by(events.c.seq.desc()).limit(limit)
    if status:
        statement = statement.where(events.c.status == status)
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            found = (await connection.execute(statement)).all()
    return align(("id", "received", "platform", "kind", "status", "reason"), [_event_row(*row) for row in found])


async def replay_events(resources: Resources, event_ids: Iterable[str]) -> list[str]:
    """One line for each event. All are replayed or, when one cannot be, none."""
    lines, replayed, owners = [], [], await _owners_of_events(resources, event_ids)
    async with resources.database.write() as connection:
        for event_id, account_id in owners:
            await act_within(connection, account_id)
            event = await replay_event(connection, account_id, event_id, resources.clock.now())
            lines.append(f"{event.id} is accepted again and will be worked on by the running service.")
            replayed.append(event)
        for event in sorted(
            replayed, key=lambda one: one.account_id
        ):  # always in the same order, so that none wait in a ring
            detail = {"lead": event.lead_id}
            await act_within(connection, event.account_id)
            await _record(resources, connection, event.account_id, Act.EVENT_REPLAYED, f"event:{event.id}", **detail)
    return lines


async def _owners_of_events(resources: Resources, event_ids: Iterable[str]) -> list[tuple[str, str]]:
    """Events with their accounts. Raises NotFound."""
    owners = []
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            for event_id in event_ids:
                statement = select(events.c.account_id).where(events.c.id == event_id)
                account_id = (await connection.execute(statement)).scalar()
                if account_id is None:
                    raise NotFound(f"There is no event {event_id}.")
                owners.append((event_id, account_id))
    return owners


async def replay_every_event(resources: Resources) -> list[str]:
    """One line for each account that had dead letters."""
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            dead = select(events.c.account_id).where(events.c.status == "dead_letter").distinct()
            account_ids = sorted((await connection.execute(dead)).scalars())
    lines = []
    for account_id in account_ids:
        count, more = 0, True
        while more:
            with acting_for(account_id):
                done = await _replay_some(resources, account_id)
            count, more = count + len(done.events), done.more
        lines.append(f"Account {account_id}: {count} events are accepted again and will be worked on by the service.")
    return lines or ["There are no dead letters."]


async def _replay_some(resources: Resources, account_id: str) -> Replayed:
    async with resources.database.write() as connection:
        done = await replay_all(connection, account_id, resources.clock.now())
        detail = {"events": len(done.events)}
        await _record(resources, connection, account_id, Act.EVENT_REPLAYED, "event:all", **detail)
    return done


async def note_rotation(resources: Resources, resealed: int) -> None:
    """In every account's chain: whose secrets they were is not told apart."""
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            account_ids: Sequence[str] = await audit_rows.list_accounts(connection)
    for account_id in account_ids:
        with acting_for(account_id):
            async with resources.database.write() as connection:
                await _record(resources, connection, account_id, Act.KEYS_ROTATED, "keys:master", resealed=resealed)


async def verify_audit(resources: Resources) -> list[Verdict]:
    """Of every account, also of one that only the heads written elsewhere know."""
    anchors = await asyncio.to_thread(resources.anchors.read)
    with for_every_account(Purpose.COMMAND_LINE):
        async with resources.database.read() as connection:
            account_ids = {*anchors, *await audit_rows.list_accounts(connection)}
    verdicts = []
    for account_id in sorted(account_ids):
        with acting_for(account_id):
            verdicts.append(await resources.audit.verify(resources.database, account_id, anchors.get(account_id)))
    return verdicts


async def _record(
    resources: Resources, connection: AsyncConnection, account_id: str, act: Act, target: str, **detail: Any
) -> None:
    await resources.audit.record(
        connection, account_id, act, target, actor=COMMAND_LINE, now=resources.clock.now(), detail=detail
    )


def align(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Columns as wide as their widest cell."""
    table = [header, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _event_row(
    event_id: str, received_at: datetime, platform: str, kind: str, status: str, reason: str | None
) -> tuple[str, ...]:
    # A reason may quote what a vendor or lead sent: one line, nothing that steers a terminal.
    shown = "".join(character if character.isprintable() else " " for character in reason or "")
    return event_id, _when(received_at), platform, kind, status, shown


def _when(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%SZ") if moment else "-"
