"""Calendly's webhook subscriptions and the sample payload."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from pipewise.sandbox.answers import VendorRefusalError, read_object
from pipewise.sandbox.calendly_answers import (
    TRACKING_KEYS,
    denied,
    detail,
    invalid,
    microseconds,
    missing,
    subscription_json,
)
from pipewise.sandbox.calendly_auth import AccountDep, malformed_body, need_own, need_scope
from pipewise.sandbox.calendly_calendar import mark_canceled
from pipewise.sandbox.calendly_hooks import invitee_payload
from pipewise.sandbox.calendly_paging import page, sorted_by
from pipewise.sandbox.calendly_slots import BOOKING_HORIZON, open_slots
from pipewise.sandbox.calendly_state import API, Account, Booking, Subscription
from pipewise.sandbox.state import SandboxState, StateDep

Json = dict[str, Any]

router = APIRouter(tags=["calendly"])
SCOPES = ("user", "organization", "group")
INVITEE_EVENTS = ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")
EVENT_TYPE_EVENTS = ("event_type.created", "event_type.updated", "event_type.deleted")
CONTACT_EVENTS = ("contact.created", "contact.updated", "contact.deleted")
ORGANIZATION_EVENTS = ("routing_form_submission.created",)
USER_EVENTS = ("meeting_recap.created", "meeting_recap.updated", "meeting_recap.deleted")
GATED_EVENTS = frozenset({*ORGANIZATION_EVENTS, *USER_EVENTS})
EVENTS = frozenset({*INVITEE_EVENTS, *EVENT_TYPE_EVENTS, *CONTACT_EVENTS, *GATED_EVENTS})
READ_SCOPES = {
    "invitee": "scheduled_events:read",
    "invitee_no_show": "scheduled_events:read",
    "event_type": "event_types:read",
    "contact": "contacts:read",
    "routing_form_submission": "routing_forms:read",
    "meeting_recap": "meeting_recaps:read",
}


@router.post("/webhook_subscriptions", status_code=201)
async def create_subscription(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "webhooks:write")
    body = await read_object(request, malformed_body())
    problems = [*form_problems(body), *scope_problems(body)]
    if problems:
        raise invalid(*problems)
    check_owner(account, body)
    if not account.webhooks:
        raise denied("Please upgrade to a paid Calendly account.")
    for event in body["events"]:
        need_scope(account, READ_SCOPES[event.partition(".")[0]])
        if event in GATED_EVENTS and account.plan == "free":
            raise denied("Please upgrade to a paid Calendly account.")
    if any(known.account is account and known.url == body["url"] for known in state.calendly.subscriptions):
        raise VendorRefusalError(409, {"title": "Already Exists", "message": "Hook with this url already exists"})
    subscription = subscribe(state, account, body)
    return {"resource": subscription_json(subscription)}


def subscribe(state: SandboxState, account: Account, body: Json) -> Subscription:
    now = state.clock.now()
    subscription = Subscription(
        account=account,
        uuid=state.calendly.new_uuid(),
        url=body["url"],
        events=list(body["events"]),
        scope=body["scope"],
        signing_key=body.get("signing_key"),
        created_at=now,
        updated_at=now,
    )
    state.calendly.subscriptions.append(subscription)
    signed = subscription.signing_key is not None
    state.ledger.record(
        "calendly",
        "subscription",
        uuid=subscription.uuid,
        url=subscription.url,
        events=subscription.events,
        signed=signed,
    )
    return subscription


def form_problems(body: Json) -> list[Json]:
    problems = []
    url, events, key = body.get("url"), body.get("events"), body.get("signing_key")
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        problems.append(detail("url", "is not a valid URL"))
    if not isinstance(events, list) or not events:
        problems.append(detail("events", "must be filled"))
    elif any(event not in EVENTS for event in events if isinstance(event, str)) or not all(
        isinstance(e, str) for e in events
    ):
        problems.append(detail("events", "contains an unknown event"))
    if key is not None and (not isinstance(key, str) or not key):
        problems.append(detail("signing_key", "must be a string"))
    return problems


def scope_problems(body: Json) -> list[Json]:
    """The organization is needed for every scope; some events exist only for one of them."""
    problems = []
    scope, events = body.get("scope"), body.get("events") or []
    if scope not in SCOPES:
        problems.append(detail("scope", "must be one of user, organization, group"))
    if not body.get("organization"):
        problems.append(detail("organization", "is missing"))
    if scope in ("user", "group") and not body.get(scope):
        problems.append(detail(str(scope), "is missing"))
    if isinstance(events, list):
        if scope != "organization" and any(event in events for event in ORGANIZATION_EVENTS):
            problems.append(detail("events", "routing_form_submission.created needs organization scope"))
        if scope != "user" and any(event in events for event in USER_EVENTS):
            problems.append(detail("events", "meeting_recap events need user scope"))
    return problems


def check_owner(account: Account, body: Json) -> None:
    need_own(account, "organization", body["organization"])
    if body["scope"] == "user":
        need_own(account, "user", body["user"])
    if body["scope"] == "group":
        raise denied()


@router.get("/webhook_subscriptions")
async def list_subscriptions(request: Request, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "webhooks:read")
    query = request.query_params
    if query.get("scope") not in SCOPES:
        raise invalid(detail("scope", "must be one of user, organization, group"))
    need_own(account, "organization", query.get("organization"))
    items = [
        subscription_json(known)
        for known in state.calendly.subscriptions
        if known.account is account and known.scope == query["scope"]
    ]
    return page(request, sorted_by(request, items, "created_at:asc", ("created_at",)))


def own_subscription(state: SandboxState, account: Account, uuid: str) -> Subscription:
    found = next((known for known in state.calendly.subscriptions if known.uuid == uuid), None)
    if found is None:
        raise missing()
    if found.account is not account:
        raise denied()
    return found


@router.get("/webhook_subscriptions/{uuid}")
async def get_subscription(uuid: str, account: AccountDep, state: StateDep) -> Json:
    need_scope(account, "webhooks:read")
    return {"resource": subscription_json(own_subscription(state, account, uuid))}


@router.delete("/webhook_subscriptions/{uuid}", status_code=204)
async def delete_subscription(uuid: str, account: AccountDep, state: StateDep) -> Response:
    need_scope(account, "webhooks:write")
    gone = own_subscription(state, account, uuid)
    state.calendly.subscriptions.remove(gone)
    state.ledger.record("calendly", "subscription_removed", uuid=uuid, url=gone.url)
    return Response(status_code=204)


@router.get("/sample_webhook_data")
async def sample_webhook(request: Request, account: AccountDep, state: StateDep) -> Json:
    """A bare webhook document about a meeting that is not in the calendar."""
    need_scope(account, "webhooks:read")
    query = request.query_params
    if query.get("event") not in INVITEE_EVENTS:
        raise invalid(detail("event", "is not an event with sample data"))
    if query.get("scope") not in SCOPES:
        raise invalid(detail("scope", "must be one of user, organization, group"))
    need_own(account, "organization", query.get("organization"))
    now = state.clock.now()
    payload = invitee_payload(state.calendly, sample_booking(state, account, query["event"]))
    return {"event": query["event"], "created_at": microseconds(now), "created_by": account.uri, "payload": payload}


def sample_booking(state: SandboxState, account: Account, event: str) -> Booking:
    now, world = state.clock.now(), state.calendly
    event_type = account.event_types[0]
    start = open_slots(world, account, event_type, now, now + BOOKING_HORIZON)[0]
    booking = Booking(
        account=account,
        event_type=event_type,
        event_uuid=world.new_uuid(),
        invitee_uuid=world.new_uuid(),
        start=start,
        created_at=now,
        updated_at=now,
        name="Sample Invitee",
        first_name=None,
        last_name=None,
        email="sample@invitee.example",
        timezone=account.timezone,
        location=dict(event_type.locations[0]),
        answers=[],
        tracking=dict.fromkeys(TRACKING_KEYS),
        guests=[],
        text_reminder_number=None,
        method=None,
    )
    if event == "invitee.canceled":
        mark_canceled(booking, now, by="invitee", reason=None)
    if event == "invitee_no_show.created":
        booking.no_show = {"uri": f"{API}/invitee_no_shows/{world.new_uuid()}", "created_at": microseconds(now)}
    return booking
