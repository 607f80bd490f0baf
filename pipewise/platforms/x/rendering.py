"""OutboundMessage → request body of X: a direct message in full, or a short post that mentions and tags nobody."""

import re
from typing import Any

from pipewise.events import OutboundMessage
from pipewise.platforms.texts import make_sound, shorten
from pipewise.platforms.x.weights import POST_LIMIT, weighted_length

DIRECT_LIMIT = 10_000
# An app may mention nobody who did not turn to it, and hashtags or cashtags make an answer look like advertising.
_TAGS = re.compile(r"(?<!\w)[@#$\uff20\uff03](?=[^\W\d])")


def render_direct(message: OutboundMessage) -> dict[str, Any]:
    return {"text": direct_text(message)}


def render_post(post_id: str, message: OutboundMessage) -> dict[str, Any]:
    return {"text": post_text(message), "reply": {"in_reply_to_tweet_id": post_id}}


def direct_text(message: OutboundMessage) -> str:
    """The text, which names every choice, with the link's address; the address is never what gets cut."""
    text, link = make_sound(message.text), message.link
    if link is None or link.url in text:
        return shorten(text, DIRECT_LIMIT)
    ending = f"\n\n{make_sound(link.url)}"
    return (shorten(text, DIRECT_LIMIT - len(ending)) + ending).strip()


def post_text(message: OutboundMessage) -> str:
    """No link is added: an answer with one costs more and reads as spam."""
    return shorten(_TAGS.sub("", make_sound(message.text)), POST_LIMIT, weighted_length)
