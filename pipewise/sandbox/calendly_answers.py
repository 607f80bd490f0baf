"""Calendly's error bodies and its JSON: users, event types, events, invitees, as "Calendly API" documents them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipewise.sandbox.answers import VendorRefusalError
from pipewise.sandbox.calendly_event_types import CONFERENCE_KINDS, EventType
from pipewise.sandbox.calendly_state import API, Account, Booking, CalendlyWorld, Link, Subscription

Json = dict[str, Any]

INVALID = "The supplied parameters are invalid."
# A conference link is made in the background: initiated, then processing, then pushed with its address.
PROCESSING_AFTER = timedelta(seconds=0.5)
PUSHED_AFTER = timedelta(seconds=2)
EVENT_LOCATION_TYPES = {"zoom_conference": "zoom", "gotomeeting_conference": "gotomeeting"}
TRACKING_KEYS = ("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term", "salesforce_uuid")


def invalid(*details: Json, message: str = INVALID) -> VendorRefusalError:
    body: Json = {"title": "Invalid Argument", "message": message}
    if details:
        body["details"] = list(details)
    return VendorRefusalError(400, body)


def detail(parameter: str, message: str, code: str | None = None) -> Json:
    return {"parameter": parameter, "message": message, **({"code": code} if code else {})}


def unauthenticated() -> VendorRefusalError:
    return VendorRefusalError(401, {"title": "Unauthenticated", "message": "The access token is invalid"})


def denied(message: str = "You do not have permission to access this resource.") -> VendorRefusalError:
    return VendorRefusalError(403, {"title": "Permission Denied", "message": message})


def missing() -> VendorRefusalError:
    body = {"title": "Resource Not Found", "message": "The server could not find the requested resource."}
    return VendorRefusalError(404, body)


def microseconds(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def whole_seconds(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user_json(world: CalendlyWorld, account: Account) -> Json:
    return {
        "uri": account.uri,
        "name": account.name,
        "slug": account.slug,
        "email": account.email,
        "scheduling_url": f"{world.site}/{account.slug}",
        "timezone": account.timezone,
        "time_notation": "24h",
        "avatar_url": None,
        "created_at": microseconds(account.created_at),
        "updated_at": microseconds(account.created_at),
        "current_organization": account.organization,
        "resource_type": "User",
        "locale": "en",
    }


def event_type_json(world: CalendlyWorld, account: Account, event_type: EventType) -> Json:
    return {
        "uri": event_type_uri(event_type),
        "name": event_type.name,
        "active": event_type.active,
        "booking_method": "instant",
        "slug": event_type.slug,
        "scheduling_url": f"{world.site}/{account.slug}/{event_type.slug}",
        "duration": event_type.duration,
        "duration_options": None,
        "kind": "solo",
        "kind_description": "One-on-One",
        "pooling_type": None,
        "type": "StandardEventType",
        "color": event_type.color,
        "created_at": microseconds(account.created_at),
        "updated_at": microseconds(account.created_at),
        "internal_note": None,
        "description_plain": event_type.description,
        "description_html": f"<p>{event_type.description}</p>",
        "profile": {"type": "User", "name": account.name, "owner": account.uri},
        "secret": False,
        "deleted_at": None,
        "admin_managed": False,
        "is_paid": False,
        "locale": "en",
        "position": event_type.position,
        "locations": [dict(location) for location in event_type.locations] or None,
        "custom_questions": [dict(question) for question in event_type.questions],
        "start_time_increment": event_type.increment,
        "before_buffer": event_type.before_buffer,
        "after_buffer": event_type.after_buffer,
    }


def event_type_uri(event_type: EventType) -> str:
    return f"{API}/event_types/{event_type.uuid}"


def slot_json(world: CalendlyWorld, account: Account, event_type: EventType, start: datetime) -> Json:
    local = start.astimezone(ZoneInfo(account.timezone))
    page = f"{world.site}/{account.slug}/{event_type.slug}/{local.isoformat()}"
    return {
        "status": "available",
        "invitees_remaining": 1,
        "start_time": whole_seconds(start),
        "scheduling_url": f"{page}?month={local:%Y-%m}&date={local:%Y-%m-%d}",
    }


def event_json(world: CalendlyWorld, booking: Booking) -> Json:
    before = timedelta(minutes=booking.event_type.before_buffer)
    after = timedelta(minutes=booking.event_type.after_buffer)
    stamps = {"created_at": microseconds(booking.created_at), "updated_at": microseconds(booking.updated_at)}
    created = {"created_at": stamps["created_at"], "updated_at": stamps["created_at"]}
    body: Json = {
        "uri": booking.event_uri,
        "name": booking.event_type.name,
        "meeting_notes_plain": None,
        "meeting_notes_html": None,
        "status": "canceled" if booking.canceled else "active",
        "start_time": microseconds(booking.start),
        "end_time": microseconds(booking.end),
        "event_type": event_type_uri(booking.event_type),
        "location": event_location(world, booking),
        "invitees_counter": {"total": 1, "active": 0 if booking.canceled else 1, "limit": 1},
        **stamps,
        "event_memberships": [
            {
                "user": booking.account.uri,
                "user_email": booking.account.email,
                "user_name": booking.account.name,
                "buffered_start_time": microseconds(booking.start - before),
                "buffered_end_time": microseconds(booking.end + after),
            }
        ],
        "event_guests": [{"email": guest, **created} for guest in booking.guests],
        "calendar_event": {"kind": "google", "external_id": booking.event_uuid.replace("-", "")[:16]},
    }
    if booking.canceled:
        body["cancellation"] = booking.canceled
    return body


def event_location(world: CalendlyWorld, booking: Booking) -> Json | None:
    """Events name the place by `type`; bookings and event types name the same thing by `kind`."""
    if booking.location is None:
        return None
    kind = booking.location["kind"]
    location: Json = {"type": EVENT_LOCATION_TYPES.get(kind, kind)}
    if kind not in CONFERENCE_KINDS:
        extra = (
            {"additional_info": booking.location["additional_info"]} if "additional_info" in booking.location else {}
        )
        return {**location, "location": booking.location.get("location"), **extra}
    age = world.clock.now() - booking.created_at
    status = "initiated" if age < PROCESSING_AFTER else "processing" if age < PUSHED_AFTER else "pushed"
    letters = "".join(c for c in booking.event_uuid.translate(HEX_TO_LETTERS) if c.isalpha())
    address = f"https://meet.google.com/{letters[:3]}-{letters[3:7]}-{letters[7:10]}"
    return {**location, "status": status, "join_url": address if status == "pushed" else None}


HEX_TO_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def invitee_json(world: CalendlyWorld, booking: Booking) -> Json:
    body: Json = {
        "uri": booking.invitee_uri,
        "email": booking.email,
        "first_name": booking.first_name,
        "last_name": booking.last_name,
        "name": booking.name,
        "status": "canceled" if booking.canceled else "active",
        "questions_and_answers": booking.answers,
        "timezone": booking.timezone,
        "event": booking.event_uri,
        "created_at": microseconds(booking.created_at),
        "updated_at": microseconds(booking.updated_at),
        "tracking": booking.tracking,
        "text_reminder_number": booking.text_reminder_number,
        "rescheduled": booking.rescheduled,
        "old_invitee": booking.old_invitee,
        "new_invitee": booking.new_invitee,
        "cancel_url": f"{world.site}/cancellations/{booking.invitee_uuid}",
        "reschedule_url": f"{world.site}/reschedulings/{booking.invitee_uuid}",
        "routing_form_submission": None,
        "payment": None,
        "no_show": booking.no_show,
        "reconfirmation": None,
        "scheduling_method": booking.method,
        "invitee_scheduled_by": booking.account.uri if booking.method == "api" else None,
    }
    if booking.canceled:
        body["cancellation"] = booking.canceled
    return body


def link_json(world: CalendlyWorld, link: Link) -> Json:
    return {
        "booking_url": f"{world.site}/d/{link.code}/{link.event_type.slug}",
        "owner": event_type_uri(link.event_type),
        "owner_type": "EventType",
    }


def subscription_json(subscription: Subscription) -> Json:
    """The signing key is never shown again."""
    started = subscription.retry_started_at
    return {
        "uri": f"{API}/webhook_subscriptions/{subscription.uuid}",
        "callback_url": subscription.url,
        "created_at": microseconds(subscription.created_at),
        "updated_at": microseconds(subscription.updated_at),
        "retry_started_at": microseconds(started) if started else None,
        "state": subscription.state,
        "events": subscription.events,
        "scope": subscription.scope,
        "organization": subscription.account.organization,
        "user": subscription.account.uri if subscription.scope == "user" else None,
        "group": None,
        "creator": subscription.account.uri,
    }
