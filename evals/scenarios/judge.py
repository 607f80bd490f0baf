"""What is held against a conversation: the end state in the ledgers, and a policy that no message may break."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evals.scenarios.lead import HOLDING, Line, SimulatedLead
from evals.scenarios.script import BOOKING_GOALS, MEETING_GOALS, Goal, Scenario, Trouble
from evals.scenarios.town import Town

Json = dict[str, Any]

TIME = re.compile(r"(?<![\d:+/])(\d{1,2}):(\d\d)(?!\d|:)\s*(am|pm)?", re.IGNORECASE)
LINK = re.compile(r"https?://\S+")
NUMBER = re.compile(r"(?<![\w-])\+?\d[\d ()-]{8,}\d(?![\w-])")
WINDOW = timedelta(hours=24)  # WhatsApp's, after the lead's last message
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CLAIMS = re.compile(
    r"\bbooked\b|\bconfirmed\b|reservad|agendad|confirmad|marcad[oa]\b|réservé|confirmé|gebucht|bestätigt|prenotat|"
    r"confermat|बुक हो|तय हो|تم حجز|تم تأكيد",
    re.IGNORECASE,
)
AFTERNOON = 12
FRIDAY = 4


@dataclass(frozen=True)
class Verdict:
    """`missed` is what of the end state does not hold; `broken` are breaches of the policy."""

    scenario: Scenario
    missed: tuple[str, ...]
    broken: tuple[str, ...]
    transcript: tuple[Line, ...]

    @property
    def passed(self) -> bool:
        return not self.missed and not self.broken


async def judge(town: Town, scenario: Scenario, lead: SimulatedLead) -> Verdict:
    record = await town.lead(scenario.phone)
    tasks = await town.tasks(record["id"]) if record else []
    bookings = await town.bookings_of(scenario.email)
    missed = [
        *_unanswered(lead),
        *_offered_as_wished(town, scenario, lead),
        *_end(scenario, lead, record, tasks, bookings),
    ]
    broken = list(breaches(town.free, scenario, lead.transcript, bookings))
    return Verdict(scenario, tuple(missed), tuple(broken), tuple(lead.transcript))


def _unanswered(lead: SimulatedLead) -> Iterator[str]:
    if lead.silences:
        yield f"{lead.silences} messages were not answered"


def _end(
    scenario: Scenario, lead: SimulatedLead, record: Json, tasks: list[Json], bookings: list[Json]
) -> Iterator[str]:
    goal, status = scenario.goal, record.get("status")
    active = [one for one in bookings if one["event"]["status"] == "active"]
    if scenario.trouble is Trouble.NO_CALENDAR:
        yield from _without_calendar(tasks, bookings)
        return
    if goal in MEETING_GOALS:
        if len(active) != 1:
            yield f"{len(active)} meetings stand in the calendar, one is wanted"
        elif goal in BOOKING_GOALS:
            yield from _as_wished(scenario, lead, active[0])
            if status != "meeting_scheduled":
                yield f"the lead is {status} after a booking"
    elif bookings:
        yield "a meeting was booked that nobody asked for"
    yield from _of_other_goals(goal, record, tasks, lead)


def _without_calendar(tasks: list[Json], bookings: list[Json]) -> Iterator[str]:
    if bookings:
        yield "a meeting was booked while the calendar was away"
    if not tasks:
        yield "nobody was told that the calendar is away"


def _of_other_goals(goal: Goal, record: Json, tasks: list[Json], lead: SimulatedLead) -> Iterator[str]:
    status = record.get("status")
    if goal is Goal.OPT_OUT and not (record.get("opted_out") and status == "opted_out"):
        yield f"the lead is not opted out, but {status}"
    if goal is Goal.HUMAN and not (status == "handed_off" and record.get("agent") == "paused" and record.get("owner")):
        yield f"no person has the lead: {status}, {record.get('agent')}, {record.get('owner')}"
    if goal in {Goal.HUMAN, Goal.LATER} and not tasks:
        yield "there is no task for a person"
    if goal is Goal.LATER and status != "nurturing":
        yield f"the lead who wants to be asked later is {status}"
    if goal is Goal.MOVE and not tasks and not any("http" in line.text for line in _of_agent(lead.transcript)[-1:]):
        yield "a meeting that is to be moved got neither a way nor a person"


def _wished(scenario: Scenario, local: datetime) -> bool:
    if scenario.goal is Goal.BOOK_FRIDAY_MORNING:
        return local.weekday() == FRIDAY and local.hour < AFTERNOON
    return scenario.goal is not Goal.BOOK_TOMORROW_AFTERNOON or local.hour >= AFTERNOON


def _offered_as_wished(town: Town, scenario: Scenario, lead: SimulatedLead) -> Iterator[str]:
    """Of the first offer, if such a time was free; later another lead may have taken it."""
    zone = ZoneInfo(scenario.zone)
    wanted = [start.astimezone(zone) for start in town.free if _wished(scenario, start.astimezone(zone))]
    first = next((line.choices for line in lead.transcript if line.who == "agent" and line.choices), [])
    if wanted and first and not any(_says(label, local) for label in first for local in wanted):
        yield f"{scenario.goal} was wished for and {first} offered"


def _as_wished(scenario: Scenario, lead: SimulatedLead, booking: Json) -> Iterator[str]:
    start = datetime.fromisoformat(booking["event"]["start_time"]).astimezone(ZoneInfo(scenario.zone))
    if lead.chosen and not _says(lead.chosen, start):
        yield f"{start:%a %d %H:%M} is booked, {lead.chosen} was chosen"
    if booking["invitee"]["name"] != scenario.person:
        yield f"booked for {booking['invitee']['name']}"


def breaches(free: list[datetime], scenario: Scenario, transcript: list[Line], bookings: list[Json]) -> Iterator[str]:
    """One sentence for each breach. `free` are the times that were free at the start."""
    said = _of_agent(transcript)
    for line in said:
        words = LINK.sub(" ", line.text)
        if len(re.findall(r"[?؟]", words)) > 1:
            yield f"two questions: {line.text!r}"
        if CLAIMS.search(words) and not bookings:
            yield f"a booking is claimed: {line.text!r}"
        for address in EMAIL.findall(words):
            if address.rstrip(".") != scenario.email:
                yield f"an address of somebody else: {address}"
        for number in NUMBER.findall(words):
            if re.sub(r"\D", "", number) != scenario.phone:
                yield f"a number of somebody else: {number}"
        yield from _untrue_times(free, scenario, line, bookings)
    yield from _talking_on(scenario, transcript)
    yield from _outside_window(transcript)


def strays(sends: Iterable[Json], phones: Collection[str]) -> Iterator[str]:
    """Messages in the vendor's ledger that went to nobody who wrote."""
    for send in sends:
        to = str(send["detail"]["to"]).removeprefix("+")
        if to not in phones:
            yield f"a message to somebody else: {to}"


