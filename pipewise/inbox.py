"""The inbox: every item of a delivery accepted once, in one transaction with the lead it belongs to and its wake-up."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.clock import Clock
from pipewise.crash import CrashPoints
from pipewise.delivery_reports import apply_status
from pipewise.events import EventKind, InboundEvent, ParsedDelivery, RejectedItem
from pipewise.new_tasks import add_task
from pipewise.sealed_links import remove_acting, seal_acting
from pipewise.storage import events as rows
from pipewise.storage import integrations as integration_rows
from pipewise.storage import lanes, messages
from pipewise.storage import meetings as meeting_rows
from pipewise.storage.group_commit import GroupCommit
from pipewise.storage.integrations import Integration
from pipewise.storage.leads import find_by_identity, find_or_create, get_lead, identity_keys, learn_of
from pipewise.storage.statements import change, conditions, keys
from pipewise.storage.tables import leads
from pipewise.storage.tenancy import acting_for
from pipewise.storage.types import new_id
from pipewise.turns import NewTask
from pipewise.vault import Vault

KEY_LENGTH = 512
KNOWN_LEADS_ONLY = frozenset({EventKind.ECHO, EventKind.IDENTITY, EventKind.NOTICE})
ON_LEAD = KNOWN_LEADS_ONLY | {EventKind.MESSAGE, EventKind.FORM, EventKind.BOOKING}
UNMATCHED_STATUS = "no message of ours is known for this status yet"


@dataclass
class Accepted:
    """What became of a delivery, item by item, and which leads have work now."""

    accepted: int = 0
    duplicates: int = 0
    ignored: int = 0
    rejected: int = 0
    leads: list[str] = field(default_factory=list)
    lead_id: str | None = None
    created_lead: bool = False

    def add(self, other: "Accepted") -> None:
        """Count what became of one more item."""
        self.accepted += other.accepted
        self.duplicates += other.duplicates
        self.ignored += other.ignored
        self.rejected += other.rejected
        self.leads += other.leads
        self.lead_id = other.lead_id or self.lead_id
        self.created_lead = self.created_lead or other.created_lead

    def counts(self) -> dict[str, int]:
        return {
            "accepted": self.accepted,
            "duplicates": self.duplicates,
            "ignored": self.ignored,
            "rejected": self.rejected,
        }


class Inbox:
    """Accepts deliveries. `wake` is told of each lead with work, after the commit."""

    def __init__(
        self, commits: GroupCommit, vault: Vault, clock: Clock, crash: CrashPoints, wake: Callable[[str], None]
    ) -> None:
        self._commits = commits
        self._vault = vault
        self._clock = clock
        self._crash = crash
        self._wake = wake

    async def accept(
        self, account_id: str, integration: Integration | None, platform: str, delivery: ParsedDelivery
    ) -> Accepted:
        """Returns once every item is on disk. Raises what the database raised if nothing could be stored."""
        source = integration.id if integration else None
        origin = _Origin(account_id, source, platform, self._clock.now(), self._vault)
        is_one = len(delivery.events) == 1

        async def work(connection: AsyncConnection) -> Accepted:
            return await _store(connection, origin, integration, delivery, apart=not is_one)

        with acting_for(account_id):
            try:
                result: Accepted = await self._commits.run(work)
            except IntegrityError:
                # The lead was merged into another one at this very moment; now it is found there.
                result = await self._commits.run(work)
            except (SQLAlchemyError, ValueError) as error:
                if not (is_one and _is_of_the_item(error)):
                    raise
                is_one = False  # nothing of it stands; once more, so that its failure is kept
                result = await self._commits.run(work)
        self._crash.reach("after:inbox_commit")
        for lead_id in dict.fromkeys(result.leads):
            self._wake(lead_id)
        return result


async def _store(
    connection: AsyncConnection,
    origin: "_Origin",
    integration: Integration | None,
    delivery: ParsedDelivery,
    *,
    apart: bool,
) -> Accepted:
    """`apart`: an item that cannot be stored undoes itself alone, behind a savepoint of its own."""
    result = Accepted(ignored=delivery.ignored)
    for event in sorted(delivery.events, key=_turn_of):
        if _is_of_another_account(event, integration):
            result.ignored += 1
            continue
        try:
            async with connection.begin_nested() if apart else nullcontext():
                stored = await _store_event(connection, origin, event)
        except (SQLAlchemyError, ValueError) as error:
            if not (apart and _is_of_the_item(error)):
                raise
            # The item cannot be stored as it is; what can be said of it is kept for a person to look at.
            broken = RejectedItem(event.dedupe_key, f"could not be stored: {type(error).__name__}", None)
            stored = await _store_rejected(connection, origin, broken)
        result.add(stored)
    for item in delivery.rejected:
        result.add(await _store_rejected(connection, origin, item))
    if integration and (result.accepted or result.duplicates):
        await integration_rows.note_event(connection, integration, origin.now)
    return result


def _turn_of(event: InboundEvent) -> tuple[bool, str]:
    """Every delivery takes rows in one order, so that none waits for another in a ring: statuses first, as a sender's own
    transaction does, by message; then person by person. The items of each stay in theirs."""
    if event.kind is EventKind.STATUS:
        return False, str(event.content.get("vendor_id"))
    return True, min((one.external_id for one in event.sender.identities), default="") if event.sender else ""


def _is_of_another_account(event: InboundEvent, integration: Integration | None) -> bool:
    ours = integration.account_ref if integration else None
    return bool(ours and event.account_ref and event.account_ref != ours)


def _is_of_the_item(error: Exception) -> bool:
    """Whether this item would fail again however often it came. Any other trouble is the database's: then nothing of the
    delivery is acknowledged, and the vendor sends it again."""
    return isinstance(error, DataError if isinstance(error, DBAPIError) else ValueError | StatementError)


@dataclass(frozen=True)
class _Origin:
    account_id: str
    integration_id: str | None
    platform: str
    now: datetime
    vault: Vault


async def _store_event(connection: AsyncConnection, origin: _Origin, event: InboundEvent) -> Accepted:
    key = event.dedupe_key[:KEY_LENGTH]
    if await rows.is_known(connection, origin.account_id, origin.integration_id, key):
        return Accepted(duplicates=1)
    lead_id, created = await _lead_of(connection, origin, event)
    row = _row(origin, event, key, lead_id)
    if not await rows.insert_event(connection, row):
        return Accepted(duplicates=1)
    if event.kind is EventKind.STATUS:
        await _apply_status(connection, origin, row["id"], event)
    elif lead_id:
        await _note_inbound(connection, origin, row, event)
        await lanes.mark_due(connection, origin.account_id, lead_id, origin.now)
        return Accepted(accepted=1, leads=[lead_id], lead_id=lead_id, created_lead=created)
    else:
        await rows.mark_events(connection, origin.account_id, [row["id"]], "processed", now=origin.now)
    return Accepted(accepted=1)


async def _lead_of(connection: AsyncConnection, origin: _Origin, event: InboundEvent) -> tuple[str | None, bool]:
    if event.kind is EventKind.BOOKING:
        owner = await _owner_of_booking(connection, origin, event)
        if owner:
            if event.sender:
                await learn_of(connection, origin.account_id, owner, event.sender, origin.now)
            return owner, False
    if event.kind not in ON_LEAD or event.sender is None:
        return None, False
    if event.kind in KNOWN_LEADS_ONLY:
        return await find_by_identity(connection, origin.account_id, identity_keys(event.sender)), False
    return await find_or_create(connection, origin.account_id, event.sender, origin.now)


async def _owner_of_booking(connection: AsyncConnection, origin: "_Origin", event: InboundEvent) -> str | None:
    """By what links it to an earlier booking, or to a link of ours, before e-mail and phone are looked at."""
    content = event.content
    uris = [content.get(name) for name in ("invitee_uri", "old_invitee", "new_invitee")]
    key = (content.get("tracking") or {}).get("utm_content")
    return await meeting_rows.find_lead(connection, origin.account_id, [uri for uri in uris if uri], key)


def _row(origin: _Origin, event: InboundEvent, key: str, lead_id: str | None) -> dict[str, Any]:
    event_id = new_id()
    content, sealed = seal_acting(origin.vault, origin.account_id, event_id, event.content)
    return {
        "id": event_id,
        "account_id": origin.account_id,
        "integration_id": origin.integration_id,
        "lead_id": lead_id,
        "platform": origin.platform,
        "kind": event.kind,
        "dedupe_key": key,
        "ref": str(event.content.get("vendor_id") or "")[:KEY_LENGTH] or None
        if event.kind is EventKind.STATUS
        else None,
        "status": "accepted",
        "needs_turn": event.needs_turn and lead_id is not None,
        "content": content,
        "sealed": sealed,
        "sender": asdict(event.sender) if event.sender else None,
        "attempts": 0,
        "occurred_at": event.occurred_at or origin.now,
        "received_at": origin.now,
    }


async def _note_inbound(connection: AsyncConnection, origin: _Origin, row: dict[str, Any], event: InboundEvent) -> None:
    """Put what the lead wrote into the transcript at once, so that a person sees it before any answer exists."""
    if event.kind not in {EventKind.MESSAGE, EventKind.FORM}:
        return
    text = str(event.content.get("text") or event.content.get("message") or "")
    await messages.insert_message(
        connection,
        {
            "id": new_id(),
            "account_id": origin.account_id,
            "lead_id": row["lead_id"],
            "direction": "in",
            "platform": origin.platform,
            "author": "lead",
            "text": text or f"[{event.content.get('type', 'form')}]",
            "status": "received",
            "external_id": event.content.get("vendor_id") or row["dedupe_key"],
            "event_id": row["id"],
            "created_at": origin.now,
        },
    )
    if row["integration_id"]:
        await integration_rows.count(connection, origin.account_id, row["integration_id"], "messages_received")
    if event.content.get("consent") is True:
        await change(connection, leads, {"id": row["lead_id"], "account_id": origin.account_id}, {"consent": True})
    if event.kind is EventKind.MESSAGE and event.needs_turn:
        # The reply window counts from the lead's own message, and a late redelivery must not move it back. A reaction
        # or a message taken back is not known to open it.
        mine = keys({"id": row["lead_id"], "account_id": origin.account_id})
        await connection.execute(_INBOUND, {**mine, "at": row["occurred_at"]})


_INBOUND = (
    update(leads)
    .where(
        *conditions(leads, ("id", "account_id")),
        leads.c.last_inbound_at.is_(None) | (leads.c.last_inbound_at < bindparam("at")),
    )
    .values(last_inbound_at=bindparam("at"))
)


async def _apply_status(connection: AsyncConnection, origin: _Origin, event_id: str, event: InboundEvent) -> None:
    message = await apply_status(connection, origin.account_id, event.content, origin.now)
    if message is None:
        # It may come before the answer to our own send is recorded, which looks for it then.
        await rows.mark_events(
            connection, origin.account_id, [event_id], "ignored", now=origin.now, reason=UNMATCHED_STATUS
        )
        return
    await rows.mark_events(connection, origin.account_id, [event_id], "processed", now=origin.now)
    if event.content["status"] == "failed" and message.status == "failed":
        lead = await get_lead(connection, origin.account_id, message.lead_id)
        problem = (event.content.get("error") or {}).get("message") or "The vendor could not deliver it."
        task = NewTask("send_failed", "A message did not reach the lead", f"{problem} {message.text}")
        await add_task(connection, origin.account_id, lead, task, origin.now)


async def _store_rejected(connection: AsyncConnection, origin: _Origin, item: RejectedItem) -> Accepted:
    row = {
        "id": new_id(),
        "account_id": origin.account_id,
        "integration_id": origin.integration_id,
        "platform": origin.platform,
        "kind": EventKind.NOTICE,
        "dedupe_key": f"rejected:{item.dedupe_key}"[:KEY_LENGTH],
        "status": "dead_letter",
        "reason": item.reason,
        "needs_turn": False,
        "content": {"raw": remove_acting(item.raw)},
        "attempts": 0,
        "occurred_at": origin.now,
        "received_at": origin.now,
    }
    if await rows.insert_event(connection, row):
        return Accepted(rejected=1)
    return Accepted(duplicates=1)
