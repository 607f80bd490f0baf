"""One renewal of a token in the database: claimed before the vendor is asked, kept before the new token is used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.clock import Clock
from pipewise.errors import AuthFailed, Outcome, PlatformError, Rejected, Unavailable
from pipewise.integrations import hint_credentials, seal_credentials
from pipewise.oauth.grants import Grant
from pipewise.storage import integrations as rows
from pipewise.storage import oauth
from pipewise.storage.database import Database
from pipewise.storage.integration_changes import note_change
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.oauth import TokenRow
from pipewise.vault import Vault

STALE_AFTER = timedelta(seconds=30)  # a renewal takes 10 s at most
FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(hours=1)


OpenStored = Callable[[Integration, bytes], Any]
"""Opens stored credentials, and has it written down."""


@dataclass(frozen=True)
class Claim:
    """The right to ask the vendor for this integration's next token, and what there is to ask with."""

    integration: Integration
    credentials: Any
    row: TokenRow
    holder: str


class RenewalRows:
    def __init__(self, database: Database, vault: Vault, clock: Clock, open_stored: OpenStored) -> None:
        self._database = database
        self._vault = vault
        self._open_stored = open_stored
        self._clock = clock

    async def read_token(self, integration: Integration) -> str:
        """The access token that is stored now."""
        async with self._database.read() as connection:
            latest = await rows.get_integration(connection, integration.account_id, integration.id)
        return str(self._open_stored(latest, latest.credentials or b"").access_token.get_secret_value())

    async def claim(self, integration: Integration, token: str | None, holder: str) -> Claim | str | None:
        """The claim; or the newer token that somebody has fetched meanwhile; or None while somebody is at it. Raises
        PlatformError where there is no use in asking (yet)."""
        async with self._database.write() as connection:
            return await self._claim(connection, integration, token, holder)

    async def _claim(
        self, connection: AsyncConnection, known: Integration, token: str | None, holder: str
    ) -> Claim | str | None:
        now, account_id = self._clock.now(), known.account_id
        if not await oauth.claim_token(connection, account_id, known.id, holder, now, now - STALE_AFTER):
            return None
        integration = await rows.get_integration(connection, account_id, known.id)
        row = await oauth.find_token(connection, account_id, known.id)
        assert row is not None  # noqa: S101  it was claimed just now
        credentials: Any = self._open_stored(integration, integration.credentials or b"")
        newest = credentials.access_token.get_secret_value()
        refusal = _refuse(row, integration.platform, now)
        if newest != token and token is not None:
            await oauth.change_token(connection, account_id, known.id, {"claimed_by": None, "claimed_at": None})
            return str(newest)
        if refusal:
            raise refusal
        return Claim(integration, credentials, row, holder)

    async def keep(self, claim: Claim, grant: Grant, renew_after: float | None) -> bool:
        """Seal the new tokens in the place of the old ones. False if the owner entered others meanwhile: those stand."""
        integration = claim.integration
        async with self._database.write() as connection:
            latest = await rows.get_integration(connection, integration.account_id, integration.id, to_change=True)
            # Opened, since the same tokens may have been sealed anew under another key.
            stored: Any = self._open_stored(latest, latest.credentials or b"")
            if stored.access_token != claim.credentials.access_token:
                return False
            credentials, now = _with_tokens(stored, grant), self._clock.now()
            values: dict[str, Any] = {
                "credentials": seal_credentials(self._vault, integration.id, integration.account_id, credentials),
                "hints": hint_credentials(credentials),
            }
            if latest.status is IntegrationStatus.RECONNECT_REQUIRED:
                await note_change(connection, latest.account_id, latest.id, IntegrationStatus.CONNECTED, None, now)
                values |= {"status": IntegrationStatus.CONNECTED, "last_error": None}
            await rows.update_integration(connection, integration.account_id, integration.id, values, now)
            await oauth.put_token(
                connection,
                integration.account_id,
                integration.id,
                issued_at=now,
                expires_at=_later(now, grant.lifetime),
                renew_at=_later(now, renew_after),
            )
        return True

    async def give_back(self, claim: Claim, error: PlatformError) -> None:
        """The vendor gave nothing: it is asked again later, or, where it refused for good, a person is asked."""
        now, integration, attempts = self._clock.now(), claim.integration, claim.row.attempts + 1
        wait = min(FIRST_BACKOFF * 2 ** min(attempts - 1, 10), LONGEST_BACKOFF)
        if isinstance(error, Rejected):
            wait = LONGEST_BACKOFF
        wait = min(max(wait, timedelta(seconds=error.retry_after or 0.0)), LONGEST_BACKOFF)
        values: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "attempts": attempts, "renew_at": now + wait}
        status = None
        if isinstance(error, AuthFailed):
            values |= {"dead": True, "renew_at": None}
            status = IntegrationStatus.RECONNECT_REQUIRED
        elif isinstance(error, Rejected):
            status = IntegrationStatus.ERROR
        told = {"code": error.code, "message": error.message, "at": now.isoformat(), "stops_account": False}
        async with self._database.write() as connection:
            await oauth.change_token(connection, integration.account_id, integration.id, values)
            if status:
                await rows.update_status(connection, integration, status, told, now)


def _refuse(row: TokenRow, platform: str, now: datetime) -> PlatformError | None:
    title = platform.capitalize()
    if row.dead:
        return AuthFailed(
            f"{title} gives no access any more; connect {title} again.",
            platform=platform,
            outcome=Outcome.NOT_SENT,
            manual_action_required=True,
        )
    if row.attempts and row.renew_at and now < row.renew_at <= now + LONGEST_BACKOFF:
        return Unavailable(
            f"{title} gave no new access token just now.",
            platform=platform,
            outcome=Outcome.NOT_SENT,
            retry_after=round((row.renew_at - now).total_seconds(), 1),
        )
    return None


def _with_tokens(credentials: Any, grant: Grant) -> Any:
    """A vendor that keeps its refresh token does not send it again."""
    changed: dict[str, SecretStr] = {"access_token": grant.access_token}
    if grant.refresh_token:
        changed["refresh_token"] = grant.refresh_token
    return credentials.model_copy(update=changed)


def _later(now: datetime, seconds: float | None) -> datetime | None:
    return now + timedelta(seconds=seconds) if seconds is not None else None
