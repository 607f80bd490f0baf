"""Whose delivery this is: integrations with their signing secrets, looked up once in half a second."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.errors import CredentialUnreadable
from pipewise.platforms.base import Platform
from pipewise.storage import integrations as rows
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration
from pipewise.storage.tenancy import Key, Purpose, acting_for_owner, for_every_account

CACHE_SECONDS = 0.5
MOST_CACHED = 10_000


@dataclass(frozen=True)
class Recipient:
    """An integration and the secrets that may have signed a delivery to it."""

    integration: Integration
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Recipient({self.integration!r})"


class WebhookDirectory:
    def __init__(self, database: Database, connections: Connections, clock: Clock) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock
        self._found: OrderedDict[tuple[str, str, str], tuple[float, tuple[Recipient, ...]]] = OrderedDict()
        self._changes = 0

    async def by_id(self, platform: Platform, integration_id: str) -> Recipient | None:
        key = ("id", platform.name, integration_id)
        known = self._known(key)
        if known is None:
            changes = self._changes
            found = await self._find(platform, integration_id)
            known = self._keep(key, platform, found, changes)
        return known[0] if known else None

    async def by_account(self, platform: Platform, account_ref: str) -> tuple[Recipient, ...]:
        """Oldest first: several when a number was connected more than once."""
        key = ("account", platform.name, account_ref)
        known = self._known(key)
        if known is None:
            changes = self._changes
            with for_every_account(Purpose.SHARED_CALLBACK):
                async with self._database.read() as connection:
                    found = await rows.list_for_account_ref(connection, platform.name, account_ref)
            known = self._keep(key, platform, found, changes)
        return known

    async def credentials(self, platform: Platform, integration_id: str | None) -> tuple[Any, ...] | None:
        """For a handshake, newest first: of one integration, or of all on a callback shared by many accounts. None if that
        integration does not exist."""
        found = await (self._find(platform, integration_id) if integration_id else self._list(platform))
        if integration_id and not found:
            return None
        newest_first = sorted(found, key=lambda integration: integration.created_at, reverse=True)
        return tuple(each for integration in newest_first for each in self._open(integration))

    async def _find(self, platform: Platform, integration_id: str) -> list[Integration]:
        with acting_for_owner(Key.INTEGRATION, integration_id):
            async with self._database.read() as connection:
                found = await rows.find_for_webhook(connection, platform.name, integration_id)
        return [found] if found else []

    async def _list(self, platform: Platform) -> list[Integration]:
        with for_every_account(Purpose.SHARED_CALLBACK):
            async with self._database.read() as connection:
                return await rows.list_for_platform(connection, platform.name)

    def forget(self) -> None:
        """An integration changed just now."""
        self._changes += 1
        self._found.clear()

    def _known(self, key: tuple[str, str, str]) -> tuple[Recipient, ...] | None:
        until, found = self._found.get(key, (0.0, ()))
        return found if self._clock.monotonic() < until else None

    def _keep(
        self, key: tuple[str, str, str], platform: Platform, found: list[Integration], changes: int
    ) -> tuple[Recipient, ...]:
        recipients = tuple(Recipient(integration, self._secrets(platform, integration)) for integration in found)
        if recipients and changes == self._changes:
            # An unknown address is looked up each time: it may be connected a moment later. What was read before a change is
            # not kept.
            self._found[key] = (self._clock.monotonic() + CACHE_SECONDS, recipients)
            if len(self._found) > MOST_CACHED:
                self._found.popitem(last=False)
        return recipients

    def _secrets(self, platform: Platform, integration: Integration) -> tuple[str, ...]:
        found = (secret for each in self._open(integration) for secret in platform.webhook.signing_secrets(each))
        return tuple(dict.fromkeys(filter(None, found)))

    def _open(self, integration: Integration) -> tuple[Any, ...]:
        """Nothing, and so no delivery accepted, if the stored credentials do not open."""
        try:
            return self._connections.signing_credentials(integration)
        except CredentialUnreadable:
            return ()
