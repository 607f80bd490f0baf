"""Logging in: by password or by token, against guessing, with a session as the outcome.

Whoever is unknown, has no password or gave a wrong one gets one answer after the same work; what is written down about it is
written afterwards.
"""

import logging

from sqlalchemy.ext.asyncio import AsyncConnection

from api.auth import Authenticator, Bearer
from api.background import Background
from api.limits import RateLimit
from pipewise.audit import Act
from pipewise.errors import NotAuthenticated, PipewiseError
from pipewise.passwords import PasswordHasher, require_password
from pipewise.resources import Resources
from pipewise.storage import accounts, sessions
from pipewise.storage.accounts import User
from pipewise.storage.row_security import act_within
from pipewise.storage.sessions import Session
from pipewise.storage.tenancy import Key, act_for, acting_for, acting_for_owner

log = logging.getLogger(__name__)
# Five at once and five a minute: never more than ten within one minute, for an address and for an account.
TRIES_PER_SECOND = 5 / 60
TRIES_AT_ONCE = 5


class Logins:
    """One for each running application. Only failures count: who logs in gets their try back."""

    def __init__(self, resources: Resources, authenticator: Authenticator, background: Background) -> None:
        self._resources = resources
        self._authenticator = authenticator
        self._background = background
        self._hasher = PasswordHasher()
        self._addresses = RateLimit(resources.clock, rate=TRIES_PER_SECOND, burst=TRIES_AT_ONCE)
        self._accounts = RateLimit(resources.clock, rate=TRIES_PER_SECOND, burst=TRIES_AT_ONCE)

    async def by_password(self, email: str, password: str, address: str, former: Session | None) -> tuple[Session, str]:
        """The session and what the browser gets. Raises NotAuthenticated or TooManyRequests."""
        user = await self.check_password(email, password, address)
        return await self._open(user, former, address, "password", None)

    async def by_token(self, token: str, address: str, former: Session | None) -> tuple[Session, str]:
        """The session may no more than the token, and ends with it. Raises as `by_password` does."""
        bearer: Bearer = await self._authenticator.read_bearer(f"Bearer {token}", address)
        return await self._open(bearer.user, former, address, "token", bearer.token_id)

    async def check_password(self, email: str, password: str, address: str) -> User:
        """The user whose password it is, for whose account the request acts from here on. Raises NotAuthenticated or TooManyRequests."""
        account = accounts.digest(email.strip().lower())
        self._take(address, account)
        with acting_for_owner(Key.EMAIL, email.strip().lower().encode().hex()):
            found = await self._resources.database.ask(lambda c: sessions.find_password(c, email.strip()))
        user, stored = found or (None, None)
        fits = await self._hasher.verify(password, stored)
        if user is None or not fits:
            self._background.start(self._note_failure(user, address), "note a failed login")
            raise NotAuthenticated("The e-mail address or the password is wrong.", code="login_failed")
        self._addresses.give_back(address)
        self._accounts.give_back(account)
        act_for(user.account_id)
        return user

    async def set_password(self, user: User, password: str, actor: User) -> None:
        """Every session of the user ends. Raises InvalidInput."""
        require_password(password, user.email)
        hashed = await self._hasher.hash(password)

        async def work(connection: AsyncConnection) -> None:
            await sessions.set_password(connection, user, hashed)
            await self._record(connection, user, Act.PASSWORD_CHANGED, f"user:{user.id}", actor=actor.email)

        await self._resources.database.transact(work)
        self._authenticator.forget()

    async def open_again(self, user: User, address: str) -> tuple[Session, str]:
        """After a change of the user's own password."""
        return await self._open(user, None, address, "password", None)

    async def end(self, session: Session) -> None:
        async def work(connection: AsyncConnection) -> None:
            if await sessions.end_session(connection, session.user.account_id, session.id):
                await self._record(connection, session.user, Act.LOGGED_OUT, f"session:{session.id}")

        await self._resources.database.transact(work)
        self._authenticator.forget()

    def _take(self, address: str, account: str) -> None:
        self._addresses.take(address)
        try:
            self._accounts.take(account)
        except PipewiseError:
            self._addresses.give_back(address)
            raise

    async def _open(
        self, user: User, former: Session | None, address: str, by: str, token_id: str | None
    ) -> tuple[Session, str]:
        """Always a new one: what the browser held before works no more."""

        async def work(connection: AsyncConnection) -> tuple[Session, str]:
            if former:
                await act_within(connection, former.user.account_id)
                await sessions.end_session(connection, former.user.account_id, former.id)
                await act_within(connection, user.account_id)
            opened = await sessions.open_session(connection, user, self._resources.clock.now(), token_id=token_id)
            detail = {"address": address, "by": by} | ({"token": token_id} if token_id else {})
            await self._record(connection, user, Act.LOGGED_IN, f"session:{opened[0].id}", **detail)
            return opened

        opened: tuple[Session, str] = await self._resources.database.transact(work)
        self._authenticator.forget()
        return opened

    async def _note_failure(self, user: User | None, address: str) -> None:
        log.warning("a login failed", extra={"address": address, "known": user is not None})
        if user is not None:
            with acting_for(user.account_id):
                await self._resources.database.transact(
                    lambda c: self._record(c, user, Act.LOGIN_FAILED, f"user:{user.id}", address=address)
                )

    async def _record(
        self, connection: AsyncConnection, user: User, act: Act, target: str, *, actor: str | None = None, **detail: str
    ) -> None:
        await self._resources.audit.record(
            connection,
            user.account_id,
            act,
            target,
            actor=actor or user.email,
            now=self._resources.clock.now(),
            detail=detail,
        )
