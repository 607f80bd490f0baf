"""What the demo plays: a lead asks for a demo, taps the second time on offer, gives an address, and has a meeting."""

import asyncio
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from pipewise.clock import Clock
from pipewise.demo_lead import Bubble, NoReply, Phone, find_start, read_free_times
from pipewise.sandbox.calendly_state import DEFAULT_TOKEN as CALENDLY_TOKEN

Json = dict[str, Any]

LEAD_NUMBER, LEAD_NAME, LEAD_EMAIL = "351910000123", "Marta Quintela", "marta.quintela@example.com"
FIRST_WORDS = "Hi! I'd like to schedule a demo"
PATH = ["new", "meeting_offered", "meeting_scheduled"]
MAX_ANSWERS = 3  # name and e-mail may be asked for one after the other
SETTLE_TRIES, SETTLE_SECONDS = 50, 0.1
WIDTH = 100
INDENT = " " * 22


class Timeline:
    """Prints each step with the seconds since the start."""

    def __init__(self, say: Callable[[str], None], clock: Clock) -> None:
        self._say = say
        self._clock = clock
        self._start = clock.monotonic()

    @property
    def seconds(self) -> float:
        return self._clock.monotonic() - self._start

    def step(self, who: str, what: str) -> None:
        first, *rest = [line for part in what.splitlines() for line in textwrap.wrap(part, WIDTH)] or [""]
        self._say(f"{self.seconds:6.2f} s  {who:<10}  {first}")
        for line in rest:
            self.note(line)

    def note(self, line: str) -> None:
        self._say(f"{INDENT}{line}")


@dataclass
class Story:
    """What happened, for the checks."""

    lead_id: str = ""
    label: str = ""
    start: datetime | None = None
    turns: int = 0
    told: set[str] = field(default_factory=set)
    statuses: list[str] = field(default_factory=lambda: ["new"])


async def play(api: httpx.AsyncClient, sandbox: httpx.AsyncClient, clock: Clock, timeline: Timeline) -> Story:
    """Raises NoReply where the conversation does not go on."""
    story, phone = Story(), Phone(sandbox, LEAD_NUMBER, LEAD_NAME)
    free = await read_free_times(sandbox, CALENDLY_TOKEN, clock.now())
    offer = await _turn(api, timeline, story, phone, FIRST_WORDS)
    if len(offer.choices) < 2:
        raise NoReply("The answer offers no two times to tap.")
    choice = offer.choices[1]
    story.label = choice["title"]
    lead = (await api.get(f"/api/leads/{story.lead_id}")).raise_for_status().json()
    story.start = find_start(story.label, free, ZoneInfo(lead["timezone"] or "UTC"))
    await _turn(api, timeline, story, phone, f"[taps] {story.label}", lambda: phone.tap(offer, choice))
    for answer in (f"{LEAD_NAME}, {LEAD_EMAIL}", LEAD_NAME, LEAD_EMAIL)[:MAX_ANSWERS]:
        if await read_bookings(sandbox):
            break
        await _turn(api, timeline, story, phone, answer)
    return story


async def _turn(
    api: httpx.AsyncClient,
    timeline: Timeline,
    story: Story,
    phone: Phone,
    words: str,
    act: Callable[[], Any] | None = None,
) -> Bubble:
    """The lead does one thing; the answer, and what PipeWise recorded of how it came about, are told."""
    timeline.step(LEAD_NAME.split(maxsplit=1)[0], words)
    await (act() if act else phone.write(words))
    story.turns += 1
    bubble = await phone.wait_for_reply()
    timeline.step("PipeWise", bubble.text)
    if bubble.choices:
        timeline.note("  ".join(f"[{choice['title']}]" for choice in bubble.choices))
    story.lead_id = story.lead_id or await _find_lead(api)
    await _tell_runs(api, timeline, story)
    await _tell_changes(api, timeline, story)
    return bubble


async def _find_lead(api: httpx.AsyncClient) -> str:
    items = (await api.get("/api/leads", params={"platform": "whatsapp"})).raise_for_status().json()["items"]
    if len(items) != 1:
        raise NoReply(f"One lead was expected, the API lists {len(items)}.")
    lead_id: str = items[0]["id"]
    return lead_id


