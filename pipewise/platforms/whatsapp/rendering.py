"""OutboundMessage → Cloud API request body, within WhatsApp's limits (Cloud API docs, "Send messages")."""

import re
from dataclasses import replace
from typing import Any

from pipewise.events import Choice, OutboundMessage, Template
from pipewise.platforms import texts
from pipewise.platforms.texts import make_sound, one_line, utf16_units

TEXT_LIMIT = 4096
SHORT_BODY_LIMIT = 1024  # of button and link messages; a list's body may be as long as a text
MAX_BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
MAX_ROWS, ROW_TITLE, ROW_DESCRIPTION, ROW_ID = 10, 24, 72, 200
LIST_LABEL, LINK_LABEL, URL_LIMIT = 20, 20, 2000
CALLBACK_LIMIT = 512
FALLBACK_LABEL = "☰"  # opens the list where the caller named no label, in any language
_WEB_ADDRESS = re.compile(r"https?://[^\s]+\Z")


def render(to: str, message: OutboundMessage, callback: str) -> dict[str, Any]:
    """The request body for one message. `to` is a phone number's digits, with or without plus, or a business-scoped user id."""
    message = replace(message, text=make_sound(message.text))
    body: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", **_address(to)}
    if message.reply_to:
        body["context"] = {"message_id": message.reply_to}
    body |= _content(message)
    if callback:
        body["biz_opaque_callback_data"] = callback[:CALLBACK_LIMIT]
    return body


def shorten(text: str, limit: int) -> str:
    """Within `limit` UTF-16 units, the stricter of the two ways in which a vendor may count."""
    return texts.shorten(text, limit, utf16_units)


def _address(to: str) -> dict[str, str]:
    digits = to.removeprefix("+")
    # Without the plus sign WhatsApp may put the business number's own country code in front.
    return {"to": f"+{digits}"} if digits.isascii() and digits.isdigit() else {"recipient": to}


def _content(message: OutboundMessage) -> dict[str, Any]:
    if message.template:
        return {"type": "template", "template": _template(message.template)}
    interactive = _buttons(message) or _list(message) or _link(message)
    if interactive:
        return {"type": "interactive", "interactive": interactive}
    return {"type": "text", "text": {"preview_url": False, "body": _complete_text(message, TEXT_LIMIT)}}


def _template(template: Template) -> dict[str, Any]:
    rendered: dict[str, Any] = {"name": template.name, "language": {"code": template.language}}
    if template.parameters:
        # A parameter may hold no line break, tab or run of spaces.
        parameters = [{"type": "text", "text": one_line(value)} for value in template.parameters]
        rendered["components"] = [{"type": "body", "parameters": parameters}]
    return rendered


def _buttons(message: OutboundMessage) -> dict[str, Any] | None:
    """Reply buttons, where the choices are few and short and the whole text fits; otherwise a list is the better fit."""
    titles = [one_line(choice.title) for choice in message.choices]
    fits = 0 < len(titles) <= MAX_BUTTONS and len(set(titles)) == len(titles)
    if (
        not fits
        or any(utf16_units(title) > BUTTON_TITLE for title in titles)
        or not _usable(message.choices, BUTTON_ID)
    ):
        return None
    text = _complete_text(message, TEXT_LIMIT)
    if utf16_units(text) > SHORT_BODY_LIMIT:
        return None
    buttons = [
        {"type": "reply", "reply": {"id": choice.id, "title": title}}
        for choice, title in zip(message.choices, titles, strict=True)
    ]
    return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}


def _list(message: OutboundMessage) -> dict[str, Any] | None:
    """A list of the first ten choices; the text, which names all of them, stays whole."""
    rows = message.choices[:MAX_ROWS]
    if not rows or not _usable(rows, ROW_ID):
        return None
    label = shorten(one_line(message.choices_label), LIST_LABEL) or FALLBACK_LABEL
    return {
        "type": "list",
        "body": {"text": _complete_text(message, TEXT_LIMIT)},
        "action": {"button": label, "sections": [{"rows": [_row(choice) for choice in rows]}]},
    }


def _row(choice: Choice) -> dict[str, str]:
    full_title = one_line(choice.title)
    row = {"id": choice.id, "title": shorten(full_title, ROW_TITLE)}
    description = one_line(choice.description) or (full_title if row["title"] != full_title else "")
    if description:
        row["description"] = shorten(description, ROW_DESCRIPTION)
    return row


def _link(message: OutboundMessage) -> dict[str, Any] | None:
    link = message.link
    if link is None or not message.text.strip() or utf16_units(message.text) > SHORT_BODY_LIMIT:
        return None
    label = shorten(one_line(link.label), LINK_LABEL)
    if not label or len(link.url) > URL_LIMIT or not _WEB_ADDRESS.match(link.url):
        return None
    parameters = {"display_text": label, "url": link.url}
    return {"type": "cta_url", "body": {"text": message.text}, "action": {"name": "cta_url", "parameters": parameters}}


def _complete_text(message: OutboundMessage, limit: int) -> str:
    """The text with the link's address, which no button carries here; the address is never what gets cut."""
    link = message.link
    if link is None or link.url in message.text:
        return shorten(message.text, limit)
    ending = f"\n\n{link.url}"
    return (shorten(message.text, limit - utf16_units(ending)) + ending).strip()


def _usable(choices: tuple[Choice, ...], id_limit: int) -> bool:
    """Ids come back as the answer, so they can be neither shortened nor shared."""
    ids = {choice.id for choice in choices}
    return len(ids) == len(choices) and all(0 < len(c.id) <= id_limit and c.title.strip() for c in choices)