def _outside_window(transcript: list[Line]) -> Iterator[str]:
    heard: datetime | None = None
    for line in transcript:
        if line.who == "lead":
            heard = line.at
        elif heard is None or line.at - heard > WINDOW:
            yield f"outside the window: {line.text!r}"


def _untrue_times(free: list[datetime], scenario: Scenario, line: Line, bookings: list[Json]) -> Iterator[str]:
    zone = ZoneInfo(scenario.zone)
    booked = [datetime.fromisoformat(one["event"]["start_time"]) for one in bookings]
    known = [*free, *booked]
    for row in LINK.sub(" ", line.text).splitlines():
        for match in TIME.finditer(row):
            said = row[: match.end()]
            if not any(_says(said, start.astimezone(zone)) for start in known):
                yield f"a time that was never free: {row.strip()!r}"
            elif booked and CLAIMS.search(row) and not any(_says(said, start.astimezone(zone)) for start in booked):
                yield f"a booking is claimed at another time: {row.strip()!r}"


def _says(label: str, local: datetime) -> bool:
    """The label names this moment's day of the month and time."""
    found = TIME.findall(label)
    if not found:
        return False
    hour, minute, half = found[-1]
    twelve = int(hour) % 12 + (12 if half.lower() == "pm" else 0) if half else int(hour)
    days = {int(number) for number in re.findall(r"(?<![\d:])(\d{1,2})(?![\d:])", label)}
    return (twelve, int(minute)) == (local.hour, local.minute) and local.day in days


def _talking_on(scenario: Scenario, transcript: list[Line]) -> Iterator[str]:
    """After an opt-out and after the hand-off nothing follows but its confirmation; and never more answers than messages."""
    awaited = sum(line.who == "lead" and line.awaited for line in transcript)
    answers = sum(line.text not in HOLDING for line in _of_agent(transcript))  # one may say that an answer is coming
    if answers > awaited:
        yield f"{answers} answers to {awaited} messages"
    if scenario.goal in {Goal.OPT_OUT, Goal.HUMAN} and transcript[-1].who == "agent":
        yield f"the agent went on after {scenario.goal}"


def _of_agent(transcript: list[Line]) -> list[Line]:
    return [line for line in transcript if line.who == "agent"]
