"""PostgreSQL keeps the accounts apart by itself, whoever the URL logs in as."""

import ast
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from pipewise.storage import row_rights
from pipewise.storage.database import Database, open_database
from pipewise.storage.row_rights import CHECKPOINT_TABLES, SHARED_TABLES, SYSTEM_RIGHTS
from pipewise.storage.row_security import act_within
from pipewise.storage.tables import metadata
from pipewise.storage.tenancy import (
    Key,
    Nobody,
    Purpose,
    acting_for,
    acting_for_owner,
    for_every_account,
    scoped,
)
from tests.integration.core.walls import ANA, BEN, OWNED, as_login, fill, owner_of

# The names in these statements are the tables' own.
# ruff: noqa: S608

ROOT = Path(__file__).parents[3]
TABLES = pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def walled_url(postgres_server: Any, postgres_template: str) -> Any:
    """The URL is a superuser's."""
    url = postgres_server.create_database(postgres_template)
    fill(url)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
async def walled(walled_url: str) -> Any:
    database = open_database(walled_url)
    yield database
    await database.close()


async def _run(database: Database, statement: str, **values: Any) -> int:
    """Rows that a statement gave or changed. Nothing stays."""
    async with database.read() as connection:
        done = await connection.execute(text(statement), values)
        return len(done.all()) if done.returns_rows else done.rowcount


async def _refused(database: Database, statement: str, **values: Any) -> None:
    with pytest.raises(ProgrammingError, match=r"row-level security|permission denied"):
        await _run(database, statement, **values)


def _copy(table: Table, **changed: str) -> str:
    """A row like the account's own, but for its keys: what is refused is refused before any key is looked at."""
    names = [column.name for column in table.columns]
    values = [changed.get(name, f'"{name}"') for name in names]
    named = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({named}) SELECT {", ".join(values)} FROM "{table.name}"'


def test_every_table_is_the_accounts_or_named_as_shared() -> None:
    """A new table without an `account_id` needs a line in OWN_ROWS or SHARED_TABLES."""
    for name, table in metadata.tables.items():
        assert ("account_id" in table.c or name in row_rights.OWN_ROWS) != (name in SHARED_TABLES), name


def test_every_tenants_table_is_behind_the_wall(walled_url: str) -> None:
    """By the catalogue, so that no table can be forgotten; the policies are those of the application's role alone."""
    with as_login(walled_url) as connection:
        found = connection.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL"
            " FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'own_account' AND p.polcmd = '*'"
            " JOIN pg_roles r ON r.oid = ANY (p.polroles) AND NOT r.rolsuper AND NOT r.rolbypassrls AND NOT r.rolcanlogin"
        ).fetchall()
    assert {name for name, forced, whole in found if forced and whole} >= {table.name for table in OWNED}


async def test_the_url_is_a_superusers_and_the_application_is_not(walled: Database) -> None:
    async def look(connection: Any) -> Any:
        asked = "SELECT session_user, current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        return (await connection.execute(text(asked))).one()

    with scoped(Nobody()):
        login, role, bypasses = await walled.ask(look)
    assert (login, role.rsplit("_", 1)[0], bypasses) == ("postgres", "pipewise_app", False)


@TABLES
async def test_without_an_account_no_row_is_seen_and_none_is_written(walled: Database, table: Table) -> None:
    with scoped(Nobody()):
        assert await _run(walled, f'SELECT 1 FROM "{table.name}"') == 0
        if table.name not in row_rights.APPEND_ONLY:
            assert await _run(walled, f'UPDATE "{table.name}" SET "{owner_of(table)}" = "{owner_of(table)}"') == 0
            assert await _run(walled, f'DELETE FROM "{table.name}"') == 0
        named = ", ".join(f'"{column.name}"' for column in table.columns if not column.nullable)
        marks = ", ".join(_literal(column) for column in table.columns if not column.nullable)
        await _refused(walled, f'INSERT INTO "{table.name}" ({named}) VALUES ({marks})')


