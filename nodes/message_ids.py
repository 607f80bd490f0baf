"""The ids under which messages of a turn are cited."""

from graph.state import EventInput, TurnInput
from pipewise.storage.types import derived_id


def message_id(turn: TurnInput, number: int, event: EventInput) -> str:
    """The id under which the transcript knows the message of an event."""
    return event.get("id") or derived_id(turn["run_id"], "in", number)
