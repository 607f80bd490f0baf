"""What a platform is: credentials, settings, a webhook adapter and, where the vendor has them, a messenger and a scheduler."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from pipewise.events import OutboundMessage, ParsedDelivery, SendReceipt
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.texts import Measure
from pipewise.scheduling import Check, SchedulingClient


class Credentials(BaseModel):
    """Base of every platform's credentials form. Secret fields are `SecretStr`; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)


class TemplateRef(BaseModel):
    """A message template the vendor has approved."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=512)
    language: str = Field(min_length=2, max_length=15)


class Templates(BaseModel):
    """Which approved template opens or reopens a conversation."""

    model_config = ConfigDict(extra="forbid")
    first_contact: TemplateRef | None = None
    follow_up: TemplateRef | None = None
    reminder: TemplateRef | None = None


class MessagingSettings(BaseModel):
    """How answers on this channel are given: at once, after a person's approval, or not at all."""

    model_config = ConfigDict(extra="forbid")
    reply_mode: Literal["auto", "approve", "off"] = "auto"
    templates: Templates = Templates()


@dataclass(frozen=True)
class HandshakeAnswer:
    """The answer to a vendor's GET challenge."""

    status: int
    body: str
    media_type: str = "text/plain"


@dataclass(frozen=True)
class ItemLimits:
    """Comments or posts of this channel may be answered, each of them once and no later than `window` after it was written."""

    window: timedelta | None = None
    text: int | None = None  # where it differs from the channel's other messages
    measure: Measure = len
    account_windows: tuple[tuple[int, float], ...] = ()  # at most so many such answers in so many seconds


@dataclass(frozen=True)
class MessagingLimits:
    """What the channel allows. `window` is how long after the lead's last message free text may be sent, `person_window` how
    long a person may still write by hand. `measure` counts a text's length in `unit`."""

    text: int
    window: timedelta | None
    pair_interval: float  # seconds between two messages to the same person, in the long run
    pair_burst: int
    account_per_second: float
    measure: Measure = len
    unit: str = "characters"
    person_window: timedelta | None = None
    items: ItemLimits | None = None
    account_windows: tuple[tuple[int, float], ...] = ()  # at most so many messages in so many seconds


class WebhookAdapter(Protocol):
    """Inbound half of a platform: pure functions of bytes, headers, secrets and time."""

    content_types: frozenset[str]

    def signing_secrets(self, credentials: Any) -> tuple[str, ...]:
        """Secrets that may have signed a delivery; empty means that deliveries are refused."""
        ...

    def handshake(self, query: Mapping[str, str], credentials: tuple[Any, ...]) -> HandshakeAnswer:
        """Answer the vendor's GET challenge; any of the credentials (newest first) may match."""
        ...

    def verify(self, body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], now: datetime) -> None:
        """Raise InvalidSignature unless one of `secrets` signed exactly these bytes, recently where the vendor signs a time.

        `headers` has lower-case names."""
        ...

    def decode(self, body: bytes, content_type: str) -> Any:
        """The document in the body. Raises MalformedPayload; also used before verification, so it must be cheap and safe."""
        ...

    def account_refs(self, document: Any) -> tuple[str, ...]:
        """The vendor's ids of our accounts that this document speaks of, for callbacks shared by many accounts."""
        ...

    def parse(self, document: Any, received_at: datetime, headers: Mapping[str, str]) -> ParsedDelivery:
        """Every item of the document. Total: whatever the document, no exception other than MalformedPayload."""
        ...


class Messenger(Protocol):
    """Outbound half of a messaging platform, bound to one account."""

    limits: MessagingLimits

    async def send(self, to: str, message: OutboundMessage, *, callback: str) -> SendReceipt:
        """Send once, without any retry. `callback` is our outbox id; the vendor echoes it where it can.

        Raises PlatformError whose `outcome` tells what is known."""
        ...

    def stops_account(self, vendor_code: str | None) -> bool:
        """Whether this refusal means that nothing more may be sent automatically from the account until a person looked."""
        ...

    async def show_typing(self, message_id: str) -> None:
        """Mark the lead's message as read and show that an answer is being written. Raises PlatformError."""
        ...

    async def check(self) -> tuple[Check, ...]:
        """Ask the vendor about this account now. Failures become checks, not exceptions."""
        ...


@dataclass(frozen=True)
class Polled:
    """What a vendor told when it was asked: as a webhook would have told it, and from where to ask the next time.

    `more`: the vendor has more to tell than one look may ask for."""

    delivery: ParsedDelivery
    cursor: Mapping[str, Any]
    more: bool = False


class Feed(Protocol):
    """Events by asking, where the vendor does not push them. They carry the dedupe keys of the webhook's."""

    async def poll(self, cursor: Mapping[str, Any] | None, since: datetime) -> Polled:
        """`cursor` is what the last look returned; without one, what is older than `since` is none of ours. Raises
        PlatformError."""
        ...


@dataclass(frozen=True)
class Platform:
    """One entry of the registry; routes, forms, vault schema, CLI and conformance tests derive from it."""

    name: str
    title: str
    credentials: type[Credentials]
    settings: type[BaseModel]
    webhook: WebhookAdapter
    account_ref_field: str | None = None  # the credential field that names our account in shared callbacks
    messenger: Callable[[Any, VendorHTTP], Messenger] | None = None
    scheduler: Callable[[Any, VendorHTTP], SchedulingClient] | None = None
    echoed_text: Callable[[OutboundMessage], str] | None = None  # as our own message comes back in an echo
    arrange: Callable[[Any, Mapping[str, Any]], Any] | None = None  # a verified document, by the integration's settings
    api_url: str = ""  # scheme and host, where no setting names them
    first_renewal: timedelta | None = None  # after which a token entered by hand is renewed for the first time
    read_quota: Callable[[Mapping[str, str]], Mapping[str, Any] | None] | None = None  # from an answer's headers
    feed: Callable[[Any, VendorHTTP], Feed] | None = None
    polled: Callable[[Any], bool] = lambda _settings: True  # whether these settings want events to be asked for
    poll_every: timedelta = timedelta(minutes=1)

    @property
    def receives(self) -> tuple[str, ...]:
        return ("bookings",) if self.scheduler else ("messages",) if self.messenger else ("events",)

    @property
    def sends(self) -> bool:
        return self.messenger is not None

    @property
    def schedules(self) -> bool:
        return self.scheduler is not None
