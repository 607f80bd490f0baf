"""A pool of PostgreSQL connections whose liveness is asked only after a rest."""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

# Kept open, and as many more for a moment: 20 in all, as docs/deployment.md counts them.
WRITERS, MORE_WRITERS = 8, 4
LOOKERS, MORE_LOOKERS = 4, 4
RESTED_SECONDS = 1.0
PREPARED = 500
_GIVEN_BACK = "given back"


def open_engine(url: str, *, looks_only: bool = False) -> AsyncEngine:
    """`looks_only`: without BEGIN and ROLLBACK, two trips to the server; at READ COMMITTED each statement sees its own moment
    anyway. They are connections of their own: one that is switched to and fro is lost when its user is cancelled meanwhile.

    A question before every transaction would cost as much as a statement. A connection that broke during a rest shorter
    than a second fails where it is used, as one that breaks while in use does; the pool then drops all of them."""
    engine = create_async_engine(
        url,
        pool_size=LOOKERS if looks_only else WRITERS,
        max_overflow=MORE_LOOKERS if looks_only else MORE_WRITERS,
        isolation_level="AUTOCOMMIT" if looks_only else None,
        pool_use_lifo=True,  # the connection used last has the most statements prepared
        hide_parameters=True,
    )
    pool, dialect = engine.sync_engine.pool, engine.sync_engine.dialect

    @event.listens_for(pool, "connect")
    def _allow_prepared(connection: Any, _record: Any) -> None:
        connection.driver_connection.prepared_max = PREPARED

    @event.listens_for(pool, "checkin")
    def _note_return(_connection: Any, record: Any) -> None:
        record.info[_GIVEN_BACK] = time.monotonic()

    @event.listens_for(pool, "checkout")
    def _ask_after_rest(connection: Any, record: Any, _fairy: Any) -> None:
        rested = time.monotonic() - record.info.get(_GIVEN_BACK, time.monotonic())
        if rested <= RESTED_SECONDS:
            return
        try:
            alive = dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
        if not alive:
            raise InvalidatePoolError

    return engine
