"""Reading leads for a turn: the server's turn names its lead; a run by hand finds or makes it by its sender."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.account_settings import AccountSettings, TeamHost
from pipewise.assignment import Assignment, choose_host
from pipewise.clock import Clock
from pipewise.errors import InvalidInput, SettingsError
from pipewise.events import Identity, Sender
from pipewise.leads import Lead
from pipewise.platforms.registry import OPENING_PLATFORM, PLATFORMS
from pipewise.settings_reader import SettingsReader
from pipewise.storage import accounts, integrations, leads
from pipewise.storage.database import Database
from pipewise.storage.tenancy import Purpose, for_every_account

PLATFORM_NAMES = frozenset({*PLATFORMS, "api"})
TEXT_LIMIT = 10_000


class LeadDesk:
    def __init__(self, database: Database, clock: Clock, settings: SettingsReader) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings

    async def load(self, account_id: str, lead_id: str) -> Lead:
        return await self._database.ask(lambda c: leads.get_lead(c, account_id, lead_id))

    async def settings(self, account_id: str) -> AccountSettings:
        """What the account has tuned; `company` is None until somebody enters it."""
        return await self._settings.read(account_id)

    async def assign_host(self, lead: Lead, hosts: tuple[TeamHost, ...]) -> Assignment | None:
        """Who holds the lead's meetings: its owner, else the host with the fewest leads. None without hosts."""
        if lead.owner or not hosts:
            return Assignment(lead.owner, "owns the lead already") if lead.owner else None
        return await self._database.ask(lambda c: choose_host(c, lead.account_id, hosts))

    async def load_for_reply(self, account_id: str, lead_id: str, platform: str) -> tuple[Lead, bool]:
        """The lead, and whether a person decides about the reply."""
        return await self._database.ask(lambda c: _load_for_reply(c, account_id, lead_id, platform))

    async def needs_approval(self, account_id: str, platform: str) -> bool:
        """Whether the account lets a person decide about replies on the platform that would answer this one's leads."""
        return await self._database.ask(lambda c: _needs_approval(c, account_id, platform))

    async def default_account(self) -> str:
        """The account of the first user, for runs by hand."""
        with for_every_account(Purpose.DEV_SERVER):
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
        keys, now = leads.identity_keys(sender), self._clock.now()
        known = await self._database.ask(lambda c: leads.find_by_identity(c, account_id, keys))
        if known:
            return known
        lead_id, _ = await self._database.transact(lambda c: leads.find_or_create(c, account_id, sender, now))
        return lead_id


async def _load_for_reply(
    connection: AsyncConnection, account_id: str, lead_id: str, platform: str
) -> tuple[Lead, bool]:
    lead = await leads.get_lead(connection, account_id, lead_id)
    return lead, await _needs_approval(connection, account_id, platform)


async def _needs_approval(connection: AsyncConnection, account_id: str, platform: str) -> bool:
    found = await integrations.list_integrations(connection, account_id)
    own = [one for one in found if one.platform == platform]
    asked = own or [one for one in found if one.platform == OPENING_PLATFORM]
    return bool(asked) and asked[0].settings.get("reply_mode") == "approve"


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
