"""A process that only works: it takes leads that others received, until a signal ends it."""

import asyncio
import signal

from graph.compose import open_application
from pipewise import garbage
from pipewise.errors import SettingsError
from pipewise.settings import Settings

ENDS = (signal.SIGTERM, signal.SIGINT)


def require_shared_database(settings: Settings) -> None:
    """Raises SettingsError where the database belongs to one process."""
    if settings.is_embedded:
        raise SettingsError(
            "`pipewise worker` shares a PostgreSQL with other processes; set PIPEWISE_DATABASE_URL to postgresql+psycopg://…, "
            "or run `pipewise serve`, which works by itself on SQLite."
        )


async def work(settings: Settings) -> None:
    """Returns once a signal came and what was running has ended."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in ENDS:
        loop.add_signal_handler(number, ended.set)
    try:
        async with open_application(settings):
            garbage.settle()
            await ended.wait()
    finally:
        for number in ENDS:
            loop.remove_signal_handler(number)
