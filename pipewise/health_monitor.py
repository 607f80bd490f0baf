"""Looks at every integration on a schedule: what was found stands in its status, a person is told once, and told when it is over.

The look goes through the account's circuit as any other call: while that is open nothing is asked, and the look that follows is
the probe that may close it.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.failing_calls import ACTION, CODE, FailingCalls, describe, is_failing
from pipewise.integration_checks import ask_vendor, can_be_asked, check_integration, status_of, worst_of
from pipewise.platforms.registry import get_platform
from pipewise.resources import Resources
from pipewise.scheduling import Check
from pipewise.silence import find_silence
from pipewise.storage import integration_health as rows
from pipewise.storage import integrations as integration_rows
from pipewise.storage import tasks
from pipewise.storage.accounts import first_admin
from pipewise.storage.booking_tries import quota_left
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.storage.types import new_id

log = logging.getLogger(__name__)
EVERY = timedelta(seconds=45)
LOOK_SECONDS = 10.0
ON_DEMAND_SECONDS = 20.0
PAUSE_SECONDS = 5.0
AT_ONCE = 8
SUCCESS_NOTED = timedelta(minutes=5)  # while nothing changes, a success is written down this often
NEEDS_A_PERSON = frozenset({IntegrationStatus.ERROR, IntegrationStatus.RECONNECT_REQUIRED})


@dataclass(frozen=True)
class Checked:
    integration: Integration
    status: IntegrationStatus
    checks: Sequence[Check]


async def check_all_integrations(resources: Resources, account_id: str | None = None) -> list[Checked]:
    """Every integration of an account, or of all, is asked now, also where its circuit is open."""
    with acting_for(account_id) if account_id else for_every_account(Purpose.UPKEEP):
        async with resources.database.read() as connection:
            account_ids = [account_id] if account_id else await integration_rows.list_accounts(connection)
            found = [
                integration
                for one in account_ids
                for integration in await integration_rows.list_integrations(connection, one)
            ]
    places = asyncio.Semaphore(AT_ONCE)

    async def check(integration: Integration) -> Checked:
        async with places:
            with acting_for(integration.account_id):
                status, checks = await check_integration(resources, integration, longest=ON_DEMAND_SECONDS)
            return Checked(integration, status, checks)

    return list(await asyncio.gather(*map(check, found)))


async def keep_looking(resources: Resources) -> None:
    """Until it is cancelled. Of several processes one looks; each notes how its own calls go."""
    calls = FailingCalls()
    while True:
        try:
            await calls.note(resources)
            await look_at_due(resources)
        except Exception:
            # A loop of the worker: a database that is away comes back.
            log.exception("integrations could not be looked at")
        await asyncio.sleep(min(resources.clock.recheck, PAUSE_SECONDS))


async def look_at_due(resources: Resources) -> int:
    """How many were asked."""
    now = resources.clock.now()
    with for_every_account(Purpose.UPKEEP):
        due = await resources.database.ask(lambda connection: rows.list_due(connection, now, EVERY, 10 * AT_ONCE))
        claimed = await resources.database.transact(lambda connection: _claim(connection, due, now)) if due else []
    mine = list(filter(can_be_asked, claimed))
    places = asyncio.Semaphore(AT_ONCE)

    async def look(integration: Integration) -> None:
        async with places:
            with acting_for(integration.account_id):
                await look_at(resources, integration)

    await asyncio.gather(*map(look, mine))
    return len(mine)


async def _claim(connection: AsyncConnection, due: list[Integration], now: datetime) -> list[Integration]:
    return [integration for integration in due if await rows.claim(connection, integration, now, EVERY)]


async def look_at(resources: Resources, integration: Integration) -> IntegrationStatus:
    """Asks, and writes what is new."""
    checks = await ask_vendor(resources, integration, longest=LOOK_SECONDS, past_circuit=False)
    status = status_of(checks)

    async def write(connection: AsyncConnection) -> None:
        await _write(connection, resources, integration.id, integration.account_id, status, checks)

    await resources.database.transact(write)
    return status


async def _write(
    connection: AsyncConnection,
    resources: Resources,
    integration_id: str,
    account_id: str,
    status: IntegrationStatus,
    checks: tuple[Check, ...],
) -> None:
    """Against what stands now: a person may have changed the integration during the look."""
    found = await integration_rows.list_integrations(connection, account_id)
    integration = next((one for one in found if one.id == integration_id), None)
    if integration is None or (integration.last_error or {}).get("stops_account"):
        return  # a stop that the vendor told ends when a person has looked
    now, worst = resources.clock.now(), worst_of(checks)
    look = await rows.read_look(connection, integration)
    if status is IntegrationStatus.CONNECTED:
        hidden = await _find_hidden(connection, integration, look, now)
        status, worst = (IntegrationStatus.DEGRADED, hidden) if hidden else (status, worst)
    if status is IntegrationStatus.CONNECTED:
        noted = integration.last_success_at
        if integration.status is not status or noted is None or not timedelta() <= now - noted < SUCCESS_NOTED:
            await integration_rows.note_success(connection, integration, now)
    elif worst:
        code = worst.code or worst.name
        if (integration.status, (integration.last_error or {}).get("code")) != (status, code):
            told = {"code": code, "message": worst.detail, "at": now.isoformat()}
            await integration_rows.update_status(connection, integration, status, told, now)
    values: dict[str, Any] = {
        "circuit": resources.connections.circuit(account_id, integration.platform).state,
        "quota": await _quota(resources, connection, integration, now),
        "action": worst.fix[:1000] if worst and worst.fix else None,
        "task_id": await _tell(connection, integration, status, worst, look.task_id if look else None, now),
    }
    await rows.note(connection, integration, values)


async def _quota(
    resources: Resources, connection: AsyncConnection, integration: Integration, now: datetime
) -> dict[str, Any] | None:
    """As the vendor told it; of a calendar, as all processes have counted it."""
    if get_platform(integration.platform).scheduler:
        return await quota_left(connection, integration.account_id, integration.id, now)
    return resources.connections.quota(integration)


async def _find_hidden(
    connection: AsyncConnection, integration: Integration, look: rows.Look | None, now: datetime
) -> Check | None:
    """What is wrong although the vendor tells a look that all is well."""
    if look and is_failing(look.failing, now):
        told = describe(look.failing or {}, now)
        return Check("calls", ok=False, detail=str(told["message"]), fix=ACTION, code=CODE)
    stats = await integration_rows.read_stats(connection, integration.account_id)
    quiet = find_silence(integration, stats.get(integration.id, {}), now)
    if quiet is None:
        return None
    return Check("events", ok=False, detail=quiet.partition(",")[0] + ".", fix=quiet, code="silent")


async def _tell(
    connection: AsyncConnection,
    integration: Integration,
    status: IntegrationStatus,
    worst: Check | None,
    task_id: str | None,
    now: datetime,
) -> str | None:
    """The task that tells a person; done by itself once the integration works again."""
    if status in NEEDS_A_PERSON and task_id is None and worst:
        admin = await first_admin(connection, integration.account_id)
        task_id = new_id()
        await tasks.insert_task(
            connection,
            {
                "id": task_id,
                "account_id": integration.account_id,
                "kind": "integration",
                "title": f"{integration.name} does not work: {worst.detail}",
                "detail": worst.fix,
                "owner": admin.email if admin else None,
                "status": "open",
                "created_at": now,
                "updated_at": now,
            },
        )
        return task_id
    if status is IntegrationStatus.CONNECTED and task_id:
        await tasks.close_task(connection, integration.account_id, task_id, now)
        return None
    return task_id
