"""What is kept for a time only, and then forgotten by itself: journals, changes of status, answers to repeats, ended sessions."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.clock import Clock
from pipewise.storage import idempotency, integration_changes, journal, sessions
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Purpose, for_every_account

log = logging.getLogger(__name__)
Forget = Callable[[AsyncConnection], Awaitable[int]]
EVERY_SECONDS = 3600.0
BATCH_PAUSE_SECONDS = 0.2  # between two batches, so that leads' turns are not held up


async def forget_expired(database: Database, clock: Clock, journal_days: int) -> int:
    """Journals and changes of status older than that, and what else is over, of every account, in batches. How many rows went."""
    now, gone = clock.now(), 0
    before = now - timedelta(days=journal_days)
    for forget in (
        lambda connection: journal.forget_older(connection, before),
        lambda connection: integration_changes.forget_older(connection, before),
        lambda connection: idempotency.forget_expired(connection, now),
        lambda connection: sessions.forget_ended(connection, now),
    ):
        while found := await _forget_some(database, forget):
            gone += found
            await asyncio.sleep(BATCH_PAUSE_SECONDS)
    return gone


async def _forget_some(database: Database, forget: Forget) -> int:
    with for_every_account(Purpose.UPKEEP):
        gone: int = await database.transact(forget)
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
