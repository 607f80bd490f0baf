"""Calendly's world: accounts with their event types, bookings, links and webhook subscriptions."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pipewise.clock import Clock
from pipewise.sandbox.calendly_event_types import EventType, default_event_types
from pipewise.sandbox.calendly_quota import Quota

Json = dict[str, Any]
Plan = Literal["free", "trial", "paid", "enterprise"]

API = "https://api.calendly.com"
SITE = "https://calendly.com"
DEFAULT_TOKEN = "sandbox-calendly-token"  # noqa: S105 - the sandbox's published sample value
LINK_LIFETIME = timedelta(days=90)
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(eq=False)
class Account:
    """One Calendly user with an organization of its own."""

    token: str = field(repr=False)
    user_uuid: str
    organization_uuid: str
    name: str
    email: str
    slug: str
    timezone: str
    created_at: datetime
    event_types: list[EventType]
    quota: Quota
    plan: Plan = "paid"
    webhooks: bool = True
    scopes: frozenset[str] | None = None

    @property
    def uri(self) -> str:
        return f"{API}/users/{self.user_uuid}"

    @property
    def organization(self) -> str:
        return f"{API}/organizations/{self.organization_uuid}"


@dataclass(eq=False)
class Booking:
    """A scheduled event with its one invitee: both sandbox event types are one-on-one."""

    account: Account
    event_type: EventType
    event_uuid: str
    invitee_uuid: str
    start: datetime
    created_at: datetime
    updated_at: datetime
    name: str
    first_name: str | None
    last_name: str | None
    email: str
    timezone: str
    location: Json | None
    answers: list[Json]
    tracking: Json
    guests: list[str]
    text_reminder_number: str | None
    method: str | None
    canceled: Json | None = None
    rescheduled: bool = False
    old_invitee: str | None = None
    new_invitee: str | None = None
    no_show: Json | None = None

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.event_type.duration)

    @property
    def event_uri(self) -> str:
        return f"{API}/scheduled_events/{self.event_uuid}"

    @property
    def invitee_uri(self) -> str:
        return f"{self.event_uri}/invitees/{self.invitee_uuid}"


@dataclass(eq=False)
class Link:
    account: Account
    event_type: EventType
    code: str
    created_at: datetime
    used_by: str | None = None


@dataclass(eq=False)
class Subscription:
    account: Account
    uuid: str
    url: str
    events: list[str]
    scope: str
    signing_key: str | None = field(repr=False)
    created_at: datetime
    updated_at: datetime
    state: str = "active"
    retry_started_at: datetime | None = None


def uuid_from(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


class CalendlyWorld:
    def __init__(self, clock: Clock, seed: int, ids: random.Random) -> None:
        self.clock = clock
        self._seed = seed
        self._rng = ids
        self.site = SITE
        self.reschedule_order: Literal["canceled_first", "created_first"] = "canceled_first"
        self.accounts: dict[str, Account] = {}
        self.bookings: list[Booking] = []
        self.links: dict[str, Link] = {}
        self.subscriptions: list[Subscription] = []
        self.authorizations: dict[str, Json] = {}
        self.oauth_grants: dict[str, tuple[Account, datetime, str]] = {}
        self.refresh_tokens: dict[str, tuple[Account, str]] = {}
        self.add_account(DEFAULT_TOKEN)

    def add_account(
        self,
        token: str,
        *,
        name: str = "Inês Carvalho",
        email: str = "ines@harbourline.example",
        slug: str = "ines-harbourline",
        timezone: str = "Europe/Lisbon",
    ) -> Account:
        """A new host with both event types and an empty calendar; a known token keeps its account."""
        if token in self.accounts:
            return self.accounts[token]
        number = len(self.accounts)
        fixed = random.Random(f"{self._seed}:{token}")
        account = Account(
            token=token,
            user_uuid=uuid_from(fixed),
            organization_uuid=uuid_from(fixed),
            name=name,
            email=email,
            slug=slug if number == 0 else f"{slug}-{number + 1}",
            timezone=timezone,
            created_at=self.clock.now(),
            event_types=default_event_types(lambda: uuid_from(fixed)),
            quota=Quota(self.clock),
        )
        self.accounts[token] = account
        return account

    def adopt(self, before: "CalendlyWorld") -> None:
        """Take over the accounts and settings of a former world, with fresh quotas."""
        self.accounts = before.accounts
        self.site, self.reschedule_order = before.site, before.reschedule_order
        self.refresh_tokens, self.oauth_grants = before.refresh_tokens, before.oauth_grants
        for account in self.accounts.values():
            account.quota = Quota(self.clock)

    def new_uuid(self) -> str:
        return uuid_from(self._rng)

    def new_code(self) -> str:
        parts = ("".join(self._rng.choices(CODE_LETTERS, k=size)) for size in (4, 3, 3))
        return "-".join(parts)

    def new_token(self, prefix: str) -> str:
        return f"{prefix}-{self._rng.getrandbits(128):032x}"

    def account_of(self, token: str) -> Account | None:
        """The host behind a personal token or an OAuth access token that has not expired."""
        account, expires, _ = self.oauth_grants.get(token, (None, None, None))
        if account is None or expires is None:
            return self.accounts.get(token)
        return account if self.clock.now() < expires else None

    def booking_by_event(self, event_uuid: str) -> Booking | None:
        return next((b for b in self.bookings if b.event_uuid == event_uuid), None)

    def booking_by_invitee(self, invitee_uuid: str) -> Booking | None:
        return next((b for b in self.bookings if b.invitee_uuid == invitee_uuid), None)

    def event_type(self, event_type_uuid: str) -> tuple[Account, EventType] | None:
        for account in self.accounts.values():
            for event_type in account.event_types:
                if event_type.uuid == event_type_uuid:
                    return account, event_type
        return None

    def busy(self, account: Account) -> list[Booking]:
        return [b for b in self.bookings if b.account is account and b.canceled is None]

    def link_is_open(self, link: Link) -> bool:
        return link.used_by is None and self.clock.now() < link.created_at + LINK_LIFETIME
