"""Meetings: asked for, listed, cancelled."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response, status
from fastapi.responses import JSONResponse

from api.contacts import normalise_contact
from api.cursors import page_of, read_cursor, write_cursor
from api.dependencies import Actor, Filter, Id, PageDep, RangeDep, Reader, Services, ServicesDep
from api.idempotency import IdempotencyKey, OnceOnly
from api.once_route import OnceRoute
from api.schemas import MeetingCancellation, NewMeeting
from api.views import meeting_view
from graph.scheduling import ScheduleRequest
from pipewise.audit import Act
from pipewise.connections import SchedulingConnection
from pipewise.errors import Conflict
from pipewise.leads import Status
from pipewise.storage import integrations, leads, meetings
from pipewise.storage.accounts import User
from pipewise.storage.meetings import MeetingRow

# How a structured error that comes as an answer is told by status.
_STATUS_BY_CODE_ENDING = {"rate_limited": 429, "unavailable": 503, "not_connected": 503}

router = APIRouter(prefix="/api/meetings", tags=["meetings"], route_class=OnceRoute)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    responses={code: {"description": "Nothing could be given; says what to do."} for code in (429, 502, 503)},
)
async def schedule(
    user: Actor, services: ServicesDep, body: NewMeeting, idempotency_key: IdempotencyKey = None
) -> Response:
    """A booking link, or the honest fallback, for a known lead or one described here."""
    request = ScheduleRequest(
        lead_id=body.lead_id,
        lead=normalise_contact(body.lead.model_dump(exclude_none=True), services.now(), where="lead.")
        if body.lead
        else None,
        event_type=body.event_type,
        preferences=_words(body.preferences) or None,
    )

    async def work() -> dict[str, Any]:
        return await services.application.schedule(user.account_id, request)

    if idempotency_key is None:
        answer: Mapping[str, Any] = await work()
    else:
        once = OnceOnly(services, user.account_id, "POST /api/meetings", idempotency_key, body.model_dump(mode="json"))
        answer, _ = await once.run(work)
    return JSONResponse(dict(answer), _status_of(answer))


@router.get("")
async def list_meetings(
    user: Reader,
    services: ServicesDep,
    page: PageDep,
    wanted: RangeDep,
    status: Annotated[Literal["scheduled", "canceled", "held", "no_show"] | None, Query()] = None,
    lead_id: Filter = None,
) -> dict[str, Any]:
    """By start time."""
    after = read_cursor("meetings", page.cursor) if page.cursor else None
    async with services.resources.database.read() as connection:
        found = await meetings.list_meetings(
            connection,
            user.account_id,
            limit=page.limit + 1,
            start=wanted.start,
            end=wanted.end,
            status=status,
            lead_id=lead_id,
            after=(after[0], after[1]) if after else None,
        )
    return page_of(page, found, meeting_view, lambda one: write_cursor("meetings", one.start_time, one.id))


@router.get("/{meeting_id}")
async def get_meeting(user: Reader, services: ServicesDep, meeting_id: Id) -> dict[str, Any]:
    return meeting_view(await _read(services, user, meeting_id))


@router.post("/{meeting_id}/cancel")
async def cancel(
    user: Actor, services: ServicesDep, meeting_id: Id, body: MeetingCancellation | None = None
) -> dict[str, Any]:
    """Cancels at the vendor first; only what the vendor confirmed is written down."""
    meeting = await _read(services, user, meeting_id)
    if meeting.status == "canceled":
        return meeting_view(meeting)
    if meeting.status != "scheduled":
        raise Conflict(f"This meeting is {meeting.status}; only scheduled ones are cancelled.", code="not_scheduled")
    reason = (body.reason if body else "") or "Cancelled by the host."
    connection = await _connection(services, meeting)
    await services.resources.bookings.cancel(connection, meeting, reason)
    await _move_lead(services, user, meeting)
    return meeting_view(await _read(services, user, meeting_id))


async def _connection(services: Services, meeting: MeetingRow) -> SchedulingConnection:
    """The calendar that holds the meeting."""
    connections = services.resources.connections
    found = await connections.scheduling(meeting.account_id)
    if meeting.integration_id and (
        found is None or found.integration is None or found.integration.id != meeting.integration_id
    ):
        async with services.resources.database.read() as transaction:
            owned = await integrations.list_integrations(transaction, meeting.account_id)
        own = next((one for one in owned if one.id == meeting.integration_id), None)
        found = connections.build_scheduling(own) if own else found
    if found is None:
        raise Conflict(
            "The calendar of this meeting is not connected; connect it, or cancel the meeting there.",
            code="calendly_not_connected",
            manual_action_required=True,
        )
    return found


async def _move_lead(services: Services, user: User, meeting: MeetingRow) -> None:
    """Unless another meeting of the lead stands."""
    async with services.resources.database.write() as connection:
        lead = await leads.get_lead(connection, user.account_id, meeting.lead_id)
        if lead.meeting is None or lead.meeting.status == "canceled":
            await leads.move_status(
                connection,
                lead,
                Status.MEETING_CANCELED,
                actor=user.email,
                reason="canceled the meeting",
                now=services.now(),
            )
        await services.record(connection, user, Act.MEETING_CANCELED, f"meeting:{meeting.id}", lead=meeting.lead_id)


async def _read(services: Services, user: User, meeting_id: str) -> MeetingRow:
    async with services.resources.database.read() as connection:
        return await meetings.get_meeting(connection, user.account_id, meeting_id)


def _words(preferences: Any) -> str:
    """Whatever the arrangement, its words in order."""
    if isinstance(preferences, Mapping):
        return ", ".join(filter(None, map(_words, preferences.values())))
    if isinstance(preferences, list):
        return ", ".join(filter(None, map(_words, preferences)))
    return "" if preferences is None else str(preferences)


def _status_of(answer: Mapping[str, Any]) -> int:
    if answer.get("success"):
        return status.HTTP_201_CREATED
    endings = (number for ending, number in _STATUS_BY_CODE_ENDING.items() if str(answer.get("code")).endswith(ending))
    return next(endings, status.HTTP_502_BAD_GATEWAY)
