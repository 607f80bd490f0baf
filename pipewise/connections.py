"""Live vendor clients of an account: decrypted late, one client per integration row as long as the row stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx
from pydantic import BaseModel, SecretStr

from pipewise.call_outcomes import CallOutcomes, FailingShare
from pipewise.circuit import Circuit
from pipewise.clock import Clock
from pipewise.credential_reads import CredentialReads
from pipewise.oauth.renewal import TokenKeeper
from pipewise.oauth.vendors import make_vendors
from pipewise.platforms.base import Credentials, Feed, Messenger
from pipewise.platforms.http import Observe, TokenSource, VendorHTTP
from pipewise.platforms.registry import get_platform
from pipewise.scheduling import SchedulingClient
from pipewise.settings import Settings
from pipewise.storage import integrations as rows
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.vault import Vault

ROWS_SECONDS = 1.0


@dataclass(frozen=True)
class MessagingConnection:
    """`alone`: the account has no other live integration of this platform."""

    integration: Integration
    settings: Any
    messenger: Messenger
    alone: bool = True


@dataclass(frozen=True)
class SchedulingConnection:
    """`origin` is connected (the account's own) or default_token (the installation's)."""

    origin: str
    client: SchedulingClient
    settings: Any
    integration: Integration | None


@dataclass(frozen=True)
class _Cached:
    updated_at: datetime
    value: Any


class Connections:
    """Builds messengers and schedulers for accounts, with one circuit per account and vendor."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        http: httpx.AsyncClient,
        clock: Clock,
        settings: Settings,
        reads: CredentialReads,
    ) -> None:
        self.database = database
        self._reads = reads
        self.vault = vault
        self._http = http
        self._clock = clock
        self._settings = settings
        self._circuits: dict[tuple[str, str], Circuit] = {}
        self._outcomes: dict[tuple[str, str], CallOutcomes] = {}
        self._quotas: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._cache: dict[str, _Cached] = {}
        self._rows: dict[str, tuple[float, list[Integration]]] = {}
        self._changes = 0
        self.tokens = TokenKeeper(
            database, vault, clock, make_vendors(http, clock, settings), self.drop_client, reads.open
        )

    async def messaging(self, account_id: str, integration_id: str) -> MessagingConnection | None:
        """None if the integration is gone or its platform cannot send."""
        found = await self._integrations(account_id)
        integration = next((one for one in found if one.id == integration_id), None)
        return self._messaging_among(found, integration) if integration else None

    async def messaging_for_platform(self, account_id: str, platform: str) -> MessagingConnection | None:
        """The account's oldest live integration of a platform that works, if one does."""
        live = _usable_first(await self._integrations(account_id))
        found = [one for one in live if one.platform == platform]
        return next(filter(None, (self._messaging_among(found, one) for one in found)), None)

    def _messaging_among(self, found: list[Integration], integration: Integration) -> MessagingConnection | None:
        built = self.build_messaging(integration)
        alone = sum(one.platform == integration.platform for one in found) == 1
        return replace(built, alone=alone) if built else None

    def build_messaging(self, integration: Integration) -> MessagingConnection | None:
        platform = get_platform(integration.platform)
        if platform.messenger is None or integration.credentials is None:
            return None

        def build() -> MessagingConnection:
            credentials = self.credentials(integration)
            assert platform.messenger is not None  # noqa: S101  checked above; tells the type checker
            return MessagingConnection(
                integration,
                platform.settings.model_validate(integration.settings),
                platform.messenger(credentials, self._http_of(integration, credentials)),
            )

        cached: MessagingConnection = self._cached(integration, build)
        return replace(cached, integration=integration)

    async def scheduling(self, account_id: str) -> SchedulingConnection | None:
        """The account's own Calendly, else the installation's default token, else None."""
        for integration in _usable_first(await self._integrations(account_id)):
            built = self.build_scheduling(integration)
            if built:
                return built
        return self._default_scheduling(account_id)

    def build_scheduling(self, integration: Integration, *, past_circuit: bool = False) -> SchedulingConnection | None:
        """`past_circuit` asks the vendor even while its circuit is open."""
        platform = get_platform(integration.platform)
        if platform.scheduler is None or integration.credentials is None:
            return None

        def build() -> SchedulingConnection:
            assert platform.scheduler is not None  # noqa: S101  checked above; tells the type checker
            credentials = self.credentials(integration)
            http = self._http_of(integration, credentials, past_circuit=past_circuit)
            client = platform.scheduler(credentials, http)
            settings = platform.settings.model_validate(integration.settings)
            return SchedulingConnection("connected", client, settings, integration)

        if past_circuit:
            return build()
        cached: SchedulingConnection = self._cached(integration, build)
        return replace(cached, integration=integration)

    def messenger_past_circuit(self, integration: Integration) -> Messenger | None:
        """For a check on demand."""
        platform = get_platform(integration.platform)
        if platform.messenger is None:
            return None
        credentials = self.credentials(integration)
        return platform.messenger(credentials, self._http_of(integration, credentials, past_circuit=True))

    def build_feed(self, integration: Integration) -> Feed | None:
        """None if the vendor of this platform is not asked for events."""
        platform = get_platform(integration.platform)
        if platform.feed is None or integration.credentials is None:
            return None
        credentials = self.credentials(integration)
        return platform.feed(credentials, self._http_of(integration, credentials))

    def credentials(self, integration: Integration) -> Credentials:
        """The opened credentials; they must not leave the caller's scope."""
        return self._reads.open(integration, integration.credentials or b"")

    def signing_credentials(self, integration: Integration) -> tuple[Credentials, ...]:
        """Credentials whose secrets may have signed a webhook now: the current ones, and the former during the overlap."""
        if integration.credentials is None:
            return ()
        found = [self.credentials(integration)]
        previous, until = integration.previous_credentials, integration.previous_until
        if previous and until and self._clock.now() < until:
            found.append(self._reads.open(integration, previous, former=True))
        return tuple(found)

    def quota(self, integration: Integration) -> dict[str, Any] | None:
        """What is left of the vendor's budget, as the vendor said in its last answer to this process."""
        told = self._quotas.get((integration.account_id, integration.platform))
        return dict(told) if told else None

    def circuit(self, account_id: str, platform: str) -> Circuit:
        return self._circuits.setdefault((account_id, platform), Circuit(self._clock))

    def outcomes(self, account_id: str, platform: str) -> CallOutcomes:
        return self._outcomes.setdefault((account_id, platform), CallOutcomes(self._clock))

    def failing(self) -> dict[tuple[str, str], FailingShare]:
        """Accounts and vendors of which this process's calls keep failing."""
        told = {key: outcomes.failing() for key, outcomes in self._outcomes.items()}
        return {key: share for key, share in told.items() if share}

    def drop(self, integration_id: str) -> None:
        """An integration was made or changed: forget its client, and what was read of any account."""
        self.tokens.forget(integration_id)
        self.drop_client(integration_id)

    def drop_client(self, integration_id: str) -> None:
        """Its token was renewed."""
        self._changes += 1
        self._reads.forget(integration_id)
        self._cache.pop(integration_id, None)
        self._rows.clear()

    def drop_all(self) -> None:
        """Another process changed some integration."""
        self.tokens.forget_all()
        self._changes += 1
        self._cache.clear()
        self._rows.clear()

    async def _integrations(self, account_id: str) -> list[Integration]:
        """The account's live ones, oldest first, as they were at most a second ago: a turn asks several times."""
        known = self._rows.get(account_id)
        if known and self._clock.monotonic() - known[0] < ROWS_SECONDS:
            return known[1]
        changes = self._changes
        found = await self.database.ask(lambda c: rows.list_integrations(c, account_id))
        if changes == self._changes:  # else they may have been read before the change
            self._rows[account_id] = (self._clock.monotonic(), found)
        return found

    def _http_of(self, integration: Integration, credentials: Credentials, *, past_circuit: bool = False) -> VendorHTTP:
        tokens = self.tokens.source(integration, credentials)
        return self.vendor_http(integration.account_id, integration.platform, past_circuit=past_circuit, tokens=tokens)

    def vendor_http(
        self, account_id: str, platform: str, *, past_circuit: bool = False, tokens: TokenSource | None = None
    ) -> VendorHTTP:
        return VendorHTTP(
            self._http,
            platform=platform,
            base_url=vendor_urls(self._settings).get(platform) or get_platform(platform).api_url,
            clock=self._clock,
            circuit=None if past_circuit else self.circuit(account_id, platform),
            observe=self._quota_reader(account_id, platform),
            tokens=tokens,
            note=None if past_circuit else self.outcomes(account_id, platform).record,
        )

    def _quota_reader(self, account_id: str, platform: str) -> Observe | None:
        read = get_platform(platform).read_quota
        if read is None:
            return None

        def observe(headers: Mapping[str, str]) -> None:
            found = read(headers)
            if found:
                self._quotas[account_id, platform] = found

        return observe

    def _default_scheduling(self, account_id: str) -> SchedulingConnection | None:
        token = self._settings.calendly_access_token
        if token is None:
            return None
        platform = get_platform("calendly")
        assert platform.scheduler is not None  # noqa: S101  Calendly schedules
        credentials = platform.credentials.model_validate({"access_token": SecretStr(token.get_secret_value())})
        client = platform.scheduler(credentials, self.vendor_http(account_id, "calendly"))
        settings: BaseModel = platform.settings()
        return SchedulingConnection("default_token", client, settings, None)

    def _cached(self, integration: Integration, build: Any) -> Any:
        """Clients keep small caches of their own (host), so one instance serves until its row changes."""
        known = self._cache.get(integration.id)
        if known is None or known.updated_at != integration.updated_at:
            known = _Cached(integration.updated_at, build())
            self._cache[integration.id] = known
        return known.value


def _usable_first(found: list[Integration]) -> list[Integration]:
    """One whose token the vendor refuses is no reason to leave another one unused."""
    return sorted(found, key=lambda one: one.status is IntegrationStatus.RECONNECT_REQUIRED)


def vendor_urls(settings: Settings) -> Mapping[str, str]:
    return {
        "calendly": settings.calendly_api_url,
        "whatsapp": settings.whatsapp_api_url,
        "instagram": settings.instagram_api_url,
        "x": settings.x_api_url,
    }
