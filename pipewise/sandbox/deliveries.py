"""Outgoing webhooks: queued, signed at each attempt, repeated with growing pauses until the receiver accepts."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from pipewise.clock import Clock
from pipewise.sandbox.faults import DELIVERY_KINDS, FaultBoard
from pipewise.sandbox.ledger import Ledger

MAX_ATTEMPTS = 20
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
REORDER_DELAY = 1.0
IDLE_LOOK = 0.2

Signer = Callable[[bytes], dict[str, str]]


@dataclass(eq=False)
class Delivery:
    """One webhook. `sign` makes the headers at each attempt; `accepts` judges the status; `done` hears each outcome."""

    vendor: str
    label: str
    url: str
    body: bytes
    sign: Signer
    accepts: Callable[[int], bool]
    done: Callable[["Delivery", bool], None] | None = None
    due: float = 0.0
    attempts: int = 0

    @property
    def exhausted(self) -> bool:
        return self.attempts >= MAX_ATTEMPTS


class Deliveries:
    def __init__(self, clock: Clock, ledger: Ledger, faults: FaultBoard, http: httpx.AsyncClient) -> None:
        self._clock = clock
        self._ledger = ledger
        self._faults = faults
        self.http = http
        self._queue: list[Delivery] = []
        self._wake = asyncio.Event()

    def add(self, delivery: Delivery, *, delay: float = 0.0, copies: int = 1) -> None:
        fault = self._faults.take(delivery.vendor, delivery.label, DELIVERY_KINDS)
        if fault and fault.kind == "reorder":
            delay += REORDER_DELAY
        if fault and fault.kind == "duplicate_delivery":
            copies = max(copies, fault.copies)
        if fault:
            self._ledger.record(delivery.vendor, "fault", kind=fault.kind, route=delivery.label)
        delivery.due = self._clock.monotonic() + delay
        self._queue += [delivery, *(self._copy(delivery) for _ in range(copies - 1))]
        self._wake.set()

    @staticmethod
    def _copy(delivery: Delivery) -> Delivery:
        return Delivery(
            delivery.vendor,
            delivery.label,
            delivery.url,
            delivery.body,
            delivery.sign,
            delivery.accepts,
            due=delivery.due,
        )

    @property
    def pending(self) -> int:
        return len(self._queue)

    def clear(self) -> None:
        self._queue.clear()

    async def run(self) -> None:
        """Send what is due, for ever; the app's lifespan cancels it together with the attempts under way."""
        async with asyncio.TaskGroup() as attempts:
            while True:
                self._wake.clear()
                for delivery in self._take_due():
                    attempts.create_task(self._attempt(delivery))
                # Not wait_for: on Python 3.11 it loses a cancellation that comes with the end of the wait.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pause()):
                        await self._wake.wait()

    async def settle(self) -> None:
        """Send everything that is due now and wait for the answers."""
        while due := self._take_due():
            await asyncio.gather(*(self._attempt(delivery) for delivery in due))

    def _take_due(self) -> list[Delivery]:
        now = self._clock.monotonic()
        due = sorted((item for item in self._queue if item.due <= now), key=lambda item: item.due)
        self._queue = [item for item in self._queue if item.due > now]
        return due

    def _pause(self) -> float:
        now = self._clock.monotonic()
        return min([IDLE_LOOK, *(max(item.due - now, 0.001) for item in self._queue)])

    async def _attempt(self, delivery: Delivery) -> None:
        delivery.attempts += 1
        status, problem = await self._post(delivery)
        accepted = status is not None and delivery.accepts(status)
        self._ledger.record(
            delivery.vendor,
            "webhook",
            label=delivery.label,
            url=delivery.url,
            attempt=delivery.attempts,
            status=status,
            accepted=accepted,
            problem=problem,
        )
        if delivery.done:
            delivery.done(delivery, accepted)
        if not accepted and not delivery.exhausted:
            pause = min(FIRST_PAUSE * 2 ** (delivery.attempts - 1), LONGEST_PAUSE)
            delivery.due = self._clock.monotonic() + pause
            self._queue.append(delivery)

    async def _post(self, delivery: Delivery) -> tuple[int | None, str | None]:
        headers = {"Content-Type": "application/json", **delivery.sign(delivery.body)}
        try:
            response = await self.http.post(delivery.url, content=delivery.body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return None, type(error).__name__
        return response.status_code, None
