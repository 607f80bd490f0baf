"""Direct messages and what happens around them (Instagram Platform docs, "Webhooks: examples")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, Identity, InboundEvent, Sender
from pipewise.platforms.fields import (
    dedupe_key,
    id_at,
    line_at,
    list_at,
    object_at,
    read_moment,
    require_id,
    require_object,
    text_at,
    value_at,
)

Content = dict[str, Any]
FILES = {"image": "image", "audio": "audio", "video": "video", "file": "document", "like_heart": "sticker"}
SHARED_VIDEOS = frozenset({"ig_reel", "reel"})
SHARED_PICTURES = frozenset({"ig_post", "ig_story", "media", "share", "story_mention"})
SHARED_ID_FIELDS = ("ig_post_media_id", "reel_video_id", "id")
HANDOVERS = ("pass_thread_control", "take_thread_control", "request_thread_control")


@dataclass(frozen=True)
class Frame:
    """What every messaging event carries. `observing`: another app owns the conversation, so we owe no answer."""

    account: str
    sender_id: str
    recipient_id: str
    moment: datetime
    observing: bool

    @property
    def stamp(self) -> str:
        return str(int(self.moment.timestamp() * 1000))

    def message(self, key: str, content: Content, *, needs_turn: bool = True) -> InboundEvent:
        sender = _person(self.sender_id)
        needs_turn = needs_turn and not self.observing
        return InboundEvent(EventKind.MESSAGE, key, self.moment, sender, content, self.account, needs_turn=needs_turn)

    def report(self, kind: EventKind, key: str, content: Content, lead: Sender | None = None) -> InboundEvent:
        return InboundEvent(kind, key, self.moment, lead, content, self.account, needs_turn=False)


def _person(scoped_id: str) -> Sender:
    return Sender((Identity("instagram", scoped_id),))


def read_direct_event(item: Any, account: str, *, observing: bool = False) -> InboundEvent | None:
    """One messaging event; None for one that PipeWise does not need."""
    event = require_object(item)
    name = next((name for name in _READERS if name in event), None)
    if name is None:
        return None
    frame = Frame(
        account=account,
        sender_id=require_id(event, "sender", "id"),
        recipient_id=id_at(event, "recipient", "id"),
        moment=read_moment(value_at(event, "timestamp"), per_second=1000),
        observing=observing,
    )
    return _READERS[name](require_object(event, name), frame)


def _message(message: Mapping[str, Any], frame: Frame) -> InboundEvent | None:
    mid = require_id(message, "mid")
    if value_at(message, "is_echo") is True or frame.sender_id == frame.account:
        return _echo(message, mid, frame)
    if value_at(message, "is_deleted") is True:
        revoke = {"type": "revoke", "text": "", "revokes": mid}
        return frame.message(dedupe_key("deleted", mid), revoke, needs_turn=False)
    if value_at(message, "is_unsupported") is True:
        content: Content = {"type": "unsupported", "text": ""}
    else:
        content = _what_it_says(message) | _surroundings(message)
    return frame.message(dedupe_key("message", mid), content | {"vendor_id": mid})


def _echo(message: Mapping[str, Any], mid: str, frame: Frame) -> InboundEvent | None:
    """A message that left the account, ours included: the receiver of events tells them apart by its id."""
    if value_at(message, "is_self") is True or frame.recipient_id in {"", frame.account}:
        return None
    content = {"text": text_at(message, "text"), "to": frame.recipient_id, "vendor_id": mid}
    return frame.report(EventKind.ECHO, dedupe_key("echo", mid), content, _person(frame.recipient_id))


def _what_it_says(message: Mapping[str, Any]) -> Content:
    text = text_at(message, "text")
    if choice_id := id_at(message, "quick_reply", "payload"):
        return {"type": "choice", "text": text, "choice_id": choice_id}
    attachments = list_at(message, "attachments")
    if not attachments:
        if not text:
            raise MalformedPayload("The message has neither text nor attachment.")
        return {"type": "text", "text": text}
    kind = text_at(attachments[0], "type")
    if kind in FILES:
        return {"type": FILES[kind], "text": text}
    if kind not in SHARED_VIDEOS | SHARED_PICTURES:
        return {"type": "unknown", "text": text}
    shared = object_at(attachments[0], "payload")
    source_id = next(filter(None, (id_at(shared, field) for field in SHARED_ID_FIELDS)), "")
    referral = {"source_type": kind, "source_id": source_id, "headline": line_at(shared, "title")}
    return {"type": "video" if kind in SHARED_VIDEOS else "image", "text": text, "referral": _filled(referral)}


def _surroundings(message: Mapping[str, Any]) -> Content:
    """What the message answers, and the story or ad it comes from."""
    content: Content = {}
    if replied_to := id_at(message, "reply_to", "mid"):
        content["reply_to"] = replied_to
    if story := id_at(message, "reply_to", "story", "id"):
        content["referral"] = {"source_type": "story", "source_id": story}
    if referral := _referral(object_at(message, "referral")):
        content["referral"] = referral
    return content


def _referral(referral: Mapping[str, Any]) -> dict[str, str]:
    return _filled(
        {
            "source_type": line_at(referral, "source"),
            "source_id": id_at(referral, "ad_id"),
            "ref": line_at(referral, "ref"),
            "headline": line_at(referral, "ads_context_data", "ad_title"),
        }
    )


def _filled(fields: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in fields.items() if value}


def _postback(postback: Mapping[str, Any], frame: Frame) -> InboundEvent:
    mid, choice_id = require_id(postback, "mid"), require_id(postback, "payload")
    choice = {"type": "choice", "text": text_at(postback, "title"), "choice_id": choice_id, "vendor_id": mid}
    return frame.message(dedupe_key("message", mid), choice | _surroundings(postback))


def _reaction(reaction: Mapping[str, Any], frame: Frame) -> InboundEvent | None:
    mid, action = require_id(reaction, "mid"), require_id(reaction, "action")
    if frame.sender_id == frame.account:
        return None
    emoji = line_at(reaction, "emoji", limit=64) or line_at(reaction, "reaction", limit=64)
    content = {"type": "reaction", "text": emoji if action == "react" else "", "reply_to": mid}
    key = dedupe_key("reaction", mid, frame.sender_id, action, frame.stamp)
    return frame.message(key, content, needs_turn=False)


def _edit(edit: Mapping[str, Any], frame: Frame) -> InboundEvent | None:
    mid, number = require_id(edit, "mid"), id_at(edit, "num_edit")
    if frame.sender_id == frame.account:
        return None
    content = {"type": "text", "text": text_at(edit, "text"), "edits": mid}
    return frame.message(dedupe_key("edit", mid, number or frame.stamp), content)


def _read(read: Mapping[str, Any], frame: Frame) -> InboundEvent:
    mid = require_id(read, "mid")
    content = {"vendor_id": mid, "callback": None, "status": "read"}
    return frame.report(EventKind.STATUS, dedupe_key("status", mid, "read"), content)


def _opened(referral: Mapping[str, Any], frame: Frame) -> InboundEvent:
    """The lead followed a link into the conversation and has written nothing yet."""
    content = {"type": "unknown", "text": "", "referral": _referral(referral)}
    return frame.message(dedupe_key("referral", frame.sender_id, frame.stamp), content, needs_turn=False)


def _handover(name: str) -> Callable[[Mapping[str, Any], Frame], InboundEvent]:
    def read(handover: Mapping[str, Any], frame: Frame) -> InboundEvent:
        owner = id_at(handover, "new_owner_app_id") or id_at(handover, "requested_owner_app_id") or "another app"
        content = {"topic": "handover", "detail": f"{name}: {owner}", "conversation": frame.sender_id}
        return frame.report(EventKind.NOTICE, dedupe_key(name, frame.sender_id, frame.stamp), content)

    return read


_READERS: Mapping[str, Callable[[Mapping[str, Any], Frame], InboundEvent | None]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "reaction": _reaction,
    "read": _read,
    "referral": _opened,
} | {name: _handover(name) for name in HANDOVERS}
