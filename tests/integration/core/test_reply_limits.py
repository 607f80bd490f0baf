"""What a channel allows at the moment of sending: windows per platform, the longer one of people, comments and posts once."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from pipewise import outbox
from pipewise.connections import MessagingConnection
from pipewise.events import EventKind, Identity, InboundEvent, OutboundMessage, Sender
from pipewise.leads import Lead
from pipewise.platforms.instagram.client import InstagramMessenger
from pipewise.platforms.whatsapp.client import WhatsAppMessenger
from pipewise.platforms.x.client import XMessenger
from pipewise.reply_limits import ALREADY_ANSWERED, TOO_OLD, as_written_on, refuse_item
from pipewise.storage import accounts, leads, messages
from pipewise.storage import events as event_rows
from pipewise.storage import outbox as outbox_rows
from pipewise.storage.conflict import insert_unless_there
from pipewise.storage.database import Database, open_database
from pipewise.storage.integrations import Integration, IntegrationStatus
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.outbox import OutboxRow
from pipewise.storage.tables import integrations
from pipewise.storage.types import new_id
from tests.fakes import NOON

HOURS = timedelta(hours=1)
INTEGRATION = "00000000-0000-4000-8000-000000000001"


class Record:
    """One lead with a history on several platforms."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.account_id = ""
        self.lead_id = ""

    async def begin(self) -> None:
        async with self.database.write() as connection:
            user = await accounts.add_user(connection, "owner@shop.example", accounts.Role.ADMIN, NOON)
            sender = Sender((Identity("instagram", "1"), Identity("whatsapp", "2")))
            self.account_id = user.account_id
            self.lead_id, _ = await leads.find_or_create(connection, user.account_id, sender, NOON)

    async def wrote(self, platform: str, key: str, at: datetime, *, to: str = INTEGRATION) -> None:
        event = InboundEvent(EventKind.MESSAGE, key, at, None, {"type": "text", "text": "hi"})
        row = {
            "id": new_id(),
            "account_id": self.account_id,
            "integration_id": to,
            "lead_id": self.lead_id,
            "platform": platform,
            "kind": event.kind,
            "dedupe_key": key,
            "ref": None,
            "status": "processed",
            "needs_turn": True,
            "content": dict(event.content),
            "sealed": None,
            "sender": None,
            "attempts": 0,
            "occurred_at": at,
            "received_at": at,
        }
        async with self.database.write() as connection:
            await event_rows.insert_event(connection, row)

    async def lead(self) -> Lead:
        async with self.database.read() as connection:
            return await leads.get_lead(connection, self.account_id, self.lead_id)

    async def channel(
        self, platform: str, messenger: Any, *, at: str = INTEGRATION, ref: str | None = None, alone: bool = True
    ) -> MessagingConnection:
        return MessagingConnection(await self.number(platform, at, ref), None, messenger, alone=alone)

    async def last_on(self, platform: str, messenger: Any, **more: Any) -> datetime | None:
        lead, channel = await self.lead(), await self.channel(platform, messenger, **more)
        async with self.database.read() as connection:
            return (await as_written_on(connection, lead, channel)).last_inbound_at

    async def number(self, platform: str, identity: str, ref: str | None = None) -> Integration:
        """An integration of this account, made unless it is there."""
        row = {
            "id": identity,
            "account_id": self.account_id,
            "platform": platform,
            "name": platform,
            "status": IntegrationStatus.CONNECTED,
            "settings": {},
            "hints": {},
            "account_ref": ref,
            "vendor_state": {},
            "created_at": NOON,
            "updated_at": NOON,
        }
        async with self.database.write() as connection:
            await insert_unless_there(connection, integrations, row)
        return Integration(**row)

    async def answered(self, address: str, status: str) -> str:
        message_id = new_id()
        draft = outbox.Draft(message_id, OutboundMessage("hello"), INTEGRATION, "instagram", address)
        async with self.database.write() as connection:
            await outbox.queue(connection, self.account_id, self.lead_id, draft, NOON)
            await outbox_rows.update_row(connection, self.account_id, message_id, {"state": "done"})
            await messages.set_status(connection, self.account_id, message_id, status)
        return message_id

    async def refusal(self, address: str, now: datetime) -> str | None:
        limits = InstagramMessenger.limits
        async with self.database.read() as connection:
            return await refuse_item(connection, self.account_id, INTEGRATION, address, limits, now)


