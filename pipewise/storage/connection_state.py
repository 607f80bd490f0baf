"""Whether a connection that rested is still one, told by its socket: asking the server would cost as much as a statement."""

import select
from typing import Any

from psycopg import AsyncConnection, OperationalError


async def ensure_open(connection: AsyncConnection[Any]) -> None:
    """Closes it and raises OperationalError if the server has ended it. Nothing was asked of the server, so what waits to be read is its
    farewell or the end of the stream. A server that vanished without a word is met by the next statement, as by a question."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        await connection.close()  # a pool takes what looks open back, and would hand it out again
        raise OperationalError("the server has ended the connection")
