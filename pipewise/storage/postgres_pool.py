"""A pool of PostgreSQL connections: each takes on the application's role when it is made, and its liveness is asked only after
a rest."""

import time
from typing import Any

from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn
from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pipewise.storage.database_roles import take_role
from pipewise.storage.tenancy import Roles, current_scope

# Opened when they are needed and then kept, 20 in all, as docs/deployment.md counts them. None for a moment only: to open one and
# to prepare its statements costs the server as much as an event.
WRITERS, LOOKERS = 12, 8
RESTED_SECONDS = 1.0
PREPARED = 500
PREPARED_FROM = 1  # runs before: what comes twice comes again, and to parse and plan it costs more than to keep it
_GIVEN_BACK = "given back"
_ROLES = "roles"
_STANDS = "stands"


def open_engine(url: str, *, looks_only: bool = False) -> AsyncEngine:
    """`looks_only`: without BEGIN and ROLLBACK, two trips to the server; at READ COMMITTED each statement sees its own moment
    anyway. They are connections of their own: one that is switched to and fro is lost when its user is cancelled meanwhile.

    A question before every transaction would cost as much as a statement. A connection that broke during a rest shorter
    than a second fails where it is used, as one that breaks while in use does; the pool then drops all of them."""
    engine = create_async_engine(
        url,
        pool_size=LOOKERS if looks_only else WRITERS,
        max_overflow=0,
        isolation_level="AUTOCOMMIT" if looks_only else None,
        pool_use_lifo=True,  # the connection used last has the most statements prepared
        hide_parameters=True,
    )
    pool, dialect = engine.sync_engine.pool, engine.sync_engine.dialect

    @event.listens_for(pool, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.driver_connection.prepared_max = PREPARED
        connection.driver_connection.prepare_threshold = PREPARED_FROM
        record.info[_ROLES] = connection.run_async(_begin_by_ourselves)

    # The driver would send a BEGIN of its own; ours tells in the same message whose rows the transaction may touch. Done where
    # the dialect begins, so that what goes wrong is an error of the database as any other.
    dialect.do_begin = _stand if looks_only else _begin  # type: ignore[method-assign,assignment]

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


async def _begin_by_ourselves(connection: Any) -> Roles:
    await connection.set_autocommit(True)
    return await take_role(connection)


def _begin(connection: Any) -> None:
    begin = current_scope().begin(connection.info[_ROLES]).encode()
    connection.dbapi_connection.run_async(lambda driver: driver.wait(_send(driver.pgconn, begin)))


def _stand(connection: Any) -> None:
    """A look has no transaction that would end what is told: each look tells it, unless the last one told the same."""
    told = current_scope().stand(connection.info[_ROLES])
    if told.changes or connection.info.get(_STANDS) != told.sql:
        connection.info[_STANDS] = None
        connection.dbapi_connection.run_async(lambda driver: driver.wait(_send(driver.pgconn, told.sql.encode())))
        connection.info[_STANDS] = told.sql


def _send(connection: PGconn, begin: bytes) -> PQGen[None]:
    """As the driver sends its own BEGIN, without a cursor: it would cost as much as a statement."""
    connection.send_query(begin)
    for result in (yield from execute(connection)):
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result)
