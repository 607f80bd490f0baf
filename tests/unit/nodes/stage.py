"""What steps work with, played by fakes: a lead, a desk over a calendar that does as it is told, and models with a script."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.tools import BaseTool

from graph.state import EventInput, LeadState, Memory, TurnInput, empty_memory
from nodes.models import ModelAnswer, ModelFailure, NoAnswer, Part
from nodes.scheduler import SchedulerState
from pipewise.account_settings import AccountSettings
from pipewise.bookings import BookingIntent
from pipewise.connections import SchedulingConnection
from pipewise.desk_builder import DeskBuilder
from pipewise.events import Identity
from pipewise.knowledge import Found, Index, read_sections
from pipewise.lead_desk import LeadDesk
from pipewise.lead_view import lead_as_dict
from pipewise.leads import Lead, Meeting, Status
from pipewise.meeting_links import MeetingLinks
from pipewise.platforms.calendly.settings import CalendlySettings
from pipewise.scheduling_desk import DeskRules, SchedulingDesk
from pipewise.scheduling_desk import Memory as DeskMemory
from pipewise.storage.meetings import MeetingRow
from tests.fakes import NOON, FixedClock
from tests.fakes_vendors import CALL, FakeCalendar

FREE = tuple(
    NOON + timedelta(days=1, hours=hours) for hours in (-2, 0, 2)
)  # Tuesday at 10, 12 and 14 in London and Lisbon
ZONE = "Europe/Lisbon"
ANA = Lead(
    id="lead-1",
    account_id="account-1",
    status=Status.NEW,
    created_at=NOON,
    updated_at=NOON,
    name="Ana Silva",
    phone="+351911000001",
    timezone=ZONE,
    language="en",
    last_inbound_at=NOON,
    identities=(Identity("whatsapp", "351911000001"),),
)
MEETING = Meeting(
    "meeting-1", "scheduled", FREE[1], FREE[1] + timedelta(minutes=30), ZONE, {"email": "ana@silva.example"}, None
)
TURN = TurnInput(account_id="account-1", lead_id="lead-1", run_id="run-1", effects=True)


def make_state(
    text: str = "", lead: Lead = ANA, *, events: Sequence[Mapping[str, Any]] = (), **more: Any
) -> SchedulerState:
    """A turn's state as `load_lead` leaves it."""
    given = [dict(event) for event in events] or [{"text": text, "id": "message-1", "type": "text"}]
    inbound = [
        cast("EventInput", {"platform": "whatsapp", "sender": "351911000001", "text": "", **event}) for event in given
    ]
    state: dict[str, Any] = {
        "messages": [HumanMessage(event["text"], id=event.get("id")) for event in inbound if event["text"]],
        "memory": empty_memory(),
        "turn": TURN,
        "events": inbound,
        "lead_id": lead.id,
        "lead": lead_as_dict(lead),
        "lead_values": {},
        "text": "\n".join(event["text"] for event in inbound if event["text"]),
        "choice_id": next((event["choice_id"] for event in inbound if event.get("choice_id")), None),
        "language": lead.language or "en",
        "now": NOON.isoformat(),
        "intent": "out_of_scope",
        "intents": [],
        "route": "",
        "routes": [],
        "parts": [],
        "outcome": None,
        "draft": None,
        "draft_by": "rules",
        "proposal": {},
        "actions": [],
        "usage": [],
        "failed_models": [],
        "counters": {},
        "scheduling_integration": None,
        "checks": [],
        "success": True,
    }
    return cast("SchedulerState", state | more)


def remembering(**known: Any) -> Memory:
    return cast("Memory", {**empty_memory(), **known})


def offered(*starts: datetime) -> list[dict[str, str]]:
    """What the conversation remembers of an offer."""
    return [
        {
            "handle": f"slot_{number}",
            "start": start.isoformat(),
            "raw_start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "event_type": CALL.uri,
        }
        for number, start in enumerate(starts, 1)
    ]


def calls(*asked: tuple[str, dict[str, Any]], text: str = "") -> AIMessage:
    """A model's message that calls functions."""
    listed = [
        {"name": name, "args": arguments, "id": f"call-{number}", "type": "tool_call"}
        for number, (name, arguments) in enumerate(asked)
    ]
    return AIMessage(text, tool_calls=listed)


