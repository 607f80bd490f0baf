"""Whose rows a transaction may touch. On PostgreSQL the database holds it to that: see pipewise/storage/row_security.py.

What a transaction may see is told with its BEGIN, in the same message, and ends with it: nothing is left on a connection that
goes back to its pool. A transaction of nobody sees no row and writes none. On SQLite a scope changes nothing.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

ACCOUNT_SETTING = "pipewise.account"
_PLAIN = re.compile(r"[\w.:@-]*", re.ASCII)


class Key(StrEnum):
    """What tells an account by itself, each by a function in the database that answers with the account's id and nothing more."""

    TOKEN = "account_of_token"  # noqa: S105  the digest of an API token
    INTEGRATION = "account_of_integration"  # the id in a webhook's path
    LANE = "account_of_lane"  # the lead that a wake-up names
    SESSION = "account_of_session"  # the digest of what a browser holds
    EMAIL = "account_of_email"  # of whoever logs in, in hexadecimal
    CRON = "account_of_cron"  # one that is due
    CONSENT = "account_of_consent"  # the digest of the state that comes back from a vendor


class Purpose(StrEnum):
    """Every work that is meant for all accounts, and why. The role that it takes may touch what SYSTEM_RIGHTS says."""

    START = "a start makes sure of the first user and that the master key fits"
    COMMAND_LINE = "the operator of the installation, on its own machine"
    EMBEDDING = "a program that runs PipeWise inside itself names its user by id or e-mail"
    DEV_SERVER = "the developer's own machine: LangGraph's dev server names a thread alone"
    KEY_ROTATION = "master keys are the installation's"
    LANES = "due lanes are looked for in every account, and a worker renews all its leases at once"
    SHARED_CALLBACK = "an app-level callback is one address for many accounts: the payload names the vendor's"
    UPKEEP = "retention, sums, heads of the audit, merges, tokens and health are looked after for every account in turn"
    CRONS = "due crons are looked for in every account"
    THREAD_RUNS = "a process says which runs it holds, and takes over those of processes that are gone"
    METRICS = "numbers of the installation, without a name in them"


@dataclass(frozen=True)
class Roles:
    """Of one database: `app` sees the rows of one account, `system` what SYSTEM_RIGHTS says of all."""

    app: str
    system: str


class Scope(Protocol):
    def begin(self, roles: Roles) -> str:
        """The SQL that begins a transaction."""
        ...

    def settle(self, roles: Roles) -> str:
        """The SQL for a connection that begins none: it stands until the next look's."""
        ...


@dataclass(frozen=True)
class Nobody:
    def begin(self, roles: Roles) -> str:  # noqa: ARG002  the protocol's
        return "BEGIN"

    def settle(self, roles: Roles) -> str:
        return _settle(roles.app, "''")


@dataclass(frozen=True)
class Account:
    account_id: str

    def begin(self, roles: Roles) -> str:  # noqa: ARG002  the protocol's
        return f"BEGIN; SELECT set_config('{ACCOUNT_SETTING}', {quote(self.account_id)}, true)"

    def settle(self, roles: Roles) -> str:
        return _settle(roles.app, quote(self.account_id))


@dataclass(frozen=True)
class OwnerOf:
    """Whoever has the key; nobody if there is no such key."""

    key: Key
    value: str

    def begin(self, roles: Roles) -> str:  # noqa: ARG002  the protocol's
        return f"BEGIN; SELECT set_config('{ACCOUNT_SETTING}', {self._owner}, true)"

    def settle(self, roles: Roles) -> str:
        return _settle(roles.app, self._owner)

    @property
    def _owner(self) -> str:
        return f"coalesce({self.key}({quote(self.value)}), '')"


@dataclass(frozen=True)
class EveryAccount:
    purpose: Purpose

    def begin(self, roles: Roles) -> str:
        return f'BEGIN; SET LOCAL ROLE "{roles.system}"'

    def settle(self, roles: Roles) -> str:
        return _settle(roles.system, "''")


NOBODY = Nobody()
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current_scope() -> Scope:
    return _scope.get()


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """For the transactions that begin in the block, in this task and those it starts."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def acting_for(account_id: str) -> AbstractContextManager[None]:
    return scoped(Account(account_id))


def acting_for_owner(key: Key, value: str) -> AbstractContextManager[None]:
    return scoped(OwnerOf(key, value))


def for_every_account(purpose: Purpose) -> AbstractContextManager[None]:
    return scoped(EveryAccount(purpose))


def act_for(account_id: str) -> None:
    """From here to the end of the task: that of a request whose user is known now."""
    _scope.set(Account(account_id))


def _settle(role: str, owner: str) -> str:
    return f"SET ROLE \"{role}\"; SELECT set_config('{ACCOUNT_SETTING}', {owner}, false)"


def quote(value: str) -> str:
    """As a literal of SQL. A value that is no id is nobody's: what else it may hold is not passed on."""
    return f"'{value}'" if _PLAIN.fullmatch(value) else "''"
