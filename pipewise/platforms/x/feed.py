"""Messages and mentions by asking, for apps without a webhook (X API docs, "Get DM events", "User mention timeline").

Both are told in the shapes of the X Activity API and go through the same reader, so that their dedupe keys are the same. X
charges for what is read, so nothing is asked for twice: ids rise, and those up to the cursor's are left out.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pipewise.errors import MalformedPayload
from pipewise.events import ParsedDelivery
from pipewise.platforms.base import Polled
from pipewise.platforms.delivery import Delivery
from pipewise.platforms.fields import id_at, list_at, object_at, read_iso_moment, text_at, value_at
from pipewise.platforms.http import VendorHTTP
from pipewise.platforms.x.envelopes import read_activity
from pipewise.platforms.x.errors import read_error
from pipewise.platforms.x.models import XCredentials

POLL_EVERY = timedelta(minutes=2)  # direct messages may be read 15 times in 15 minutes
PAGE = 100
MOST_PAGES = 8  # the mention timeline reaches no further than its newest 800
POST_FIELDS = "author_id,conversation_id,created_at,entities,in_reply_to_user_id,referenced_tweets"
MESSAGE_FIELDS = "id,event_type,text,sender_id,dm_conversation_id,created_at,attachments"


class XFeed:
    """Feed for one account. Cursor: {"messages": newest id, "posts": newest id}; "" where none has come yet."""

    def __init__(self, credentials: XCredentials, http: VendorHTTP) -> None:
        self._credentials = credentials
        self._http = http

    async def poll(self, cursor: Mapping[str, Any] | None, since: datetime) -> Polled:
        account, delivery = self._credentials.account_id, Delivery()
        messages = await self._messages(text_at(cursor, "messages"))
        posts = await self._posts(text_at(cursor, "posts"))
        for message in _fresh(messages, since, cursor):
            try:
                event = _as_message(message, account)
            except MalformedPayload as error:
                delivery.reject(message, error.message, account)
            else:
                read_activity(event, delivery)
        for post in _fresh(posts, since, cursor):
            event = {"filter": {"user_id": account}, "event_type": "post.mention.create", "payload": post}
            read_activity(event, delivery)
        newest = {
            "messages": _newest(messages, text_at(cursor, "messages")),
            "posts": _newest(posts, text_at(cursor, "posts")),
        }
        return Polled(_in_order(delivery), newest)

    async def _messages(self, after: str) -> list[Any]:
        """Newest first, so that the pages end where the cursor is."""
        params: dict[str, str | int] = {
            "event_types": "MessageCreate",
            "dm_event.fields": MESSAGE_FIELDS,
            "expansions": "sender_id",
            "user.fields": "name,username",
            "max_results": PAGE,
        }
        return await self._pages("/2/dm_events", params, after)

    async def _posts(self, after: str) -> list[Any]:
        path = f"/2/users/{self._credentials.account_id}/mentions"
        params: dict[str, str | int] = {"tweet.fields": POST_FIELDS, "max_results": PAGE}
        return await self._pages(path, {**params, **({"since_id": after} if after else {})}, after)

    async def _pages(self, path: str, params: Mapping[str, str | int], after: str) -> list[Any]:
        found: list[Any] = []
        token = ""
        for _ in range(MOST_PAGES if after else 1):
            answer = await self._read(path, {**params, **({"pagination_token": token} if token else {})})
            people = {id_at(one, "id"): one for one in list_at(answer, "includes", "users")}
            page = [
                {**one, "sender": people.get(id_at(one, "sender_id"))} for one in list_at(answer, "data") if _id(one)
            ]
            new = [one for one in page if _id(one) > _number(after)]
            found += new
            token = text_at(answer, "meta", "next_token")
            if not token or len(new) < len(page):
                break
        return found

    async def _read(self, path: str, params: Mapping[str, str | int]) -> Any:
        return await self._http.call(
            "GET",
            path,
            token=self._credentials.access_token.get_secret_value(),
            read_error=lambda status, document, headers: read_error(status, document, headers, self._http.clock.now()),
            safe=True,
            params=params,
        )


def _as_message(message: Mapping[str, Any], account: str) -> Mapping[str, Any]:
    """As `dm.received` tells it. The list names the two people of a conversation only in its id."""
    sender = id_at(message, "sender_id")
    others = [one for one in id_at(message, "dm_conversation_id").split("-") if one != sender]
    moment = read_iso_moment(value_at(message, "created_at"))
    media = [{"media": {"id": key}} for key in list_at(message, "attachments", "media_keys") if isinstance(key, str)]
    event = {
        "type": "message_create",
        "id": id_at(message, "id"),
        "created_timestamp": str(int(moment.timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": others[0] if len(others) == 1 else account},
            "sender_id": sender,
            "message_data": {
                "text": text_at(message, "text"),
                **({"attachment": {"type": "media", **media[0]}} if media else {}),
            },
        },
    }
    users = {sender: {"data": dict(object_at(message, "sender"))}} if message.get("sender") else {}
    kind = "dm.sent" if sender == account else "dm.received"
    payload = {"direct_message_events": [event], "users": users}
    return {"filter": {"user_id": account}, "event_type": kind, "payload": payload}


def _fresh(items: list[Any], since: datetime, cursor: Mapping[str, Any] | None) -> list[Any]:
    """The first look leaves out what was written before the account was connected."""
    if cursor is not None:
        return items
    return [one for one in items if _is_since(one, since)]


def _is_since(item: Any, since: datetime) -> bool:
    try:
        return read_iso_moment(value_at(item, "created_at")) >= since
    except MalformedPayload:
        return True  # it is told as unreadable


def _newest(items: list[Any], before: str) -> str:
    return str(max([_number(before), *map(_id, items)])) if items else before


def _id(item: Any) -> int:
    return _number(id_at(item, "id"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _in_order(delivery: Delivery) -> ParsedDelivery:
    """As it was written: lists come newest first."""
    parsed = delivery.result()
    events = sorted(parsed.events, key=lambda event: (event.occurred_at is None, event.occurred_at))
    return ParsedDelivery(tuple(events), parsed.rejected, parsed.ignored)
