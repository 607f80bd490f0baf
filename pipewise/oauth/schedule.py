"""Tokens renewed in good time, and a person told of one that is about to end."""

import asyncio
import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.clock import Clock
from pipewise.new_tasks import add_task
from pipewise.oauth.renewal import TokenKeeper
from pipewise.storage import oauth
from pipewise.storage.database import Database
from pipewise.storage.oauth import TokenRow
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.storage.trouble import is_storage_trouble
from pipewise.turns import NewTask

log = logging.getLogger(__name__)
EVERY_SECONDS = 30.0
WARNINGS = (1, 7)  # days before the end
LONG_LIFE = timedelta(days=8)  # a token of hours is renewed every time, and nobody is warned of its end


async def keep_renewing(database: Database, keeper: TokenKeeper, clock: Clock) -> None:
    """Until it is cancelled. Several processes may do so at once: a token is renewed by one of them."""
    while True:
        try:
            await keeper.renew_due()
            await warn_of_ends(database, clock.now())
        except Exception as error:
            # A loop of the worker: a database that is away comes back.
            if is_storage_trouble(error):
                log.warning("tokens could not be looked at", extra={"problem": type(error).__name__})
            else:
                log.exception("tokens could not be looked at")
        await asyncio.sleep(min(EVERY_SECONDS, clock.recheck))


async def warn_of_ends(database: Database, now: datetime) -> int:
    """A task 7 days and one day before a long-lived token ends that has not been renewed. Returns how many were made."""
    with for_every_account(Purpose.UPKEEP):
        async with database.read() as connection:
            ending = await oauth.list_ending(connection, now + timedelta(days=max(WARNINGS)))
    warned = 0
    for row in ending:
        days = _due_warning(row, now)
        if days is not None:
            with acting_for(row.account_id):
                async with database.write() as connection:
                    await _warn(connection, row, days, now)
            warned += 1
    return warned


def _due_warning(row: TokenRow, now: datetime) -> int | None:
    if row.expires_at is None or row.expires_at - row.issued_at < LONG_LIFE:
        return None
    days = next((days for days in WARNINGS if row.expires_at <= now + timedelta(days=days)), None)
    return None if days is None or (row.warned_days is not None and row.warned_days <= days) else days


async def _warn(connection: AsyncConnection, row: TokenRow, days: int, now: datetime) -> None:
    title = "An access token ends soon"
    detail = f"It could not be renewed and ends within {days} day{'s' if days > 1 else ''}; connect the platform again."
    await add_task(connection, row.account_id, None, NewTask("token_expiring", title, detail), now)
    await oauth.change_token(connection, row.account_id, row.integration_id, {"warned_days": days})
