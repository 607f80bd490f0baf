"""The wall between accounts in PostgreSQL: every query names its account, and the database enforces that it does.

Connections take on a role that owns nothing and cannot bypass row-level security, whoever the URL logs in as. Each tenant's table
has a policy: its rows are those of the account that the transaction was begun for. What is meant for every account takes the
system role (pipewise/storage/tenancy.py says for what), whose rights are in pipewise/storage/row_rights.py.

All of it is derived from the tables that are there, anew after each upgrade: a new table with an `account_id` is behind the wall
without a word here.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.database_roles import ensure_roles
from pipewise.storage.row_rights import (
    ACCOUNT,
    APPEND_ONLY,
    EVERY,
    FUNCTIONS,
    OWN,
    OWN_ROWS,
    QUEUE_PREFIX,
    SHARED_TABLES,
    SYSTEM_RIGHTS,
)
from pipewise.storage.tenancy import ACCOUNT_SETTING, Roles

_GO_OVER = text(f"SELECT set_config('{ACCOUNT_SETTING}', :account, true)")
_NOTED = "SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = to_regclass('accounts') AND polname = '{}'"
_TABLES = """
    SELECT c.relname, EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
    ) AS has_account
    FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY c.relname
"""


@dataclass(frozen=True)
class _Table:
    name: str
    has_account: bool

    @property
    def rows(self) -> str | None:
        """What tells the account's rows; None of a table that is nobody's."""
        return OWN_ROWS.get(self.name) or (f"account_id = {ACCOUNT}" if self.has_account else None)


def newest() -> str:
    """Of this release's roles, policies, rights and functions."""
    told = (OWN_ROWS, SHARED_TABLES, SYSTEM_RIGHTS, FUNCTIONS, sorted(APPEND_ONLY), ACCOUNT)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def current(connection: Connection) -> str | None:
    """Of the database; None where there is no wall yet."""
    if connection.dialect.name != "postgresql":
        return None
    found: str | None = connection.scalar(text(_NOTED.format(OWN)))
    return found


def take_down(connection: Connection) -> None:
    """For an upgrade, in its own transaction: an owner that is no superuser has to see the rows that it changes."""
    if connection.dialect.name == "postgresql":
        for table in _list_tables(connection):
            if table.rows:
                connection.execute(text(f'ALTER TABLE "{table.name}" NO FORCE ROW LEVEL SECURITY'))


def put_up(connection: Connection) -> None:
    """Raises SettingsError where the login may not make the roles."""
    if connection.dialect.name != "postgresql":
        return
    roles = ensure_roles(connection)
    tables = _list_tables(connection)
    statements = [statement for table in tables for statement in _protect(table, roles)]
    # A function belongs to the system role, so it can do no more than that, whoever made it.
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    statements += [
        f'GRANT USAGE ON SCHEMA {schema} TO "{roles.app}", "{roles.system}"',
        f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO "{roles.app}", "{roles.system}"',
        f'GRANT CREATE ON SCHEMA {schema} TO "{roles.system}"',
        *(part for head, query in FUNCTIONS.items() for part in _function(head, query, str(schema), roles)),
        f'REVOKE CREATE ON SCHEMA {schema} FROM "{roles.system}"',
        f"COMMENT ON POLICY {OWN} ON accounts IS '{newest()}'",
    ]
    _run(connection, ";\n".join(statements))


def _protect(table: _Table, roles: Roles) -> list[str]:
    name, app, system = f'"{table.name}"', f'"{roles.app}"', f'"{roles.system}"'
    clean = f"REVOKE ALL ON {name} FROM {app}, {system}"
    if table.name.startswith(QUEUE_PREFIX):
        return [f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {app}, {system}"]
    if table.rows is None:
        rights = SHARED_TABLES.get(table.name)
        return [clean, f"GRANT {rights} ON {name} TO {app}, {system}"] if rights else []
    rights = "SELECT, INSERT" if table.name in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
    statements = [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {OWN} ON {name}",
        f"CREATE POLICY {OWN} ON {name} TO {app} USING ({table.rows}) WITH CHECK ({table.rows})",
        f"DROP POLICY IF EXISTS {EVERY} ON {name}",
        clean,
        f"GRANT {rights} ON {name} TO {app}",
    ]
    if table.name in SYSTEM_RIGHTS:
        statements += [
            f"CREATE POLICY {EVERY} ON {name} TO {system} USING (true) WITH CHECK (true)",
            f"GRANT {SYSTEM_RIGHTS[table.name]} ON {name} TO {system}",
        ]
    return statements


def _function(head: str, query: str, schema: str, roles: Roles) -> list[str]:
    called = head.partition(" RETURNS ")[0]
    how = f"LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp"
    return [
        f"DROP FUNCTION IF EXISTS {called}",
        f"CREATE FUNCTION {head} {how} AS $$ BEGIN RETURN ({query}); END $$",
        f'ALTER FUNCTION {called} OWNER TO "{roles.system}"',
        f"REVOKE ALL ON FUNCTION {called} FROM PUBLIC",
        f'GRANT EXECUTE ON FUNCTION {called} TO "{roles.app}", "{roles.system}"',
    ]


def _list_tables(connection: Connection) -> list[_Table]:
    return [_Table(row.relname, row.has_account) for row in connection.execute(text(_TABLES))]


def _run(connection: Connection, script: str) -> None:
    """Many statements at once: the driver itself does that."""
    driver: Any = connection.connection.driver_connection
    driver.execute(script.encode())


async def act_within(connection: AsyncConnection, account_id: str) -> None:
    """Go over to another account within a transaction that is one account's."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_GO_OVER, {"account": account_id})
