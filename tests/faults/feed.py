"""Leads who write: signed deliveries, repeated, doubled, batched and out of order, and a history of what was acknowledged."""

import asyncio
import json
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.wire import Client
from tests.faults.vendor import delivery, post

FIRST_NUMBER = 351_930_000_000
REPEAT_SECONDS = 0.05
REDELIVERED, SWAPPED, BATCHED = 0.10, 0.15, 0.10
# WhatsApp allows three messages to one person in a burst, and the product keeps to it.
MOST_PER_LEAD = 3
LETTERS = "bcdfghjklmnpqrstvwxz"
ASKS = ("Schedule a demo, please", "Can we meet this week?", "I would like to book a call")


@dataclass(frozen=True)
class Written:
    """One message of a lead. `at` is the vendor's time in whole seconds."""

    id: str
    lead: str
    text: str
    at: int


class Feed:
    """`acknowledged` holds what was answered with 200: the product may not lose any of it."""

    def __init__(self, history: Path, seed: int) -> None:
        self.acknowledged: list[Written] = []
        self.redelivered = 0
        self._history = history.open("a", buffering=1)
        self._rng = random.Random(seed)
        self._number = 0
        self._target: tuple[Client, str] | None = None

    def aim(self, port: int, webhook: str) -> None:
        self._target = Client(port), webhook

    def close(self) -> None:
        self._history.close()
        if self._target:
            self._target[0].close()

    def script(self, events: int, *, first: int = FIRST_NUMBER) -> list[list[Written]]:
        """Deliveries in the order they are made: leads mixed, some of a lead's messages swapped, some in one delivery."""
        leads: list[list[list[Written]]] = []
        while (left := events - sum(len(batch) for lead in leads for batch in lead)) > 0:
            messages = min(left, self._rng.randint(1, MOST_PER_LEAD))
            leads.append(self._conversation(str(first + len(leads)), messages))
        mixed: list[list[Written]] = []
        while leads:
            for lead in list(leads):
                if self._rng.random() < 0.5:
                    mixed.append(lead.pop(0))
                if not lead:
                    leads.remove(lead)
        return mixed

    def _conversation(self, lead: str, messages: int) -> list[list[Written]]:
        now = int(time.time()) - 60
        written = [self.write(lead, now + number) for number in range(messages)]
        if len(written) > 1 and self._rng.random() < SWAPPED:
            written[0], written[1] = written[1], written[0]
        if len(written) > 1 and self._rng.random() < BATCHED:
            return [written[:2], *([each] for each in written[2:])]
        return [[each] for each in written]

    def write(self, lead: str, at: int, text: str | None = None) -> Written:
        self._number += 1
        mark = "".join(self._rng.choice(LETTERS) for _ in range(6))
        return Written(f"wamid.in.{lead}.{self._number}", lead, text or f"{self._rng.choice(ASKS)} ({mark})", at)

    async def deliver(self, batch: list[Written]) -> None:
        """Until it is acknowledged, and some once more after that."""
        body = message_body(batch)
        await self._post(body)
        self.acknowledged += batch
        for written in batch:
            self._history.write(json.dumps(asdict(written)) + "\n")
        if self._rng.random() < REDELIVERED:
            self.redelivered += len(batch)
            await self._post(body)

    async def _post(self, body: bytes) -> None:
        assert self._target
        while await post(*self._target, body) != 200:  # noqa: ASYNC110  nothing tells when a killed service is back
            await asyncio.sleep(REPEAT_SECONDS)


def message_body(batch: list[Written]) -> bytes:
    """One delivery with these messages, as Meta would post it."""
    contacts = [{"profile": {"name": "Ana Silva"}, "wa_id": lead} for lead in dict.fromkeys(one.lead for one in batch)]
    messages = [
        {"from": one.lead, "id": one.id, "timestamp": str(one.at), "type": "text", "text": {"body": one.text}}
        for one in batch
    ]
    return delivery(contacts=contacts, messages=messages)
