"""The two doors to the database hold what they promise, also when the caller is cancelled half-way."""

import asyncio
import random
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.database import Database, SqlitePools, open_database
from pipewise.storage.sqlite import SOUND_VERSION, sqlite_version
from pipewise.storage.tables import accounts, integrations
from tests.fakes import NOON
from tests.integration.core.harness import Core


@pytest.fixture
async def sqlite(sqlite_ready: str) -> Database:
    return open_database(sqlite_ready)


async def store(database: Database, number: int, pause: float = 0.0) -> None:
    row = {"paused": False, "settings": {}, "created_at": NOON}
    async with database.write() as connection:
        await connection.execute(insert(accounts).values(id=f"{number}a", **row))
        await asyncio.sleep(pause)
        await connection.execute(insert(accounts).values(id=f"{number}b", **row))


async def stored(database: Database) -> set[str]:
    async with database.read() as connection:
        return set((await connection.execute(select(accounts.c.id))).scalars())


async def test_every_sqlite_connection_is_durable(sqlite: Database) -> None:
    pools = sqlite._pools
    assert isinstance(pools, SqlitePools)
    for threads in (pools.writer, pools.readers):
        held = [threads.engine.connect() for _ in range(threads.most)]
        for connection in held:
            names = ("journal_mode", "synchronous", "foreign_keys")
            assert [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names] == ["wal", 2, 1]
        for connection in held:
            connection.close()
    await sqlite.close()


async def test_rows_are_in_memory_before_the_event_loop_reads_them(sqlite: Database) -> None:
    """Else a slow disk would hold up every request: the statement's cursor has nothing left to fetch."""
    await store(sqlite, 1)
    async with sqlite.read() as connection:
        result = await connection.execute(select(accounts.c.id).order_by(accounts.c.id))
        cursor = result.cursor
        assert cursor is not None
        assert len(cursor._rows) == 2
        assert result.scalars().all() == ["1a", "1b"]
    await sqlite.close()


async def test_work_that_waits_for_nothing_else_is_one_transaction(database: Database) -> None:
    async def add(connection: AsyncConnection) -> int:
        row = {"paused": False, "settings": {}, "created_at": NOON}
        await connection.execute(insert(accounts).values(id="one", **row))
        async with connection.begin_nested():
            await connection.execute(insert(accounts).values(id="two", **row))
        return 2

    async def count(connection: AsyncConnection) -> int:
        return len((await connection.execute(select(accounts.c.id))).all())

    async def fail(connection: AsyncConnection) -> None:
        await add(connection)

    assert await database.transact(add) == 2
    assert await database.ask(count) == 2
    with pytest.raises(IntegrityError):
        await database.transact(fail)
    assert await database.ask(count) == 2


def test_the_sqlite_in_use_cannot_corrupt_a_wal_file_with_two_writers() -> None:
    assert sqlite_version() >= SOUND_VERSION


async def test_writers_on_sqlite_begin_immediately_and_readers_do_not(sqlite: Database) -> None:
    """Else a reader that turns writer fails at once, however long it would be willing to wait."""
    async with sqlite.write() as writing:
        await writing.execute(insert(accounts).values(id="open", paused=False, settings={}, created_at=NOON))
        assert await stored(sqlite) == set()
    assert await stored(sqlite) == {"open"}
    await sqlite.close()


async def test_two_processes_that_read_and_then_write_wait_for_each_other(sqlite_ready: str) -> None:
    """A transaction that began as a reader would fail at once when it comes to write."""
    first, second = open_database(sqlite_ready), open_database(sqlite_ready)
    await store(first, 0)

    async def add_one(database: Database) -> None:
        async with database.write() as connection:
            count = (await connection.execute(select(func.count()).select_from(accounts))).scalar()
            await asyncio.sleep(0.001)
            await connection.execute(
                insert(accounts).values(id=f"n{count}", paused=False, settings={}, created_at=NOON)
            )

    await asyncio.gather(*(add_one(database) for database in (first, second) * 10))
    assert len(await stored(first)) == 22
    await first.close()
    await second.close()


async def test_postgresql_commits_are_durable(postgres_ready: str) -> None:
    database = open_database(postgres_ready)
    async with database.write() as connection:
        level = (await connection.execute(text("SHOW transaction_isolation"))).scalar()
        setting = await connection.execute(text("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"))
        # The throw-away server switches it off for speed; PipeWise itself leaves what the owner configured.
        assert setting.scalar() in {"command line", "default", "configuration file"}
    assert level == "read committed"
    await database.close()


