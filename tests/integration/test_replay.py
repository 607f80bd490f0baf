"""`pipewise replay`: turns run again from their journals, without network, and every planted change is noticed."""

import shutil
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from graph.replay import verify_turns
from graph.versions import read_versions
from pipewise.clock import SystemClock
from pipewise.journal_codec import canonical
from pipewise.storage.database import open_plain_engine
from pipewise.storage.journal import TURN, JournalRow, list_turns
from pipewise.storage.tables import journal, runs
from pipewise.turn_journals import RecordedTurn, open_document, read_turn
from pipewise.vault import Place, Vault
from tests.integration.command_line import ROOT, run_pipewise
from tests.integration.model_server import OFFER, ModelServer, open_model_server, says
from tests.integration.world import TOKEN, World, open_world

SETTINGS = {"PIPEWISE_API_TOKEN": TOKEN, "PIPEWISE_MODEL": "offline"}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path / "data", burst_ms=0) as opened:
        yield opened


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with open_model_server() as server:
        yield server


async def book(world: World) -> str:
    """From the first message to a booked meeting; the lead's id."""
    await world.lead_says("Schedule a demo")
    await world.until_sends(1)
    await world.lead_says("the second one, ana@silva.example")
    await world.until_sends(2)
    lead_id: str = (await world.lead())["id"]
    return lead_id


async def turns_of(world: World, lead_id: str) -> list[JournalRow]:
    resources: Any = world.app.state.services.resources
    async with resources.database.read() as connection:
        account_id = (await connection.execute(select(runs.c.account_id).limit(1))).scalar()
        return await list_turns(connection, account_id, lead_id)


async def verdicts(world: World, lead_id: str, versions: dict[str, str] | None = None) -> list[str | None]:
    resources: Any = world.app.state.services.resources
    rows = await turns_of(world, lead_id)
    settings = resources.settings
    found = await verify_turns(rows, resources.vault, SystemClock(), settings, versions or read_versions())
    assert found
    return [verdict.problem for verdict in found]


def replay(folder: Path, lead_id: str, *more: str, code: Path = ROOT) -> Any:
    settings = {**SETTINGS, "PIPEWISE_DATA_DIR": str(folder), "PYTHONPATH": str(code)}
    return run_pipewise("replay", "--lead", lead_id, "--verify", *more, settings=settings, folder=folder)


async def test_a_booked_meeting_comes_out_of_its_journals_as_it_was(tmp_path: Path) -> None:
    async with open_world(tmp_path / "data", burst_ms=0) as world:
        lead_id = await book(world)
        bookings = len(await world.ledger("calendly", "booking"))
        listed = (await world.api.get(f"/api/leads/{lead_id}/runs")).json()["items"]
    done = replay(tmp_path / "data", lead_id)
    assert (done.code, len(done.lines)) == (0, len(listed)), done
    assert all("holds" in line for line in done.lines)
    one = replay(tmp_path / "data", lead_id, "--run", listed[0]["id"])
    assert (one.code, len(one.lines)) == (0, 1)
    assert bookings == 1


async def test_the_why_of_a_run_lists_its_steps_without_answers(world: World) -> None:
    lead_id = await book(world)
    path = f"/api/leads/{lead_id}/runs"
    last = (await world.api.get(path)).json()["items"][-1]
    steps = (await world.api.get(f"{path}/{last['id']}")).json()["steps"]
    assert [step["step"] for step in steps if step["step"].startswith("booking")] == ["booking.find", "booking.book"]
    assert all(set(step) == {"step", "request", "success", "response_time_ms", "cost_usd"} for step in steps)


async def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    async with open_world(tmp_path / "data", burst_ms=0) as world:
        lead_id = await book(world)
    change_one_byte(tmp_path / "data")
    done = replay(tmp_path / "data", lead_id)
    assert done.code == 1
    assert "step 0 (journal)" in done.out


def change_one_byte(folder: Path) -> None:
    """In the middle of the last turn's sealed journal."""
    engine = open_plain_engine(f"sqlite+aiosqlite:///{folder / 'pipewise.db'}")
    with engine.begin() as connection:
        statement = select(journal.c.id, journal.c.sealed).where(journal.c.ordinal == TURN)
        identity, sealed = connection.execute(statement.order_by(journal.c.created_at.desc()).limit(1)).one()
        middle = len(sealed) // 2
        changed = sealed[:middle] + bytes([sealed[middle] ^ 1]) + sealed[middle + 1 :]
        connection.execute(update(journal).where(journal.c.id == identity).values(sealed=changed))
    engine.dispose()


async def test_a_changed_prompt_is_noticed_at_the_step_that_uses_it(tmp_path: Path, model: ModelServer) -> None:
    await model.will(*OFFER, says("Here are times that are free."))
    async with open_world(tmp_path / "data", burst_ms=0, **model.settings) as world:
        await world.lead_says("Schedule a demo")
        await world.until_sends(1)
        lead_id = (await world.lead())["id"]
    code = tmp_path / "changed"
    for package in ("api", "graph", "nodes", "pipewise", "tools"):
        shutil.copytree(ROOT / package, code / package, ignore=shutil.ignore_patterns("__pycache__"))
    prompt = code / "nodes" / "prompts" / "scheduler.md"
    prompt.write_text(prompt.read_text().replace("at most four short sentences", "at most five short sentences"))
    done = replay(tmp_path / "data", lead_id, code=code)
    assert done.code == 1
    assert "(model.functions): the request differs" in done.out
    assert "prompt scheduler was" in done.out


