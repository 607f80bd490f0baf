"""Everything that is known of a lead, as JSON: what people see, and every row behind it. What is sealed stays sealed."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.lead_view import format_time, lead_as_dict
from pipewise.storage import lead_rows, leads, timeline

PAGE = 500
# Of these, the outside knows another name or shape.
_NAMES = {"lead_changes": "changes", "lead_merges": "merges"}
_INNER = frozenset({"lanes", "journal", "outbox"})


async def export_lead(connection: AsyncConnection, account_id: str, lead_id: str) -> dict[str, Any]:
    """Raises NotFound. Lists of every table that holds something of a lead: of a new one as well."""
    lead = await leads.get_lead(connection, account_id, lead_id)
    rows = await lead_rows.read_all(connection, account_id, lead_id)
    told = {_NAMES.get(name, name): found for name, found in rows.items() if name not in _INNER}
    return {
        "lead": {**lead_as_dict(lead), "facts": dict(lead.facts), "consent": lead.consent},
        **told,
        "sends": rows.get("outbox", []),
        "timeline": await _timeline(connection, account_id, lead_id),
    }


async def _timeline(connection: AsyncConnection, account_id: str, lead_id: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    position: timeline.Position | None = None
    while True:
        page = await timeline.list_timeline(connection, account_id, lead_id, limit=PAGE, position=position)
        told += [
            {"at": format_time(entry.at), "kind": entry.kind, "id": entry.id, **_as_json(entry.facts)} for entry in page
        ]
        if len(page) < PAGE:
            return told
        position = page[-1].position


def _as_json(facts: Any) -> dict[str, Any]:
    return lead_rows.as_json(facts)
