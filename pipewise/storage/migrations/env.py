"""Runs revisions on the connection it is given; PipeWise opens connections, Alembic never does."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from pipewise.errors import SettingsError
from pipewise.storage import (  # noqa: F401  they add to the metadata
    tables_access,
    tables_oauth,
    tables_polls,
    tables_threads,
    tables_trust,
)
from pipewise.storage.tables import metadata
from pipewise.storage.types import UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our column types by their names: what they mean per database stays in one place."""
    if kind != "type" or not (isinstance(item, UtcDateTime) or "JSON" in type(item).__name__):
        return False
    autogen.imports.add("from pipewise.storage import types")
    return "types.UtcDateTime()" if isinstance(item, UtcDateTime) else "types.Json"


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """The queue's tables are Procrastinate's: see pipewise/storage/queue_schema.py."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def refuse_downgrade(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:  # noqa: ARG001  Alembic names them
    """Raised inside the transaction, which is then undone."""
    if not step.is_upgrade:
        raise SettingsError("A schema is never taken back: restore the backup that was made before the upgrade.")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_item,
    transactional_ddl=True,
    include_name=include_name,
    on_version_apply=refuse_downgrade,
)
context.run_migrations()