@pytest.fixture
async def record(database_url: str) -> AsyncIterator[Record]:
    database = open_database(database_url)
    await ensure_schema(database)
    opened = Record(database)
    await opened.begin()
    yield opened
    await database.close()


async def test_a_message_elsewhere_or_under_a_post_opens_no_window(record: Record) -> None:
    await record.wrote("instagram", "comment:7", NOON + 3 * HOURS)
    assert await record.last_on("instagram", InstagramMessenger) is None
    await record.wrote("instagram", "message:1", NOON)
    await record.wrote("whatsapp", "message:2", NOON + HOURS)
    assert await record.last_on("instagram", InstagramMessenger) == NOON
    assert await record.last_on("whatsapp", WhatsAppMessenger) == NOON + HOURS
    assert await record.last_on("x", XMessenger) is None


async def test_each_of_two_numbers_has_its_own_window_and_one_connected_anew_keeps_it(record: Record) -> None:
    first, second, again = (f"00000000-0000-4000-8000-00000000000{n}" for n in (2, 3, 4))
    for identity, number in ((first, "100"), (second, "200"), (again, "100")):
        await record.number("whatsapp", identity, number)
    await record.wrote("whatsapp", "message:1", NOON, to=first)
    await record.wrote("whatsapp", "message:2", NOON + 5 * HOURS, to=second)
    there = partial(record.last_on, "whatsapp", WhatsAppMessenger, alone=False)
    refs = {first: "100", second: "200", again: "100"}
    assert await there(at=second, ref=refs[second]) == NOON + 5 * HOURS
    assert await there(at=first, ref=refs[first]) == NOON
    assert await there(at=again, ref=refs[again]) == NOON


async def test_a_comment_is_answered_once_and_within_seven_days(record: Record) -> None:
    assert await record.refusal("comment:7", NOON) == TOO_OLD, "of a comment that is not known"
    await record.wrote("instagram", "comment:7", NOON)
    assert await record.refusal("comment:7", NOON + HOURS) is None
    assert await record.refusal("comment:7", NOON + timedelta(days=7)) == TOO_OLD
    await record.answered("comment:7", "failed")
    assert await record.refusal("comment:7", NOON + HOURS) is None, "a failed answer is none"
    await record.answered("comment:7", "sent")
    assert await record.refusal("comment:7", NOON + HOURS) == ALREADY_ANSWERED


def row(author: str, recipient: str = "1", **payload: Any) -> OutboxRow:
    return OutboxRow(
        seq=1,
        message_id="m",
        account_id="a",
        lead_id="l",
        integration_id=INTEGRATION,
        platform="instagram",
        recipient=recipient,
        payload={"text": "hello", **payload},
        state="pending",
        proactive=False,
        author=author,
        attempts=0,
        error=None,
        not_before=None,
        expires_at=None,
        claimed_at=None,
        created_at=NOON,
    )


async def test_only_a_person_s_own_words_may_use_the_longer_window(record: Record) -> None:
    await record.wrote("instagram", "message:1", NOON)
    lead, channel = await record.lead(), await record.channel("instagram", InstagramMessenger)
    async with record.database.read() as connection:
        lead = await as_written_on(connection, lead, channel)

    def refused(author: str, hours: float, **payload: Any) -> bool:
        now = NOON + hours * HOURS
        found = outbox.refuse_reason(row(author, **payload), lead, InstagramMessenger.limits, paused=False, now=now)
        return found == "failed: the reply window is closed"

    assert [refused("agent", hours) for hours in (23, 24, 100)] == [False, True, True]
    assert [refused("agent", hours, human_agent=True) for hours in (23, 24, 100)] == [False, True, True]
    assert [refused("human", hours) for hours in (23, 24, 100)] == [False, True, True]
    assert [refused("human", hours, human_agent=True) for hours in (23, 24, 167, 168)] == [False, False, False, True]


async def test_nobody_is_written_to_who_never_wrote_directly(record: Record) -> None:
    lead, channel = await record.lead(), await record.channel("x", XMessenger)
    async with record.database.read() as connection:
        lead = await as_written_on(connection, lead, channel)
    refusal = outbox.refuse_reason(row("agent"), lead, XMessenger.limits, paused=False, now=NOON)
    assert refusal == f"failed: {outbox.NOT_OPENED}"
    post = row("agent", recipient="post:7")
    assert outbox.refuse_reason(post, lead, XMessenger.limits, paused=False, now=NOON) is None
