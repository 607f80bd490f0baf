"""What people type into the API about a lead, read as the form platform reads it, so that one person stays one lead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipewise.errors import InvalidInput
from pipewise.events import InboundEvent
from pipewise.platforms.registry import get_platform

_PROBLEMS = {
    "email": "is not an e-mail address",
    "phone": "must be an international number, like +351 912 345 678",
}


def read_new_lead(given: Mapping[str, Any], now: datetime, *, where: str = "") -> InboundEvent:
    """The inbound event behind a lead that was entered. Raises InvalidInput for an address that cannot be used."""
    delivery = get_platform("form").webhook.parse(dict(given), now, {})
    event = delivery.events[0] if delivery.events else None
    sender = event.sender if event else None
    read = {"email": sender.email if sender else None, "phone": sender.phone if sender else None}
    problems = tuple(
        {"field": f"{where}{name}", "problem": problem}
        for name, problem in _PROBLEMS.items()
        if given.get(name) and read[name] is None
    )
    if problems or event is None:
        raise InvalidInput("The request is not complete or not valid.", details=problems)
    return event


def normalise_contact(given: Mapping[str, Any], now: datetime, *, where: str = "") -> dict[str, Any]:
    """`given` with its `email` and `phone`, where they are there, in the form by which leads are found."""
    normal = dict(given)
    typed = {name: given[name] for name in _PROBLEMS if given.get(name)}
    sender = read_new_lead(typed, now, where=where).sender if typed else None
    for name in _PROBLEMS:
        if name in given:
            normal[name] = getattr(sender, name) if sender and given[name] else None
    return normal
