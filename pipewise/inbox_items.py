"""The items of a delivery: in which order they are stored, whose they are, and whose fault it is that one cannot be."""

from sqlalchemy.exc import DataError, DBAPIError, StatementError

from pipewise.events import EventKind, InboundEvent
from pipewise.storage.integrations import Integration


def turn_of(event: InboundEvent) -> tuple[bool, str]:
    """Every delivery takes rows in one order, so that none waits for another in a ring: statuses first, as a sender's own
    transaction does, by message; then person by person. The items of each stay in theirs."""
    if event.kind is EventKind.STATUS:
        return False, str(event.content.get("vendor_id"))
    return True, min((one.external_id for one in event.sender.identities), default="") if event.sender else ""


def is_of_another_account(event: InboundEvent, integration: Integration | None) -> bool:
    ours = integration.account_ref if integration else None
    return bool(ours and event.account_ref and event.account_ref != ours)


def is_of_the_item(error: Exception) -> bool:
    """Whether this item would fail again however often it came. Any other trouble is the database's: then nothing of the
    delivery is acknowledged, and the vendor sends it again."""
    return isinstance(error, DataError if isinstance(error, DBAPIError) else ValueError | StatementError)
