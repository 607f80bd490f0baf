"""What a process sees of its own calls joins what looks at the vendor find: an account whose calls keep failing is degraded,
although the vendor tells a look that all is well."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.call_outcomes import SPAN, FailingShare
from pipewise.resources import Resources
from pipewise.storage import integration_health as rows
from pipewise.storage import integrations as integration_rows
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.tenancy import acting_for

COUNTS = timedelta(seconds=SPAN)  # a share that nobody has noted again is of a process that is gone
CODE = "calls_failing"
ACTION = (
    "Nothing now: what failed is tried again where that is safe. If it lasts, test the connection and look at the vendor's "
    "status page."
)


class FailingCalls:
    """Notes what begins and what is over; remembers what it noted."""

    def __init__(self) -> None:
        self._noted: set[tuple[str, str]] = set()

    async def note(self, resources: Resources) -> None:
        failing = resources.connections.failing()
        for key in sorted(failing.keys() | self._noted):
            with acting_for(key[0]):
                await self._write(resources, key, failing.get(key))
        self._noted = set(failing)

    @staticmethod
    async def _write(resources: Resources, key: tuple[str, str], share: FailingShare | None) -> None:
        account_id, platform = key
        now = resources.clock.now()
        told = {"failed": share.failed, "calls": share.calls, "at": now.isoformat()} if share else None

        async def work(connection: AsyncConnection) -> None:
            for one in await integration_rows.list_integrations(connection, account_id, platform):
                await rows.note_failing(connection, one, now, told)
                await _follow(connection, one, told, now)

        await resources.database.transact(work)


async def _follow(
    connection: AsyncConnection, integration: Integration, told: Mapping[str, Any] | None, now: datetime
) -> None:
    """Only what stands there for this reason is changed back: a look's own finding is the look's."""
    if told and integration.status is IntegrationStatus.CONNECTED:
        error = describe(told, now)
        await integration_rows.update_status(connection, integration, IntegrationStatus.DEGRADED, error, now)
    elif told is None and (integration.last_error or {}).get("code") == CODE:
        await integration_rows.update_status(connection, integration, IntegrationStatus.CONNECTED, None, now)


def is_failing(told: Mapping[str, Any] | None, now: datetime) -> bool:
    """Whether a share that was noted still counts."""
    return told is not None and abs(now - datetime.fromisoformat(str(told["at"]))) <= COUNTS


def describe(told: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    message = f"{told['failed']} of the last {told['calls']} calls failed within a minute."
    return {"code": CODE, "message": message, "at": now.isoformat()}
