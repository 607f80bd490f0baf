"""The scheduler's functions. The model chooses among handles; ids, recipients and rules come from the desk."""

from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg, tool

from pipewise.scheduling_desk import SchedulingDesk

Desk = Annotated[SchedulingDesk, InjectedToolArg]


@tool
async def get_lead_by_id(desk: Desk) -> dict[str, Any]:
    """What is known of the person you are writing with: name, e-mail, company, status, time zone, present meeting.

    Call it when you need a detail before offering or booking. It always speaks of this conversation's person.
    """
    return desk.describe_lead()


@tool
async def get_calendly_event_types(desk: Desk) -> dict[str, Any]:
    """The kinds of meeting that can be booked, with their length, as handles such as `type_1`. Call it first."""
    return await desk.list_event_types()


@tool
async def find_best_meeting_slot(desk: Desk, event_type: str | None = None, wish: str | None = None) -> dict[str, Any]:
    """Free times, straight from the calendar, that best fit a wish. The only source of times you may mention.

    `event_type`: a handle from get_calendly_event_types; leave it out for the usual meeting.
    `wish`: what the person said about day or time, in their own words, such as "Thursday after lunch"; leave it out if
    they said nothing. The answer holds handles such as `slot_2` and labels to show.
    """
    return await desk.find_slots(event_type, wish)


@tool
async def schedule_meeting_for_lead(desk: Desk, slot: str) -> dict[str, Any]:
    """Book one of the offered times for the person. Call it only after they chose it.

    `slot`: the handle of a time that was offered, such as `slot_2`. The answer is `booked`; or `need` with the one thing to
    ask for; or `offer` with other times if this one was just taken; or `uncertain` if the calendar has not confirmed yet.
    """
    return await desk.schedule(slot)


@tool
async def create_calendly_scheduling_link(desk: Desk, event_type: str | None = None) -> dict[str, Any]:
    """A personal link, good for one booking, where the person picks a time themselves.

    `event_type`: a handle from get_calendly_event_types; leave it out for the usual meeting.
    """
    return await desk.create_link(event_type)


def scheduling_tools() -> tuple[BaseTool, ...]:
    return (
        get_lead_by_id,
        get_calendly_event_types,
        find_best_meeting_slot,
        schedule_meeting_for_lead,
        create_calendly_scheduling_link,
    )
