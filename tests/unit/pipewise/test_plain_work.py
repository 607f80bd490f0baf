"""Work for an asyncio connection, carried out on a plain one."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.storage.plain_work import carry_out


def test_work_runs_to_its_end_and_returns_what_it_returns() -> None:
    async def work(connection: AsyncConnection) -> Any:
        async with connection.begin_nested():
            return (await connection.execute(text("SELECT :n + 1"), {"n": 1})).scalar()

    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        assert carry_out(work, connection) == 2
    engine.dispose()


def test_what_it_raises_is_raised() -> None:
    async def work(connection: AsyncConnection) -> None:
        raise LookupError(connection.dialect.name)

    engine = create_engine("sqlite://")
    with engine.begin() as connection, pytest.raises(LookupError, match="sqlite"):
        carry_out(work, connection)
    engine.dispose()


def test_work_that_waits_for_anything_else_is_refused() -> None:
    async def work(_: AsyncConnection) -> None:
        await asyncio.sleep(0)

    engine = create_engine("sqlite://")
    with engine.begin() as connection, pytest.raises(RuntimeError, match="nothing but"):
        carry_out(work, connection)
    engine.dispose()
