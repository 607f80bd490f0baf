"""Keeps access tokens alive: each is renewed by one worker of one process, stored before it is used, and never in a loop.

A refresh token may work only once. So the claim is committed before the vendor is asked, and the new pair before anybody uses it;
whoever dies in between leaves a claim that runs out, and the next try tells whether the token was consumed: then a person
connects again."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from pipewise.clock import Clock
from pipewise.errors import NotFound, Outcome, PipewiseError, PlatformError, Unavailable
from pipewise.oauth.grants import OAuthVendor
from pipewise.oauth.renewal_rows import Claim, OpenStored, RenewalRows
from pipewise.storage import integrations as rows
from pipewise.storage import oauth
from pipewise.storage.database import Database
from pipewise.storage.integrations import Integration
from pipewise.storage.oauth import TokenRow
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.storage.trouble import retried
from pipewise.storage.types import new_id
from pipewise.vault import Vault

log = logging.getLogger(__name__)
EXPIRY_MARGIN = timedelta(seconds=60)
LONGEST_WAIT_SECONDS = 12.0
LOOK_SECONDS = 0.1
KEEP_PAUSES = (0.1, 0.5, 2.0, 5.0)


class TokenKeeper:
    """One per process. `changed` is told of each integration whose stored credentials are new."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        vendors: Mapping[str, OAuthVendor],
        changed: Callable[[str], None],
        open_stored: OpenStored,
    ) -> None:
        self._database = database
        self._clock = clock
        self._rows = RenewalRows(database, vault, clock, open_stored)
        self.vendors = vendors
        self._changed = changed
        self._running: dict[str, asyncio.Task[str]] = {}
        self._newest: dict[str, str] = {}
        self._ends: dict[str, tuple[datetime, datetime | None]] = {}

    def source(self, integration: Integration, credentials: Any) -> "IntegrationTokens | None":
        """None where nothing can be renewed: then the token is used as it is."""
        vendor = self.vendors.get(integration.platform)
        if vendor is None or not vendor.renewable(credentials):
            return None
        return IntegrationTokens(self, integration)

    async def current(self, integration: Integration, token: str) -> str:
        """The token, or its successor if it is about to end. Raises PlatformError."""
        ends = await self._end_of(integration)
        token = self._newest.get(integration.id, token)  # asked after the look: it may have been renewed meanwhile
        if ends is None or self._clock.now() < ends - EXPIRY_MARGIN:
            return token
        return await self.renew(integration, token)

    async def renew(self, integration: Integration, refused: str | None) -> str:
        """A token other than the refused one, fetched once for all who wait for it. Raises PlatformError."""
        newest = self._newest.get(integration.id)
        if newest is not None and refused is not None and newest != refused:
            return newest
        task = self._running.get(integration.id)
        if task is None:
            with acting_for(integration.account_id):  # whoever asked first: it goes on for others, too
                task = asyncio.create_task(self._renew(integration, refused), name="renew token")
            self._running[integration.id] = task
            task.add_done_callback(lambda done: self._ended(integration.id, done))
        # Who waits may go away; what a rotating token brought must be kept all the same.
        return await asyncio.shield(task)

    def forget(self, integration_id: str) -> None:
        """Its credentials were entered anew."""
        self._newest.pop(integration_id, None)
        self._ends.pop(integration_id, None)

    def forget_all(self) -> None:
        self._newest.clear()
        self._ends.clear()

    async def renew_due(self) -> int:
        """Renew every token whose time has come; returns how many there were. Failures are kept in the integration's status."""
        with for_every_account(Purpose.UPKEEP):
            async with self._database.read() as connection:
                due = await oauth.list_due(connection, self._clock.now())
        for row in due:
            with acting_for(row.account_id):
                await self._renew_due(row)
        return len(due)

    async def _renew_due(self, row: TokenRow) -> None:
        try:
            async with self._database.read() as connection:
                integration = await rows.get_integration(connection, row.account_id, row.integration_id)
            await self.renew(integration, None)
        except NotFound:
            async with self._database.write() as connection:
                await oauth.forget_token(connection, row.account_id, row.integration_id)
        except PipewiseError as error:
            log.warning("token not renewed", extra={"integration_id": row.integration_id, "code": error.code})

    def _ended(self, integration_id: str, task: "asyncio.Task[str]") -> None:
        self._running.pop(integration_id, None)
        if not task.cancelled():
            task.exception()  # looked at, for the case that everybody who waited has gone

    async def _end_of(self, integration: Integration) -> datetime | None:
        known = self._ends.get(integration.id)
        if known is None or known[0] != integration.updated_at:
            async with self._database.read() as connection:
                row = await oauth.find_token(connection, integration.account_id, integration.id)
            if row and row.issued_at > integration.updated_at and integration.id not in self._newest:
                # Another process has renewed it since the caller's credentials were read: the end is that of its token.
                self._newest[integration.id] = await self._rows.read_token(integration)
            known = (integration.updated_at, row.expires_at if row else None)
            self._ends[integration.id] = known
        return known[1]

    async def _renew(self, integration: Integration, refused: str | None) -> str:
        claim = await self._claim(integration, refused)
        token = claim if isinstance(claim, str) else await self._ask(claim)
        self._newest[integration.id] = token
        self._ends.pop(integration.id, None)
        self._changed(integration.id)
        return token

    async def _claim(self, integration: Integration, refused: str | None) -> Claim | str:
        """Waits for whoever else renews it now, in whichever process."""
        holder, ends = new_id(), self._clock.monotonic() + LONGEST_WAIT_SECONDS
        while self._clock.monotonic() < ends:
            found = await self._rows.claim(integration, refused, holder)
            if found is not None:
                return found
            await asyncio.sleep(LOOK_SECONDS)
        raise Unavailable(
            "Another process is renewing the access token.",
            platform=integration.platform,
            outcome=Outcome.NOT_SENT,
            retry_after=LONGEST_WAIT_SECONDS,
        )

    async def _ask(self, claim: Claim) -> str:
        vendor = self.vendors[claim.integration.platform]
        try:
            grant = await vendor.renew(claim.credentials)
        except PlatformError as error:
            refusal = error
            await retried(lambda: self._rows.give_back(claim, refusal), KEEP_PAUSES)
            raise _as_untried(error) from error
        kept = await retried(lambda: self._rows.keep(claim, grant, vendor.renew_after(grant.lifetime)), KEEP_PAUSES)
        if not kept:
            raise Unavailable(
                "The credentials were changed meanwhile.", platform=claim.integration.platform, outcome=Outcome.NOT_SENT
            )
        return grant.access_token.get_secret_value()


class IntegrationTokens:
    """The tokens of one integration, for its client."""

    def __init__(self, keeper: TokenKeeper, integration: Integration) -> None:
        self._keeper = keeper
        self._integration = integration

    async def current(self, token: str) -> str:
        return await self._ask(self._keeper.current(self._integration, token))

    async def renew(self, refused: str) -> str | None:
        return await self._ask(self._keeper.renew(self._integration, refused))

    async def _ask(self, work: Coroutine[Any, Any, str]) -> str:
        """A client's caller knows vendor errors alone, and nothing has left where the token could not be read or kept."""
        try:
            return await work
        except (SQLAlchemyError, OSError, NotFound) as error:
            raise Unavailable(
                "The access token could not be renewed just now.",
                platform=self._integration.platform,
                outcome=Outcome.NOT_SENT,
            ) from error


def _as_untried(error: PlatformError) -> PlatformError:
    """Of the call that needed the token nothing has left, whatever became of the token."""
    return type(error)(
        error.message,
        platform=error.platform,
        outcome=Outcome.NOT_SENT,
        http_status=error.http_status,
        vendor_code=error.vendor_code,
        retry_after=error.retry_after,
        manual_action_required=error.manual_action_required,
    )
