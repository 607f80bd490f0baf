"""Opens the scheduling desk of a turn, once, and finds it again for the turn's later steps."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pipewise.account_settings import AccountSettings, TeamHost
from pipewise.bookings import Bookings
from pipewise.clock import Clock
from pipewise.connections import Connections, SchedulingConnection, vendor_urls
from pipewise.errors import PlatformError, Unavailable
from pipewise.journaled import ask_connection
from pipewise.language.contact import guess_timezone
from pipewise.lead_desk import LeadDesk
from pipewise.leads import Lead
from pipewise.scheduling_desk import DeskRules, Memory, SchedulingDesk
from pipewise.settings import Environment, Settings
from pipewise.storage.lanes import Lease

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN_DESKS = 1024
FALLBACK_TIMEZONE = "UTC"


class LiveTurns:
    """Runs that are a lead's own turn right now. Only they may write to vendors: a fork, a resumed checkpoint or a run by
    hand carries a run id that is not, or no longer, in here."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease | None] = {}

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._leases

    def begin(self, run_id: str, lease: Lease | None = None) -> None:
        self._leases[run_id] = lease

    def end(self, run_id: str) -> None:
        self._leases.pop(run_id, None)

    def lease_of(self, run_id: str) -> Lease | None:
        """Of the lead's lane, in which the run is."""
        return self._leases.get(run_id)


class DeskBuilder:
    def __init__(
        self,
        leads: LeadDesk,
        connections: Connections,
        bookings: Bookings,
        clock: Clock,
        settings: Settings,
        live_turns: LiveTurns,
    ) -> None:
        self._leads = leads
        self._connections = connections
        self._bookings = bookings
        self._clock = clock
        self._settings = settings
        self.live_turns = live_turns
        self._open: OrderedDict[str, SchedulingDesk] = OrderedDict()

    async def open(
        self,
        account_id: str,
        lead_id: str,
        run_id: str,
        *,
        memory: Memory,
        learned: dict[str, Any],
        language: str,
        words: str,
        delivers: bool = True,
    ) -> SchedulingDesk:
        """`learned` are columns of the lead that this turn found out and has not committed yet. `delivers`: whether what
        the desk says may leave through a messaging platform."""
        known = self._open.get(run_id)
        if known:
            return known
        lead = replace(await self._leads.load(account_id, lead_id), **learned)
        connection, demo = await ask_connection(
            account_id,
            self._connections.scheduling,
            demo_link_allowed=self._demo_allowed(lead, effects=run_id in self.live_turns, delivers=delivers),
        )
        account = await self._leads.settings(account_id)
        assigned = await self._leads.assign_host(lead, account.hosts)
        if assigned:
            lead = replace(lead, owner=assigned.email)
        connection = _of_host(connection, account.hosts, lead.owner)
        default, silent_vendor = await self._default_timezone(connection, account)
        if lead.timezone is None:
            zone, certain = guess_timezone(lead.phone, default=default)
            lead = replace(lead, timezone=zone, timezone_certain=certain)
        desk = SchedulingDesk(
            lead,
            run_id,
            connection,
            self._bookings,
            self._clock,
            self._rules(connection, account, default, run_id=run_id, demo=demo),
            memory,
            language=language,
            words=words,
            silent_vendor=silent_vendor,
        )
        desk.owner_reason = assigned.reason if assigned else ""
        self._open[run_id] = desk
        if len(self._open) > OPEN_DESKS:
            self._open.popitem(last=False)
        return desk

    def close(self, run_id: str) -> None:
        self._open.pop(run_id, None)

    async def _default_timezone(
        self, connection: SchedulingConnection | None, account: AccountSettings
    ) -> tuple[str, Unavailable | None]:
        """The integration's setting, the account's, the host's own; UTC only if none of them can be had. The second part
        tells that the vendor was asked and gave no answer."""
        if connection and connection.settings.timezone:
            return str(connection.settings.timezone), None
        if account.timezone or connection is None:
            return account.timezone or FALLBACK_TIMEZONE, None
        try:
            return (await connection.client.host()).timezone, None
        except Unavailable as error:
            return FALLBACK_TIMEZONE, error
        except PlatformError:
            return FALLBACK_TIMEZONE, None

    def _demo_allowed(self, lead: Lead, *, effects: bool, delivers: bool) -> bool:
        """A demo link may stand in only in development, and never where it would leave through a real vendor."""
        platforms = {"whatsapp", *(identity.platform for identity in lead.identities)}
        urls = [url for platform, url in vendor_urls(self._settings).items() if url and platform in platforms]
        real_vendor = any(urlsplit(url).hostname not in LOOPBACK for url in urls)
        return self._settings.env is Environment.DEVELOPMENT and not (effects and delivers and real_vendor)

    def _rules(
        self,
        connection: SchedulingConnection | None,
        account: AccountSettings,
        default: str,
        *,
        run_id: str,
        demo: bool,
    ) -> DeskRules:
        effects = run_id in self.live_turns
        own = connection.settings.fallback_booking_url if connection else None
        fallback_url = str(own) if own else account.fallback_booking_url
        return DeskRules(effects, demo, default, fallback_url, self.live_turns.lease_of(run_id))


def _of_host(
    connection: SchedulingConnection | None, hosts: tuple[TeamHost, ...], owner: str | None
) -> SchedulingConnection | None:
    """The kind of meeting that the lead's host holds, if the account names one."""
    own = next((host.event_type for host in hosts if host.email == owner), None)
    if connection is None or own is None:
        return connection
    return replace(connection, settings=connection.settings.model_copy(update={"event_type": own}))
