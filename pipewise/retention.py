"""What is kept for a time only, and forgotten by itself afterwards."""

import asyncio
import logging
from datetime import timedelta

from pipewise.clock import Clock
from pipewise.storage import journal
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Purpose, for_every_account

log = logging.getLogger(__name__)
EVERY_SECONDS = 3600.0
BATCH_PAUSE_SECONDS = 0.2  # between two batches, so that leads' turns are not held up


async def forget_expired(database: Database, clock: Clock, journal_days: int) -> int:
    """Journals older than that many days, of every account; batch by batch. Returns how many rows went."""
    before, gone = clock.now() - timedelta(days=journal_days), 0
    with for_every_account(Purpose.UPKEEP):
        while found := await database.transact(lambda connection: journal.forget_older(connection, before)):
            gone += found
            await asyncio.sleep(BATCH_PAUSE_SECONDS)
    return gone


async def keep_forgetting(database: Database, clock: Clock, journal_days: int) -> None:
    """At start and every hour, until it is cancelled. Several processes may do so at once."""
    while True:
        try:
            gone = await forget_expired(database, clock, journal_days)
            if gone:
                log.info("journals were forgotten", extra={"rows": gone})
        except Exception:
            # A loop of the worker: a database that is away comes back, and an hour later is early enough.
            log.exception("journals could not be forgotten")
        await asyncio.sleep(EVERY_SECONDS)
