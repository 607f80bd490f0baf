"""Leads who write: signed WhatsApp deliveries, one by one or at a fixed rate, and the moment each answer reached the vendor."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.credentials import WHATSAPP
from bench.wire import HOST, Client
from pipewise.platforms.meta import sign

# WhatsApp allows three messages to one person in a burst and the product keeps to it; then somebody else writes.
MESSAGES_PER_LEAD = 3
ANSWER_SECONDS = 60.0
FIRST_NUMBER = 351_910_000_000


class Feed:
    """Resolves when the vendor has taken a message for a number."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[float]] = {}

    def expect(self, number: str) -> asyncio.Future[float]:
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        return future

    async def read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            number, at = line.decode().split()
            future = self._waiting.pop(number, None)
            if future and not future.done():
                future.set_result(float(at))  # CLOCK_MONOTONIC is one clock for every process of a machine


@asynccontextmanager
async def open_feed(port: int) -> AsyncIterator[Feed]:
    feed = Feed()
    reader, writer = await asyncio.open_connection(HOST, port)
    reading = asyncio.create_task(feed.read(reader))
    try:
        yield feed
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        writer.close()


@dataclass
class Samples:
    """Seconds. `end_to_end` is from the webhook's first byte to the message's arrival at the vendor."""

    ack: list[float] = field(default_factory=list)
    end_to_end: list[float] = field(default_factory=list)
    refused: int = 0
    unanswered: int = 0
    elapsed: float = 0.0


class Crowd:
    """Leads for a number of conversations at a time; each writes a few messages, then a new one takes the place."""

    def __init__(self, numbers: Iterator[int], size: int) -> None:
        self._numbers = numbers
        self._places = [self._next() for _ in range(size)]

    def writer(self, place: int) -> str:
        number, left = self._places[place]
        self._places[place] = (number, left - 1) if left > 1 else self._next()
        return number

    def _next(self) -> tuple[str, int]:
        return str(next(self._numbers)), MESSAGES_PER_LEAD


class Load:
    """Writes to one server's webhook."""

    def __init__(self, port: int, path: str, feed: Feed) -> None:
        self._client = Client(port)
        self._path = path
        self._feed = feed
        self._numbers = itertools.count(FIRST_NUMBER)
        self._messages = itertools.count()

    def close(self) -> None:
        self._client.close()

    async def converse(self, leads: int, seconds: float, text: str, *, pause: float = 0.0) -> Samples:
        """Each lead waits for its answer, then writes again."""
        samples, started = Samples(), time.monotonic()
        crowd = Crowd(self._numbers, leads)

        async def keep_writing(place: int) -> None:
            while time.monotonic() < started + seconds:
                await self._exchange(crowd.writer(place), text, samples)
                await asyncio.sleep(pause)

        await asyncio.gather(*(keep_writing(place) for place in range(leads)))
        samples.elapsed = time.monotonic() - started
        return samples

    async def write_at(self, rate: float, seconds: float, leads: int, text: str) -> Samples:
        """Whether or not there are answers. Latency counts from when the message was due, so a stall is not hidden."""
        samples, started = Samples(), time.monotonic()
        crowd = Crowd(self._numbers, leads)
        async with asyncio.TaskGroup() as tasks:
            for number in range(int(rate * seconds)):
                due = started + number / rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                tasks.create_task(self._deliver(crowd.writer(number % leads), text, samples, due))
        samples.elapsed = time.monotonic() - started
        return samples

    async def _exchange(self, lead: str, text: str, samples: Samples) -> None:
        answered = self._feed.expect(lead)
        started = time.monotonic()
        if not await self._deliver(lead, text, samples, started):
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                samples.end_to_end.append(await answered - started)
        except TimeoutError:
            samples.unanswered += 1

    async def _deliver(self, lead: str, text: str, samples: Samples, since: float) -> bool:
        body = message(lead, text, next(self._messages))
        try:
            status, _ = await self._client.request("POST", self._path, body, sign(body, WHATSAPP["app_secret"]))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            status = 0
        if status != 200:
            samples.refused += 1
            return False
        samples.ack.append(time.monotonic() - since)
        return True


def message(lead: str, text: str, number: int) -> bytes:
    """A text message, as Meta delivers it."""
    written = {
        "from": lead,
        "id": f"wamid.{lead}.{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "351210000000", "phone_number_id": WHATSAPP["phone_number_id"]},
        "contacts": [{"profile": {"name": "Bench Lead"}, "wa_id": lead}],
        "messages": [written],
    }
    changes = [{"field": "messages", "value": value}]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "9001", "changes": changes}]}).encode()
