"""What an account, a lead and a turn have spent on models, against their caps, by the account's prices."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.account_settings import AccountSettings, Caps
from pipewise.clock import Clock
from pipewise.journal import Journal, current_journal
from pipewise.prices import TokenUsage, cost_of
from pipewise.settings_reader import SettingsReader
from pipewise.storage.conflict import insert_for
from pipewise.storage.database import Database
from pipewise.storage.tables import usage
from pipewise.storage.tables_settings import model_spending

LOOK_AGAIN_SECONDS = 5.0
MICROUSD = 1_000_000
BUDGET_REACHED = "daily budget reached"


@dataclass(frozen=True)
class Spent:
    tokens: int = 0
    microusd: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.tokens + other.tokens, self.microusd + other.microusd)

    def is_under(self, tokens: int | None, usd: float | None) -> bool:
        within_tokens = tokens is None or self.tokens < tokens
        return within_tokens and (usd is None or self.microusd < round(usd * MICROUSD))


class ModelBudget:
    """Days are UTC. The day's sum is read at most every few seconds, so a burst may pass the cap by what it costs. `cap_usd` is
    the day's cap of accounts that have set none."""

    def __init__(
        self, database: Database, clock: Clock, cap_usd: float, settings: SettingsReader | None = None
    ) -> None:
        self._database = database
        self._clock = clock
        self._cap_usd = cap_usd
        self._settings = settings
        self._known: dict[str, tuple[float, Spent, datetime]] = {}
        self._of_turn: WeakKeyDictionary[Journal, Spent] = WeakKeyDictionary()
        self._of_lead: WeakKeyDictionary[Journal, Spent] = WeakKeyDictionary()

    async def allows(self, account_id: str) -> bool:
        """Whether the present turn may ask a model that costs."""
        caps = (await self._account(account_id)).caps
        usd_per_day = self._cap_usd if caps.usd_per_day is None else caps.usd_per_day
        day = await self._day(account_id)
        return day.is_under(caps.tokens_per_day, usd_per_day) and await self._turn_allows(account_id, caps)

    async def price(self, account_id: str, model: str, usage: TokenUsage) -> int:
        """Micro-dollars of one answer, which count for the turn at once."""
        cost = cost_of((await self._account(account_id)).price_table, model, usage)
        journal = current_journal()
        if journal:
            self._of_turn[journal] = self._of_turn.get(journal, Spent()) + Spent(usage.total, cost)
        return cost

    async def _account(self, account_id: str) -> AccountSettings:
        return await self._settings.read(account_id) if self._settings else AccountSettings()

    async def _turn_allows(self, account_id: str, caps: Caps) -> bool:
        journal = current_journal()
        if journal is None:
            return True
        turn = self._of_turn.get(journal, Spent())
        if not turn.is_under(caps.tokens_per_turn, caps.usd_per_turn):
            return False
        if journal.lead is None or (caps.tokens_per_lead is None and caps.usd_per_lead is None):
            return True
        if journal not in self._of_lead:
            lead_id = journal.lead.id
            self._of_lead[journal] = await self._database.ask(lambda c: _spent_on_lead(c, account_id, lead_id))
        return (self._of_lead[journal] + turn).is_under(caps.tokens_per_lead, caps.usd_per_lead)

    async def _day(self, account_id: str) -> Spent:
        day = datetime.combine(self._clock.now().date(), time(), self._clock.now().tzinfo)
        known = self._known.get(account_id)
        if known is None or known[2] != day or self._clock.monotonic() - known[0] > LOOK_AGAIN_SECONDS:
            spent = await self._database.ask(lambda c: _spent_on(c, account_id, day))
            known = (self._clock.monotonic(), spent, day)
            self._known[account_id] = known
        return known[1]


async def _spent_on(connection: AsyncConnection, account_id: str, day: datetime) -> Spent:
    cost = select(func.coalesce(func.sum(usage.c.cost_microusd), 0)).where(
        usage.c.account_id == account_id, usage.c.created_at >= day, usage.c.created_at < day + timedelta(days=1)
    )
    tokens = select(func.coalesce(func.sum(model_spending.c.tokens), 0)).where(
        model_spending.c.account_id == account_id, model_spending.c.day == day.date().isoformat()
    )
    return Spent(
        int((await connection.execute(tokens)).scalar_one()), int((await connection.execute(cost)).scalar_one())
    )


async def _spent_on_lead(connection: AsyncConnection, account_id: str, lead_id: str) -> Spent:
    columns = (model_spending.c.tokens, model_spending.c.cost_microusd)
    statement = select(*(func.coalesce(func.sum(column), 0) for column in columns)).where(
        model_spending.c.account_id == account_id, model_spending.c.lead_id == lead_id
    )
    tokens, cost = (await connection.execute(statement)).one()
    return Spent(int(tokens), int(cost))


async def note_spending(connection: AsyncConnection, account_id: str, lead_id: str, spent: Spent, day: date) -> None:
    """Add what a committed turn spent on models to its lead's day."""
    if spent == Spent():
        return
    row = {"account_id": account_id, "lead_id": lead_id, "day": day.isoformat()}
    added = {"tokens": spent.tokens, "cost_microusd": spent.microusd}
    await connection.execute(_adding(connection.dialect.name), {**row, **added})


@cache
def _adding(dialect: str) -> Any:
    statement = insert_for(dialect, model_spending)
    return statement.on_conflict_do_update(
        index_elements=["lead_id", "day"],
        set_={name: model_spending.c[name] + statement.excluded[name] for name in ("tokens", "cost_microusd")},
    )
