"""The scheduled work behind the numbers: sums are brought up to date for every account, piece by piece."""

import asyncio
import logging

from pipewise.clock import Clock
from pipewise.storage import audit as accounts
from pipewise.storage import rollups
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account

log = logging.getLogger(__name__)
EVERY_SECONDS = 300.0
PAUSE_SECONDS = 0.1  # between two pieces, so that leads' turns are not held up


async def roll_up(database: Database, clock: Clock, account_id: str) -> None:
    """All of one account's, each piece a transaction of its own."""
    more = True
    while more:
        more = await database.transact(lambda connection: rollups.roll_usage(connection, account_id, clock.now()))
        await asyncio.sleep(PAUSE_SECONDS if more else 0)
    await catch_up(database, clock, account_id)


async def catch_up(database: Database, clock: Clock, account_id: str) -> None:
    """First answers up to now: what a person asks for must not be behind."""
    more = True
    while more:
        more = await database.transact(
            lambda connection: rollups.roll_first_replies(connection, account_id, clock.now())
        )


async def keep_rolling_up(database: Database, clock: Clock) -> None:
    """Until it is cancelled. Several processes may do so at once: each piece is done by one."""
    while True:
        try:
            with for_every_account(Purpose.UPKEEP):
                account_ids = await database.ask(accounts.list_accounts)
            for account_id in account_ids:
                with acting_for(account_id):
                    await roll_up(database, clock, account_id)
        except Exception:
            # A loop of the worker: a database that is away comes back.
            log.exception("numbers could not be rolled up")
        await asyncio.sleep(EVERY_SECONDS)
