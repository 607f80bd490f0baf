"""Asking a vendor about an integration now, past its circuit; its status follows what was found."""

import asyncio
import time

from pipewise.errors import CredentialUnreadable
from pipewise.platforms.registry import get_platform
from pipewise.resources import Resources
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
    resources: Resources, integration: Integration, *, longest: float
) -> tuple[IntegrationStatus, tuple[Check, ...]]:
    """Asks, writes the status and one usage row. Failures become checks."""
    started = time.perf_counter()
    checks = await ask_vendor(resources, integration, longest=longest, past_circuit=True)
    elapsed = round((time.perf_counter() - started) * 1000)
    status = status_of(checks)
    await _record(resources, integration, status, checks, elapsed)
    return status, checks


async def ask_vendor(
    resources: Resources, integration: Integration, *, longest: float, past_circuit: bool
) -> tuple[Check, ...]:
    """What the vendor tells of the integration; a failure is a finding too."""
    try:
        async with asyncio.timeout(longest):
            return await _ask(resources, integration, past_circuit=past_circuit)
    except TimeoutError:
        return (_late(longest, integration),)
    except CredentialUnreadable as error:
        fix = "Enter the credentials again."
        return (Check("credentials", ok=False, detail=error.message, fix=fix, code=error.code),)


async def _ask(resources: Resources, integration: Integration, *, past_circuit: bool) -> tuple[Check, ...]:
    connections = resources.connections
    scheduling = connections.build_scheduling(integration, past_circuit=past_circuit)
    if scheduling:
        return await scheduling.client.check()
    if past_circuit:
        messenger = connections.messenger_past_circuit(integration)
    else:
        connection = connections.build_messaging(integration)
        messenger = connection.messenger if connection else None
    if messenger:
        return await messenger.check()
    detail = "This platform only receives: deliveries are known by their signature, and there is nobody to ask."
    return (Check("webhook", ok=True, detail=detail),)


def can_be_asked(integration: Integration) -> bool:
    platform = get_platform(integration.platform)
    return integration.credentials is not None and bool(platform.scheduler or platform.messenger)


def worst_of(checks: tuple[Check, ...]) -> Check | None:
    """The finding that keeps the integration from its work."""
    return next((check for check in checks if not check.ok and (check.code or check.name in _VITAL)), None)


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
    resources: Resources, integration: Integration, status: IntegrationStatus, checks: tuple[Check, ...], elapsed: int
) -> None:
    now = resources.clock.now()
    failed = worst_of(checks)
    async with resources.database.write() as connection:
        if status is IntegrationStatus.CONNECTED:
            await rows.note_success(connection, integration, now)
        elif failed:
            told = {"code": failed.code or failed.name, "message": failed.detail, "at": now.isoformat()}
            await rows.update_status(connection, integration, status, told, now)
        record = UsageRecord(integration.platform, "test", status is IntegrationStatus.CONNECTED, elapsed)
        await usage.add_usage(connection, integration.account_id, record, now)
