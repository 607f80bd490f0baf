"""The doctor's look at the database: reachable, schema at head, master key fits. Nothing in it is changed."""

import secrets
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from pipewise.clock import Clock
from pipewise.doctor import Finding
from pipewise.errors import SettingsError
from pipewise.keys import KEY_FILE
from pipewise.knowledge_folders import FOLDER, files_of
from pipewise.settings import Settings
from pipewise.settings_document import read_settings
from pipewise.storage import key_checks
from pipewise.storage.database import Database, open_database
from pipewise.storage.migrate import current_schema, head_revision, head_schema, known_revisions, wall_needs
from pipewise.storage.tables import accounts
from pipewise.storage.tenancy import Purpose, for_every_account
from pipewise.vault import Vault


async def examine_database(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    shown = make_url(settings.sqlalchemy_url).render_as_string(hide_password=True)
    if _is_not_made_yet(settings):
        yield Finding("database", f"{shown} will be made at the first start")
        return
    database = open_database(settings.sqlalchemy_url)
    try:
        current, head = await current_schema(database), head_schema(database.dialect)
        yield Finding("database", f"{shown} answers")
        yield examine_schema(current.revision, head_revision(), known_revisions())
        if head.queue:
            yield examine_queue(current.queue, head.queue)
        if head.wall:
            yield await examine_wall(database, current.wall, head.wall)
        if (current.revision, current.wall) == (head.revision, head.wall):
            yield await examine_master_key(settings, database, clock)
            for name in await _knowledge_folders(database):
                yield examine_knowledge_folder(settings.data_dir, name)
    except SQLAlchemyError as error:
        reason = first_line(error)
        yield Finding("database", f"{shown} does not answer: {reason}", "start it, or correct PIPEWISE_DATABASE_URL")
    finally:
        await database.close()


def examine_schema(current: str | None, head: str, known: Collection[str]) -> Finding:
    if current == head:
        return Finding("schema", head)
    if current is not None and current not in known:
        newer = f"the database has schema {current}, which is newer than this PipeWise knows ({head})"
        return Finding("schema", newer, "install the newer release", unusable=True)
    return Finding("schema", f"{current or 'empty'}, this release needs {head}", "run `pipewise migrate`")


def examine_queue(current: str | None, head: str) -> Finding:
    if current == head:
        return Finding("schema of the queue", head)
    return Finding("schema of the queue", f"{current or 'empty'}, this release needs {head}", "run `pipewise migrate`")


async def examine_wall(database: Database, current: str | None, head: str) -> Finding:
    if current == head:
        return Finding("row-level security", "keeps the accounts apart, whoever the URL logs in as")
    stands = f"is that of another release ({current})" if current else "is not there yet"
    return Finding("row-level security", stands, await wall_needs(database))


async def examine_master_key(settings: Settings, database: Database, clock: Clock) -> Finding:
    configured = [key.get_secret_value() for key in settings.secret_keys]
    # Without any, a start would make one, which fits only where nothing is sealed yet.
    masters = configured or _read_key_file(settings.data_dir / KEY_FILE) or [secrets.token_urlsafe(32)]
    async with database.read() as connection:
        try:
            # It would note a new key; the connection is given back without a commit, so it does not.
            await key_checks.verify_key(connection, Vault(masters), clock.now())
        except SettingsError as error:
            return Finding("master key", error.message, "put the old key back, newest first")
    return Finding("master key", "fits the stored secrets")


async def _knowledge_folders(database: Database) -> list[str]:
    """That accounts answer from."""
    with for_every_account(Purpose.COMMAND_LINE):
        async with database.read() as connection:
            documents = (await connection.execute(select(accounts.c.settings))).scalars().all()
        named = {read_settings(document).knowledge_folder for document in documents}
    return sorted(name for name in named if name)


def examine_knowledge_folder(data_dir: Path, name: str) -> Finding:
    folder = data_dir / FOLDER / name
    files = len(files_of(folder)) if folder.is_dir() else 0
    fix = None if files else f"put Markdown files into {folder}, or every question is left to a person"
    return Finding(f"knowledge folder {name}", f"{files} files", fix)


def first_line(error: Exception) -> str:
    """The driver's own words, without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0] or type(cause).__name__


def _is_not_made_yet(settings: Settings) -> bool:
    return settings.is_embedded and not Path(settings.sqlalchemy_url.removeprefix("sqlite+aiosqlite:///")).exists()


def _read_key_file(path: Path) -> list[str]:
    return [path.read_text().strip()] if path.exists() else []
