"""What vendor calls tell about an integration: its status follows them, so that a person sees what to mend."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import AuthFailed, PlatformError
from pipewise.storage.integrations import Integration, IntegrationStatus, update_status


async def note_platform_error(
    connection: AsyncConnection, integration: Integration, error: PlatformError, now: datetime, *, stops: bool = False
) -> None:
    """Auth failures need a person, and so does an account that the vendor stopped; other failures of the vendor degrade.
    Refusals of one request say nothing."""
    if stops:
        status = IntegrationStatus.ERROR
    elif isinstance(error, AuthFailed):
        status = IntegrationStatus.RECONNECT_REQUIRED
    elif error.retryable or error.vendor_code == "circuit_open":
        status = IntegrationStatus.DEGRADED
    else:
        return
    told = {"code": error.code, "message": error.message, "at": now.isoformat(), "stops_account": stops}
    await update_status(connection, integration, status, told, now)