async def test_a_failed_block_leaves_nothing(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.write() as connection:
            await connection.execute(insert(accounts).values(id="x", paused=False, settings={}, created_at=NOON))
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        await fail_half_way()
    assert await stored(database) == set()
    await store(database, 1)


async def test_a_cancelled_writer_leaves_no_transaction_open(database: Database) -> None:
    """Cancelled at any moment, once or twice: whole pairs or nothing, and the next writer is not held up."""
    chance = random.Random(11)
    for turn in range(40):
        tasks = [asyncio.create_task(store(database, turn * 10 + number)) for number in range(4)]
        tasks += [asyncio.create_task(_look(database)) for _ in range(2)]
        for _ in range(chance.randint(0, 8)):
            await asyncio.sleep(chance.choice([0, 0, 0.0003, 0.001]))
        for task in tasks:
            if chance.random() < 0.5:
                task.cancel()
        if turn % 2:
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert [result for result in results if isinstance(result, Exception)] == []
    found = await stored(database)
    assert {name[:-1] for name in found if name.endswith("a")} == {name[:-1] for name in found if name.endswith("b")}
    await asyncio.wait_for(store(database, 9999), 5)


async def _look(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(select(func.count()).select_from(accounts))


async def test_closing_waits_for_what_is_under_way(ready_url: str) -> None:
    database = open_database(ready_url)
    task = asyncio.create_task(store(database, 1, pause=0.1))
    await asyncio.sleep(0.02)
    await database.close()
    assert task.done()
    await task


async def test_times_keep_their_moment_and_order(database: Database) -> None:
    lisbon = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    for name, moment in (("b", lisbon), ("a", lisbon - timedelta(microseconds=1)), ("c", lisbon + timedelta(hours=1))):
        async with database.write() as connection:
            await connection.execute(insert(accounts).values(id=name, paused=False, settings={}, created_at=moment))
    async with database.read() as connection:
        statement = (
            select(accounts).where(accounts.c.created_at <= lisbon.astimezone(UTC)).order_by(accounts.c.created_at)
        )
        found = (await connection.execute(statement)).all()
    assert [row.id for row in found] == ["a", "b"]
    assert found[1].created_at == lisbon
    assert found[1].created_at.utcoffset() == timedelta(0)


async def test_naive_times_are_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        async with database.write() as connection:
            await connection.execute(
                insert(accounts).values(id="x", paused=False, settings={}, created_at=NOON.replace(tzinfo=None))
            )


async def test_json_comes_back_as_it_went_and_none_is_null(core: Core) -> None:
    value = {"text": "Olá 👋 \u202e", "nested": [1, 2.5, None, True], "": ""}
    async with core.database.write() as connection:
        await connection.execute(integrations.update().values(vendor_state=value, last_error=None))
    (row,) = await core.rows(integrations)
    assert row["vendor_state"] == value
    async with core.database.read() as connection:
        assert (await connection.execute(select(func.count()).where(integrations.c.last_error.is_(None)))).scalar() == 1


def test_every_update_of_a_tenants_rows_names_the_account() -> None:
    """A look at the source: `update(table)` and `delete(table)` are followed by the account, or say why not."""
    allowed = {
        "storage/lanes.py",  # release_all, bring_forward: the whole installation; the rest by its lease
        "storage/outbox.py",  # interrupt_sending: the whole installation, at a start
        "storage/accounts.py",  # users and tokens are found by what proves them
        "key_rotation.py",  # re-seals every row of the installation
        "storage/statements.py",  # builds what callers complete; they name the account
        "storage/integration_changes.py",  # forget_older: the same retention; the rest by account
        "storage/journal.py",  # forget_older: retention of the whole installation; the rest by account
        "storage/idempotency.py",  # forget_expired: the same retention; the rest by account
        "storage/sessions.py",  # forget_ended: the same retention; the rest by what proves them
        "backup_archive.py",  # a digest is updated, not a table
        "storage/oauth.py",  # put_consent: requests that have expired, whosever they are
        "storage/thread_runs.py",  # hold, adopt: those of this process, and of processes that are gone; the rest by `_one`
        "restore.py",  # an installation that stands still: what was being sent has an unknown end
    }
    root = Path(__file__).parents[3] / "pipewise"
    pattern = re.compile(r"\b(update|delete)\((?!self)[a-z_]+\)(?!.*ConflictUpdate)")
    silent = []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name in allowed or "migrations" in name or "sandbox" in name:
            continue
        source = path.read_text()
        for match in pattern.finditer(source):
            function = source.rfind("def ", 0, match.start())
            end = source.find("\nasync def ", match.end())
            body = source[function : end if end != -1 else len(source)]
            if "account_id" not in body and "*mine" not in body:
                silent.append(f"{name}: {match.group()}")
    assert silent == []
