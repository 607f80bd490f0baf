"""Work that goes on beside the lanes for as long as a process works: each a loop of its own, ended together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pipewise.audit_anchors import Anchoring
from pipewise.health_monitor import keep_looking
from pipewise.inbox import Inbox
from pipewise.oauth.schedule import keep_renewing
from pipewise.people import People
from pipewise.polling import keep_polling
from pipewise.resources import Resources
from pipewise.retention import keep_forgetting
from pipewise.rollup import keep_rolling_up


@asynccontextmanager
async def keeping_up(resources: Resources, inbox: Inbox, wake: Callable[[str], None]) -> AsyncIterator[None]:
    """`wake` is told of leads with work."""
    people = People(resources.database, resources.audit, resources.clock, wake)
    loops = {
        "retention": keep_forgetting(resources.database, resources.clock, resources.settings.journal_days),
        "audit heads": Anchoring(resources.database, resources.anchors).keep_writing(),
        "health": keep_looking(resources),
        "numbers": keep_rolling_up(resources.database, resources.clock),
        "polls": keep_polling(resources, inbox),
        "merges": people.keep_merging(),
        "tokens": keep_renewing(resources.database, resources.connections.tokens, resources.clock),
    }
    tasks = [asyncio.create_task(loop, name=name) for name, loop in loops.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
