"""A lead and its rules: who may answer, how the status moves, when free text may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipewise.errors import Conflict
from pipewise.events import Identity


class Status(StrEnum):
    NEW = "new"
    CONTACTED = "contacted"
    QUALIFYING = "qualifying"
    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"
    NURTURING = "nurturing"
    MEETING_OFFERED = "meeting_offered"
    MEETING_SCHEDULED = "meeting_scheduled"
    MEETING_HELD = "meeting_held"
    MEETING_CANCELED = "meeting_canceled"
    NO_SHOW = "no_show"
    HANDED_OFF = "handed_off"
    OPTED_OUT = "opted_out"
    LOST = "lost"


_FORWARD: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.CONTACTED}),
    Status.CONTACTED: frozenset({Status.QUALIFYING}),
    Status.QUALIFYING: frozenset({Status.QUALIFIED, Status.UNQUALIFIED}),
    Status.MEETING_SCHEDULED: frozenset({Status.MEETING_HELD, Status.NO_SHOW, Status.MEETING_CANCELED}),
}
_MAY_BE_OFFERED = frozenset(
    {
        Status.NEW,
        Status.CONTACTED,
        Status.QUALIFYING,
        Status.QUALIFIED,
        Status.UNQUALIFIED,
        Status.NURTURING,
        Status.HANDED_OFF,
        Status.MEETING_CANCELED,
        Status.NO_SHOW,
    }
)
_FROM_ANYWHERE = frozenset({Status.HANDED_OFF, Status.OPTED_OUT, Status.LOST})


def may_move(current: Status, target: Status, *, vendor_proof: bool = False) -> bool:
    """Whether the status machine allows the step. `vendor_proof`: the scheduling vendor itself said so."""
    if current == target:
        return False
    if target in _FROM_ANYWHERE:
        return True
    if target is Status.MEETING_SCHEDULED:
        return vendor_proof
    if current is Status.OPTED_OUT:
        return False
    if target in {Status.MEETING_OFFERED, Status.NURTURING}:
        return current in _MAY_BE_OFFERED or (current is Status.MEETING_OFFERED and target is Status.NURTURING)
    return target in _FORWARD.get(current, frozenset())


_QUALIFYING_PATH = (Status.NEW, Status.CONTACTED, Status.QUALIFYING)


def steps_to(current: Status, target: Status) -> tuple[Status, ...]:
    """The steps of an agent's turn from one status to another; none if the machine does not allow them."""
    if may_move(current, target):
        return (target,)
    if current not in _QUALIFYING_PATH or target not in _FORWARD[Status.QUALIFYING] | {Status.QUALIFYING}:
        return ()
    path = (*_QUALIFYING_PATH[:-1], target) if target is Status.QUALIFYING else (*_QUALIFYING_PATH, target)
    return path[path.index(current) + 1 :]


def require_move(current: Status, target: Status, *, vendor_proof: bool = False) -> None:
    if not may_move(current, target, vendor_proof=vendor_proof):
        raise Conflict(f"A lead cannot go from {current} to {target}.", code="status_not_allowed")


@dataclass(frozen=True)
class Meeting:
    """The lead's current or last meeting, as the vendor confirmed it."""

    id: str
    status: str
    start_time: datetime
    end_time: datetime | None
    timezone: str
    invitee: Mapping[str, Any]
    join_url: str | None
    title: str = ""


@dataclass(frozen=True)
class Lead:
    id: str
    account_id: str
    status: Status
    created_at: datetime
    updated_at: datetime
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    company: str | None = None
    status_before_opt_out: Status | None = None
    owner: str | None = None
    score: int | None = None
    qualified: bool | None = None
    timezone: str | None = None
    timezone_certain: bool = False
    language: str | None = None
    tags: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    agent: str = "active"
    opted_out: bool = False
    consent: bool = False
    ownership_version: int = 0
    checkpoint_id: str | None = None
    last_inbound_at: datetime | None = None
    last_outbound_at: datetime | None = None
    identities: tuple[Identity, ...] = ()
    meeting: Meeting | None = None

    def address(self, platform: str) -> str | None:
        """Where this lead is reached on a platform: a phone number before a scoped id."""
        found = [identity.external_id for identity in self.identities if identity.platform == platform]
        return min(found, key=lambda external_id: (not external_id.isdigit(), external_id)) if found else None
