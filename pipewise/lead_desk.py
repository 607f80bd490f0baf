"""Reading leads for a turn: the server's turn names its lead; a run by hand finds or makes it by its sender."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipewise.clock import Clock
from pipewise.errors import InvalidInput, SettingsError
from pipewise.events import Identity, Sender
from pipewise.leads import Lead
from pipewise.platforms.registry import PLATFORMS
from pipewise.storage import accounts, integrations, leads
from pipewise.storage.database import Database

PLATFORM_NAMES = frozenset({*PLATFORMS, "api"})
OPENING_PLATFORM = "whatsapp"
TEXT_LIMIT = 10_000
FACTS_SECONDS = 1.0  # a turn asks several times


@dataclass(frozen=True)
class AccountFacts:
    """What the account says of itself; `company` is None until somebody enters it."""

    company: str | None
    timezone: str | None
    fallback_url: str | None = None


class LeadDesk:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._facts: dict[str, tuple[float, AccountFacts]] = {}

    async def load(self, account_id: str, lead_id: str) -> Lead:
        return await self._database.ask(lambda c: leads.get_lead(c, account_id, lead_id))

    async def account_facts(self, account_id: str) -> AccountFacts:
        known = self._facts.get(account_id)
        if known and self._clock.monotonic() - known[0] < FACTS_SECONDS:
            return known[1]
        settings = await self._database.ask(lambda c: accounts.account_settings(c, account_id))
        facts = AccountFacts(settings.get("company"), settings.get("timezone"), settings.get("fallback_booking_url"))
        self._facts[account_id] = (self._clock.monotonic(), facts)
        return facts

    async def needs_approval(self, account_id: str, platform: str) -> bool:
        """Whether the account lets a person decide about replies on the platform that would answer this one's leads."""
        found = await self._database.ask(lambda c: integrations.list_integrations(c, account_id))
        own = [one for one in found if one.platform == platform]
        asked = own or [one for one in found if one.platform == OPENING_PLATFORM]
        return bool(asked) and asked[0].settings.get("reply_mode") == "approve"

    async def default_account(self) -> str:
        """The account of the first user, for runs by hand."""
        async with self._database.read() as connection:
            user = await accounts.first_user(connection)
        if user is None:
            raise SettingsError(
                "There is no user yet; start `pipewise serve` once or add one with `pipewise users add`."
            )
        return user.account_id

    async def find_or_create(self, account_id: str, event: Mapping[str, Any]) -> str:
        """The lead behind an event that a caller hands in."""
        sender = read_sender(event)
        async with self._database.read() as connection:
            known = await leads.find_by_identity(connection, account_id, leads.identity_keys(sender))
        if known:
            return known
        async with self._database.write() as connection:
            lead_id, _ = await leads.find_or_create(connection, account_id, sender, self._clock.now())
        return lead_id


def read_sender(event: Mapping[str, Any]) -> Sender:
    """The sender of a handed-in event. Raises InvalidInput naming what is missing."""
    problems = [
        {"field": f"event.{name}", "problem": "must be a text that is not empty"}
        for name in ("platform", "sender")
        if not isinstance(event.get(name), str) or not event[name].strip()
    ]
    if not isinstance(event.get("text", ""), str) or len(event.get("text", "")) > TEXT_LIMIT:
        problems.append({"field": "event.text", "problem": f"must be a text of at most {TEXT_LIMIT} characters"})
    if not problems and event["platform"] not in PLATFORM_NAMES:
        problems.append({"field": "event.platform", "problem": f"must be one of {', '.join(sorted(PLATFORM_NAMES))}"})
    if problems:
        raise InvalidInput("The event is not complete or not valid.", details=tuple(problems))
    platform, external_id = event["platform"], event["sender"].strip()
    number = external_id.removeprefix("+")
    if platform == "whatsapp" and number.isdigit():
        identity, phone = Identity(platform, number), f"+{number}"
    elif platform in {"form", "api", "calendly"} and "@" in external_id:
        identity, phone = Identity("email", external_id.lower()), None
    else:
        identity, phone = Identity(platform, external_id), None
    email = event.get("email") or (external_id if identity.platform == "email" else None)
    return Sender((identity,), event.get("name"), email, event.get("phone") or phone, event.get("company"))
