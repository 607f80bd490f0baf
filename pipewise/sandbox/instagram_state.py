"""Instagram's world: professional accounts with their tokens, people who write to them, comments and their private replies."""

import base64
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipewise.clock import Clock

Json = dict[str, Any]

DEFAULT_TOKEN = "sandbox-instagram-token"  # noqa: S105 - the sandbox's published sample value
DEFAULT_APP_SECRET = "sandbox-instagram-app-secret"  # noqa: S105
DEFAULT_VERIFY_TOKEN = "sandbox-verify-token"  # noqa: S105
DEFAULT_ACCOUNT_ID = "17841400000000001"
APP_ID = "900000000000001"

WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
COMMENT_AGE = timedelta(days=7)
TOKEN_LIFE = timedelta(days=60)
SHORT_TOKEN_LIFE = timedelta(hours=1)
YOUNGEST_REFRESH = timedelta(hours=24)


@dataclass(eq=False)
class Account:
    """A professional account and the app that listens to it."""

    id: str
    username: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    callback_url: str | None = None
    fields: tuple[str, ...] = ("messages", "messaging_postbacks", "comments")


@dataclass(eq=False)
class Token:
    account: Account
    issued_at: datetime
    expires_at: datetime
    short: bool = False


@dataclass(eq=False)
class Person:
    """Somebody on Instagram. Under a comment the same person may be known by another id than in direct messages."""

    id: str
    username: str
    last_written: dict[str, datetime] = field(default_factory=dict)
    blocked: bool = False


@dataclass(eq=False)
class Comment:
    id: str
    account: Account
    author: Person
    text: str
    at: datetime
    replied: bool = False


@dataclass
class Switches:
    echoes: bool = True
    human_agent: bool = True
    access_to_messages: bool = True
    comment_form: str = "flat"
    consent: str = "agree"


class InstagramWorld:
    def __init__(self, clock: Clock, ids: random.Random) -> None:
        self.clock = clock
        self._rng = ids
        self.switches = Switches()
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Token] = {}
        self.people: dict[str, Person] = {}
        self.comments: dict[str, Comment] = {}
        self.codes: dict[str, Json] = {}
        self.add_account(DEFAULT_ACCOUNT_ID, token=DEFAULT_TOKEN)

    def add_account(
        self,
        account_id: str,
        *,
        token: str,
        app_secret: str = DEFAULT_APP_SECRET,
        verify_token: str = DEFAULT_VERIFY_TOKEN,
    ) -> Account:
        """Register an account, or give a known one new secrets; its callback is set after the handshake."""
        account = self.accounts.get(account_id) or Account(account_id, "harbourline", app_secret, verify_token)
        account.app_secret, account.verify_token = app_secret, verify_token
        self.accounts[account_id] = account
        if token not in self.tokens:
            self.issue(account, token)
        return account

    def issue(self, account: Account, token: str, *, short: bool = False) -> Token:
        now = self.clock.now()
        made = Token(account, now, now + (SHORT_TOKEN_LIFE if short else TOKEN_LIFE), short)
        self.tokens[token] = made
        return made

    def adopt(self, before: "InstagramWorld") -> None:
        """Take over the accounts, tokens and switches of a former world."""
        self.accounts, self.tokens, self.switches = before.accounts, before.tokens, before.switches

    def meet(self, person_id: str, username: str | None) -> Person:
        person = self.people.setdefault(person_id, Person(person_id, username or "sandbox.lead"))
        person.username = username or person.username
        return person

    def new_id(self) -> str:
        return str(self._rng.randrange(10**16, 10**17))

    def new_mid(self) -> str:
        core = f"ig_message:{self._rng.getrandbits(120):030x}".encode()
        return "aWdfZAG" + base64.urlsafe_b64encode(core).decode().rstrip("=")

    def new_token(self, kind: str) -> str:
        return f"IGsandbox{kind}{self._rng.getrandbits(128):032x}"
