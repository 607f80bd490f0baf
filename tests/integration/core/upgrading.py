"""Installations of former releases, and a release that does not exist yet: what upgrades are tried with."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from alembic.config import Config
from sqlalchemy import MetaData, inspect, select

from pipewise.storage import migrate
from pipewise.storage.database import open_plain_engine

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
RELEASED = ["0001"]
KEY = "golden-master-key-of-revision-0001"
NEXT = "9001"
STEPS = (1, 2, 3, 4, 5)
# Of the kinds that upgrades are made of: a column, data, a table that SQLite can only change by copying it, a new table.
NEXT_REVISION = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{head}"

def reach(step):
    if os.environ.get("KILL_AT") == str(step):
        os.kill(os.getpid(), signal.SIGKILL)

def upgrade():
    reach(1)
    op.add_column("leads", sa.Column("nickname", sa.String(50), nullable=True))
    reach(2)
    op.execute("UPDATE leads SET nickname = name")
    reach(3)
    with op.batch_alter_table("leads", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch:
        batch.alter_column("nickname", existing_type=sa.String(50), type_=sa.Text())
    reach(4)
    op.create_table("extras", sa.Column("id", sa.Integer, primary_key=True))
    reach(5)

def downgrade():
    op.drop_table("extras")
    op.drop_column("leads", "nickname")
"""
STARTER = """
import asyncio, sys
from pipewise.storage.sqlite import install_sound_sqlite
install_sound_sqlite()
from pathlib import Path
from pipewise.storage import migrate
from pipewise.storage.database import open_database
from tests.integration.core.upgrading import config_with

async def main(url, folder):
    if folder:
        migrate.alembic_config = lambda config=config_with(Path(folder)): config
    database = open_database(url)
    print(await migrate.ensure_schema(database))
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


def load_released(url: str, revision: str) -> None:
    """Make the database what the release left behind."""
    if url.startswith("postgresql"):
        script = (DATA / f"schema_{revision}.postgresql.sql").read_bytes()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(script)
        return
    engine = open_plain_engine(url)
    try:
        raw = engine.raw_connection()
        script = (DATA / f"schema_{revision}.sqlite.sql").read_text()
        # A dump writes tables one after the other, and rows may come before those they point at.
        raw.driver_connection.executescript(f"PRAGMA foreign_keys=OFF;\n{script}")  # type: ignore[union-attr]
        raw.close()
    finally:
        engine.dispose()


Held = Mapping[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]
"""By table: its columns, and its rows by primary key or, without one, by their looks."""


def read_all(url: str, like: Held | None = None) -> Held:
    """Everything in the database; with `like` only those tables and columns."""
    engine = open_plain_engine(url)
    try:
        with engine.connect() as connection:
            names = list(like or inspect(connection).get_table_names())
            found = MetaData()
            found.reflect(connection, only=names)
            held = {}
            for name in names:
                table = found.tables[name]
                columns = like[name][0] if like else tuple(sorted(table.c.keys()))
                rows = connection.execute(select(*(table.c[column] for column in columns))).all()
                held[name] = (columns, sorted((tuple(row) for row in rows), key=repr))
            return held
    finally:
        engine.dispose()


def make_next(folder: Path) -> Path:
    """A folder with the revision after the present head."""
    folder.mkdir(exist_ok=True)
    (folder / f"{NEXT}_next.py").write_text(NEXT_REVISION.format(head=migrate.head_revision()))
    return folder


def config_with(folder: Path) -> Config:
    """The package's own revisions and those of `folder`."""
    config = migrate.alembic_config()
    location = config.get_main_option("script_location")
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join([f"{location}/versions", str(folder)]))
    return config


def start(url: str, folder: Path | str = "", **more: str) -> subprocess.Popen[str]:
    """A process that brings the schema to head and says whether it had to."""
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, url, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
