"""Leads who write: signed WhatsApp deliveries, one by one or at a fixed rate, and the moment each answer reached the vendor."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.credentials import WHATSAPP
from bench.wire import HOST, Client
from pipewise.platforms.meta import sign

# WhatsApp allows three messages to one person in a burst and the product keeps to it; then somebody else writes.
MESSAGES_PER_LEAD = 3
ANSWER_SECONDS = 120.0
OK = 200
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

    def __init__(self, numbers: Iterator[int], size: int, messages: int) -> None:
        self._numbers = numbers
        self._messages = messages
        self._places = [self._next() for _ in range(size)]

    def writer(self, place: int) -> str:
        number, left = self._places[place]
        self._places[place] = (number, left - 1) if left > 1 else self._next()
        return number

    def _next(self) -> tuple[str, int]:
        return str(next(self._numbers)), self._messages


class Load:
    """Writes to one server's webhook. `shift`: seconds by which the server's clock is ahead."""

    def __init__(self, port: int, path: str, feed: Feed) -> None:
        self.shift = 0.0
        self._client = Client(port)
        self.path = path
        self._feed = feed
        self._numbers = itertools.count(FIRST_NUMBER)
        self._messages = itertools.count()

    def close(self) -> None:
        self._client.close()

    def new_lead(self) -> str:
        return str(next(self._numbers))

    async def converse(
        self, leads: int, seconds: float, text: str, *, pause: float = 0.0, messages: int = MESSAGES_PER_LEAD
    ) -> Samples:
        """Each lead waits for its answer, then writes again, so many messages; then somebody else takes its place."""
        samples, started = Samples(), time.monotonic()
        crowd = Crowd(self._numbers, leads, messages)

        async def keep_writing(place: int) -> None:
            while time.monotonic() < started + seconds:
                await self.exchange(crowd.writer(place), text, samples)
                await asyncio.sleep(pause)

        await asyncio.gather(*(keep_writing(place) for place in range(leads)))
        samples.elapsed = time.monotonic() - started
        return samples

    async def write_at(self, rate: float, seconds: float, leads: int, text: str) -> Samples:
        """Whether or not there are answers. Latency counts from when the message was due, so a stall is not hidden."""
        crowd = Crowd(self._numbers, leads, MESSAGES_PER_LEAD)

        async def deliver(number: int, due: float, samples: Samples) -> None:
            await self._deliver(crowd.writer(number % leads), text, samples, due)

        return await _at_rate(rate, int(rate * seconds), deliver)

    async def arrive_at(self, rate: float, count: int, text: str) -> Samples:
        """One message each of so many leads, written when it is due; waits for every answer."""

        async def exchange(_number: int, due: float, samples: Samples) -> None:
            await self.exchange(self.new_lead(), text, samples, due)

        return await _at_rate(rate, count, exchange)

    async def exchange(self, lead: str, text: str, samples: Samples, since: float | None = None) -> None:
        """One message and its answer, measured from now or from when it was due."""
        answered = self._feed.expect(lead)
        started = time.monotonic() if since is None else since
        if not await self._deliver(lead, text, samples, started):
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                samples.end_to_end.append(await answered - started)
        except TimeoutError:
            samples.unanswered += 1

    def write(self, lead: str, text: str, *, seconds_ago: float = 0.0) -> bytes:
        """A new message, not delivered yet."""
        return message(lead, text, next(self._messages), time.time() + self.shift - seconds_ago)

    async def deliver(self, body: bytes) -> bool:
        """Whether the server took it; Meta would deliver again what was not taken."""
        try:
            status, _ = await self._client.request("POST", self.path, body, sign(body, WHATSAPP["app_secret"]))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            status = 0
        return status == OK

    async def _deliver(self, lead: str, text: str, samples: Samples, since: float) -> bool:
        if not await self.deliver(self.write(lead, text)):
            samples.refused += 1
            return False
        samples.ack.append(time.monotonic() - since)
        return True


async def _at_rate(rate: float, count: int, act: Callable[[int, float, Samples], Coroutine[Any, Any, None]]) -> Samples:
    samples, started = Samples(), time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.create_task(act(number, due, samples))
    samples.elapsed = time.monotonic() - started
    return samples


def message(lead: str, text: str, number: int, at: float) -> bytes:
    """A text message, as Meta delivers it. `at`: Unix seconds."""
    written = {
        "from": lead,
        "id": f"wamid.{lead}.{number}",
        "timestamp": str(int(at)),
        "type": "text",
        "text": {"body": text},
    }
    contacts = [{"profile": {"name": "Bench Lead"}, "wa_id": lead}]
    return _delivery({"contacts": contacts, "messages": [written]})


def statuses(sends: Iterable[dict[str, Any]]) -> bytes:
    """What Meta reports of messages that it took: the one proof for a sender that died before it got its answer."""
    found = [
        {
            "id": send["id"],
            "recipient_id": send["recipient"],
            "status": "sent",
            "timestamp": str(int(time.time())),
            "biz_opaque_callback_data": send["callback"],
        }
        for send in sends
    ]
    return _delivery({"statuses": found})


def _delivery(items: dict[str, Any]) -> bytes:
    metadata = {"display_phone_number": "351210000000", "phone_number_id": WHATSAPP["phone_number_id"]}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **items}
    changes = [{"field": "messages", "value": value}]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "9001", "changes": changes}]}).encode()
