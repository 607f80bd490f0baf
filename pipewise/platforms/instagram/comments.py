"""Comments and mentions (Instagram Platform docs, "Webhooks: examples")."""

from datetime import datetime
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import EventKind, Identity, InboundEvent, Sender
from pipewise.platforms.fields import dedupe_key, id_at, line_at, require_id, require_object, text_at, value_at


def read_comment(item: Any, field: str, account: str, moment: datetime | None) -> InboundEvent | None:
    """A comment under a post, ad or live video; None for one of our own. One that answers another comment belongs to a talk
    between others, and nobody is owed an answer.

    The commenter's id need not equal the id that the same person has in direct messages."""
    comment = require_object(item)
    author = require_id(comment, "from", "id")
    if author == account or value_at(comment, "from", "self_ig_scoped_id") is not None:
        return None
    comment_id = id_at(comment, "id") or require_id(comment, "comment_id")
    text = text_at(comment, "text")
    if not text:
        raise MalformedPayload("The comment has no text.")
    media, title = id_at(comment, "media", "id"), line_at(comment, "media", "ad_title")
    referral = {"source_type": field, "source_id": comment_id, "media_id": media, "headline": title}
    content: dict[str, Any] = {"type": "text", "text": text}
    content["referral"] = {key: value for key, value in referral.items() if value}
    parent = id_at(comment, "parent_id")
    if parent:
        content["reply_to"] = parent
    sender = Sender((Identity("instagram", author),), name=line_at(comment, "from", "username") or None)
    key = dedupe_key("comment", comment_id)
    return InboundEvent(EventKind.MESSAGE, key, moment, sender, content, account, needs_turn=not parent)


def read_mention(item: Any, account: str, moment: datetime | None) -> InboundEvent:
    """Somebody mentioned the account elsewhere. Who and in which words only a request to the vendor would tell."""
    mention = require_object(item)
    media, comment = require_id(mention, "media_id"), id_at(mention, "comment_id")
    detail = f"The account was mentioned in comment {comment} on {media}." if comment else f"In the caption of {media}."
    key = dedupe_key("mention", media, comment)
    content = {"topic": "mention", "detail": detail}
    return InboundEvent(EventKind.NOTICE, key, moment, None, content, account, needs_turn=False)
