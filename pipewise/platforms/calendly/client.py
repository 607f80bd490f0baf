"""The Calendly client: every call of API v2 that PipeWise makes, typed, over VendorHTTP."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pipewise.errors import Outcome, PlatformError, RateLimited, Rejected
from pipewise.platforms.calendly import checks
from pipewise.platforms.calendly.calls import CalendlyCalls, path_to
from pipewise.platforms.calendly.errors import NAME, booking_error, read_error, refused_here
from pipewise.platforms.calendly.models import (
    WireEvent,
    WireEventType,
    WireInvitee,
    WireLink,
    WireNoShowMark,
    WireSlot,
    WireSubscription,
    WireUser,
    read_items,
    read_page,
    read_resource,
)
from pipewise.platforms.calendly.pause import BookingPause
from pipewise.platforms.calendly.ranges import as_stamp, slice_range
from pipewise.platforms.calendly.scheduling import (
    LINK_LIFE,
    booking_body,
    to_booking,
    to_event_type,
    to_host,
    to_new_booking,
    to_slot,
    to_subscription,
)
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.calendly.uris import Resource, event_uri_of, path_of
from pipewise.platforms.http import VendorHTTP
from pipewise.scheduling import Booking, BookingRequest, Check, EventType, Host, SchedulingLink, Slot, Subscription

FUTURE_MARGIN = timedelta(minutes=1)
SEARCH_MARGIN = timedelta(days=1)  # a booking that was just made may already have been moved
LONGEST_REASON = 10_000
EVENTS = ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")


class CalendlyClient:
    """SchedulingClient for one access token.

    URIs are used by their path on the one base URL; a URI of another shape is refused before anything is sent."""

    def __init__(self, credentials: CalendlyCredentials, http: VendorHTTP) -> None:
        self._calls = CalendlyCalls(credentials.access_token, http)
        self._clock = http.clock
        self._pause = BookingPause(http.clock)
        self._host: Host | None = None

    async def host(self) -> Host:
        """Asked once: neither the user nor the organisation of a token changes."""
        if self._host is None:
            self._host = to_host(read_resource(await self._calls.read("/users/me"), WireUser))
        return self._host

    async def event_types(self) -> tuple[EventType, ...]:
        params = {"user": (await self.host()).uri, "active": "true"}
        wires = read_items(await self._calls.read_all("/event_types", params), WireEventType)
        return tuple(event_type for event_type in map(to_event_type, wires) if event_type.active)

    async def event_type(self, uri: str) -> EventType:
        return to_event_type(read_resource(await self._calls.read(path_to(uri, Resource.EVENT_TYPE)), WireEventType))

    async def free_times(self, event_type: str, start: datetime, end: datetime) -> tuple[Slot, ...]:
        path_to(event_type, Resource.EVENT_TYPE)
        found: dict[datetime, Slot] = {}
        soonest = max(start, self._clock.now() + FUTURE_MARGIN)
        for first, last in slice_range(soonest, end):
            params = {"event_type": event_type, "start_time": as_stamp(first), "end_time": as_stamp(last)}
            items, _ = read_page(await self._calls.read("/event_type_available_times", params))
            for wire in read_items(items, WireSlot):
                slot = to_slot(wire, event_type)
                if slot and start <= slot.start < end:
                    found[slot.start] = slot
        return tuple(found[moment] for moment in sorted(found))

    async def create_link(self, event_type: str) -> SchedulingLink:
        """Repeated when the answer is lost: a spare link does no harm."""
        path_to(event_type, Resource.EVENT_TYPE)
        body = {"max_event_count": 1, "owner": event_type, "owner_type": "EventType"}
        document = await self._calls.send("POST", "/scheduling_links", body=body, safe=True, read_error=read_error)
        url = read_resource(document, WireLink).booking_url
        return SchedulingLink(url, event_type, expires_at=self._clock.now() + LINK_LIFE)

    async def book(self, request: BookingRequest) -> Booking:
        """A refusal because of an optional phone answer is met by one more try without it: nothing was booked."""
        path_to(request.event_type.uri, Resource.EVENT_TYPE)
        body = booking_body(request)
        try:
            document = await self._post_booking(body)
        except Rejected as refusal:
            plainer = booking_body(request, optional_phones=False)
            if refusal.vendor_code != "phone_answer" or plainer == body:
                raise
            document = await self._post_booking(plainer)
        return to_new_booking(document, request)

    async def find_booking(self, request: BookingRequest) -> Booking | None:
        """Reads may lag behind a booking: look again some seconds later before trusting a None."""
        email, start = request.email.lower(), request.slot.start
        params = {
            "user": (await self.host()).uri,
            "invitee_email": request.email,
            "status": "active",
            "min_start_time": as_stamp(start - SEARCH_MARGIN),
            "max_start_time": as_stamp(start + SEARCH_MARGIN),
        }
        same_time: Booking | None = None
        for event in read_items(await self._calls.read_all("/scheduled_events", params), WireEvent):
            for invitee in await self._invitees(event.uri, {"status": "active"}):
                booking = to_booking(event, invitee)
                if booking.status != "active":
                    continue
                if booking.key == request.key:
                    return booking
                if booking.email == email and _is_same_meeting(booking, request):
                    same_time = same_time or booking
        return same_time

    async def booking(self, event_uri: str, invitee_uri: str | None = None) -> Booking:
        path = path_to(event_uri, Resource.EVENT)
        if invitee_uri and not path_to(invitee_uri, Resource.INVITEE).startswith(f"{path}/"):
            raise refused_here("This invitee does not belong to this event.", "foreign_invitee")
        event = read_resource(await self._calls.read(path), WireEvent)
        if invitee_uri:
            document = await self._calls.read(path_to(invitee_uri, Resource.INVITEE))
            return to_booking(event, read_resource(document, WireInvitee))
        bookings = [to_booking(event, invitee) for invitee in await self._invitees(event.uri, {})]
        if not bookings:
            raise Rejected("This Calendly event has no invitee.", platform=NAME, vendor_code="no_invitee")
        return next((booking for booking in bookings if booking.status == "active"), bookings[0])

    async def upcoming(self, start: datetime, end: datetime) -> tuple[Booking, ...]:
        params = {
            "user": (await self.host()).uri,
            "min_start_time": as_stamp(start),
            "max_start_time": as_stamp(end),
            "sort": "start_time:asc",
        }
        events = read_items(await self._calls.read_all("/scheduled_events", params), WireEvent)
        return tuple(
            [to_booking(event, invitee) for event in events for invitee in await self._invitees(event.uri, {})]
        )

    async def cancel(self, event_uri: str, reason: str) -> None:
        path = path_to(event_uri, Resource.EVENT) + "/cancellation"
        body = {"reason": reason[:LONGEST_REASON]} if reason else {}
        try:
            await self._calls.send("POST", path, body=body, safe=False)
        except Rejected as refusal:
            if refusal.vendor_code != "already_canceled":
                raise

    async def mark_no_show(self, invitee_uri: str) -> str:
        path_to(invitee_uri, Resource.INVITEE)
        document = await self._calls.send("POST", "/invitee_no_shows", body={"invitee": invitee_uri}, safe=False)
        return read_resource(document, WireNoShowMark, outcome=Outcome.UNKNOWN).uri

    async def clear_no_show(self, no_show_uri: str) -> None:
        await self._calls.delete(path_to(no_show_uri, Resource.NO_SHOW))

    async def subscriptions(self) -> tuple[Subscription, ...]:
        host = await self.host()
        params = {"organization": host.organization, "user": host.uri, "scope": "user"}
        wires = read_items(await self._calls.read_all("/webhook_subscriptions", params), WireSubscription)
        return tuple(map(to_subscription, wires))

    async def subscribe(self, url: str, signing_key: str) -> Subscription:
        host = await self.host()
        body = {
            "url": url,
            "events": list(EVENTS),
            "organization": host.organization,
            "user": host.uri,
            "scope": "user",
            "signing_key": signing_key,
        }
        try:
            return await self._post_subscription(body)
        except Rejected as refusal:
            if refusal.http_status != 409:
                raise
            standing = [s for s in await self.subscriptions() if s.callback_url == url]
            if not standing:
                raise
        for subscription in standing:
            await self.unsubscribe(subscription.uri)
        return await self._post_subscription(body)

    async def unsubscribe(self, uri: str) -> None:
        await self._calls.delete(path_to(uri, Resource.SUBSCRIPTION))

    async def check(self) -> tuple[Check, ...]:
        self._host = None
        try:
            findings = [checks.token_works(await self.host())]
        except PlatformError as error:
            return (checks.failed("token", error),)
        try:
            findings.append(checks.event_types_exist(await self.event_types()))
        except PlatformError as error:
            findings.append(checks.failed("event_types", error))
        try:
            findings.append(checks.webhook_arrives(await self.subscriptions()))
        except PlatformError as error:
            findings.append(checks.webhook_unreadable(error))
        return tuple(findings)

    async def _post_booking(self, body: Mapping[str, Any]) -> Any:
        wait = self._pause.left()
        if wait:
            raise RateLimited(
                "Calendly takes no booking of this account for now.",
                platform=NAME,
                outcome=Outcome.NOT_SENT,
                vendor_code="booking_quota",
                retry_after=round(wait, 1),
            )
        try:
            return await self._calls.send("POST", "/invitees", body=body, safe=False, read_error=booking_error)
        except RateLimited as error:
            self._pause.begin(error.retry_after or 0.0)
            raise

    async def _post_subscription(self, body: Mapping[str, Any]) -> Subscription:
        document = await self._calls.send("POST", "/webhook_subscriptions", body=body, safe=False)
        return to_subscription(read_resource(document, WireSubscription, outcome=Outcome.UNKNOWN))

    async def _invitees(self, event_uri: str, params: Mapping[str, str]) -> tuple[WireInvitee, ...]:
        items = await self._calls.read_all(path_to(event_uri, Resource.EVENT) + "/invitees", params)
        return tuple(i for i in read_items(items, WireInvitee) if event_uri_of(i.uri) == event_uri)


def _is_same_meeting(booking: Booking, request: BookingRequest) -> bool:
    wanted = path_of(request.event_type.uri, Resource.EVENT_TYPE)
    return booking.start == request.slot.start and path_of(booking.event_type, Resource.EVENT_TYPE) == wanted
