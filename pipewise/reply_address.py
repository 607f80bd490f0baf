"""Where an answer to an event goes on its platform: to the person who wrote, or to the comment or post itself."""

from collections.abc import Mapping
from typing import Any

from pipewise.leads import Lead
from pipewise.platforms.base import MessagingLimits
from pipewise.public_items import item_address


def address_of(
    lead: Lead, platform: str, limits: MessagingLimits, event_key: str, sender: Mapping[str, Any] | None
) -> str | None:
    """On a platform with comments or posts the same person may have several ids there, and only the one that wrote this
    event is known to be reachable by an answer to it."""
    if limits.items is None:
        return lead.address(platform)
    identities = (sender or {}).get("identities", ())
    own = next((one["external_id"] for one in identities if one["platform"] == platform), None)
    return item_address(event_key) or own or lead.address(platform)
