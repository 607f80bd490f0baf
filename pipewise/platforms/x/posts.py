"""Posts that mention, answer or quote the account, in the v2 and the legacy form (X API docs, "Posts")."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipewise.events import EventKind, Identity, InboundEvent, Sender
from pipewise.platforms.fields import (
    dedupe_key,
    id_at,
    list_at,
    read_iso_moment,
    read_moment,
    require_id,
    require_object,
    require_text,
    text_at,
    value_at,
)
from pipewise.platforms.x.messages import read_person


@dataclass(frozen=True)
class Post:
    """A stranger's post. X allows an app to answer only authors who mentioned or quoted its account: `summoned`."""

    id: str
    text: str
    author: Sender
    moment: datetime
    how: str  # mention | reply | quote
    answers: str  # the post that this one answers or quotes, or ""
    summoned: bool

    def event(self, account: str) -> InboundEvent:
        content: dict[str, Any] = {"type": "text", "text": self.text, "vendor_id": self.id}
        content["referral"] = {"source_type": self.how, "source_id": self.id}
        if self.answers:
            content["reply_to"] = self.answers
        # One post may arrive as a mention and again as a reply.
        key = dedupe_key("post", self.id)
        return InboundEvent(
            EventKind.MESSAGE, key, self.moment, self.author, content, account, needs_turn=self.summoned
        )


def read_post(item: Any, how: str, account: str) -> InboundEvent | None:
    """A v2 post; None for our own."""
    post = require_object(item)
    author = require_id(post, "author_id")
    if author == account:
        return None
    mentioned = [id_at(mention, "id") for mention in list_at(post, "entities", "mentions")]
    referenced = {text_at(other, "type"): id_at(other, "id") for other in list_at(post, "referenced_tweets")}
    return Post(
        id=require_id(post, "id"),
        text=require_text(post, "text"),
        author=Sender((Identity("x", author),)),
        moment=read_iso_moment(value_at(post, "created_at")),
        how=how,
        answers=referenced.get("replied_to") or referenced.get("quoted") or "",
        summoned=account in mentioned or "quoted" in referenced,
    ).event(account)


def read_legacy_post(item: Any, account: str) -> InboundEvent | None:
    """A v1.1 post; None for our own, for reposts, and for posts that do not turn to us."""
    post = require_object(item)
    author = id_at(post, "user", "id_str") or require_id(post, "user", "id")
    mentioned = account in [id_at(mention, "id_str") for mention in list_at(post, "entities", "user_mentions")]
    answers, quotes = id_at(post, "in_reply_to_status_id_str"), id_at(post, "quoted_status_id_str")
    to_us = mentioned or bool(quotes) or id_at(post, "in_reply_to_user_id_str") == account
    if author == account or "retweeted_status" in post or not to_us:
        return None
    return Post(
        id=id_at(post, "id_str") or require_id(post, "id"),
        text=text_at(post, "extended_tweet", "full_text") or require_text(post, "text"),
        author=read_person(author, {author: post["user"]}),
        moment=read_moment(value_at(post, "timestamp_ms"), per_second=1000),
        how="reply" if answers else "quote" if quotes else "mention",
        answers=answers or quotes,
        summoned=mentioned or bool(quotes),
    ).event(account)


def read_deleted_post(post_id: str, author: str, account: str, moment: datetime | None) -> InboundEvent | None:
    """A post was deleted, and our copy has to go; None for our own."""
    if author == account:
        return None
    content = {"type": "revoke", "text": "", "revokes": post_id}
    key, sender = dedupe_key("deleted", post_id), Sender((Identity("x", author),))
    return InboundEvent(EventKind.MESSAGE, key, moment, sender, content, account, needs_turn=False)
