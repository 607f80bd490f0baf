"""Direct messages of X, the same in both envelopes (X API docs, "Account Activity data objects" and "X Activity API")."""

from collections.abc import Mapping
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, Identity, InboundEvent, Sender
from pipewise.platforms.fields import (
    dedupe_key,
    id_at,
    line_at,
    object_at,
    read_moment,
    require_id,
    require_object,
    text_at,
    value_at,
)

MEDIA_TYPES = {"photo": "image", "animated_gif": "video", "video": "video"}


def read_direct_message(item: Any, users: Any, account: str) -> InboundEvent | None:
    """A direct message: a lead's, or one that left our account; None for entries that are no message."""
    event = require_object(item)
    if text_at(event, "type") != "message_create":
        return None
    message = require_object(event, "message_create")
    message_id, author = require_id(event, "id"), require_id(message, "sender_id")
    moment = read_moment(value_at(event, "created_timestamp"), per_second=1000)
    data = require_object(message, "message_data")
    if author == account:
        recipient = require_id(message, "target", "recipient_id")
        echo = {"text": text_at(data, "text"), "to": recipient, "vendor_id": message_id}
        key = dedupe_key("echo", message_id)
        lead = read_person(recipient, users)
        return InboundEvent(EventKind.ECHO, key, moment, lead, echo, account, needs_turn=False)
    sender, key = read_person(author, users), dedupe_key("dm", message_id)
    content = _read_data(data) | {"vendor_id": message_id}
    return InboundEvent(EventKind.MESSAGE, key, moment, sender, content, account)


def read_direct_read(item: Any, account: str) -> InboundEvent | None:
    """The lead read our messages up to one of them; None where it was us who read."""
    event = require_object(item)
    if require_id(event, "sender_id") == account:
        return None
    last = require_id(event, "last_read_event_id")
    moment = read_moment(value_at(event, "created_timestamp"), per_second=1000)
    content = {"vendor_id": last, "callback": None, "status": "read"}
    key = dedupe_key("status", last, "read")
    return InboundEvent(EventKind.STATUS, key, moment, None, content, account, needs_turn=False)


def read_encrypted(item: Any, account: str) -> InboundEvent | None:
    """A message in an encrypted chat: that it came is all one can read."""
    event = require_object(item)
    author = require_id(event, "sender_id")
    if author == account:
        return None
    moment = read_moment(value_at(event, "created_at_msec"), per_second=1000)
    content = {"type": "unsupported", "text": ""}
    key = dedupe_key("chat", require_id(event, "id"))
    return InboundEvent(EventKind.MESSAGE, key, moment, Sender((Identity("x", author),)), content, account)


def read_person(user_id: str, users: Any) -> Sender:
    """The newer envelope wraps each user in `data`."""
    user = object_at(users, user_id, "data") or object_at(users, user_id)
    name = line_at(user, "name") or line_at(user, "username") or line_at(user, "screen_name")
    return Sender((Identity("x", user_id),), name=name or None)


def _read_data(data: Mapping[str, Any]) -> dict[str, Any]:
    text = text_at(data, "text")
    if choice_id := id_at(data, "quick_reply_response", "metadata"):
        return {"type": "choice", "text": text, "choice_id": choice_id}
    media = object_at(data, "attachment", "media")
    if media:
        kind = MEDIA_TYPES.get(text_at(media, "type"), "unknown")
        media_id = id_at(media, "id")
        return {"type": kind, "text": text} | ({"media_id": media_id} if media_id else {})
    if not text:
        raise MalformedPayload("The message has neither text nor attachment.")
    return {"type": "text", "text": text}
