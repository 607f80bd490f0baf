"""What is kept for a time only, and forgotten by itself afterwards: journals, answers to repeated requests, ended sessions."""

import asyncio
import logging
from datetime import timedelta

from pipewise.clock import Clock
from pipewise.storage import idempotency, journal, sessions
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Purpose, for_every_account

log = logging.getLogger(__name__)
EVERY_SECONDS = 3600.0
BATCH_PAUSE_SECONDS = 0.2  # between two batches, so that leads' turns are not held up


async def forget_expired(database: Database, clock: Clock, journal_days: int) -> int:
    """Journals older than that many days and what else is over, of every account; batch by batch. How many rows went."""
    now, gone = clock.now(), 0
    before = now - timedelta(days=journal_days)
    for forget in (
        lambda connection: journal.forget_older(connection, before),
        lambda connection: idempotency.forget_expired(connection, now),
        lambda connection: sessions.forget_ended(connection, now),
    ):
        with for_every_account(Purpose.UPKEEP):
            while found := await database.transact(forget):
                gone += found
                await asyncio.sleep(BATCH_PAUSE_SECONDS)
    return gone


async def keep_forgetting(database: Database, clock: Clock, journal_days: int) -> None:
    """At start and every hour, until it is cancelled. Several processes may do so at once."""
    while True:
        try:
            gone = await forget_expired(database, clock, journal_days)
            if gone:
                log.info("what was over was forgotten", extra={"rows": gone})
        except Exception:
            # A loop of the worker: a database that is away comes back, and an hour later is early enough.
            log.exception("what is over could not be forgotten")
        await asyncio.sleep(EVERY_SECONDS)
