"""What must hold whatever happened: over the history, the vendor's ledger and what the product says of itself.

Pure: `Observed` in, violations out. Each rule has a planted violation in `test_checker.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipewise.storage.types import derived_id

Json = dict[str, Any]

ARRIVED = frozenset({"sent", "delivered", "read"})
MAY_BE_TAKEN = ARRIVED | {"parked"}
UNRESTING = frozenset({"queued", "sending"})
ORDER_SLACK = 1.0


@dataclass(frozen=True)
class Acknowledged:
    """A message that the product answered with 200: its vendor id, its sender, the vendor's time."""

    id: str
    lead: str
    at: int


@dataclass
class LeadSeen:
    """One lead as the API shows it: transcript in order, and turns in order."""

    id: str
    messages: list[Json] = field(default_factory=list)
    runs: list[Json] = field(default_factory=list)


@dataclass
class Observed:
    """`taken` are the keys in the vendor's ledger, one for each time; `bookings` the keys of bookings taken."""

    acknowledged: list[Acknowledged]
    taken: list[str]
    events: list[Json]
    leads: list[LeadSeen]
    bookings: list[str] = field(default_factory=list)

    @property
    def outgoing(self) -> list[Json]:
        return [one for lead in self.leads for one in lead.messages if one["direction"] == "out"]

    @property
    def parked(self) -> list[Json]:
        return [one for one in self.outgoing if one["status"] == "parked"]

    def counts(self) -> Json:
        """For the report of a run."""
        statuses = Counter(one["status"] for one in self.outgoing)
        dead = sum(event["status"] == "dead_letter" for event in self.events)
        return {
            "acknowledged": len(self.acknowledged),
            "dead_letters": dead,
            "taken": len(self.taken),
            "taken_keys": len(set(self.taken)),
            "messages": dict(statuses),
            "bookings": len(self.bookings),
        }


def violations(seen: Observed, *, most_parked: float = 1.0, doubts: int = 0, replies: bool = True) -> list[str]:
    """Every breach, one sentence each. `most_parked` is a share of the messages that should have left, and `doubts` how many
    more may be parked; `replies` asks for an answer after each lead's last message."""
    found = [*_lost(seen), *_doubled(seen), *_states(seen), *_turns(seen), *_order(seen)]
    if replies:
        found += _unanswered(seen)
    parked, all_out = len(seen.parked), len(seen.outgoing)
    if parked > most_parked * max(all_out, 1) + doubts:
        found.append(f"{parked} of {all_out} messages are parked, more than {most_parked:.1%} and {doubts}")
    return found


def _lost(seen: Observed) -> Iterator[str]:
    stored = {event["external_id"]: event for event in seen.events}
    written = Counter(one["external_id"] for lead in seen.leads for one in lead.messages if one["direction"] == "in")
    for one in seen.acknowledged:
        event = stored.get(_key(one, stored))
        if event is None:
            yield f"lost: {one.id} of {one.lead} was acknowledged and is no event"
        elif event["status"] not in {"processed", "dead_letter"}:
            yield f"unfinished: {one.id} of {one.lead} is {event['status']}"
        if written[one.id] != 1:
            yield f"transcript: {one.id} of {one.lead} is there {written[one.id]} times"


def _key(one: Acknowledged, stored: dict[str, Json]) -> str:
    """The inbox's key is the vendor's id, with the kind before it."""
    return one.id if one.id in stored else f"message:{one.id}"


def _doubled(seen: Observed) -> Iterator[str]:
    for key, times in Counter(seen.taken).items():
        if times > 1:
            yield f"sent twice: {key} was taken {times} times"
    for key, times in Counter(seen.bookings).items():
        if times > 1:
            yield f"booked twice: {key} was booked {times} times"


def _states(seen: Observed) -> Iterator[str]:
    taken, ours = set(seen.taken), {one["id"] for one in seen.outgoing}
    for one in seen.outgoing:
        status = one["status"]
        if status in UNRESTING:
            yield f"unrest: {one['id']} is {status}"
        if status in ARRIVED and one["id"] not in taken:
            yield f"untrue: {one['id']} is {status} and was never taken"
        if one["id"] in taken and status not in MAY_BE_TAKEN:
            yield f"untold: {one['id']} was taken and is {status}"
    for key in taken - ours:
        yield f"unknown: {key} was taken and is in no transcript"


def _turns(seen: Observed) -> Iterator[str]:
    for lead in seen.leads:
        committed = [run for run in lead.runs if run["outcome"] == "committed"]
        intents = {derived_id(run["id"], 0) for run in committed}
        # A turn that takes long, as on a busy machine, says once that an answer is coming.
        intents |= {derived_id("holding", id_) for run in lead.runs for id_ in run["events"]}
        by_agent = [one["id"] for one in lead.messages if one["author"] == "agent"]
        for message_id, times in Counter(by_agent).items():
            if times > 1 or message_id not in intents:
                yield f"intent: {message_id} of lead {lead.id} is there {times} times, or of no committed turn"
        for event_id, times in Counter(id_ for run in committed for id_ in run["events"]).items():
            if times > 1:
                yield f"turns: event {event_id} of lead {lead.id} was answered in {times} turns"


def _order(seen: Observed) -> Iterator[str]:
    """An event may only come after a younger one that was answered before it arrived."""
    events = {event["id"]: event for event in seen.events}
    for lead in seen.leads:
        answered: list[tuple[str, datetime]] = []
        for run in sorted((run for run in lead.runs if run["outcome"] == "committed"), key=lambda r: r["started_at"]):
            mine = [events[id_] for id_ in run["events"] if id_ in events]
            moments = [event["occurred_at"] for event in mine]
            if moments != sorted(moments):
                yield f"order: the turn {run['id']} of lead {lead.id} took its events out of order"
            for event in mine:
                for younger, started in answered:
                    late = (started - _moment(event["received_at"])).total_seconds()
                    if event["occurred_at"] < younger and late > ORDER_SLACK:
                        yield f"order: event {event['id']} of lead {lead.id} waited while a younger one was answered"
            answered += [(moment, _moment(run["started_at"])) for moment in moments]


def _unanswered(seen: Observed) -> Iterator[str]:
    for lead in seen.leads:
        directions = [one["direction"] for one in lead.messages if one["status"] not in {"canceled", "expired"}]
        if directions and directions[-1] != "out":
            yield f"unanswered: lead {lead.id} wrote last"


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)
