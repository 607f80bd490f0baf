"""The lead of the demo: writes and taps on the sandbox's phone, and waits for what comes back."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from pipewise.errors import PipewiseError
from pipewise.sandbox.whatsapp_state import DEFAULT_NUMBER_ID

Json = dict[str, Any]

POLL_SECONDS = 0.05
REPLY_SECONDS = 20.0
SEARCH = timedelta(days=27)  # within one month, so that a day and a clock time mean one moment


class NoReply(PipewiseError):
    """PipeWise did not answer the lead in time, or not in a way that the script can go on from."""

    code = "no_reply"


@dataclass(frozen=True)
class Bubble:
    """An answer on the lead's phone. `choices` are what can be tapped: id and label, as buttons or rows of a list."""

    id: str
    text: str
    choices: tuple[Json, ...]
    kind: str


class Phone:
    """One lead's phone."""

    def __init__(self, http: httpx.AsyncClient, number: str, name: str) -> None:
        self._http = http
        self.number = number
        self.name = name
        self._seen = 0

    async def write(self, text: str) -> None:
        await self._send({"type": "text", "text": {"body": text}})

    async def tap(self, bubble: Bubble, choice: Json) -> None:
        """What WhatsApp sends when a button or a row is tapped (Cloud API webhooks, interactive replies)."""
        reply = {name: choice[name] for name in ("id", "title", "description") if choice.get(name)}
        content = {"type": bubble.kind, bubble.kind: reply}
        await self._send({"context": {"id": bubble.id}, "type": "interactive", "interactive": content})

    async def wait_for_reply(self) -> Bubble:
        """The next answer that was not waited for yet."""
        try:
            async with asyncio.timeout(REPLY_SECONDS):
                while True:
                    replies = await self.replies()
                    if len(replies) > self._seen:
                        self._seen += 1
                        return replies[self._seen - 1]
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError:
            raise NoReply(f"No answer reached the lead's phone within {REPLY_SECONDS:.0f} s.") from None

    async def replies(self) -> list[Bubble]:
        """Everything that came back so far."""
        answer = await self._http.get(f"/_sandbox/whatsapp/conversations/{self.number}")
        return [
            read_bubble(item) for item in answer.raise_for_status().json()["items"] if item["direction"] == "outbound"
        ]

    async def _send(self, message: Json) -> None:
        body = {"phone_number_id": DEFAULT_NUMBER_ID, "from": self.number, "name": self.name, "message": message}
        answer = await self._http.post("/_sandbox/whatsapp/inbound", json=body)
        if not answer.raise_for_status().json()["delivering"]:
            raise NoReply("The sandbox has no webhook to deliver the lead's message to.")


def read_bubble(item: Json) -> Bubble:
    if buttons := item.get("buttons"):
        return Bubble(item["id"], item["text"], tuple(buttons), "button_reply")
    sections = (item.get("list") or {}).get("sections", [])
    rows = tuple(row for section in sections for row in section.get("rows", []))
    return Bubble(item["id"], item["text"], rows, "list_reply")


def find_start(label: str, free: list[datetime], zone: ZoneInfo) -> datetime | None:
    """The one free time that an English label such as "Thu 26 Nov, 10:00" names in the zone; None if it names none or two."""
    named = [start for start in free if _names(label, start.astimezone(zone))]
    return named[0] if len(named) == 1 else None


def _names(label: str, local: datetime) -> bool:
    numbers = set(re.findall(r"\d+:\d\d|\d+", label))
    half_day = re.search(r"\d\s*(am|pm)\b", label, re.IGNORECASE)
    hour = f"{local:%I}" if half_day else f"{local:%H}"
    right_half = half_day is None or half_day[1].upper() == f"{local:%p}"
    clock = {f"{hour}:{local:%M}", f"{int(hour)}:{local:%M}"}
    return right_half and f"{local:%a}" in label and str(local.day) in numbers and bool(clock & numbers)


async def read_free_times(http: httpx.AsyncClient, token: str, now: datetime) -> list[datetime]:
    """What the sandbox's Calendly has free in the coming weeks, asked as any client would."""
    headers = {"Authorization": f"Bearer {token}"}
    user = (await http.get("/users/me", headers=headers)).raise_for_status().json()["resource"]["uri"]
    types = await http.get("/event_types", params={"user": user, "active": "true"}, headers=headers)
    span = {"start_time": _utc(now + timedelta(minutes=1)), "end_time": _utc(now + SEARCH)}
    free: set[datetime] = set()
    for event_type in types.raise_for_status().json()["collection"]:
        query = {"event_type": event_type["uri"], **span}
        times = await http.get("/event_type_available_times", params=query, headers=headers)
        free |= {datetime.fromisoformat(slot["start_time"]) for slot in times.raise_for_status().json()["collection"]}
    return sorted(free)


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
