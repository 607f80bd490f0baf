"""Runs by the clock: fired once at their time on the injected clock, through the lane, as long as their user may run them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import NotFoundError, UnprocessableEntityError

from graph.compose import Application
from pipewise.storage import crons
from tests.integration.clocked import ClockedWorld, open_clocked
from tests.integration.protocol.in_process import client_of
from tests.integration.world import LEAD, World

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
Given = dict[str, Any]


@pytest.fixture
async def clocked(tmp_path: Path) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, NINE, burst_ms=0) as opened:
        yield opened


@pytest.fixture
async def on_each_database(tmp_path: Path, database_url: str) -> AsyncIterator[ClockedWorld]:
    async with open_clocked(tmp_path, NINE, database_url=database_url, burst_ms=0) as opened:
        yield opened


def event(text: str = "hello", *, sender: str = LEAD) -> Given:
    return {"event": {"platform": "whatsapp", "sender": sender, "text": text}}


async def runs_of(client: LangGraphClient, thread_id: str, count: int, world: World) -> list[Any]:
    async def there() -> list[Any] | None:
        found = await client.runs.list(thread_id, limit=100)
        done = [run for run in found if run["status"] == "success"]
        return found if len(done) >= count else None

    found: list[Any] = await world.until(there, f"{count} runs")
    return found


async def next_of(client: LangGraphClient, cron_id: str) -> str:
    (found,) = [cron for cron in await client.crons.search() if cron["cron_id"] == cron_id]
    return str(found["next_run_date"])


async def test_a_cron_runs_on_its_thread_at_its_time_and_once(on_each_database: ClockedWorld) -> None:
    clocked = on_each_database
    world = clocked.world
    client = client_of(world)
    thread_id = (await client.threads.create())["thread_id"]
    made: Any = await client.crons.create_for_thread(
        thread_id, "pipewise", schedule="30 9 * * *", input=event(), metadata={"purpose": "daily"}
    )
    assert made["next_run_date"] == "2027-03-01T09:30:00Z"
    assert made["payload"]["input"] == event()
    await world.settle()
    assert await client.runs.list(thread_id) == []
    clocked.advance(minutes=31)
    (run,) = await runs_of(client, thread_id, 1, world)
    assert run["metadata"] == {"purpose": "daily", "cron_id": made["cron_id"]}
    assert await next_of(client, made["cron_id"]) == "2027-03-02T09:30:00Z"
    state: Any = await client.threads.get_state(thread_id)
    assert [message["type"] for message in state["values"]["messages"]] == ["human", "ai"]
    clocked.advance(days=3)  # the machine was asleep: what passed meanwhile comes as one
    assert len(await runs_of(client, thread_id, 2, world)) == 2
    assert await next_of(client, made["cron_id"]) == "2027-03-05T09:30:00Z"
    await world.settle()
    assert len(await client.runs.list(thread_id)) == 2
    assert await world.sends() == [], "nothing is sent that was not asked for"


async def test_without_a_thread_each_run_has_its_own(clocked: ClockedWorld) -> None:
    world, client = clocked.world, client_of(clocked.world)
    kept: Any = await client.crons.create(
        "pipewise",
        schedule="@hourly",
        input=event(),
        on_run_completed="keep",
        end_time=datetime(2027, 3, 1, 10, 30, tzinfo=UTC),
    )
    await client.crons.create("pipewise", schedule="@hourly", input=event("good morning"))
    clocked.advance(hours=1, minutes=1)

    async def answered() -> list[Any] | None:
        found: list[Any] = await client.threads.search(metadata={"cron_id": kept["cron_id"]}, status="idle")
        return [one for one in found if one["values"]] or None

    (thread,) = await world.until(answered, "a thread that was kept")
    assert thread["values"]["reply"]
    assert len(await client.threads.search()) == 1, "the other one's went with its run"
    (ended,) = [cron for cron in await client.crons.search() if cron["cron_id"] == kept["cron_id"]]
    assert ended["next_run_date"] is None, "its end comes before its next date"
    with pytest.raises(UnprocessableEntityError):
        await client.crons.create("pipewise", schedule="@hourly")


async def test_a_cron_that_delivers_takes_its_turn_in_the_leads_lane(clocked: ClockedWorld) -> None:
    world, client = clocked.world, client_of(clocked.world)
    await world.lead_says("hello")
    await world.until_sends(1)
    lead = await world.lead()
    (thread,) = await client.threads.search(metadata={"lead_id": lead["id"]})
    await client.crons.create_for_thread(
        thread["thread_id"], "pipewise", schedule="*/10 * * * *", input={**event("what does it cost?"), "deliver": True}
    )
    clocked.advance(minutes=11)
    await world.until_sends(2)
    await world.settle()
    assert len(await world.sends()) == 2
    state: Any = await client.threads.get_state(thread["thread_id"])
    assert len(state["values"]["messages"]) == 4


async def test_no_run_for_whoever_may_not_run(clocked: ClockedWorld) -> None:
    """A paused account, a user without the right, a user who is gone."""
    world, client = clocked.world, client_of(clocked.world)
    operator = (await world.api.post("/api/users", json={"email": "o@example.com", "role": "operator"})).json()
    theirs = client_of(world, operator["token"])
    thread_id = (await theirs.threads.create())["thread_id"]
    made: Any = await theirs.crons.create_for_thread(thread_id, "pipewise", schedule="@hourly", input=event())
    (await world.api.post("/api/pause")).raise_for_status()
    clocked.advance(hours=1, minutes=1)

    async def moved_on() -> bool:
        return await next_of(client, made["cron_id"]) == "2027-03-01T11:00:00Z"

    await world.until(moved_on, "the date to pass")
    (await world.api.post("/api/resume")).raise_for_status()
    await world.settle(0.8)
    assert await client.runs.list(thread_id) == [], "what was missed in a pause is not made up for"
    clocked.advance(hours=1)
    await runs_of(client, thread_id, 1, world)
    (await world.api.delete(f"/api/users/{operator['id']}")).raise_for_status()
    assert await client.crons.count() == 0
    clocked.advance(hours=2)
    await world.settle(0.8)
    assert len(await client.runs.list(thread_id)) == 1


async def test_a_changed_cron_counts_from_now(clocked: ClockedWorld) -> None:
    world, client = clocked.world, client_of(clocked.world)
    thread_id = (await client.threads.create())["thread_id"]
    made: Any = await client.crons.create_for_thread(
        thread_id, "pipewise", schedule="@hourly", input=event(), enabled=False, metadata={"a": 1}
    )
    cron_id = made["cron_id"]
    clocked.advance(hours=3)
    await world.settle(0.8)
    assert await client.runs.list(thread_id) == [], "it is switched off"
    changed: Any = await client.crons.update(
        cron_id,
        enabled=True,
        schedule="0 18 * * *",
        timezone="Europe/Lisbon",
        input=event("good morning"),
        metadata={"b": 2},
    )
    assert changed["next_run_date"] == "2027-03-01T18:00:00Z"
    assert (changed["metadata"], changed["payload"]["input"]) == ({"a": 1, "b": 2}, event("good morning"))
    ends: Any = await client.crons.update(cron_id, end_time=datetime(2027, 3, 1, 13, tzinfo=UTC))
    assert ends["next_run_date"] is None
    again: Any = await client.crons.update(cron_id, end_time=None)
    assert (again["end_time"], again["next_run_date"]) == (None, "2027-03-01T18:00:00Z")
    for wrong in ({"schedule": "often"}, {"timezone": "Mars/Base"}, {"input": {"event": {}}}):
        with pytest.raises(UnprocessableEntityError):
            await client.crons.update(cron_id, **wrong)  # type: ignore[arg-type]
    acts = [entry["action"] for entry in (await world.api.get("/api/audit")).json()["items"]]
    assert acts.count("cron.changed") == 3
    await client.threads.delete(thread_id)
    with pytest.raises(NotFoundError):
        await client.crons.delete(cron_id)


async def test_two_processes_fire_a_date_once(on_each_database: ClockedWorld) -> None:
    clocked = on_each_database
    world, client = clocked.world, client_of(clocked.world)
    application: Application = world.app.state.services.application
    runner, thread_id = application.protocol.crons, (await client.threads.create())["thread_id"]
    await runner.stop()
    await client.crons.create_for_thread(thread_id, "pipewise", schedule="@hourly", input=event())
    clocked.advance(hours=1, minutes=1)
    now = application.resources.clock.now()
    due, _ = await runner._scan(now)
    for _ in range(3):
        await runner._fire_all(due)
    await runs_of(client, thread_id, 1, world)
    assert len(await client.runs.list(thread_id)) == 1


async def test_of_two_who_found_a_date_due_one_claims_it(on_each_database: ClockedWorld) -> None:
    clocked = on_each_database
    client = client_of(clocked.world)
    application: Application = clocked.world.app.state.services.application
    await application.protocol.crons.stop()
    made: Any = await client.crons.create("pipewise", schedule="@hourly", input=event())
    clocked.advance(hours=1, minutes=1)
    database, now = application.resources.database, application.resources.clock.now()
    found = [await database.ask(lambda c: crons.find_due(c, made["cron_id"], now)) for _ in range(2)]
    following = now + timedelta(hours=1)
    claimed = [await database.transact(lambda c, due=due: crons.claim(c, due.cron, following)) for due in found if due]
    assert claimed == [True, False]


async def test_an_erased_lead_is_not_brought_back(clocked: ClockedWorld) -> None:
    world, client = clocked.world, client_of(clocked.world)
    output: Any = await client.runs.wait(None, "pipewise", input=event())
    await client.crons.create("pipewise", schedule="@hourly", input=event())
    other: Any = await client.crons.create("pipewise", schedule="@hourly", input=event(sender="351900000999"))
    (await world.api.delete(f"/api/leads/{output['lead_id']}")).raise_for_status()
    assert [cron["cron_id"] for cron in await client.crons.search()] == [other["cron_id"]]
