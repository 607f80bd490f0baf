"""What an account has set, where the core goes by it: owners, due times, the day's cap, the holding message, spending."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from pipewise.budget import LOOK_AGAIN_SECONDS, ModelBudget
from pipewise.journal import Journal, run_in
from pipewise.prices import TokenUsage
from pipewise.settings_reader import SettingsReader
from pipewise.storage import account_settings
from pipewise.storage.database import Database
from pipewise.storage.tables import lead_changes, tasks
from pipewise.storage.tables_settings import model_spending
from pipewise.turns import NewTask, TurnRequest, TurnResult, UsageRecord
from pipewise.waiting import Patience
from tests.fakes import NOON
from tests.integration.core.harness import Core, open_core, reply, soon

HOSTS = [{"email": f"{name}@example.com", "name": name} for name in ("ana", "bo", "cy")]
WANTS_A_PERSON = reply(
    "A colleague comes.", pause_agent=True, even_if_paused=True, tasks=(NewTask("human_request", "x"),)
)


async def settle(core: Core, change: dict[str, Any]) -> None:
    async with core.database.write() as connection:
        await account_settings.change_settings(connection, core.account_id, change, actor="admin", now=NOON)


async def turn(core: Core, result: TurnResult, text: str = "hi", *, sender: str = "351911000001") -> str:
    async def answer(_: TurnRequest) -> TurnResult:
        return result

    core.turns.answer = answer
    lead_id = await core.hear(text, sender=sender, key=f"{sender} {len(core.turns.requests)}")
    await core.worker.run_lane(lead_id)
    return lead_id


async def test_people_get_leads_in_turn_and_the_reason_is_on_record(core: Core) -> None:
    await settle(core, {"hosts": HOSTS, "default_owner": "boss@example.com"})
    owners = []
    for number in range(4):
        lead_id = await turn(core, WANTS_A_PERSON, sender=f"35191100001{number}")
        owners.append((await core.lead(lead_id)).owner)
    assert owners == ["ana@example.com", "bo@example.com", "cy@example.com", "ana@example.com"]
    kept = [(row["after"], row["reason"]) for row in await core.rows(lead_changes, lead_changes.c.kind == "owner")]
    assert kept[0] == ("ana@example.com", "has the fewest leads of 3 hosts: 0")
    assert kept[3] == ("ana@example.com", "has the fewest leads of 3 hosts: 1")


async def test_a_lead_keeps_its_owner_and_without_hosts_the_default_owner_or_an_admin_takes_it(core: Core) -> None:
    first = await turn(core, WANTS_A_PERSON)
    admin = (await core.lead(first)).owner
    assert admin is not None
    await settle(core, {"default_owner": "boss@example.com"})
    second = await turn(core, WANTS_A_PERSON, sender="351911000002")
    assert (await core.lead(second)).owner == "boss@example.com"
    await settle(core, {"hosts": HOSTS})
    await turn(core, reply("x", tasks=(NewTask("press", "again"),)), sender="351911000002")
    assert {row["owner"] for row in await core.rows(tasks, tasks.c.kind == "press")} == {"boss@example.com"}


async def test_a_task_is_due_within_business_hours(core: Core) -> None:
    await settle(core, {"timezone": "Asia/Tokyo"})
    await turn(core, WANTS_A_PERSON)
    (task,) = await core.rows(tasks)
    local = task["due_at"].astimezone(NOON.tzinfo)
    assert local == (NOON + timedelta(days=1)).replace(hour=1)  # ten in the morning there
    named = NewTask("follow_up", "later", due_at=NOON + timedelta(days=9))
    await turn(core, reply("ok", tasks=(named,)), sender="351911000002")
    assert NOON + timedelta(days=9) in {row["due_at"] for row in await core.rows(tasks)}


async def test_beyond_the_days_cap_nothing_is_sent_and_one_task_says_so(core: Core) -> None:
    capped = reply("Answer.", message_cap=2)
    for _ in range(5):
        await turn(core, capped)
    assert core.messenger.texts == ["Answer.", "Answer."]
    (task,) = await core.rows(tasks)
    assert (task["kind"], "Answer." in task["detail"]) == ("message_cap", True)
    await turn(core, reply("A colleague comes.", even_if_paused=True, message_cap=2))
    assert core.messenger.texts[-1] == "A colleague comes."
    core.clock.advance(24 * 3600)
    await turn(core, capped)
    assert core.messenger.texts[-1] == "Answer."
    assert len(await core.rows(tasks)) == 1


async def test_the_holding_message_is_the_accounts_own(database: Database) -> None:
    async with open_core(database, patience=Patience(typing=0.02, holding=0.05, longest=5)) as core:
        await settle(core, {"holding_message": {"en": "Hold on!", "pt": "Só um momento!"}})

        async def answer(_: TurnRequest) -> TurnResult:
            await soon(lambda: bool(core.messenger.taken))
            return reply("At last.")

        core.turns.answer = answer
        await core.worker.run_lane(await core.hear("Olá, bom dia, gostaria de marcar uma reunião"))
        assert core.messenger.texts == ["Só um momento!", "At last."]


USED = TokenUsage(900, 100)


def budget_of(core: Core) -> ModelBudget:
    return ModelBudget(core.database, core.clock, 2.0, SettingsReader(core.database, core.clock))


async def spend_in_turns(core: Core, tokens: int, usd: float, *, sender: str = "351911000001") -> str:
    record = UsageRecord("model", "qualify", True, 5, round(usd * 1_000_000), tokens)
    lead_id = await turn(core, reply("x", usage=(record,)), sender=sender)
    core.clock.advance(LOOK_AGAIN_SECONDS + 1)
    return lead_id


@pytest.mark.parametrize(
    ("caps", "tokens", "usd", "allowed"),
    [
        ({"tokens_per_day": 1000}, 999, 0.0, True),
        ({"tokens_per_day": 1000}, 1000, 0.0, False),
        ({"usd_per_day": 0.5}, 10, 0.49, True),
        ({"usd_per_day": 0.5}, 10, 0.5, False),
        ({"usd_per_day": 5.0}, 10, 3.0, True),  # above what the installation gives
        ({}, 10, 2.0, False),
    ],
)
async def test_the_days_caps(core: Core, caps: dict[str, Any], tokens: int, usd: float, allowed: bool) -> None:
    await settle(core, {"caps": caps})
    await spend_in_turns(core, tokens, usd)
    assert await budget_of(core).allows(core.account_id) is allowed
    assert await budget_of(core).allows("another account") is True


@pytest.mark.parametrize("caps", [{"tokens_per_lead": 1000}, {"usd_per_lead": 0.5}])
async def test_a_lead_that_has_cost_enough_costs_no_more_and_others_do(core: Core, caps: dict[str, Any]) -> None:
    await settle(core, {"caps": caps})
    dear = await spend_in_turns(core, 600, 0.3)
    await spend_in_turns(core, 600, 0.3)
    cheap = await spend_in_turns(core, 10, 0.01, sender="351911000002")
    budget = budget_of(core)
    for lead_id, allowed in ((dear, False), (cheap, True)):
        journal = Journal(lead=await core.lead(lead_id))
        assert await run_in(journal, lambda: budget.allows(core.account_id)) is allowed
    (row,) = await core.rows(model_spending, model_spending.c.lead_id == dear)
    assert (row["tokens"], row["cost_microusd"]) == (1200, 600_000)


@pytest.mark.parametrize("caps", [{"tokens_per_turn": 1500}, {"usd_per_turn": 0.0015}])
async def test_a_turn_has_its_own_cap_and_the_next_begins_anew(core: Core, caps: dict[str, Any]) -> None:
    own = {"m": {"input_per_million_usd": 1.0, "output_per_million_usd": 1.0}}
    await settle(core, {"caps": caps, "price_table": own})
    budget = budget_of(core)

    async def ask_thrice() -> list[bool]:
        allowed = []
        for _ in range(3):
            allowed.append(await budget.allows(core.account_id))
            assert await budget.price(core.account_id, "m", USED) == 1000
        return allowed

    for _ in range(2):
        assert await run_in(Journal(), ask_thrice) == [True, True, False]


async def test_prices_follow_the_accounts_table_at_once(core: Core) -> None:
    reader = SettingsReader(core.database, core.clock)
    budget = ModelBudget(core.database, core.clock, 2.0, reader)
    assert await budget.price(core.account_id, "gpt-5-mini", TokenUsage(1_000_000, 0)) == 250_000
    await settle(core, {"price_table": {"gpt-5-mini": {"input_per_million_usd": 9.0, "output_per_million_usd": 0.0}}})
    reader.forget_all()
    assert await budget.price(core.account_id, "gpt-5-mini", TokenUsage(1_000_000, 0)) == 9_000_000


async def test_two_changes_at_once_are_both_kept(database: Database) -> None:
    async with open_core(database) as core:
        await asyncio.gather(settle(core, {"company": "Acme"}), settle(core, {"timezone": "Europe/Lisbon"}))
        async with core.database.read() as connection:
            kept = await account_settings.read_document(connection, core.account_id)
        assert kept == {"company": "Acme", "timezone": "Europe/Lisbon"}