def _literal(column: Any) -> str:
    kind = column.type.compile(dialect=_dialect())
    if kind == "JSONB":
        return "'{}'"
    if kind.startswith("TIMESTAMP"):
        return "now()"
    return {"BOOLEAN": "false", "INTEGER": "9", "BIGINT": "9", "BIGSERIAL": "9", "BYTEA": "'x'"}.get(kind, "'9'")


def _dialect() -> Any:
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415  for this alone

    return postgresql.dialect()


@TABLES
async def test_one_accounts_transaction_never_touches_anothers_rows(walled: Database, table: Table) -> None:
    name, owner = table.name, owner_of(table)
    with acting_for(ANA):
        assert await _run(walled, f'SELECT 1 FROM "{name}"') == 1
        assert await _run(walled, f'SELECT 1 FROM "{name}" WHERE "{owner}" = :ben', ben=BEN) == 0
        assert await _run(walled, f'SELECT 1 FROM "{name}" WHERE "{owner}" = :ben OR true', ben=BEN) == 1
        if name in row_rights.APPEND_ONLY:
            await _refused(walled, f'DELETE FROM "{name}"')
        else:
            assert await _run(walled, f'DELETE FROM "{name}" WHERE "{owner}" = :ben', ben=BEN) == 0
            assert (
                await _run(walled, f'UPDATE "{name}" SET "{owner}" = :ana WHERE "{owner}" = :ben', ana=ANA, ben=BEN)
                == 0
            )
            await _refused(walled, f'UPDATE "{name}" SET "{owner}" = :ben', ben=BEN)
        await _refused(walled, _copy(table, **{owner: f"'{BEN}'"}))


async def test_nothing_of_an_account_stays_on_a_connection(walled: Database) -> None:
    """Neither after a commit, nor after a failure, nor after work for every account."""

    async def look(connection: Any) -> Any:
        asked = "SELECT pg_backend_pid(), coalesce(current_setting('pipewise.account', true), ''), current_user"
        return (await connection.execute(text(asked))).one()

    with acting_for(ANA):
        first = await walled.transact(look)
        with pytest.raises(DBAPIError):
            await _run(walled, "SELECT 1 / 0")
    with for_every_account(Purpose.LANES):
        system = await walled.ask(look)
    with scoped(Nobody()):
        last = await walled.transact(look)
    assert first[1] == ANA
    assert system[2].startswith("pipewise_system_")
    assert tuple(last) == (first[0], "", first[2])


async def test_an_account_that_is_no_id_is_nobody(walled: Database) -> None:
    for given in ("' OR true --", "a'b", "\\' OR", "ä"):
        with acting_for(given):
            assert await _run(walled, "SELECT 1 FROM leads") == 0
        with acting_for_owner(Key.LANE, given):
            assert await _run(walled, "SELECT 1 FROM leads") == 0


@pytest.mark.parametrize(
    ("key", "value"),
    # The rows of this test have their account's id, or its end, in every column.
    [(Key.TOKEN, ANA), (Key.INTEGRATION, ANA), (Key.LANE, ANA), (Key.CONSENT, ANA)],
)
async def test_a_key_tells_its_account_and_nothing_else(walled: Database, key: Key, value: str) -> None:
    with acting_for_owner(key, value):
        assert await _run(walled, "SELECT 1 FROM leads WHERE account_id = :ana", ana=ANA) == 1
        assert await _run(walled, "SELECT 1 FROM leads") == 1
    with acting_for_owner(key, "unknown"):
        assert await _run(walled, "SELECT 1 FROM leads") == 0


def test_functions_that_see_more_are_few_and_narrow(walled_url: str) -> None:
    """They belong to the system role, look for names where nobody else can put any, and answer with one value."""
    with as_login(walled_url) as connection:
        found = connection.execute(
            "SELECT p.proname, r.rolname LIKE 'pipewise_system_%' AND NOT r.rolsuper AND NOT r.rolbypassrls,"
            " p.proconfig = ARRAY['search_path=public, pg_temp'], p.proretset, format_type(p.prorettype, NULL),"
            " has_function_privilege('public', p.oid, 'EXECUTE')"
            " FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE p.prosecdef ORDER BY p.proname"
        ).fetchall()
    assert found == [
        ("account_of_consent", True, True, False, "text", False),
        ("account_of_cron", True, True, False, "text", False),
        ("account_of_email", True, True, False, "text", False),
        ("account_of_integration", True, True, False, "text", False),
        ("account_of_lane", True, True, False, "text", False),
        ("account_of_session", True, True, False, "text", False),
        ("account_of_token", True, True, False, "text", False),
        ("email_is_taken", True, True, False, "boolean", False),
        ("newest_usage", True, True, False, "bigint", False),
    ]


