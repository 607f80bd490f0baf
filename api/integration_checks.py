"""Asking a vendor about an integration now, past its circuit; its status follows what was found."""

import asyncio
import time

from api.dependencies import Services
from pipewise.errors import CredentialUnreadable
from pipewise.scheduling import Check
from pipewise.storage import integrations as rows
from pipewise.storage import usage
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.turns import UsageRecord

CONNECT_SECONDS = 5.0
TEST_SECONDS = 20.0
# Findings without an error of the vendor that keep the integration from its work.
_VITAL = frozenset({"number", "sending", "event_types"})


async def check_integration(
    services: Services, integration: Integration, *, longest: float
) -> tuple[IntegrationStatus, tuple[Check, ...]]:
    """Asks, writes the status and one usage row. Failures become checks."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(longest):
            checks = await _ask(services, integration)
    except TimeoutError:
        checks = (_late(longest, integration),)
    except CredentialUnreadable as error:
        checks = (
            Check("credentials", ok=False, detail=error.message, fix="Enter the credentials again.", code=error.code),
        )
    elapsed = round((time.perf_counter() - started) * 1000)
    status = status_of(checks)
    await _record(services, integration, status, checks, elapsed)
    return status, checks


async def _ask(services: Services, integration: Integration) -> tuple[Check, ...]:
    connections = services.resources.connections
    scheduling = connections.build_scheduling(integration, past_circuit=True)
    if scheduling:
        return await scheduling.client.check()
    messenger = connections.messenger_past_circuit(integration)
    if messenger:
        return await messenger.check()
    detail = "This platform only receives: deliveries are known by their signature, and there is nobody to ask."
    return (Check("webhook", ok=True, detail=detail),)


def status_of(checks: tuple[Check, ...]) -> IntegrationStatus:
    """The worst that was found counts."""
    codes = [check.code or "" for check in checks if not check.ok]
    if any(code.endswith(("auth_failed", "credential_unreadable")) for code in codes):
        return IntegrationStatus.RECONNECT_REQUIRED
    if any(code.endswith(("unavailable", "rate_limited")) for code in codes):
        return IntegrationStatus.DEGRADED
    if any(codes):
        return IntegrationStatus.ERROR
    if any(not check.ok and check.name in _VITAL for check in checks):
        return IntegrationStatus.DEGRADED
    return IntegrationStatus.CONNECTED


def _late(longest: float, integration: Integration) -> Check:
    detail = f"{integration.platform.capitalize()} did not answer within {longest:g} s."
    return Check(
        "access", ok=False, detail=detail, fix="Test again in a minute.", code=f"{integration.platform}_unavailable"
    )


async def _record(
    services: Services, integration: Integration, status: IntegrationStatus, checks: tuple[Check, ...], elapsed: int
) -> None:
    now = services.now()
    failed = next((check for check in checks if not check.ok and (check.code or check.name in _VITAL)), None)
    async with services.resources.database.write() as connection:
        if status is IntegrationStatus.CONNECTED:
            await rows.note_success(connection, integration, now)
        elif failed:
            told = {"code": failed.code or failed.name, "message": failed.detail, "at": now.isoformat()}
            await rows.update_status(connection, integration, status, told)
        record = UsageRecord(integration.platform, "test", status is IntegrationStatus.CONNECTED, elapsed)
        await usage.add_usage(connection, integration.account_id, record, now)
