"""Work with an installation's resources, open for the time of one command."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from pipewise.cli.output import note

if TYPE_CHECKING:
    from pipewise.resources import Resources

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415

Result = TypeVar("Result")


def with_resources(work: Callable[["Resources"], Awaitable[Result]]) -> Result:
    from pipewise.resources import open_resources
    from pipewise.settings import load_settings

    async def run() -> Result:
        async with open_resources(load_settings()) as resources:
            if resources.new_token:
                note(f"Token of the first user, shown once: {resources.new_token}")
            return await work(resources)

    return asyncio.run(run())
