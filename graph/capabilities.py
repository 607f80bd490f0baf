"""What the agents can do for an account now."""

from typing import Any

from pipewise.connections import SchedulingConnection
from pipewise.platforms.registry import PLATFORMS
from pipewise.resources import Resources
from pipewise.storage import integrations
from pipewise.storage.integrations import Integration, IntegrationStatus
from tools.scheduling import scheduling_tools


def is_refused(scheduling: SchedulingConnection, found: list[Integration]) -> bool:
    """The vendor does not accept its token: until a person connects it again, leads get the fallback."""
    own = scheduling.integration.id if scheduling.integration else None
    return any(one.id == own and one.status is IntegrationStatus.RECONNECT_REQUIRED for one in found)


async def describe_capabilities(resources: Resources, account_id: str) -> dict[str, Any]:
    """`calendly` is connected, default_token or fallback; messaging tells per platform whether it answers."""
    scheduling = await resources.connections.scheduling(account_id)
    async with resources.database.read() as connection:
        found = await integrations.list_integrations(connection, account_id)
    messaging = {
        name: {
            "connected": any(one.platform == name for one in found),
            "sends": platform.sends,
            "reply_mode": next((one.settings.get("reply_mode", "auto") for one in found if one.platform == name), None),
        }
        for name, platform in PLATFORMS.items()
        if not platform.schedules
    }
    return {
        "meeting_scheduler": {
            "calendly": scheduling.origin if scheduling and not is_refused(scheduling, found) else "fallback",
            "mode": scheduling.settings.mode if scheduling else None,
            "tools": [tool.name for tool in scheduling_tools()],
        },
        "messaging": messaging,
    }