async def _tell_runs(api: httpx.AsyncClient, timeline: Timeline, story: Story) -> None:
    for run in await read_runs(api, story):
        if run["id"] not in story.told:
            story.told.add(run["id"])
            timeline.note(describe_run(run))


async def read_runs(api: httpx.AsyncClient, story: Story) -> list[Json]:
    items: list[Json] = (await api.get(f"/api/leads/{story.lead_id}/runs")).raise_for_status().json()["items"]
    return items


def describe_run(run: Json) -> str:
    intent = run["intent"]
    confidence = f" {intent['confidence']:.2f}" if isinstance(intent.get("confidence"), int | float) else ""
    calls = ", ".join(call["tool"] for call in run["tool_calls"])
    parts = [
        f"intent {intent['label']}{confidence}",
        f"route {run['route']}",
        f"calls {calls}" if calls else "no calls",
    ]
    return f"↳ {' · '.join(parts)}"


async def _tell_changes(api: httpx.AsyncClient, timeline: Timeline, story: Story) -> None:
    """The status machine's steps, as the lead's own timeline records them."""
    query = {"limit": "500"}
    answer = await api.get(f"/api/leads/{story.lead_id}/timeline", params=query)
    for entry in answer.raise_for_status().json()["items"]:
        if entry["kind"] == "change" and entry["what"] == "status" and entry["id"] not in story.told:
            story.told.add(entry["id"])
            story.statuses.append(entry["after"])
            timeline.note(f"↳ status {entry['before']} → {entry['after']}: {entry['reason']} ({entry['actor']})")


async def read_bookings(sandbox: httpx.AsyncClient) -> list[Json]:
    """The vendor's own record of what was booked."""
    query = {"vendor": "calendly", "kind": "booking"}
    items = (await sandbox.get("/_sandbox/ledger", params=query)).raise_for_status().json()["items"]
    return [item["detail"] for item in items]


@dataclass(frozen=True)
class Check:
    ok: bool
    text: str

    def line(self) -> str:
        return f"{'ok' if self.ok else '!!'} {self.text}"


async def check_story(api: httpx.AsyncClient, sandbox: httpx.AsyncClient, story: Story) -> list[Check]:
    """Compared with what the vendors hold, not with what PipeWise says of itself."""
    bookings = await read_bookings(sandbox)
    starts = [datetime.fromisoformat(booking["start_time"]) for booking in bookings]
    lead = (await api.get(f"/api/leads/{story.lead_id}")).raise_for_status().json()
    meeting = lead["meeting"] or {}
    messages = await _settled_messages(api, story)
    sent = [message for message in messages if message["direction"] == "out"]
    shown = await Phone(sandbox, LEAD_NUMBER, LEAD_NAME).replies()
    booked = f"{starts[0]:%Y-%m-%d %H:%M} UTC" if starts else "nothing"
    return [
        Check(len(bookings) == 1, f"Calendly's ledger holds {len(bookings)} booking(s): {booked}"),
        Check(
            story.start is not None and starts == [story.start],
            f"the time on the button, {story.label!r}, is that time",
        ),
        Check(story.statuses == PATH, f"the lead went {' → '.join(story.statuses)}"),
        Check([b["email"] for b in bookings] == [LEAD_EMAIL], f"the invitation goes to {LEAD_EMAIL}"),
        Check(
            lead["status"] == "meeting_scheduled" and [_moment(meeting.get("start_time"))] == starts,
            f"the lead is {lead['status']}, with the same start",
        ),
        Check(
            len(sent) == len(shown) == story.turns,
            f"{story.turns} turns, {len(sent)} answers recorded, {len(shown)} on the phone",
        ),
    ]


async def _settled_messages(api: httpx.AsyncClient, story: Story) -> list[Json]:
    """The transcript once every answer has left, so that a second answer under way would be counted too."""
    for _ in range(SETTLE_TRIES):
        answer = await api.get(f"/api/leads/{story.lead_id}/messages")
        items: list[Json] = answer.raise_for_status().json()["items"]
        if not any(message["status"] in {"queued", "sending"} for message in items):
            return items
        await asyncio.sleep(SETTLE_SECONDS)
    raise NoReply("An answer is still waiting to be sent.")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
