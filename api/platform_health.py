"""How every platform of an account is, and what a person should do about it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pipewise.connections import Connections
from pipewise.lead_view import format_time
from pipewise.platforms.registry import PLATFORMS
from pipewise.silence import find_silence
from pipewise.storage.integration_health import Look
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.oauth import TokenRow

_ACTIONS: Mapping[IntegrationStatus, str | None] = {
    IntegrationStatus.CONNECTED: None,
    IntegrationStatus.DEGRADED: "Nothing now: it is tried again by itself. If it lasts, test the connection.",
    IntegrationStatus.ERROR: "Test the connection and follow what the checks say.",
    IntegrationStatus.RECONNECT_REQUIRED: "Connect it again, or enter new credentials: the vendor does not accept the present ones.",
}
_CIRCUITS = ("closed", "half_open", "open")
LOOK_COUNTS = timedelta(minutes=2)  # what another process told of its circuit
TOKEN_WARNING = timedelta(days=7)

Stats = Mapping[str, Mapping[str, int]]


def describe_health(
    connections: Connections,
    account_id: str,
    found: Sequence[Integration],
    looks: Mapping[str, Look],
    stats: Stats,
    tokens: Mapping[str, TokenRow],
    now: datetime,
) -> dict[str, Any]:
    """By platform; of several integrations of one platform the one that needs most attention."""
    told = {}
    for name in PLATFORMS:
        mine = [_with_token(one, tokens.get(one.id)) for one in found if one.platform == name]
        own_circuit = connections.circuit(account_id, name).state
        told[name] = _describe(mine, own_circuit, looks, stats, now) if mine else _absent(name, own_circuit)
        counted = next(filter(None, map(connections.quota, mine)), None)
        if counted:  # by this process just now
            told[name]["quota"] = counted
    return told


def _with_token(integration: Integration, token: TokenRow | None) -> Integration:
    """What is known of its token beside the row: how long it lasts, and whether the vendor gives no new one."""
    if token is None:
        return integration
    ends = {"token_expires_at": format_time(token.expires_at)} if token.expires_at else {}
    state = {**integration.vendor_state, **ends, "refreshes_itself": not token.dead}
    status = IntegrationStatus.RECONNECT_REQUIRED if token.dead else integration.status
    return replace(integration, vendor_state=state, status=status)


def _absent(name: str, circuit: str) -> dict[str, Any]:
    return {
        "status": str(IntegrationStatus.DISCONNECTED),
        "last_event_at": None,
        "last_success_at": None,
        "last_error": None,
        "circuit": circuit,
        "token_expires_at": None,
        "quota": None,
        "action": f"Connect {PLATFORMS[name].title} to use it.",
    }


def _describe(
    mine: Sequence[Integration], own_circuit: str, looks: Mapping[str, Look], stats: Stats, now: datetime
) -> dict[str, Any]:
    silences = {one.id: find_silence(one, stats.get(one.id, {}), now) for one in mine}
    worst = max(mine, key=lambda one: (list(_ACTIONS).index(one.status), silences[one.id] is not None))
    circuit = max([own_circuit, *_told_circuits(mine, looks, now)], key=_CIRCUITS.index)
    look, status = looks.get(worst.id), worst.status
    action = (look.action if look else None) or _ACTIONS[status] if status is not IntegrationStatus.CONNECTED else None
    if status is IntegrationStatus.CONNECTED and (silences[worst.id] or circuit == "open"):
        status = IntegrationStatus.DEGRADED
        action = silences[worst.id] or _ACTIONS[status]
    return {
        "status": str(status),
        "last_event_at": _latest(one.last_event_at for one in mine),
        "last_success_at": _latest(one.last_success_at for one in mine),
        "last_error": dict(worst.last_error) if worst.last_error else None,
        "circuit": circuit,
        "token_expires_at": worst.vendor_state.get("token_expires_at"),
        "quota": (look.quota if look else None) or worst.vendor_state.get("quota"),
        "action": action or _token_action(worst, now),
    }


def _token_action(integration: Integration, now: datetime) -> str | None:
    told = integration.vendor_state.get("token_expires_at")
    if not told or integration.vendor_state.get("refreshes_itself"):
        return None
    ends = datetime.fromisoformat(str(told))
    if ends - now > TOKEN_WARNING:
        return None
    days = max(0, (ends - now).days)
    return f"The token ends in {days} days: connect anew before, or enter a new one."


def _told_circuits(mine: Sequence[Integration], looks: Mapping[str, Look], now: datetime) -> list[str]:
    found = [looks[one.id] for one in mine if one.id in looks]
    return [look.circuit for look in found if abs(now - look.looked_at) <= LOOK_COUNTS]


def _latest(moments: Any) -> str | None:
    return format_time(max(filter(None, moments), default=None))
