"""What an account spends on models in a day stays under its cap."""

from datetime import timedelta

from pipewise.budget import LOOK_AGAIN_SECONDS, ModelBudget
from pipewise.storage import usage
from pipewise.turns import UsageRecord
from tests.fakes import NOON
from tests.integration.core.harness import Core


async def spend(core: Core, usd: float) -> None:
    record = UsageRecord("model", "classify", success=True, response_time_ms=5, cost_microusd=round(usd * 1_000_000))
    async with core.database.write() as connection:
        await usage.add_usage(connection, core.account_id, record, core.clock.now())


async def test_the_cap_ends_the_day_and_midnight_begins_a_new_one(core: Core) -> None:
    budget = ModelBudget(core.database, core.clock, 2.0)
    assert await budget.allows(core.account_id)
    await spend(core, 1.99)
    core.clock.advance(LOOK_AGAIN_SECONDS + 1)
    assert await budget.allows(core.account_id)
    await spend(core, 0.01)
    core.clock.advance(LOOK_AGAIN_SECONDS + 1)
    assert not await budget.allows(core.account_id)
    assert await budget.allows("another account")
    core.clock.jump((NOON + timedelta(days=1)).replace(hour=0))
    assert await budget.allows(core.account_id)
    core.clock.jump(NOON)
    assert not await budget.allows(core.account_id)


async def test_the_sum_is_read_now_and_then(core: Core) -> None:
    budget = ModelBudget(core.database, core.clock, 1.0)
    assert await budget.allows(core.account_id)
    await spend(core, 5)
    core.clock.advance(LOOK_AGAIN_SECONDS - 1)
    assert await budget.allows(core.account_id)
    core.clock.advance(2)
    assert not await budget.allows(core.account_id)


async def test_a_cap_of_nothing_allows_nothing(core: Core) -> None:
    assert not await ModelBudget(core.database, core.clock, 0).allows(core.account_id)
