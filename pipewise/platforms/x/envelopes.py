"""X's two envelopes: the X Activity API, and the older Account Activity API for installations that still receive it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, InboundEvent
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.fields import (
    dedupe_key,
    digest,
    id_at,
    line_at,
    list_at,
    object_at,
    read_moment,
    require_id,
    require_object,
    value_at,
)
from pipewise.platforms.x.messages import read_direct_message, read_direct_read, read_encrypted
from pipewise.platforms.x.posts import read_deleted_post, read_legacy_post, read_post

POST_EVENTS = {"post.mention.create": "mention", "post.reply.create": "reply", "post.quote.create": "quote"}
DIRECT_EVENTS = frozenset({"dm.received", "dm.sent"})


def read_activity(data: Any, delivery: Delivery) -> None:
    """One event of the X Activity API."""
    account, kind = id_at(data, "filter", "user_id"), id_at(data, "event_type")
    if not account or not kind or not isinstance(value_at(data, "payload"), dict):
        delivery.reject(data, "The event names no account, type or payload.", account or None)
        return
    payload = object_at(data, "payload")
    if kind in DIRECT_EVENTS:
        _read_each(
            payload, "direct_message_events", partial(_direct, payload=payload, account=account), account, delivery
        )
    elif kind == "dm.read":
        reader = partial(read_direct_read, account=account)
        _read_each(payload, "direct_message_mark_read_events", reader, account, delivery)
    else:
        delivery.read(payload, partial(_single, kind=kind, data=data, account=account), account)


def read_account_activity(document: Any, delivery: Delivery) -> None:
    """One delivery of the Account Activity API: a list per kind of event; kinds not listed here are not needed."""
    account = require_id(document, "for_user_id")
    readers: dict[str, Callable[[Any], InboundEvent | None]] = {
        "direct_message_events": partial(_direct, payload=document, account=account),
        "direct_message_mark_read_events": partial(read_direct_read, account=account),
        "tweet_create_events": partial(read_legacy_post, account=account),
        "tweet_delete_events": partial(_legacy_deleted_post, account=account),
    }
    for name in document:
        if name in readers:
            _read_each(document, name, readers[name], account, delivery)
        elif name.endswith("_events"):
            for _ in list_at(document, name):
                delivery.ignore()


def read_revocation(document: Any) -> InboundEvent:
    """The account's owner took the app's access away."""
    revoke = require_object(document, "user_event", "revoke")
    account = require_id(revoke, "source", "user_id")
    return _revoked(account, digest(revoke))


def read_replay_status(document: Any) -> InboundEvent:
    """A replay of lost events ended."""
    status = require_object(document, "replay_job_status")
    detail = f"{line_at(status, 'job_state')}: {line_at(status, 'job_state_description')}"
    content = {"topic": "replay", "detail": detail}
    key = dedupe_key("replay", require_id(status, "job_id"), line_at(status, "job_state"))
    return InboundEvent(EventKind.NOTICE, key, None, None, content, None, needs_turn=False)


def _read_each(
    source: Any, name: str, reader: Callable[[Any], InboundEvent | None], account: str, delivery: Delivery
) -> None:
    items = value_at(source, name)
    if not isinstance(items, list):
        delivery.reject(source, f"{name} is missing or not a list.", account)
        return
    for item in items:
        delivery.read(item, reader, account)


def _direct(item: Any, payload: Any, account: str) -> InboundEvent | None:
    return read_direct_message(item, value_at(payload, "users"), account)


def _single(payload: Any, kind: str, data: Any, account: str) -> InboundEvent | None:
    if kind in POST_EVENTS:
        return read_post(payload, POST_EVENTS[kind], account)
    if kind == "post.delete":
        return read_deleted_post(require_id(payload, "id"), require_id(payload, "author_id"), account, None)
    if kind == "chat.received":
        return read_encrypted(payload, account)
    if kind == "oauth.revoke":
        return _revoked(account, require_id(data, "event_uuid"))
    return None  # typing, our own posts, blocks, and whatever comes later


def _legacy_deleted_post(item: Any, account: str) -> InboundEvent | None:
    event = require_object(item)
    moment = read_moment(value_at(event, "timestamp_ms"), per_second=1000)
    return read_deleted_post(require_id(event, "status", "id"), require_id(event, "status", "user_id"), account, moment)


def _revoked(account: str, key: str) -> InboundEvent:
    if not account:
        raise MalformedPayload("The event names no account.")
    content = {"topic": "access_revoked", "detail": "The account's owner removed this app; connect X again."}
    return InboundEvent(EventKind.NOTICE, dedupe_key("revoked", key), None, None, content, account, needs_turn=False)
