"""Which free times are offered for a wish, and what the conversation remembers of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipewise.language.phrases import format_slot, format_timezone
from pipewise.language.times import TimeWish, rank_slots
from pipewise.scheduling import Slot

SLOTS_OFFERED = 3
SEARCH_DAYS = 14
WIDER_SEARCH_DAYS = 30


@dataclass
class Memory:
    """What the conversation knows of slots between turns: JSON, kept in the graph's state."""

    offered: list[dict[str, str]] = field(default_factory=list)  # {handle, start, raw_start, event_type}
    chosen: str | None = None
    awaiting: str | None = None

    def remember(self, slots: Sequence[Slot]) -> None:
        """These are on offer now, and no others."""
        self.offered = remembered(slots)
        self.chosen, self.awaiting = None, "slot_choice"

    def forget(self) -> None:
        self.offered, self.chosen, self.awaiting = [], None, None


def remembered(slots: Sequence[Slot]) -> list[dict[str, str]]:
    """Slots as the conversation knows them, numbered as the lead reads them."""
    return [
        {
            "handle": f"slot_{number}",
            "start": slot.start.isoformat(),
            "raw_start": slot.raw_start,
            "event_type": slot.event_type,
        }
        for number, slot in enumerate(slots, 1)
    ]


def choose_slots(slots: Sequence[Slot], wish: TimeWish, timezone: str) -> tuple[tuple[Slot, ...], bool]:
    """The slots to offer, and whether they are what was wished for. Where nothing is: the wished days at other hours, then
    the wished hours on other days, then anything that is free."""
    by_start = {slot.start: slot for slot in slots}
    any_hour = replace(wish, after=None, before=None, around=None)
    any_day = replace(wish, earliest=None, latest=None, weekdays=frozenset())
    for attempt in (wish, any_hour, any_day, TimeWish()):
        chosen = rank_slots(list(by_start), attempt, timezone=timezone, count=SLOTS_OFFERED)
        if chosen:
            return tuple(by_start[start] for start in chosen), attempt is wish
    return (), False


def nearest_slots(slots: Sequence[Slot], start: datetime) -> tuple[Slot, ...]:
    """The slots to offer in place of one that is taken: what was wished for is near it."""
    nearest = sorted(slots, key=lambda slot: (abs(slot.start - start), slot.start))[:SLOTS_OFFERED]
    return tuple(sorted(nearest, key=lambda slot: slot.start))


def search_end(wish: TimeWish, now: datetime, timezone: str) -> datetime:
    """How far to look: far enough for the wish, within what is worth offering."""
    end = now + timedelta(days=SEARCH_DAYS)
    if wish.latest is not None:
        end = max(end, datetime.combine(wish.latest, datetime.max.time(), ZoneInfo(timezone)))
    return min(end, now + timedelta(days=WIDER_SEARCH_DAYS))


def show_slots(slots: Sequence[Slot], *, language: str, timezone: str) -> dict[str, Any]:
    """Handles with the words that the lead reads."""
    return {
        "timezone": timezone,
        "timezone_label": format_timezone(timezone, slots[0].start),
        "slots": [
            {
                "handle": f"slot_{number}",
                "start": slot.start.isoformat(),
                "label": format_slot(slot.start, language=language, timezone=timezone),
            }
            for number, slot in enumerate(slots, 1)
        ],
    }


def show_time(start: datetime, *, language: str, timezone: str) -> dict[str, Any]:
    """One time with the words that the lead reads."""
    return {
        "start": start.isoformat(),
        "when": format_slot(start, language=language, timezone=timezone),
        "timezone": timezone,
        "timezone_label": format_timezone(timezone, start),
    }
