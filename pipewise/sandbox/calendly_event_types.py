"""The two event types every sandbox host offers: one that anybody can book, one with everything that can go wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

# Without a place or an answer from the invitee these kinds mean nothing ("Create event invitee", location).
KINDS_WITH_DETAIL = frozenset({"ask_invitee", "custom", "outbound_call", "physical"})
CONFERENCE_KINDS = frozenset({"google_conference", "zoom_conference", "microsoft_teams_conference"})


@dataclass(frozen=True)
class EventType:
    uuid: str
    name: str
    slug: str
    duration: int
    position: int
    color: str
    description: str
    locations: tuple[Json, ...]
    questions: tuple[Json, ...]
    increment: int = 30
    before_buffer: int = 0
    after_buffer: int = 0
    active: bool = True


def question(name: str, kind: str, position: int, *, required: bool, choices: list[str] | None = None) -> Json:
    return {
        "name": name,
        "type": kind,
        "position": position,
        "enabled": True,
        "required": required,
        "answer_choices": choices,
        "include_other": choices is not None,
    }


def default_event_types(new_uuid: Callable[[], str]) -> list[EventType]:
    discovery = EventType(
        uuid=new_uuid(),
        name="Discovery call",
        slug="discovery-call",
        duration=30,
        position=0,
        color="#0069ff",
        description="Half an hour to see whether we can help.",
        locations=({"kind": "google_conference"},),
        questions=(),
    )
    consultation = EventType(
        uuid=new_uuid(),
        name="On-site consultation",
        slug="on-site-consultation",
        duration=45,
        position=1,
        color="#17e885",
        description="For projects that need a longer look.",
        locations=(
            {"kind": "outbound_call"},
            {
                "kind": "physical",
                "location": "Rua do Cais 18, 2nd floor, Lisbon",
                "additional_info": "The bell says Harbourline",
            },
        ),
        questions=(
            question("What would you like to talk about?", "text", 0, required=True),
            question("Team size", "single_select", 1, required=False, choices=["1-10", "11-50", "51+"]),
            question("Phone Number", "phone_number", 2, required=False),
        ),
        after_buffer=15,
    )
    return [discovery, consultation]
