"""Bearer tokens and session cookies: to a user, cached for a moment, counted against the caller's rate."""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from api.limits import RateLimit
from pipewise.api_tokens import is_mistyped
from pipewise.clock import Clock
from pipewise.errors import NotAuthenticated
from pipewise.storage import accounts, sessions
from pipewise.storage.accounts import User
from pipewise.storage.database import Database
from pipewise.storage.sessions import SEEN_RESOLUTION, Session
from pipewise.storage.tenancy import Key, OwnerOf, Scope, act_for, scoped

log = logging.getLogger(__name__)
CACHE_SECONDS = 0.5  # a token that another process revoked is refused within this time
MOST_CACHED = 1000
NOTE_EVERY = timedelta(minutes=1)
REQUESTS_PER_SECOND = 150.0
REQUESTS_AT_ONCE = 300
FAILURES_PER_SECOND = 5.0
FAILURES_AT_ONCE = 50
LONGEST_TOKEN = 512


@dataclass(frozen=True)
class Bearer:
    """A user by one of their tokens."""

    user: User
    token_id: str


@dataclass(frozen=True)
class _Known:
    found: Bearer | Session
    until: float


class Authenticator:
    """One for each running application. Tokens and sessions are kept in memory by their digest only."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._changes = 0
        self._noted: dict[str, datetime] = {}
        self._requests = RateLimit(clock, rate=REQUESTS_PER_SECOND, burst=REQUESTS_AT_ONCE)
        self._failures = RateLimit(clock, rate=FAILURES_PER_SECOND, burst=FAILURES_AT_ONCE)

    async def authenticate(self, authorization: str | None, address: str) -> User:
        """From here on the request acts for the user's account. Raises NotAuthenticated, or TooManyRequests for a token, or an
        address that guesses tokens."""
        return (await self.read_bearer(authorization, address)).user

    async def read_bearer(self, authorization: str | None, address: str) -> Bearer:
        """As `authenticate`, with the token that it was."""
        token = _read_bearer(authorization)
        key = accounts.digest(token) if token else None
        found = await self._find_token(key, token) if token and key else None
        if not isinstance(found, Bearer) or key is None or token is None:
            self._failures.take(address)
            hint = " This one is mistyped or cut off." if token and is_mistyped(token) else ""
            raise NotAuthenticated(f"Send a valid API token as `Authorization: Bearer pw_…`.{hint}")
        self._requests.take(key)
        await self._note(key, OwnerOf(Key.TOKEN, key), lambda c: accounts.note_token_use(c, token, self._clock.now()))
        act_for(found.user.account_id)
        return found

    async def read_session(self, secret: str, address: str) -> Session:
        """Acts and raises as `authenticate` does."""
        key = accounts.digest(secret)
        owner = OwnerOf(Key.SESSION, key)
        found = await self._find(key, owner, lambda c: sessions.find_session(c, secret, self._clock.now()))
        if not isinstance(found, Session):
            self._failures.take(address)
            raise NotAuthenticated("Your session has ended; log in again.", code="session_ended")
        self._requests.take(key)
        now = self._clock.now()
        if now - found.seen_at >= SEEN_RESOLUTION:
            await self._note(key, owner, lambda c: sessions.note_seen(c, found, now))
        act_for(found.user.account_id)
        return found

    def forget(self) -> None:
        """Somebody's tokens, sessions or rights changed just now."""
        self._changes += 1
        self._known.clear()

    async def _find_token(self, key: str, token: str) -> Bearer | Session | None:
        return await self._find(key, OwnerOf(Key.TOKEN, key), lambda c: self._look_up_token(c, token))

    async def _look_up_token(self, connection: AsyncConnection, token: str) -> Bearer | None:
        found = await accounts.find_token(connection, token, self._clock.now())
        return Bearer(*found) if found else None

    async def _find(
        self, key: str, owner: Scope, look_up: Callable[[AsyncConnection], Awaitable[Bearer | Session | None]]
    ) -> Bearer | Session | None:
        now = self._clock.monotonic()
        known = self._known.get(key)
        if known and now < known.until:
            return known.found
        self._known.pop(key, None)
        changes = self._changes
        with scoped(owner):
            found = await self._database.ask(look_up)
        if found and changes == self._changes:  # else it may have been read before the change
            self._known[key] = _Known(found, now + CACHE_SECONDS)
            if len(self._known) > MOST_CACHED:
                self._known.popitem(last=False)
        return found

    async def _note(self, key: str, owner: Scope, write: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        now = self._clock.now()
        if key in self._noted and timedelta() <= now - self._noted[key] < NOTE_EVERY:
            return
        if len(self._noted) > MOST_CACHED:
            self._noted.clear()
        self._noted[key] = now
        try:
            with scoped(owner):
                await self._database.transact(write)
        except SQLAlchemyError:
            # Nobody is kept from reading because the last use cannot be written down.
            log.warning("the last use of a token or session could not be noted")


def _read_bearer(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.startswith("pw_") or len(token) > LONGEST_TOKEN:
        return None
    return token if token.isascii() else None