class FakeModels:
    """A chain whose provider answers by script. A string is words; None means that nobody in the asked part answers."""

    def __init__(self, *script: AIMessage | str | None, has_provider: bool = True) -> None:
        self.script = list(script)
        self.has_provider = has_provider
        self.asked: list[list[BaseMessage]] = []
        self.options: list[dict[str, Any]] = []

    async def ask(
        self,
        account_id: str,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool] = (),
        *,
        force: str | None = None,
        only: Part | None = None,
        skip: frozenset[str] = frozenset(),
    ) -> ModelAnswer:
        self.asked.append(list(messages))
        names = [tool.name for tool in tools]
        self.options.append({"account": account_id, "tools": names, "force": force, "only": only, "skip": skip})
        answer = self.script.pop(0)
        if answer is None:
            raise NoAnswer((ModelFailure("openai:fake", "RateLimitError", 7),))
        message = AIMessage(answer) if isinstance(answer, str) else answer
        return ModelAnswer(message, "offline" if only == "offline" else "openai:fake", 30, 5)


class FakeLeads(LeadDesk):
    """One lead of one account."""

    def __init__(self, lead: Lead = ANA, settings: AccountSettings | None = None, *, approves: bool = False) -> None:
        self.lead = lead
        self.approves = approves
        self.account = settings or AccountSettings(company="Acme")
        self.made: list[Mapping[str, Any]] = []

    async def load(self, account_id: str, lead_id: str) -> Lead:
        assert (account_id, lead_id) == (self.lead.account_id, self.lead.id)
        return self.lead

    async def settings(self, account_id: str) -> AccountSettings:
        assert account_id == self.lead.account_id
        return self.account

    async def default_account(self) -> str:
        return self.lead.account_id

    async def needs_approval(self, account_id: str, platform: str) -> bool:
        assert account_id == self.lead.account_id
        return self.approves

    async def find_or_create(self, account_id: str, event: Mapping[str, Any]) -> str:
        self.made.append(event)
        return self.lead.id


class FakeKnowledge:
    """Sections of one folder, without files."""

    def __init__(self, markdown: str = "", folder: str = "acme") -> None:
        self.index, self.folder = Index(list(read_sections("guide.md", markdown))), folder

    async def find(self, folder: str, question: str) -> tuple[Found, ...]:
        assert folder == self.folder
        return self.index.find(question)


class FakeBookings:
    """Books at the calendar without a database."""

    def __init__(self, calendar: FakeCalendar) -> None:
        self.calendar = calendar
        self.intents: list[BookingIntent] = []

    async def find(self, lead: Lead, event_type: str, start: datetime) -> MeetingRow | None:
        return None

    async def book(self, connection: SchedulingConnection, intent: BookingIntent) -> MeetingRow:
        self.intents.append(intent)
        booking = await self.calendar.book(intent.request)
        return cast("MeetingRow", BookedRow(booking.start, intent.request.email))


class BookedRow:
    """As much of a meeting's row as the desk reads."""

    id = "meeting-9"
    event_uri = "https://api.calendly.com/scheduled_events/EV9"
    title = "Intro call"
    join_url = "https://meet.example/room"
    end_time = None

    def __init__(self, start: datetime, email: str) -> None:
        self.start_time = start
        self.invitee = {"email": email}


class FakeDesks(DeskBuilder):
    """Opens a real desk over fakes, once per run."""

    def __init__(
        self, lead: Lead = ANA, *, free: Sequence[datetime] = FREE, connected: bool = True, mode: str = "slots"
    ) -> None:
        self.lead = lead
        self.calendar = FakeCalendar(free=tuple(free))
        self.bookings = FakeBookings(self.calendar)
        self.connection = (
            SchedulingConnection("connected", self.calendar, CalendlySettings.model_validate({"mode": mode}), None)
            if connected
            else None
        )
        self.opened: dict[str, SchedulingDesk] = {}
        self.closed: list[str] = []

    async def open(
        self,
        account_id: str,
        lead_id: str,
        run_id: str,
        *,
        memory: DeskMemory,
        learned: dict[str, Any],
        language: str,
        words: str,
        delivers: bool = True,
    ) -> SchedulingDesk:
        if run_id not in self.opened:
            self.opened[run_id] = SchedulingDesk(
                replace(self.lead, **learned),
                run_id,
                self.connection,
                cast("Any", self.bookings),
                FixedClock(),
                DeskRules(effects=True, demo_link_allowed=False, default_timezone=ZONE),
                memory,
                language=language,
                words=words,
            )
        return self.opened[run_id]

    def close(self, run_id: str) -> None:
        self.closed.append(run_id)


class FakeLinks(MeetingLinks):
    def __init__(self, outcome: dict[str, Any] | None) -> None:
        self.outcome = outcome

    async def change_outcome(self, desk: SchedulingDesk, meeting_id: str) -> dict[str, Any] | None:
        return self.outcome


def merged(state: LeadState, update: Mapping[str, Any]) -> SchedulerState:
    """The state after a step."""
    return cast("SchedulerState", {**state, **update})
