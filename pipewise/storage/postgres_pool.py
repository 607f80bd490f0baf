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
from pipewise.storage.tenancy import OwnerOf, Roles, current_scope

# Kept open, and as many more for a moment: 20 in all, as docs/deployment.md counts them.
WRITERS, MORE_WRITERS = 8, 4
LOOKERS, MORE_LOOKERS = 4, 4
RESTED_SECONDS = 1.0
PREPARED = 500
_GIVEN_BACK = "given back"
_ROLES = "roles"
_SETTLED = "settled"


def open_engine(url: str, *, looks_only: bool = False) -> AsyncEngine:
    """`looks_only`: without BEGIN and ROLLBACK, mostly two trips to the server; at READ COMMITTED each statement sees its own moment
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
    def _prepare(connection: Any, record: Any) -> None:
        connection.driver_connection.prepared_max = PREPARED
        record.info[_ROLES] = connection.run_async(_begin_by_ourselves)

    # The driver would send a BEGIN of its own; ours tells in the same message whose rows the transaction may touch. Done where
    # the dialect begins, so that what goes wrong is an error of the database as any other.
    dialect.do_begin = _settle if looks_only else _begin  # type: ignore[method-assign,assignment]

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
    _tell(connection, current_scope().begin(connection.info[_ROLES]))


def _settle(connection: Any) -> None:
    """What stood for the last look stands no longer. The same for the same account again, with nobody in between, is not
    told anew: of a key it is, since its owner may have changed."""
    scope = current_scope()
    if isinstance(scope, OwnerOf) or connection.info.get(_SETTLED) != scope:
        connection.info.pop(_SETTLED, None)
        _tell(connection, scope.settle(connection.info[_ROLES]))
        connection.info[_SETTLED] = scope


def _tell(connection: Any, script: str) -> None:
    message = script.encode()
    connection.dbapi_connection.run_async(lambda driver: driver.wait(_send(driver.pgconn, message)))


def _send(connection: PGconn, begin: bytes) -> PQGen[None]:
    """As the driver sends its own BEGIN, without a cursor: it would cost as much as a statement."""
    connection.send_query(begin)
    for result in (yield from execute(connection)):
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result)