async def test_another_release_is_noticed_even_where_nothing_comes_out_differently(world: World) -> None:
    lead_id = await book(world)
    problems = await verdicts(world, lead_id, {**read_versions(), "code": "0.0.1"})
    assert all(problem and problem.endswith("and is 0.0.1") for problem in problems)


def spoil(
    turns: list[tuple[JournalRow, RecordedTurn]], change: Callable[[RecordedTurn], RecordedTurn], vault: Vault
) -> JournalRow:
    """The last turn as it would be recorded if it had come out differently."""
    row, turn = turns[-1]
    document = zlib.compress(canonical(change(turn).as_dict()).encode("utf-8", "surrogatepass"))
    return replace(row, sealed=vault.seal(document, Place("journal", "sealed", row.account_id, row.id)))


CHANGES: dict[str, tuple[str, Callable[[RecordedTurn], RecordedTurn]]] = {
    "state": ("state (reply)", lambda turn: replace(turn, after={**turn.after, "reply": "of other words"})),
    "message": ("another message", lambda turn: replace(turn, outbound={**turn.outbound, "reply": "of other words"})),
}


@pytest.mark.parametrize("kind", CHANGES)
async def test_another_state_and_another_message_are_noticed(world: World, kind: str) -> None:
    lead_id, (told, change) = await book(world), CHANGES[kind]
    resources = world.app.state.services.resources
    rows = await turns_of(world, lead_id)
    turns = [(row, read_turn(open_document(resources.vault, row))) for row in rows]
    spoiled = spoil(turns, change, resources.vault)
    (verdict,) = await verify_turns([spoiled], resources.vault, SystemClock(), resources.settings, read_versions())
    assert verdict.problem
    assert told in verdict.problem


async def test_a_journal_of_another_turn_does_not_open(world: World) -> None:
    lead_id = await book(world)
    resources = world.app.state.services.resources
    first, *_, last = await turns_of(world, lead_id)
    moved = replace(first, sealed=last.sealed)
    (verdict,) = await verify_turns([moved], resources.vault, SystemClock(), resources.settings, read_versions())
    assert verdict.problem
    assert verdict.problem.startswith("step 0 (journal)")


@pytest.mark.parametrize(("lead", "run"), [("nobody", None), (None, "no-run")])
async def test_what_was_never_recorded_is_said_plainly(tmp_path: Path, lead: str | None, run: str | None) -> None:
    async with open_world(tmp_path / "data", burst_ms=0) as world:
        await world.lead_says("Schedule a demo")
        await world.until_sends(1)
        known = (await world.lead())["id"]
    done = replay(tmp_path / "data", lead or known, *(("--run", run) if run else ()))
    assert (done.code, done.out) == (1, "")
    assert "There is no journal" in done.err


async def test_a_journal_goes_with_its_lead(world: World) -> None:
    lead_id = await book(world)
    assert (await world.api.delete(f"/api/leads/{lead_id}")).status_code < 300
    services: Any = world.app.state.services
    async with services.resources.database.read() as connection:
        assert (await connection.execute(select(journal))).first() is None


async def test_nothing_a_lead_said_stands_in_a_journal_in_clear(world: World) -> None:
    await book(world)
    services: Any = world.app.state.services
    async with services.resources.database.read() as connection:
        rows = [JournalRow(**row) for row in (await connection.execute(select(journal))).mappings()]
    assert rows
    assert not any(b"ana@silva" in row.sealed or b"Schedule" in row.sealed for row in rows)


async def test_a_recorded_lead_or_state_of_another_shape_is_a_difference_and_ends_no_replay(world: World) -> None:
    """As after an upgrade: the turns that follow are looked at all the same."""
    lead_id = await book(world)
    services: Any = world.app.state.services
    resources = services.resources
    async with resources.database.read() as connection:
        account_id = (await connection.execute(select(runs.c.account_id).limit(1))).scalar()
        rows = await list_turns(connection, account_id, lead_id)

    async def told(change: Any) -> list[str | None]:
        changed = [replant(resources.vault, rows[0], change), *rows[1:]]
        found = await verify_turns(changed, resources.vault, SystemClock(), resources.settings, read_versions())
        return [verdict.problem for verdict in found]

    first, *others = await told(lambda document: document["lead"].pop("status"))
    assert first is not None
    assert "status" in first
    assert set(others) == {None}
    first, *_ = await told(lambda document: document.pop("after"))
    assert first is not None
    assert "step 0 (journal)" in first
    first, *_ = await told(lambda document: document["recording"]["times"].append("2026-01-01T00:00:00+00:00"))
    assert first is not None
    assert "clock reading" in first
    first, *_ = await told(lambda document: document["recording"]["ticks"].append(1.0))
    assert first is not None
    assert "time measurement" in first


def replant(vault: Any, row: JournalRow, change: Any) -> JournalRow:
    """The row with a changed document, sealed as the service seals."""
    document = open_document(vault, row)
    change(document)
    place = Place("journal", "sealed", row.account_id, row.id)
    return replace(row, sealed=vault.seal(zlib.compress(canonical(document).encode()), place))
