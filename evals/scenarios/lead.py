"""A simulated lead: reads what is on the phone, and writes or taps what a person with this goal would."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evals.scenarios.phrases import speak
from evals.scenarios.script import BOOKING_GOALS, LANGUAGES, Goal, Scenario, Style, Trouble
from evals.scenarios.town import NUMBER_ID, Town
from pipewise.demo_lead import Bubble, read_bubble
from pipewise.language.phrases import say

Json = dict[str, Any]

ANSWER_SECONDS = 60.0
SILENCE_SECONDS = 1.5
POLL_SECONDS = 0.05
THINKING_SECONDS = (
    8.0  # on the clock of the town: how long a person takes, and what WhatsApp wants between two messages
)
IMPATIENCE = 20.0  # the town's seconds in one second of waiting where sends are refused, so that they are tried again
MOST_TURNS = 10
ASKS_EMAIL = re.compile(r"e-?mail|correo|ईमेल|بريد", re.IGNORECASE)
ASKS_NAME = re.compile(r"\bname\b|nombre|\bnome\b|\bnom\b|\bnamen?\b|नाम|اسم", re.IGNORECASE)
HOLDING = frozenset(say("holding", language) for language in LANGUAGES)
QUESTION = re.compile(r"[?؟]")


@dataclass
class Line:
    """One line of the transcript. `who` is lead or agent; `awaited` says whether the lead's line has to be answered."""

    who: str
    text: str
    at: datetime
    choices: list[str] = field(default_factory=list)
    awaited: bool = True


class SimulatedLead:
    def __init__(self, town: Town, scenario: Scenario) -> None:
        self._town = town
        self._scenario = scenario
        self._rng = scenario.rng()
        self._seen = 0
        self.transcript: list[Line] = []
        self.silences = 0
        self.chosen: str | None = None

    async def live(self) -> None:
        """From the first message to the last."""
        goal = self._scenario.goal
        if goal in BOOKING_GOALS:
            await self._book(goal)
            if goal is Goal.BOOK_THEN_THANK:
                await self._say("thanks")
        elif goal in {Goal.CANCEL, Goal.MOVE}:
            await self._book(Goal.BOOK)
            await self._say(goal.value)
        else:
            if self._rng.random() < 0.5:
                await self._say("hello")
            await self._say(goal.value)
        if goal in {Goal.OPT_OUT, Goal.HUMAN}:
            await self._say("thanks", awaited=False)
        await self._listen(SILENCE_SECONDS)

    async def _book(self, goal: Goal) -> None:
        bubble = await self._open(goal)
        declined = goal is not Goal.BOOK_OTHER_TIMES
        for _ in range(MOST_TURNS):
            if bubble is None or self.is_booked():
                return
            if bubble.choices and not declined:
                declined = True
                bubble = await self._say("other_times")
            elif bubble.choices:
                bubble = await self._choose(bubble)
            elif ASKS_EMAIL.search(bubble.text) and QUESTION.search(bubble.text):
                bubble = await self._say("email", email=self._scenario.email)
            elif ASKS_NAME.search(bubble.text) and QUESTION.search(bubble.text):
                bubble = await self._say("name", name=self._scenario.person)
            elif QUESTION.search(bubble.text):
                bubble = await self._say("yes")
            elif self.chosen or self.silences > 1:
                return
            else:
                bubble = await self._say("ask")

    def is_booked(self) -> bool:
        """The agent said a thing with our address in it after a choice: what a confirmation looks like in any language."""
        last = self.transcript[-1]
        return self.chosen is not None and last.who == "agent" and self._scenario.email in last.text

    async def _open(self, goal: Goal) -> Bubble | None:
        if self._scenario.style is Style.BURST:
            await self._write(speak(self._scenario.language, "hello", self._rng), awaited=False)
        elif goal is Goal.BOOK_AFTER_HELLO:
            await self._say("hello")
        if goal is Goal.BOOK_AFTER_PRICE:
            await self._say("price")
        wishes = {
            Goal.BOOK_FRIDAY_MORNING: "ask_friday_morning",
            Goal.BOOK_TOMORROW_AFTERNOON: "ask_tomorrow_afternoon",
        }
        return await self._say(wishes.get(goal, "ask"))

    async def _choose(self, bubble: Bubble) -> Bubble | None:
        choices = [choice for choice in bubble.choices if str(choice["id"]).startswith("slot")][:3]
        if not choices:
            return await self._say("yes")
        place = self._rng.randrange(len(choices))
        self.chosen = str(choices[place]["title"])
        if self._scenario.style is Style.WORD:
            return await self._say(f"pick_{place + 1}")
        reply = {name: choices[place][name] for name in ("id", "title", "description") if choices[place].get(name)}
        content = {"type": bubble.kind, bubble.kind: reply}
        message = {"context": {"id": bubble.id}, "type": "interactive", "interactive": content}
        await self._send({"message": message}, f"[taps {self.chosen}]", awaited=True)
        return await self._hear()

    async def _say(self, act: str, *, awaited: bool = True, **values: str) -> Bubble | None:
        await self._write(speak(self._scenario.language, act, self._rng, **values), awaited=awaited)
        return await self._hear() if awaited else None

    async def _write(self, text: str, *, awaited: bool) -> None:
        await self._send({"text": text}, text, awaited=awaited)

    async def _send(self, content: Json, shown: str, *, awaited: bool) -> None:
        self._town.pass_time(THINKING_SECONDS)
        self.transcript.append(Line("lead", shown, self._town.clock.now(), awaited=awaited))
        who = {"phone_number_id": NUMBER_ID, "from": self._scenario.phone, "name": self._scenario.person}
        (await self._town.vendors.post("/_sandbox/whatsapp/inbound", json={**who, **content})).raise_for_status()

    async def _hear(self) -> Bubble | None:
        """The next answer; None if there is none."""
        bubble = await self._listen(ANSWER_SECONDS)
        self.silences += bubble is None
        return bubble

    async def _listen(self, seconds: float) -> Bubble | None:
        """The last of what comes: the first within the time, and whatever stands beside it by then. That an answer is on its way
        is none."""
        heard: Bubble | None = None
        try:
            async with asyncio.timeout(seconds):
                while heard is None or heard.text in HOLDING:
                    for bubble in (await self._read())[self._seen :]:
                        self._seen += 1
                        heard = bubble
                        titles = [str(choice["title"]) for choice in bubble.choices]
                        self.transcript.append(Line("agent", bubble.text, self._town.clock.now(), titles))
                    await asyncio.sleep(POLL_SECONDS)
                    if self._scenario.trouble is Trouble.SEND_REFUSED:
                        self._town.pass_time(POLL_SECONDS * IMPATIENCE)
        except TimeoutError:
            return heard
        return heard

    async def _read(self) -> list[Bubble]:
        answer = await self._town.vendors.get(f"/_sandbox/whatsapp/conversations/{self._scenario.phone}")
        items = answer.raise_for_status().json()["items"]
        return [read_bubble(item) for item in items if item["direction"] == "outbound"]
