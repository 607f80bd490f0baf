"""The switch board: faults that a person or a test turns on, matched against requests, bookings and deliveries."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field

from pipewise.clock import Clock

Vendor = Literal["calendly", "whatsapp", "instagram", "x", "model"]

STATUS_KINDS = frozenset({"http_400", "http_401", "http_403", "http_404", "http_429", "http_500", "http_503"})
REFUSAL_KINDS = frozenset({"insufficient_scope", "plan_required"})
TRANSPORT_KINDS = frozenset({"timeout", "reset", "garbage", "empty", "slow", "drop_after_accept"})
GATE_KINDS = STATUS_KINDS | REFUSAL_KINDS | TRANSPORT_KINDS
BOOKING_KINDS = frozenset({"already_filled"})
DELIVERY_KINDS = frozenset({"duplicate_delivery", "reorder"})
STATUS_FAILURE_KINDS = frozenset({"status_failed"})

Kind = Literal[
    "http_400",
    "http_401",
    "http_403",
    "http_404",
    "http_429",
    "http_500",
    "http_503",
    "insufficient_scope",
    "plan_required",
    "timeout",
    "reset",
    "garbage",
    "empty",
    "slow",
    "drop_after_accept",
    "already_filled",
    "duplicate_delivery",
    "reorder",
    "status_failed",
]


class FaultRequest(BaseModel):
    """One switch. `route` is a substring of `METHOD /path`, or of a webhook's label such as `invitee.created`."""

    model_config = {"extra": "forbid"}

    vendor: Vendor
    kind: Kind
    route: str | None = None
    times: int | None = Field(default=None, ge=1, description="how often it strikes; without it, until it is removed")
    after: float = Field(default=0, ge=0, le=86_400, description="seconds until it becomes active")
    retry_after: int | None = Field(default=None, ge=0)
    seconds: float | None = Field(default=None, ge=0, le=30, description="how long `timeout` and `slow` hold an answer")
    copies: int = Field(default=2, ge=2, le=10, description="deliveries made of one by `duplicate_delivery`")
    code: int = Field(default=131026, description="error code of `status_failed`")


@dataclass
class Fault:
    id: int
    request: FaultRequest
    active_from: float
    remaining: int | None
    struck: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, **self.request.model_dump(), "remaining": self.remaining, "struck": self.struck}


class FaultBoard:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: list[Fault] = []
        self._next_id = 1

    def add(self, request: FaultRequest) -> Fault:
        fault = Fault(self._next_id, request, self._clock.monotonic() + request.after, request.times)
        self._next_id += 1
        self._faults.append(fault)
        return fault

    def take(self, vendor: str, route: str, kinds: frozenset[str]) -> FaultRequest | None:
        """The oldest active fault that matches; it is used up once."""
        for fault in self._faults:
            if self._matches(fault, vendor, route, kinds):
                fault.struck += 1
                if fault.remaining is not None:
                    fault.remaining -= 1
                    self._faults = [kept for kept in self._faults if kept.remaining != 0]
                return fault.request
        return None

    def _matches(self, fault: Fault, vendor: str, route: str, kinds: frozenset[str]) -> bool:
        request = fault.request
        return (
            request.vendor == vendor
            and request.kind in kinds
            and (request.route is None or request.route in route)
            and self._clock.monotonic() >= fault.active_from
        )

    def entries(self) -> list[dict[str, Any]]:
        return [fault.as_json() for fault in self._faults]

    def remove(self, fault_id: int) -> bool:
        before = len(self._faults)
        self._faults = [fault for fault in self._faults if fault.id != fault_id]
        return len(self._faults) < before

    def clear(self) -> None:
        self._faults.clear()
