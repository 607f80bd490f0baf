"""Bearer tokens: to a user, cached for a moment, counted against the token's rate."""

import logging
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from api.limits import RateLimit
from pipewise.clock import Clock
from pipewise.errors import NotAuthenticated
from pipewise.storage import accounts
from pipewise.storage.accounts import User
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Key, act_for, acting_for_owner

log = logging.getLogger(__name__)
CACHE_SECONDS = 0.5  # a token that another process revoked is refused within this time
MOST_CACHED = 1000
NOTE_SECONDS = 60.0
REQUESTS_PER_SECOND = 150.0
REQUESTS_AT_ONCE = 300
FAILURES_PER_SECOND = 5.0
FAILURES_AT_ONCE = 50
LONGEST_TOKEN = 512


@dataclass(frozen=True)
class _Known:
    user: User
    until: float


class Authenticator:
    """One for each running application. Tokens are kept in memory by their digest only."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._changes = 0
        self._noted: dict[str, float] = {}
        self._requests = RateLimit(clock, rate=REQUESTS_PER_SECOND, burst=REQUESTS_AT_ONCE)
        self._failures = RateLimit(clock, rate=FAILURES_PER_SECOND, burst=FAILURES_AT_ONCE)

    async def authenticate(self, authorization: str | None, address: str) -> User:
        """From here on the request acts for the user's account. Raises NotAuthenticated, or TooManyRequests for a token, or an
        address that guesses tokens."""
        token = _read_bearer(authorization)
        key = accounts.digest(token) if token else None
        user = await self._find(token, key) if token and key else None
        if user is None or key is None or token is None:
            self._failures.take(address)
            raise NotAuthenticated("Send a valid API token as `Authorization: Bearer pw_…`.")
        self._requests.take(key)
        await self._note_use(token, key)
        act_for(user.account_id)
        return user

    def forget(self) -> None:
        """Somebody's tokens or rights changed just now."""
        self._changes += 1
        self._known.clear()

    async def _find(self, token: str, key: str) -> User | None:
        now = self._clock.monotonic()
        known = self._known.get(key)
        if known and now < known.until:
            return known.user
        self._known.pop(key, None)
        changes = self._changes
        with acting_for_owner(Key.TOKEN, key):
            user = await self._database.ask(lambda connection: accounts.find_token_user(connection, token))
        if user and changes == self._changes:  # else it may have been read before the change
            self._known[key] = _Known(user, now + CACHE_SECONDS)
            if len(self._known) > MOST_CACHED:
                self._known.popitem(last=False)
        return user

    async def _note_use(self, token: str, key: str) -> None:
        now = self._clock.monotonic()
        if now - self._noted.get(key, float("-inf")) < NOTE_SECONDS:
            return
        self._noted[key] = now
        try:
            with acting_for_owner(Key.TOKEN, key):
                async with self._database.write() as connection:
                    await accounts.note_token_use(connection, token, self._clock.now())
        except SQLAlchemyError:
            # Nobody is kept from reading because the last use cannot be written down.
            log.warning("the last use of a token could not be noted")


def _read_bearer(authorization: str | None) -> str | None:
    scheme, _, token = (authorization or "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token.startswith("pw_") or len(token) > LONGEST_TOKEN:
        return None
    return token if token.isascii() else None
