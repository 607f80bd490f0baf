"""Several wishes of one message: which steps take them in turn, and how what they say becomes one reply."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from graph.state import LeadState, Memory, Part
from pipewise.language.return_days import read_return_day
from pipewise.language.times import read_time_wish, wish_is_empty

WILLING = 0.5  # from this confidence on, a second wish of the turn counts
TOGETHER = frozenset({"lead_inquiry", "meeting_request", "meeting_change", "follow_up"})
"""What can be done beside something else; an opt-out and a wish for a person stand alone."""
SETTLED = frozenset({"booked", "preview", "uncertain", "change"})
"""Outcomes whose words ask nothing; all others wait for the lead and stand at the end."""
LONGEST_WISH = 300


def handled(state: LeadState, guesses: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The wishes that this turn acts on, in the order in which they were said. An opt-out and a wish for a person stand alone;
    to be written to later goes with a question and with a meeting that falls away, if a day was named, not with times to meet."""
    first = guesses[0]
    kept = [guess for guess in guesses if guess is first or guess["confidence"] >= WILLING]
    kept = [guess for guess in kept if guess["label"] in TOGETHER]
    if first["label"] not in TOGETHER or len(kept) < 2:
        return [first]
    labels = {guess["label"] for guess in kept}
    if "meeting_request" in labels or not _names_day(state):
        kept = [guess for guess in kept if guess["label"] != "follow_up"]
    return kept or [first]


def _names_day(state: LeadState) -> bool:
    zone = state["lead"]["timezone"] or "UTC"
    day = read_return_day(state["text"], now=datetime.fromisoformat(state["now"]), timezone=zone)
    return day is not None and day.named


def is_beside(state: LeadState) -> bool:
    """Whether other steps of this turn speak as well."""
    return len(state["routes"]) > 1


async def gather(state: LeadState) -> dict[str, Any]:
    """Keep what the last step wrote, and go on with the next wish; after the last one, all becomes one draft."""
    part = Part(text=state["draft"] or "", by=state["draft_by"], last=_waits(state))
    parts = [*state["parts"], part]
    if len(parts) < len(state["routes"]):
        return {"parts": parts, "route": state["routes"][len(parts)], "draft": None, "draft_by": "rules"}
    told = [one for one in sorted(parts, key=lambda one: one["last"]) if one["text"]]
    by = next((one["by"] for one in told if one["by"] not in {"rules", "offline"}), "rules")
    return {
        "parts": parts,
        "route": state["routes"][0],
        "draft": "\n\n".join(one["text"] for one in told) or None,
        "draft_by": by,
    }


def _waits(state: LeadState) -> bool:
    return state["route"] == "scheduler" and (state["outcome"] or {}).get("kind") not in SETTLED


def note_wish(state: LeadState) -> Memory | None:
    """The memory with a day or hour that was said while we asked something else first; None if nothing changes.

    A meeting may be what was meant although the turn went elsewhere; what was offered or booked uses the wish up.
    """
    known = state["memory"].get("wish")
    if (state["outcome"] or {}).get("kind") in {"offer", "link", "booked", "need"}:
        return _with_wish(state["memory"], None) if known else None
    meant = any("meeting_request" in (guess["label"], guess["runner_up"]) for guess in state["intents"])
    said = state["route"] == "clarify" or (state["route"] in {"qualifier", "converse"} and meant)
    if not said or wish_is_empty(_read(state["text"], state)):
        return None
    return _with_wish(state["memory"], {"text": state["text"][:LONGEST_WISH], "at": state["now"]})


def words_of_wish(state: LeadState) -> str:
    """What the lead says of when, with what it said before we asked back: "tomorrow" is only remembered on the same day."""
    known = state["memory"].get("wish")
    if not known or not wish_is_empty(_read(state["text"], state)):
        return state["text"]
    zone = ZoneInfo(state["lead"]["timezone"] or "UTC")
    said, now = (datetime.fromisoformat(moment).astimezone(zone) for moment in (known["at"], state["now"]))
    return f"{known['text']}\n{state['text']}" if said.date() == now.date() else state["text"]


def _read(text: str, state: LeadState) -> Any:
    zone = state["lead"]["timezone"] or "UTC"
    return read_time_wish(text, now=datetime.fromisoformat(state["now"]), timezone=zone)


def _with_wish(memory: Memory, wish: dict[str, str] | None) -> Memory:
    return Memory(**{**memory, "wish": wish})
