"""Events of vendors that do not push them: each account's integrations are attended to when they are due, by one process.

What is found goes through the inbox with the keys of the webhook's deliveries: whichever comes first counts, the other is a
duplicate.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.booking_subscriptions import Delivers, keep_subscription
from pipewise.errors import CredentialUnreadable, PlatformError
from pipewise.inbox import Inbox
from pipewise.platforms.registry import PLATFORMS, get_platform
from pipewise.resources import Resources
from pipewise.storage import polls as rows
from pipewise.storage.integrations import Integration
from pipewise.storage.polls import Poll
from pipewise.storage.tenancy import Purpose, acting_for, for_every_account
from pipewise.storage.trouble import is_storage_trouble

log = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0
LOOK_SECONDS = 60.0
AT_ONCE = 4
MOST_DUE = 40
LOOK_EVERY = timedelta(minutes=5)  # at a subscription that works
ASK_AGAIN = timedelta(hours=1)  # for a webhook that was refused: plans and scopes change
SOON = timedelta(seconds=30)  # where a look could not ask for everything
MARGIN = timedelta(minutes=10)  # what a webhook may have lost before it was seen to fail


async def keep_polling(resources: Resources, inbox: Inbox) -> None:
    """Until it is cancelled."""
    while True:
        try:
            await attend_to_due(resources, inbox)
        except Exception as error:
            # A loop of the worker: a database that is away comes back.
            if is_storage_trouble(error):
                log.warning("vendors could not be asked", extra={"problem": type(error).__name__})
            else:
                log.exception("vendors could not be asked")
        await asyncio.sleep(min(resources.clock.recheck, PAUSE_SECONDS))


async def attend_to_due(resources: Resources, inbox: Inbox) -> int:
    """How many were attended to."""
    now, names = resources.clock.now(), [name for name, platform in PLATFORMS.items() if platform.feed]
    with for_every_account(Purpose.UPKEEP):
        due = await resources.database.ask(lambda connection: rows.list_due(connection, names, now, MOST_DUE))
    places = asyncio.Semaphore(AT_ONCE)

    async def attend_to(integration: Integration) -> None:
        async with places:
            with acting_for(integration.account_id):
                await attend_now(resources, inbox, integration)

    await asyncio.gather(*map(attend_to, due))
    return len(due)


async def attend_now(resources: Resources, inbox: Inbox, integration: Integration) -> None:
    """It was connected or changed just now. Nothing if another process is at it."""
    now = resources.clock.now()
    poll = await resources.database.transact(lambda connection: rows.claim(connection, integration, now))
    if poll:
        await attend(resources, inbox, integration, poll)


async def attend(resources: Resources, inbox: Inbox, integration: Integration, poll: Poll) -> None:
    """The webhook is seen to, then the vendor is asked for what it has not delivered."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            found = await _attend(resources, inbox, integration, poll)
    except PlatformError as error:
        wait = timedelta(seconds=error.retry_after or 0.0)
        found = _Found({"problem": error.code}, max(wait, _every(integration)))
    except TimeoutError:
        found = _Found({"problem": f"{integration.platform}_unavailable"}, _every(integration))
    except CredentialUnreadable as error:
        found = _Found({"problem": error.code}, LOOK_EVERY)
    next_at = resources.clock.now() + min(found.wait, rows.LONGEST_WAIT)

    async def write(connection: AsyncConnection) -> None:
        await rows.note(connection, poll, {**found.values, "next_at": next_at})

    await resources.database.transact(write)


@dataclass(frozen=True)
class _Found:
    """Columns to write, and how long to wait."""

    values: dict[str, Any]
    wait: timedelta


async def _attend(resources: Resources, inbox: Inbox, integration: Integration, poll: Poll) -> _Found:
    platform, now = get_platform(integration.platform), resources.clock.now()
    if not platform.polled(platform.settings.model_validate(integration.settings)):
        return _Found(_by_webhook(now), LOOK_EVERY)
    values: dict[str, Any] = {"mode": "polling"}
    if platform.scheduler:
        may_ask = poll.ask_webhook_at is None or poll.ask_webhook_at <= now
        delivers = await keep_subscription(resources, integration, may_create=may_ask)
        if delivers is Delivers.YES:
            return _Found(_by_webhook(now), LOOK_EVERY)
        if delivers is Delivers.REFUSED and may_ask:
            values["ask_webhook_at"] = now + ASK_AGAIN
    return await _ask(resources, inbox, integration, poll, values)


def _by_webhook(now: datetime) -> dict[str, Any]:
    """Should it fail later, all since a little before now is asked for."""
    return {"mode": "webhook", "since": now - MARGIN, "cursor": None, "ask_webhook_at": None, "problem": None}


async def _ask(
    resources: Resources, inbox: Inbox, integration: Integration, poll: Poll, values: dict[str, Any]
) -> _Found:
    feed = resources.connections.build_feed(integration)
    if feed is None:
        return _Found(values, LOOK_EVERY)
    polled = await feed.poll(poll.cursor, poll.since)
    if polled.delivery.events or polled.delivery.rejected:
        await inbox.accept(integration.account_id, integration, integration.platform, polled.delivery)
    wait = SOON if polled.more else _every(integration)
    return _Found({**values, "cursor": dict(polled.cursor), "problem": None}, wait)


def _every(integration: Integration) -> timedelta:
    return get_platform(integration.platform).poll_every
