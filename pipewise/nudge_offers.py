"""Times that a nudge repeats: asked of the calendar again at the moment it goes out, gone ones replaced by the nearest that are free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.errors import PlatformError
from pipewise.events import Choice, OutboundMessage, Template
from pipewise.follow_up_plan import FollowUpPolicy, Kind
from pipewise.language.phrases import say
from pipewise.scheduling import Slot
from pipewise.slot_offers import SEARCH_DAYS, remembered, show_slots
from pipewise.storage.follow_ups import FollowUp

NOTICE = timedelta(minutes=30)  # a lead needs a moment to read and answer


@dataclass(frozen=True)
class NudgeOffer:
    """Free a moment ago, in order of time."""

    slots: tuple[Slot, ...]

    @property
    def good_until(self) -> datetime:
        return self.slots[0].start

    def remembered(self) -> list[dict[str, str]]:
        """With the numbers under which the lead reads them."""
        return remembered(self.slots)


def repeats_offer(follow_up: FollowUp, policy: FollowUpPolicy) -> bool:
    """The last nudge says goodbye; the others repeat what was offered."""
    is_last = follow_up.step > 1 and follow_up.step >= len(policy.delays)
    return follow_up.kind is Kind.NUDGE and bool(follow_up.basis.get("offered")) and not is_last


async def refresh_offer(connections: Connections, clock: Clock, follow_up: FollowUp) -> NudgeOffer | None:
    """None where nothing was offered, or the calendar gives no answer: the nudge then does without times."""
    offered = follow_up.basis.get("offered") or ()
    if not offered:
        return None
    connection = await connections.scheduling(follow_up.account_id)
    if connection is None:
        return None
    wanted = [datetime.fromisoformat(one["start"]) for one in offered]
    now = clock.now()
    end = max(now + timedelta(days=SEARCH_DAYS), max(wanted) + timedelta(minutes=1))
    try:
        free = await connection.client.free_times(offered[0]["event_type"], now + NOTICE, end)
    except PlatformError:
        return None
    slots = still_free(wanted, free)
    return NudgeOffer(slots) if slots else None


def still_free(wanted: Sequence[datetime], free: Sequence[Slot]) -> tuple[Slot, ...]:
    """As many as were offered: those that are still free, and for each that is gone the nearest one."""
    left = {slot.start: slot for slot in free}
    kept = [left.pop(start) for start in wanted if start in left]
    for gone in (start for start in wanted if all(slot.start != start for slot in kept)):
        nearest = min(left, key=lambda start: (abs(start - gone), start), default=None)
        if nearest is not None:
            kept.append(left.pop(nearest))
    return tuple(sorted(kept, key=lambda slot: slot.start))


def offering(
    text: str, offer: NudgeOffer | None, template: Template | None, *, language: str, zone: str
) -> OutboundMessage:
    """The nudge's message, with the times in words and to be tapped. A template says what its owner wrote."""
    if offer is None or template:
        return OutboundMessage(text, template=template)
    shown: Mapping[str, Any] = show_slots(offer.slots, language=language, timezone=zone)
    lines = [say("nudge_times", language, timezone=shown["timezone_label"])]
    lines += [
        say("slot_label", language, number=str(number), when=slot["label"])
        for number, slot in enumerate(shown["slots"], 1)
    ]
    choices = tuple(Choice(slot["handle"], slot["label"], shown["timezone_label"]) for slot in shown["slots"])
    return OutboundMessage("\n".join([*lines, say("offer_hint", language)]), choices=choices)
