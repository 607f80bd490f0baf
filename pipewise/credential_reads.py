"""Opened credentials, and the record of each time that some were opened: once for each process and stored value, and again
after an hour, not once for each use, so that a webhook or a turn writes nothing more."""

import asyncio
import logging
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit import SYSTEM, Act, Audit
from pipewise.clock import Clock
from pipewise.integrations import open_credentials, secrets_of
from pipewise.log_mask import SecretMask
from pipewise.platforms.base import Credentials
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration
from pipewise.storage.tenancy import acting_for
from pipewise.storage.trouble import is_storage_trouble
from pipewise.vault import Vault

log = logging.getLogger(__name__)
MOST_OPEN = 10_000
KEPT = timedelta(hours=1)
RETRY_SECONDS = 1.0
CLOSE_SECONDS = 5.0


@dataclass(frozen=True)
class _Read:
    account_id: str
    integration_id: str
    platform: str
    former: bool
    at: datetime


@dataclass(frozen=True)
class _Opened:
    sealed: bytes
    credentials: Credentials = field(repr=False)
    at: datetime


class CredentialReads:
    """Opens and remembers by what is stored: a changed row is another value. The entry follows within moments, in a transaction
    of its own, and is tried again for as long as the process lives."""

    def __init__(self, database: Database, vault: Vault, audit: Audit, clock: Clock, mask: SecretMask) -> None:
        self._database = database
        self._vault = vault
        self._audit = audit
        self._clock = clock
        self._mask = mask
        self._open: OrderedDict[tuple[str, bool], _Opened] = OrderedDict()
        self._waiting: list[_Read] = []
        self._writing: asyncio.Task[None] | None = None

    def open(self, integration: Integration, sealed: bytes, *, former: bool = False) -> Credentials:
        """Raises CredentialUnreadable. What is returned must not leave the caller's scope."""
        place, now = (integration.id, former), self._clock.now()
        known = self._open.get(place)
        if known and known.sealed == sealed and abs(now - known.at) < KEPT:
            return known.credentials
        opened = open_credentials(self._vault, integration, sealed)
        self._mask.add(*secrets_of(opened))
        self._open[place] = _Opened(sealed, opened, now)
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        self._waiting.append(_Read(integration.account_id, integration.id, integration.platform, former, now))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name="credential reads")
        return opened

    def forget(self, integration_id: str) -> None:
        for former in (False, True):
            self._open.pop((integration_id, former), None)

    async def settle(self) -> None:
        """Everything that was read so far is written down."""
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def close(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.settle()
        if self._writing and not self._writing.done():
            log.error("reads of credentials could not be written down", extra={"reads": len(self._waiting)})
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write_all(self) -> None:
        while self._waiting:
            reads, account_id = list(self._waiting), self._waiting[0].account_id
            mine = [read for read in reads if read.account_id == account_id]
            try:
                with acting_for(account_id):
                    await self._database.transact(lambda connection: self._write(connection, mine))  # noqa: B023  awaited here
            except Exception as error:
                if not is_storage_trouble(error):
                    log.exception("reads of credentials could not be written down", extra={"account_id": account_id})
                    self._drop(mine)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._drop(mine)

    def _drop(self, done: list[_Read]) -> None:
        self._waiting = [read for read in self._waiting if all(read is not one for one in done)]

    async def _write(self, connection: AsyncConnection, reads: list[_Read]) -> None:
        for read in reads:
            detail: dict[str, Any] = {"platform": read.platform} | ({"former": True} if read.former else {})
            await self._audit.record(
                connection,
                read.account_id,
                Act.CREDENTIAL_READ,
                f"integration:{read.integration_id}",
                actor=SYSTEM,
                now=read.at,
                detail=detail,
            )
