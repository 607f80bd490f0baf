"""What the agents can do for an account now."""

from typing import Any

from pipewise.platforms.registry import PLATFORMS
from pipewise.resources import Resources
from pipewise.storage import integrations
from tools.scheduling import scheduling_tools


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
            "calendly": scheduling.origin if scheduling else "fallback",
            "mode": scheduling.settings.mode if scheduling else None,
            "tools": [tool.name for tool in scheduling_tools()],
        },
        "messaging": messaging,
    }
