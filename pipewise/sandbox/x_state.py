"""X's world: accounts with their tokens, people, direct messages, posts, and the windows of its call limits."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipewise.clock import Clock

Json = dict[str, Any]

DEFAULT_TOKEN = "sandbox-x-token"  # noqa: S105 - the sandbox's published sample value
DEFAULT_REFRESH_TOKEN = "sandbox-x-refresh-token"  # noqa: S105
DEFAULT_CONSUMER_SECRET = "sandbox-x-consumer-secret"  # noqa: S105
APP_TOKEN = "sandbox-x-app-token"  # noqa: S105
DEFAULT_ACCOUNT_ID = "1800000000000000001"

ACCESS_LIFE = timedelta(hours=2)
CODE_LIFE = timedelta(seconds=30)
LIMIT_SPAN = timedelta(minutes=15)
LIMITS = {"dm": 15, "post": 100, "read": 300, "dm_read": 15, "mentions": 300}


@dataclass(eq=False)
class Account:
    """An account that the app acts for."""

    id: str
    username: str
    consumer_secret: str = field(repr=False)
    callback_url: str | None = None
    valid: bool = False
    posted: list[str] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)  # as the list of direct messages shows them, oldest first
    mentions: list[Json] = field(default_factory=list)  # posts, oldest first
    uses: dict[str, list[datetime]] = field(default_factory=dict)


@dataclass(eq=False)
class Person:
    id: str
    username: str
    name: str
    wrote_to: set[str] = field(default_factory=set)
    closed: bool = False


@dataclass(eq=False)
class Post:
    """A stranger's post. `summons` are the accounts that it mentions or quotes."""

    id: str
    author: Person
    summons: frozenset[str]


@dataclass
class Switches:
    echoes: bool = True
    credits: bool = True
    limits: bool = True
    consent: str = "agree"


class XWorld:
    def __init__(self, clock: Clock, ids: random.Random) -> None:
        self.clock = clock
        self._rng = ids
        self._last_id = 2 * 10**18
        self.switches = Switches()
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, tuple[Account, datetime | None]] = {}
        self.refresh_tokens: dict[str, Account] = {}
        self.people: dict[str, Person] = {}
        self.posts: dict[str, Post] = {}
        self.codes: dict[str, Json] = {}
        self.add_account(DEFAULT_ACCOUNT_ID, token=DEFAULT_TOKEN, refresh_token=DEFAULT_REFRESH_TOKEN)

    def add_account(
        self,
        account_id: str,
        *,
        token: str,
        refresh_token: str | None = None,
        consumer_secret: str = DEFAULT_CONSUMER_SECRET,
    ) -> Account:
        """Register an account, or give a known one new secrets. Its first token does not run out by itself."""
        account = self.accounts.get(account_id) or Account(account_id, "harbourline", consumer_secret)
        account.consumer_secret = consumer_secret
        self.accounts[account_id] = account
        self.tokens[token] = (account, None)
        if refresh_token:
            self.refresh_tokens[refresh_token] = account
        return account

    def adopt(self, before: "XWorld") -> None:
        """Take over the accounts, tokens and switches of a former world."""
        self.accounts, self.tokens, self.switches = before.accounts, before.tokens, before.switches
        self.refresh_tokens = before.refresh_tokens

    def meet(self, person_id: str, username: str | None, name: str | None = None) -> Person:
        person = self.people.get(person_id)
        if person is None:
            person = Person(person_id, username or f"lead_{person_id[-4:]}", name or "Sandbox lead")
            self.people[person_id] = person
        person.username, person.name = username or person.username, name or person.name
        return person

    def spend(self, account: Account, kind: str) -> tuple[int, int, int] | None:
        """Count one call: limit, what remains, and when the window opens again; None if nothing remained."""
        now, limit = self.clock.now(), LIMITS[kind]
        recent = [at for at in account.uses.get(kind, []) if now - LIMIT_SPAN < at <= now]
        account.uses[kind] = recent
        if len(recent) >= limit and self.switches.limits:
            return None
        recent.append(now)
        return limit, max(0, limit - len(recent)), int((recent[0] + LIMIT_SPAN).timestamp())

    def reset_of(self, account: Account, kind: str) -> int:
        return int((account.uses[kind][0] + LIMIT_SPAN).timestamp())

    def new_id(self) -> str:
        """Ids rise with time, as X's do."""
        self._last_id += self._rng.randrange(10**6, 10**9)
        return str(self._last_id)

    def new_token(self, kind: str) -> str:
        return f"Xsandbox{kind}{self._rng.getrandbits(160):040x}"
