"""An account's settings as a process knows them: remembered briefly, and forgotten when any process changes them."""

from pipewise.account_settings import AccountSettings
from pipewise.clock import Clock
from pipewise.settings_document import Document, read_settings
from pipewise.storage.account_settings import read_document
from pipewise.storage.database import Database

KEPT_SECONDS = 1.0
MOST_KEPT = 1000


class SettingsReader:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, tuple[float, Document, AccountSettings]] = {}
        self._forgotten = 0

    async def read(self, account_id: str) -> AccountSettings:
        """What holds for the account."""
        return (await self._look(account_id))[2]

    async def read_document(self, account_id: str) -> Document:
        """What was set of it."""
        return (await self._look(account_id))[1]

    def forget_all(self) -> None:
        """A change by any process has been committed."""
        self._known.clear()
        self._forgotten += 1

    async def _look(self, account_id: str) -> tuple[float, Document, AccountSettings]:
        known = self._known.get(account_id)
        if known and self._clock.monotonic() - known[0] < KEPT_SECONDS:
            return known
        forgotten = self._forgotten
        document = await self._database.ask(lambda c: read_document(c, account_id))
        settings = known[2] if known and known[1] == document else read_settings(document)
        found = (self._clock.monotonic(), document, settings)
        # What was read before a change came to be known may be what it replaced.
        if forgotten == self._forgotten:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[account_id] = found
        return found
