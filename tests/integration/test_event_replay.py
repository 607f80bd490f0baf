"""Dead letters from the command line: listed, replayed, refused where a replay would mean nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.settings import load_settings
from pipewise.storage import accounts
from pipewise.storage.database import open_database
from pipewise.storage.events import get_event
from pipewise.storage.tables import events, lanes, leads
from tests.fakes import NOON
from tests.integration.command_line import pipewise

DEAD = {
    "id": "dead",
    "lead_id": "lead",
    "kind": "message",
    "dedupe_key": "wamid.1",
    "status": "dead_letter",
    "reason": "five tries\nfailed \x1b[31m",
    "attempts": 5,
}
UNREADABLE = {
    "id": "unreadable",
    "kind": "notice",
    "dedupe_key": "wamid.2",
    "status": "dead_letter",
    "reason": "no message id",
}
DONE = {"id": "done", "lead_id": "lead", "kind": "message", "dedupe_key": "wamid.3", "status": "processed"}


def in_database(work: Callable[[AsyncConnection], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        database = open_database(load_settings().sqlalchemy_url)
        try:
            async with database.write() as connection:
                return await work(connection)
        finally:
            await database.close()

    return asyncio.run(run())


async def first_account(connection: AsyncConnection) -> str:
    user = await accounts.first_user(connection)
    assert user
    return user.account_id


@pytest.fixture(autouse=True)
def _inbox() -> None:
    pipewise("tokens", "list")

    async def fill(connection: AsyncConnection) -> None:
        common: Mapping[str, Any] = {"account_id": await first_account(connection)}
        await connection.execute(
            insert(leads).values(id="lead", status="new", created_at=NOON, updated_at=NOON, **common)
        )
        for event in (DEAD, UNREADABLE, DONE):
            values = {"platform": "whatsapp", "content": {}, "occurred_at": NOON, "received_at": NOON}
            await connection.execute(insert(events).values(**values, **common, **event))

    in_database(fill)


def test_dead_letters_are_listed_newest_first_each_on_one_line() -> None:
    listed = pipewise("events", "list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.lines] == ["id", "unreadable", "dead"]
    assert "five tries failed" in listed.out
    assert "\x1b" not in listed.out


def test_other_states_and_a_limit_can_be_asked_for() -> None:
    assert [line.split()[0] for line in pipewise("events", "list", "--status", "all").lines[1:]] == [
        "done",
        "unreadable",
        "dead",
    ]
    assert [line.split()[0] for line in pipewise("events", "list", "--status", "processed").lines[1:]] == ["done"]
    assert len(pipewise("events", "list", "--status", "all", "--limit", "1").lines) == 2


def test_a_replayed_event_is_as_new_and_its_lane_is_due() -> None:
    replayed = pipewise("events", "replay", "dead")
    assert (replayed.code, replayed.out.count("dead")) == (0, 1)

    async def look(connection: AsyncConnection) -> tuple[Any, Any]:
        event = await get_event(connection, await first_account(connection), "dead")
        due = (await connection.execute(select(lanes.c.due_at).where(lanes.c.lead_id == "lead"))).scalar()
        return event, due

    event, due = in_database(look)
    assert (event.status, event.attempts, event.reason, event.not_before) == ("accepted", 5, None, None)
    assert due is not None
    assert "dead" not in [line.split()[0] for line in pipewise("events", "list").lines]


@pytest.mark.parametrize("event_id", ["unreadable", "done", "unknown"])
def test_what_cannot_be_replayed_is_refused_and_takes_the_rest_back(event_id: str) -> None:
    refused = pipewise("events", "replay", "dead", event_id)
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert event_id in refused.err
    assert "dead" in pipewise("events", "list").out


def test_all_dead_letters_of_leads_are_replayed_at_once_and_only_once() -> None:
    done = pipewise("events", "replay", "--all")
    assert (done.code, len(done.lines)) == (0, 1)
    assert "1 events are accepted again" in done.out
    again = pipewise("events", "replay", "--all")
    assert "0 events" in again.out, "what was never understood stays a dead letter"
    left = pipewise("events", "list").lines[1:]
    assert [line.split()[0] for line in left] == ["unreadable"]


@pytest.mark.parametrize("line", [(), ("dead", "--all")], ids=["nothing", "both"])
def test_a_replay_of_nothing_or_of_everything_and_something_is_refused(line: tuple[str, ...]) -> None:
    done = pipewise("events", "replay", *line)
    assert (done.code, done.out) == (2, "")
    assert "--all" in done.err
