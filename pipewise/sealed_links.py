"""URLs that act without a login, out of a vendor's event before it is stored, and back into it when it is applied."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipewise.storage.events import StoredEvent
from pipewise.vault import Place, Vault

ACTING = frozenset({"cancel_url", "reschedule_url"})
REMOVED = "[removed]"


def seal_acting(
    vault: Vault, account_id: str, event_id: str, content: Mapping[str, Any]
) -> tuple[dict[str, Any], bytes | None]:
    """The content without its acting URLs, and those under the event's own seal."""
    acting = {name: content[name] for name in ACTING if content.get(name)}
    if not acting:
        return dict(content), None
    plain = {name: value for name, value in content.items() if name not in ACTING}
    return plain, vault.seal(json.dumps(acting).encode(), _place(account_id, event_id))


def open_acting(vault: Vault, event: StoredEvent) -> StoredEvent:
    """The event with its acting URLs in its content."""
    if event.sealed is None:
        return event
    acting = json.loads(vault.open(event.sealed, _place(event.account_id, event.id)))
    return replace(event, content={**event.content, **acting}, sealed=None)


def remove_acting(document: Any) -> Any:
    """A document that could not be read, as far as it may be kept for a person."""
    if isinstance(document, dict):
        return {name: REMOVED if name in ACTING and value else remove_acting(value) for name, value in document.items()}
    return [remove_acting(item) for item in document] if isinstance(document, list) else document


def _place(account_id: str, event_id: str) -> Place:
    return Place("events", "sealed", account_id, event_id)
