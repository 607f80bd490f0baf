"""What one process tells all others through PostgreSQL, in the transaction of what it did. An embedded process is alone."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

CONFIG = "pipewise_config"
ARRIVALS = "pipewise_arrivals"

_NOTIFY = text(f"SELECT pg_notify('{CONFIG}', '')")


async def announce_config(connection: AsyncConnection) -> None:
    """An integration, a token or a user changes: whatever a process keeps of them is void once this commits."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_NOTIFY)
