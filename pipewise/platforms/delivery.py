"""Builds a ParsedDelivery item by item, so that one unreadable item never costs its neighbours."""

from collections.abc import Callable
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import InboundEvent, ParsedDelivery, RejectedItem
from pipewise.platforms.fields import digest


class Delivery:
    """Collects what the items of one webhook body turned out to be."""

    def __init__(self) -> None:
        self._events: list[InboundEvent] = []
        self._rejected: list[RejectedItem] = []
        self._ignored = 0

    def read(self, raw: Any, reader: Callable[[Any], InboundEvent | None], account_ref: str | None = None) -> None:
        """Add what `reader` makes of an item: an event, None for an item that is not needed, MalformedPayload for a bad one."""
        try:
            event = reader(raw)
        except MalformedPayload as error:
            self.reject(raw, error.message, account_ref)
            return
        if event is None:
            self._ignored += 1
        else:
            self._events.append(event)

    def reject(self, raw: Any, reason: str, account_ref: str | None = None) -> None:
        self._rejected.append(RejectedItem(f"item:{digest(raw)}", reason, raw, account_ref))

    def ignore(self) -> None:
        self._ignored += 1

    def result(self) -> ParsedDelivery:
        return ParsedDelivery(tuple(self._events), tuple(self._rejected), self._ignored)
