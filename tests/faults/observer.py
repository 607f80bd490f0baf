"""Brings an installation to rest and reads, through its API, what the checker looks at."""

import asyncio

from tests.faults.checker import UNRESTING, Acknowledged, LeadSeen, Observed
from tests.faults.feed import Feed
from tests.faults.plans import PLAN
from tests.faults.site import Site, until
from tests.faults.vendor import FaultyVendor

PAST_PARKING = 400.0
ROUNDS = 12
PROCESS_SECONDS = max(
    240.0, 0.3 * PLAN.events
)  # thousands of events wait where no life was long enough to work them off


async def come_to_rest(site: Site, vendor: FaultyVendor, seconds: float = PROCESS_SECONDS) -> list[LeadSeen]:
    """Every event worked on, every status told, then time passes until nothing is under way: what waits for its next try
    is tried, what stayed unknown is parked."""

    async def reported() -> bool:
        return vendor.unreported == 0

    async def worked() -> bool:
        return not (await site.get("/api/events", status="accepted", limit=1))["items"]

    for _ in range(ROUNDS):
        await until(worked, "every event is worked on", seconds, pause=0.2)
        await until(reported, "every status is accepted", seconds, pause=0.1)
        leads = await read_leads(site)
        if not any(one["status"] in UNRESTING for lead in leads for one in lead.messages):
            return leads
        site.advance(PAST_PARKING)
        await asyncio.sleep(1.5)
    return await read_leads(site)


async def read_leads(site: Site) -> list[LeadSeen]:
    async def read(lead_id: str) -> LeadSeen:
        messages, runs = await asyncio.gather(
            site.read_all(f"/api/leads/{lead_id}/messages"), site.read_all(f"/api/leads/{lead_id}/runs")
        )
        return LeadSeen(lead_id, messages, runs)

    return list(await asyncio.gather(*(read(lead["id"]) for lead in await site.read_all("/api/leads"))))


async def observe(site: Site, vendor: FaultyVendor, feed: Feed) -> Observed:
    """At rest."""
    leads = await come_to_rest(site, vendor)
    return Observed(
        acknowledged=[Acknowledged(one.id, one.lead, one.at) for one in feed.acknowledged],
        taken=[one.key for one in vendor.taken],
        events=[event for event in await site.read_all("/api/events") if event["kind"] == "message"],
        leads=leads,
        bookings=[booking["invitee"]["tracking"]["utm_content"] for booking in vendor.bookings],
    )
