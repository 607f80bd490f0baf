"""Procrastinate's schema: made whole where there is none, brought forward by its own scripts where there is an older one.

Procrastinate numbers its migration scripts and leaves it to its users to know which have run. That is noted as the comment of
its main table, in the same transaction.
"""

from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from pipewise.errors import SettingsError

_NOTED = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
_EXISTS = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")


def newest_script() -> str:
    """The last script that the installed Procrastinate ships."""
    return _scripts()[-1].stem


def current_script(connection: Connection) -> str | None:
    """The last script that the database has. None without Procrastinate's schema, an empty string if nothing is noted."""
    if connection.dialect.name != "postgresql" or not connection.scalar(_EXISTS):
        return None
    return str(connection.scalar(_NOTED) or "")


def upgrade(connection: Connection) -> bool:
    """True if something was changed."""
    current = current_script(connection)
    if current == newest_script():
        return False
    if current == "":
        raise SettingsError(
            "The database has tables of a Procrastinate that is not PipeWise's; give PipeWise its own database."
        )
    if current is None:
        _run(connection, SchemaManager.get_schema())
    else:
        for script in _scripts():
            if script.stem > current:
                _run(connection, script.read_text(encoding="utf-8"))
    _run(connection, f"COMMENT ON TABLE procrastinate_jobs IS '{newest_script()}'")
    return True


def _scripts() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _run(connection: Connection, script: str) -> None:
    """Many statements at once, in which a percent sign is one: the driver itself does that."""
    driver: Any = connection.connection.driver_connection
    driver.execute(script.encode())
