"""The roles of a PostgreSQL database that its connections take on, whoever the URL logs in as."""

from typing import Any

from psycopg import AsyncConnection, sql
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from pipewise.errors import SettingsError
from pipewise.storage.row_rights import EVERY, OWN
from pipewise.storage.tenancy import Roles

_ROLES = """
    SELECT p.polname, r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
    WHERE p.polrelid = to_regclass('accounts')
"""


def names(connection: Connection) -> Roles:
    """Those that the database has, also one that was copied or renamed; else the names that it will have. Each database has
    its own, so that one installation's login cannot take on the role of another's on the same server."""
    found = {row.polname: row.rolname for row in connection.execute(text(_ROLES))}
    number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return Roles(found.get(OWN, f"pipewise_app_{number}"), found.get(EVERY, f"pipewise_system_{number}"))


def advice(connection: Connection, roles: Roles) -> str:
    """What somebody who may make roles has to do for a login that may not."""
    login = connection.scalar(text("SELECT quote_ident(session_user)"))
    return (
        f'as a superuser run CREATE ROLE "{roles.app}" NOLOGIN; CREATE ROLE "{roles.system}" NOLOGIN; '
        f'GRANT "{roles.app}", "{roles.system}" TO {login}; then run `pipewise migrate`'
    )


def may_make_roles(connection: Connection) -> bool:
    """Whether the login has the roles, or may make them."""
    roles = names(connection)
    may_make = connection.scalar(text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"))
    return bool(may_make) or all(_is_member(connection, role) for role in (roles.app, roles.system))


def ensure_roles(connection: Connection) -> Roles:
    roles = names(connection)
    try:
        with connection.begin_nested():
            for role in (roles.app, roles.system):
                _ensure_role(connection, role)
    except ProgrammingError as error:
        raise SettingsError(
            f"The login of PIPEWISE_DATABASE_URL may not make the roles of row-level security: {advice(connection, roles)}."
        ) from error
    return roles


def _ensure_role(connection: Connection, role: str) -> None:
    found = connection.execute(
        text("SELECT rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = :role"), {"role": role}
    ).first()
    if found is None:
        connection.execute(text(f'CREATE ROLE "{role}" NOLOGIN NOINHERIT'))
    elif found.bypasses:
        raise SettingsError(
            f'The role {role} could bypass row-level security: ALTER ROLE "{role}" NOSUPERUSER NOBYPASSRLS.'
        )
    if not _is_member(connection, role):
        connection.execute(text(f'GRANT "{role}" TO CURRENT_USER'))


def _is_member(connection: Connection, role: str) -> bool:
    """Also of what the role owns."""
    member = text("SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = :role")
    return bool(connection.scalar(member, {"role": role}))


async def take_role(connection: AsyncConnection[Any]) -> Roles:
    """For a connection of the application, whoever logged in: from now on it sees what the policies let through. Raises
    SettingsError where there are none."""
    found = await connection.execute(_ROLES.encode())
    by_policy: dict[str, str] = {}
    for row in await found.fetchall():
        policy, role = row.values() if isinstance(row, dict) else row
        by_policy[policy] = role
    if len(by_policy) < len((OWN, EVERY)):
        raise SettingsError("The database has no row-level security yet; run `pipewise migrate` first.")
    await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(by_policy[OWN])))
    return Roles(by_policy[OWN], by_policy[EVERY])
