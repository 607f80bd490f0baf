"""Sums that are made once and read often: usage by the hour, and how long each lead waited for its first answer.

What has ended is rolled up, the rest is read from the rows themselves, so that an answer is never behind.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.conflict import insert_for, insert_unless_there
from pipewise.storage.tables import messages, outbox, usage
from pipewise.storage.tables_trust import first_replies, rollup_marks, usage_hours

HOUR = timedelta(hours=1)
# A transaction of another worker may commit a row that is older than this moment.
SETTLED = timedelta(minutes=2)
USAGE, REPLIES = "usage", "first replies"
SENT = ("sent", "delivered", "read")
MOST_AT_ONCE = 2000
MOST_HOURS = 24 * 7
SUMS = ("count", "succeeded", "response_time_ms", "cost_microusd")


def hour_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def read_mark(connection: AsyncConnection, account_id: str, name: str) -> Any:
    statement = select(rollup_marks.c.at, rollup_marks.c.seq).where(
        rollup_marks.c.account_id == account_id, rollup_marks.c.name == name
    )
    return (await connection.execute(statement)).first()


async def roll_usage(connection: AsyncConnection, account_id: str, now: datetime) -> bool:
    """Hours that have ended, at most a week of them at a time. False once nothing is left to do."""
    mark = await _lock_mark(connection, account_id, USAGE)
    # Whosever it is: of the account's own alone it would be looked for row by row.
    newest_of_all = func.newest_usage() if connection.dialect.name == "postgresql" else func.max(usage.c.seq)
    newest = (await connection.execute(select(newest_of_all))).scalar() or 0
    start, end = mark.at, hour_of(now - SETTLED)
    if start is None:
        first = select(func.min(usage.c.created_at)).where(usage.c.account_id == account_id)
        oldest = (await connection.execute(first)).scalar()
        start = hour_of(oldest) if oldest else end
    else:
        await _roll_late(connection, account_id, start, (mark.seq or 0, newest))
    until = max(start, min(end, start + MOST_HOURS * HOUR))
    hour: datetime | None = await _next_hour(connection, account_id, start, until)
    while hour is not None:
        await _roll_hour(connection, account_id, hour)
        hour = await _next_hour(connection, account_id, hour + HOUR, until)
    await _set_mark(connection, account_id, USAGE, {"at": until, "seq": newest})
    return bool(until < end)


async def _roll_late(connection: AsyncConnection, account_id: str, before: datetime, span: tuple[int, int]) -> None:
    """Rows that came since and belong to an hour that was rolled up: the clock had been ahead."""
    after, newest = span
    statement = select(usage).where(
        usage.c.account_id == account_id,
        usage.c.seq > after,
        usage.c.seq <= newest,
        usage.c.created_at < before,
    )
    for row in (await connection.execute(statement)).all():
        numbers = (1, int(row.success), row.response_time_ms, row.cost_microusd)
        await _add(connection, account_id, hour_of(row.created_at), (row.platform, row.action, *numbers))


async def _next_hour(connection: AsyncConnection, account_id: str, start: datetime, end: datetime) -> datetime | None:
    """The next hour in which there was anything."""
    statement = select(func.min(usage.c.created_at)).where(
        usage.c.account_id == account_id, usage.c.created_at >= start, usage.c.created_at < end
    )
    found = (await connection.execute(statement)).scalar()
    return hour_of(found) if found else None


async def _roll_hour(connection: AsyncConnection, account_id: str, hour: datetime) -> None:
    found = await connection.execute(
        select(usage.c.platform, usage.c.action, *usage_sums())
        .where(usage.c.account_id == account_id, usage.c.created_at >= hour, usage.c.created_at < hour + HOUR)
        .group_by(usage.c.platform, usage.c.action)
    )
    for row in found.all():
        await _add(connection, account_id, hour, tuple(row))


async def _add(connection: AsyncConnection, account_id: str, hour: datetime, told: tuple[Any, ...]) -> None:
    """`told`: platform, action and the sums."""
    platform, action, *numbers = told
    sums = dict(zip(SUMS, map(int, numbers), strict=True))
    statement = insert_for(connection.dialect.name, usage_hours).values(
        account_id=account_id, hour=hour, platform=platform, action=action, **sums
    )
    more = {name: usage_hours.c[name] + statement.excluded[name] for name in SUMS}
    key = ["account_id", "hour", "platform", "action"]
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=more))


def usage_sums() -> list[Any]:
    return [
        func.count(),
        func.sum(cast(usage.c.success, Integer)),
        func.sum(usage.c.response_time_ms),
        func.sum(usage.c.cost_microusd),
    ]


async def roll_first_replies(connection: AsyncConnection, account_id: str, now: datetime) -> bool:
    """Leads whose first answer left since the last time. False once nothing is left to do."""
    mark = await _lock_mark(connection, account_id, REPLIES)
    after = mark.seq or 0
    statement = (
        select(outbox.c.seq, outbox.c.lead_id, outbox.c.state, outbox.c.created_at)
        .where(outbox.c.account_id == account_id, outbox.c.seq > after)
        .order_by(outbox.c.seq)
        .limit(MOST_AT_ONCE)
    )
    found = (await connection.execute(statement)).all()
    await note_first_replies(connection, account_id, {row.lead_id for row in found})
    for row in found:
        # What may still leave, or has neighbours that are not committed yet, is looked at again.
        if row.state != "done" or row.created_at > now - SETTLED:
            break
        after = row.seq
    else:
        await _set_mark(connection, account_id, REPLIES, {"seq": after})
        return len(found) == MOST_AT_ONCE
    await _set_mark(connection, account_id, REPLIES, {"seq": after})
    return False


async def note_first_replies(connection: AsyncConnection, account_id: str, lead_ids: Iterable[str]) -> None:
    """Of those of the leads that wrote and were answered."""
    wanted = sorted(lead_ids)
    known = select(first_replies.c.lead_id).where(first_replies.c.account_id == account_id)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        asked = (
            select(messages.c.lead_id, func.min(messages.c.created_at).label("at"))
            .where(messages.c.account_id == account_id, messages.c.lead_id.in_(some), messages.c.direction == "in")
            .group_by(messages.c.lead_id)
            .subquery()
        )
        answered = (
            select(outbox.c.lead_id, func.min(outbox.c.claimed_at).label("at"))
            .join(messages, messages.c.id == outbox.c.message_id)
            .where(outbox.c.account_id == account_id, outbox.c.lead_id.in_(some), messages.c.status.in_(SENT))
            .group_by(outbox.c.lead_id)
            .subquery()
        )
        statement = (
            select(asked.c.lead_id, asked.c.at, answered.c.at)
            .join(answered, answered.c.lead_id == asked.c.lead_id)
            .where(answered.c.at >= asked.c.at, asked.c.lead_id.not_in(known.where(first_replies.c.lead_id.in_(some))))
        )
        for lead_id, question, reply in (await connection.execute(statement)).all():
            waited = round((reply - question).total_seconds() * 1000)
            row = {"lead_id": lead_id, "account_id": account_id, "asked_at": question, "waited_ms": waited}
            await insert_unless_there(connection, first_replies, row)


async def _lock_mark(connection: AsyncConnection, account_id: str, name: str) -> Any:
    """Nobody else rolls the same up until this transaction ends."""
    await insert_unless_there(connection, rollup_marks, {"account_id": account_id, "name": name})
    statement = select(rollup_marks).where(rollup_marks.c.account_id == account_id, rollup_marks.c.name == name)
    return (await connection.execute(statement.with_for_update())).one()


async def _set_mark(connection: AsyncConnection, account_id: str, name: str, values: dict[str, Any]) -> None:
    statement = insert_for(connection.dialect.name, rollup_marks).values(account_id=account_id, name=name, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["account_id", "name"], set_=values))