async def test_the_system_role_has_the_rights_that_are_written_down(walled: Database, walled_url: str) -> None:
    with as_login(walled_url) as connection:
        found = connection.execute(
            "SELECT c.relname FROM pg_class c, pg_roles r WHERE r.rolname LIKE 'pipewise_system_%' AND c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'procrastinate_%'"
            " AND (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE')"
            " OR has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE, REFERENCES, TRIGGER'))"
        ).fetchall()
    touched = {name for (name,) in found}
    assert touched <= set(SYSTEM_RIGHTS) | set(SHARED_TABLES)
    assert touched >= set(SYSTEM_RIGHTS) - set(CHECKPOINT_TABLES)
    with for_every_account(Purpose.COMMAND_LINE):
        assert await _run(walled, "SELECT 1 FROM lanes") == 2
        await _refused(walled, "SELECT text FROM messages")
        await _refused(walled, "SELECT email FROM leads")
        await _refused(walled, "UPDATE accounts SET paused = true")


async def test_a_transaction_goes_over_to_another_account(walled: Database) -> None:
    async def look(connection: Any) -> Any:
        await act_within(connection, BEN)
        return (await connection.execute(text("SELECT account_id FROM leads"))).scalars().all()

    with acting_for(ANA):
        assert await walled.transact(look) == [BEN]
        assert await _run(walled, "SELECT 1 FROM leads WHERE account_id = :ana", ana=ANA) == 1


# Where the product works for every account at once. A new place is a decision: enter it here with its purpose.
EVERY_ACCOUNT = {
    "api/routes/health.py": {"METRICS"},
    "api/webhook_directory.py": {"SHARED_CALLBACK"},
    "graph/cron_runs.py": {"CRONS"},
    "graph/replay.py": {"COMMAND_LINE"},
    "graph/run_work.py": {"THREAD_RUNS"},
    "graph/service.py": {"EMBEDDING"},
    "graph/studio_checkpoints.py": {"DEV_SERVER"},
    "graph/thread_runs.py": {"THREAD_RUNS"},
    "pipewise/administration.py": {"COMMAND_LINE"},
    "pipewise/audit_anchors.py": {"UPKEEP"},
    "pipewise/doctor_database.py": {"COMMAND_LINE"},
    "pipewise/engine/postgres.py": {"LANES"},
    "pipewise/health_monitor.py": {"UPKEEP"},
    "pipewise/key_rotation.py": {"KEY_ROTATION"},
    "pipewise/lead_desk.py": {"DEV_SERVER"},
    "pipewise/lease_keeper.py": {"LANES"},
    "pipewise/oauth/renewal.py": {"UPKEEP"},
    "pipewise/oauth/schedule.py": {"UPKEEP"},
    "pipewise/people.py": {"UPKEEP"},
    "pipewise/polling.py": {"UPKEEP"},
    "pipewise/resources.py": {"START"},
    "pipewise/retention.py": {"UPKEEP"},
    "pipewise/rollup.py": {"UPKEEP"},
    "pipewise/worker.py": {"LANES"},
}


def test_every_place_that_works_for_all_accounts_is_named() -> None:
    found: dict[str, set[str]] = {}
    for folder in ("api", "graph", "nodes", "pipewise", "tools"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"for_every_account", "EveryAccount"}:
                    told = node.args[0]
                    name = told.attr if isinstance(told, ast.Attribute) else "?"
                    found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(name)
    del found["pipewise/storage/tenancy.py"]
    assert found == EVERY_ACCOUNT
    assert set.union(*found.values()) == set(Purpose.__members__)
