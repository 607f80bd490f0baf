"""Bookings by asking, where Calendly delivers no webhooks: what its lists show is told in the words of its webhooks.

A list tells what is, a webhook what happened. So the last look is remembered: an invitee that was not there was created, one
that is canceled now was canceled, a mark that came or went is a no-show or its end. Each becomes the document that a webhook
would have carried and goes through the same reader, so that its dedupe key is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipewise.clock import Clock
from pipewise.events import InboundEvent, ParsedDelivery, RejectedItem
from pipewise.platforms.base import Polled
from pipewise.platforms.calendly.calls import CalendlyCalls
from pipewise.platforms.calendly.models import WireUser, read_moment, read_resource
from pipewise.platforms.calendly.ranges import as_stamp
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.calendly.uris import Resource, path_of
from pipewise.platforms.calendly.webhook import CalendlyWebhook
from pipewise.platforms.fields import id_at, line_at, object_at, text_at, value_at
from pipewise.platforms.http import VendorHTTP

BACK = timedelta(days=7)  # how long after its start a meeting may still be marked as missed
AHEAD = timedelta(days=400)
EVENTS_A_LOOK = 20  # each costs a call; a Free plan has 50 a minute (developer.calendly.com, "Rate limits")
# A mark does not change its event, so a meeting that began is read again.
MARKS_EVERY = timedelta(minutes=15)

Seen = dict[str, Any]


class CalendlyFeed:
    """Feed for one access token.

    Cursor: {"complete": bool, "events": {path: {"is": what the list showed, "start": ISO, "read": ISO | null,
    "invitees": {path: {"status", "mark"}}}}}; `read` is null where only the list was looked at."""

    def __init__(self, credentials: CalendlyCredentials, http: VendorHTTP) -> None:
        self._calls = CalendlyCalls(credentials.access_token, http)
        self._clock = http.clock

    async def poll(self, cursor: Mapping[str, Any] | None, since: datetime) -> Polled:
        now = self._clock.now()
        host = read_resource(await self._calls.read("/users/me"), WireUser)
        params = {
            "user": host.uri,
            "min_start_time": as_stamp(now - BACK),
            "max_start_time": as_stamp(now + AHEAD),
            "sort": "start_time:asc",
        }
        look = _Look(dict(object_at(cursor, "events")), since, host.uri, now, complete=_is_complete(cursor))
        due = [event for event in await self._calls.read_all("/scheduled_events", params) if look.wants(event)]
        for event in due[:EVENTS_A_LOOK]:
            path = f"{path_of(event['uri'], Resource.EVENT)}/invitees"
            look.compare(event, await self._calls.read_all(path, {}))
        more = len(due) > EVENTS_A_LOOK
        return Polled(_parse(look.documents, self._clock), look.cursor(complete=look.complete or not more), more)


@dataclass
class _Look:
    """One look at the calendar. `complete`: a former look saw all of it, so that what is new now is new."""

    former: dict[str, Seen]
    since: datetime
    host: str
    now: datetime
    complete: bool
    documents: list[Mapping[str, Any]] = field(default_factory=list)
    present: dict[str, Seen] = field(default_factory=dict)

    def wants(self, event: Any) -> bool:
        """Whether its invitees must be asked for. What was there before our time, and is unchanged, is only noted."""
        path = path_of(value_at(event, "uri"), Resource.EVENT)
        if path is None:
            return False
        known, shown = self.former.get(path), _shown(event)
        start = read_moment(value_at(event, "start_time"))
        if known is None:
            touched = read_moment(value_at(event, "updated_at")) or read_moment(value_at(event, "created_at"))
            if not self.complete and touched and touched < self.since:
                self.present[path] = {"is": shown, "start": _iso(start), "read": None, "invitees": {}}
                return False
            return True
        self.present[path] = known
        read = read_moment(known.get("read"))
        begun = start is not None and start <= self.now
        return known["is"] != shown or (begun and (read is None or abs(self.now - read) >= MARKS_EVERY))

    def compare(self, event: Mapping[str, Any], invitees: list[Any]) -> None:
        path = str(path_of(event["uri"], Resource.EVENT))
        known = self.former.get(path)
        # Of an event that was not there the last time nothing is of the past.
        seen = known["invitees"] if known and known["read"] else {} if known is None and self.complete else None
        found: dict[str, Seen] = {}
        for invitee in invitees:
            own = path_of(value_at(invitee, "uri"), Resource.INVITEE)
            if own and own.startswith(f"{path}/"):
                found[own] = self._tell(event, invitee, None if seen is None else seen.get(own, {}))
        start = read_moment(value_at(event, "start_time"))
        self.present[path] = {"is": _shown(event), "start": _iso(start), "read": _iso(self.now), "invitees": found}

    def _tell(self, event: Mapping[str, Any], invitee: Mapping[str, Any], before: Seen | None) -> Seen:
        """`before` is None where nothing is known of the invitee's past: then times tell what is ours."""
        canceled = "canceled" in {text_at(invitee, "status"), text_at(event, "status")}
        mark = text_at(invitee, "no_show", "uri") or None
        made = text_at(invitee, "created_at")
        ended = text_at(invitee, "cancellation", "created_at") or text_at(event, "cancellation", "created_at")
        ended = ended or text_at(invitee, "updated_at")
        marked = text_at(invitee, "no_show", "created_at")
        first = before is None
        past = before or {}
        if not past and self._is_ours(made, first=first):
            self._add("invitee.created", made, event, invitee)
        if canceled and past.get("status") != "canceled" and self._is_ours(ended, first=first):
            self._add("invitee.canceled", ended, event, {**invitee, "status": "canceled"})
        if mark and past.get("mark") != mark and self._is_ours(marked, first=first):
            self._add("invitee_no_show.created", marked, event, invitee)
        if past.get("mark") and not mark:
            self._add("invitee_no_show.deleted", _iso(self.now) or "", event, invitee)
        return {"status": "canceled" if canceled else "active", "mark": mark}

    def _is_ours(self, stamp: str, *, first: bool) -> bool:
        moment = read_moment(stamp)
        return not first or moment is None or moment >= self.since

    def _add(self, name: str, at: str, event: Mapping[str, Any], invitee: Mapping[str, Any]) -> None:
        payload = {**invitee, "scheduled_event": event}
        self.documents.append({"event": name, "created_at": at, "created_by": self.host, "payload": payload})

    def cursor(self, *, complete: bool) -> Mapping[str, Any]:
        return {"complete": complete, "events": self.present}


def _is_complete(cursor: Mapping[str, Any] | None) -> bool:
    return bool(cursor and cursor.get("complete"))


def _shown(event: Any) -> list[str]:
    """What of an event in a list changes with its invitees."""
    counter = object_at(event, "invitees_counter")
    return [
        text_at(event, "updated_at"),
        text_at(event, "status"),
        text_at(event, "start_time"),
        f"{id_at(counter, 'total')}/{id_at(counter, 'active')}",
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _parse(documents: list[Mapping[str, Any]], clock: Clock) -> ParsedDelivery:
    """In the order in which it happened: a booking before its end."""
    reader, events, rejected = CalendlyWebhook(), list[InboundEvent](), list[RejectedItem]()
    for document in sorted(documents, key=lambda one: line_at(one, "created_at")):
        parsed = reader.parse(document, clock.now(), {})
        events += parsed.events
        rejected += parsed.rejected
    return ParsedDelivery(tuple(events), tuple(rejected))
