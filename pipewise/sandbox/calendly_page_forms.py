"""The HTML of the invitee's pages. Everything that comes from outside passes through `escape`."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from pipewise.sandbox.calendly_answers import whole_seconds
from pipewise.sandbox.calendly_event_types import KINDS_WITH_DETAIL, EventType
from pipewise.sandbox.calendly_state import Account, Booking

STATIC = Path(__file__).parent / "static"
PLACE_NAMES = {
    "google_conference": "Google Meet",
    "outbound_call": "We call you",
    "physical": "At our office",
    "ask_invitee": "You choose the place",
    "custom": "Custom place",
}


def page(title: str, content: str) -> str:
    """`content` is HTML that this module built; the title is plain text."""
    shell = Template((STATIC / "invitee.html").read_text(encoding="utf-8"))
    return shell.substitute(title=escape(title), content=content)


def message_page(title: str, text: str) -> str:
    return page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def alert(problem: str) -> str:
    return f'<p class="alert" role="alert">{escape(problem)}</p>' if problem else ""


def field(name: str, label: str, value: str, *, kind: str = "text", required: bool = True) -> str:
    need = " required" if required else ""
    return (
        f'<label>{escape(label)}<input name="{escape(name)}" type="{kind}" value="{escape(value)}"{need} '
        'autocomplete="on"></label>'
    )


def slot_choice(slots: list[datetime], zone: ZoneInfo, chosen: str = "") -> str:
    """One group of radio buttons a day; the value is the UTC start, the label the local time."""
    if not slots:
        return "<p>No times are free in the next two weeks.</p>"
    groups = []
    for day, times in groupby((slot.astimezone(zone) for slot in slots), key=lambda local: local.date()):
        choices = "".join(
            f'<label class="slot"><input type="radio" name="start_time" required value="{whole_seconds(local)}"'
            f"{' checked' if whole_seconds(local) == chosen else ''}>"
            f"<span>{local:%H:%M}</span></label>"
            for local in times
        )
        groups.append(f"<fieldset><legend>{day:%A, %d %B}</legend><div class='slots'>{choices}</div></fieldset>")
    return f"<p class='hint'>Times are in {escape(str(zone))}.</p>" + "".join(groups)


def booking_form(
    *,
    account: Account,
    event_type: EventType,
    slots: list[datetime],
    zone: ZoneInfo,
    prefill: Mapping[str, str],
    problem: str,
) -> str:
    """`prefill` are the query parameters that Calendly's links know, and `start_time` for a link to one slot."""
    whole = " ".join(part for part in (prefill.get("first_name"), prefill.get("last_name")) if part)
    questions = "".join(
        field(f"a{index + 1}", question["name"], prefill.get(f"a{index + 1}", ""), required=question["required"])
        for index, question in enumerate(event_type.questions)
    )
    content = (
        f"<h1>{escape(event_type.name)}</h1>"
        f"<p>{event_type.duration} minutes with {escape(account.name)}. {escape(event_type.description)}</p>"
        f"{alert(problem)}<form method='post'>{slot_choice(slots, zone, prefill.get('start_time', ''))}"
        f"{field('name', 'Your name', prefill.get('name') or whole)}"
        f"{field('email', 'E-mail', prefill.get('email', ''), kind='email')}"
        f"{field('timezone', 'Time zone', str(zone))}"
        f"{places(event_type)}{questions}<button>Book this time</button></form>"
    )
    return page(event_type.name, content)


def places(event_type: EventType) -> str:
    options = "".join(
        f'<option value="{escape(kind)}">{escape(PLACE_NAMES.get(kind, kind))}</option>'
        for kind in (str(place["kind"]) for place in event_type.locations)
    )
    needs_detail = any(place["kind"] in KINDS_WITH_DETAIL for place in event_type.locations)
    detail = field("location", "Phone number for the call (or leave empty)", "", required=False) if needs_detail else ""
    return f"<label>Place<select name='location_kind'>{options}</select></label>{detail}" if options else ""


def cancel_form(booking: Booking) -> str:
    local = booking.start.astimezone(ZoneInfo(booking.timezone))
    content = (
        f"<h1>Cancel this meeting?</h1><p>{escape(booking.event_type.name)}, {local:%A %d %B %Y, %H:%M} "
        f"({escape(booking.timezone)})</p><form method='post'>{field('reason', 'Reason (optional)', '', required=False)}"
        "<button>Cancel the meeting</button></form>"
    )
    return page("Cancel", content)


def move_form(booking: Booking, slots: list[datetime], zone: ZoneInfo, problem: str = "") -> str:
    local = booking.start.astimezone(zone)
    content = (
        f"<h1>Choose another time</h1><p>Now: {escape(booking.event_type.name)}, {local:%A %d %B %Y, %H:%M}</p>"
        f"{alert(problem)}<form method='post'>{slot_choice(slots, zone)}"
        f"{field('reason', 'Reason (optional)', '', required=False)}<button>Move the meeting</button></form>"
    )
    return page("Reschedule", content)
