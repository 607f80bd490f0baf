"""What the Cloud API checks in a message: kinds, required parts and every documented length ("Send messages")."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from pipewise.sandbox.whatsapp_errors import absent, not_valid, refusal, too_long

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_INTERACTIVE_BODY = 1024
MAX_LIST_BODY = 4096
MAX_FOOTER = 60
MAX_HEADER = 60
MAX_BUTTONS = 3
MAX_BUTTON_TITLE = 20
MAX_BUTTON_ID = 256
MAX_SECTIONS = 10
MAX_ROWS = 10
MAX_ROW_ID = 200
MAX_ROW_TITLE = 24
MAX_ROW_DESCRIPTION = 72
MAX_CAPTION = 1024
MAX_CALLBACK_DATA = 512
MEDIA_KINDS = ("image", "video", "audio", "document", "sticker")
HEADER_KINDS = ("text", "image", "video", "document")


def part(container: Json, key: str, path: str) -> Json:
    value = container.get(key)
    if value is None:
        raise absent(path)
    if not isinstance(value, dict):
        raise refusal(100, f"Param {path} must be a JSON object.")
    return value


def text(container: Json, key: str, path: str, limit: int) -> str:
    """A required, non-blank string within its limit."""
    value = container.get(key)
    if value is None or value == "":
        raise absent(path)
    if not isinstance(value, str) or not value.strip():
        raise not_valid(f"Param {path} must be a non-empty string.")
    if len(value) > limit:
        raise too_long(path, limit)
    return value


def optional_text(container: Json, key: str, path: str, limit: int) -> None:
    if container.get(key) is not None:
        text(container, key, path, limit)


def items(container: Json, key: str, path: str) -> list[Json]:
    value = container.get(key)
    if not value:
        raise absent(path)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise refusal(100, f"Param {path} must be a list of JSON objects.")
    return value


def web_address(container: Json, key: str, path: str) -> None:
    url = text(container, key, path, 2000)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise not_valid(f"Param {path} is not a valid URL.")


def check_envelope(body: Json) -> None:
    if body.get("messaging_product") != "whatsapp":
        raise refusal(100, "Param messaging_product must be 'whatsapp'.")
    if body.get("recipient_type", "individual") != "individual":
        raise refusal(100, "Param recipient_type must be 'individual'.")
    optional_text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", MAX_CALLBACK_DATA)
    if "context" in body:
        text(part(body, "context", "context"), "message_id", "context['message_id']", 1000)


def check_content(body: Json) -> str:
    """Checks the part named by `type` (text when absent) and returns the kind. Templates are checked by their own module."""
    kind = body.get("type", "text")
    if kind == "template":
        return "template"
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise refusal(100, "Param type is not one of the supported message types.")
    check(part(body, kind, kind) if kind != "contacts" else body)
    return str(kind)


def check_text(content: Json) -> None:
    text(content, "body", "text['body']", MAX_TEXT)
    if not isinstance(content.get("preview_url", False), bool):
        raise not_valid("Param text['preview_url'] must be a boolean.")


def check_reaction(content: Json) -> None:
    text(content, "message_id", "reaction['message_id']", 1000)
    if not isinstance(content.get("emoji"), str):
        raise absent("reaction['emoji']")


def media_check(kind: str) -> Callable[[Json], None]:
    def check(content: Json) -> None:
        if content.get("id") is None and content.get("link") is None:
            raise absent(f"{kind}['id'] or {kind}['link']")
        if content.get("id") is None:
            web_address(content, "link", f"{kind}['link']")
        optional_text(content, "caption", f"{kind}['caption']", MAX_CAPTION)

    return check


def check_location(content: Json) -> None:
    for key, bound in (("latitude", 90), ("longitude", 180)):
        try:
            inside = abs(float(content[key])) <= bound
        except KeyError:
            raise absent(f"location['{key}']") from None
        except (TypeError, ValueError):
            inside = False
        if not inside:
            raise not_valid(f"Param location['{key}'] is not a valid coordinate.")


def check_contacts(body: Json) -> None:
    for contact in items(body, "contacts", "contacts"):
        text(part(contact, "name", "contacts['name']"), "formatted_name", "contacts['name']['formatted_name']", 1000)


def check_interactive(content: Json) -> None:
    kind = content.get("type")
    if kind is None:
        raise absent("interactive['type']")
    check = INTERACTIVE_CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise not_valid("Param interactive['type'] is not a supported type.")
    limit = MAX_LIST_BODY if kind == "list" else MAX_INTERACTIVE_BODY
    text(part(content, "body", "interactive['body']"), "text", "interactive['body']['text']", limit)
    if content.get("footer") is not None:
        text(part(content, "footer", "interactive['footer']"), "text", "interactive['footer']['text']", MAX_FOOTER)
    if content.get("header") is not None:
        check_header(part(content, "header", "interactive['header']"), only_text=kind == "list")
    check(part(content, "action", "interactive['action']"))


def check_header(header: Json, *, only_text: bool) -> None:
    kind = header.get("type")
    if kind not in (("text",) if only_text else HEADER_KINDS):
        raise not_valid("Param interactive['header']['type'] is not supported here.")
    if kind == "text":
        text(header, "text", "interactive['header']['text']", MAX_HEADER)
    else:
        media_check(str(kind))(part(header, str(kind), f"interactive['header']['{kind}']"))


def check_buttons(action: Json) -> None:
    buttons = items(action, "buttons", "interactive['action']['buttons']")
    if len(buttons) > MAX_BUTTONS:
        raise not_valid(f"Invalid buttons count. Min allowed buttons: 1, max allowed buttons: {MAX_BUTTONS}.")
    replies = []
    for button in buttons:
        if button.get("type") != "reply":
            raise not_valid("Button type must be 'reply'.")
        reply = part(button, "reply", "button['reply']")
        title = text(reply, "title", "button['reply']['title']", MAX_BUTTON_TITLE)
        replies.append((text(reply, "id", "button['reply']['id']", MAX_BUTTON_ID), title))
    if len({title for _, title in replies}) < len(replies) or len({key for key, _ in replies}) < len(replies):
        raise not_valid("Button titles and ids must be unique within a message.")


def check_list(action: Json) -> None:
    text(action, "button", "interactive['action']['button']", MAX_BUTTON_TITLE)
    sections = items(action, "sections", "interactive['action']['sections']")
    if len(sections) > MAX_SECTIONS:
        raise not_valid(f"Invalid sections count, max allowed: {MAX_SECTIONS}.")
    rows = [row for section in sections for row in items(section, "rows", "section['rows']")]
    if len(rows) > MAX_ROWS:
        raise not_valid(f"Total row count exceed max allowed count: {MAX_ROWS}.")
    for section in sections:
        if len(sections) > 1:
            text(section, "title", "section['title']", MAX_ROW_TITLE)
        optional_text(section, "title", "section['title']", MAX_ROW_TITLE)
    for row in rows:
        text(row, "id", "row['id']", MAX_ROW_ID)
        text(row, "title", "row['title']", MAX_ROW_TITLE)
        optional_text(row, "description", "row['description']", MAX_ROW_DESCRIPTION)
    if len({row["id"] for row in rows}) < len(rows):
        raise not_valid("Row ids must be unique within a message.")


def check_cta_url(action: Json) -> None:
    if action.get("name") != "cta_url":
        raise not_valid("Param interactive['action']['name'] must be 'cta_url'.")
    parameters = part(action, "parameters", "interactive['action']['parameters']")
    text(parameters, "display_text", "parameters['display_text']", MAX_BUTTON_TITLE)
    web_address(parameters, "url", "parameters['url']")


def check_contact_request(action: Json) -> None:
    if action.get("name") != "request_contact_info":
        raise not_valid("Param interactive['action']['name'] must be 'request_contact_info'.")


INTERACTIVE_CHECKS: dict[str, Callable[[Json], None]] = {
    "button": check_buttons,
    "list": check_list,
    "cta_url": check_cta_url,
    "contact_request": check_contact_request,
}
CHECKS: dict[str, Callable[[Json], None]] = {
    "text": check_text,
    "reaction": check_reaction,
    "interactive": check_interactive,
    "location": check_location,
    "contacts": check_contacts,
    **{kind: media_check(kind) for kind in MEDIA_KINDS},
}
