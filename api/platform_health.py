"""How every platform of an account is, and what a person should do about it."""

from collections.abc import Mapping
from typing import Any

from pipewise.connections import Connections
from pipewise.lead_view import format_time
from pipewise.platforms.registry import PLATFORMS
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.oauth import TokenRow

RECONNECT = "Connect it again: the vendor gives no new access token."
_ACTIONS: Mapping[IntegrationStatus, str | None] = {
    IntegrationStatus.CONNECTED: None,
    IntegrationStatus.DEGRADED: "Nothing now: it is tried again by itself. If it lasts, test the connection.",
    IntegrationStatus.ERROR: "Test the connection and follow what the checks say.",
    IntegrationStatus.RECONNECT_REQUIRED: "Enter new credentials: the vendor does not accept the present ones.",
}


def describe_health(
    connections: Connections, account_id: str, found: list[Integration], tokens: Mapping[str, TokenRow]
) -> dict[str, Any]:
    """By platform; of several integrations of one platform the one that needs most attention."""
    return {name: _describe(connections, account_id, name, found, tokens) for name in PLATFORMS}


def _describe(
    connections: Connections,
    account_id: str,
    name: str,
    found: list[Integration],
    tokens: Mapping[str, TokenRow],
) -> dict[str, Any]:
    mine = [integration for integration in found if integration.platform == name]
    if not mine:
        return {
            "status": str(IntegrationStatus.DISCONNECTED),
            "last_event_at": None,
            "last_success_at": None,
            "last_error": None,
            "circuit": connections.circuit(account_id, name).state,
            "token_expires_at": None,
            "quota": None,
            "action": f"Connect {PLATFORMS[name].title} to use it.",
        }
    worst = max(mine, key=lambda integration: list(_ACTIONS).index(integration.status))
    token = tokens.get(worst.id)
    return {
        "status": str(IntegrationStatus.RECONNECT_REQUIRED if token and token.dead else worst.status),
        "last_event_at": _latest(integration.last_event_at for integration in mine),
        "last_success_at": _latest(integration.last_success_at for integration in mine),
        "last_error": dict(worst.last_error) if worst.last_error else None,
        "circuit": connections.circuit(account_id, name).state,
        "token_expires_at": format_time(token.expires_at if token else None),
        "quota": connections.quota(account_id, name),
        "action": RECONNECT if token and token.dead else _ACTIONS[worst.status],
    }


def _latest(moments: Any) -> str | None:
    return format_time(max(filter(None, moments), default=None))
