"""WhatsApp's world: business numbers, the people who write to them, conversations, templates and media."""

import base64
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipewise.clock import Clock
from pipewise.sandbox.whatsapp_templates import Template, default_templates

Json = dict[str, Any]

DEFAULT_TOKEN = "sandbox-whatsapp-token"  # noqa: S105 - the sandbox's published sample value
DEFAULT_APP_SECRET = "sandbox-whatsapp-app-secret"  # noqa: S105
DEFAULT_VERIFY_TOKEN = "sandbox-verify-token"  # noqa: S105
DEFAULT_NUMBER_ID = "100000000000001"
DEFAULT_WABA_ID = "200000000000001"
APP_ID = "800000000000001"
BUSINESS_ID = "700000000000001"

WINDOW = timedelta(hours=24)
PAIR_PAUSE = timedelta(seconds=6)
PAIR_BURST = 45
MEDIA_LIFETIME = timedelta(days=30)
MEDIA_URL_LIFETIME = timedelta(minutes=5)


@dataclass(eq=False)
class Number:
    """A business phone number and the app that listens to it."""

    id: str
    waba_id: str
    display: str
    name: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    callback_url: str | None = None
    subscribed: bool = True

    @property
    def digits(self) -> str:
        return "".join(c for c in self.display if c.isdigit())


@dataclass(eq=False)
class Person:
    """Somebody on WhatsApp. A person with a username may be known by the business-scoped id alone."""

    user_id: str
    wa_id: str | None
    name: str
    username: str | None = None

    @property
    def key(self) -> str:
        return self.wa_id or self.user_id


@dataclass(eq=False)
class ChatMessage:
    """One bubble of a conversation, as the phone shows it."""

    id: str
    number: Number
    person: Person
    direction: str
    at: datetime
    content: Json
    callback_data: str | None = None
    receipts: list[tuple[float, str]] = field(default_factory=list)

    def status_at(self, monotonic: float) -> str | None:
        """The newest receipt that is due."""
        due = [name for at, name in sorted(self.receipts) if at <= monotonic]
        return due[-1] if due else None


@dataclass
class PairUse:
    """How much of the pair's quota is spent: when the debt is paid off, and the burst that made it."""

    paid_at: datetime
    burst_started: datetime
    burst_count: int


@dataclass(eq=False)
class Media:
    id: str
    number: Number
    content: bytes
    mime_type: str
    created_at: datetime
    url_made_at: datetime | None = None


@dataclass
class Switches:
    window_error: str = "direct"
    pair_limit: bool = True
    receipts: tuple[str, ...] = ("sent", "delivered", "read")
    media_host: str = "https://lookaside.fbsbx.com"


class WhatsAppWorld:
    def __init__(self, clock: Clock, seed: int, ids: random.Random) -> None:
        self.clock = clock
        self._seed = seed
        self._rng = ids
        self.switches = Switches()
        self.numbers: dict[str, Number] = {}
        self.people: list[Person] = []
        self.chat: list[ChatMessage] = []
        self.templates: dict[str, list[Template]] = {}
        self.media: dict[str, Media] = {}
        self._last_inbound: dict[tuple[str, str], datetime] = {}
        self._pairs: dict[tuple[str, str], PairUse] = {}
        self.add_number(DEFAULT_NUMBER_ID, token=DEFAULT_TOKEN)

    def add_number(
        self,
        number_id: str,
        *,
        token: str,
        app_secret: str = DEFAULT_APP_SECRET,
        verify_token: str = DEFAULT_VERIFY_TOKEN,
        waba_id: str = DEFAULT_WABA_ID,
    ) -> Number:
        """Register a number, or give a known one new secrets; its callback is set after the handshake."""
        known = self.numbers.get(number_id)
        display = known.display if known else f"+351 21 000 {1000 + len(self.numbers):04d}"
        number = known or Number(number_id, waba_id, display, "Harbourline", token, app_secret, verify_token)
        number.token, number.app_secret, number.verify_token = token, app_secret, verify_token
        number.waba_id = waba_id
        self.numbers[number_id] = number
        self.templates.setdefault(waba_id, default_templates(waba_id))
        return number

    def adopt(self, before: "WhatsAppWorld") -> None:
        """Take over the numbers, templates and switches of a former world."""
        self.numbers, self.templates, self.switches = before.numbers, before.templates, before.switches

    def new_id(self) -> str:
        return str(self._rng.randrange(10**14, 10**15))

    def new_wamid(self, person: Person) -> str:
        core = f"{person.key}:{self._rng.getrandbits(80):020X}".encode()
        return "wamid." + base64.b64encode(core).decode()

    def person(self, wa_id: str | None, user_id: str | None) -> Person | None:
        """The business-scoped id decides; the phone number is the older name of the same person."""
        by_user_id = next((p for p in self.people if user_id and p.user_id == user_id), None)
        return by_user_id or next((p for p in self.people if wa_id and p.wa_id == wa_id), None)

    def meet(self, wa_id: str | None, user_id: str | None, name: str | None, username: str | None) -> Person:
        person = self.person(wa_id, user_id)
        if person is None:
            person = Person(user_id or self.user_id_of(str(wa_id)), wa_id, name or "Sandbox lead", username)
            self.people.append(person)
        person.wa_id = person.wa_id or wa_id
        person.name, person.username = name or person.name, username or person.username
        return person

    def user_id_of(self, wa_id: str) -> str:
        """The same number keeps its business-scoped id over restarts."""
        return f"PT.{random.Random(f'{self._seed}:{wa_id}').randrange(10**19, 10**20)}"

    def message(self, wamid: str) -> ChatMessage | None:
        return next((m for m in reversed(self.chat) if m.id == wamid), None)

    def note_inbound(self, number: Number, person: Person, at: datetime) -> None:
        """Each message of the person opens the service window anew."""
        self._last_inbound[number.id, person.user_id] = at

    def window_is_open(self, number: Number, person: Person) -> bool:
        last = self._last_inbound.get((number.id, person.user_id))
        return last is not None and self.clock.now() < last + WINDOW

    def spend_pair(self, number: Number, person: Person) -> bool:
        """One message per 6 s to the same person. Up to 45 within 6 s borrow from the future, and the debt is waited off."""
        if not self.switches.pair_limit:
            return True
        now, key = self.clock.now(), (number.id, person.user_id)
        use = self._pairs.get(key)
        if use is None or now >= use.paid_at or now < use.burst_started:
            self._pairs[key] = PairUse(now + PAIR_PAUSE, now, 1)
            return True
        if now >= use.burst_started + PAIR_PAUSE or use.burst_count >= PAIR_BURST:
            return False
        use.paid_at += PAIR_PAUSE
        use.burst_count += 1
        return True

    def conversation(self, key: str) -> list[ChatMessage]:
        return [m for m in self.chat if key in (m.person.wa_id, m.person.user_id)]
