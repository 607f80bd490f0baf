"""The guard over the test run tells a statement that forgets its account, and lets through those that do not."""

from pathlib import Path

import pytest
from sqlalchemy import select

from pipewise.storage import leads as lead_rows
from pipewise.storage.database import open_database
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.statements import fetch
from pipewise.storage.tables import leads
from tests.conftest import TENANTS
from tests.tenant_guard import EVERY_ACCOUNT, ROOT, TENANT_TABLES, find_problem

FORGETFUL = [
    "SELECT leads.id FROM leads WHERE leads.id = ?",
    "SELECT leads.id, leads.account_id FROM leads ORDER BY leads.account_id",
    "SELECT a.id FROM accounts AS a JOIN events ON events.id = a.id",
    "UPDATE leads SET account_id=? WHERE leads.id = ?",
    "UPDATE leads SET name=? WHERE leads.id IN (SELECT lanes.lead_id FROM lanes WHERE lanes.account_id = ?)",
    "DELETE FROM messages WHERE messages.lead_id = ?",
    "INSERT INTO tasks (id, title) VALUES (?, ?)",
]
MINDFUL = [
    "SELECT leads.id FROM leads WHERE leads.id = ? AND leads.account_id = ?",
    "SELECT m.id FROM messages AS m WHERE m.account_id IN (?)",
    "UPDATE leads SET name=? WHERE leads.id = ? AND leads.account_id = ?",
    "DELETE FROM messages WHERE messages.account_id = ?",
    "INSERT INTO tasks (id, account_id, title) VALUES (?, ?, ?)",
    "SELECT accounts.paused FROM accounts WHERE accounts.id = ?",
    "PRAGMA foreign_key_check",
]


@pytest.mark.parametrize("sql", FORGETFUL)
def test_a_statement_without_an_account_is_told(sql: str) -> None:
    assert find_problem(sql)


@pytest.mark.parametrize("sql", MINDFUL)
def test_a_statement_with_one_passes(sql: str) -> None:
    assert find_problem(sql) is None


def test_every_table_with_an_account_is_watched() -> None:
    assert len(TENANT_TABLES) >= 20
    assert {"leads", "messages", "events", "audit_entries", "lead_merges", "integration_health"} <= TENANT_TABLES


def test_what_is_let_through_is_there() -> None:
    """A function that is renamed takes its entry along."""
    for place in EVERY_ACCOUNT:
        file, _, function = place.partition(":")
        assert not function or f"def {function}(" in (ROOT / file).read_text(), place


async def test_the_guard_sees_what_the_product_asks_through_every_door(tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'pipewise.db'}")
    await ensure_schema(database)
    TENANTS.take()
    seen = TENANTS.looked_at
    await database.ask(lambda connection: lead_rows.list_leads(connection, "ana", limit=1))
    async with database.read() as connection:
        await lead_rows.list_leads(connection, "ana", limit=1)
    assert TENANTS.looked_at == seen + 2
    async with database.read() as connection:  # the tests' own are their own matter
        await connection.execute(select(leads))
        await fetch(connection, leads, {"id": "1"})
    assert TENANTS.looked_at == seen + 2
    forgetful = compile(
        "async def ask(connection): await fetch(connection, leads, {'id': '1'})", ROOT / "api/x.py", "exec"
    )
    scope = {"fetch": fetch, "leads": leads}
    exec(forgetful, scope)  # noqa: S102  code that is in no file of the product
    await database.ask(scope["ask"])  # type: ignore[arg-type]
    async with database.read() as connection:
        await scope["ask"](connection)  # type: ignore[operator]
    await database.close()
    (problem,) = TENANTS.take()
    assert problem.startswith("api/x.py:ask reads leads of every account")
