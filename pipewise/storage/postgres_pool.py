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

POSTGRES_POOL = 10
RESTED_SECONDS = 1.0
PREPARED = 500
_GIVEN_BACK = "given back"
_ROLES = "roles"


def open_engine(url: str) -> AsyncEngine:
    """A question before every transaction would cost as much as a statement. A connection that broke during a rest shorter
    than a second fails where it is used, as one that breaks while in use does; the pool then drops all of them."""
    engine = create_async_engine(
        url,
        pool_size=POSTGRES_POOL,
        pool_use_lifo=True,  # the connection used last has the most statements prepared
        hide_parameters=True,
    )
    pool, dialect = engine.sync_engine.pool, engine.sync_engine.dialect

    @event.listens_for(pool, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        connection.driver_connection.prepared_max = PREPARED
        record.info[_ROLES] = connection.run_async(_begin_by_ourselves)

    # The driver would send a BEGIN of its own; ours tells in the same message whose rows the transaction may touch. Done where
    # the dialect begins, so that what goes wrong is an error of the database as any other.
    dialect.do_begin = _begin  # type: ignore[method-assign,assignment]

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


def _send(connection: PGconn, begin: bytes) -> PQGen[None]:
    """As the driver sends its own BEGIN, without a cursor: it would cost as much as a statement."""
    connection.send_query(begin)
    for result in (yield from execute(connection)):
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result)
