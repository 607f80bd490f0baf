"""OutboundMessage → request body of Instagram's Send API, within its limits (Instagram Platform docs, "Messaging API")."""

from typing import Any

from pipewise.events import Choice, OutboundMessage
from pipewise.platforms.texts import make_sound, one_line, shorten, utf8_bytes
from pipewise.public_items import item_id

TEXT_LIMIT = 1000  # bytes of UTF-8: an emoji takes four of them
MAX_REPLIES, REPLY_TITLE, REPLY_PAYLOAD = 13, 20, 1000


def render(to: str, message: OutboundMessage) -> dict[str, Any]:
    """The request body for one message. `to` is a person's scoped id, or the address of a comment, which is answered
    privately and in plain text."""
    comment = item_id(to)
    content: dict[str, Any] = {"text": complete_text(message)}
    if comment:
        return {"recipient": {"comment_id": comment}, "message": content}
    if message.choices:
        content |= _quick_replies(message.choices)
    body: dict[str, Any] = {"recipient": {"id": to}, "message": content}
    if message.human_agent:
        return body | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return body | {"messaging_type": "RESPONSE"}


def complete_text(message: OutboundMessage) -> str:
    """The text with the link's address; the address is never what gets cut."""
    text, link = make_sound(message.text), message.link
    if link is None or link.url in text:
        return shorten(text, TEXT_LIMIT, utf8_bytes)
    ending = f"\n\n{make_sound(link.url)}"
    return (shorten(text, TEXT_LIMIT - utf8_bytes(ending), utf8_bytes) + ending).strip()


def _quick_replies(choices: tuple[Choice, ...]) -> dict[str, Any]:
    """Buttons under the text, where every title fits; the text names all choices, so it is complete without them."""
    offered = choices[:MAX_REPLIES]
    titles = [one_line(choice.title) for choice in offered]
    ids = {choice.id for choice in offered}
    distinct = len(set(titles)) == len(titles) and len(ids) == len(offered)
    if not distinct or not all(0 < len(title) <= REPLY_TITLE for title in titles):
        return {}
    if not all(0 < utf8_bytes(choice.id) <= REPLY_PAYLOAD for choice in offered):
        return {}
    replies = [
        {"content_type": "text", "title": title, "payload": choice.id}
        for choice, title in zip(offered, titles, strict=True)
    ]
    return {"quick_replies": replies}
