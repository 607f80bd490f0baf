"""What crosses the border between vendors and PipeWise: frozen and vendor-neutral."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    MESSAGE = "message"  # a lead wrote, tapped or sent something that expects an answer
    STATUS = "status"  # a vendor reports on a message of ours
    ECHO = "echo"  # a person of the company wrote from the vendor's own app
    BOOKING = "booking"  # a meeting was made, moved, cancelled or missed at the vendor
    IDENTITY = "identity"  # a lead's vendor id or number changed
    FORM = "form"  # a lead came by form or API; may carry a message
    NOTICE = "notice"  # the vendor says something about the account


@dataclass(frozen=True)
class Identity:
    """One exact key of a person. `platform` may also be `email` (lower-case) or `phone` (E.164)."""

    platform: str
    external_id: str


@dataclass(frozen=True)
class Sender:
    """Who is behind an event, as far as the vendor tells. The first identity is the address for a reply."""

    identities: tuple[Identity, ...]
    name: str | None = None
    email: str | None = None
    phone: str | None = None  # E.164
    company: str | None = None


@dataclass(frozen=True)
class InboundEvent:
    """One item of a delivery.

    `dedupe_key` is unique per integration and stable over re-deliveries. `content` is JSON by kind:

    MESSAGE   {"type": "text|choice|image|audio|video|document|sticker|location|contacts|order|reaction|unsupported|unknown",
               "text": str, "vendor_id"?: str, "choice_id"?: str, "reply_to"?: str, "media_id"?: str, "referral"?: {…},
               "edits"?: id of the message it replaces, "revokes"?: id of the message taken back, "group_id"?: str}
    STATUS    {"vendor_id": str, "callback": str|None, "status": "sent|delivered|read|failed", "billable"?: bool,
               "error"?: {"code": str, "message": str, "stops_account": bool, …}}
    ECHO      {"text": str, "to": str, "vendor_id"?: str}
    BOOKING   {"change": "created|canceled|no_show|no_show_cleared", "title", "invitee_uri", "event_uri", "event_type",
               "start_time", "end_time", "timezone", "status", "rescheduled": bool, "old_invitee", "new_invitee",
               "tracking": {…}, "join_url", "cancel_url", "reschedule_url", "canceled_by", "reason"}
    IDENTITY  {"previous": str, "current": str}
    FORM      {"message": str, "source": str|None, "consent": bool, "fields": {…}}
    NOTICE    {"topic": str, "detail": str}
    """

    kind: EventKind
    dedupe_key: str
    occurred_at: datetime | None
    sender: Sender | None
    content: Mapping[str, Any]
    account_ref: str | None = None  # the vendor's id of our account, e.g. a WhatsApp phone_number_id
    needs_turn: bool = True  # False: stored and applied, but no answer is owed (reaction, revoke, …)


@dataclass(frozen=True)
class RejectedItem:
    """An item of an authentic delivery that could not be read; it becomes a dead letter."""

    dedupe_key: str
    reason: str
    raw: Any
    account_ref: str | None = None


@dataclass(frozen=True)
class ParsedDelivery:
    """Everything of one webhook body, item by item; `ignored` counts items that PipeWise does not need."""

    events: tuple[InboundEvent, ...] = ()
    rejected: tuple[RejectedItem, ...] = ()
    ignored: int = 0


@dataclass(frozen=True)
class Choice:
    """A tappable option; `id` comes back in the lead's answer."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Template:
    """A message the vendor approved beforehand; `parameters` fill its body in order."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutboundMessage:
    """What should reach the lead. A platform renders choices and link natively and keeps `text` complete without them."""

    text: str
    choices: tuple[Choice, ...] = ()
    choices_label: str = ""
    link: Link | None = None
    template: Template | None = None
    reply_to: str | None = None
    human_agent: bool = False  # written by a person, who may use the longer time that a channel gives to people

    def as_dict(self) -> dict[str, Any]:
        return {
            **({"human_agent": True} if self.human_agent else {}),
            "text": self.text,
            "choices": [{"id": c.id, "title": c.title, "description": c.description} for c in self.choices],
            "choices_label": self.choices_label,
            "link": {"label": self.link.label, "url": self.link.url} if self.link else None,
            "template": (
                {
                    "name": self.template.name,
                    "language": self.template.language,
                    "parameters": list(self.template.parameters),
                }
                if self.template
                else None
            ),
            "reply_to": self.reply_to,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "OutboundMessage":
        link, template = data.get("link"), data.get("template")
        return cls(
            text=data["text"],
            choices=tuple(Choice(c["id"], c["title"], c.get("description", "")) for c in data.get("choices", ())),
            choices_label=data.get("choices_label", ""),
            link=Link(link["label"], link["url"]) if link else None,
            template=(
                Template(template["name"], template["language"], tuple(template.get("parameters", ())))
                if template
                else None
            ),
            reply_to=data.get("reply_to"),
            human_agent=data.get("human_agent") is True,
        )


@dataclass(frozen=True)
class SendReceipt:
    """The vendor took the message. `recipient` is the address it settled on, if it told."""

    vendor_id: str
    recipient: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
