"""A Calendly that answers what a test tells it to, and documents in Calendly's structure with invented values."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from pipewise.circuit import Circuit
from pipewise.platforms.calendly.client import CalendlyClient
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.http import VendorHTTP
from pipewise.scheduling import BookingRequest, EventType, Location, Question, Slot
from tests.fakes import FixedClock

API = "https://api.calendly.com"
USER = f"{API}/users/u-torvald"
ORGANIZATION = f"{API}/organizations/o-fjordline"
EVENT_TYPE = f"{API}/event_types/et-intro"
EVENT = f"{API}/scheduled_events/ev-1"
INVITEE = f"{EVENT}/invitees/in-1"
TOKEN = "tok-under-test-1234567890"
Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class FakeCalendly:
    """Answers by method and path; several answers to one route are given in turn, the last one for good."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._answers: dict[str, list[Answer]] = {}
        self.on("GET /users/me", ok(user()))

    def on(self, route: str, *answers: Answer) -> None:
        self._answers[route] = list(answers)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answers = self._answers.get(f"{request.method} {request.url.path}")
        if not answers:
            return refusal(404, "Resource Not Found", "The server could not find the requested resource.")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    def bodies(self, route: str) -> list[Any]:
        return [json.loads(request.content) for request in self.sent(route)]

    def sent(self, route: str) -> list[httpx.Request]:
        return [request for request in self.requests if f"{request.method} {request.url.path}" == route]


def make_client(vendor: FakeCalendly, clock: FixedClock, *, circuit: Circuit | None = None) -> CalendlyClient:
    transport = httpx.AsyncClient(transport=httpx.MockTransport(vendor.handle))
    http = VendorHTTP(transport, platform="calendly", base_url=API, clock=clock, circuit=circuit)
    return CalendlyClient(CalendlyCredentials.model_validate({"access_token": TOKEN}), http)


def ok(resource: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"resource": resource})


def page(items: list[Any], token: str | None = None) -> httpx.Response:
    pagination = {
        "count": len(items),
        "next_page": f"https://elsewhere.example/?page_token={token}" if token else None,
        "previous_page": None,
        "next_page_token": token,
        "previous_page_token": None,
    }
    return httpx.Response(200, json={"collection": items, "pagination": pagination})


def refusal(status: int, title: str, message: str, *details: dict[str, str], **extra: Any) -> httpx.Response:
    body: dict[str, Any] = {"title": title, "message": message, **extra}
    if details:
        body["details"] = list(details)
    return httpx.Response(status, json=body)


def user(**changes: Any) -> dict[str, Any]:
    return {
        "uri": USER,
        "name": "Torvald Ness",
        "slug": "torvald-ness",
        "email": "torvald@fjordline.example",
        "scheduling_url": "https://calendly.com/torvald-ness",
        "timezone": "Europe/Oslo",
        "avatar_url": None,
        "created_at": "2025-01-15T09:00:00.000000Z",
        "updated_at": "2026-01-15T09:00:00.000000Z",
        "current_organization": ORGANIZATION,
        "resource_type": "User",
        **changes,
    }


def event_type(**changes: Any) -> dict[str, Any]:
    return {
        "uri": EVENT_TYPE,
        "name": "Intro call",
        "active": True,
        "booking_method": "instant",
        "slug": "intro-call",
        "scheduling_url": "https://calendly.com/torvald-ness/intro-call",
        "duration": 25,
        "duration_options": None,
        "kind": "solo",
        "kind_description": "One-on-One",
        "pooling_type": None,
        "type": "StandardEventType",
        "profile": None,
        "secret": False,
        "deleted_at": None,
        "is_paid": False,
        "locations": [{"kind": "zoom_conference"}],
        "custom_questions": [],
        **changes,
    }


def question(name: str, kind: str = "text", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "position": 0,
        "enabled": True,
        "required": False,
        "answer_choices": None,
        "include_other": False,
        **changes,
    }


def event(**changes: Any) -> dict[str, Any]:
    return {
        "uri": EVENT,
        "name": "Intro call",
        "status": "active",
        "start_time": "2026-03-05T13:00:00.000000Z",
        "end_time": "2026-03-05T13:25:00.000000Z",
        "event_type": EVENT_TYPE,
        "location": {"type": "zoom", "status": "pushed", "join_url": "https://fjordline.zoom.us/j/55511122"},
        "invitees_counter": {"total": 1, "active": 1, "limit": 1},
        "event_memberships": [{"user": USER, "user_email": "torvald@fjordline.example", "user_name": "Torvald Ness"}],
        "event_guests": [],
        "calendar_event": None,
        **changes,
    }


def tracking(key: str | None = None) -> dict[str, str | None]:
    return {
        "utm_campaign": None,
        "utm_source": "pipewise",
        "utm_medium": None,
        "utm_content": key,
        "utm_term": None,
        "salesforce_uuid": None,
    }


def invitee(**changes: Any) -> dict[str, Any]:
    return {
        "uri": INVITEE,
        "event": EVENT,
        "email": "Lena.Moreau@atelier.example",
        "name": "Lena Moreau",
        "first_name": None,
        "last_name": None,
        "status": "active",
        "timezone": "Europe/Paris",
        "questions_and_answers": [],
        "tracking": tracking("intent-1"),
        "text_reminder_number": None,
        "rescheduled": False,
        "old_invitee": None,
        "new_invitee": None,
        "cancel_url": "https://calendly.com/cancellations/in-1",
        "reschedule_url": "https://calendly.com/reschedulings/in-1",
        "payment": None,
        "no_show": None,
        "scheduling_method": "api",
        "invitee_scheduled_by": USER,
        **changes,
    }


def subscription(**changes: Any) -> dict[str, Any]:
    return {
        "uri": f"{API}/webhook_subscriptions/ws-1",
        "callback_url": "https://crm.fjordline.example/webhooks/calendly/7",
        "state": "active",
        "retry_started_at": None,
        "events": ["invitee.created", "invitee.canceled"],
        "scope": "user",
        "organization": ORGANIZATION,
        "user": USER,
        "group": None,
        "creator": USER,
        **changes,
    }


def booking_request(
    *,
    locations: tuple[Location, ...] = (Location("zoom_conference"),),
    questions: tuple[Question, ...] = (),
    answers: tuple[tuple[str, str], ...] = (),
    location_value: str | None = None,
    bookable: bool = True,
) -> BookingRequest:
    return BookingRequest(
        key="intent-1",
        event_type=EventType(
            uri=EVENT_TYPE,
            name="Intro call",
            minutes=25,
            active=True,
            bookable=bookable,
            scheduling_url="https://calendly.com/torvald-ness/intro-call",
            locations=locations,
            questions=questions,
        ),
        slot=Slot(datetime(2026, 3, 5, 13, tzinfo=UTC), "2026-03-05T13:00:00Z", EVENT_TYPE),
        name="Lena Moreau",
        email="lena.moreau@atelier.example",
        timezone="Europe/Paris",
        location_value=location_value,
        answers=answers,
    )
