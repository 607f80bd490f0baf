"""Connecting by consent: the request goes out with a state that is good once, for one user and one browser; the answer becomes an
integration."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import integrations
from pipewise.audit import Act, Audit
from pipewise.credential_reads import CredentialReads
from pipewise.errors import Conflict, NotFound
from pipewise.oauth.grants import Grant, OAuthVendor
from pipewise.platforms.base import Credentials, Platform
from pipewise.platforms.registry import get_platform
from pipewise.storage import accounts, oauth
from pipewise.storage import integrations as rows
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration
from pipewise.storage.oauth import PendingConsent
from pipewise.storage.tenancy import Key, acting_for_owner
from pipewise.vault import Vault

STATE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class ConsentRequest:
    """`url` is the vendor's page; `browser` is for a cookie of the browser that will come back."""

    url: str
    browser: str
    expires_at: datetime


class Consents:
    def __init__(
        self, database: Database, vault: Vault, public_url: str, *, reads: CredentialReads, audit: Audit
    ) -> None:
        self._database = database
        self._vault = vault
        self._reads = reads
        self._audit = audit
        self._public_url = public_url

    async def begin(
        self, vendor: OAuthVendor, account_id: str, user_id: str, integration_id: str | None, now: datetime
    ) -> ConsentRequest:
        """Raises Conflict where the installation has no app at this vendor, NotFound for somebody else's integration."""
        missing = vendor.missing()
        if missing:
            raise Conflict(
                f"Connecting by consent needs {' and '.join(missing)}; set them, start PipeWise again, and try once more.",
                code="oauth_not_configured",
                manual_action_required=True,
            )
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        async with self._database.write() as connection:
            if integration_id:
                await _require(connection, account_id, integration_id, vendor.platform)
            row = {
                "id": oauth.digest(state),
                "account_id": account_id,
                "user_id": user_id,
                "platform": vendor.platform,
                "integration_id": integration_id,
                "browser": oauth.digest(browser),
                "created_at": now,
                "expires_at": now + STATE_LIFE,
            }
            await oauth.put_consent(connection, row, now)
        url = vendor.consent_url(self.redirect_uri(vendor.platform), state, challenge_of(self._verifier(state)))
        return ConsentRequest(url, browser, now + STATE_LIFE)

    def redirect_uri(self, platform: str) -> str:
        return f"{self._public_url}/api/integrations/{platform}/oauth/callback"

    async def take(
        self, platform: str, state: str, *, user_id: str | None, browser: str | None, now: datetime
    ) -> PendingConsent:
        """The request that this state belongs to, once, for who made it. Raises Conflict; a stranger's try uses nothing up."""
        with acting_for_owner(Key.CONSENT, oauth.digest(state)):
            async with self._database.write() as connection:
                pending = await oauth.find_consent(connection, platform, state) if state else None
                mine = pending is not None and (
                    pending.user_id == user_id if user_id else oauth.digest(browser or "") == pending.browser
                )
                fresh = pending is not None and pending.created_at <= now < pending.expires_at
                if pending and mine and await oauth.take_consent(connection, pending) and fresh:
                    return pending
        raise Conflict(
            "This request to connect is unknown, was used already, or has expired; start again.", code="oauth_state"
        )

    async def finish(
        self, vendor: OAuthVendor, pending: PendingConsent, state: str, code: str, now: datetime
    ) -> Integration:
        """Tokens for the code, sealed into the integration that they belong to. Raises PlatformError."""
        platform = get_platform(pending.platform)
        grant = await vendor.redeem(code, self._verifier(state), self.redirect_uri(pending.platform))
        async with self._database.read() as connection:
            target = await self._named(connection, pending)
        given = await vendor.describe(grant, self._known(target))
        credentials = integrations.parse_model(platform.credentials, given, "credentials")
        async with self._database.write() as connection:
            made = await self._store(connection, platform, pending, target, credentials, now)
            await _note_life(connection, vendor, made, grant, now)
            await self._record(connection, pending, made, now)
        return made

    async def _record(
        self, connection: AsyncConnection, pending: PendingConsent, made: Integration, now: datetime
    ) -> None:
        act = Act.INTEGRATION_CREATED if made.created_at == now else Act.INTEGRATION_ROTATED
        user = await accounts.get_user(connection, pending.user_id)
        detail = {"platform": pending.platform, "by": "consent"}
        target = f"integration:{made.id}"
        await self._audit.record(connection, made.account_id, act, target, actor=user.email, now=now, detail=detail)

    async def _store(
        self,
        connection: AsyncConnection,
        platform: Platform,
        pending: PendingConsent,
        target: Integration | None,
        credentials: Credentials,
        now: datetime,
    ) -> Integration:
        ref = str(getattr(credentials, platform.account_ref_field)) if platform.account_ref_field else None
        if target and ref and target.account_ref != ref:
            raise Conflict(
                f"You agreed for account {ref}, but this integration is that of {target.account_ref}.",
                code="oauth_other_account",
            )
        live = await rows.list_integrations(connection, pending.account_id, platform.name)
        target = target or next((one for one in live if ref is None or one.account_ref == ref), None)
        if target is None:
            settings = platform.settings()
            account_id, vault = pending.account_id, self._vault
            return await integrations.connect(
                connection,
                vault,
                account_id,
                platform,
                name=None,
                credentials=credentials,
                settings=settings,
                now=now,
            )
        kept = integrations.plain_credentials(self._reads.open(target, target.credentials or b""))
        fresh = integrations.plain_credentials(credentials)
        merged = integrations.parse_model(platform.credentials, {**kept, **fresh}, "credentials")
        return await integrations.rotate(connection, self._vault, target, merged, now)

    async def _named(self, connection: AsyncConnection, pending: PendingConsent) -> Integration | None:
        if pending.integration_id is None:
            return None
        return await rows.get_integration(connection, pending.account_id, pending.integration_id)

    def _known(self, target: Integration | None) -> dict[str, Any]:
        if target is None:
            return {}
        return integrations.plain_credentials(self._reads.open(target, target.credentials or b""))

    def _verifier(self, state: str) -> str:
        """Made anew from the state, so that no secret of the exchange waits in the database."""
        return base64.urlsafe_b64encode(self._vault.prove("oauth", state)).decode().rstrip("=")


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def _require(connection: AsyncConnection, account_id: str, integration_id: str, platform: str) -> None:
    if (await rows.get_integration(connection, account_id, integration_id)).platform != platform:
        raise NotFound("There is no such integration.")


async def _note_life(
    connection: AsyncConnection, vendor: OAuthVendor, made: Integration, grant: Grant, now: datetime
) -> None:
    renew_after = vendor.renew_after(grant.lifetime)
    await oauth.put_token(
        connection,
        made.account_id,
        made.id,
        issued_at=now,
        expires_at=now + timedelta(seconds=grant.lifetime) if grant.lifetime else None,
        renew_at=now + timedelta(seconds=renew_after) if renew_after else None,
    )
