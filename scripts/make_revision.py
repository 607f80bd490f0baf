"""Write the next schema revision from the difference between the tables and the revisions so far.

python scripts/make_revision.py 0002 "what changes"
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from pipewise.storage.sqlite import install_sound_sqlite


def _revise(connection: Connection, revision: str, message: str) -> None:
    from pipewise.storage.migrate import alembic_config  # noqa: PLC0415  after the sound SQLite is in place

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    command.revision(config, message, autogenerate=True, rev_id=revision)


async def _main(revision: str, message: str) -> None:
    from pipewise.storage.database import open_database  # noqa: PLC0415  after the sound SQLite is in place

    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite+aiosqlite:///{Path(folder) / 'revision.db'}")
        try:
            async with database.write() as connection:
                await connection.run_sync(_revise, revision, message)
        finally:
            await database.close()


if __name__ == "__main__":
    install_sound_sqlite()
    asyncio.run(_main(sys.argv[1], sys.argv[2]))
