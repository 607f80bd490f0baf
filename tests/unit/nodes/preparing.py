"""The scheduler's first step, taken."""

from dataclasses import replace

from nodes.prompts import load_prompt
from nodes.scheduler import SchedulerState, prepare_scheduling
from tests.unit.nodes.stage import ANA, FREE, FakeDesks, FakeLeads, FakeLinks, merged, offered, remembering

KNOWN = replace(ANA, email="ana@silva.example")
OFFERED = remembering(offered=offered(*FREE), awaiting="slot_choice")


async def prepared(state: SchedulerState, desks: FakeDesks, links: FakeLinks | None = None) -> SchedulerState:
    update = await prepare_scheduling(
        state,
        desks=desks,
        leads=FakeLeads(desks.lead),
        meeting_links=links or FakeLinks(None),
        prompt=load_prompt("scheduler"),
    )
    return merged(state, update)
